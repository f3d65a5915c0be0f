"""Commands, views and buttons about tickets, with the real flows over two toy desks."""

from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt.response import BoltResponse

from handlers import ids
from storage.store import Transaction
from sync.envelope import Envelope
from sync.intent import Disagreement, ParkedUpdate
from sync.link import Link, LinkState
from tests.handlers.listeners.test_connections import pair
from tests.handlers.test_app import add_desk, initiate
from tests.handlers.world import ACME, GLOBEX, Person, World, as_sent, errors_of, filled, seen, text_of
from trackers.memory import MemoryDesks
from trackers.memory_desk import MemoryAccount

Json = dict[str, Any]
HOME: Json = as_sent({"type": "home", "callback_id": "home", "blocks": []})
DM = "D0ACME"
AT = datetime(2026, 3, 4, tzinfo=UTC)
WORDS = (ids.SCOPE, ids.BACKFILL, f"{ids.SYNC} #1", f"{ids.LINK} #1 #2", f"{ids.UNLINK} #1")


@pytest.fixture
async def alice(world: World) -> Person:
    person = world.person("U0ADMINACME")
    await add_desk(world, person, "acme-desk")
    return person


@pytest.fixture
async def connection_id(world: World, alice: Person) -> str:
    """acme_to_globex, active."""
    bob = world.person("U0ADMINGLOBEX")
    await add_desk(world, bob, "globex-desk")
    return await pair(world, alice, bob)


def desk(world: World, name: str = "acme-desk") -> MemoryAccount:
    kind = world.node.desks["memory"]
    assert isinstance(kind, MemoryDesks)
    return kind.account(f"memory:{name}")


async def write(world: World, work: Any) -> Any:
    return await world.node.store.run(world.organisation(ACME), work)


async def park(world: World, connection_id: str, number: int = 1) -> str:
    """What its buttons carry."""
    parked = ParkedUpdate(connection_id, f"e{number:025}", "118", "#118", "rule", "There is no status “Frozen”.", AT)
    envelope = Envelope(parked.envelope_id, "ticket.update", AT, "{}", ticket="118")

    def add(tx: Transaction) -> None:
        tx.inbox.store(connection_id, (envelope,))
        tx.parked.add(parked)

    await write(world, add)
    return f"{connection_id}:{parked.envelope_id}"


async def linked(world: World, connection_id: str, ours: str, state: LinkState = LinkState.LINKED) -> Link:
    link = Link("l" * 26, connection_id, ours, "118", born_here=state is LinkState.LINKED, state=state)
    await write(world, lambda tx: tx.links.add(link))
    return link


async def test_without_a_connection_every_command_says_so(world: World) -> None:
    for text in WORDS:
        await world.person("U0ADMINACME").command(text)
        assert "There is no connection yet. Make one with `/connect initiate`." in world.said
    await world.person("U0ADMINACME").command("errors")
    assert "Nothing is parked." in world.said


async def test_while_it_is_pending_no_ticket_travels(world: World, alice: Person) -> None:
    await initiate(world, alice)
    for text in WORDS:
        await alice.command(text)
        assert "no connection is in a state for it" in world.said
    await alice.command("sync #1 acme_to_globex")
    assert "is pending: tickets travel once it is active" in world.said


async def test_a_name_that_is_none_lists_those_there_are(world: World, alice: Person, connection_id: str) -> None:
    for text in (*WORDS, ids.ERRORS):
        await alice.command(f"{text} nobody")
        assert "There is no connection of that name. These are: `acme_to_globex`." in world.said


async def test_sync_takes_one_ticket_however_it_is_written(world: World, alice: Person, connection_id: str) -> None:
    ticket = desk(world).raise_ticket("Printer smokes")
    for typed in (ticket, f"#{ticket}", f"INC-{ticket}", f"`#{ticket}` on acme_to_globex"):
        await alice.command(f"sync {typed}")
        assert "is on its way on `acme_to_globex`" in world.said
    assert await write(world, lambda tx: tx.asked.find(connection_id, ticket)) == "sync"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sync", "Which ticket? Type `/connect sync #372`."),
        ("sync #99", "Your desk has no ticket #99."),
        ("sync printer", "Name a ticket by its number, for example `#372`."),
        ("link #1", "Which two tickets?"),
        ("link #99 #2", "Your desk has no ticket #99."),
        ("link #99 theirs", "Name your partner's ticket by its number"),
        ("unlink", "Which ticket of yours? Type `/connect unlink #372`."),
        ("unlink #99", "Ticket #99 is not linked on `acme_to_globex`."),
        ("unlink x", "Name a ticket by its number"),
        ("backfill stop", "No back-fill of `acme_to_globex` is running."),
    ],
)
async def test_every_mistake_has_its_sentence(
    world: World, alice: Person, connection_id: str, text: str, words: str
) -> None:
    await alice.command(text)
    assert words in world.said


async def test_linking_asks_the_partner(world: World, alice: Person, connection_id: str) -> None:
    ticket = desk(world).raise_ticket("Printer smokes")
    await alice.command(f"link #{ticket} #118")
    assert "Your partner is asked to link" in world.said and "`#118`" in world.said
    link = await write(world, lambda tx: tx.links.by_ours(connection_id, ticket))
    assert link.state is LinkState.ASKED and link.their_ticket == "118"


async def test_what_is_linked_is_not_linked_again_and_can_be_parted(
    world: World, alice: Person, connection_id: str
) -> None:
    ticket = desk(world).raise_ticket("Printer smokes")
    await linked(world, connection_id, ticket)
    await alice.command(f"link #{ticket} #200")
    assert "One of the two is linked already" in world.said
    await alice.command(f"unlink INC-{ticket}")
    assert f"`#{ticket}` is unlinked. Both tickets stay; your partner is told." in world.said
    await alice.command(f"unlink #{ticket}")
    assert "is not linked" in world.said


async def test_a_filter_is_tried_before_it_is_saved(world: World, alice: Person, connection_id: str) -> None:
    desk(world).raise_ticket("Printer smokes", priority="High")
    desk(world).raise_ticket("Mail is slow")
    await alice.command("scope")
    await alice.click(ids.SCOPE_PREVIEW, connection_id, view=filled(world.modal, query="priority:>2"))
    assert "*Matches now:* 1 of 2 tickets" in seen(world.modal) and "Printer smokes" in seen(world.modal)
    assert await write(world, lambda tx: tx.scopes.find(connection_id)) is None
    assert "`priority:&gt;2` travel on *acme_to_globex*" in text_of(await alice.submit(world.modal))
    assert (await write(world, lambda tx: tx.scopes.find(connection_id))).query == "priority:>2"
    await alice.command("scope")
    assert "takes no ticket by itself" in text_of(await alice.submit(filled(world.modal, query="")))
    assert await write(world, lambda tx: tx.scopes.find(connection_id)) is None


async def test_the_status_tells_what_travels(world: World, alice: Person, connection_id: str) -> None:
    await linked(world, connection_id, "372")
    await park(world, connection_id)
    await alice.command("status")
    assert "Linked tickets: 1" in world.said and "Waiting for a person: 1" in world.said
    await alice.open_home()
    assert "1 linked" in world.home and "*1 waiting for a person*" in world.home


async def test_a_filter_that_cannot_be_read_says_why(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("scope")
    await alice.click(ids.SCOPE_PREVIEW, connection_id, view=filled(world.modal, query="priority:>"))
    assert "*Please correct:*" in seen(world.modal)
    answer = await alice.submit(filled(world.modal, query="priority:>"))
    assert "Please correct" in text_of(answer) or errors_of(answer)[ids.QUERY]
    assert await write(world, lambda tx: tx.scopes.find(connection_id)) is None


async def test_a_back_fill_is_one_message_and_can_be_stopped(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("backfill")
    form = world.modal
    assert "from 1 to 3650" in errors_of(await alice.submit(filled(form, query="priority:>0", days="0")))[ids.DAYS]
    answer = await alice.submit(filled(form, query="priority:>0", days="30"))
    assert "A direct message shows how far it is" in text_of(answer)
    await world.deliver_notices(ACME)
    (progress,) = [call for call in world.slack.of("chat.postMessage") if "Back-fill" in seen(call)]
    assert "0 of 0 tickets taken" in seen(progress)
    again = text_of(await alice.submit(filled(form, query="priority:>0", days="30")))
    assert "is running already" in again
    await alice.click(ids.BACKFILL_STOP, connection_id, channel=DM)
    assert "stopped.* 0 tickets were taken" in seen(world.slack.of("chat.update")[-1])
    await world.deliver_notices(ACME)
    assert len([call for call in world.slack.of("chat.postMessage") if "Back-fill" in seen(call)]) == 1


async def test_a_back_fill_is_stopped_by_command_too(world: World, alice: Person, connection_id: str) -> None:
    await alice.command("backfill")
    await alice.submit(filled(world.modal, query="priority:>0", days="30"))
    await alice.command("backfill acme_to_globex stop")
    assert "Stopped. 0 tickets were taken; they stay linked." in world.said


async def test_what_is_parked_is_listed_and_settled_where_it_stands(
    world: World, alice: Person, connection_id: str
) -> None:
    first, second = await park(world, connection_id, 1), await park(world, connection_id, 2)
    await alice.command("errors acme_to_globex")
    assert "There is no status “Frozen”." in world.said and "2 tickets wait" in world.said
    await alice.click(ids.PARKED_RETRY, first, channel=DM)
    assert "It is tried again now" in seen(world.slack.of("chat.update")[-1])
    await alice.click(ids.PARKED_SKIP, second, channel=DM)
    card = world.slack.of("chat.update")[-1]
    assert "Skipped: this change is not written" in seen(card) and "button" not in str(card)
    assert await write(world, lambda tx: tx.parked.all(connection_id, 10)) == ()


async def test_a_card_that_was_settled_elsewhere_loses_its_buttons(
    world: World, alice: Person, connection_id: str
) -> None:
    await alice.click(ids.PARKED_RETRY, f"{connection_id}:e", channel=DM)
    card = world.slack.of("chat.update")[-1]
    assert "That was settled already." in seen(card) and "button" not in str(card)


async def test_a_card_that_cannot_be_edited_is_answered(world: World, alice: Person, connection_id: str) -> None:
    world.slack.refusals["chat.update"] = "message_not_found"
    await alice.click(ids.PARKED_SKIP, await park(world, connection_id), channel=DM)
    assert "Skipped" in world.said


async def by_hand(world: World, alice: Person, connection_id: str, **typed: str) -> BoltResponse:
    await alice.click(ids.HOME_TICKET, connection_id, view=HOME)
    return await alice.submit(filled(world.modal, **typed))


async def test_home_shares_links_and_unlinks_one_ticket(world: World, alice: Person, connection_id: str) -> None:
    ticket = desk(world).raise_ticket("Printer smokes")
    await by_hand(world, alice, connection_id, our_ticket=f"#{ticket}")
    assert f"Ticket `#{ticket}` is on its way on `acme_to_globex`" in seen(world.modal)
    other = desk(world).raise_ticket("Printer burns")
    await by_hand(world, alice, connection_id, act="link", our_ticket=other, their_ticket="#119")
    assert "Your partner is asked to link" in seen(world.modal) and "`#119`" in seen(world.modal)
    await linked(world, connection_id, ticket)
    await by_hand(world, alice, connection_id, act="unlink", our_ticket=ticket)
    assert f"`#{ticket}` is unlinked. Both tickets stay; your partner is told." in seen(world.modal)


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"our_ticket": "#99"}, "our_ticket", "Your desk has no ticket #99."),
        ({"our_ticket": "x"}, "our_ticket", "Name a ticket by its number, for example `#372`."),
        ({"act": "unlink", "our_ticket": "99"}, "our_ticket", "Ticket #99 is not linked on `acme_to_globex`."),
        (
            {"act": "link", "our_ticket": "1"},
            "their_ticket",
            "Which one of theirs? Type its number, for example #118.",
        ),
    ],
)
async def test_what_is_wrong_with_a_ticket_stands_at_its_field(
    world: World, alice: Person, connection_id: str, typed: dict[str, str], field: str, sentence: str
) -> None:
    assert errors_of(await by_hand(world, alice, connection_id, **typed)) == {field: sentence}


async def test_home_has_a_button_for_each(world: World, alice: Person, connection_id: str) -> None:
    value = await park(world, connection_id)
    await alice.click(ids.HOME_SCOPE, connection_id, view=HOME)
    assert "Show what it matches" in seen(world.modal)
    await alice.click(ids.HOME_BACKFILL, connection_id, view=HOME)
    assert "Changed within the last days" in seen(world.modal)
    await alice.click(ids.HOME_ERRORS, connection_id, view=HOME)
    assert "There is no status “Frozen”." in seen(world.modal)
    await alice.click(ids.PARKED_SKIP, value, view=world.modal)
    assert "Skipped: this change" in seen(world.modal) and "Nothing is parked" in seen(world.modal)


async def test_the_other_value_is_taken_once_and_the_card_says_so(
    world: World, alice: Person, connection_id: str
) -> None:
    ticket = desk(world).raise_ticket("Printer smokes", priority="High")
    link = await linked(world, connection_id, ticket)
    found = Disagreement("e.priority", connection_id, link.id, "priority", '"High"', '"Low"', True, AT)
    await write(world, lambda tx: tx.disagreements.add(found))
    await alice.click(ids.CONFLICT_TAKE, found.id, channel=DM)
    card = world.slack.of("chat.update")[-1]
    assert "The other value was taken." in seen(card) and ids.CONFLICT_TAKE not in str(card)
    assert desk(world).records[ticket].fields["priority"] == "Low"
    await alice.click(ids.CONFLICT_TAKE, found.id, channel=DM)
    assert "That was settled already." in world.said


@pytest.mark.parametrize(
    ("action", "state", "words"),
    [(ids.JOIN_YES, LinkState.LINKED, "is linked now."), (ids.JOIN_NO, LinkState.CUT, "Not linked.")],
)
async def test_what_a_partner_asks_for_is_answered_once(
    world: World, alice: Person, connection_id: str, action: str, state: LinkState, words: str
) -> None:
    await linked(world, connection_id, "372", LinkState.ASKED)
    await alice.click(action, f"{connection_id}:372", channel=DM)
    assert words in seen(world.slack.of("chat.update")[-1])
    assert (await write(world, lambda tx: tx.links.by_ours(connection_id, "372"))).state is state
    await alice.click(action, f"{connection_id}:372", channel=DM)
    assert "Nobody asks for that any more." in seen(world.slack.of("chat.update")[-1])


async def test_another_organisation_settles_nothing_of_ours(world: World, alice: Person, connection_id: str) -> None:
    value = await park(world, connection_id)
    bob = world.person("U0ADMINGLOBEX")
    await bob.click(ids.PARKED_SKIP, value, channel=DM)
    await bob.click(ids.BACKFILL_STOP, connection_id, channel=DM)
    await bob.click(ids.HOME_SCOPE, connection_id, view=HOME)

    def parked(tx: Transaction) -> int:
        return len(tx.parked.all(connection_id, 10))

    assert await write(world, parked) == 1 and await world.audit("ticket.skip", GLOBEX) == []
