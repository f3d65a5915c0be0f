"""What waits, and how the initiator ends it."""

import asyncio

import pytest

from flows.accept import Accepted
from flows.errors import NotFound, PartnerNotReachable, WrongNumber
from flows.invitations import cancel, enter_number, expire, pending, reject
from pairing.connection import Connection, ConnectionState
from pairing.errors import InvitationExpired, InvitationSpent, MoveNotPossible
from pairing.invitation import InvitationState
from pairing.notice import NoticeKind
from pairing.terms import Reach
from tests.flows.sides import Pair, accepted, as_it_is, lost_on_the_way, offered, wrong


async def claimed(pair: Pair, reach: Reach = Reach.PRIVATE, **changes: object) -> tuple[Connection, Accepted]:
    made = await offered(pair, reach, **changes)
    return made.connection, await accepted(pair.globex, made)


async def test_what_waits_is_listed_oldest_first_until_it_is_decided(pair: Pair) -> None:
    for name in ("one", "two", "three"):
        await offered(pair, name=name, remote_name=name)
        pair.clock.advance(seconds=1)
    assert [found.connection.name for found in await pending(pair.acme.node, pair.acme.actor)] == [
        "one",
        "two",
        "three",
    ]
    await cancel(pair.acme.node, pair.acme.actor, " TWO ")
    assert [found.connection.name for found in await pending(pair.acme.node, pair.acme.actor)] == ["one", "three"]


async def test_a_handle_cancels_too_and_an_unknown_name_lists_what_there_is(pair: Pair) -> None:
    with pytest.raises(NotFound, match="No invitation is waiting"):
        await cancel(pair.acme.node, pair.acme.actor, "acme_to_globex")
    made = await offered(pair)
    with pytest.raises(NotFound, match="These are: `acme_to_globex`"):
        await cancel(pair.acme.node, pair.acme.actor, "something")
    gone = await cancel(pair.acme.node, pair.acme.actor, made.invitation.handle)
    assert (gone.invitation.state, gone.connection.closed_reason) == (InvitationState.REVOKED, "cancelled")


async def test_the_right_number_activates_our_half(pair: Pair) -> None:
    connection, answer = await claimed(pair)
    active = await enter_number(pair.acme.node, pair.acme.actor, connection.id, answer.number or "")
    assert (active.state, active.approved_by) == (ConnectionState.ACTIVE, "U0ACME")
    assert (await pair.acme.notices()) == [NoticeKind.CLAIMED, NoticeKind.ACTIVE]
    assert await pair.acme.secret("number", connection.id) is None
    with pytest.raises(InvitationSpent):
        await reject(pair.acme.node, pair.acme.actor, connection.id)


async def test_three_wrong_numbers_close_it(pair: Pair) -> None:
    connection, answer = await claimed(pair)
    number = answer.number or ""
    for left in (2, 1, 0):
        with pytest.raises(WrongNumber) as error:
            await enter_number(pair.acme.node, pair.acme.actor, connection.id, wrong(number))
        assert error.value.tries_left == left
    invitation = await pair.acme.invitation()
    assert (invitation.state, invitation.reason) == (InvitationState.REJECTED, "wrong number")
    assert (await pair.acme.connection()).closed_reason == "wrong number"
    with pytest.raises(InvitationSpent):
        await enter_number(pair.acme.node, pair.acme.actor, connection.id, number)
    assert (await pair.acme.audit()).count("wrong_number refused") == 2


async def test_tries_made_at_the_same_time_all_count(any_pair: Pair) -> None:
    connection, answer = await claimed(any_pair)
    acme = any_pair.acme
    tries = (enter_number(acme.node, acme.actor, connection.id, wrong(answer.number or "")) for _ in range(8))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, WrongNumber) for one in outcomes) == 3
    assert sum(isinstance(one, InvitationSpent) for one in outcomes) == 5
    assert (await any_pair.acme.invitation()).state is InvitationState.REJECTED


async def test_the_right_number_typed_twice_at_once_approves_once(any_pair: Pair) -> None:
    connection, answer = await claimed(any_pair)
    acme = any_pair.acme
    tries = (enter_number(acme.node, acme.actor, connection.id, answer.number or "") for _ in range(4))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert any(isinstance(one, Connection) for one in outcomes)
    assert all(isinstance(one, Connection | InvitationSpent) for one in outcomes)
    assert (await acme.notices()).count(NoticeKind.ACTIVE) == 1


async def test_before_the_code_was_used_there_is_nothing_to_confirm(pair: Pair) -> None:
    made = await offered(pair)
    with pytest.raises(MoveNotPossible, match="Nobody has used this code yet"):
        await enter_number(pair.acme.node, pair.acme.actor, made.connection.id, "123456")
    with pytest.raises(MoveNotPossible):
        await reject(pair.acme.node, pair.acme.actor, made.connection.id)
    with pytest.raises(NotFound):
        await enter_number(pair.acme.node, pair.acme.actor, "x" * 26, "123456")


async def test_a_right_number_without_a_proved_address_uses_up_no_try(pair: Pair) -> None:
    connection, answer = await claimed(pair, Reach.PUBLIC)
    pair.acme.spoil = lost_on_the_way
    for _ in range(4):
        with pytest.raises(PartnerNotReachable):
            await enter_number(pair.acme.node, pair.acme.actor, connection.id, answer.number or "")
    assert (await pair.acme.invitation()).tries == 0
    pair.acme.spoil = as_it_is
    assert (await enter_number(pair.acme.node, pair.acme.actor, connection.id, answer.number or "")).is_open


async def test_a_number_typed_where_none_was_wanted_helps_too(pair: Pair) -> None:
    connection, answer = await claimed(pair, Reach.PUBLIC, auto=True)
    active = await enter_number(pair.acme.node, pair.acme.actor, connection.id, answer.number or "")
    assert active.state is ConnectionState.ACTIVE
    assert (await pair.acme.notices()).count(NoticeKind.ACTIVE) == 1


async def test_time_ends_what_nobody_used_and_what_nobody_decided(pair: Pair) -> None:
    made = await offered(pair)
    await expire(pair.acme.node, pair.acme.id, made.invitation.id)
    assert (await pair.acme.invitation()).state is InvitationState.OPEN  # not before its time
    pair.clock.advance(hours=24)
    for _ in range(2):
        await expire(pair.acme.node, pair.acme.id, made.invitation.id)
    assert (await pair.acme.invitation()).state is InvitationState.EXPIRED
    assert await pair.acme.notices() == [NoticeKind.EXPIRED]
    with pytest.raises(InvitationExpired):
        await enter_number(pair.acme.node, pair.acme.actor, made.connection.id, "123456")
