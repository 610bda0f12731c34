"""A result as a file for the browser to save, without a file on the server.

The page's JavaScript (download.js) makes the file from what `pack` gives.
"""

from __future__ import annotations

import json
import re
from datetime import datetime

from bot.entities import Answer, Briefing, Check, Summary
from bot.rendering import to_document, to_markdown

_FORMATS = {"md": "text/markdown", "html": "text/html", "json": "application/json"}
_NAMES = {"md": "Markdown", "html": "HTML", "json": "JSON"}


def show_downloads(*formats: str) -> str:
    """The buttons that save the result on screen."""
    buttons = "".join(
        f'<button type="button" data-event="download" data-format="{one}">{_NAMES[one]}</button>'
        for one in formats or _FORMATS
    )
    return (
        '<div class="nb-downloads" role="group" aria-label="Download">'
        f"<span>Download</span>{buttons}</div>"
    )


def pack(result: Answer | Summary | Briefing | Check, form: str, title: str, now: datetime) -> str:
    """Name, type and text of the file as JSON; an unknown form is Markdown."""
    form = form if form in _FORMATS else "md"
    text = {
        "md": lambda: to_markdown(result),
        "html": lambda: to_document(result, title),
        "json": result.to_json,
    }[form]()
    return json.dumps(
        {"name": f"{_stem(title)}-{now:%Y-%m-%d}.{form}", "type": _FORMATS[form], "text": text}
    )


def _stem(title: str) -> str:
    return re.sub(r"[^\w]+", "-", title.casefold()).strip("-")[:60] or "newsbot"
