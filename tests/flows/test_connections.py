"""Looking at connections and moving them, at the level of the flow."""

import pytest

from flows.connections import close, edit, line_of, overview, pause, resume, status
from flows.errors import FieldErrors, NotFound
from flows.invitations import cancel
from pairing.connection import ConnectionState
from pairing.errors import MoveNotPossible
from pairing.invitation import InvitationState
from pairing.terms import Reach
from storage.store import Transaction
from sync.envelope import CLOSE, PAUSE, RESUME
from tests.flows.sides import Half, Pair, accepted, connected, offered


async def waiting(half: Half) -> list[tuple[str, str]]:
    connection = await half.connection()

    def read(tx: Transaction) -> list[tuple[str, str]]:
        envelopes, _ = tx.outbox.batch(connection.id, max_bytes=10**6)
        return [(envelope.type, envelope.body) for envelope in envelopes]

    return await half.node.store.read(half.id, read)


async def test_the_overview_leaves_out_offers_that_came_to_nothing(pair: Pair) -> None:
    await connected(pair)
    await offered(pair, name="an_offer", remote_name="other")
    await offered(pair, name="withdrawn", remote_name="third")
    await cancel(pair.acme.node, pair.acme.actor, "withdrawn")
    lines = await overview(pair.acme.node, pair.acme.actor)
    assert [line.connection.name for line in lines] == ["acme_to_globex", "an_offer"]
    await close(pair.acme.node, pair.acme.actor, "acme_to_globex")
    lines = await overview(pair.acme.node, pair.acme.actor)
    assert [line.connection.name for line in lines] == ["an_offer", "acme_to_globex"]


async def test_a_line_says_what_it_waits_for(pair: Pair) -> None:
    made = await offered(pair)
    line = await status(pair.acme.node, pair.acme.actor, "`ACME_to_globex` ")
    assert line.invitation is not None and not line.needs_number and line.desk == pair.acme.desk
    await accepted(pair.globex, made)
    assert (await status(pair.acme.node, pair.acme.actor, "acme_to_globex")).needs_number
    theirs = await status(pair.globex.node, pair.globex.actor, "globex_to_acme")
    assert theirs.invitation is None and not theirs.needs_number
    nobody = await pair.acme.node.store.read(pair.acme.id, lambda tx: line_of(tx, "x" * 26))
    assert nobody is None


async def test_an_unknown_name_names_the_known_ones(pair: Pair) -> None:
    with pytest.raises(NotFound, match="There is none yet"):
        await status(pair.acme.node, pair.acme.actor, "nothing")
    await offered(pair)
    with pytest.raises(NotFound, match="These are: `acme_to_globex`"):
        await pause(pair.acme.node, pair.acme.actor, "nothing")


async def test_pausing_queues_one_envelope_and_resuming_another(pair: Pair) -> None:
    await connected(pair)
    assert (await pause(pair.acme.node, pair.acme.actor, "acme_to_globex")).paused_by_us
    with pytest.raises(MoveNotPossible):
        await pause(pair.acme.node, pair.acme.actor, "acme_to_globex")
    assert (await resume(pair.acme.node, pair.acme.actor, "acme_to_globex")).state is ConnectionState.ACTIVE
    assert [kind for kind, _ in await waiting(pair.acme)] == [PAUSE, RESUME]


async def test_where_the_partner_can_be_called_a_close_is_sent(pair: Pair) -> None:
    await connected(pair, Reach.PUBLIC)
    await pause(pair.acme.node, pair.acme.actor, "acme_to_globex")
    closed = await close(pair.acme.node, pair.acme.actor, "acme_to_globex", "Over")
    assert (closed.state, closed.closed_reason) == (ConnectionState.CLOSED, "Over")
    assert await waiting(pair.acme) == [(CLOSE, '{"reason": "Over"}')]


async def test_where_it_cannot_be_called_nothing_is_left_to_send(pair: Pair) -> None:
    await connected(pair)
    await pause(pair.acme.node, pair.acme.actor, "acme_to_globex")
    await close(pair.acme.node, pair.acme.actor, "acme_to_globex")
    assert await waiting(pair.acme) == []
    with pytest.raises(NotFound):
        await close(pair.acme.node, pair.acme.actor, "acme_to_globex")


async def test_closing_an_offer_takes_its_code_back(pair: Pair) -> None:
    await offered(pair)
    await close(pair.acme.node, pair.acme.actor, "acme_to_globex")
    assert (await pair.acme.invitation()).state is InvitationState.REVOKED


async def test_renaming_checks_the_name_and_keeps_the_rest(pair: Pair) -> None:
    ours, _ = await connected(pair)
    await offered(pair, name="other", remote_name="other")
    node, actor = pair.acme.node, pair.acme.actor
    renamed = await edit(node, actor, ours.id, name="Partners", description=" Words ")
    assert (renamed.name, renamed.description, renamed.state) == ("partners", "Words", ConnectionState.ACTIVE)
    for name, description, field in (("other", "", "name"), ("a b", "", "name"), ("fine", "x" * 301, "description")):
        with pytest.raises(FieldErrors) as wrong:
            await edit(node, actor, ours.id, name=name, description=description)
        assert set(wrong.value.fields) == {field}
    with pytest.raises(NotFound):
        await edit(node, actor, "x" * 26, name="fine", description="")
    await close(node, actor, "partners")
    with pytest.raises(MoveNotPossible):
        await edit(node, actor, ours.id, name="again", description="")


async def test_other_organisations_see_none_of_it(local: Pair) -> None:
    await offered(local, Reach.LOCAL)
    assert await overview(local.globex.node, local.globex.actor) == ()
    with pytest.raises(NotFound, match="There is none yet"):
        await close(local.globex.node, local.globex.actor, "acme_to_globex")
