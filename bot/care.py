"""Calls the flow that looks after what time alone brings about."""

import asyncio
import logging

from flows.care import care
from flows.node import Node

_log = logging.getLogger(__name__)


async def care_for_ever(node: Node, seconds: float) -> None:
    while True:
        try:
            await care(node)
        except Exception:
            # What could not be done in this round is found again by the next.
            _log.exception("care failed")
        await asyncio.sleep(seconds)
