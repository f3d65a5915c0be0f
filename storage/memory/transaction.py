"""One transaction of one organisation in memory: the counterpart of storage/transaction.py."""

from datetime import datetime

from pairing.organisation import Organisation
from storage.errors import RowGone
from storage.memory.envelopes import Inbox, Nonces, Outbox
from storage.memory.lanes import MemoryLanes
from storage.memory.links import Disagreements, Intents, Links, Parked, Traces
from storage.memory.notes import Audit, Cards, Homes, Notices, Vault
from storage.memory.pairing import Connections, Desks, Invitations
from storage.memory.rules import Rules
from storage.memory.session import MemorySession
from storage.memory.watching import Asked, Backfills, Blobs, Cursors, Hooks, Moments, Scopes, Sightings


class MemoryTransaction:
    def __init__(self, session: MemorySession) -> None:
        self.connections = Connections(session)
        self.invitations = Invitations(session)
        self.desks = Desks(session)
        self.outbox = Outbox(session)
        self.inbox = Inbox(session)
        self.nonces = Nonces(session)
        self.vault = Vault(session)
        self.audit = Audit(session)
        self.notices = Notices(session)
        self.cards = Cards(session)
        self.homes = Homes(session)
        self.links = Links(session)
        self.traces = Traces(session)
        self.intents = Intents(session)
        self.parked = Parked(session)
        self.disagreements = Disagreements(session)
        self.sightings = Sightings(session)
        self.cursors = Cursors(session)
        self.hooks = Hooks(session)
        self.scopes = Scopes(session)
        self.backfills = Backfills(session)
        self.asked = Asked(session)
        self.rules = Rules(session)
        self.blobs = Blobs(session)
        self.moments = Moments(session)
        identity = session.organisation.id if session.organisation is not None else ""
        self.lanes = MemoryLanes(session.rows.journal, session.lanes, identity, session.now)
        self._session = session
        self._woken: set[str] = set()

    @property
    def organisation(self) -> Organisation:
        if self._session.organisation is None:
            raise RowGone("This node serves no such organisation (any more).")
        return self._session.organisation

    @property
    def now(self) -> datetime:
        return self._session.now

    def wake(self, topic: str) -> None:
        self._woken.add(topic)

    @property
    def woken(self) -> frozenset[str]:
        return frozenset(self._woken | ({self.lanes.topic} if self.lanes.topic else set()))
