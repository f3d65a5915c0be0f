"""The client against the strict stand-in, with each of its habits: what is written is what is read.

Rows of the reference's checklist are named in the tests.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from pairing.secret import Secret
from sandbox.freshservice import GROWTH, HOURLY, STARTER, FreshserviceStandIn, Person, Trouble
from sync.errors import RemoteGone, RemoteRefusedTicket, RemoteRefusedUs, RemoteUnavailable
from sync.fields import Fields
from sync.marker import marker_line
from sync.ticket import NewTicket, Sighting, Ticket, TicketState, Upload
from sync.ticket import Person as Somebody
from trackers.freshservice.desks import FreshserviceDesks
from trackers.freshservice.rates import Windows
from trackers.freshservice.tracker import FreshserviceTracker

KEY = Secret("desk-key-1")
CODE = "abcdefgh2345"
LINE = marker_line("Acme", "#9", CODE)
CONTENT = bytes(range(256)) * 300


@dataclass
class Clock:
    """Both clocks of the stand-in and of the budget, in their own time."""

    seconds: float = 0.0
    started: datetime = datetime(2026, 3, 2, 9, 15, 4, tzinfo=UTC)

    def now(self) -> datetime:
        return self.started + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        await asyncio.sleep(0)

    @property
    def since(self) -> datetime:
        return self.started - timedelta(minutes=5)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def desk(clock: Clock) -> AsyncIterator[FreshserviceStandIn]:
    stand_in = FreshserviceStandIn(keys={KEY.reveal()}, now=clock.now, monotonic=clock.monotonic, sleep=clock.sleep)
    await stand_in.start()
    yield stand_in
    await stand_in.stop()


@pytest.fixture
def ana(desk: FreshserviceStandIn) -> Person:
    return desk.add_agent("Ana Ruiz", "ana@acme.example")


@pytest.fixture
def lena(desk: FreshserviceStandIn) -> Person:
    return desk.add_requester("Lena Maes", "lena@northwind.example")


@pytest.fixture
def tracker(desk: FreshserviceStandIn, http_session: aiohttp.ClientSession, clock: Clock) -> FreshserviceTracker:
    return opened(desk, http_session, clock)


def opened(
    desk: FreshserviceStandIn, session: aiohttp.ClientSession, clock: Clock, key: Secret = KEY
) -> FreshserviceTracker:
    kind = FreshserviceDesks(session, frozenset({desk.origin}), clock=clock.monotonic, call_seconds=3.0)
    return kind.open(desk.origin, key, budget=Windows(clock=clock.monotonic, sleep=clock.sleep))


async def the_sighting(tracker: FreshserviceTracker, clock: Clock, ticket_id: str) -> Sighting:
    page = await tracker.changed_since(clock.since)
    (found,) = [sighting for sighting in page.sightings if sighting.ticket_id == ticket_id]
    return found


def spent(desk: FreshserviceStandIn) -> list[str]:
    return [f"{call.method} {call.path.removeprefix('/api/v2/')}" for call in desk.calls]


def rich(**more: object) -> NewTicket:
    fields = {
        "summary": "VPN <drops> & more",
        "description": "Since *Monday*:\n\n- one\n- two\n\n`x < y` <https://x.example/a_b>",
        "status": "Pending",
        "priority": "Urgent",
        "tags": ("vpn", "été"),
        **more,
    }
    return NewTicket(Fields(fields), LINE, Somebody("Lena Maes", "lena@northwind.example"))


async def same_after_a_look(tracker: FreshserviceTracker, clock: Clock, ticket_id: str) -> Ticket:
    """Reads it; the list shows what a list showed before, and a second read gives the same ticket."""
    ticket = await tracker.read(ticket_id)
    assert await tracker.read(ticket_id) == ticket
    return ticket


@pytest.mark.usefixtures("lena", "ana")
async def test_a_created_ticket_reads_as_it_was_written_and_is_seen_as_its_answer_said(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, clock: Clock
) -> None:
    written = await tracker.create(rich())
    ticket = await same_after_a_look(tracker, clock, written.ticket_id)
    assert ticket.fields.only(rich().fields) == rich().fields
    assert ticket.marker == CODE
    assert ticket.requester == Somebody("Lena Maes", "lena@northwind.example")
    assert written.fields == ticket.fields
    assert await the_sighting(tracker, clock, written.ticket_id) == written.sighting
    assert (await tracker.find_marked(CODE, clock.since)) == written.sighting
    assert len(desk.people.requesters) == 1


@pytest.mark.usefixtures("ana")
async def test_an_update_changes_these_fields_alone_and_is_one_call(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, clock: Clock
) -> None:
    """G8, and checklist 7: tags whole, custom fields by name."""
    desk.form.add_custom("affected_site", "dropdown", choices=("Ghent", "Lyon"))
    desk.form.add_custom("seats", "number")
    ticket_id = (await tracker.create(rich(**{"custom.affected_site": "Ghent", "custom.seats": 2}))).ticket_id
    before = await tracker.read(ticket_id)
    desk.calls.clear()
    changes = Fields({"tags": ("b",), "custom.affected_site": "Lyon", "custom.seats": None, "status": "Closed"})
    written = await tracker.update(ticket_id, changes)
    assert spent(desk) == [f"PUT tickets/{ticket_id}"]
    after = await tracker.read(ticket_id)
    assert after.fields == before.fields.with_values(dict(changes))
    assert written.fields == after.fields.without(("urgency", "impact", "due_by", "first_response_due_by"))
    assert await the_sighting(tracker, clock, ticket_id) == written.sighting


@pytest.mark.usefixtures("ana")
async def test_a_description_that_is_written_anew_keeps_our_line(tracker: FreshserviceTracker, clock: Clock) -> None:
    ticket_id = (await tracker.create(rich())).ticket_id
    await tracker.update(ticket_id, Fields({"description": "New"}), marker_line=LINE)
    ticket = await tracker.read(ticket_id)
    assert (ticket.fields["description"], ticket.marker) == ("New", CODE)
    found = await tracker.find_marked(CODE, clock.since)
    assert found is not None
    assert found.ticket_id == ticket_id


@pytest.mark.parametrize(
    "habit",
    [
        {"offset_times": True},
        {"idle_updates_touch": False},
        {"private_notes_touch": False},
        {"unproven_touches": True},
        {"conversations_oldest_first": True},
        {"conversations_meta": False},
        {"newer_account": True},
        {"workspaces": False},
        {"decimal_limits": True},
        {"grain_seconds": 60},
        {"links_expire_at_once": True},
        {"most_per_page": 2},
        {"obeys_order_by": True},
    ],
    ids=lambda habit: next(iter(habit)),
)
async def test_i5_after_our_writes_the_list_is_quiet_whatever_the_accounts_habits(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, clock: Clock, ana: Person, habit: dict[str, object]
) -> None:
    for name, value in habit.items():
        setattr(desk.switches, name, value)
    desk.form.add_custom("affected_site", "dropdown", choices=("Ghent", "Lyon"))
    desk.form.add_custom("only_here", "text", workspace_id=2)
    first = await tracker.create(rich(**{"custom.affected_site": "Ghent", "custom.only_here": "x"}))
    assert await the_sighting(tracker, clock, first.ticket_id) == first.sighting
    clock.seconds += 90
    second = await tracker.update(first.ticket_id, Fields({"priority": "Low", "custom.only_here": "y"}))
    assert await the_sighting(tracker, clock, first.ticket_id) == second.sighting
    clock.seconds += 90
    ana.edit(int(first.ticket_id), priority="High")
    assert await the_sighting(tracker, clock, first.ticket_id) != second.sighting
    said = await tracker.add_comment(first.ticket_id, "Hello", LINE, (Upload("a.txt", "text/plain", CONTENT),))
    ticket = await tracker.read(first.ticket_id)
    assert [comment.id for comment in ticket.comments] == [said.comment_id]
    assert ticket.fields["custom.only_here"] == "y"


async def test_checklist_4_5_habits_of_refusing(
    desk: FreshserviceStandIn, http_session: aiohttp.ClientSession, clock: Clock, ana: Person
) -> None:
    ticket_id = str(ana.raise_ticket("x", "y").id)
    for status in (401, 403):
        desk.switches.refusal_status = status
        with pytest.raises(RemoteRefusedUs):
            await opened(desk, http_session, clock, Secret("wrong")).read(ticket_id)
    for has_json in (False, True):
        desk.switches.not_found_has_json = has_json
        with pytest.raises(RemoteGone):
            await opened(desk, http_session, clock).read("999")


async def test_comments_travel_both_ways_in_order_with_their_authors(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, lena: Person
) -> None:
    """Checklist 8 and 9: sorted, private stays private, ours are public and said to be."""
    ticket_id = lena.raise_ticket("VPN", "Help").id
    ana.note(ticket_id, "supplier's price is 5", private=True)
    ana.reply(ticket_id, "We are on it.")
    lena.reply(ticket_id, "Second <site> too.")
    mine = await tracker.add_comment(str(ticket_id), "**Bo** (Globex):\n\nDone.", LINE)
    comments = (await tracker.read(str(ticket_id))).comments
    assert [(c.text, c.is_public, c.author.name) for c in comments[:3]] == [
        ("supplier's price is 5", False, "Ana Ruiz"),
        ("We are on it.", True, "Ana Ruiz"),
        (r"Second \<site> too.", True, "Lena Maes"),
    ]
    assert (comments[3].text, comments[3].marker, comments[3].is_public) == ("**Bo** (Globex):\n\nDone.", CODE, True)
    assert comments[3].id == mine.comment_id
    assert desk.said_on(ticket_id)[-1].private is False

    await tracker.edit_comment(str(ticket_id), mine.comment_id, "Changed.", LINE)
    edited = (await tracker.read(str(ticket_id))).comments[3]
    assert (edited.text, edited.marker, edited.is_public) == ("Changed.", CODE, True)
    await tracker.remove_comment(str(ticket_id), mine.comment_id)
    await tracker.remove_comment(str(ticket_id), mine.comment_id)
    assert len((await tracker.read(str(ticket_id))).comments) == 3
    with pytest.raises(RemoteGone):
        await tracker.edit_comment(str(ticket_id), mine.comment_id, "Changed.", LINE)


async def test_more_than_a_page_of_comments_is_read(tracker: FreshserviceTracker, ana: Person, clock: Clock) -> None:
    ticket_id = ana.raise_ticket("VPN", "Help").id
    for number in range(205):
        ana.note(ticket_id, f"note {number}", private=False)
    comments = (await tracker.read(str(ticket_id))).comments
    assert [comment.text for comment in comments] == [f"note {number}" for number in range(205)]


async def test_files_and_images_go_up_and_come_down_as_they_were(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, lena: Person, clock: Clock
) -> None:
    picture = lena.image("net.png", CONTENT)
    ticket_id = lena.raise_ticket("VPN", f"<p>See {picture}</p>", html=True, files={"vpn été.log": CONTENT}).id
    ana.note(ticket_id, "log", private=False, files={"b.bin": CONTENT[:1]})
    await tracker.update(str(ticket_id), Fields({"status": "Pending"}), (Upload("c d.txt", "text/plain", CONTENT),))
    await tracker.add_comment(str(ticket_id), "file", LINE, (Upload("e.txt", "text/plain", b""),))
    ticket = await tracker.read(str(ticket_id))
    assert [file.name for file in ticket.files] == [
        "vpn été.log",
        "c d.txt",
        ticket.files[2].name,
        "b.bin",
        "e.txt",
    ]
    assert ticket.files[2].id.startswith("inline-")
    for seconds in (0, 600):  # with links from the last look, and with new ones
        clock.seconds += seconds
        got = {file.name: b"".join([p async for p in tracker.download(ticket.id, file)]) for file in ticket.files}
        assert got == {
            "vpn été.log": CONTENT,
            "c d.txt": CONTENT,
            ticket.files[2].name: CONTENT,
            "b.bin": CONTENT[:1],
            "e.txt": b"",
        }
    assert desk.leaks == []  # R8: no call to the file host carried the key


async def test_too_large_a_file_is_this_tickets_trouble(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person
) -> None:
    desk.switches.attachment_limit = 10
    with pytest.raises(RemoteRefusedTicket, match="attachments"):
        await tracker.update(str(ana.raise_ticket("x", "y").id), Fields(), (Upload("a", "text/plain", b"x" * 11),))


@pytest.mark.parametrize("is_gone", [False, True])
async def test_what_is_in_the_trash_is_not_listed_and_cannot_be_written(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, clock: Clock, is_gone: bool
) -> None:
    desk.switches.trashed_is_gone = is_gone
    ticket_id = ana.raise_ticket("x", "y").id
    ana.trash(ticket_id)
    assert (await tracker.changed_since(clock.since)).sightings == ()
    with pytest.raises(RemoteGone):
        await tracker.update(str(ticket_id), Fields({"status": "Closed"}))
    with pytest.raises(RemoteGone):
        await tracker.add_comment(str(ticket_id), "x", LINE)
    if is_gone:
        with pytest.raises(RemoteGone):
            await tracker.read(str(ticket_id))
    else:
        assert (await tracker.read(str(ticket_id))).state is TicketState.TRASHED


async def test_spam_is_answered_with_its_state(tracker: FreshserviceTracker, ana: Person, clock: Clock) -> None:
    ticket_id = ana.raise_ticket("x", "y").id
    ana.mark_spam(ticket_id)
    assert (await tracker.read(str(ticket_id))).state is TicketState.SPAM
    assert (await tracker.changed_since(clock.since)).sightings == ()


async def test_checklist_6_old_tickets_that_moved_are_listed(
    tracker: FreshserviceTracker, ana: Person, clock: Clock
) -> None:
    ticket_id = ana.raise_ticket("x", "y").id
    clock.seconds += 40 * 86400
    ana.edit(ticket_id, priority="High")
    page = await tracker.changed_since(clock.now() - timedelta(minutes=5))
    assert [sighting.ticket_id for sighting in page.sightings] == [str(ticket_id)]


async def test_i1_a_list_whose_records_move_between_pages_shows_what_stands_still(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, clock: Clock
) -> None:
    """What leaves a page shifts the rest: one may be skipped, and the overlap of the next round brings it."""
    desk.switches.most_per_page = 2
    ids = [ana.raise_ticket(f"t{number}", "y").id for number in range(6)]
    desk.faults.after_page = lambda number: ana.trash(ids[0]) if number == 1 else None
    seen: set[str] = set()
    for _ in range(2):
        page: str | None = None
        while True:
            found = await tracker.changed_since(clock.since, page)
            seen |= {sighting.ticket_id for sighting in found.sightings}
            page = found.next
            if page is None:
                break
        desk.faults.after_page = None
    assert seen >= {str(number) for number in ids[1:]}


async def test_all_workspaces_are_seen_and_each_ticket_by_its_own_form(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, clock: Clock
) -> None:
    second = desk.people.add_workspace("HR")
    desk.form.add_custom("only_there", "text", workspace_id=second.id)
    desk.people.change_agent(desk.people.bridge, workspace_ids=(2, second.id))
    ana.raise_ticket("in IT", "y")
    other = ana.raise_ticket("in HR", "y", workspace_id=second.id, custom_fields={"only_there": "z"})
    assert len((await tracker.changed_since(clock.since)).sightings) == 2
    assert (await tracker.read(str(other.id))).fields["custom.only_there"] == "z"
    mine = replace(tracker, workspace=second.id)
    assert [s.ticket_id for s in (await mine.changed_since(clock.since)).sightings] == [str(other.id)]
    made = await mine.create(rich(**{"custom.only_there": "w"}))
    assert desk.ticket(int(made.ticket_id)).workspace_id == second.id
    listed = (await mine.changed_since(clock.since)).sightings
    assert made.sighting in listed


async def test_checklist_11_a_new_status_is_learned_and_a_removed_one_is_refused(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, clock: Clock
) -> None:
    ticket_id = str(ana.raise_ticket("x", "y").id)
    await tracker.read(ticket_id)
    desk.form.add_status("With the supplier")
    ana.edit(int(ticket_id), status="With the supplier")
    clock.seconds += 31
    assert (await tracker.read(ticket_id)).fields["status"] == "With the supplier"
    desk.form.remove_choice("status", "Pending")
    with pytest.raises(RemoteRefusedTicket, match=r"status \(invalid value\)"):
        await tracker.update(ticket_id, Fields({"status": "Pending"}))
    labels = (await tracker.facts()).labels("status")
    assert labels == ("Open", "Resolved", "Closed", "With the supplier")


async def test_without_the_right_to_see_the_form_tickets_still_travel(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, clock: Clock
) -> None:
    desk.people.change_agent(desk.people.bridge, may_see_fields=False)
    written = await tracker.create(rich())
    assert (await tracker.read(written.ticket_id)).fields["priority"] == "Urgent"
    assert await the_sighting(tracker, clock, written.ticket_id) == written.sighting


async def test_what_the_form_demands_is_named(desk: FreshserviceStandIn, tracker: FreshserviceTracker) -> None:
    desk.form.add_custom("affected_site", "dropdown", choices=("Ghent",), required=True)
    assert "custom.affected_site" in (await tracker.facts()).required
    with pytest.raises(RemoteRefusedTicket, match=r"affected_site.* \(missing field\)"):
        await tracker.create(rich())


async def test_the_accounts_own_rules_show_in_what_was_written(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, clock: Clock
) -> None:
    """A rule that runs after the create is a change like any other: the list shows it."""
    desk.switches.business_rule = {"priority": 3}
    written = await tracker.create(rich())
    seen = await the_sighting(tracker, clock, written.ticket_id)
    assert (seen != written.sighting) == (written.fields["priority"] != "High")
    assert (await tracker.read(written.ticket_id)).fields["priority"] == "High"


@pytest.mark.parametrize("trouble", [Trouble.LOST, Trouble.CUT, Trouble.ERROR_AFTER, Trouble.NOT_JSON])
@pytest.mark.usefixtures("ana")
async def test_i2_what_may_have_happened_is_unavailable_once_and_can_be_found(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, clock: Clock, trouble: Trouble
) -> None:
    """Checklist 3: a write is never repeated here."""
    desk.faults.add(trouble, method="POST", path="tickets$")
    with pytest.raises(RemoteUnavailable):
        await tracker.create(rich())
    found = await tracker.find_marked(CODE, clock.since)
    assert found is not None
    assert len(desk.tickets) == 1
    desk.faults.add(trouble, method="POST", path="tickets/1/notes")
    with pytest.raises(RemoteUnavailable):
        await tracker.add_comment(found.ticket_id, "x", LINE)
    assert [comment.marker for comment in (await tracker.read(found.ticket_id)).comments] == [CODE]
    desk.faults.add(trouble, method="PUT", path="tickets/1")
    with pytest.raises(RemoteUnavailable):
        await tracker.update(found.ticket_id, Fields({"status": "Closed"}))
    assert (await tracker.read(found.ticket_id)).fields["status"] == "Closed"


@pytest.mark.parametrize(
    ("trouble", "family"),
    [
        (Trouble.RESET, RemoteUnavailable),
        (Trouble.ERROR, RemoteUnavailable),
        (Trouble.TOO_MANY, RemoteUnavailable),
        (Trouble.KEY_REFUSED, RemoteRefusedUs),
        (Trouble.FORBIDDEN, RemoteRefusedTicket),
        (Trouble.GONE, RemoteGone),
        (Trouble.CONFLICT, RemoteRefusedTicket),
        (Trouble.UNPROCESSABLE, RemoteRefusedTicket),
    ],
)
async def test_checklist_4_each_trouble_is_somebodys_move(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, trouble: Trouble, family: type[Exception]
) -> None:
    ticket_id = str(ana.raise_ticket("x", "y").id)
    desk.faults.add(trouble, method="PUT")
    with pytest.raises(family):
        await tracker.update(ticket_id, Fields({"status": "Closed"}))


@pytest.mark.parametrize("plan", [STARTER, GROWTH, HOURLY])
async def test_i12_a_busy_account_never_refuses_us(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, clock: Clock, plan: object
) -> None:
    """G11 on a small scale: 150 tickets created, read and written; the clock moves as fast as the budget asks."""
    desk.limits.change(plan)  # type: ignore[arg-type]
    started, done = clock.seconds, 0
    while done < 150:
        try:
            made = await tracker.create(rich())
            await tracker.read(made.ticket_id)
            await tracker.update(made.ticket_id, Fields({"status": "Closed"}))
            done += 1
        except RemoteUnavailable as later:
            clock.seconds += later.retry_after or 1e9
        clock.seconds += 0.05
    assert desk.limits.refused == 0
    assert clock.seconds - started < 3600


async def test_an_inactive_key_of_a_limited_agent_is_refused(
    desk: FreshserviceStandIn, http_session: aiohttp.ClientSession, clock: Clock, ana: Person
) -> None:
    desk.limited_keys.add("limited")
    with pytest.raises(RemoteRefusedUs, match="may not read tickets"):
        await opened(desk, http_session, clock, Secret("limited")).read(str(ana.raise_ticket("x", "y").id))


async def test_a_rotated_key_is_refused_on_any_call(
    desk: FreshserviceStandIn, tracker: FreshserviceTracker, ana: Person, clock: Clock
) -> None:
    ticket_id = str(ana.raise_ticket("x", "y").id)
    await tracker.read(ticket_id)
    desk.rotate_key(KEY.reveal())
    for call in (
        tracker.read(ticket_id),
        tracker.changed_since(clock.since),
        tracker.add_comment(ticket_id, "x", LINE),
    ):
        with pytest.raises(RemoteRefusedUs):
            await call
