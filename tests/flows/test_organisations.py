"""A workspace's own things: its name, the Homes and cards it was shown, what was denied."""

from flows.invitations import enter_number
from flows.organisations import (
    audit_denied,
    card,
    homes,
    notice_line,
    number_to_tell,
    register,
    remember_card,
    remember_home,
)
from tests.flows.sides import Pair, accepted, offered


async def test_a_workspace_keeps_its_organisation_and_follows_its_name(pair: Pair) -> None:
    again = await register(pair.acme.node, team_id="T0ACME", name="Acme Ltd")
    assert (again.id, again.name) == (pair.acme.id, "Acme Ltd")


async def test_homes_and_cards_are_remembered(pair: Pair) -> None:
    node, own = pair.acme.node, pair.acme.id
    for user in ("U2", "U1", "U2"):
        await remember_home(node, own, user)
    assert sorted(await homes(node, own)) == ["U1", "U2"]
    made = await offered(pair)
    assert await card(node, own, made.connection.id, "claim") is None
    for ts in ("1.0", "2.0"):
        await remember_card(node, own, made.connection.id, "claim", channel="D1", ts=ts)
    assert await card(node, own, made.connection.id, "claim") == ("D1", "2.0")


async def test_the_number_is_told_at_the_partner_only_and_only_while_it_is_wanted(pair: Pair) -> None:
    made = await offered(pair)
    answer = await accepted(pair.globex, made)
    assert await number_to_tell(pair.globex.node, pair.globex.id, answer.connection.id) == answer.number
    assert await number_to_tell(pair.acme.node, pair.acme.id, made.connection.id) is None
    await enter_number(pair.acme.node, pair.acme.actor, made.connection.id, answer.number or "")
    await pair.globex.exchange()
    assert await number_to_tell(pair.globex.node, pair.globex.id, answer.connection.id) is None


async def test_a_notice_finds_its_connection_as_it_is_now(pair: Pair) -> None:
    made = await offered(pair)
    line = await notice_line(pair.acme.node, pair.acme.id, made.connection.id)
    assert line is not None and line.connection == made.connection
    assert await notice_line(pair.globex.node, pair.globex.id, made.connection.id) is None  # another organisation's


async def test_what_was_denied_is_in_the_audit(pair: Pair) -> None:
    await audit_denied(pair.acme.node, pair.acme.id, team_id="T9", user_id="U9", action="command close: outsider")
    entries = await pair.acme.node.store.read(pair.acme.id, lambda tx: tx.audit.all(1))
    assert (entries[0].action, entries[0].object, entries[0].outcome) == (
        "denied",
        "command close: outsider",
        "refused",
    )
    assert (entries[0].actor_user, entries[0].actor_team) == ("U9", "T9")
