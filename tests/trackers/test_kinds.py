import aiohttp

from trackers.kinds import desk_kinds


async def test_toy_desks_are_offered_only_where_an_operator_wants_them() -> None:
    async with aiohttp.ClientSession() as session:
        assert list(desk_kinds(session=session, trusted=frozenset(), toy_desks=False)) == ["freshservice"]
        assert list(desk_kinds(session=session, trusted=frozenset(), toy_desks=True)) == ["freshservice", "memory"]
