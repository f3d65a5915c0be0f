"""The partner's half: what a code may offer, what is kept of it, and when it is spent."""

from dataclasses import replace

import pytest

from flows.accept import accept, decline, read_offer
from flows.errors import FieldErrors, NoDesk, NotFound, OfferNotUsable, PartnerNotReachable, TooMany
from flows.organisations import register
from pairing.code import InvitationCode, read_code
from pairing.connection import ConnectionState
from pairing.errors import CodeNotReadable
from pairing.invitation import InvitationState
from pairing.notice import NoticeKind
from pairing.organisation import Actor
from pairing.terms import ConflictPolicy, Reach, RulesMode, Side
from tests.flows.sides import ACME_URL, GLOBEX_URL, Pair, accepted, lost_on_the_way, offered


async def test_a_look_spends_nothing_and_seals_the_code_for_an_hour(pair: Pair) -> None:
    made = await offered(pair, rules=RulesMode.SCRIPT, policy=ConflictPolicy.INVITEE)
    offer = await read_offer(pair.globex.node, pair.globex.actor, f"See <{made.code.reveal()}>, thanks")
    assert (offer.host, offer.unencrypted) == ("bridge.acme.example", False)
    assert (offer.terms.organisation, offer.terms.rules, offer.terms.policy) == (
        "Acme", RulesMode.SCRIPT, ConflictPolicy.INVITEE,
    )  # fmt: skip
    assert (offer.proposed_local, offer.proposed_remote, offer.proposed_name) == ("globex", "acme", "globex_to_acme")
    assert await pair.globex.connections() == () and (await pair.acme.invitation()).state is InvitationState.OPEN
    assert await pair.globex.secret("offer", offer.ref) is not None
    pair.clock.advance(minutes=61)
    assert await pair.globex.secret("offer", offer.ref) is None
    with pytest.raises(NotFound):
        await accept(pair.globex.node, pair.globex.actor, offer.ref, desk_id="", local_name="", remote_name="", name="")


async def test_our_half_is_what_was_read_and_chosen(pair: Pair) -> None:
    made = await offered(pair)
    answer = await accepted(pair.globex, made)
    half = await pair.globex.connection()
    assert half == answer.connection
    assert (half.side, half.reach, half.state) == (Side.INVITEE, Reach.PRIVATE, ConnectionState.PENDING)
    assert (half.their_url, half.their_id, half.their_key) == (
        ACME_URL,
        made.connection.our_id,
        made.connection.our_key,
    )
    assert (half.partner_name, half.description) == ("Acme", "A canary description")
    assert answer.number and not answer.activates_at_once
    ours = await pair.acme.connection()
    assert (ours.their_id, ours.their_key, ours.their_url) == (half.our_id, half.our_key, None)
    assert (ours.partner_name, ours.partner_team, ours.partner_desk) == ("Globex", "T0GLOBEX", "memory")


async def test_in_a_public_one_the_inviter_learns_the_address(pair: Pair) -> None:
    await accepted(pair.globex, await offered(pair, Reach.PUBLIC))
    assert (await pair.acme.connection()).their_url == GLOBEX_URL


async def test_where_no_number_is_wanted_the_dialog_says_so(pair: Pair) -> None:
    answer = await accepted(pair.globex, await offered(pair, auto=True))
    assert answer.activates_at_once and answer.connection.state is ConnectionState.ACTIVE
    assert await pair.globex.notices() == [NoticeKind.ACTIVE]


async def test_in_a_public_one_without_a_number_it_waits_for_the_two_nodes(pair: Pair) -> None:
    answer = await accepted(pair.globex, await offered(pair, Reach.PUBLIC, auto=True))
    assert answer.activates_at_once and answer.connection.state is ConnectionState.PENDING
    assert await pair.globex.notices() == []


async def test_what_is_wrong_is_said_field_by_field(pair: Pair) -> None:
    made = await offered(pair)
    offer = await read_offer(pair.globex.node, pair.globex.actor, made.code.reveal())
    with pytest.raises(FieldErrors) as wrong:
        await accept(
            pair.globex.node, pair.globex.actor, offer.ref, desk_id="none", local_name="A B", remote_name="", name="?"
        )
    assert set(wrong.value.fields) == {"desk_id", "local_name", "remote_name", "name"}
    with pytest.raises(FieldErrors) as same:
        await accept(
            pair.globex.node, pair.globex.actor, offer.ref, desk_id=pair.globex.desk.id,
            local_name="acme", remote_name="acme", name="fine",
        )  # fmt: skip
    assert set(same.value.fields) == {"remote_name"}
    assert (await pair.acme.invitation()).state is InvitationState.OPEN


async def test_a_taken_name_is_no_name(pair: Pair) -> None:
    await accepted(pair.globex, await offered(pair))
    other = await offered(pair, name="another", remote_name="hooli")
    with pytest.raises(FieldErrors, match="There is a connection `globex_to_acme` already"):
        await accepted(pair.globex, other)


async def test_a_refusal_that_leaves_the_code_good_leaves_the_dialog_good(local: Pair) -> None:
    made = await offered(local, Reach.LOCAL)
    offer = await read_offer(local.acme.node, local.acme.actor, made.code.reveal())
    chosen = {"local_name": "us", "remote_name": "them", "name": "us_to_them"}
    with pytest.raises(OfferNotUsable) as refused:
        await accept(local.acme.node, local.acme.actor, offer.ref, desk_id=local.acme.desk.id, **chosen)
    assert refused.value.refusal == "self_connection"
    assert len(await local.acme.connections()) == 1
    with pytest.raises(OfferNotUsable):
        await accept(local.acme.node, local.acme.actor, offer.ref, desk_id=local.acme.desk.id, **chosen)


async def test_a_used_dialog_is_used(pair: Pair) -> None:
    made = await offered(pair)
    offer = await read_offer(pair.globex.node, pair.globex.actor, made.code.reveal())
    chosen = {"desk_id": pair.globex.desk.id, "local_name": "globex", "remote_name": "acme"}
    await accept(pair.globex.node, pair.globex.actor, offer.ref, name="one", **chosen)
    with pytest.raises(NotFound):
        await accept(pair.globex.node, pair.globex.actor, offer.ref, name="two", **chosen)


async def test_declining_tells_the_inviter_why(pair: Pair) -> None:
    made = await offered(pair)
    offer = await read_offer(pair.globex.node, pair.globex.actor, made.code.reveal())
    with pytest.raises(FieldErrors):
        await decline(pair.globex.node, pair.globex.actor, offer.ref, "x" * 201)
    await decline(pair.globex.node, pair.globex.actor, offer.ref, " Not  us\u202e ")
    assert (await pair.acme.invitation()).state is InvitationState.DECLINED
    assert [(n.kind, n.text) for n in await pair.acme.told()] == [(NoticeKind.DECLINED, "Not us")]
    assert (await pair.acme.connection()).state is ConnectionState.CLOSED
    with pytest.raises(NotFound):
        await decline(pair.globex.node, pair.globex.actor, offer.ref, "")
    again = await offered(pair)
    offer = await read_offer(pair.globex.node, pair.globex.actor, again.code.reveal())
    await accepted(pair.globex, again)
    with pytest.raises(OfferNotUsable, match="This code was used already"):
        await decline(pair.globex.node, pair.globex.actor, offer.ref, "")


async def test_nobody_there_spends_nothing(pair: Pair) -> None:
    made = await offered(pair)
    offer = await read_offer(pair.globex.node, pair.globex.actor, made.code.reveal())
    pair.globex.spoil = lost_on_the_way
    with pytest.raises(PartnerNotReachable, match="Nothing was spent"):
        await read_offer(pair.globex.node, pair.globex.actor, made.code.reveal())
    with pytest.raises(PartnerNotReachable):
        await decline(pair.globex.node, pair.globex.actor, offer.ref, "")


async def test_a_code_and_a_node_that_contradict_each_other(pair: Pair) -> None:
    made = await offered(pair, Reach.PRIVATE)
    code = replace(read_code(made.code.reveal()), reach=Reach.PUBLIC)
    with pytest.raises(OfferNotUsable, match="contradict each other"):
        await read_offer(pair.globex.node, pair.globex.actor, code.text)


async def test_codes_that_this_node_cannot_use(pair: Pair) -> None:
    node = replace(pair.globex.node, address=None)
    public = InvitationCode(Reach.PUBLIC, b"t" * 16, b"c" * 32, ACME_URL)
    with pytest.raises(OfferNotUsable, match="for a node that has a URL, and this one has none"):
        await read_offer(node, pair.globex.actor, public.text)
    elsewhere = InvitationCode(Reach.LOCAL, b"t" * 16, b"c" * 32, "local:" + "a" * 26)
    with pytest.raises(OfferNotUsable, match="made on another one"):
        await read_offer(node, pair.globex.actor, elsewhere.text)
    with pytest.raises(CodeNotReadable):
        await read_offer(node, pair.globex.actor, "nothing")


async def test_without_a_desk_there_is_nothing_to_connect(pair: Pair) -> None:
    made = await offered(pair)
    other = await register(pair.globex.node, team_id="T0HOOLI", name="Hooli")
    with pytest.raises(NoDesk):
        await read_offer(pair.globex.node, Actor(other.id, "T0HOOLI", "U0HAL"), made.code.reveal())


async def test_ten_looks_and_five_acceptances_an_hour_are_enough_for_anybody(pair: Pair) -> None:
    made = await offered(pair)
    for _ in range(10):
        await read_offer(pair.globex.node, pair.globex.actor, made.code.reveal())
    with pytest.raises(TooMany, match="You looked at 10 codes within an hour"):
        await read_offer(pair.globex.node, pair.globex.actor, made.code.reveal())
    pair.clock.advance(minutes=61)
    await read_offer(pair.globex.node, pair.globex.actor, made.code.reveal())
    for number in range(5):
        other = await offered(pair, name=f"number-{number}", remote_name=f"r{number}")
        await accepted(pair.globex, other, name=f"half-{number}")
    last = await offered(pair, name="last", remote_name="last")
    with pytest.raises(TooMany, match="You accepted 5 codes within an hour"):
        await accepted(pair.globex, last, name="half-last")
    assert (await pair.acme.node.store.read(pair.acme.id, lambda tx: tx.invitations.open_count())) == 2
