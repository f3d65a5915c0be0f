import asyncio
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from storage.errors import RowConflict, RowGone
from storage.store import Store, Transaction
from sync.errors import RemoteConflict
from sync.fields import Fields
from sync.link import Link, LinkState, OwnChange, Trace, TraceKind
from tests.storage import samples

ID = samples.connection().id
LINK = samples.link()
FULL = Link(
    id=samples.some_id("full"),
    connection_id=ID,
    our_ticket="15",
    their_ticket="t15",
    born_here=True,
    state=LinkState.ASKED,
    reason="why",
    revision=7,
    seen=Fields(
        {"summary": "Ünïcode 🌉", "priority": 3, "hours": 1.5, "urgent": True, "due": None, "tags": ("a", "b")}
    ),
    let_out=Fields({"description": "a NUL \x00, half a pair \ud83c, a quote ' and a \\ in it"}),
    received=Fields({"": ""}),
    own=(OwnChange("status", 4, samples.NOW), OwnChange("priority", 5, samples.NOW + timedelta(seconds=1))),
    sent_number=2**40,
    applied_number=6,
    their_shown="#t15",
    their_url="https://globex.example/15",
    marker="a" * 12,
    unlooked_since=samples.NOW - timedelta(seconds=9),
)


async def test_every_field_comes_back_as_it_was(store: Store) -> None:
    assert all(getattr(FULL, field.name) for field in fields(FULL)), "a field without a value proves nothing"
    organisation_id = await samples.linked(store, FULL)
    found = await store.read(organisation_id, lambda tx: tx.links.by_id(FULL.id))
    assert found == FULL
    assert [type(value) for value in found.seen.values()] == [type(value) for value in FULL.seen.values()]


async def test_saving_replaces_every_field_and_counts(store: Store) -> None:
    organisation_id = await samples.linked(store)
    saved = replace(FULL, id=LINK.id, revision=0)
    await store.run(organisation_id, lambda tx: tx.links.save(saved))
    assert await store.read(organisation_id, lambda tx: tx.links.by_id(LINK.id)) == replace(saved, revision=1)


async def test_i3_a_link_that_somebody_saved_meanwhile_is_not_overwritten(store: Store) -> None:
    organisation_id = await samples.linked(store)
    read_before = await store.read(organisation_id, lambda tx: tx.links.by_id(LINK.id))
    await store.run(organisation_id, lambda tx: tx.links.save(replace(read_before, reason="theirs")))
    with pytest.raises(RemoteConflict):
        await store.run(organisation_id, lambda tx: tx.links.save(replace(read_before, reason="ours")))
    assert (await store.read(organisation_id, lambda tx: tx.links.by_id(LINK.id))).reason == "theirs"


async def test_i3_of_those_who_save_at_once_one_wins_each_time(store: Store) -> None:
    organisation_id = await samples.linked(store)

    async def count_one() -> bool:
        read_before = await store.read(organisation_id, lambda tx: tx.links.by_id(LINK.id))
        counted = replace(read_before, sent_number=read_before.sent_number + 1)
        try:
            await store.run(organisation_id, lambda tx: tx.links.save(counted))
        except RemoteConflict:
            return False
        return True

    won = (await asyncio.gather(*(count_one() for _ in range(20)))).count(True)
    after = await store.read(organisation_id, lambda tx: tx.links.by_id(LINK.id))
    assert (after.sent_number, after.revision) == (won, won)
    assert won >= 1


async def test_what_a_transaction_saved_it_reads_and_saves_again(store: Store) -> None:
    organisation_id = await samples.linked(store)

    def save_twice(tx: Transaction) -> Link:
        tx.links.save(replace(tx.links.by_id(LINK.id), reason="one"))
        tx.links.save(replace(tx.links.by_id(LINK.id), reason="two"))
        return tx.links.by_id(LINK.id)

    saved = await store.run(organisation_id, save_twice)
    assert (saved.reason, saved.revision) == ("two", 2)


@pytest.mark.parametrize("twice", [{"their_ticket": "other"}, {"our_ticket": "other"}, {"state": LinkState.CUT}])
async def test_i2_a_ticket_has_one_link_on_a_connection(store: Store, twice: dict[str, Any]) -> None:
    organisation_id = await samples.linked(store)
    second = replace(LINK, id=samples.some_id("second"), **twice)
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.links.add(second))


async def test_i2_a_link_does_not_take_the_ticket_of_another_by_being_saved(store: Store) -> None:
    other = samples.link("15")
    organisation_id = await samples.linked(store, LINK, other)
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.links.save(replace(other, our_ticket="372")))


async def test_links_whose_twin_is_not_known_yet_stand_side_by_side(store: Store) -> None:
    born_here = [samples.link(name, their_ticket=None) for name in ("1", "2")]
    born_there = [samples.link(name, our_ticket=None) for name in ("3", "4")]
    organisation_id = await samples.linked(store, *born_here, *born_there)
    assert await store.read(organisation_id, lambda tx: tx.links.count(ID)) == 4


async def test_equal_tickets_on_two_connections_have_a_link_each(store: Store) -> None:
    organisation_id = await samples.linked(store)
    other = samples.connection("other")
    second = samples.link("372", id=samples.some_id("second"), connection_id=other.id)

    def write(tx: Transaction) -> None:
        tx.connections.add(other)
        tx.links.add(second)

    await store.run(organisation_id, write)
    assert await store.read(organisation_id, lambda tx: tx.links.by_ours(other.id, "372")) == second
    assert await store.read(organisation_id, lambda tx: tx.links.by_ours(ID, "372")) == LINK


async def test_a_link_is_found_by_each_of_its_tickets(store: Store) -> None:
    organisation_id = await samples.linked(store, LINK, samples.link("15", state=LinkState.CUT))

    def look(tx: Transaction) -> list[Any]:
        return [
            tx.links.by_ours(ID, "372"),
            tx.links.by_theirs(ID, "t372"),
            tx.links.by_ours(ID, "t372"),
            tx.links.by_theirs(ID, "372"),
            tx.links.by_ours("nothing", "372"),
        ]

    assert await store.read(organisation_id, look) == [LINK, LINK, None, None, None]
    among = await store.read(organisation_id, lambda tx: tx.links.among(ID, ["372", "15", "99"]))
    assert {ticket: link.state for ticket, link in among.items()} == {"372": LinkState.LINKED, "15": LinkState.CUT}
    assert await store.read(organisation_id, lambda tx: tx.links.among(ID, [])) == {}


async def test_a_sweep_meets_every_linked_pair_once_in_the_order_of_ids(store: Store) -> None:
    linked = [samples.link(str(number)) for number in range(7)]
    cut = samples.link("cut", state=LinkState.CUT)
    organisation_id = await samples.linked(store, *reversed(linked), cut)
    met: list[Link] = []
    after = ""
    while page := await store.read(organisation_id, lambda tx, after=after: tx.links.after(ID, after, 3)):  # type: ignore[misc]
        met += page
        after = page[-1].id
    assert met == sorted(linked, key=lambda link: link.id)
    assert await store.read(organisation_id, lambda tx: tx.links.count(ID)) == 7


async def test_pairs_whose_look_was_put_off_are_found_the_longest_first_until_somebody_looked(store: Store) -> None:
    late, early, looked = (samples.link(name) for name in ("late", "early", "looked"))
    cut = samples.link("cut", state=LinkState.CUT).after_putting_off(samples.NOW)
    organisation_id = await samples.linked(
        store,
        looked,
        late.after_putting_off(samples.NOW),
        early.after_putting_off(samples.NOW - timedelta(seconds=1)).after_putting_off(samples.NOW),
        cut,
    )

    def names(tx: Transaction) -> list[str | None]:
        return [link.our_ticket for link in tx.links.unlooked(ID, 2)]

    assert await store.read(organisation_id, names) == ["early", "late"]
    seen = await store.read(organisation_id, lambda tx: tx.links.by_id(early.id))
    await store.run(organisation_id, lambda tx: tx.links.save(seen.after_looking(seen.seen, samples.NOW)))
    assert await store.read(organisation_id, names) == ["late"]


async def test_what_is_not_there_is_gone(store: Store) -> None:
    organisation_id = await samples.connected(store)
    for attempt in (lambda tx: tx.links.by_id("nothing"), lambda tx: tx.links.remove("nothing")):
        with pytest.raises(RowGone):
            await store.run(organisation_id, attempt)
    with pytest.raises(RemoteConflict):
        await store.run(organisation_id, lambda tx: tx.links.save(LINK))
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.links.add(replace(LINK, connection_id="nothing")))


async def test_a_removed_link_takes_along_what_belongs_to_it_and_frees_its_tickets(store: Store) -> None:
    organisation_id = await samples.linked(store)

    def write(tx: Transaction) -> list[Any]:
        tx.traces.put(samples.trace())
        tx.intents.add(samples.intent())
        tx.disagreements.add(samples.disagreement())
        tx.links.remove(LINK.id)
        tx.links.add(replace(LINK, id=samples.some_id("again")))
        return [
            tx.traces.of_link(LINK.id),
            tx.intents.open_of_link(LINK.id),
            tx.disagreements.find(samples.disagreement().id),
        ]

    assert await store.run(organisation_id, write) == [(), (), None]


async def test_a_removed_connection_takes_its_links_along(store: Store) -> None:
    organisation_id = await samples.linked(store)
    await store.run(organisation_id, lambda tx: tx.traces.put(samples.trace()))
    await store.run(organisation_id, lambda tx: tx.connections.remove(ID))
    assert await store.read(organisation_id, lambda tx: tx.links.by_ours(ID, "372")) is None
    assert await store.read(organisation_id, lambda tx: tx.traces.of_link(LINK.id)) == ()


FULL_TRACE = Trace(LINK.id, TraceKind.FILE, False, "f1", "g1", "digest", missing=2, marker="a" * 12)


async def test_a_trace_comes_back_as_it_was_and_is_replaced_by_its_identity(store: Store) -> None:
    assert all(getattr(FULL_TRACE, field.name) for field in fields(FULL_TRACE) if field.name != "from_us")
    organisation_id = await samples.linked(store)
    await store.run(organisation_id, lambda tx: tx.traces.put(FULL_TRACE))
    assert await store.read(organisation_id, lambda tx: tx.traces.of_link(LINK.id)) == (FULL_TRACE,)
    newer = replace(FULL_TRACE, our_id="f2", digest="other", missing=0, marker=None)
    await store.run(organisation_id, lambda tx: tx.traces.put(newer))
    assert await store.read(organisation_id, lambda tx: tx.traces.of_link(LINK.id)) == (newer,)


async def test_traces_differ_by_kind_by_side_and_by_the_id_where_they_come_from(store: Store) -> None:
    plain = Trace(LINK.id, TraceKind.COMMENT, True, "1", "1", "d")
    different = (
        plain,
        replace(plain, kind=TraceKind.FILE),
        replace(plain, from_us=False),
        replace(plain, our_id="2"),
        replace(plain, from_us=False, our_id=None, their_id="2"),
    )
    organisation_id = await samples.linked(store)
    await store.run(organisation_id, lambda tx: tx.traces.put(*different))
    await store.run(organisation_id, lambda tx: tx.traces.put(replace(different[1], digest="newer")))
    found = await store.read(organisation_id, lambda tx: tx.traces.of_link(LINK.id))
    assert found == (plain, replace(different[1], digest="newer"), *different[2:])


async def test_of_one_trace_put_twice_in_one_call_the_last_counts(store: Store) -> None:
    organisation_id = await samples.linked(store)
    first, last = samples.trace(digest="first"), samples.trace(digest="last")
    await store.run(organisation_id, lambda tx: tx.traces.put(first, samples.trace("2"), last))
    found = await store.read(organisation_id, lambda tx: {trace.our_id: trace for trace in tx.traces.of_link(LINK.id)})
    assert found == {"c1": last, "c2": samples.trace("2")}


async def test_forgotten_traces_are_gone_and_others_stay(store: Store) -> None:
    organisation_id = await samples.linked(store)

    def write(tx: Transaction) -> tuple[Trace, ...]:
        tx.traces.put(samples.trace("1"), samples.trace("2"))
        tx.traces.put()
        # Only the identity counts.
        tx.traces.forget(samples.trace("1", digest="other", their_id=None), samples.trace("3"))
        tx.traces.forget()
        return tx.traces.of_link(LINK.id)

    assert await store.run(organisation_id, write) == (samples.trace("2"),)


async def test_a_trace_needs_its_link(store: Store) -> None:
    organisation_id = await samples.connected(store)
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.traces.put(samples.trace()))
