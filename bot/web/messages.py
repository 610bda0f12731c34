"""Exchanges as Gradio's messages: what was asked, the result, and what can be done with it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from bot.rendering import to_markdown
from bot.web.chat import Exchange

EDITING = (
    '<p class="nb-editing" role="status">You are changing your question; what followed it goes. '
    '<button type="button" data-unedit>Keep it as it was</button></p>'
)
_UP = (
    "M7 10v11H3V10zm0 10.5h9.6a2 2 0 0 0 2-1.6l1.3-6.5a2 2 0 0 0-2-2.4H13l.8-4.6A2 2 0 0 0 12 3"
    "l-5 7z"
)


def show_messages(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """The exchanges as Gradio's messages. Each is an HTML component, so that it is never read as
    Markdown, and keeps its state (an unfolded list, the focus) while it grows."""
    messages: list[dict[str, Any]] = []
    for exchange in exchanges:
        said = f'<div class="nb-said" dir="auto">{escape(exchange.message)}</div>'
        messages.append({"role": "user", "content": [_html_message(said)]})
        markup = exchange.markup + _actions(exchange)
        messages.append({"role": "assistant", "content": [_html_message(markup)]})
    return messages


def _html_message(markup: str) -> dict[str, Any]:
    props = {"html_template": "${value}", "apply_default_css": False, "js_on_load": None}
    return {
        "type": "component",
        "component": "html",
        "value": markup,
        "constructor_args": {},
        "props": props,
    }


def _actions(exchange: Exchange) -> str:
    """Buttons below a reply that is complete and kept; those of the last one are hidden in others
    by the stylesheet, so that a reply is the same when another follows."""
    if not exchange.id or exchange.unfinished:
        return ""
    judged = _copy(exchange) + _thumbs(exchange) if exchange.result is not None else ""
    again = (
        '<button type="button" class="nb-last" data-act="retry">Ask again</button>'
        '<button type="button" class="nb-last" data-act="edit">Edit the question</button>'
    )
    return (
        f'<div class="nb-acts" data-exchange="{escape(exchange.id)}">{judged}{again}'
        f"{_comment(exchange) if judged else ''}</div>"
    )


def _copy(exchange: Exchange) -> str:
    assert exchange.result is not None  # noqa: S101 - asked only where there is one
    text = escape(to_markdown(exchange.result))
    return f'<button type="button" data-act="copy" data-copy="{text}">Copy</button>'


def _thumbs(exchange: Exchange) -> str:
    return "".join(
        f'<button type="button" class="nb-thumb nb-{name}" data-act="judge" data-good="{good}" '
        f'aria-label="{label}" aria-pressed="{str(exchange.good is pressed).lower()}">'
        f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{_UP}"/></svg></button>'
        for name, good, label, pressed in (
            ("up", "yes", "Good", True),
            ("down", "no", "Not good", False),
        )
    )


def _comment(exchange: Exchange) -> str:
    hidden = "" if exchange.good is not None else " hidden"
    return (
        f'<form class="nb-comment"{hidden}><label>Why? <input name="comment" maxlength="2000" '
        f'value="{escape(exchange.comment)}"></label><button type="submit">Send</button>'
        "</form>"
    )
