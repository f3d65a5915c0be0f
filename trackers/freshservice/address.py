"""How a Freshservice account is named: one word below freshservice.com, or an origin that the operator trusts."""

import re
from urllib.parse import urlsplit

from trackers.errors import DeskAddressNotUsable

DOMAIN = ".freshservice.com"
_ACCOUNT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Names of the vendor's own: no account can have them, and a key must not be shown to them.
_NO_ACCOUNT = frozenset({"www", "api", "support", "developers", "community", "status"})
_HOW = "Type your account's own address, like acme.freshservice.com."


def canonical_address(typed: str, trusted: frozenset[str]) -> str:
    """ "https://acme.freshservice.com" for anything that names this account. Raises DeskAddressNotUsable."""
    text = typed.strip().lower()
    if text.rstrip("/") in trusted:
        return text.rstrip("/")
    account = _host(text).removesuffix(DOMAIN)
    if not _ACCOUNT.fullmatch(account) or account in _NO_ACCOUNT:
        raise DeskAddressNotUsable(_why_not(account))
    return f"https://{account}{DOMAIN}"


def _host(text: str) -> str:
    """The host in what was typed, which may be a bare account name or a link to a ticket."""
    if not text.isprintable():  # urlsplit would drop line breaks and read on
        raise DeskAddressNotUsable(f"That is not an address. {_HOW}")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, extra = parts.hostname or "", parts.port is not None or "@" in parts.netloc
    except ValueError as exc:
        raise DeskAddressNotUsable(f"That is not an address. {_HOW}") from exc
    if extra or parts.scheme not in ("http", "https"):
        raise DeskAddressNotUsable(f"Leave out the user name, the password and the port. {_HOW}")
    return host


def _why_not(account: str) -> str:
    if account.endswith(".freshdesk.com"):
        return f"That is a Freshdesk account; only Freshservice can be connected so far. {_HOW}"
    if "." in account and not account.startswith("."):
        # Documented: the API answers under the account's own name only, never under a company's domain.
        return f"Freshservice answers only under its own name, not under a domain of yours. {_HOW}"
    return f"That is not the address of a Freshservice account. {_HOW}"
