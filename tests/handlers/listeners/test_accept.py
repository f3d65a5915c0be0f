from collections.abc import Callable
from typing import Any

import pytest

from handlers import ids
from storage.store import Store
from tests.handlers.test_app import add_desk, code_in, initiate
from tests.handlers.world import ACME, GLOBEX, Person, World, a_world, as_sent, errors_of, filled, seen, text_of

Json = dict[str, Any]


class Invited:
    """Acme made a code, Globex has a desk."""

    def __init__(self, world: World, alice: Person, bob: Person, code: str) -> None:
        self.world, self.alice, self.bob, self.code = world, alice, bob, code


@pytest.fixture
async def invited(world: World) -> Invited:
    alice, bob = world.person("U0ADMINACME"), world.person("U0ADMINGLOBEX")
    await add_desk(world, alice, "acme-desk")
    await add_desk(world, bob, "globex-desk")
    code = code_in(await initiate(world, alice))
    world.slack.calls.clear()
    return Invited(world, alice, bob, code)


MANGLINGS: list[Callable[[str], str]] = [
    lambda code: code,
    lambda code: f"`{code}`",
    lambda code: f"“{code}”",
    lambda code: code.upper(),
    lambda code: f"Alice 10:42 here is the code: {code} thanks!",
    lambda code: f"{code[:30]}\n  {code[30:]}",
    lambda code: f"&lt;{code}&gt;",
    lambda code: f"*{code}*\u200b",
]


@pytest.mark.parametrize("mangle", MANGLINGS)
async def test_a_code_survives_its_way_through_slack(invited: Invited, mangle: Callable[[str], str]) -> None:
    await invited.bob.command(f"accept {mangle(invited.code)}")
    assert "Accept invitation" in seen(invited.world.modal) and "Organisation (as stated): Acme" in seen(
        invited.world.modal
    )


async def test_a_loading_view_opens_before_the_partner_is_asked(invited: Invited) -> None:
    await invited.bob.command(f"accept {invited.code}")
    methods = [method for method, _ in invited.world.slack.calls]
    assert methods == ["views.open", "views.update"]
    assert "Reading the code…" in seen(invited.world.slack.calls[0][1])


async def test_the_code_is_echoed_nowhere(invited: Invited) -> None:
    await invited.bob.command(f"accept {invited.code}")
    await invited.bob.submit(invited.world.modal)
    await invited.bob.command(f"accept {invited.code}")
    await invited.bob.command(f"status {invited.code}")
    await invited.bob.command(f"frobnicate-{invited.code}")
    heard = str(invited.world.slack.calls) + str(invited.world.slack.answers)
    assert invited.code not in heard and invited.code[:40] not in heard


async def test_without_a_code_there_is_a_place_to_paste_it(invited: Invited) -> None:
    await invited.bob.command("accept")
    assert "Paste the code, or the whole message" in seen(invited.world.modal)
    await invited.bob.submit(filled(invited.world.modal, code=f"see {invited.code}"))
    assert "Accept invitation" in seen(invited.world.modal)


async def test_home_has_a_button_for_it(invited: Invited) -> None:
    home = as_sent({"type": "home", "callback_id": "home", "blocks": []})
    await invited.bob.click(ids.HOME_ACCEPT, view=home)
    assert "Paste the code" in seen(invited.world.modal)


BAD: list[tuple[Callable[[str], str], str]] = [
    (lambda code: code[:-12], "The last part of this invitation code is missing"),
    (
        lambda code: code[:30] + ("2" if code[30] != "2" else "3") + code[31:],
        "A character of this invitation code was changed",
    ),
    (lambda code: "brg_", "The last part of this invitation code is missing"),
]


@pytest.mark.parametrize(("damage", "words"), BAD)
async def test_a_damaged_code_is_explained_where_the_next_one_can_be_pasted(
    invited: Invited, damage: Callable[[str], str], words: str
) -> None:
    await invited.bob.command(f"accept {damage(invited.code)}")
    text = seen(invited.world.modal)
    assert words in text and "Paste the code" in text
    answer = await invited.bob.submit(filled(invited.world.modal, code=damage(invited.code)))
    assert words in errors_of(answer)["code"]


async def test_something_that_is_no_code_at_all(invited: Invited) -> None:
    await invited.bob.command("accept hello")
    assert "There is no invitation code in what you pasted" in seen(invited.world.modal)


async def test_slow_reading_shows_that_it_goes_on(sqlite_store: Store) -> None:
    async with a_world(sqlite_store, patience_seconds=0) as world:
        alice, bob = world.person("U0ADMINACME"), world.person("U0ADMINGLOBEX")
        await add_desk(world, alice, "acme-desk")
        await add_desk(world, bob, "globex-desk")
        code = code_in(await initiate(world, alice))
        await alice.command("cancel")
        await bob.command("accept")
        answer = await bob.submit(filled(world.modal, code=code))
        assert "Reading the code…" in text_of(answer)
        text = seen(world.modal)
        assert "Your partner withdrew this code" in text and "Paste the code" in text


async def test_without_a_desk_the_way_to_one_is_shown(world: World) -> None:
    alice, bob = world.person("U0ADMINACME"), world.person("U0ADMINGLOBEX")
    await add_desk(world, alice, "acme-desk")
    code = code_in(await initiate(world, alice))
    await bob.command(f"accept {code}")
    assert "You have no desk yet" in seen(world.modal) and "Add a desk" in seen(world.modal)
    await bob.command("accept")
    await bob.submit(filled(world.modal, code=code))
    assert "You have no desk yet" in seen(world.modal)


async def test_a_code_that_was_used_says_so(invited: Invited) -> None:
    await invited.bob.command(f"accept {invited.code}")
    await invited.bob.submit(invited.world.modal)
    await invited.bob.command(f"accept {invited.code}")
    assert "This code was used already" in seen(invited.world.modal)


async def test_a_code_that_was_cancelled_says_so(invited: Invited) -> None:
    await invited.alice.command("cancel acme_to_globex")
    await invited.bob.command(f"accept {invited.code}")
    assert "Your partner withdrew this code" in seen(invited.world.modal)


async def test_names_are_checked_at_their_fields_before_anything_is_spent(invited: Invited) -> None:
    await invited.bob.command(f"accept {invited.code}")
    form = filled(invited.world.modal, local_name="Not good!", remote_name="acme", name="n" * 50)
    assert set(errors_of(await invited.bob.submit(form))) == {"local_name", "name"}
    assert await invited.world.audit("claim.send", GLOBEX) == []


async def test_ones_own_code_cannot_connect_a_desk_with_itself(invited: Invited) -> None:
    await invited.alice.command(f"accept {invited.code}")
    form = filled(invited.world.modal, local_name="here", remote_name="there", name="selfie")
    answer = await invited.alice.submit(form)
    assert "Both ends would be the same desk" in text_of(answer)


async def test_the_number_is_shown_and_the_initiator_is_asked_for_it(invited: Invited) -> None:
    await invited.bob.command(f"accept {invited.code}")
    await invited.bob.submit(invited.world.modal)
    assert "It is not secret" in seen(invited.world.modal)
    await invited.bob.command("status")
    number = next(line for line in seen(invited.world.modal).splitlines() if line.replace(" ", "").isdigit())
    assert f"The number to tell your partner: *{number}*" in invited.world.said
    await invited.world.deliver_notices(ACME)
    (card,) = invited.world.slack.of("chat.postMessage")
    assert card["channel"] == invited.alice.id and number not in str(invited.world.slack.of("chat.postMessage"))


async def test_when_the_window_is_closed_meanwhile_the_number_comes_by_dm(sqlite_store: Store) -> None:
    async with a_world(sqlite_store, patience_seconds=0) as world:
        alice, bob = world.person("U0ADMINACME"), world.person("U0ADMINGLOBEX")
        await add_desk(world, alice, "acme-desk")
        await add_desk(world, bob, "globex-desk")
        code = code_in(await initiate(world, alice))
        await bob.command(f"accept {code}")
        form = world.modal
        world.slack.refusals["views.update"] = "not_found"
        await bob.submit(form)
        posted = world.slack.of("chat.postMessage")[-1]
        assert posted["channel"] == bob.id and "Tell the person at Acme" in seen(posted)


async def test_declining_tells_the_initiator_why(invited: Invited) -> None:
    await invited.bob.command(f"accept {invited.code}")
    offer = invited.world.modal
    (ref,) = [b["elements"][0]["value"] for b in offer["blocks"] if b["type"] == "actions"]
    await invited.bob.click(ids.OFFER_DECLINE, ref, view=offer)
    assert invited.world.slack.calls[-1][0] == "views.push", "closing it leads back to the dialog"
    answer = await invited.bob.submit(filled(invited.world.modal, reason="Not <now>"))
    assert "You declined the invitation. Acme (as stated) was told." in text_of(answer)
    await invited.world.deliver_notices(ACME)
    told = [seen(call) for call in invited.world.slack.of("chat.postMessage")]
    assert any("Their reason: Not <now>" in text for text in told)
    assert any("declined" in seen(call) for call in invited.world.slack.of("chat.update"))


async def test_a_dialog_that_was_used_already_says_so(invited: Invited) -> None:
    await invited.bob.command(f"accept {invited.code}")
    offer = invited.world.modal
    await invited.bob.submit(offer)
    answer = await invited.bob.submit(filled(offer, name="another", local_name="x", remote_name="y"))
    assert "older than an hour or was used already" in text_of(answer)


async def test_the_reference_of_another_organisation_leads_nowhere(invited: Invited) -> None:
    await invited.bob.command(f"accept {invited.code}")
    theirs = invited.world.modal
    answer = await invited.alice.submit(filled(theirs, name="another", local_name="x", remote_name="y"))
    assert "older than an hour or was used already" in text_of(answer)


async def test_looking_is_limited(invited: Invited) -> None:
    for _ in range(10):
        await invited.bob.command(f"accept {invited.code}")
    await invited.bob.command(f"accept {invited.code}")
    assert "You looked at 10 codes within an hour. Try again in an hour." in seen(invited.world.modal)
