"""A partner's base address in its one canonical spelling; two addresses are the same when their strings are."""

import re

from pairing.errors import AddressNotUsable

LOCAL_PREFIX = "local:"
_LOCAL = re.compile(r"local:[a-z2-7]{26}")
_SHAPE = re.compile(r"(https?)://([^/?#]*)(/[^?#]*)?", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_LAST_LABEL = re.compile(r"[a-z][a-z0-9-]*(?<!-)")
_PATH = re.compile(r"[A-Za-z0-9._~/-]*")
_INSIDE = (".local", ".localhost", ".internal", ".arpa", ".home.arpa", ".onion")
_DESKS = (".freshservice.com", ".freshdesk.com", ".atlassian.net", ".zendesk.com", ".service-now.com")
_PORTS = (443, 8443)
MAX_ADDRESS = 180


def local_address(node_id: str) -> str:
    return LOCAL_PREFIX + node_id


def is_local(address: str) -> bool:
    return _LOCAL.fullmatch(address) is not None


def host_of(address: str) -> str:
    """The host (with its port) of a canonical address, for people to read; "this node" for a local one."""
    return "this node" if is_local(address) else address.split("://", 1)[1].split("/", 1)[0]


def origin_of(address: str) -> str:
    return address if is_local(address) else "/".join(address.split("/")[:3])


def is_unencrypted(address: str) -> bool:
    """True for a trusted http:// origin, which the prompts call an unencrypted test connection."""
    return address.startswith("http://")


def canonical_address(text: str, trusted: frozenset[str] = frozenset()) -> str:
    """The canonical form of what a person typed, a setting says or a code holds.

    `trusted` holds exact origins ("http://127.0.0.1:8101") that are exempt from the rules on scheme, host and port.
    Raises AddressNotUsable with the reason.
    """
    typed = text.strip()
    if is_local(typed):
        return typed
    scheme, authority, path = _parts(typed)
    host, port = _host_and_port(authority, scheme)
    origin = f"{scheme}://{host}" + ("" if port == _default_port(scheme) else f":{port}")
    if origin not in trusted:
        _refuse_untrusted(scheme, host, port)
    address = origin + path
    if len(address) > MAX_ADDRESS:
        raise AddressNotUsable(f"That address is too long: {MAX_ADDRESS} characters is the limit.")
    return address


def _parts(typed: str) -> tuple[str, str, str]:
    if "@" in typed.split("//", 1)[-1].split("/", 1)[0]:
        raise AddressNotUsable(
            "An address must not contain a user name or password. Leave out everything before the @."
        )
    if not typed.isascii():
        raise AddressNotUsable(
            "That address has characters beyond plain letters and digits. Type an international name in its xn-- form."
        )
    shape = _SHAPE.fullmatch(typed)
    if shape is None:
        raise AddressNotUsable("Type the address like https://bridge.example.com, without ? or # parts.")
    path = (shape[3] or "").rstrip("/")
    if not _PATH.fullmatch(path) or ".." in path or "//" in path or "/." in path:
        raise AddressNotUsable("The path of that address may hold letters, digits and . _ ~ - only.")
    return shape[1].lower(), shape[2].lower(), path


def _host_and_port(authority: str, scheme: str) -> tuple[str, int]:
    host, _, port_text = authority.partition(":")
    if not port_text and authority.endswith(":"):
        raise AddressNotUsable("The port of that address is missing after the colon.")
    if port_text and not re.fullmatch(r"[1-9][0-9]{0,4}", port_text):
        raise AddressNotUsable("The port of that address is not a number from 1 to 65535.")
    port = int(port_text) if port_text else _default_port(scheme)
    if not re.fullmatch(r"[a-z0-9.-]{1,253}", host) or port > 65535:
        raise AddressNotUsable("That is not a host name. Type the address like https://bridge.example.com.")
    return host, port


def _default_port(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def _refuse_untrusted(scheme: str, host: str, port: int) -> None:
    if scheme != "https":
        raise AddressNotUsable("The address must start with https://.")
    labels = host.split(".")
    if len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels) or not _LAST_LABEL.fullmatch(labels[-1]):
        raise AddressNotUsable("The address needs a public host name, not a number or a name of your own network.")
    if any(host.endswith(ending) for ending in _INSIDE):
        raise AddressNotUsable(
            "That host name exists only inside a network. Type the address your partner has in public."
        )
    if any(host.endswith(ending) for ending in _DESKS):
        raise AddressNotUsable(
            "That is the address of a service desk. Type the address of your partner's Drawbridge instead;"
            " if they have none, choose “I don't have a URL for my partner”."
        )
    if port not in _PORTS:
        raise AddressNotUsable("Only the ports 443 and 8443 can be used.")
