"""Sends our claim and takes in its answer; repeats carry the same bytes, so that a lost answer costs nothing."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import timedelta

from exchange.errors import AnswerNotTrusted, ClaimRefused, PartnerUnavailable
from exchange.ports import ClaimAnswer
from flows.node import Node
from flows.notify import changed, refresh, tell
from flows.offers import NO_NUMBER, stated_terms, unpacked
from flows.refusals import refusal_sentence
from pairing.connection import Connection, ConnectionState
from pairing.names import stated_name
from pairing.notice import NoticeKind
from pairing.number import pairing_number
from storage.store import Transaction
from sync.errors import RemoteError

GIVE_UP_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answered:
    """The inviter's node took the claim; the six digits are for our person to read out, if the inviter wants them."""

    number: str = field(repr=False)
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """The claim is void and our pending half is gone."""

    code: str
    sentence: str

    @property
    def leaves_code_good(self) -> bool:
        """True when the same code may be used again with something changed."""
        return self.code in _NOT_SPENT


_NOT_SPENT = frozenset({"mode_mismatch", "url_mismatch", "team_mismatch", "self_connection"})


async def send_claim(node: Node, organisation_id: str, connection_id: str) -> Answered | Refused | None:
    """One attempt; None when no usable answer came and the claim is to be repeated."""
    stored = await node.store.read(organisation_id, lambda tx: _stored_claim(tx, connection_id))
    if isinstance(stored, Answered):
        return stored
    if stored is None:
        await give_up(node, organisation_id, connection_id)
        return Refused("gone", "That connection is not there any more. Use the code again.")
    connection, sealed, seed = stored
    code, terms = unpacked(sealed, node.trusted)
    body = json.loads(sealed)["body"].encode()
    try:
        answer = await node.wire.claim(code.address, body, key=seed, commitment=code.commitment)
    except ClaimRefused as error:
        if error.is_final:
            return await _void(node, organisation_id, connection, error.code, refusal_sentence(error.code))
        return await _repeat(node, organisation_id, connection_id, "your partner's node is asked too often right now")
    except AnswerNotTrusted:
        sentence = "somebody answers at that address who did not make this code"
        return await _repeat(node, organisation_id, connection_id, sentence)
    except RemoteError as error:
        return await _repeat(node, organisation_id, connection_id, _why(error))
    if stated_terms(answer.terms) != terms:
        sentence = (
            "Your partner's node changed the terms after you read them. Nothing was connected: ask for a new code."
        )
        return await _void(node, organisation_id, connection, "terms_changed", sentence)
    number = pairing_number(code.raw, answer.key, hashlib.sha256(body).digest())
    answered = Answered(number, is_wanted=NO_NUMBER not in answer.features)
    await node.store.run(organisation_id, lambda tx: _answered(node, tx, connection_id, answer, answered))
    return answered


async def give_up(node: Node, organisation_id: str, connection_id: str) -> None:
    """After a day without an answer our pending half is closed, and its person told."""

    def write(tx: Transaction) -> None:
        connection = tx.connections.find(connection_id)
        if connection is None or connection.state is not ConnectionState.PENDING or connection.their_key is not None:
            return
        closed = connection.after_close("no answer", tx.now)
        tx.vault.forget("claim", connection_id)
        changed(tx, closed)
        tx.audit.write("claim.refused", closed.name, "refused", actor_user=closed.created_by, detail="no_answer")
        tell(node, tx, NoticeKind.CLAIM_REFUSED, closed, _NO_ANSWER)
        refresh(node, tx)

    await node.store.run(organisation_id, write)


_NO_ANSWER = "Your partner's node did not answer for a day, so this attempt ended. Ask your partner for a new code."


def _why(error: RemoteError) -> str:
    # Unsigned, so it changes nothing; yet it tells a person where to look.
    if isinstance(error, PartnerUnavailable) and error.reason == "clock_skew":
        return "the clocks of the two nodes differ by more than five minutes"
    return "your partner's node gave no usable answer"


def _stored_claim(tx: Transaction, connection_id: str) -> tuple[Connection, bytes, bytes] | Answered | None:
    """What is to be sent, or the answer that another attempt got meanwhile; None when there is neither."""
    connection = tx.connections.find(connection_id)
    number = tx.vault.get("number", connection_id)
    if connection is not None and connection.their_key is not None and number is not None:
        return Answered(number.decode())
    sealed, seed = tx.vault.get("claim", connection_id), tx.vault.get("connection_key", connection_id)
    return None if connection is None or sealed is None or seed is None else (connection, sealed, seed)


def _answered(node: Node, tx: Transaction, connection_id: str, answer: ClaimAnswer, answered: Answered) -> None:
    before = tx.connections.find(connection_id)
    if before is None or before.state is not ConnectionState.PENDING or before.their_key is not None:
        return  # closed meanwhile, or a repetition that was answered twice
    connection = before.after_answer(
        their_id=answer.side,
        their_key=answer.key,
        partner_name=stated_terms(answer.terms).organisation,
        partner_desk=stated_name(answer.desk or "", 40) or None,
    ).after_contact(tx.now)
    tx.vault.forget("claim", connection_id)
    tx.vault.put("number", connection_id, answered.number.encode(), tx.now + GIVE_UP_AFTER)
    changed(tx, connection)
    tx.audit.write("claim.ok", connection.name, actor_user=connection.created_by)
    if answered.is_wanted:
        tell(node, tx, NoticeKind.NUMBER, connection)
    refresh(node, tx)


async def _void(node: Node, organisation_id: str, sent: Connection, code: str, sentence: str) -> Refused:
    """An unsigned refusal is advice: nothing was created there, so nothing stays here."""

    def write(tx: Transaction) -> None:
        connection = tx.connections.find(sent.id)
        if connection is None or connection.state is not ConnectionState.PENDING or connection.their_key is not None:
            return  # its person withdrew, or another attempt was answered
        tx.audit.write("claim.refused", connection.name, "refused", actor_user=connection.created_by, detail=code)
        if connection.last_error is not None:  # it failed before, so nobody waits for this answer in a dialog
            tell(node, tx, NoticeKind.CLAIM_REFUSED, connection, sentence)
            changed(tx, connection.after_close(code, tx.now))
        else:
            tx.connections.remove(connection.id)
        for secret in ("claim", "connection_key", "number"):
            tx.vault.forget(secret, connection.id)
        refresh(node, tx)

    await node.store.run(organisation_id, write)
    return Refused(code, sentence)


async def _repeat(node: Node, organisation_id: str, connection_id: str, sentence: str) -> Refused | None:
    """Notes why; the connection's lane sends the same bytes again."""
    await node.store.run(organisation_id, lambda tx: _unanswered(tx, connection_id, sentence))
    return None


def _unanswered(tx: Transaction, connection_id: str, sentence: str) -> None:
    connection = tx.connections.find(connection_id)
    if connection is not None and connection.last_error != sentence:
        tx.connections.save(connection.after_failure(sentence))
