import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange import messages
from exchange.errors import MessageNotReadable
from exchange.messages import (
    MAX_ENVELOPE_BYTES,
    batch_body,
    claim_answer_body,
    decline_body,
    error_body,
    fitting_body,
    info_body,
    look_body,
    read_batch,
    read_claim,
    read_claim_answer,
    read_decline,
    read_error,
    read_info,
    read_look,
    read_terms,
    terms_body,
)
from exchange.ports import ClaimAnswer
from exchange.strict_json import write
from pairing.terms import Reach
from sync.envelope import PAUSE, Batch, Envelope
from tests.exchange.twin import GLOBEX_KEY, GLOBEX_SIDE, NOW, TERMS, TOKEN, a_claim, envelope, granted, new_id

A_BATCH = Batch(
    have=1234,
    ack=(new_id(1), new_id(2)),
    envelopes=(Envelope(new_id(3), PAUSE, NOW), envelope(4, body='{"fields":{"subject":"Grüße"}}')),
    wait=25,
    more=True,
    pause=5,
)


def test_a_batch_comes_back_as_it_went() -> None:
    assert read_batch(batch_body(A_BATCH)) == A_BATCH


def test_a_batch_has_the_shape_of_the_protocol() -> None:
    body = json.loads(batch_body(replace(A_BATCH, envelopes=A_BATCH.envelopes[1:])))
    assert list(body) == ["v", "have", "ack", "envelopes", "wait", "more", "pause"]
    assert body["envelopes"] == [
        {
            "id": new_id(4),
            "type": "ticket.update",
            "at": "2027-01-15T08:00:00Z",
            "ref": {"ticket": "372", "peer": None},
            "body": {"fields": {"subject": "Grüße"}},
        }
    ]


def test_the_terms_come_back_as_they_went() -> None:
    assert read_terms(terms_body(TERMS)) == TERMS


def test_the_answer_to_a_claim_repeats_the_terms() -> None:
    answer, protocol = read_claim_answer(claim_answer_body(granted()))
    names = ("terms", "key", "side", "approve_by", "team", "team_name", "desk", "software", "features")
    assert protocol == 1
    assert answer == ClaimAnswer(**{name: getattr(granted(), name) for name in names})


def test_look_decline_error_and_info_come_back_as_they_went() -> None:
    assert read_look(look_body(TOKEN)) == TOKEN
    assert read_decline(decline_body(TOKEN, "not\nus")) == (TOKEN, "not us")
    assert read_error(error_body("busy", 30, new_id(1))) == ("busy", 30, new_id(1))
    assert read_info(info_body()) == (1,)


def test_a_claim_says_what_was_stated() -> None:
    claim = read_claim(a_claim(reach=Reach.PUBLIC, url="https://bridge.globex.example", desk="freshservice"))
    assert (claim.token, claim.key, claim.side) == (TOKEN, GLOBEX_KEY, GLOBEX_SIDE)
    assert (claim.reach, claim.url) == (Reach.PUBLIC, "https://bridge.globex.example")
    assert (claim.name, claim.team, claim.team_name, claim.desk) == ("Globex", "T0GLOBEX", None, "freshservice")
    assert claim.protocols == (1,)


def test_p15_a_claim_is_the_same_bytes_each_time_it_is_built() -> None:
    assert a_claim() == a_claim()


def test_c5_stated_names_lose_control_and_direction_characters() -> None:
    body = json.loads(a_claim())
    body.update(name="Glo\u202ebex\u200b\n Inc", team_name="\u2066x", desk="a\tb", software="s\u0007")
    claim = read_claim(write(body))
    assert (claim.name, claim.team_name, claim.desk, claim.software) == ("Globex Inc", "x", "a b", "s")


@pytest.mark.parametrize("name", ["", "\u202e\u200b", " ", "x" * 81])
def test_a_name_that_shows_nothing_or_too_much_is_refused(name: str) -> None:
    with pytest.raises(MessageNotReadable):
        read_claim(write({**json.loads(a_claim()), "name": name}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 2),
        ("v", "1"),
        ("v", True),
        ("token", "QEFCQ0RFRkdISUpLTE1OTx"),  # slack bits set
        ("token", "QEFCQ0RFRkdISUpLTE1OTw=="),
        ("token", 5),
        ("key", "short"),
        ("side", "B" * 26),
        ("side", "b" * 25),
        ("side", "b" * 26 + "\n"),
        ("mode", "open"),
        ("mode", None),
        ("url", 7),
        ("url", "https://" + "x" * 180),
        ("team", ["T1"]),
        ("desk", "x" * 41),
        ("protocols", []),
        ("protocols", ["1"]),
        ("protocols", [True]),
        ("protocols", list(range(17))),
        ("features", [1]),
        ("features", ["x"] * 33),
    ],
)
def test_a_claim_with_a_wrong_field_is_refused(field: str, value: object) -> None:
    with pytest.raises(MessageNotReadable):
        read_claim(write({**json.loads(a_claim()), field: value}))


@pytest.mark.parametrize("field", ["v", "token", "key", "side", "mode", "url", "name"])
def test_a_claim_without_a_needed_field_is_refused(field: str) -> None:
    body = json.loads(a_claim())
    del body[field]
    with pytest.raises(MessageNotReadable):
        read_claim(write(body))


def test_unknown_fields_are_ignored() -> None:
    assert read_claim(write({**json.loads(a_claim()), "later": {"v": 2}})) == read_claim(a_claim())
    assert read_batch(write({**json.loads(batch_body(A_BATCH)), "later": 1})) == A_BATCH


# ---- D3: too much ----


def batch_of(**changed: Any) -> bytes:
    return write({**json.loads(batch_body(Batch())), **changed})


def wire_envelope(number: int = 1, **changed: Any) -> dict[str, Any]:
    whole = json.loads(batch_body(Batch(envelopes=(envelope(number),))))["envelopes"][0]
    return {**whole, **changed}


@pytest.mark.parametrize(
    "body",
    [
        batch_of(envelopes=[wire_envelope(number) for number in range(101)]),
        batch_of(ack=[new_id(number) for number in range(501)]),
        batch_of(have=-1),
        batch_of(wait=26),
        batch_of(wait=-1),
        batch_of(wait=2.5),
        batch_of(pause=3601),
        batch_of(more=1),
        batch_of(ack=["x"]),
        batch_of(envelopes=[["x"]]),
        batch_of(envelopes=None),
    ],
)
def test_d3_a_batch_beyond_its_bounds_is_refused(body: bytes) -> None:
    with pytest.raises(MessageNotReadable):
        read_batch(body)


def test_d3_a_full_batch_is_read() -> None:
    whole = read_batch(batch_of(envelopes=[wire_envelope(n) for n in range(100)], ack=[new_id(n) for n in range(500)]))
    assert (len(whole.envelopes), len(whole.ack)) == (100, 500)


@pytest.mark.parametrize(
    "changed",
    [
        {"body": {"a": "x" * (MAX_ENVELOPE_BYTES // 2), "b": "x" * (MAX_ENVELOPE_BYTES // 2)}},
        {"body": []},
        {"body": None},
        {"at": "2027-02-30T00:00:00Z"},
        {"at": "2027-01-15T08:00:00+00:00"},
        {"at": 1800000000},
        {"type": "Ticket"},
        {"type": ""},
        {"ref": "372"},
        {"ref": {"ticket": 372}},
        {"ref": {"ticket": "x" * 101}},
    ],
)
def test_d3_the_envelope_at_fault_is_named(changed: dict[str, Any]) -> None:
    with pytest.raises(MessageNotReadable) as caught:
        read_batch(batch_of(envelopes=[wire_envelope(1), wire_envelope(2, **changed), wire_envelope(3)]))
    assert caught.value.envelope_id == new_id(2)


def test_an_envelope_whose_id_is_at_fault_is_not_named() -> None:
    with pytest.raises(MessageNotReadable) as caught:
        read_batch(batch_of(envelopes=[wire_envelope(1, id="../../etc")]))
    assert caught.value.envelope_id is None


def test_an_envelope_of_256_kib_is_read() -> None:
    half = (MAX_ENVELOPE_BYTES - len(write(wire_envelope(body={"a": "", "b": ""})))) // 2
    body = {"a": "x" * half, "b": "x" * half}
    (read,) = read_batch(batch_of(envelopes=[wire_envelope(body=body)])).envelopes
    assert json.loads(read.body) == body


def test_a_batch_that_is_too_long_loses_its_last_envelopes_and_says_so() -> None:
    long = tuple(envelope(number, body=write({"text": "x" * 1000}).decode()) for number in range(50))
    body = fitting_body(Batch(ack=(new_id(1),), envelopes=long, wait=7), 20_000)
    read = read_batch(body)
    assert len(body) <= 20_000
    assert 0 < len(read.envelopes) < 20
    assert read.envelopes == long[: len(read.envelopes)]
    assert (read.more, read.wait, read.ack) == (True, 7, (new_id(1),))


def test_a_batch_that_fits_is_left_as_it_is() -> None:
    assert fitting_body(A_BATCH, 100_000) == batch_body(A_BATCH)


# ---- fuzz ----

READERS: tuple[Callable[[bytes], object], ...] = (
    read_look,
    read_decline,
    read_terms,
    read_claim,
    read_claim_answer,
    read_batch,
    read_error,
    read_info,
)
BODIES = (
    look_body(TOKEN),
    decline_body(TOKEN, "no"),
    terms_body(TERMS),
    a_claim(),
    claim_answer_body(granted()),
    batch_body(A_BATCH),
    error_body("busy", 1),
    info_body(),
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("a0\0\ud800\u202eé", max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("av", max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.sampled_from(range(len(READERS))), st.data())
def test_d5_a_body_with_a_field_of_any_kind_is_read_or_refused(which: int, data: st.DataObject) -> None:
    body: dict[str, Any] = json.loads(BODIES[which])
    for name in data.draw(st.lists(st.sampled_from(sorted(body)), max_size=3)):
        body[name] = data.draw(junk)
    with suppress(MessageNotReadable):
        READERS[which](json.dumps(body).encode())


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_i8_arbitrary_bytes_never_raise_anything_else(raw: bytes) -> None:
    for reader in READERS:
        with pytest.raises(MessageNotReadable):
            reader(raw)


def test_every_reader_reads_its_own_body_and_no_library_text_leaks() -> None:
    for reader, body in zip(READERS, BODIES, strict=True):
        reader(body)
        with pytest.raises(MessageNotReadable) as caught:
            reader(b'{"v":1,"token":"canary"}')
        assert "canary" not in repr(caught.value)


def test_the_module_offers_one_protocol() -> None:
    assert messages.PROTOCOLS == (1,)
