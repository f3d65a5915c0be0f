from datetime import timedelta

from storage.audit import AuditEntry
from storage.store import Store, Transaction
from tests.storage import samples


async def test_entries_are_listed_newest_first(store: Store) -> None:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> tuple[AuditEntry, ...]:
        tx.audit.write("invite.create", "ab12cd34", actor_user="U1", actor_team="T1")
        tx.audit.write("wrong_number", "ab12cd34", "refused", detail="try 1")
        expected = (
            AuditEntry(tx.now, "wrong_number", "ab12cd34", "refused", None, None, "try 1"),
            AuditEntry(tx.now, "invite.create", "ab12cd34", "ok", "U1", "T1", ""),
        )
        assert tx.audit.all(1) == expected[:1]
        return expected

    expected = await store.run(organisation.id, write)
    assert await store.read(organisation.id, lambda tx: tx.audit.all(10)) == expected


async def test_what_a_person_did_since_a_moment_is_counted(store: Store) -> None:
    organisation = await samples.organisation(store)

    def write(tx: Transaction) -> list[int]:
        for user in ("U1", "U1", "U2"):
            tx.audit.write("invite.look", "", actor_user=user)
        tx.audit.write("invite.accept", "", actor_user="U1")
        hour = timedelta(hours=1)
        return [
            tx.audit.count("invite.look", actor_user="U1", since=tx.now - hour),
            tx.audit.count("invite.look", actor_user="U1", since=tx.now + hour),
            tx.audit.count("invite.look", actor_user="U3", since=tx.now - hour),
        ]

    assert await store.run(organisation.id, write) == [2, 0, 0]
