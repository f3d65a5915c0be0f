from typing import Any

import pytest

from storage.blobs import joined
from storage.errors import RowConflict
from storage.store import Store, Transaction
from tests.storage import samples

ID = samples.connection().id


async def test_a_file_is_whole_once_every_piece_is_there_in_whatever_order(store: Store) -> None:
    organisation_id = await samples.connected(store)
    pieces = [(6, b"\x00\xff"), (0, b"abc"), (3, b"def")]
    seen = []
    for offset, data in pieces:
        await store.run(organisation_id, lambda tx, at=offset, data=data: tx.blobs.put(ID, "t372", "f", at, 8, data))  # type: ignore[misc]
        seen.append(await store.read(organisation_id, lambda tx: tx.blobs.whole(ID, "f")))
    assert seen == [None, None, b"abcdef\x00\xff"]


async def test_an_empty_file_is_one_empty_piece(store: Store) -> None:
    organisation_id = await samples.connected(store)
    assert await store.read(organisation_id, lambda tx: tx.blobs.whole(ID, "f")) is None
    await store.run(organisation_id, lambda tx: tx.blobs.put(ID, "t372", "f", 0, 0, b""))
    assert await store.read(organisation_id, lambda tx: tx.blobs.whole(ID, "f")) == b""


async def test_i6_a_piece_that_comes_twice_counts_once(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> bytes | None:
        tx.blobs.put(ID, "t372", "f", 0, 6, b"xxx")
        tx.blobs.put(ID, "t372", "f", 3, 6, b"def")
        tx.blobs.put(ID, "t372", "f", 0, 6, b"abc")
        return tx.blobs.whole(ID, "f")

    assert await store.run(organisation_id, write) == b"abcdef"


async def test_files_are_kept_apart_and_forgotten_one_by_one(store: Store) -> None:
    organisation_id = await samples.connected(store)

    def write(tx: Transaction) -> list[Any]:
        for name in ("f", "g"):
            tx.blobs.put(ID, "t372", name, 0, 1, name.encode())
        tx.blobs.forget(ID, "f")
        tx.blobs.forget(ID, "f")
        return [tx.blobs.whole(ID, name) for name in ("f", "g")]

    assert await store.run(organisation_id, write) == [None, b"g"]


async def test_a_large_file_comes_back(store: Store) -> None:
    organisation_id = await samples.connected(store)
    piece, count = bytes(range(256)) * 512, 8

    def write(tx: Transaction) -> None:
        for number in range(count):
            tx.blobs.put(ID, "t372", "f", number * len(piece), count * len(piece), piece)

    await store.run(organisation_id, write)
    assert await store.read(organisation_id, lambda tx: tx.blobs.whole(ID, "f")) == piece * count


async def test_nothing_is_kept_for_a_connection_that_is_not_there(store: Store) -> None:
    organisation_id = await samples.connected(store)
    with pytest.raises(RowConflict):
        await store.run(organisation_id, lambda tx: tx.blobs.put("nothing", "t372", "f", 0, 1, b"x"))


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        ([], None),
        ([(0, 0, b"")], b""),
        ([(0, 2, b"a")], None),
        ([(1, 2, b"b")], None),
        ([(0, 3, b"a"), (2, 3, b"c")], None),
        ([(0, 3, b"ab"), (1, 3, b"bc")], None),
        ([(0, 2, b"a"), (1, 3, b"b")], None),
        ([(0, 2, b"a"), (1, 2, b"b")], b"ab"),
    ],
)
def test_pieces_that_leave_a_hole_or_do_not_fit_are_no_file(
    pieces: list[tuple[int, int, bytes]], whole: bytes | None
) -> None:
    assert joined(pieces) == whole
