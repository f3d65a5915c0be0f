"""Nonces that were seen: a request repeats its nonce only when somebody replays it."""

from datetime import datetime

from storage.sessions import OrganisationSession
from storage.tables import NonceRow


class Nonces:
    def __init__(self, session: OrganisationSession) -> None:
        self._session = session

    def add(self, connection_id: str, nonce: str, expires_at: datetime) -> bool:
        """False when it was seen on this connection before. It is remembered until `expires_at`, then swept."""
        row = {"connection_id": connection_id, "nonce": nonce, "expires_at": expires_at}
        return bool(self._session.upsert(NonceRow, [row], unique=("organisation_id", "connection_id", "nonce")))
