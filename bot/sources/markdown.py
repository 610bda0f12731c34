"""Markdown with front matter -> the parts of an article; the body as text without its markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.sources import fields
from bot.sources.cleaning import clean, clean_line
from bot.sources.reading import Reading


def parse(text: str) -> Reading:
    """The parts of a Markdown article: named in its front matter, else in its first heading."""
    metadata, body = _split_front_matter(clean(text))
    reading = fields.parse(metadata, text=body)
    if reading is None:  # pragma: no cover  (a text is given)
        raise AssertionError
    heading, text = _to_text(body)
    title = reading.title or heading
    if heading and clean_line(heading) != clean_line(title):
        text = f"{heading}\n\n{text}"
    return Reading(
        text=text,
        title=title,
        outlet=reading.outlet,
        author=reading.author,
        url=reading.url,
        published=reading.published,
        key=reading.key,
    )


def _split_front_matter(text: str) -> tuple[Mapping[Any, Any], str]:
    """The front matter and the body. Front matter that is no YAML mapping is left out."""
    if not text.startswith("---\n"):
        return {}, text
    import frontmatter

    handler = frontmatter.YAMLHandler()
    try:
        front, body = handler.split(text)
    except ValueError:  # it never ends
        return {}, text
    try:
        metadata = handler.load(front)
    except Exception:  # the YAML parser's own, a date that does not exist, nesting without end
        metadata = None
    return (metadata if isinstance(metadata, dict) else {}), body


def _to_text(body: str) -> tuple[str, str]:
    """The heading that the body opens with ("" when it has none), and the rest, both as text."""
    from markdown_it import MarkdownIt

    from bot.sources.markup import to_text

    html = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(body)
    opening = re.match(r"\s*<h1>(.*?)</h1>", html, re.DOTALL)
    if opening is None:
        return "", to_text(html)
    return to_text(opening[1]), to_text(html[opening.end() :])
