"""P10: only the side behind the wall lowers the bridge. Two real processes, and every socket that they touch."""

import contextlib
from pathlib import Path

import pytest

from pairing.terms import Reach
from sandbox.companies import Companies, Company, node_environment, two_companies
from sandbox.process import NodeProcess
from sandbox.story import steps_of
from storage.vault import new_key_text

_LISTENS = "0A"  # the state in /proc/net/tcp


class Watched:
    """A node's process, what it called and what it listens at."""

    def __init__(self, companies: Companies, company: Company, folder: Path) -> None:
        name = company.name.lower()
        environment = node_environment(companies, company, (), f"sqlite:///{folder / name}.sqlite3", new_key_text())
        self._touched = folder / f"{name}.sockets"
        module = ("tests.journeys.guarded", str(self._touched))
        self.process = NodeProcess(company.name, environment, folder / f"{name}.log", module=module)

    def touched(self, event: str) -> set[str]:
        lines = self._touched.read_text().split("\n")
        return {line.partition(" ")[2] for line in lines if line.startswith(event + " ")}

    def listening(self) -> set[str]:
        """Local ports in state LISTEN, as the kernel tells them, of TCP over IPv4 and IPv6."""
        own = set()
        for link in Path(f"/proc/{self.process.pid}/fd").iterdir():
            with contextlib.suppress(OSError):  # closed while we look
                own.add(str(link.readlink()))
        found = set()
        for table in ("tcp", "tcp6"):
            for line in Path(f"/proc/{self.process.pid}/net/{table}").read_text().splitlines()[1:]:
                parts = line.split()
                if parts[3] == _LISTENS and f"socket:[{parts[9]}]" in own:
                    found.add(str(int(parts[1].rpartition(":")[2], 16)))
        return found


def port_of(url: str | None) -> str:
    assert url is not None
    return url.rpartition(":")[2]


def host_of(url: str) -> str:
    return url.partition("//")[2]


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="the kernel of this machine shows no sockets in /proc")
async def test_the_public_side_calls_no_private_partner_and_that_one_listens_nowhere(tmp_path: Path) -> None:
    async with two_companies(Reach.PRIVATE) as companies, contextlib.AsyncExitStack() as stack:
        acme, globex = (Watched(companies, one, tmp_path) for one in (companies.acme, companies.globex))
        for node in (acme, globex):
            stack.push_async_callback(node.process.stop)
            await node.process.start()
        for step in steps_of(companies, Reach.PRIVATE):
            assert await step.act(), step.title
        assert acme.listening() == {port_of(companies.acme.url)}
        assert globex.listening() == set()
        assert globex.touched("socket.bind") == set()
        slack = host_of(companies.slack.url)
        assert acme.touched("socket.connect") == {slack, host_of(companies.acme.desk.origin)}
        assert globex.touched("socket.connect") == {
            slack,
            host_of(companies.globex.desk.origin),
            host_of(str(companies.acme.url)),
        }
        # Each ends by itself when it is told to, with the partner's poll still held.
        assert await acme.process.stop() == 0
        assert await globex.process.stop() == 0
