"""What one process commits, the others hear at once: PostgreSQL's NOTIFY. A hint only, as every wake-up."""

import asyncio
import json
import logging
import secrets
from typing import Any

import psycopg
from sqlalchemy import Engine, text

from storage.engines import Engines
from storage.lanes import LANES, connection_of
from storage.sessions import StoreSession
from storage.wakeups import Wakeups

_log = logging.getLogger(__name__)
_CHANNEL = "drawbridge"
_TELL = text("SELECT pg_notify(:channel, :payload)")
_MOST_BYTES = 7_500  # PostgreSQL takes less than 8,000
_AGAIN_SECONDS = 2.0


class Hearing:
    """One of each process: what it says itself it does not hear."""

    def __init__(self, engines: Engines) -> None:
        self._engine: Engine | None = None if engines.is_sqlite else engines.writer
        self._name = secrets.token_hex(8)

    def tell(self, session: StoreSession, topics: frozenset[str]) -> None:
        """Once a transaction, by its commit; with very many topics, only the lanes'."""
        if self._engine is None or not topics:
            return
        payload = self._payload(sorted(topics))
        if len(payload) > _MOST_BYTES:
            payload = self._payload([LANES])
        connection_of(session).execute(_TELL, {"channel": _CHANNEL, "payload": payload})

    async def listen(self, wakeups: Wakeups) -> None:
        """Until it is cancelled, over a connection of its own that is made anew when it is lost."""
        while self._engine is not None:
            try:
                await self._listen(self._engine, wakeups)
            except (psycopg.Error, OSError) as error:
                _log.warning("cannot hear other processes", extra={"error": type(error).__name__})
                await asyncio.sleep(_AGAIN_SECONDS)

    async def _listen(self, engine: Engine, wakeups: Wakeups) -> None:
        address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            # What was said while nobody listened is not said again.
            wakeups.publish(frozenset({LANES}))
            async for said in connection.notifies():
                self._heard(said.payload, wakeups)

    def _payload(self, topics: list[str]) -> str:
        return json.dumps([self._name, topics], separators=(",", ":"))

    def _heard(self, payload: str, wakeups: Wakeups) -> None:
        try:
            said: Any = json.loads(payload)
            sender, topics = said
        except ValueError:
            return  # somebody else's word on our channel
        if sender != self._name:
            wakeups.publish(frozenset(str(topic) for topic in topics))
