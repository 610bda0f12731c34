"""An edition as a Slack message: blocks within Slack's limits, and text for those without blocks.

Nothing that comes from an article can name a channel, mention people or make a link of its own.
What does not fit is left out at the end, and the message says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.delivery.letters import parse
from bot.delivery.parcels import Parcel
from bot.rendering.notation import clean, safe_url

_BLOCKS = 50  # of a message
_SECTION = 3_000  # characters of a section
_HEADER = 150
_TEXT = 4_000
_TITLES = ("h3", "h4", "h5", "summary")
_CUT = "This is the beginning; the whole edition is longer than a Slack message may be."

_Tokens = list[str]  # of mrkdwn; none of them may be cut in two


def write_message(parcel: Parcel) -> dict[str, Any]:
    """The message as Slack's API takes it, and what is compatible with it."""
    paragraphs = [tokens for tokens in _paragraphs(parse(parcel)) if "".join(tokens).strip()]
    blocks = [_header(parcel.subject), *(_section(text) for text in _sections(paragraphs))]
    if len(blocks) > _BLOCKS:
        blocks = [*blocks[: _BLOCKS - 1], _context(_CUT)]
    return {
        "text": _plain(parcel.subject, paragraphs),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def escape(text: str) -> str:
    """Text in which Slack finds no mention, channel, link or date."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _header(subject: str) -> dict[str, Any]:
    text = clean(subject) or "Briefing"
    shown = text if _length(text) <= _HEADER else _cut_words(text, _HEADER - 1) + "…"
    return {"type": "header", "text": {"type": "plain_text", "text": shown, "emoji": False}}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(text: str) -> dict[str, Any]:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def _plain(subject: str, paragraphs: list[_Tokens]) -> str:
    texts = list(_sections([[escape(clean(subject))], *paragraphs], _TEXT - len(_CUT) - 2))
    return "\n\n".join(texts[:1] + [_CUT] * (len(texts) > 1))


def _sections(paragraphs: list[_Tokens], limit: int = _SECTION) -> Iterator[str]:
    """Paragraphs put together to texts of at most `limit` characters."""
    text = ""
    for tokens in paragraphs:
        for piece in _pieces(tokens, limit):
            joined = f"{text}\n{piece}" if text else piece
            if text and _length(joined) > limit:
                yield text
                joined = piece
            text = joined.lstrip("\n")
    if text:
        yield text


def _pieces(tokens: _Tokens, limit: int) -> Iterator[str]:
    """One paragraph, in as many pieces as the limit asks for."""
    piece = ""
    for token in tokens:
        if piece and _length(piece + token) > limit:
            yield piece.rstrip()
            piece = ""
        piece += token if _length(token) <= limit else _cut_words(token, limit - 1) + "…"
    if piece.strip():
        yield piece.rstrip()


def _paragraphs(element: Any, depth: int = 0) -> Iterator[_Tokens]:
    """The paragraphs, headings and list items below an element, in order."""
    for child in element:
        if child.tag in _TITLES:
            yield ["\n*", *_inline(child), "*"]
        elif child.tag == "p":
            yield list(_inline(child))
        elif child.tag == "li":
            yield ["    " * (depth - 1), "• ", *_inline(child)]
            yield from _paragraphs(child, depth)
        elif child.tag in ("ul", "ol"):
            yield from _paragraphs(child, depth + 1)
        elif child.tag in ("article", "section", "details", "div", "header", "footer"):
            yield from _paragraphs(child, depth)


def _inline(element: Any) -> Iterator[str]:
    """Words, each with the space before it, and links; what lists stand inside is left out."""
    yield from _words(element.text)
    for child in element:
        if child.tag in ("ul", "ol"):
            pass
        elif child.tag == "a" and (address := safe_url(child.get("href"))):
            yield f"<{escape(address)}|{escape(clean(child.text_content())).replace('|', '¦')}>"
        elif child.tag == "q":
            yield from ("“", *_inline(child), "”")
        else:
            yield from _inline(child)
        yield from _words(child.tail)


def _words(text: str | None) -> Iterator[str]:
    """The words of a text, escaped; a space is a token of its own."""
    if not text:
        return
    parts = text.split()
    if not parts or text[0].isspace():
        yield " "
    for number, part in enumerate(parts):
        yield (" " if number else "") + escape(part)
    if parts and text[-1].isspace():
        yield " "


def _cut_words(text: str, limit: int) -> str:
    """The beginning of a text, not within an entity or a pair of code units."""
    cut = text.encode("utf-16-le", "replace")[: 2 * limit].decode("utf-16-le", "ignore")
    head, ampersand, tail = cut.rpartition("&")
    return head if ampersand and ";" not in tail else cut


def _length(text: str) -> int:
    """Characters as Slack counts them, at the worst: units of UTF-16."""
    return len(text) + sum(character > "\uffff" for character in text)
