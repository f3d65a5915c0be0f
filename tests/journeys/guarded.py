"""Runs a node as its operator does, and writes down every address that it calls or listens at.

`python -m tests.journeys.guarded <file>`: an audit hook, so that nothing in the node is touched and nothing escapes.
"""

import runpy
import sys
from typing import Any


def main() -> None:
    path = sys.argv[1]
    file = open(path, "a", buffering=1, encoding="utf-8")  # noqa: SIM115 - open as long as the process

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in ("socket.connect", "socket.bind", "socket.sendto") and not file.closed:
            address = arguments[1]
            if isinstance(address, tuple):
                file.write(f"{event} {address[0]}:{address[1]}\n")

    sys.addaudithook(hook)
    sys.argv = ["bot", "--no-env-file", "run"]
    runpy.run_module("bot", run_name="__main__")


if __name__ == "__main__":
    main()
