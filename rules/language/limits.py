"""How much one run of a rule may use. Whatever a rule does, it ends within these numbers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Characters count as Python counts them, sizes of values are in characters or items, times in seconds."""

    source_characters: int = 256_000
    nesting: int = 100
    path_length: int = 500
    steps: int = 2_000_000
    call_depth: int = 100
    wall_seconds: float = 10.0
    string: int = 2_000_000
    collection: int = 100_000
    allocated: int = 64_000_000
    integer_bits: int = 4_096
    decimal_digits: int = 200
    decimal_exponent: int = 400
    walk_depth: int = 200
    regex_seconds: float = 0.25
    regex_total_seconds: float = 2.0
    pattern_characters: int = 1_000
    json_characters: int = 2_000_000
    json_depth: int = 200
    host_calls: int = 200
    http_calls: int = 30
    log_characters: int = 64_000


DEFAULT = Limits()

# How many turns pass between two looks at the clock: a look costs about as much as a few steps.
STEPS_BETWEEN_LOOKS = 512

# What one item of a collection costs in the sum of allocated characters: a reference and its share of the table.
ITEM_COST = 8
