"""A desk: one account of a service desk that an organisation added. Its API key is in the vault, never here."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """`kind` names the tracker ("freshservice"), `address` is canonical ("https://acme.freshservice.com").
    `fallback_requester` is the e-mail of whoever stands in for people whom the desk does not know; empty: the key's own
    agent."""

    id: str
    kind: str
    short_name: str
    address: str
    created_by: str
    created_at: datetime
    fallback_requester: str = ""
