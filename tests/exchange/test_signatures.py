import base64
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

from exchange.ports import Headers
from exchange.signatures import (
    NotSigned,
    is_answer_by,
    is_request_by,
    public_of,
    read_answer,
    read_request,
    sign_answer,
    sign_request,
    signature_base,
)
from tests.exchange.twin import ACME_KEY, ACME_SEED, GLOBEX_KEY, GLOBEX_SEED

URI = "https://bridge.acme.example/bridge/v1/claim"
BODY = (
    b'{"v":1,"token":"QEFCQ0RFRkdISUpLTE1OTw","key":"Kay64UG8yvCyLhqU000LxzYeUm0L_hLIl5S8kyKWbdc",'
    b'"side":"bbbbbbbbbbbbbbbbbbbbbbbbbb","mode":"private","url":null,"name":"Globex","team":"T0GLOBEX"}'
)
NONCE = "AAECAwQFBgcICQoLDA0ODw"
CREATED = 1800000000


def signed_request() -> Headers:
    return sign_request(GLOBEX_SEED, method="POST", uri=URI, body=BODY, created=CREATED, nonce=NONCE)


def signed_answer() -> Headers:
    return sign_answer(ACME_SEED, status=200, body=BODY, created=CREATED, nonce=NONCE)


def accepts_request(headers: Headers, *, method: str = "POST", uri: str = URI, body: bytes = BODY) -> bool:
    try:
        return is_request_by(GLOBEX_KEY, read_request(headers), method=method, uri=uri, body=body)
    except NotSigned:
        return False


def accepts_answer(headers: Headers, *, status: int = 200, body: bytes = BODY) -> bool:
    try:
        return is_answer_by(ACME_KEY, read_answer(headers), status=status, body=body)
    except NotSigned:
        return False


def replaced(headers: Headers, name: str, value: str) -> Headers:
    return tuple((key, value if key == name else old) for key, old in headers)


def test_the_vector_of_the_protocol_is_reproduced() -> None:
    assert dict(signed_request()) == {
        "Content-Type": "application/json",
        "Content-Digest": "sha-256=:1LCi5bqNDQ6tldMBZsPCL16cMoacYllRcue8Jt2cA5g=:",
        "Signature-Input": (
            'sig=("@method" "@target-uri" "content-type" "content-digest");created=1800000000;'
            'keyid="rp6ai26e3rvc27sob4gurclzse";nonce="AAECAwQFBgcICQoLDA0ODw";tag="bridge-req-v1"'
        ),
        "Signature": ("sig=:kynP/i4bLDEwsCjGJ/cgC+T5I27i/QTF8fDlRh+brM/0GOhu3yh8D9JnmiMQgeJcKSRrH+bK91vGt40+QKkpCQ==:"),
    }
    assert accepts_request(signed_request())


def test_the_vector_of_rfc_9421_b_2_6_is_reproduced() -> None:
    parameters = (
        '("date" "@method" "@path" "@authority" "content-type" "content-length")'
        ';created=1618884473;keyid="test-key-ed25519"'
    )
    lines = (
        ("date", "Tue, 20 Apr 2021 02:07:55 GMT"),
        ("@method", "POST"),
        ("@path", "/foo"),
        ("@authority", "example.com"),
        ("content-type", "application/json"),
        ("content-length", "18"),
    )
    seed = base64.b64decode("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU=")
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(signature_base(lines, parameters))
    assert base64.b64encode(signature).decode() == (
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )
    assert public_of(seed) == base64.b64decode("JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=")


@pytest.mark.parametrize("part", ["Content-Type", "Content-Digest", "Signature-Input", "Signature", "uri", "method"])
def test_s1_a_request_with_one_changed_byte_is_refused(part: str) -> None:
    """20,000 mutations over all parts of requests and answers, this test's and the two below together."""
    assert _accepted_mutations(part, 2_200, random.Random(part), _request_with) == 0


@pytest.mark.parametrize("part", ["Content-Type", "Content-Digest", "Signature-Input", "Signature"])
def test_s1_an_answer_with_one_changed_byte_is_refused(part: str) -> None:
    assert _accepted_mutations(part, 1_300, random.Random(part), _answer_with) == 0


def test_s1_a_body_with_one_changed_byte_is_refused() -> None:
    chance = random.Random("body")
    headers, answer = signed_request(), signed_answer()
    for _ in range(1_000):
        at = chance.randrange(len(BODY))
        changed = BODY[:at] + bytes([BODY[at] ^ chance.randrange(1, 256)]) + BODY[at + 1 :]
        assert not accepts_request(headers, body=changed)
        assert not accepts_answer(answer, body=changed)


@pytest.mark.slow
@pytest.mark.parametrize("part", ["Content-Type", "Content-Digest", "Signature-Input", "Signature", "uri", "method"])
def test_s1_many_more_changed_bytes_are_refused(part: str) -> None:
    assert _accepted_mutations(part, 20_000, random.Random(part * 2), _request_with) == 0


def _accepted_mutations(part: str, count: int, chance: random.Random, accepts: Callable[[str, str], bool]) -> int:
    original = {**dict(signed_request()), "uri": URI, "method": "POST"}[part]
    if accepts is _answer_with:
        original = dict(signed_answer())[part]
    assert accepts(part, original)
    return sum(accepts(part, _mutated(original, chance)) for _ in range(count))


def _mutated(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text))
    byte = chr(ord(text[at]) ^ chance.randrange(1, 256))
    return chance.choice((text[:at] + byte + text[at + 1 :], text[:at] + text[at + 1 :], text[:at] + byte + text[at:]))


def _request_with(part: str, value: str) -> bool:
    if part == "uri":
        return accepts_request(signed_headers, uri=value)
    if part == "method":
        return accepts_request(signed_headers, method=value)
    return accepts_request(replaced(signed_headers, part, value))


def _answer_with(part: str, value: str) -> bool:
    return accepts_answer(replaced(signed_answer_headers, part, value))


signed_headers = signed_request()
signed_answer_headers = signed_answer()


@pytest.mark.parametrize("status", [201, 400, 403, 410])
def test_s1_an_answer_under_another_status_is_refused(status: int) -> None:
    assert not accepts_answer(signed_answer(), status=status)


# ---- S2: differential ----


class Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(GLOBEX_KEY if key_id.startswith("rp6") else ACME_KEY)

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(GLOBEX_SEED)


@dataclass
class Message:
    """A request as the other library wants it."""

    headers: dict[str, str]
    method: str = "POST"
    url: str = URI


@dataclass
class Response:
    headers: dict[str, str]
    status_code: int = 200
    request: Message = field(default_factory=lambda: Message({}))


def verifier() -> HTTPMessageVerifier:
    return HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys())


# The library also judges the age of a signature, by the real clock.
RECENT = int(datetime.now(UTC).timestamp())


@pytest.mark.parametrize("number", range(25))
def test_s2_the_other_library_accepts_our_requests(number: int) -> None:
    body = BODY + b" " * number
    uri = f"{URI}/{number}"
    headers = sign_request(GLOBEX_SEED, method="POST", uri=uri, body=body, created=RECENT, nonce=NONCE)
    message = Message(dict(headers), url=uri)
    (verified,) = verifier().verify(message, expect_tag="bridge-req-v1")
    assert verified.parameters["nonce"] == NONCE
    with pytest.raises(InvalidSignature):
        verifier().verify(Message(dict(headers), url=uri + "x"), expect_tag="bridge-req-v1")


def test_s2_the_other_library_accepts_our_answers() -> None:
    headers = sign_answer(ACME_SEED, status=200, body=BODY, created=RECENT, nonce=NONCE)
    (verified,) = verifier().verify(Response(dict(headers)), expect_tag="bridge-res-v1")
    assert verified.parameters["nonce"] == NONCE


@pytest.mark.parametrize("number", range(25))
def test_s2_we_accept_the_other_librarys_requests(number: int) -> None:
    body = BODY + b" " * number
    digest = dict(sign_request(GLOBEX_SEED, method="POST", uri=URI, body=body, created=RECENT, nonce=NONCE))
    message = Message({"Content-Type": "application/json", "Content-Digest": digest["Content-Digest"]})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=Keys()).sign(
        message,
        key_id="rp6ai26e3rvc27sob4gurclzse",
        created=datetime.fromtimestamp(RECENT, UTC),
        nonce=NONCE,
        label="sig",
        tag="bridge-req-v1",
        include_alg=False,
        use_existing_digest=True,
        covered_component_ids=("@method", "@target-uri", "content-type", "content-digest"),
    )
    headers = tuple(message.headers.items())
    assert accepts_request(headers, body=body)
    assert not accepts_request(headers, body=body + b" ")


# ---- S6, S8: keys, tags, spellings ----


def test_s6_another_key_is_refused() -> None:
    stated = read_request(signed_request())
    assert not is_request_by(ACME_KEY, stated, method="POST", uri=URI, body=BODY)


def test_s6_a_key_id_does_not_stand_in_for_its_key() -> None:
    headers = sign_request(ACME_SEED, method="POST", uri=URI, body=BODY, created=CREATED, nonce=NONCE)
    named = replaced(headers, "Signature-Input", dict(signed_request())["Signature-Input"])
    assert not accepts_request(named)


def test_s6_a_request_cannot_be_read_as_an_answer_nor_the_reverse() -> None:
    with pytest.raises(NotSigned):
        read_answer(signed_request())
    with pytest.raises(NotSigned):
        read_request(signed_answer())


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("Signature-Input", "bridge-req-v1", "bridge-req-v2"),
        ("Signature-Input", "bridge-req-v1", "bridge-res-v1"),
        ("Signature-Input", "created=1", "created=0"),
        ("Signature-Input", "created=1800000000", "created=18000000000"),
        ("Signature-Input", ";nonce", "; nonce"),
        ("Signature-Input", ";tag", ';alg="ed25519";tag'),
        ("Signature-Input", "sig=", "sig1="),
        ("Signature-Input", '"@method" ', ""),
        ("Signature-Input", 'v1"', 'v1"\n'),
        ("Content-Type", "application/json", "application/json; charset=utf-8"),
        ("Content-Type", "application/json", "Application/JSON"),
        ("Content-Digest", "sha-256", "sha-512"),
        ("Content-Digest", ":1LCi", ":1LCi "),
    ],
)
def test_s8_another_spelling_of_the_headers_is_refused(name: str, old: str, new: str) -> None:
    headers = signed_request()
    changed = replaced(headers, name, dict(headers)[name].replace(old, new))
    assert changed != headers
    with pytest.raises(NotSigned):
        read_request(changed)


def test_s8_every_other_base64_spelling_of_the_signature_is_refused() -> None:
    headers = signed_request()
    signature = dict(headers)["Signature"]
    last = signature.index("==") - 1
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    spellings = [signature[:last] + symbol + signature[last + 1 :] for symbol in alphabet]
    assert [spelling for spelling in spellings if accepts_request(replaced(headers, "Signature", spelling))] == [
        signature
    ]


@pytest.mark.parametrize("name", ["Content-Type", "Content-Digest", "Signature-Input", "Signature"])
def test_s8_a_header_that_is_missing_or_there_twice_is_refused(name: str) -> None:
    headers = signed_request()
    for changed in (
        tuple(header for header in headers if header[0] != name),
        (*headers, (name.upper(), dict(headers)[name])),
    ):
        with pytest.raises(NotSigned):
            read_request(changed)


def test_header_names_may_come_in_any_case() -> None:
    assert accepts_request(tuple((name.lower(), value) for name, value in signed_request()))


def test_a_key_of_low_order_verifies_nothing_here_although_the_library_takes_it() -> None:
    """The constant signature that fits every message under the identity point is why is_good_key exists."""
    identity = (1).to_bytes(32, "little")
    constant = identity + bytes(32)
    Ed25519PublicKey.from_public_bytes(identity).verify(constant, b"any message")
