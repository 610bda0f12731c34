"""The pane of conversations: a list to open, rename, export and delete them, with undo.

What is shown and what a click means is here; `sidebar.js` turns clicks into events.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from bot.archive.conversations import Conversation
from bot.rendering.notation import clean

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

_LISTED = 200


def show_conversations(newsbot: Newsbot, user: str, current: str, deleted: str = "") -> str:
    """The user's conversations as HTML; `deleted` is the id of one that may be brought back."""
    listed = newsbot.conversations.list(user)
    undo = (
        '<p class="nb-undo" role="status">Deleted. '
        f'<button type="button" data-undo="{escape(deleted)}">Undo</button></p>'
        if deleted
        else ""
    )
    lines = "".join(_line(each, each.id == current) for each in listed[:_LISTED])
    nothing = '<p class="nb-none">What you ask is kept here.</p>' if not listed else ""
    return (
        '<div class="nb-talks"><button type="button" class="nb-new" data-new>New conversation'
        f"</button>{undo}<ul>{lines}</ul>{nothing}{_more(listed)}{_who(user)}</div>"
    )


def _line(conversation: Conversation, is_current: bool) -> str:
    title, identity = escape(clean(conversation.title)), escape(conversation.id)
    current = ' aria-current="true"' if is_current else ""
    return (
        f'<li><button type="button" class="nb-open-talk" data-open="{identity}"{current}>'
        f'<bdi>{title}</bdi></button><details class="nb-menu">'
        f'<summary aria-label="More on {title}"><span aria-hidden="true">⋯</span></summary>'
        f'<div><button type="button" data-rename="{identity}">Rename</button>'
        f'<a href="/conversations/{identity}.md" download>Export</a>'
        f'<button type="button" data-delete="{identity}">Delete</button></div></details></li>'
    )


def _more(listed: Sequence[Conversation]) -> str:
    left = len(listed) - _LISTED
    return f'<p class="nb-none">and {left} older ones</p>' if left > 0 else ""


def _who(user: str) -> str:
    if not user:
        return ""
    return (
        f'<form class="nb-who" method="post" action="/logout"><span>{escape(user)}</span>'
        '<button type="submit">Sign out</button></form>'
    )
