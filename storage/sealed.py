"""The sealed secrets of one organisation."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from storage.sessions import OrganisationSession
from storage.tables import SecretRow
from storage.vault import KeyRing

KINDS = frozenset(
    (
        "connection_key",
        "invite_key",
        "slack_bot",
        "slack_refresh",
        "desk_token",
        "claim",
        "number",
        "draft",
        "offer",
        "rule_draft",
    )
)
_UNIQUE = ("organisation_id", "kind", "ref")
_REPLACED = ("token", "kid", "expires_at", "updated_at")
_TOKEN = select(SecretRow.token).where(
    SecretRow.kind == bindparam("kind"),
    SecretRow.ref == bindparam("ref"),
    SecretRow.expires_at.is_(None) | (SecretRow.expires_at > bindparam("now")),
)
_REFS = select(SecretRow.ref).where(SecretRow.kind == bindparam("kind"))


class Vault:
    """`kind` is one of KINDS; `ref` names the thing that the secret belongs to."""

    def __init__(self, session: OrganisationSession, keys: KeyRing) -> None:
        self._session = session
        self._keys = keys

    def put(self, kind: str, ref: str, secret: bytes, expires_at: datetime | None = None) -> None:
        """Replaces what was there."""
        assert kind in KINDS, kind
        row = {
            "kind": kind,
            "ref": ref,
            "token": self._keys.seal(self._session.organisation_id, kind, ref, secret),
            "kid": self._keys.kid,
            "expires_at": expires_at,
            "updated_at": self._session.now,
        }
        self._session.upsert(SecretRow, [row], unique=_UNIQUE, replace=_REPLACED)

    def get(self, kind: str, ref: str) -> bytes | None:
        """None when there is none, or its time is over. Raises SecretUnreadable."""
        parameters = {"kind": kind, "ref": ref, "now": self._session.now}
        sealed = self._session.values(_TOKEN, parameters).one_or_none()
        return None if sealed is None else self._keys.open(self._session.organisation_id, kind, ref, sealed)

    def refs(self, kind: str) -> frozenset[str]:
        """What secrets of this kind belong to, those whose time is over included."""
        return frozenset(self._session.values(_REFS, {"kind": kind}))

    def forget(self, kind: str, ref: str) -> None:
        """Does nothing when there is none."""
        self._session.change(delete(SecretRow).where(SecretRow.kind == kind, SecretRow.ref == ref))
