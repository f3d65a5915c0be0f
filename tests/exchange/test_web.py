import asyncio
import gzip
import json
import time
from dataclasses import replace

import aiohttp
import pytest

from exchange.limits import LIMITS
from exchange.messages import batch_body, error_body, info_body, look_body, read_batch
from exchange.paths import CLAIM, INFO, LOOK, SYNC
from exchange.ports import WireAnswer
from sync.envelope import Batch
from tests.exchange.twin import ACME_SIDE, TOKEN, Asker, Twin, envelope, is_signed, new_id, peer, twin_with
from tests.exchange.wire import node

JSON = {"Content-Type": "application/json"}
SLOW = replace(LIMITS, body_seconds=0.15)


async def raw(base: str, *parts: bytes, pause: float = 0) -> tuple[int, bytes]:
    """Sends bytes as they are and reads the answer until the end of the connection or of its stated length."""
    host, port = base.removeprefix("http://").split("/")[0].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return int(head.split(b" ")[1]), await reader.readexactly(length)
    finally:
        writer.close()


def head(path: str, *lines: str) -> bytes:
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", "Content-Type: application/json", *lines, "", ""]).encode()


async def test_every_route_answers_under_the_prefix_and_not_beside_it() -> None:
    async with node(Twin(), prefix="/drawbridge") as base, aiohttp.ClientSession() as session:
        async with session.get(base + INFO) as answer:
            assert (answer.status, await answer.read()) == (200, info_body())
            assert answer.headers["Cache-Control"] == "no-store, no-transform"
            assert answer.content_type == "application/json"
        async with session.get(base.removesuffix("/drawbridge") + INFO) as answer:
            assert answer.status == 404
        async with session.post(base + LOOK, data=look_body(TOKEN), headers=JSON) as answer:
            assert answer.status == 200


async def test_an_exchange_goes_through_with_its_signature_untouched() -> None:
    twin = twin_with(peer())
    async with node(twin) as base, aiohttp.ClientSession() as session:
        asker = Asker(base=base)
        request = asker.sync(Batch(envelopes=(envelope(1),)))
        async with session.post(base + request.path, data=request.body, headers=request.headers) as answer:
            body, headers = await answer.read(), tuple(answer.headers.items())
    assert read_batch(body).ack == (new_id(1),)
    assert is_signed(WireAnswer(answer.status, headers, body), asker.nonce)


@pytest.mark.parametrize("suffix", ["?x=1", "?", "/", "%61"])
async def test_another_spelling_of_a_path_is_not_the_path(suffix: str) -> None:
    async with node(twin_with(peer())) as base:
        path = (SYNC + ACME_SIDE)[:-1] + suffix if suffix == "%61" else SYNC + ACME_SIDE + suffix
        request = Asker(base=base).sync()
        lines = [f"{name}: {value}" for name, value in request.headers if name != "Content-Type"]
        status, _ = await raw(base, head(path, *lines, f"Content-Length: {len(request.body)}") + request.body)
    assert status in (401, 404)


@pytest.mark.parametrize(("path", "limit"), [(LOOK, 16 * 1024), (CLAIM, 16 * 1024), (SYNC + ACME_SIDE, 1024 * 1024)])
async def test_d1_an_announced_oversize_is_refused_before_it_is_read(path: str, limit: int) -> None:
    async with node(Twin()) as base:
        answer = await raw(base, head(path, f"Content-Length: {limit + 1}"))
    assert answer == (413, error_body("too_large"))


@pytest.mark.parametrize(("path", "limit"), [(LOOK, 16 * 1024), (SYNC + ACME_SIDE, 1024 * 1024)])
async def test_d1_an_oversize_without_a_length_is_counted_while_it_comes(path: str, limit: int) -> None:
    chunk = b"2000\r\n" + b" " * 0x2000 + b"\r\n"
    async with node(Twin()) as base:
        answer = await raw(base, head(path, "Transfer-Encoding: chunked"), chunk * (limit // 0x2000 + 1))
    assert answer == (413, error_body("too_large"))


async def test_d4_a_compressed_body_is_refused_and_never_inflated() -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    async with node(Twin()) as base:
        before = time.monotonic()
        answer = await raw(base, head(LOOK, "Content-Encoding: gzip", f"Content-Length: {len(bomb)}") + bomb)
    assert answer == (415, error_body("media_type"))
    assert time.monotonic() - before < 1


async def test_d6_a_body_that_drips_is_cut() -> None:
    async with node(Twin(), limits=SLOW) as base:
        before = time.monotonic()
        answer = await raw(base, head(LOOK, "Content-Length: 100"), *[b" "] * 8, pause=0.03)
    assert answer == (408, error_body("too_slow"))
    assert time.monotonic() - before < 2


async def test_d6_a_body_that_stops_coming_is_cut() -> None:
    async with node(Twin(), limits=SLOW) as base:
        assert await raw(base, head(LOOK, "Content-Length: 100") + b"{") == (408, error_body("too_slow"))


async def test_a_body_that_breaks_off_harms_nobody() -> None:
    async with node(Twin()) as base:
        host, port = base.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(head(LOOK, "Content-Length: 100") + b"{")
        await writer.drain()
        writer.close()
        async with aiohttp.ClientSession() as session, session.get(base + INFO) as answer:
            assert answer.status == 200


async def test_i6_the_rate_goes_by_the_network_address_not_by_what_a_header_says() -> None:
    async with node(Twin()) as base, aiohttp.ClientSession() as session:
        statuses = []
        for number in range(12):
            headers = {**JSON, "X-Forwarded-For": f"198.51.100.{number}"}
            async with session.post(base + LOOK, data=look_body(TOKEN), headers=headers) as answer:
                statuses.append(answer.status)
    assert statuses == [200] * 10 + [429] * 2


async def test_a_header_given_twice_reaches_the_endpoint_twice() -> None:
    async with node(twin_with(peer())) as base:
        request = Asker(base=base).sync()
        lines = [f"{name}: {value}" for name, value in request.headers if name != "Content-Type"]
        length = f"Content-Length: {len(request.body)}"
        single = await raw(base, head(request.path, *lines, length) + request.body)
        request = Asker(base=base).sync(Batch(have=1))
        lines = [f"{name}: {value}" for name, value in request.headers if name != "Content-Type"]
        length = f"Content-Length: {len(request.body)}"
        double = await raw(base, head(request.path, *lines, lines[-1], length) + request.body)
    assert single[0] == 200
    assert double[0] in (400, 401)


async def test_another_host_header_has_no_effect() -> None:
    async with node(twin_with(peer())) as base, aiohttp.ClientSession() as session:
        request = Asker(base=base).sync()
        headers = [*request.headers, ("Host", "bridge.evil.example"), ("X-Forwarded-Proto", "https")]
        async with session.post(base + request.path, data=request.body, headers=headers) as answer:
            assert answer.status == 200


async def test_e8_a_poll_over_a_socket_is_held_and_then_answered() -> None:
    limits = replace(LIMITS, wait_seconds=0.1)
    async with node(twin_with(peer()), limits=limits) as base, aiohttp.ClientSession() as session:
        request = Asker(base=base).sync(Batch(wait=25))
        before = time.monotonic()
        async with session.post(base + request.path, data=request.body, headers=request.headers) as answer:
            assert await answer.read() == batch_body(Batch())
        assert 0.09 < time.monotonic() - before < 2


async def test_errors_are_json_with_a_code_and_nothing_else() -> None:
    async with node(Twin()) as base, aiohttp.ClientSession() as session, session.get(base + LOOK) as answer:
        assert (answer.status, json.loads(await answer.read())) == (405, {"v": 1, "error": "not_allowed"})
