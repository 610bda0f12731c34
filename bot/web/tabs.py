"""What the tabs beside the chat are made of: components with forms, and how handlers are run.

Each kind of long work has its own queue (`concurrency_id`), so that an ingest never keeps a
briefing waiting, nor either of them a chat.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gradio as gr

HERE = Path(__file__).parent


def form_component(name: str, *events: str, markup: str = "") -> gr.HTML:
    """A component of our own markup, whose forms and buttons trigger `events`."""
    script = (HERE / "forms.js").read_text(encoding="utf-8")
    return gr.HTML(
        markup,
        elem_id=f"nb-{name}",
        apply_default_css=False,
        js_on_load=f"const EVENTS = {json.dumps(events)};\n{script}",
    )


def download_component() -> gr.HTML:
    """An empty component that saves as a file what `pack` makes its value."""
    return gr.HTML(
        "",
        html_template="",
        elem_classes="nb-download",
        apply_default_css=False,
        js_on_load=(HERE / "download.js").read_text(encoding="utf-8"),
    )


def long_work(name: str, limit: int) -> dict[str, Any]:
    """How a handler is registered that works for long: at most `limit` of its name at a time."""
    return {
        "show_progress": "hidden",
        "concurrency_id": name,
        "concurrency_limit": limit,
        "api_visibility": "private",
    }


def quick_work(**more: Any) -> dict[str, Any]:
    """How a handler is registered that answers at once: however many at a time."""
    quick = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
    return quick | more
