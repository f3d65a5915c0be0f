import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pairing.errors import NameNotUsable
from pairing.names import connection_name, proposed_name, proposed_short_name, short_name, stated_name

UNSHOWN = [chr(code) for code in range(0x11000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp")]


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("Globex", "Globex"),
        ("  Globex\n\tInc.  ", "Globex Inc."),
        ("Glo\u202ebex", "Globex"),
        ("\u2066Globex\u2069", "Globex"),
        ("Glo\u200bbex\ufeff", "Globex"),
        ("Globex\u0000\u001b[31m", "Globex[31m"),
        ("Zażółć GmbH & Søn 株式会社", "Zażółć GmbH & Søn 株式会社"),
        ("Line\u2028two\u2029three", "Line two three"),
        ("x" * 200, "x" * 80),
        ("x" * 79 + " y", "x" * 79),
        ("\u202e\u200b", ""),
        ("", ""),
    ],
)
def test_c5_a_stated_name_is_one_line_without_control_or_direction_characters(stated: str, shown: str) -> None:
    assert stated_name(stated) == shown


def test_c5_no_character_that_cannot_be_seen_is_left() -> None:
    assert stated_name("a" + "".join(UNSHOWN) + "b", 10_000).replace(" ", "") == "ab"


@settings(deadline=None)
@given(st.text(max_size=200), st.integers(1, 80))
def test_c5_a_stated_name_is_short_and_stays_as_it_is_the_second_time(text: str, limit: int) -> None:
    shown = stated_name(text, limit)
    assert len(shown) <= limit
    assert stated_name(shown, limit) == shown


@pytest.mark.parametrize(
    ("typed", "name"), [("acme_to_globex", "acme_to_globex"), (" Acme-2 ", "acme-2"), ("x" * 40,) * 2]
)
def test_a_connections_name_is_stored_in_lower_case(typed: str, name: str) -> None:
    assert connection_name(typed) == name


@pytest.mark.parametrize("typed", ["", " ", "x" * 41, "a b", "acmé", "a.b", "a\nb", "<!channel>", "`x`", "a/b"])
def test_a_connections_name_that_breaks_the_rule_is_told_the_rule(typed: str) -> None:
    with pytest.raises(NameNotUsable, match="1 to 40 characters: a-z, 0-9, _ and -") as caught:
        connection_name(typed)
    assert not typed.strip() or typed not in str(caught.value)


def test_a_short_name_has_at_most_eighteen_characters() -> None:
    assert short_name(" ACME ") == "acme"
    assert short_name("x" * 18) == "x" * 18
    for typed in ("", "x" * 19, "ac me", "a.b"):
        with pytest.raises(NameNotUsable, match="1 to 18 characters"):
            short_name(typed)


def test_a_name_is_proposed_from_both_short_names() -> None:
    assert proposed_name("acme", "globex") == "acme_to_globex"
    assert proposed_name("acme", "globex", frozenset({"acme_to_globex"})) == "acme_to_globex_2"
    taken = frozenset({"acme_to_globex", "acme_to_globex_2"})
    assert proposed_name("acme", "globex", taken) == "acme_to_globex_3"


short_names = st.text("abz09_-", min_size=1, max_size=18)


@given(short_names, short_names, st.integers(0, 120))
def test_a_proposed_name_is_free_and_keeps_the_rule(local: str, remote: str, taken_count: int) -> None:
    taken: frozenset[str] = frozenset()
    for _ in range(taken_count):
        taken |= {proposed_name(local, remote, taken)}
    name = proposed_name(local, remote, taken)
    assert name not in taken
    assert connection_name(name) == name
    assert len(taken) == taken_count


@pytest.mark.parametrize(
    ("organisation", "name"),
    [
        ("Acme", "acme"),
        ("Globex GmbH & Co. KG", "globex-gmbh-co-kg"),
        ("Zażółć", "zazoc"),
        ("株式会社", "desk"),
        ("", "desk"),
    ],
)
def test_a_short_name_is_proposed_from_an_organisations_name(organisation: str, name: str) -> None:
    assert proposed_short_name(organisation) == name


@settings(deadline=None)
@given(st.text(max_size=60))
def test_every_proposed_short_name_keeps_the_rule(organisation: str) -> None:
    name = proposed_short_name(organisation)
    assert short_name(name) == name
    assert re.fullmatch("[a-z0-9-]+", name)
