"""`accept`: from what was pasted to the number or to a no, in every sentence that a person can be told."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pairing.code import InvitationCode
from pairing.connection import ConnectionState
from pairing.invitation import InvitationState
from pairing.terms import Reach
from sandbox.companies import Company, free_address
from sandbox.story import modal_called
from tests.journeys.acts import (
    accept,
    add_desk,
    add_desks,
    answered,
    card,
    connect,
    count_told,
    enter_number,
    invite,
    look,
    look_in_vain,
    told,
)
from tests.journeys.stage import PRIVATE_FIRST, Stage

Mangle = Callable[[str], str]
PUBLIC = pytest.mark.parametrize("stage", [Reach.PUBLIC], indirect=True)


async def test_the_dialog_shows_who_asks_and_spends_nothing(stage: Stage) -> None:
    """P7: the host of the code, the stated names, reach, mode and description; nothing is sent but a question."""
    await add_desks(stage)
    code = await invite(stage)
    offer = await look(stage.bob, code)
    assert stage.acme.url is not None
    assert offer.blocks[0]["text"]["text"] == stage.acme.url.removeprefix("http://")
    for words in (
        "Unencrypted test connection",
        "Organisation (as stated): Acme",
        "acme (them), globex (you)",
        "Private: only the side without a URL calls",
        "Basic: common fields are mapped for you",
        "Description (as stated): Incidents that both of us work on",
        "Did you expect this?",
    ):
        assert words in offer.text
    assert (await stage.invitation(stage.acme)).state is InvitationState.OPEN
    assert await stage.connections(stage.globex) == ()


MANGLED: dict[str, Mangle] = {
    "in a sentence": lambda code: f"Please use {code} today, thanks",
    "in capitals": lambda code: code.upper(),
    "in code quotes": lambda code: f"`{code}`",
    "in a code block": lambda code: f"```{code}```",
    "in curly quotes": lambda code: f"“{code}”",
    "cut into two lines": lambda code: f"{code[:60]}\n{code[60:]}",
    "with spaces in it": lambda code: " ".join(code[at : at + 10] for at in range(0, len(code), 10)),
    "with full-width letters": lambda code: code.replace("brg", "ｂｒｇ"),
    "with invisible characters": lambda code: "\u200b".join((code[:30], code[30:])),
    "bold": lambda code: f"*{code}*",
}


async def test_a_code_survives_what_chat_does_to_it(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    for name, mangle in MANGLED.items():
        offer = await look(stage.bob, mangle(code))
        assert "Organisation (as stated): Acme" in offer.text, name
        await stage.bob.close_modal(everything=True)


async def test_the_button_in_home_takes_a_pasted_message(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage, channel=stage.channel)
    await stage.bob.open_home(stage.globex.app)
    await stage.bob.until(lambda: stage.bob.home(stage.globex.app))
    await stage.bob.click("I have a code", where="home")
    await modal_called(stage.bob, "Use a code")
    await stage.bob.type("Invitation code", stage.bob.messages(stage.channel)[0].text)
    assert await stage.bob.submit() == {}
    await modal_called(stage.bob, "Accept invitation")
    assert code


DAMAGED: tuple[tuple[Mangle, str], ...] = (
    (lambda code: "hello", "There is no invitation code in what you pasted."),
    (lambda code: code[:-9], "The last part of this invitation code is missing."),
    (lambda code: code[:40] + ("2" if code[40] != "2" else "3") + code[41:], "was changed on the way"),
    (lambda code: "brg_4" + code[5:], "This code was made by a newer Drawbridge."),
    (lambda code: "x" * 3000, "There is no invitation code in what you pasted."),
)


async def test_what_is_no_whole_code_says_what_to_do(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    for damage, sentence in DAMAGED:
        place = await look_in_vain(stage.bob, damage(code))
        assert sentence in place.text
        assert code[4:30] not in place.text
        await stage.bob.close_modal(everything=True)


@pytest.mark.slow
async def test_a_code_that_names_no_address_we_may_call(stage: Stage) -> None:
    await add_desk(stage.globex)
    code = InvitationCode(Reach.PRIVATE, b"t" * 16, b"c" * 32, "https://bridge.acme.example")
    inside = replace(code, address="http://10.0.0.1")
    place = await look_in_vain(stage.bob, inside.text)
    assert "This invitation code names no address that Drawbridge can call." in place.text


async def test_nobody_at_the_codes_address_spends_nothing(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    await stage.node(stage.acme).stop()
    place = await look_in_vain(stage.bob, code)
    assert "Nothing that we can trust answers at 127.0.0.1" in place.text
    assert "Nothing was spent" in place.text
    await stage.node(stage.acme).start()
    await look(stage.bob, code)


async def test_a_code_unknown_at_its_own_node(stage: Stage) -> None:
    await add_desks(stage)
    assert stage.acme.url is not None
    stranger = InvitationCode(Reach.PRIVATE, b"t" * 16, b"c" * 32, stage.acme.url)
    place = await look_in_vain(stage.bob, stranger.text)
    assert "This code is not known at your partner's node. Ask your partner for a new code." in place.text


async def test_without_a_desk_the_first_step_is_a_desk(stage: Stage) -> None:
    await add_desk(stage.acme)
    code = await invite(stage)
    await stage.bob.command(f"/connect accept {code}")
    first = await modal_called(stage.bob, "First a desk")
    assert "Add one with `setup`, then accept the code." in first.text
    await stage.bob.close_modal()
    await add_desk(stage.globex)
    await look(stage.bob, code)


async def test_a_private_node_cannot_use_a_code_for_nodes_with_a_url(stage: Stage) -> None:
    await add_desks(stage)
    assert stage.acme.url is not None
    public = InvitationCode(Reach.PUBLIC, b"t" * 16, b"c" * 32, stage.acme.url)
    place = await look_in_vain(stage.bob, public.text)
    assert "This code is for a node that has a URL, and this one has none." in place.text
    assert "Ask your partner to choose “I don't have a URL for my partner”" in place.text


@pytest.mark.slow
async def test_a_local_code_of_another_node_is_refused(stage: Stage) -> None:
    await add_desks(stage)
    elsewhere = InvitationCode(Reach.LOCAL, b"t" * 16, b"c" * 32, "local:" + "a" * 26)
    place = await look_in_vain(stage.bob, elsewhere.text)
    assert "This code connects two desks on one node, and it was made on another one." in place.text


async def test_names_are_checked_at_their_fields_before_anything_is_spent(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    await look(stage.bob, code)
    await stage.bob.type("Your short name", "Globex Inc.")
    await stage.bob.type("Connection name", "No Spaces Please")
    errors = await stage.bob.submit()
    assert set(errors) == {"Your short name", "Connection name"}
    await stage.bob.fill({"Your short name": "globex", "Their short name": "globex", "Connection name": "to_acme"})
    assert await stage.bob.submit() == {"Their short name": "The two sides need different short names."}
    assert (await stage.invitation(stage.acme)).state is InvitationState.OPEN
    await stage.bob.fill({"Their short name": "acme"})
    assert await stage.bob.submit() == {}
    await modal_called(stage.bob, "Tell them the number")
    assert (await stage.connection(stage.globex)).name == "to_acme"


async def test_a_used_code_says_what_to_do_and_alerts_the_inviter(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    await accept(stage, code)
    place = await look_in_vain(stage.bob, code)
    assert "This code was used already. If that was not you, tell your partner to press *Reject*" in place.text


async def test_a_cancelled_code_says_so(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    await answered(stage.alice, "/connect cancel acme_to_globex")
    place = await look_in_vain(stage.bob, code)
    assert "Your partner withdrew this code. Ask for a new one if you still want to connect." in place.text


async def test_an_expired_code_says_so_and_its_maker_is_told(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage, channel=stage.channel)
    stage.clock.advance(hours=23)
    await look(stage.bob, code)
    await stage.bob.close_modal(everything=True)
    stage.clock.advance(hours=2)
    place = await look_in_vain(stage.bob, code)
    assert "This code has expired. Ask your partner for a new one." in place.text
    expired = await told(stage.alice, stage.acme, "has expired")
    assert "nobody used the code in time. Nothing was shared" in expired.text
    await stage.alice.until(lambda: "The code is worth nothing now." in stage.alice.messages(stage.channel)[0].text)


async def test_a_declined_code_is_worth_nothing_and_the_inviter_reads_the_reason(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage, channel=stage.channel)
    await look(stage.bob, code)
    await stage.bob.click("Decline")
    await modal_called(stage.bob, "Decline invitation")
    await stage.bob.type("Reason", "We use another supplier, canary reason")
    assert await stage.bob.submit() == {}
    declined = await modal_called(stage.bob, "Declined")
    assert "Acme (as stated) was told." in declined.text
    note = await told(stage.alice, stage.acme, "was declined")
    assert "Their reason: We use another supplier, canary reason" in note.text
    await stage.alice.until(lambda: "declined" in stage.alice.messages(stage.channel)[0].text)
    assert (await stage.connection(stage.acme)).state is ConnectionState.CLOSED
    await stage.bob.close_modal(everything=True)
    place = await look_in_vain(stage.bob, code)
    assert "This code was declined. Ask for a new one if you still want to connect." in place.text


@pytest.mark.slow
async def test_back_from_declining_leads_to_the_offer_again(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    await look(stage.bob, code)
    await stage.bob.click("Decline")
    await modal_called(stage.bob, "Decline invitation")
    await stage.bob.close_modal()
    await modal_called(stage.bob, "Accept invitation")
    assert await stage.bob.submit() == {}
    await modal_called(stage.bob, "Tell them the number")


@pytest.mark.slow
async def test_the_fifth_acceptance_within_an_hour_is_the_last(stage: Stage) -> None:
    await add_desks(stage)
    for _ in range(5):
        code = await invite(stage)
        await accept(stage, code)
        (waiting,) = [c for c in await stage.connections(stage.globex) if c.state is ConnectionState.PENDING]
        await answered(stage.alice, "/connect cancel acme_to_globex")
        await told(stage.bob, stage.globex, f"confirm `{waiting.name}`")
    code = await invite(stage)
    await look(stage.bob, code)
    errors = await stage.bob.submit()
    assert "You accepted 5 codes within an hour. Try again in an hour." in str(errors)


@pytest.mark.slow
async def test_the_eleventh_look_within_an_hour_has_to_wait(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    for _ in range(10):
        await look(stage.bob, code)
        await stage.bob.close_modal(everything=True)
    place = await look_in_vain(stage.bob, code)
    assert "You looked at 10 codes within an hour. Try again in an hour." in place.text


@pytest.mark.slow
async def test_a_dialog_older_than_an_hour_has_to_be_opened_again(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    await look(stage.bob, code)
    stage.clock.advance(minutes=61)
    errors = await stage.bob.submit()
    assert "This dialog is older than an hour or was used already. Use the code again." in str(errors)


@PUBLIC
async def test_another_address_than_the_typed_one_is_refused_and_the_code_stays_good(stage: Stage) -> None:
    """P3."""
    await add_desks(stage)
    code = await invite(stage, channel=stage.channel)
    mallory = await eavesdropper(stage, url=free_address())
    await look(mallory.admin, code)
    errors = await mallory.admin.submit()
    assert "Your partner typed another address for your node than the one it has." in str(errors)
    assert "this one was not used up" in str(errors)
    assert await stage.connections(mallory) == ()
    assert (await stage.invitation(stage.acme)).state is InvitationState.OPEN
    number = await accept(stage, code)
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")


async def test_an_eavesdropper_who_is_first_gains_nothing_and_is_noticed(stage: Stage) -> None:
    """P1."""
    await add_desks(stage)
    code = await invite(stage, channel=stage.channel)
    mallory = await eavesdropper(stage, url=None)
    await accept(stage, code, mallory)
    prompt = await card(stage)
    assert "Organisation (as stated): Initech" in prompt.text
    place = await look_in_vain(stage.bob, code)
    assert "This code was used already. If that was not you" in place.text
    alert = await told(stage.alice, stage.acme, "to use the code of")
    assert "reject that claim" in alert.text
    await stage.alice.click("Reject", where=await card(stage))
    await told(mallory.admin, mallory, "did not confirm")
    assert (await stage.connection(mallory)).state is ConnectionState.CLOSED
    assert (await stage.connection(mallory)).have == 0
    again = await invite(stage)
    number = await accept(stage, again)
    await stage.alice.until(lambda: count_told(stage.alice, stage.acme, "Your code was used"))
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")


@pytest.mark.slow
async def test_whoever_tries_a_used_code_all_day_does_not_flood_its_maker(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    await accept(stage, code)
    for _ in range(6):
        await look_in_vain(stage.bob, code)
        await stage.bob.close_modal(everything=True)
    await told(stage.alice, stage.acme, "to use the code of")
    stage.clock.advance(minutes=61)
    await look_in_vain(stage.bob, code)
    await stage.alice.until(lambda: count_told(stage.alice, stage.acme, "to use the code of") == 2)


async def test_an_accepted_dialog_of_a_code_that_someone_else_used_meanwhile(stage: Stage) -> None:
    await add_desks(stage)
    code = await invite(stage)
    mallory = await eavesdropper(stage, url=None)
    await look(stage.bob, code)
    await accept(stage, code, mallory)
    errors = await stage.bob.submit()
    assert "This code was used already. If that was not you" in str(errors)
    assert await stage.connections(stage.globex) == ()
    await told(stage.alice, stage.acme, "to use the code of")


@PRIVATE_FIRST
async def test_activating_at_once_needs_no_number(stage: Stage) -> None:
    await connect(stage, auto=True)
    for company in (stage.acme, stage.globex):
        assert (await stage.connection(company)).state is ConnectionState.ACTIVE
    assert count_told(stage.alice, stage.acme, "Your code was used") == 0
    assert count_told(stage.bob, stage.globex, "this number") == 0


async def eavesdropper(stage: Stage, *, url: str | None) -> Company:
    """Initech, whose admin reads the shared channel as well."""
    initech = await stage.add_company("Initech", ("Mallory", "Milton"), url=url)
    await add_desk(initech)
    return initech
