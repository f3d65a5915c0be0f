import hashlib
import random
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.address import LOCAL_PREFIX
from pairing.code import PREFIX, InvitationCode, _to_symbols, commitment_to, read_code, token_hash
from pairing.digests import b32, labelled_hash, length_prefixed
from pairing.errors import CodeChecksum, CodeNewerVersion, CodeNotReadable, CodeTruncated
from pairing.terms import Reach

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
PK_A = bytes.fromhex("03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
CODE = InvitationCode(Reach.PRIVATE, bytes(range(0x40, 0x50)), commitment_to(PK_A), "https://bridge.acme.example")
TEXT = (
    "brg_24dm0ga28d24ahj7914mmjtc9n74ys1242z52smybr68zxcfvggykat1jhjynvpk8tvb966zjf2b56atd1t78w3k78qjyrkjd5j6es9ec5hpts"
    "9ecnw62vbgdhjq1kwtc8"
)


def test_i1_the_vector_of_the_protocol() -> None:
    assert CODE.text == TEXT
    assert read_code(TEXT) == CODE
    assert CODE.commitment.hex() == "642220be51669e5e0c8ff58fdc21e9ab419465eaeed346b6b498df93c4b2995a"
    assert token_hash(CODE.token).hex() == "ecab02b3f296a388b0ae6a8b269e964a0d63174f814e6d680d50c7518de1e23e"


def test_a_code_holds_nothing_that_slack_touches() -> None:
    assert len(TEXT) == 134
    assert set(TEXT.removeprefix(PREFIX)) <= set(ALPHABET)


def test_l2_a_code_does_not_print_its_token() -> None:
    assert "token" not in repr(CODE)


labels = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=20)
addresses = st.builds(
    lambda host, port, path: f"https://{'.'.join(host)}.example{port}{path}",
    st.lists(labels, min_size=1, max_size=4),
    st.sampled_from(["", ":8443"]),
    st.sampled_from(["", "/bridge", "/a/b~c_d.e-f"]),
)
locals_ = st.binary(min_size=16, max_size=16).map(lambda raw: LOCAL_PREFIX + b32(raw))
codes = st.builds(
    InvitationCode,
    st.sampled_from([Reach.PUBLIC, Reach.PRIVATE]),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
    addresses,
) | st.builds(
    InvitationCode,
    st.just(Reach.LOCAL),
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
    locals_,
)


@settings(deadline=None)
@given(codes)
def test_i2_every_code_is_read_back(code: InvitationCode) -> None:
    assert read_code(code.text) == code
    assert read_code(f"{code.text.upper()} thanks").raw == code.raw


MANGLINGS = {
    "upper case": TEXT.upper(),
    "first letter up, as a phone does": TEXT.capitalize(),
    "a line break": TEXT[:60] + "\n" + TEXT[60:],
    "wrapped by a mail program": "\r\n  ".join(TEXT[at : at + 40] for at in range(0, len(TEXT), 40)),
    "quoted lines": "\n".join("> " + TEXT[at : at + 50] for at in range(0, len(TEXT), 50)),
    "spaces around": f"  \t{TEXT}\u00a0",
    "groups of five": " ".join(TEXT[at : at + 5] for at in range(0, len(TEXT), 5)),
    "a code block": f"```\n{TEXT}\n```",
    "backticks": f"`{TEXT}`",
    "bold and italic marks": f"*{TEXT}*~",
    "straight quotes": f'"{TEXT}"\'',
    "curly quotes": f"\u201c{TEXT}\u201d",
    "French quotes": f"«\u202f{TEXT}\u202f»",
    "angle brackets": f"<{TEXT}|link>",
    "Slack's own escapes": f"&lt;{TEXT}&gt;",
    "a whole message": f"Alice 10:42\nhere is the code: {TEXT} … thanks, see you",
    "a message that mentions the prefix": f"It starts with brg_, here: {TEXT}. Only one brg_ works.",
    "a full stop": f"{TEXT}.",
    "a colon glued before": f"code:{TEXT}",
    "zero-width and soft hyphens": "\u200b".join(TEXT[at : at + 9] for at in range(0, len(TEXT), 9)) + "\u00ad",
    "direction marks": f"\u202a{TEXT}\u202c",
    "a byte order mark": f"\ufeff{TEXT}",
    "full-width letters": "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in TEXT),
    "a full-width underscore": TEXT.replace("_", "\uff3f"),
    "o for 0, i and l for 1": TEXT.replace("0", "O").replace("1", "l", 3).replace("1", "I"),
    "an escaped underscore": TEXT.replace("_", "\\_"),
}


@pytest.mark.parametrize("how", MANGLINGS)
def test_i3_a_mangled_paste_is_read(how: str) -> None:
    assert read_code(MANGLINGS[how]) == CODE


def test_i4_every_single_changed_symbol_is_refused() -> None:
    body = TEXT.removeprefix(PREFIX)
    for at, old in enumerate(body):
        for new in ALPHABET:
            if new != old:
                with pytest.raises(CodeNotReadable):
                    read_code(PREFIX + body[:at] + new + body[at + 1 :])


def test_i4_every_truncation_is_refused_as_one() -> None:
    for length in range(len(PREFIX), len(TEXT)):
        with pytest.raises(CodeTruncated):
            read_code(TEXT[:length])
    for length in range(len(PREFIX)):
        with pytest.raises(CodeNotReadable):
            read_code(TEXT[:length])


@pytest.mark.parametrize("cut", [1, 7, 50, 129])
def test_i4_a_missing_or_doubled_or_swapped_symbol_is_refused(cut: int) -> None:
    body = TEXT.removeprefix(PREFIX)
    for changed in (
        body[: cut - 1] + body[cut:],
        body[:cut] + body[cut - 1 :],
        body[: cut - 1] + body[cut : cut + 1] + body[cut - 1 : cut] + body[cut + 1 :],
    ):
        if changed != body:
            with pytest.raises(CodeNotReadable):
                read_code(PREFIX + changed)


def test_i7_a_code_of_the_next_version_says_who_has_to_upgrade() -> None:
    with pytest.raises(CodeNewerVersion, match="older than your partner's: upgrade") as caught:
        read_code(PREFIX + "4" + TEXT[5:])
    assert caught.value.code == "code_newer_version"


@pytest.mark.parametrize("first", "456789abcdefghjkmnpqrstvwxyz")
def test_i7_every_later_version_is_told_apart(first: str) -> None:
    with pytest.raises(CodeNewerVersion):
        read_code(PREFIX + first + TEXT[5:])


def forged(address: str | bytes, nibble: int = 1) -> str:
    """A code with a right checksum around what our own node would never write."""
    raw = address.encode() if isinstance(address, str) else address
    body = bytes([1 << 4 | nibble, len(raw)]) + bytes(48) + raw
    return PREFIX + _to_symbols(body + hashlib.sha256(length_prefixed("bridge/v1/code") + body).digest()[:4])


def test_forging_works() -> None:
    assert read_code(forged("https://bridge.acme.example")).address == "https://bridge.acme.example"


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1",
        "https://localhost",
        "http://bridge.acme.example",
        "https://Bridge.acme.example",
        "https://bridge.acme.example/",
        "https://bridge.acme.example:443",
        " https://bridge.acme.example",
        "https://acme.freshservice.com",
        "ftp://bridge.acme.example",
        "nonsense",
        b"https://br\xfcdge.example",
        b"\x00",
    ],
)
def test_r1_a_code_with_an_address_that_is_not_canonical_or_allowed_is_refused(address: str | bytes) -> None:
    with pytest.raises(CodeNotReadable, match="names no address"):
        read_code(forged(address))


def test_a_trusted_origin_may_stand_in_a_code() -> None:
    text = forged("http://127.0.0.1:8101")
    assert read_code(text, frozenset({"http://127.0.0.1:8101"})).address == "http://127.0.0.1:8101"
    with pytest.raises(CodeNotReadable):
        read_code(text, frozenset({"http://127.0.0.1:8102"}))


@pytest.mark.parametrize(
    ("address", "nibble"),
    [("https://bridge.acme.example", 2), (LOCAL_PREFIX + "a" * 26, 0), (LOCAL_PREFIX + "a" * 26, 1)],
)
def test_a_code_whose_reach_and_address_differ_contradicts_itself(address: str, nibble: int) -> None:
    with pytest.raises(CodeNotReadable, match="contradicts itself"):
        read_code(forged(address, nibble))


def test_a_reach_of_a_later_version_contradicts_itself() -> None:
    with pytest.raises(CodeNotReadable):
        read_code(forged("https://bridge.acme.example", 3))


def test_a_paste_that_is_too_long_is_refused() -> None:
    assert read_code(TEXT + " " * (4000 - len(TEXT))) == CODE
    with pytest.raises(CodeNotReadable, match="too long"):
        read_code(TEXT + " " * (4001 - len(TEXT)))


@pytest.mark.parametrize(
    ("pasted", "error", "sentence"),
    [
        ("", CodeNotReadable, "It starts with `brg_`"),
        ("brg", CodeNotReadable, "It starts with `brg_`"),
        ("hello there", CodeNotReadable, "copy the whole message again"),
        ("brg_", CodeTruncated, "The last part"),
        (TEXT[:-5], CodeTruncated, "Copy the whole code and try again"),
        (TEXT[:-1] + "9", CodeChecksum, "A character of this invitation code was changed"),
        (f"brg_ is the prefix, {TEXT[:-1]}9", CodeChecksum, "Copy it again from the message"),
    ],
)
def test_each_error_says_what_to_do(pasted: str, error: type[CodeNotReadable], sentence: str) -> None:
    with pytest.raises(CodeNotReadable, match=sentence) as caught:
        read_code(pasted)
    assert type(caught.value) is error
    assert "24dm0ga" not in str(caught.value)


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=300)
    | st.text(ALPHABET + "_ brgoil", max_size=300)
    | st.text(ALPHABET, max_size=400).map(lambda text: "brg_2" + text)
    | st.binary(min_size=58, max_size=240).map(lambda raw: forged(raw[:180], raw[0] & 15))
)
def test_i8_any_text_is_a_code_or_a_code_not_readable(pasted: str) -> None:
    try:
        code = read_code(pasted)
    except CodeNotReadable:
        return
    assert read_code(code.text) == code


@pytest.mark.slow
def test_i8_many_random_texts_are_codes_or_not_readable() -> None:
    chance = random.Random(8)
    for _ in range(50_000):
        at, size = chance.randrange(len(TEXT)), chance.randrange(20)
        noise = "".join(chr(chance.choice((chance.randrange(128), chance.randrange(0x11000)))) for _ in range(size))
        try:
            assert read_code(TEXT[:at] + noise + TEXT[at + chance.randrange(20) :]) == CODE
        except CodeNotReadable:
            continue


@pytest.mark.parametrize("evil", ["ﷺ", "㍿", "ｂｒｇ＿", "brg_"])
def test_a_paste_that_grows_in_normalisation_stays_cheap(evil: str) -> None:
    assert unicodedata.normalize("NFKC", evil)
    with pytest.raises(CodeNotReadable):
        read_code((evil * 4000)[:4000])


def test_hashes_are_labelled_and_length_prefixed() -> None:
    assert length_prefixed("ab") == b"\x00\x02ab"
    assert labelled_hash("a", b"bc") != labelled_hash("ab", b"c")
