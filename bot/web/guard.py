"""Who may talk to a page: the page itself, and nobody else's page.

A browser lets any website send requests to 127.0.0.1, and a hostile name server can point its own
name there (DNS rebinding). So a request must name a loopback host, or a name that the page is
served under, and one that comes from another origin is refused whatever its method. Numeric
addresses cannot be rebound; all are accepted where the page listens on all (0.0.0.0 or ::). The
page in turn may load from this server alone, which the browser enforces (Content-Security-Policy),
whatever an article smuggles in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_NO_ACCESS = (
    b"Newsbot does not answer under this name, or to a page of another site. Open it as "
    b"http://127.0.0.1:PORT, or as the host that it is served at; --name adds a name."
)

# Gradio's components need inline scripts and `new Function`; what matters is that nothing is loaded
# from, or sent to, another host, and that nobody frames the page.
_POLICY = (
    b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    b"style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    b"worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    b"frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", _POLICY),
    (b"referrer-policy", b"same-origin"),  # else a form comes from "null"
    (b"x-content-type-options", b"nosniff"),
]


def is_loopback(host: str) -> bool:
    """Whether a host name or address, without its port, is this machine's own."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class PageGuard:
    """ASGI middleware that lets requests from the page itself through, and refuses others.

    `names` are the hosts, besides loopback, that the page is served at.
    """

    def __init__(self, app: App, names: Collection[str] = ()) -> None:
        self._app = app
        self._names = frozenset(name.lower() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 403."""
        if scope["type"] != "lifespan" and not is_own_request(dict(scope["headers"]), self._names):
            await _refuse(scope["type"], send)
        else:
            await self._app(scope, receive, _with_headers(send))


def is_own_request(headers: dict[bytes, bytes], names: Collection[str] = ()) -> bool:
    """Whether the Host is loopback or one of `names`, and any Origin is that very host."""
    host = headers.get(b"host", b"").decode("latin-1").lower()
    if not _is_served(_name(f"//{host}"), names):
        return False
    origin = headers.get(b"origin", b"").decode("latin-1")
    if origin and urlsplit(origin).netloc.lower() != host:
        return False
    site = headers.get(b"sec-fetch-site", b"none")
    follows_link = headers.get(b"sec-fetch-dest") == b"document"
    return site in (b"none", b"same-origin") or follows_link


def _is_served(host: str, names: Collection[str]) -> bool:
    if is_loopback(host) or host in names:
        return True
    return _is_numeric(host) and any(_is_numeric(name) and _is_any(name) for name in names)


def _is_numeric(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_any(address: str) -> bool:
    return ip_address(address).is_unspecified


def _name(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def send_guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return send_guarded


async def _refuse(kind: str, send: Send) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", b"%d" % len(_NO_ACCESS))]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": _NO_ACCESS})
