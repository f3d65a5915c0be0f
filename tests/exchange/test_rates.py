from exchange.rates import ClaimRates, ExchangeRates
from tests.exchange.twin import Clocks


def claim_rates(clocks: Clocks) -> ClaimRates:
    return ClaimRates(clocks.monotonic, per_address=10, per_node=60)


def test_i6_an_address_has_ten_claims_a_minute() -> None:
    clocks = Clocks()
    rates = claim_rates(clocks)
    assert [rates.may("198.51.100.7") for _ in range(12)] == [True] * 10 + [False] * 2
    clocks.seconds += 59
    assert not rates.may("198.51.100.7")
    assert rates.may("198.51.100.8")
    clocks.seconds += 1
    assert rates.may("198.51.100.7")


def test_i6_a_node_has_sixty_claims_a_minute_whoever_asks() -> None:
    rates = claim_rates(Clocks())
    assert sum(rates.may(f"198.51.100.{number}") for number in range(100)) == 60


def test_an_ipv6_household_counts_once() -> None:
    rates = claim_rates(Clocks())
    assert sum(rates.may(f"2001:db8:1:2::{number:x}") for number in range(1, 30)) == 10
    assert rates.may("2001:db8:1:3::1")


def test_a_mapped_address_counts_as_its_ipv4_one() -> None:
    rates = claim_rates(Clocks())
    assert sum(rates.may("::ffff:198.51.100.7") for _ in range(12)) == 10
    assert rates.may("::ffff:198.51.100.8")


def test_claims_of_this_process_count_for_the_node_only() -> None:
    rates = claim_rates(Clocks())
    assert sum(rates.may("") for _ in range(100)) == 60


def test_refused_claims_are_not_remembered() -> None:
    rates = claim_rates(Clocks())
    for _ in range(10_000):
        rates.may("198.51.100.7")
    assert len(rates._admitted) == 10


def test_a_connection_has_a_burst_of_twenty_then_ten_a_second() -> None:
    clocks = Clocks()
    rates = ExchangeRates(clocks.monotonic, per_second=10, burst=20)
    assert sum(rates.may("one") for _ in range(50)) == 20
    clocks.seconds += 1
    assert sum(rates.may("one") for _ in range(50)) == 10
    clocks.seconds += 60
    assert sum(rates.may("one") for _ in range(50)) == 20


def test_d7_a_flood_on_one_connection_leaves_the_others_alone() -> None:
    rates = ExchangeRates(Clocks().monotonic, per_second=10, burst=20)
    assert sum(rates.may("one") for _ in range(1000)) == 20
    assert sum(rates.may("two") for _ in range(1000)) == 20


def test_full_buckets_are_forgotten() -> None:
    clocks = Clocks()
    rates = ExchangeRates(clocks.monotonic, per_second=10, burst=20)
    for number in range(5000):
        assert rates.may(f"connection-{number}")
        clocks.seconds += 1
    assert len(rates._full_at) <= 4096
