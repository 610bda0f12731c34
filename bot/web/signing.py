"""Whose a request is, before anything sees it: by the session's cookie, or by a bearer token.

While Newsbot has no users, every request is the one local user's. From the first `newsbot user add`
on each must sign in, on this machine too: who sits at it is not known otherwise, and conversations
are private.

Gradio knows a browser by a "session hash" that the browser itself names. Here it belongs to the
user who named it first, so that nobody listens to, feeds or stops what is another's.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from bot.errors import NewsbotError
from bot.web.guard import App, Receive, Scope, Send
from bot.web.visitors import USER

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

COOKIE = "newsbot_session"
LOGIN = "/login"
_SESSIONS = 10_000  # of Gradio, remembered with their users
_LARGEST = 64 * 1024 * 1024  # bytes of a JSON body, in which a session hash may stand
_IN_PATH = re.compile(r"/gradio_api/(?:heartbeat|stream)/([^/]+)")

Message = MutableMapping[str, Any]


class SignIn:
    """ASGI middleware that says whose a request is, and lets nobody else's through."""

    def __init__(self, app: App, newsbot: Newsbot) -> None:
        self._app = app
        self._newsbot = newsbot
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its user, or answer 303, 401, 403 or 503."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        try:
            user = await self._who(headers)
        except NewsbotError as error:
            await _answer(send, 503, str(error))
            return
        if user is None and scope["path"] != LOGIN:
            await _refuse(scope, headers, send)
            return
        if user:
            session, receive = await _session(scope, headers, receive)
            if session and not self._owns(user, session):
                await _answer(send, 403, "This session is another user's; load the page anew.")
                return
        await self._app({**scope, USER: user or ""}, receive, send)

    async def _who(self, headers: dict[bytes, bytes]) -> str | None:
        """The user's name, "" where there are no users, None for none of them."""
        from anyio.to_thread import run_sync

        return await run_sync(find_user, self._newsbot, headers)

    def _owns(self, user: str, session: str) -> bool:
        owner = self._owners.setdefault(session, user)
        self._owners.move_to_end(session)
        if len(self._owners) > _SESSIONS:
            self._owners.popitem(last=False)
        return owner == user


def find_user(newsbot: Newsbot, headers: dict[bytes, bytes]) -> str | None:
    """The user that a request's headers prove; "" where there are no users, None for nobody."""
    users = newsbot.users
    if not users.exist():
        return ""
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    if scheme.lower() == "bearer":
        return users.who(token.strip(), "token")
    session = read_session(headers)
    return users.who(session) if session else None


def read_session(headers: dict[bytes, bytes]) -> str:
    """The session that a request's cookie names, "" without one."""
    try:
        cookies = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1"))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


async def _session(
    scope: Scope, headers: dict[bytes, bytes], receive: Receive
) -> tuple[str, Receive]:
    """The session hash of a request of Gradio's, and the request's body to be read again."""
    if not scope["path"].startswith("/gradio_api/"):
        return "", receive
    if named := _IN_PATH.match(scope["path"]):
        return named[1], receive
    if asked := parse_qs(scope.get("query_string", b"").decode("latin-1")).get("session_hash"):
        return asked[0], receive
    if scope.get("method") != "POST" or b"json" not in headers.get(b"content-type", b""):
        return "", receive
    body = await _read(receive)
    return _named(body), _again(body, receive)


async def _read(receive: Receive) -> bytes:
    body = bytearray()
    while len(body) < _LARGEST:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return bytes(body)


def _named(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get("session_hash") or "") if isinstance(told, dict) else ""


def _again(body: bytes, receive: Receive) -> Receive:
    """A receiver that gives the body once more, and then whatever comes after it."""
    left: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return left.pop() if left else await receive()

    return replay


async def _refuse(scope: Scope, headers: dict[bytes, bytes], send: Send) -> None:
    """To the login for a person, 401 for a program."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    elif scope["method"] == "GET" and b"text/html" in headers.get(b"accept", b""):
        await _answer(send, 303, "", [(b"location", LOGIN.encode())])
    else:
        how = [(b"www-authenticate", b"Bearer")]
        await _answer(send, 401, "Sign in, or send Authorization: Bearer TOKEN.", how)


async def _answer(
    send: Send, status: int, line: str, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    body = json.dumps({"error": line}).encode()
    told = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    start = {"type": "http.response.start", "status": status, "headers": [*told, *(headers or [])]}
    await send(start)
    await send({"type": "http.response.body", "body": body})
