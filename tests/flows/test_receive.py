"""The answering side: who gets a claim, what a batch may change, and what a thief or a flood gets."""

import asyncio
import secrets

import pytest

from exchange.errors import ClaimRefused
from exchange.messages import batch_body, claim_body, read_claim
from exchange.paths import CLAIM, SYNC
from exchange.ports import ReceiptKind, WireAnswer, WireRequest
from exchange.signatures import public_of, sign_request
from flows.batches import MOST_UNPROCESSED
from flows.connections import close, pause
from flows.errors import OfferNotUsable
from flows.invitations import enter_number
from flows.receive import Receiving
from pairing.code import read_code
from pairing.connection import ConnectionState
from pairing.digests import b64u
from pairing.invitation import InvitationState
from pairing.notice import NoticeKind
from pairing.terms import Reach
from storage.store import Transaction
from sync.envelope import CLOSE, PAUSE, RESUME, Batch, Envelope
from tests.flows.sides import ACME_URL, GLOBEX_URL, Half, Pair, accepted, connected, offered, wrong


def token_of(code: str) -> bytes:
    return read_code(code).token


def a_claim(code: str, *, seed: bytes, reach: Reach = Reach.PRIVATE, url: str | None = None) -> bytes:
    return claim_body(
        token=token_of(code), key=public_of(seed), side=secrets.token_hex(13).translate(_B32), reach=reach, url=url,
        name="Globex", team="T0GLOBEX", team_name="Globex", desk="memory", software="test",
    )  # fmt: skip


_B32 = str.maketrans("0123456789", "ghijklmnop")


async def posted(half: Half, body: bytes, seed: bytes, path: str = CLAIM) -> WireAnswer:
    nonce = b64u(secrets.token_bytes(16))
    headers = sign_request(
        seed, method="POST", uri=ACME_URL + path, body=body, created=int(half.clock().timestamp()), nonce=nonce
    )
    return await half.endpoint.answer(WireRequest("POST", path, headers, body, "198.51.100.7"))


def envelope(letter: str, type: str, pair: Pair, body: str = "{}") -> Envelope:
    return Envelope(letter * 26, type, pair.clock.at, body)


# --- claims


async def test_forty_claims_at_once_have_one_winner(any_pair: Pair) -> None:
    """P6."""
    made = await offered(any_pair)
    seeds = [secrets.token_bytes(32) for _ in range(40)]
    bodies = [a_claim(made.code.reveal(), seed=seed) for seed in seeds]
    answers = await asyncio.gather(
        *(posted(any_pair.acme, body, seed) for body, seed in zip(bodies, seeds, strict=True))
    )
    assert sorted(answer.status for answer in answers) == [200] + [409] * 39
    winner = next(number for number, answer in enumerate(answers) if answer.status == 200)
    ours = await any_pair.acme.connection()
    assert ours.their_key == public_of(seeds[winner])
    assert (await any_pair.acme.audit()).count("second_claim refused") == 39
    assert (await any_pair.acme.notices()).count(NoticeKind.SECOND_CLAIM) == 1
    again = await posted(any_pair.acme, bodies[winner], seeds[winner])
    assert (again.status, again.body) == (200, answers[winner].body)


async def test_the_key_stands_in_no_answer_before_a_claim_has_won(pair: Pair) -> None:
    """P5."""
    made, other = await offered(pair), await offered(pair, name="acme_to_hooli", remote_name="hooli")
    assert made.connection.our_key != other.connection.our_key
    seen: list[bytes] = []
    for code in (made.code.reveal(), other.code.reveal()):
        seed = secrets.token_bytes(32)
        seen.append(repr(await Receiving(pair.acme.node).look(token_of(code))).encode())
        wrong_reach = a_claim(code, seed=seed, reach=Reach.PUBLIC, url=GLOBEX_URL)
        seen.append((await posted(pair.acme, wrong_reach, seed)).body)
    for half in (made.connection, other.connection):
        for said in seen:
            assert half.our_key not in said and b64u(half.our_key).encode() not in said


@pytest.mark.parametrize(
    ("reach", "claimed", "url", "refusal"),
    [
        (Reach.PRIVATE, Reach.PUBLIC, GLOBEX_URL, "mode_mismatch"),
        (Reach.PUBLIC, Reach.PRIVATE, None, "mode_mismatch"),
        (Reach.PUBLIC, Reach.PUBLIC, "https://bridge.initech.example", "url_mismatch"),
    ],
)
async def test_a_claim_that_does_not_fit_leaves_the_code_usable(
    pair: Pair, reach: Reach, claimed: Reach, url: str | None, refusal: str
) -> None:
    """P3."""
    made = await offered(pair, reach)
    claim = read_claim(a_claim(made.code.reveal(), seed=secrets.token_bytes(32), reach=claimed, url=url))
    with pytest.raises(ClaimRefused) as refused:
        await Receiving(pair.acme.node).claim(claim, b"h" * 32)
    assert refused.value.code == refusal
    assert (await pair.acme.invitation()).state is InvitationState.OPEN
    assert f"claim.refused refused {refusal}" in await pair.acme.audit()
    assert (await accepted(pair.globex, made)).number is not None


async def test_the_same_desk_at_both_ends_is_refused(local: Pair) -> None:
    made = await offered(local, Reach.LOCAL)
    with pytest.raises(OfferNotUsable, match="Both ends would be the same desk"):
        await accepted(local.acme, made)
    assert (await accepted(local.globex, made)).number is not None


async def test_the_right_token_is_needed(pair: Pair) -> None:
    await offered(pair)
    with pytest.raises(ClaimRefused) as refused:
        await Receiving(pair.acme.node).look(b"w" * 16)
    assert refused.value.code == "invite_unknown"
    assert await pair.acme.audit() == ["desk.add ok memory", "invite.create ok"]


async def test_a_look_at_a_used_code_alerts_once_in_an_hour_of_attempts(pair: Pair) -> None:
    made = await offered(pair)
    await accepted(pair.globex, made)
    for minutes in (0, 1, 30, 61, 2):
        pair.clock.advance(minutes=minutes)
        with pytest.raises(ClaimRefused):
            await Receiving(pair.acme.node).look(token_of(made.code.reveal()))
    # The last attempt before the fourth was 61 minutes earlier; the fifth came two minutes after it.
    assert (await pair.acme.notices()).count(NoticeKind.SECOND_CLAIM) == 2
    assert (await pair.acme.audit()).count("second_claim refused") == 5


async def test_a_code_long_past_its_time_alerts_nobody(pair: Pair) -> None:
    made = await offered(pair)
    answer = await accepted(pair.globex, made)
    await enter_number(pair.acme.node, pair.acme.actor, made.connection.id, answer.number or "")
    with pytest.raises(ClaimRefused):
        await Receiving(pair.acme.node).look(token_of(made.code.reveal()))
    assert (await pair.acme.notices()).count(NoticeKind.SECOND_CLAIM) == 1
    pair.clock.advance(days=2)
    with pytest.raises(ClaimRefused):
        await Receiving(pair.acme.node).look(token_of(made.code.reveal()))
    assert (await pair.acme.notices()).count(NoticeKind.SECOND_CLAIM) == 1


async def test_an_answer_that_was_lost_until_after_the_close_can_still_be_given(pair: Pair) -> None:
    made = await offered(pair, auto=True)
    seed = secrets.token_bytes(32)
    body = a_claim(made.code.reveal(), seed=seed)
    first = await posted(pair.acme, body, seed)
    await close(pair.acme.node, pair.acme.actor, "acme_to_globex")

    def forget_desk(tx: Transaction) -> None:
        tx.desks.remove(pair.acme.desk.id)

    await pair.acme.node.store.run(pair.acme.id, forget_desk)
    assert (first.status, (await posted(pair.acme, body, seed)).status) == (200, 200)


async def test_the_number_differs_when_any_byte_of_the_claim_does(pair: Pair) -> None:
    made = await offered(pair)
    answer = await accepted(pair.globex, made)
    ours = await pair.acme.secret("number", made.connection.id)
    assert ours is not None and ours.decode() == answer.number
    assert ours.decode() != wrong(answer.number or "0")


# --- exchanges


async def test_a_nonce_counts_once(pair: Pair) -> None:
    await connected(pair)
    receiving, ours = Receiving(pair.acme.node), await pair.acme.connection()
    peer = await receiving.peer(ours.our_id)
    assert peer is not None
    batch = Batch(envelopes=(envelope("a", PAUSE, pair),))
    assert (await receiving.receive(peer, "n" * 22, batch)).kind is ReceiptKind.STORED
    assert (await receiving.receive(peer, "n" * 22, batch)).kind is ReceiptKind.REPLAYED
    assert (await receiving.receive(peer, "m" * 22, batch)).ack == ("a" * 26,)
    assert (await pair.acme.connection()).have == 1
    assert (await pair.acme.notices()).count(NoticeKind.PAUSED) == 1


async def test_batches_side_by_side_are_counted_once_each(any_pair: Pair) -> None:
    """E3: overlapping exchanges on one connection, on both databases."""
    await connected(any_pair)
    receiving, ours = Receiving(any_pair.acme.node), await any_pair.acme.connection()
    peer = await receiving.peer(ours.our_id)
    assert peer is not None
    letters = "abcdefgh"
    batches = [
        Batch(envelopes=tuple(envelope(letter, "connection.later", any_pair) for letter in letters[: size + 1]))
        for size in range(len(letters))
    ]
    receipts = await asyncio.gather(
        *(receiving.receive(peer, b64u(secrets.token_bytes(16)), batch) for batch in batches * 3)
    )
    assert {receipt.kind for receipt in receipts} == {ReceiptKind.STORED}
    assert (await any_pair.acme.connection()).have == len(letters)


async def test_a_full_inbox_takes_acknowledgements_and_no_envelope(pair: Pair) -> None:
    """E9."""
    await connected(pair)
    receiving, ours = Receiving(pair.acme.node), await pair.acme.connection()
    peer = await receiving.peer(ours.our_id)
    assert peer is not None
    await pause(pair.acme.node, pair.acme.actor, "acme_to_globex")

    def fill(tx: Transaction) -> None:
        stored = [Envelope(f"{n:026d}", "ticket.update", pair.clock.at, ticket="7") for n in range(MOST_UNPROCESSED)]
        tx.inbox.store(ours.id, stored)

    await pair.acme.node.store.run(pair.acme.id, fill)
    waiting = await receiving.outgoing(peer, ())
    (sent,) = waiting.batch.envelopes
    more = Batch(ack=(sent.id,), envelopes=(envelope("z", "ticket.update", pair),))
    assert (await receiving.receive(peer, "n" * 22, more)).kind is ReceiptKind.BUSY
    assert await pair.acme.queued() == 0
    unprocessed = await pair.acme.node.store.read(pair.acme.id, lambda tx: tx.inbox.unprocessed(ours.id))
    assert unprocessed == MOST_UNPROCESSED
    assert (await receiving.receive(peer, "m" * 22, Batch())).kind is ReceiptKind.STORED


async def test_an_unreadable_body_uses_its_nonce_up_and_nothing_else(pair: Pair) -> None:
    await connected(pair)
    receiving, before = Receiving(pair.acme.node), await pair.acme.connection()
    peer = await receiving.peer(before.our_id)
    assert peer is not None
    assert (await receiving.receive(peer, "n" * 22, None)).kind is ReceiptKind.STORED
    assert (await receiving.receive(peer, "n" * 22, None)).kind is ReceiptKind.REPLAYED
    assert await pair.acme.connection() == before


async def test_before_the_number_nothing_but_a_withdrawal_counts(pair: Pair) -> None:
    await accepted(pair.globex, await offered(pair))
    receiving, ours = Receiving(pair.acme.node), await pair.acme.connection()
    peer = await receiving.peer(ours.our_id)
    assert peer is not None and peer.state is ConnectionState.PENDING
    early = Batch(envelopes=(envelope("a", PAUSE, pair), envelope("b", "ticket.update", pair)))
    await receiving.receive(peer, "n" * 22, early)
    assert await pair.acme.connection() == ours
    goodbye = Batch(envelopes=(envelope("c", CLOSE, pair, '{"reason":"<!channel> Not us"}'),))
    await receiving.receive(peer, "m" * 22, goodbye)
    assert (await pair.acme.connection()).closed_reason == "withdrawn"
    assert (await pair.acme.invitation()).state is InvitationState.DECLINED
    told = (await pair.acme.told())[-1]
    assert (told.kind, told.text) == (NoticeKind.DECLINED, "<!channel> Not us")  # escaped where it is shown
    await receiving.receive(peer, "o" * 22, goodbye)  # a repeated one finds it closed
    assert (await pair.acme.notices()).count(NoticeKind.DECLINED) == 1


async def test_a_withdrawal_by_a_pending_partner_is_answered_closed(pair: Pair) -> None:
    answer = await accepted(pair.globex, await offered(pair))
    await close(pair.globex.node, pair.globex.actor, "globex_to_acme")
    await pair.globex.exchange()
    assert (await pair.acme.connection()).state is ConnectionState.CLOSED
    assert await pair.globex.queued() == 0
    assert answer.connection.id


async def test_what_a_partner_may_send_twice_or_in_any_order_means_the_same(pair: Pair) -> None:
    await connected(pair)
    receiving, ours = Receiving(pair.acme.node), await pair.acme.connection()
    peer = await receiving.peer(ours.our_id)
    assert peer is not None
    moves = [(PAUSE, "a"), (PAUSE, "b"), (RESUME, "c"), (RESUME, "d"), ("connection.unheard_of", "e")]
    for number, (kind, letter) in enumerate(moves):
        await receiving.receive(peer, f"{number:022d}", Batch(envelopes=(envelope(letter, kind, pair),)))
    assert (await pair.acme.connection()).state is ConnectionState.ACTIVE
    notices = await pair.acme.notices()
    assert (notices.count(NoticeKind.PAUSED), notices.count(NoticeKind.RESUMED)) == (1, 1)


@pytest.mark.parametrize("body", ['{"reason":7}', "{}", '{"reason":["a"]}', '{"reason":"' + "x" * 5000 + '"}'])
async def test_any_reason_of_a_close_is_taken_as_far_as_it_is_one(pair: Pair, body: str) -> None:
    await connected(pair)
    receiving, ours = Receiving(pair.acme.node), await pair.acme.connection()
    peer = await receiving.peer(ours.our_id)
    assert peer is not None
    await receiving.receive(peer, "n" * 22, Batch(envelopes=(envelope("a", CLOSE, pair, body),)))
    half = await pair.acme.connection()
    assert half.state is ConnectionState.CLOSED and len(half.closed_reason or "") <= 200


async def test_a_closed_connection_stays_known_for_thirty_days(pair: Pair) -> None:
    await connected(pair)
    await close(pair.acme.node, pair.acme.actor, "acme_to_globex", "over")
    receiving, ours = Receiving(pair.acme.node), await pair.acme.connection()
    peer = await receiving.peer(ours.our_id)
    assert peer is not None and (peer.state, peer.rejected, peer.reason) == (ConnectionState.CLOSED, False, "over")
    pair.clock.advance(days=31)
    assert await receiving.peer(ours.our_id) is None


async def test_a_key_of_another_connection_is_nobodys(pair: Pair) -> None:
    """X3."""
    await connected(pair)
    ours, theirs = await pair.acme.connection(), await pair.globex.connection()
    stranger = secrets.token_bytes(32)
    body = batch_body(Batch(envelopes=(envelope("a", CLOSE, pair),)))
    refused = await posted(pair.acme, body, stranger, SYNC + ours.our_id)
    unknown = await posted(pair.acme, body, stranger, SYNC + theirs.our_id)
    assert (refused.status, refused.body) == (unknown.status, unknown.body) == (401, unknown.body)
    assert (await pair.acme.connection()).state is ConnectionState.ACTIVE
