import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.address import (
    canonical_address,
    host_of,
    is_local,
    is_unencrypted,
    local_address,
    origin_of,
)
from pairing.errors import AddressNotUsable

LOCAL = "local:" + "a2" * 13


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("https://bridge.example.com", "https://bridge.example.com"),
        (" https://bridge.example.com/ ", "https://bridge.example.com"),
        ("HTTPS://Bridge.Example.COM", "https://bridge.example.com"),
        ("https://bridge.example.com:443", "https://bridge.example.com"),
        ("https://bridge.example.com:8443", "https://bridge.example.com:8443"),
        ("https://bridge.example.com/Team/A//", "https://bridge.example.com/Team/A"),
        ("https://bridge.example.com/a.b~c_d-e", "https://bridge.example.com/a.b~c_d-e"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("https://bridge.xn--p1ai", "https://bridge.xn--p1ai"),
        ("https://1.bridge.example", "https://1.bridge.example"),
        (LOCAL, LOCAL),
    ],
)
def test_an_address_has_one_spelling(typed: str, canonical: str) -> None:
    assert canonical_address(typed) == canonical


# Every spelling of 127.0.0.1, of the cloud's metadata address and of names inside a network that a parser may take.
R1 = [
    *("https://127.0.0.1", "https://127.1", "https://127.0.1", "https://2130706433", "https://0x7f000001", "https://0"),
    *("https://0177.0.0.1", "https://0x7f.0.0.1", "https://017700000001", "https://127.0.0.1.", "https://0.0.0.0"),
    *("https://127.0.0.0x1", "https://169.254.169.254", "https://2852039166", "https://0xa9fea9fe", "https://10.0.0.1"),
    *("https://[::1]", "https://[::ffff:127.0.0.1]", "https://[fe80::1%25eth0]", "https://[64:ff9b::a9fe:a9fe]"),
    *("https://::1", "https://8.8.8.8", "https://127。0。0。1", "https://１２７.0.0.1", "https://①②⑦.⓪.⓪.①"),
    *("https://localhost", "https://localhost.", "https://LOCALHOST", "https://bridge", "https://bridge."),
    *("https://bridge.example.com.", "https://.example.com", "https://bridge..example.com", "https://-a.example.com"),
    *("https://a-.example.com", "https://a_b.example.com", "https://bridge.local", "https://a.localhost"),
    *("https://bridge.internal", "https://1.0.0.127.in-addr.arpa", "https://router.home.arpa", "https://a.onion"),
    *("https://metadata.google.internal", "https://" + "a" * 64 + ".example.com", "https://a.example.123"),
    *("https://user@bridge.example.com", "https://user:pass@bridge.example.com", "https://@bridge.example.com"),
    *("https://bridge.example.com@127.0.0.1", "https://127.0.0.1#@bridge.example.com"),
    *(
        "https://127.0.0.1\\@bridge.example.com",
        "https://bridge.example.com\\@127.0.0.1",
        "https:\\\\bridge.example.com",
    ),
    *("https://bridge.example.com\\evil", "https://bridge.exa\tmple.com", "https://bridge.exa\nmple.com"),
    *("https://bridge.example.com\x00", "https://bridge.example.com\x00.evil.example", "https://bridge example.com"),
    *("https://bridge.example.com%2eevil.example", "https://%31%32%37.0.0.1", "https://bridge.example.com/%2e%2e"),
    *("https://bridge.example.com/..", "https://bridge.example.com/a/../b", "https://bridge.example.com/./a"),
    *("https://bridge.example.com//a", "https://bridge.example.com/a//b", "https://bridge.example.com/a b"),
    *("https://bridge.example.com/a;b", "https://bridge.example.com/é", "https://bridge.example.com?x=1"),
    *("https://bridge.example.com/?", "https://bridge.example.com#", "https://bridge.example.com/#x"),
    *("https://bridge.example.com:", "https://bridge.example.com:0", "https://bridge.example.com:80"),
    *("https://bridge.example.com:22", "https://bridge.example.com:8080", "https://bridge.example.com:65536"),
    *("https://bridge.example.com:0443", "https://bridge.example.com:+443", "https://bridge.example.com:443:443"),
    *("https://bridge.example.com:٤٤٣", "http://bridge.example.com", "HTTP://bridge.example.com:443"),
    *("ftp://bridge.example.com", "file:///etc/passwd", "gopher://bridge.example.com", "javascript:alert(1)"),
    *("//bridge.example.com", "bridge.example.com", "https:bridge.example.com", "https:/bridge.example.com"),
    *("https://", "https:///bridge.example.com", "", " ", "https", "https://münchen.example", "https://bridge.exаmple"),
    *("https://bridge.example.com/" + "a" * 180, "local:", "local:short", "local:" + "A2" * 13, "local:" + "a1" * 13),
    *("LOCAL:" + "a2" * 13, "https://b\u200bridge.example.com", "https://bridge.example\u202e.com"),
]


@pytest.mark.parametrize("typed", R1)
def test_r1_an_address_that_may_lead_elsewhere_is_refused(typed: str) -> None:
    with pytest.raises(AddressNotUsable) as caught:
        canonical_address(typed)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert len(typed.strip()) < 10 or typed.strip() not in sentence.replace("bridge.example.com", "…")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("http://bridge.example.com", "must start with https://"),
        ("https://10.0.0.1", "needs a public host name, not a number"),
        ("https://bridge", "needs a public host name"),
        ("https://bridge.local", "exists only inside a network"),
        ("https://bridge.example.com:8080", "Only the ports 443 and 8443"),
        ("https://bridge.example.com:", "The port of that address is missing"),
        ("https://bridge.example.com:99999", "That is not a host name|not a number from 1 to 65535"),
        ("https://bridge.example.com:x", "not a number from 1 to 65535"),
        ("https://me@bridge.example.com", "Leave out everything before the @"),
        ("https://bridge.example.com?x", "without \\? or # parts"),
        ("https://bridge.example.com/a b", "may hold letters, digits"),
        ("https://münchen.example", "in its xn-- form"),
        ("https://bridge.example.com/" + "a" * 180, "180 characters is the limit"),
        ("bridge.example.com", "Type the address like https://"),
        ("https://acme.freshservice.com", "the address of your partner's Drawbridge instead"),
        ("https://acme.atlassian.net/jira", "choose “I don't have a URL for my partner”"),
    ],
)
def test_each_refusal_says_what_to_type_instead(typed: str, sentence: str) -> None:
    with pytest.raises(AddressNotUsable, match=sentence):
        canonical_address(typed)


TRUSTED = frozenset({"http://127.0.0.1:8101", "http://node-b:8080", "https://bridge.corp", "http://localhost"})


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("http://127.0.0.1:8101", "http://127.0.0.1:8101"),
        ("http://127.0.0.1:8101/a/", "http://127.0.0.1:8101/a"),
        ("HTTP://Node-B:8080", "http://node-b:8080"),
        ("https://bridge.corp:443", "https://bridge.corp"),
        ("http://localhost:80/x", "http://localhost/x"),
    ],
)
def test_p14_a_trusted_origin_is_exempt_from_the_rules_on_scheme_host_and_port(typed: str, canonical: str) -> None:
    assert canonical_address(typed, TRUSTED) == canonical


@pytest.mark.parametrize(
    "typed",
    [
        "http://127.0.0.1:8102",
        "https://127.0.0.1:8101",
        "http://127.0.0.1",
        "http://127.0.0.1:8101@evil.example",
        "http://evil.example/http://127.0.0.1:8101",
        "http://127.0.0.1:8101/../x",
        "http://127.0.0.1:8101?x",
        "http://bridge.corp",
        "http://node-b",
        "http://node-b.evil.example:8080",
    ],
)
def test_p14_what_is_near_a_trusted_origin_is_not_trusted(typed: str) -> None:
    with pytest.raises(AddressNotUsable):
        canonical_address(typed, TRUSTED)


@settings(deadline=None, max_examples=300)
@given(
    st.text(max_size=60)
    | st.text("htps:/.@[]%#?\\0127.x-a", max_size=40).map(lambda rest: "https://" + rest)
    | st.sampled_from(R1)
)
def test_any_text_is_an_address_or_an_address_not_usable(typed: str) -> None:
    try:
        address = canonical_address(typed, TRUSTED)
    except AddressNotUsable:
        return
    assert canonical_address(address, TRUSTED) == address
    assert address.isascii()


def test_parts_of_an_address_for_people_and_for_comparing() -> None:
    address = "https://bridge.example.com:8443/team"
    assert (host_of(address), origin_of(address)) == ("bridge.example.com:8443", "https://bridge.example.com:8443")
    assert (host_of(LOCAL), origin_of(LOCAL)) == ("this node", LOCAL)
    assert is_local(local_address("a2" * 13))
    assert not is_local(address)
    assert is_unencrypted("http://127.0.0.1:8101")
    assert not is_unencrypted(address)
