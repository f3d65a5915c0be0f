"""What every page of a stand-in needs: it answers browsers on this machine only, and forms of its own only."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_OUR_NAMES = ("127.0.0.1", "localhost")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guarded(handler: Handler) -> Handler:
    """Whatever other pages make a browser send, it does nothing here."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if urlsplit(f"//{request.host}").hostname not in _OUR_NAMES:
            raise web.HTTPForbidden(text="This page answers at 127.0.0.1 only.")
        if request.method == "POST" and not _is_from_here(request):
            raise web.HTTPForbidden(text="Only this page's own forms are taken.")
        try:
            given = await handler(request)
        except web.HTTPException as error:
            error.headers.update(PAGE_HEADERS)
            raise
        if not given.prepared:
            given.headers.update(PAGE_HEADERS)
        return given

    return answer


def _is_from_here(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", f"http://{request.host}")
    return site in ("same-origin", "none") and origin == f"http://{request.host}"
