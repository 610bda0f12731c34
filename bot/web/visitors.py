"""Who is at the page: the user of a request, as `SignIn` found it out.

Every handler asks `visitor` itself, whatever stands before it, so that a raw call to any of them
is somebody's or nobody's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.errors import NotSignedInError

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

USER = "newsbot.user"  # the key in an ASGI scope; only this program can set it


def visitor(newsbot: Newsbot, request: Any) -> str:
    """The user of a request of Gradio or Starlette; "" where Newsbot has no users.

    Raises NotSignedInError when it has some and this is none of them.
    """
    inner = getattr(request, "request", None) or request
    user = inner.scope.get(USER, "") if inner is not None else ""
    if not user and newsbot.users.exist():
        raise NotSignedInError("Sign in first; your session may have ended.")
    return str(user)
