"""Everything an operator can set, read once into one object."""

import re
import ssl
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from pairing.address import LOCAL_PREFIX, canonical_address, origin_of
from pairing.errors import AddressNotUsable
from pairing.secret import Secret
from storage.errors import ConfigError
from storage.vault import KeyRing

PREFIX = "DRAWBRIDGE_"
SLACK_API = "https://slack.com/api/"
T = TypeVar("T")


class Transport(StrEnum):
    """How Slack talks to us. AUTO: over HTTP where we have a public address, else through a socket that we open."""

    AUTO = "auto"
    HTTP = "http"
    SOCKET = "socket"


@dataclass(frozen=True, slots=True)
class StorageSettings:
    """What `secrets rotate` and `secrets forget` need: not every machine that keeps the database talks to Slack."""

    database_url: str = field(repr=False)  # it may hold a password
    secret_keys: tuple[Secret, ...]

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Raises ConfigError naming every missing or unreadable variable at once."""
        read = _Reading(env)
        settings = cls(database_url=read.database_url(), secret_keys=read.secret_keys())
        read.finish()
        return settings


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is the variable of the same name in capitals behind `DRAWBRIDGE_`; .env.example explains them all."""

    secret_keys: tuple[Secret, ...]
    slack_bot_tokens: tuple[Secret, ...]
    database_url: str = field(default="sqlite:///drawbridge.sqlite3", repr=False)  # it may hold a password
    secret_keys_file: Path | None = None
    public_base_url: str | None = None
    listen: tuple[str, int] = ("127.0.0.1", 8080)
    slack_signing_secret: Secret | None = None
    slack_app_token: Secret | None = None
    slack_transport: Transport = Transport.AUTO
    slack_api_url: str = SLACK_API
    command: str = "/connect"
    admin_groups: frozenset[str] = frozenset()
    allowed_teams: frozenset[str] = frozenset()
    trusted_origins: frozenset[str] = frozenset()
    ca_file: Path | None = None
    egress_proxy: str | None = None
    toy_desks: bool = False
    parked_polls: int = 2000
    poll_seconds: float = 5
    desk_share: float = 0.8
    excluded_files: frozenset[str] = frozenset()
    brake_creations: int = 50
    brake_rounds: int = 10
    log_level: str = "INFO"

    @property
    def transport(self) -> Transport:
        """HTTP or SOCKET, never AUTO."""
        if self.slack_transport is not Transport.AUTO:
            return self.slack_transport
        return Transport.HTTP if self.public_base_url else Transport.SOCKET

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Raises ConfigError naming every missing or unreadable variable at once."""
        read = _Reading(env)
        trusted: frozenset[str] = read.value("trusted_origins", _origins, frozenset())
        values = {name: read.value(name, parse, None) for name, parse in _parsers(trusted).items()}
        given = {name: value for name, value in values.items() if value is not None}
        keys = read.secret_keys()
        settings = cls(**{"slack_bot_tokens": (), **given, "trusted_origins": trusted, "secret_keys": keys})
        read.problems += _missing(settings, read)
        read.finish()
        return settings


def _parsers(trusted: frozenset[str]) -> dict[str, Callable[[str], Any]]:
    """How each variable is read, but for the keys and the trusted origins, which others depend on."""
    return {
        "database_url": _database_url,
        "secret_keys_file": Path,
        "public_base_url": lambda text: _public_address(text, trusted),
        "listen": _host_and_port,
        "slack_bot_tokens": _bot_tokens,
        "slack_signing_secret": _signing_secret,
        "slack_app_token": _app_token,
        "slack_transport": _transport,
        "slack_api_url": lambda text: _api_url(text, trusted),
        "command": slash_command,
        "admin_groups": lambda text: _ids(text, "S", "user group"),
        "allowed_teams": lambda text: _ids(text, "T", "workspace"),
        "ca_file": _ca_file,
        "egress_proxy": _proxy,
        "toy_desks": _flag,
        "parked_polls": lambda text: _count(text, 100_000),
        "poll_seconds": _poll_seconds,
        "desk_share": _share,
        "excluded_files": _endings,
        "brake_creations": lambda text: _count(text, 10_000),
        "brake_rounds": lambda text: _count(text, 1000),
        "log_level": _level,
    }


_NEEDS = {
    "slack_bot_tokens": "the bot token (xoxb-…) of each workspace, from the Slack app's page OAuth & Permissions.",
    "slack_signing_secret": "Slack over HTTP needs it. It stands on the Slack app's page Basic Information.",
    "public_base_url": "Slack over HTTP needs an address that Slack can call. Without one, use the transport socket.",
    "slack_app_token": "Slack through a socket needs an app-level token (xapp-…) with connections:write,"
    " from the Slack app's page Basic Information.",
}


def _missing(settings: Settings, read: "_Reading") -> list[str]:
    """What is not there but has to be, given the rest."""
    over_http = ["slack_signing_secret", "public_base_url"]
    needed = ["slack_bot_tokens", *(over_http if settings.transport is Transport.HTTP else ["slack_app_token"])]
    return [f"{variable(name)} is missing: {_NEEDS[name]}" for name in needed if not read.has(name)]


def variable(field_name: str) -> str:
    return PREFIX + field_name.upper()


def database_url(env: Mapping[str, str]) -> str:
    """All that `migrate` needs. Raises ConfigError."""
    read = _Reading(env)
    url = read.database_url()
    read.finish()
    return url


def unknown_variables(env: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each variable of ours that is no setting. Not an error: containers add names of their own."""
    known = {variable(setting.name) for setting in fields(Settings)}
    strangers = sorted(name for name in env if name.startswith(PREFIX) and name not in known)
    return tuple(_stranger(name, known) for name in strangers)


def _stranger(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.8)
    return f"{name} is no setting of Drawbridge" + (f". Did you mean {close[0]}?" if close else ": it has no effect.")


class _Reading:
    """Reads variables one by one and collects what is wrong with them. An empty variable counts as not set."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self.problems: list[str] = []

    def has(self, field_name: str) -> bool:
        return bool(self._text(field_name))

    def value(self, field_name: str, parse: Callable[[str], T], default: T) -> T:
        text = self._text(field_name)
        if not text:
            return default
        try:
            return parse(text)
        except (ValueError, AddressNotUsable) as problem:
            self.problems.append(f"{variable(field_name)}: {problem}")
            return default

    def database_url(self) -> str:
        return self.value("database_url", _database_url, "sqlite:///drawbridge.sqlite3")

    def secret_keys(self) -> tuple[Secret, ...]:
        """From the variable or from the file it names; each is checked to be a key."""
        name = "secret_keys_file" if self.has("secret_keys_file") else "secret_keys"
        if self.has("secret_keys_file") and self.has("secret_keys"):
            self.problems.append(
                f"{variable('secret_keys')} and {variable('secret_keys_file')} are both set. Keep one."
            )
        if not self.has(name):
            self.problems.append(
                f"{variable('secret_keys')} is missing: make a key with `python -m bot keygen`,"
                " and keep it apart from the database and its backup."
            )
        return self.value(name, _keys_in_file if name == "secret_keys_file" else _keys, ())

    def finish(self) -> None:
        if self.problems:
            raise ConfigError(tuple(self.problems))

    def _text(self, field_name: str) -> str:
        return self._env.get(variable(field_name), "").strip()


def _listed(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,]+", text) if part]


def _database_url(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("write sqlite:///file.sqlite3, or postgresql://user:password@host/database.")
    return text


def _keys(text: str) -> tuple[Secret, ...]:
    try:
        KeyRing.from_texts(_listed(text))
    except ConfigError as exc:
        raise ValueError(" ".join(exc.problems)) from exc
    return tuple(Secret(key) for key in _listed(text))


def _keys_in_file(path: str) -> tuple[Secret, ...]:
    try:
        text = Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as exc:
        raise ValueError("this file cannot be read. It holds the output of `python -m bot keygen`.") from exc
    return _keys(text)


def _origins(text: str) -> frozenset[str]:
    return frozenset(_origin(part) for part in _listed(text))


def _origin(text: str) -> str:
    """An exact origin in its canonical spelling: scheme, host, port where it is not the usual one."""
    try:
        parts = urlsplit(text)
        itself = f"{parts.scheme}://{parts.netloc}".lower()
        origin = canonical_address(text, frozenset({itself}))
    except (ValueError, AddressNotUsable) as exc:
        raise ValueError("write origins like http://127.0.0.1:8101, separated by commas.") from exc
    if origin != origin_of(origin) or origin.startswith(LOCAL_PREFIX):
        raise ValueError("an origin has no path: http://127.0.0.1:8101, not http://127.0.0.1:8101/bridge.")
    return origin


def _public_address(text: str, trusted: frozenset[str]) -> str:
    if text.startswith(LOCAL_PREFIX):
        raise ValueError("write an address like https://bridge.example.com, or nothing when nobody can call this node.")
    return canonical_address(text, trusted)


def _host_and_port(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not (host and colon and port.isascii() and port.isdigit() and 1 <= int(port) <= 65535):
        raise ValueError("write host:port, like 127.0.0.1:8080.")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _bot_tokens(text: str) -> tuple[Secret, ...]:
    if not all(re.fullmatch(r"xoxb-[\w.-]+", token, re.ASCII) for token in _listed(text)):
        raise ValueError("each bot token starts with xoxb-; separate several with commas.")
    return tuple(dict.fromkeys(Secret(token) for token in _listed(text)))


def _app_token(text: str) -> Secret:
    if not re.fullmatch(r"xapp-[\w.-]+", text, re.ASCII):
        raise ValueError("an app-level token starts with xapp-. Bot tokens go into DRAWBRIDGE_SLACK_BOT_TOKENS.")
    return Secret(text)


def _signing_secret(text: str) -> Secret:
    if not re.fullmatch(r"[!-~]{16,}", text) or text.startswith(("xoxb-", "xapp-")):
        raise ValueError("that is no signing secret. Copy it from the Slack app's page Basic Information.")
    return Secret(text)


def _transport(text: str) -> Transport:
    try:
        return Transport(text.lower())
    except ValueError as exc:
        raise ValueError("write auto, http or socket.") from exc


def _api_url(text: str, trusted: frozenset[str]) -> str:
    """With the slash at its end that slack_sdk needs."""
    parts = urlsplit(text)
    if f"{parts.scheme}://{parts.netloc}".lower() not in trusted and (parts.scheme != "https" or not parts.hostname):
        raise ValueError(f"it starts with https://, unless its origin is in {variable('trusted_origins')}.")
    return text.rstrip("/") + "/"


def slash_command(text: str) -> str:
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", text):
        raise ValueError("a command is a slash and 1 to 31 characters: a-z, 0-9, _ and -. For example /connect.")
    return text


def _ids(text: str, letter: str, what: str) -> frozenset[str]:
    if not all(re.fullmatch(letter + r"[A-Z0-9]{2,30}", part) for part in _listed(text)):
        raise ValueError(f"the id of a {what} starts with {letter}; separate several with commas.")
    return frozenset(_listed(text))


def _ca_file(text: str) -> Path:
    try:
        ssl.create_default_context(cafile=text)
    except OSError as exc:  # a missing file, or one without a certificate
        raise ValueError("this file cannot be read as certificates in PEM form.") from exc
    return Path(text)


def _proxy(text: str) -> str:
    parts = urlsplit(text)
    try:
        is_usable = parts.scheme == "http" and parts.hostname and parts.port and parts.path in ("", "/")
    except ValueError:
        is_usable = False
    if not is_usable or "@" in parts.netloc:
        raise ValueError("write http://host:port, without a user name or password.")
    return f"http://{parts.netloc}"


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false", "yes", "no", "1", "0"):
        raise ValueError("write true or false.")
    return text.lower() in ("true", "yes", "1")


def _count(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise ValueError(f"write a number from 1 to {most}.")
    return int(text)


def _poll_seconds(text: str) -> float:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 3600):
        raise ValueError("write a number of seconds from 1 to 3600.")
    return float(text)


def _share(text: str) -> float:
    """Written in percent, as a part of one."""
    digits = text.removesuffix("%").rstrip()
    if not (digits.isascii() and digits.isdigit() and 1 <= int(digits) <= 100):
        raise ValueError("write percent, from 1 to 100. For example 80.")
    return int(digits) / 100


def _endings(text: str) -> frozenset[str]:
    endings = frozenset(part.removeprefix("*").removeprefix(".").casefold() for part in _listed(text))
    if not all(re.fullmatch(r"[\w-]{1,20}", ending) for ending in endings):
        raise ValueError("write endings of file names, separated by commas. For example exe, bat.")
    return endings


def _level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("write DEBUG, INFO, WARNING or ERROR.")
    return text.upper()
