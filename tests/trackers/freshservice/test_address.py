import pytest

from trackers.errors import DeskAddressNotUsable
from trackers.freshservice.address import canonical_address

TRUSTED = frozenset({"http://127.0.0.1:9001"})


@pytest.mark.parametrize(
    "typed",
    [
        "acme.freshservice.com",
        "acme",
        "ACME.Freshservice.com",
        " https://acme.freshservice.com/ ",
        "http://acme.freshservice.com",
        "https://acme.freshservice.com/a/tickets/372?current_tab=details#x",
    ],
)
def test_whatever_names_the_account_becomes_its_one_address(typed: str) -> None:
    assert canonical_address(typed, frozenset()) == "https://acme.freshservice.com"


def test_a_trusted_origin_is_taken_as_it_is() -> None:
    assert canonical_address("http://127.0.0.1:9001/", TRUSTED) == "http://127.0.0.1:9001"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("http://127.0.0.1:9002", "the port"),
        ("https://helpdesk.acme.example", "only under its own name"),
        ("127.0.0.1", "only under its own name"),
        ("acme.freshservice.com.evil.example", "only under its own name"),
        ("evil.example/acme.freshservice.com", "only under its own name"),
        ("a.b.freshservice.com", "only under its own name"),
        ("acme.freshdesk.com", "Freshdesk account"),
        ("https://user:pass@acme.freshservice.com", "Leave out the user name"),
        ("https://acme.freshservice.com:8443", "the port"),
        ("https://acme.freshservice.com:port", "not an address"),
        ("ftp://acme.freshservice.com", "Leave out"),
        ("https://[::1", "not an address"),
        ("www.freshservice.com", "not the address of a Freshservice account"),
        (".freshservice.com", "not the address of a Freshservice account"),
        ("", "not the address of a Freshservice account"),
        ("acmé.freshservice.com", "not the address of a Freshservice account"),
        ("acme.freshservice.com.", "only under its own name"),
        ("acme\n.freshservice.com", "acme.freshservice.com"),
        ("-acme.freshservice.com", "not the address of a Freshservice account"),
        ("acme_1.freshservice.com", "not the address of a Freshservice account"),
    ],
)
def test_anything_else_is_refused_with_an_example(typed: str, words: str) -> None:
    with pytest.raises(DeskAddressNotUsable) as refused:
        canonical_address(typed, TRUSTED)
    assert words in str(refused.value)
    assert "like acme.freshservice.com" in str(refused.value)
