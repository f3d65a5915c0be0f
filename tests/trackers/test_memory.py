import pytest

from pairing.secret import Secret
from sync.errors import RemoteRefusedUs
from trackers.errors import DeskAddressNotUsable
from trackers.memory import MemoryDesks


@pytest.mark.parametrize("typed", ["acme", "memory:acme", " Memory:ACME "])
def test_a_toy_desk_has_one_spelling(typed: str) -> None:
    assert MemoryDesks().canonical_address(typed) == "memory:acme"


@pytest.mark.parametrize("typed", ["", "memory:", "a b", "acme.freshservice.com", "memory:memory:x", "x" * 41, "-x"])
def test_a_name_that_cannot_be_a_toy_desk_says_how_one_is_called(typed: str) -> None:
    with pytest.raises(DeskAddressNotUsable, match="memory:<name>"):
        MemoryDesks().canonical_address(typed)


async def test_a_key_of_another_kind_is_refused_with_what_to_type_instead() -> None:
    with pytest.raises(RemoteRefusedUs, match="start with toy-"):
        await MemoryDesks().check("memory:acme", Secret("real-key"))
