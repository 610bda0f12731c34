"""The login page, signing out, and the export of a conversation: plain routes beside Gradio's."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from html import escape
from pathlib import Path
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import FastAPI, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.archive.users import SESSION
from bot.errors import ConversationNotFoundError
from bot.web.keeping import export
from bot.web.signing import COOKIE, LOGIN, read_session
from bot.web.visitors import visitor

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

FAILURES = 10  # wrong passwords, from one address or for one name, before it has to wait
PAUSE = 300.0  # seconds in which they are counted
_HASHING = BoundedSemaphore(2)  # passwords at a time: each takes 32 MB and 0.1 s
_WRONG = "Name or password is wrong."
_WAIT = "Too many attempts; wait five minutes."


class Attempts:
    """Wrong passwords of late, by whatever names those who tried; Threads may share it."""

    def __init__(self) -> None:
        self._failed: defaultdict[str, deque[float]] = defaultdict(deque)

    def allow(self, *who: str) -> bool:
        """Whether one more attempt is allowed."""
        return all(self._count(each) < FAILURES for each in who)

    def add(self, *who: str) -> None:
        """Count a wrong password."""
        for each in who:
            self._failed[each].append(time.monotonic())

    def _count(self, who: str) -> int:
        times = self._failed[who]
        while times and times[0] < time.monotonic() - PAUSE:
            times.popleft()
        if not times:
            del self._failed[who]
        return len(times)


def add_routes(app: FastAPI, newsbot: Newsbot) -> None:
    """Add the routes to an application that `SignIn` stands before."""
    attempts = Attempts()

    @app.get(LOGIN)
    def show_login(request: Request) -> Response:
        if not newsbot.users.exist() or newsbot.users.who(_session(request)):
            return RedirectResponse("/", 303)
        return HTMLResponse(_page())

    @app.post(LOGIN)
    def sign_in(
        request: Request, name: str = Form("", max_length=100), password: str = Form("")
    ) -> Response:
        name = name.strip().lower()
        who = (f"name {name}", f"address {request.client.host if request.client else ''}")
        if not attempts.allow(*who):
            return HTMLResponse(_page(_WAIT, name), 429)
        with _HASHING:
            session = newsbot.users.sign_in(name, password)
        if session is None:
            attempts.add(*who)
            return HTMLResponse(_page(_WRONG, name), 401)
        return _with_session(session, secure=request.url.scheme == "https")

    @app.post("/logout")
    def sign_out(request: Request) -> Response:
        newsbot.users.sign_out(_session(request))
        response = RedirectResponse(LOGIN, 303)
        response.delete_cookie(COOKIE)
        return response

    @app.get("/conversations/{identity}.md")
    def export_conversation(identity: str, request: Request) -> Response:
        user = visitor(newsbot, request)
        try:
            title = newsbot.conversations.find(user, identity).title
            text = export(title, newsbot.conversations.exchanges(user, identity))
        except ConversationNotFoundError as error:
            return Response(str(error), 404, media_type="text/plain")
        named = {"content-disposition": f"attachment; filename*=UTF-8''{quote(title[:80])}.md"}
        return Response(text, media_type="text/markdown; charset=utf-8", headers=named)


def _session(request: Request) -> str:
    return read_session(dict(request.scope["headers"]))


def _with_session(session: str, *, secure: bool) -> Response:
    response = RedirectResponse("/", 303)
    response.set_cookie(
        COOKIE,
        session,
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=secure,
    )
    return response


def _page(problem: str = "", name: str = "") -> str:
    page = (Path(__file__).parent / "login.html").read_text(encoding="utf-8")
    told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    return page.replace("{problem}", told).replace("{name}", escape(name))
