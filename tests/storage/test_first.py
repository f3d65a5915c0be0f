import pytest
from sqlalchemy import update

from storage.engines import open_engines
from storage.errors import ConfigError
from storage.sessions import SystemSession
from storage.store import Store
from storage.tables import NodeRow
from storage.vault import KeyRing
from tests.storage import samples

OLD, NEW = KeyRing((b"1" * 32,)), KeyRing((b"2" * 32,))
BOTH = KeyRing((*NEW.masters, *OLD.masters))


async def used_with(url: str, keys: KeyRing) -> None:
    store = Store.open(url, keys)
    organisation = await samples.organisation(store)
    await store.run(organisation.id, lambda tx: tx.vault.put("desk_token", f"desk{keys.kid}", b"secret"))
    await store.close()


async def test_v4_a_wrong_key_is_refused_with_the_kid_that_is_needed_and_the_way_out(store_url: str) -> None:
    await used_with(store_url, OLD)
    with pytest.raises(ConfigError) as caught:
        Store.open(store_url, NEW)
    for part in (OLD.kid, "DRAWBRIDGE_SECRET_KEYS", "python -m bot secrets forget"):
        assert part in str(caught.value)


async def test_v4_refusing_changes_nothing(store_url: str) -> None:
    await used_with(store_url, OLD)
    with pytest.raises(ConfigError):
        Store.open(store_url, NEW)
    await Store.open(store_url, OLD).close()


async def test_v3_a_new_key_in_front_of_the_old_one_opens(store_url: str) -> None:
    await used_with(store_url, OLD)
    await Store.open(store_url, BOTH).close()


async def test_v3_the_old_key_may_not_go_while_rotation_is_half_done(store_url: str) -> None:
    await used_with(store_url, OLD)
    await used_with(store_url, BOTH)
    for alone in (OLD, NEW):
        with pytest.raises(ConfigError):
            Store.open(store_url, alone)


async def test_a_canary_that_was_changed_is_refused(store_url: str) -> None:
    await used_with(store_url, OLD)
    engines = open_engines(store_url)
    with SystemSession(engines.writer, None) as session:
        session.change(update(NodeRow).values(canary=OLD.seal("node", "other", "x", b"drawbridge")))
        session.commit()
    engines.dispose()
    with pytest.raises(ConfigError, match="backup"):
        Store.open(store_url, OLD)
