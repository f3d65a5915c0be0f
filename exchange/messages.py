"""The bodies that travel, on the wire and as plain values. Unknown fields are ignored, known ones are strict."""

import json
import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from exchange.errors import MessageNotReadable
from exchange.ports import Claim, ClaimAnswer
from exchange.strict_json import read_object, write
from pairing.digests import b64u, read_b64u
from pairing.names import stated_name
from pairing.offer import OfferTerms
from pairing.terms import ConflictPolicy, Reach, RulesMode
from sync.envelope import Batch, Envelope

PROTOCOLS = (1,)
MAX_ENVELOPES = 100
MAX_ENVELOPE_BYTES = 256 * 1024
MAX_ACKS = 500
MAX_WAIT = 25
MAX_PAUSE = 3600
MAX_REASON = 200
MAX_DESCRIPTION = 1000
_TIME = "%Y-%m-%dT%H:%M:%SZ"

Id = Annotated[str, Field(pattern="^[a-z2-7]{26}$")]
Bytes16 = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{22}$")]
Bytes32 = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{43}$")]
Time = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")]
Name = Annotated[str, Field(min_length=1, max_length=80)]
Short = Annotated[str, Field(max_length=40)]
SideName = Annotated[str, Field(pattern="^[a-z0-9_-]{1,18}$")]
Ticket = Annotated[str, Field(min_length=1, max_length=100)]
Code = Annotated[str, Field(pattern="^[a-z_]{1,40}$")]
Features = Annotated[list[Short], Field(max_length=32)]


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    v: Annotated[int, Field(ge=1, le=1)]  # a Literal would take true for 1


class _Token(_Wire):
    token: Bytes16


class _Decline(_Token):
    reason: Annotated[str, Field(max_length=MAX_REASON)]


class _Stated(_Wire):
    key: Bytes32
    side: Id
    name: Name
    team: Short | None = None
    team_name: Name | None = None
    desk: Short | None = None
    software: Short | None = None
    features: Features = []


class _Claim(_Stated):
    token: Bytes16
    mode: Literal["public", "private", "local"]
    url: Annotated[str, Field(max_length=180)] | None
    protocols: Annotated[list[int], Field(min_length=1, max_length=16)] = [1]


class _Terms(_Wire):
    name: Name
    inviter: SideName
    invitee: SideName
    mode: Literal["public", "private", "local"]
    rules: Literal["basic", "script"]
    policy: Literal["latest", "inviter", "invitee"]
    description: Annotated[str, Field(max_length=MAX_DESCRIPTION)]
    expires_at: Time


class _ClaimAnswer(_Stated, _Terms):
    protocol: int
    approve_by: Time


class _Info(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    service: Literal["bridge"]
    protocols: Annotated[list[int], Field(max_length=16)]


class _Ref(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    ticket: Ticket | None = None
    peer: Ticket | None = None


class _Envelope(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")

    id: Id
    type: Annotated[str, Field(pattern="^[a-z][a-z0-9_.]{0,63}$")]
    at: Time
    ref: _Ref | None = None
    body: dict[str, Any]


class _Batch(_Wire):
    have: Annotated[int, Field(ge=0)]
    ack: Annotated[list[Id], Field(max_length=MAX_ACKS)]
    envelopes: Annotated[list[dict[str, Any]], Field(max_length=MAX_ENVELOPES)]
    wait: Annotated[int, Field(ge=0, le=MAX_WAIT)] = 0
    more: bool = False
    pause: Annotated[int, Field(ge=0, le=MAX_PAUSE)] = 0


class _Error(_Wire):
    error: Code
    pause: Annotated[int, Field(ge=0, le=MAX_PAUSE)] = 0
    id: Id | None = None
    reason: Annotated[str, Field(max_length=MAX_REASON)] = ""


_Model = TypeVar("_Model", bound=BaseModel)


def _read(model: type[_Model], raw: bytes) -> _Model:
    return _valid(model, read_object(raw))


def _valid(model: type[_Model], value: dict[str, Any]) -> _Model:
    try:
        return model.model_validate(value)
    except ValidationError:
        # The library's text repeats what it was given; the cause is dropped so that no log ever holds it.
        raise MessageNotReadable from None


# ---- look and decline ----


def look_body(token: bytes) -> bytes:
    return write({"v": 1, "token": b64u(token)})


def read_look(raw: bytes) -> bytes:
    """The token. Raises MessageNotReadable, as every reader here."""
    return _bytes(_read(_Token, raw).token, 16)


def decline_body(token: bytes, reason: str) -> bytes:
    return write({"v": 1, "token": b64u(token), "reason": stated_name(reason, MAX_REASON)})


def read_decline(raw: bytes) -> tuple[bytes, str]:
    """The token, and the reason as one line fit to be shown."""
    wire = _read(_Decline, raw)
    return _bytes(wire.token, 16), stated_name(wire.reason, MAX_REASON)


def terms_body(terms: OfferTerms) -> bytes:
    return write({"v": 1, **_terms(terms)})


def read_terms(raw: bytes) -> OfferTerms:
    return _terms_of(_read(_Terms, raw))


# ---- claim ----


def claim_body(
    *,
    token: bytes,
    key: bytes,
    side: str,
    reach: Reach,
    url: str | None,
    name: str,
    team: str | None = None,
    team_name: str | None = None,
    desk: str | None = None,
    software: str | None = None,
    features: tuple[str, ...] = (),
) -> bytes:
    """A claim's bytes, built once for each `accept`: every retry sends these very bytes, because the number depends on
    them. `key` is the public one; names are cut to what the wire takes."""
    return write(
        {
            "v": 1,
            "token": b64u(token),
            "key": b64u(key),
            "side": side,
            "mode": reach.value,
            "url": url,
            "name": stated_name(name),
            "team": team,
            "team_name": team_name and stated_name(team_name),
            "desk": desk and stated_name(desk, 40),
            "software": software and stated_name(software, 40),
            "protocols": list(PROTOCOLS),
            "features": list(features),
        }
    )


def read_claim(raw: bytes) -> Claim:
    wire = _read(_Claim, raw)
    return Claim(
        token=_bytes(wire.token, 16),
        key=_bytes(wire.key, 32),
        side=wire.side,
        reach=Reach(wire.mode),
        url=wire.url,
        name=_shown(wire.name),
        protocols=tuple(wire.protocols),
        **_about(wire),
    )


def claim_answer_body(answer: ClaimAnswer) -> bytes:
    return write(
        {
            "v": 1,
            "key": b64u(answer.key),
            "side": answer.side,
            **_terms(answer.terms),
            "team": answer.team,
            "team_name": answer.team_name and stated_name(answer.team_name),
            "desk": answer.desk and stated_name(answer.desk, 40),
            "software": answer.software and stated_name(answer.software, 40),
            "protocol": PROTOCOLS[0],
            "features": list(answer.features),
            "approve_by": time_text(answer.approve_by),
        }
    )


def read_claim_answer(raw: bytes) -> tuple[ClaimAnswer, int]:
    """The answer, and the protocol that the inviter chose."""
    wire = _read(_ClaimAnswer, raw)
    return (
        ClaimAnswer(
            terms=_terms_of(wire),
            key=_bytes(wire.key, 32),
            side=wire.side,
            approve_by=_time(wire.approve_by),
            **_about(wire),
        ),
        wire.protocol,
    )


# ---- the exchange ----


def batch_body(batch: Batch) -> bytes:
    return write(
        {
            "v": 1,
            "have": batch.have,
            "ack": list(batch.ack),
            "envelopes": [_envelope(envelope) for envelope in batch.envelopes],
            "wait": batch.wait,
            "more": batch.more,
            "pause": batch.pause,
        }
    )


def read_batch(raw: bytes) -> Batch:
    """Raises MessageNotReadable, naming the first envelope that is at fault where its id can be read."""
    wire = _read(_Batch, raw)
    return Batch(
        have=wire.have,
        ack=tuple(wire.ack),
        envelopes=tuple(_envelope_of(value) for value in wire.envelopes),
        wait=wire.wait,
        more=wire.more,
        pause=wire.pause,
    )


def fitting_body(batch: Batch, max_bytes: int) -> bytes:
    """The body of the batch, its last envelopes left out (and `more` said) as far as it would be too long."""
    body = batch_body(batch)
    while len(body) > max_bytes and batch.envelopes:
        batch = first_half(batch)
        body = batch_body(batch)
    return body


def first_half(batch: Batch) -> Batch:
    """Still a prefix of each stream, with at least one envelope unless that was the last."""
    kept = batch.envelopes[: len(batch.envelopes) // 2]
    return Batch(batch.have, batch.ack, kept, batch.wait, more=True, pause=batch.pause)


# ---- errors and info ----


def error_body(code: str, pause: int = 0, envelope_id: str | None = None, reason: str = "") -> bytes:
    """`reason` goes with `closed`: what a person wrote to the partner."""
    value: dict[str, Any] = {"v": 1, "error": code}
    if reason:
        value["reason"] = reason
    if pause:
        value["pause"] = pause
    if envelope_id is not None:
        value["id"] = envelope_id
    return write(value)


def read_error(raw: bytes) -> tuple[str, int, str | None]:
    """Code, pause in seconds, envelope id."""
    wire = _read(_Error, raw)
    return wire.error, wire.pause, wire.id


def read_reason(raw: bytes) -> str:
    """What a person of the partner's wrote when they closed; "" when it was nothing."""
    return _read(_Error, raw).reason


def info_body() -> bytes:
    return write({"service": "bridge", "protocols": list(PROTOCOLS)})


def read_info(raw: bytes) -> tuple[int, ...]:
    """The protocols a Drawbridge speaks."""
    return tuple(_read(_Info, raw).protocols)


# ---- parts ----


def time_text(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_TIME)


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        raise MessageNotReadable from None


def _bytes(text: str, size: int) -> bytes:
    try:
        return read_b64u(text, size)
    except ValueError:
        raise MessageNotReadable from None


def _shown(text: str) -> str:
    name = stated_name(text)
    if not name:
        raise MessageNotReadable
    return name


def _about(wire: _Stated) -> dict[str, Any]:
    return {
        "team": wire.team and stated_name(wire.team, 40),
        "team_name": wire.team_name and stated_name(wire.team_name),
        "desk": wire.desk and stated_name(wire.desk, 40),
        "software": wire.software and stated_name(wire.software, 40),
        "features": tuple(wire.features),
    }


def _terms(terms: OfferTerms) -> dict[str, Any]:
    return {
        "name": stated_name(terms.organisation),
        "inviter": terms.inviter_name,
        "invitee": terms.invitee_name,
        "mode": terms.reach.value,
        "rules": terms.rules.value,
        "policy": terms.policy.value,
        "description": terms.description[:MAX_DESCRIPTION],
        "expires_at": time_text(terms.expires_at),
    }


def _terms_of(wire: _Terms) -> OfferTerms:
    return OfferTerms(
        organisation=_shown(wire.name),
        inviter_name=wire.inviter,
        invitee_name=wire.invitee,
        reach=Reach(wire.mode),
        rules=RulesMode(wire.rules),
        policy=ConflictPolicy(wire.policy),
        description=stated_name(wire.description, MAX_DESCRIPTION),
        expires_at=_time(wire.expires_at),
    )


def _envelope(envelope: Envelope) -> dict[str, Any]:
    return {
        "id": envelope.id,
        "type": envelope.type,
        "at": time_text(envelope.at),
        "ref": {"ticket": envelope.ticket, "peer": envelope.peer},
        "body": json.loads(envelope.body),
    }


def _envelope_of(value: dict[str, Any]) -> Envelope:
    try:
        wire = _valid(_Envelope, value)
        envelope = Envelope(
            id=wire.id,
            type=wire.type,
            at=_time(wire.at),
            body=write(wire.body).decode(),
            ticket=wire.ref.ticket if wire.ref else None,
            peer=wire.ref.peer if wire.ref else None,
        )
        if len(write(value)) > MAX_ENVELOPE_BYTES:
            raise MessageNotReadable
    except MessageNotReadable:
        raise MessageNotReadable(_id_of(value)) from None
    return envelope


def _id_of(value: dict[str, Any]) -> str | None:
    stated = value.get("id")
    return stated if isinstance(stated, str) and re.fullmatch("[a-z2-7]{26}", stated) else None
