"""One transaction of one organisation: what `Store.run` and `Store.read` hand to their work."""

from datetime import datetime

from pairing.organisation import Organisation
from storage.audit import Audit
from storage.blobs import Blobs
from storage.connections import Connections
from storage.desks import Desks
from storage.envelopes import Inbox, Outbox
from storage.intents import Intents
from storage.invitations import Invitations
from storage.lanes import Lanes
from storage.links import Links, Traces
from storage.moments import Moments
from storage.nonces import Nonces
from storage.notices import Notices
from storage.places import Cards, Homes
from storage.rules import Rules
from storage.sealed import Vault
from storage.sessions import OrganisationSession
from storage.troubles import Disagreements, Parked
from storage.vault import KeyRing
from storage.wanted import Asked, Backfills, Scopes
from storage.watching import Cursors, Hooks, Sightings


class Transaction:
    """Everything in it is of one organisation, and nothing of it may be kept after the work returned."""

    def __init__(self, session: OrganisationSession, keys: KeyRing) -> None:
        self.connections = Connections(session)
        self.invitations = Invitations(session)
        self.desks = Desks(session)
        self.outbox = Outbox(session)
        self.inbox = Inbox(session)
        self.nonces = Nonces(session)
        self.vault = Vault(session, keys)
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
        self.lanes = Lanes(session)
        self._session = session
        self._organisation: Organisation | None = None
        self._woken: set[str] = set()

    @property
    def organisation(self) -> Organisation:
        """Raises RowGone when this node has no such organisation."""
        if self._organisation is None:
            self._organisation = self._session.organisation()
        return self._organisation

    @property
    def now(self) -> datetime:
        """Aware UTC, the same for the whole transaction."""
        return self._session.now

    def wake(self, topic: str) -> None:
        """Those who wait for the topic are woken after the commit."""
        self._woken.add(topic)

    def settle(self) -> frozenset[str]:
        """Does what waited for the end of the work; the topics to be woken after the commit. Raises LeaseLost."""
        due = self.lanes.book.settle()
        if due is not None:
            self._woken.add(due)
        return frozenset(self._woken)
