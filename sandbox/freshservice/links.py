"""Links to files: signed, good for a day, at a place that is not the API and must never see a key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from sandbox.freshservice.records import File
from sandbox.freshservice.world import World

FILES = "/attachments-host/"  # stands for <account>.attachments.freshservice.com
INLINE = "/inline-host/attachment"  # stands for attachment.freshservice.com/inline/attachment
DAY_SECONDS = 86400
_INLINE_SECONDS = 300


class Links:
    """`base` is the address of the account, known once it listens."""

    def __init__(self, world: World, secret: bytes) -> None:
        self.base = ""
        self._world = world
        self._secret = secret

    def address(self, file: File) -> str:
        """Good for a day from now."""
        expires = 0 if self._world.switches.links_expire_at_once else int(self._now().timestamp()) + DAY_SECONDS
        path = f"data/helpdesk/attachments/production/{file.id}/original/{quote(file.name, safe='')}"
        signature = self._signed(f"{file.id}.{expires}")
        return f"{self.base}{FILES}{path}?Expires={expires}&Signature={signature}&Key-Pair-Id=APKASTANDIN"

    def behind(self, path: str, query: Mapping[str, str]) -> File | None:
        """The file that a link leads to; None when it is not ours, or too old."""
        parts = path.removeprefix(FILES).split("/")
        if len(parts) != 7 or not parts[4].isascii() or not parts[4].isdigit():
            return None
        expires, signature = query.get("Expires", ""), query.get("Signature", "")
        if not hmac.compare_digest(signature.encode(), self._signed(f"{parts[4]}.{expires}").encode()):
            return None
        return self._world.files.get(int(parts[4])) if self._is_ahead(expires) else None

    def inline_html(self, file: File) -> str:
        """The image as it stands in a text."""
        claims = {"id": file.id, "exp": int(self._now().timestamp()) + _INLINE_SECONDS}
        payload = _plain(json.dumps(claims).encode())
        token = f"{_plain(b'{}')}.{payload}.{self._signed(payload)}"
        source = f"{self.base}{INLINE}?token={token}"
        return f'<img src="{source}" class="inline-image" data-id="{file.id}" data-store-type="1">'

    def behind_token(self, token: str) -> File | None:
        _, _, signed = token.partition(".")
        payload, _, signature = signed.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signed(payload).encode()):
            return None
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return self._world.files.get(claims["id"]) if self._is_ahead(str(claims["exp"])) else None

    def _is_ahead(self, expires: str) -> bool:
        return expires.isdigit() and self._now().timestamp() < int(expires)

    def _signed(self, text: str) -> str:
        return _plain(hmac.digest(self._secret, text.encode(), hashlib.sha256))

    def _now(self) -> datetime:
        return self._world.now()


def _plain(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
