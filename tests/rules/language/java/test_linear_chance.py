"""The numbers that java.util.Random gives for a seed, and the order of hash tables; the answers are Java 17's."""

from rules.language.hash_order import HashOrder, hash_code, table_size
from rules.language.java.decimal_format import NumberFormat
from rules.language.java.linear_chance import LinearChance
from rules.language.values import Decimal, Long


def test_a_seed_gives_javas_numbers() -> None:
    chance = LinearChance(42)
    assert [chance.whole(), chance.whole(10)] == [-1170105035, 3]
    assert LinearChance(42).double() == 0.7275636800328681
    assert LinearChance(5).long() == -4971030886054769832
    assert LinearChance(5).gaussian() == 0.23506366996956274


def test_hash_codes_are_javas() -> None:
    assert [hash_code(it) for it in ("abc", 5, Long(-1), True, None, Decimal("5.5"))] == [96354, 5, 0, 1231, 0, 1706]
    assert hash_code([1, "a"]) == 1089
    assert hash_code(object()) is None
    assert [table_size(room) for room in (1, 4, 5, 16, 17)] == [1, 4, 8, 16, 32]


def test_a_hash_table_shows_its_keys_by_place() -> None:
    held = {word: word for word in ("Open", "Closed", "In Progress", "Done")}
    assert list(HashOrder().settled(held, list(held))) == ["Done", "Closed", "In Progress", "Open"]
    assert list(HashOrder(4).settled(held, list(held))) == ["In Progress", "Done", "Closed", "Open"]


def test_patterns_of_numbers() -> None:
    shown = {
        ("#,##0.00", "1234567.891"): "1,234,567.89", ("0.0", "0.25"): "0.2", ("000", "5"): "005", ("#%", "0.25"): "25%",
        ("#.##", "-3.14159"): "-3.14", ("$#,##0.00;($#)", "-5"): "($5.00)", ("0.###E0", "12345"): "1.234E4",
        ("'n'' '0", "7"): "n' 7",
    }  # fmt: skip
    for (pattern, number), text in shown.items():
        assert NumberFormat(pattern).text(Decimal(number)) == text
    assert NumberFormat("#,##0.00").read("1,234.5 EUR") == Decimal("1234.5")
