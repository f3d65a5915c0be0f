"""The inviter's decision: the number, its three tries, rejecting, cancelling, waiting too long."""

from functools import partial

import pytest
from aiohttp import web

from pairing.connection import ConnectionState
from pairing.invitation import InvitationState
from pairing.terms import Reach
from sandbox.story import modal_called
from storage.store import Transaction
from tests.journeys.acts import (
    accept,
    add_desks,
    answered,
    card,
    connect,
    count_told,
    enter_number,
    invite,
    look,
    told,
)
from tests.journeys.stage import PRIVATE_FIRST, Stage


def other_than(number: str) -> str:
    return f"{(int(number.replace(' ', '')) + 1) % 10**6:06d}"


async def test_spaces_and_dashes_in_the_number_do_not_matter(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage))
    assert await enter_number(stage, f"  {number.replace(' ', ' – ')} ") == {}
    await told(stage.bob, stage.globex, "you are connected with")


async def test_a_wrong_number_says_how_many_tries_are_left_and_the_right_one_still_counts(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage))
    errors = await enter_number(stage, other_than(number))
    assert errors == {
        "Number": (
            "That is not the number your partner's Slack shows. Ask them to read it out again; you have 2 more tries."
        )
    }
    await stage.alice.type("Number", "no idea")
    assert "you have one more try" in (await stage.alice.submit())["Number"]
    await stage.alice.type("Number", number)
    assert await stage.alice.submit() == {}
    await told(stage.bob, stage.globex, "you are connected with")


@PRIVATE_FIRST
async def test_the_third_wrong_number_ends_it_on_both_sides_and_the_number_is_nowhere(stage: Stage) -> None:
    """P2."""
    await add_desks(stage)
    number = await accept(stage, await invite(stage, channel=stage.channel))
    for _ in range(3):
        if stage.alice.modal is not None:
            await stage.alice.close_modal()
        await enter_number(stage, other_than(number))
    over = await modal_called(stage.alice, "That did not work")
    assert "That was the third wrong number: the invitation is closed and nothing was shared." in over.text
    await told(stage.bob, stage.globex, "did not confirm")
    assert (await stage.invitation(stage.acme)).state is InvitationState.REJECTED
    for company in (stage.acme, stage.globex):
        assert (await stage.connection(company)).state is ConnectionState.CLOSED
    await stage.alice.until(lambda: "rejected" in stage.alice.messages(stage.channel)[0].text)
    await stage.alice.until(lambda: count_told(stage.alice, stage.acme, "after three wrong numbers") == 1)
    assert number not in stage.alice.screen() and number.replace(" ", "") not in stage.alice.screen()
    assert not [entry for entry in await stage.audit(stage.acme) if number.replace(" ", "") in str(entry)]


@PRIVATE_FIRST
async def test_rejecting_turns_the_partner_away_at_once(stage: Stage) -> None:
    await add_desks(stage)
    await accept(stage, await invite(stage, channel=stage.channel))
    await stage.alice.click("Reject", where=await card(stage))
    note = await stage.alice.until(
        lambda: [one for one in stage.alice.ephemerals() if "Rejected the claim" in one.text]
    )
    assert "Nothing was shared, and whoever used the code is told." in note[0].text
    rejected = await told(stage.bob, stage.globex, "did not confirm")
    assert "Ask them for a new code, then type `/connect accept`." in rejected.text
    await stage.alice.until(lambda: count_told(stage.alice, stage.acme, "the claim was rejected") == 1)
    assert count_told(stage.alice, stage.acme, "Your code was used") == 0  # no button is left behind
    for company in (stage.acme, stage.globex):
        assert (await stage.connection(company)).state is ConnectionState.CLOSED


@pytest.mark.slow
async def test_saying_no_to_the_question_rejects_nobody(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage))
    await stage.alice.click("Reject", where=await card(stage), confirm=False)
    assert await enter_number(stage, number) == {}


@pytest.mark.slow
async def test_a_card_that_was_decided_elsewhere_says_so(stage: Stage) -> None:
    await add_desks(stage)
    await accept(stage, await invite(stage))
    prompt = await card(stage)
    await stage.alice.click("Enter number", where=prompt)
    await modal_called(stage.alice, "Enter the number")
    await answered(stage.alice, "/connect cancel acme_to_globex")
    await stage.alice.type("Number", "123456")
    errors = await stage.alice.submit()
    assert "This invitation is cancelled already." in str(errors)


@PRIVATE_FIRST
async def test_cancelling_before_and_after_the_code_was_used(stage: Stage) -> None:
    await add_desks(stage)
    await invite(stage)
    first = await answered(stage.alice, "/connect cancel")
    assert "Cancelled `acme_to_globex`. Its code is worth nothing any more." in first.text
    await accept(stage, await invite(stage))
    await answered(stage.alice, "/connect cancel acme_to_globex")
    await told(stage.bob, stage.globex, "did not confirm")
    nothing = await answered(stage.alice, "/connect cancel")
    assert "No invitation is waiting, so there is nothing to cancel." in nothing.text
    unknown = await answered(stage.alice, "/connect cancel something")
    assert "No invitation is waiting." in unknown.text


@PRIVATE_FIRST
async def test_a_claim_that_nobody_decides_runs_out_after_a_day(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage, expiry="7 days"))
    stage.clock.advance(hours=23)
    assert (await stage.invitation(stage.acme)).state is InvitationState.CLAIMED
    stage.clock.advance(hours=2)
    expired = await told(stage.alice, stage.acme, "has expired")
    assert "nobody entered the number in time" in expired.text
    await told(stage.bob, stage.globex, "did not confirm")
    assert number


@PRIVATE_FIRST
async def test_a_partner_who_withdraws_while_pending_is_heard_at_once(stage: Stage) -> None:
    await add_desks(stage)
    await accept(stage, await invite(stage, channel=stage.channel))
    await card(stage)
    name = (await stage.connection(stage.globex)).name
    await stage.bob.command(f"/connect close {name}")
    question = await modal_called(stage.bob, "Withdraw")
    assert "Nothing was shared yet. To connect later you need a new code." in question.text
    assert await stage.bob.submit() == {}
    note = await told(stage.alice, stage.acme, "Whoever used the code")
    assert "Whoever used the code of acme_to_globex withdrew." in note.text.replace("`", "")
    await stage.until_state(stage.acme, ConnectionState.CLOSED)
    assert (await stage.invitation(stage.acme)).state is InvitationState.DECLINED
    await stage.alice.until(lambda: "declined" in stage.alice.messages(stage.channel)[0].text)
    await stage.alice.until(lambda: count_told(stage.alice, stage.acme, "Your code was used") == 0)


@pytest.mark.parametrize("stage", [Reach.PUBLIC], indirect=True)
async def test_a_right_number_waits_for_the_partners_address(stage: Stage) -> None:
    await add_desks(stage)
    proxy = await stage.restart_behind_proxy(stage.globex)
    proxy.instead = lambda path: web.Response(status=502) if path.startswith("/bridge/v1/sync/") else None
    number = await accept(stage, await invite(stage))
    unreachable = await told(stage.alice, stage.acme, "nothing answers at the address you typed")
    assert "You can enter the number meanwhile" in unreachable.text
    errors = await enter_number(stage, number)
    assert "The number is right, but your partner's node does not answer" in str(errors)
    assert "This did not use up a try." in str(errors)
    assert count_told(stage.alice, stage.acme, "nothing answers") == 1
    proxy.instead = lambda path: None
    await stage.alice.type("Number", number)
    assert await stage.alice.submit() == {}
    await told(stage.bob, stage.globex, "you are connected with")


async def test_the_number_can_be_read_again_until_it_was_typed(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage))
    status = await answered(stage.bob, "/connect status globex_to_acme")
    assert f"The number to tell your partner: *{number}*. It is not secret." in status.text
    assert await enter_number(stage, number) == {}
    await told(stage.bob, stage.globex, "you are connected with")
    status = await answered(stage.bob, "/connect status globex_to_acme")
    assert number not in status.text


async def test_the_status_of_the_inviter_never_shows_the_number(stage: Stage) -> None:
    await add_desks(stage)
    number = await accept(stage, await invite(stage))
    status = await answered(stage.alice, "/connect status acme_to_globex")
    assert number not in status.text and "Enter the number that your partner's Slack shows." in status.text


@pytest.mark.slow
async def test_two_invitations_at_once_do_not_mix(stage: Stage) -> None:
    """P5: two invitations share nothing."""
    await add_desks(stage)
    one, other = await invite(stage), await invite(stage)
    first, second = await stage.connections(stage.acme)
    assert first.our_key != second.our_key and first.our_id != second.our_id
    offer = await look(stage.bob, other)
    assert "Acme" in offer.text
    await stage.bob.close_modal(everything=True)
    number = await accept(stage, one)
    assert await enter_number(stage, number) == {}
    await told(stage.alice, stage.acme, "you are connected with")
    states = {c.name: c.state for c in await stage.connections(stage.acme)}
    assert states == {"acme_to_globex": ConnectionState.ACTIVE, "acme_to_globex_2": ConnectionState.PENDING}


@PRIVATE_FIRST
async def test_a_decided_invitation_leaves_no_number_and_no_draft_behind(stage: Stage) -> None:
    await connect(stage)
    for company in (stage.acme, stage.globex):
        store, organisation = stage.node(company).running.node.store, await stage.organisation(company)
        connection = await stage.connection(company)
        for kind in ("number", "claim"):
            assert await store.read(organisation, partial(sealed, kind, connection.id)) is None, kind


def sealed(kind: str, ref: str, tx: Transaction) -> bytes | None:
    return tx.vault.get(kind, ref)
