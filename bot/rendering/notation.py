"""The notations that a layout is put in: Markdown here, HTML in `markup`.

Each method takes marked-up text and gives marked-up text, save `text`, `headline` and `quote`,
which take what is hostile and make it harmless.

They know nothing about claims or articles, but for `mark`, which points at a cited sentence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol
from urllib.parse import quote, urlsplit

from bot.entities import Citation

# Embeddings, overrides and isolates that can show a text in another order than it is written.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_URL_UNSAFE = re.compile(r"[^!#$%&*+,./0-9:;=?@A-Z_a-z~-]")
_MARKDOWN = re.compile(
    r"[\\`*\[\]<~]"  # escapes, code, emphasis, links, HTML, strike-through
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis, but not the underscore inside a word
    r"|&(?=#?\w+;)"  # entities
    r"|(?<=ftp|ttp):(?=//)|(?<=tps):(?=//)|(?<=\bwww)\.|(?<=mailto):"  # bare addresses
    , re.IGNORECASE
)  # fmt: skip
_MARKDOWN_START = re.compile(r"^(?:([#>+=|-])|(\d{1,9})([.)]))")


def clean(text: str) -> str:
    """`text` on one line, without control characters and marks of direction."""
    shown = "".join(c for c in text if c.isspace() or unicodedata.category(c) != "Cc")
    return " ".join(_DIRECTIONS.sub("", shown).split())


def safe_url(url: str | None) -> str | None:
    """`url` if it is plain http(s) with a host and no user name, percent-encoded; else None."""
    try:
        parts = urlsplit((url or "").strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
    except ValueError:
        return None
    return _URL_UNSAFE.sub(lambda match: quote(match[0], safe=""), parts.geturl())


class Notation(Protocol):
    """What a layout needs of a notation."""

    glue: str  # the space between a sentence and its marks

    def text(self, text: str) -> str:
        """Hostile text as plain text."""

    def headline(self, text: str, url: str | None) -> str:
        """A headline, with its address where that is http(s)."""

    def mark(self, citation: Citation, number: int, about: str) -> str:
        """The mark [n] of a cited sentence; `about` says whose sentence it is."""

    def anchor(self, citation: Citation, number: int, about: str) -> str:
        """The same mark beside its quote in the list of sources, where other marks may lead."""

    def reader(self, article: str, revision: int) -> str:
        """A way to read an article where the result is shown; "" where there is none."""

    def note(self, text: str, kind: str) -> str:
        """An aside within a line, such as a verdict."""

    def strong(self, text: str) -> str:
        """Important text."""

    def quote(self, text: str) -> str:
        """A verbatim quote, from hostile text."""

    def nested(self, line: str, bullets: str) -> str:
        """A line of a list, with a list below it."""

    def title(self, text: str, level: int) -> str:
        """A heading, 1 to 3."""

    def paragraph(self, text: str, kind: str = "") -> str:
        """A paragraph."""

    def bullets(self, lines: Sequence[str], kind: str = "") -> str:
        """A list."""

    def section(
        self, title: str, body: str, kind: str, *, folded: bool = False, level: int = 2
    ) -> str:
        """A titled part of the result; `folded` where a reader opens it on demand."""

    def blocks(self, blocks: Sequence[str]) -> str:
        """Blocks one below the other; empty ones are left out."""

    def whole(self, blocks: Sequence[str], kind: str) -> str:
        """The result from its blocks."""


class Markdown:
    """CommonMark that reads well in a terminal too."""

    glue = " "

    def text(self, text: str) -> str:
        """Escaped as little as is safe."""
        escaped = _MARKDOWN.sub(lambda match: "\\" + match[0], clean(text))
        return _MARKDOWN_START.sub(self._escape_start, escaped)

    @staticmethod
    def _escape_start(match: re.Match[str]) -> str:
        return f"\\{match[1]}" if match[1] else f"{match[2]}\\{match[3]}"

    def headline(self, text: str, url: str | None) -> str:
        """The address in full behind the headline, so that one sees where it leads."""
        address = safe_url(url)
        return self.strong(self.text(text)) + (f" <{address}>" if address else "")

    def mark(self, citation: Citation, number: int, about: str) -> str:
        """[n]."""
        return f"[{number}]"

    def anchor(self, citation: Citation, number: int, about: str) -> str:
        """[n] again."""
        return self.mark(citation, number, about)

    def reader(self, article: str, revision: int) -> str:
        """Nothing: text has no page around it."""
        return ""

    def note(self, text: str, kind: str) -> str:
        """In italics; the tick stands alone."""
        return text if kind == "tick" else f"*({text})*"

    def strong(self, text: str) -> str:
        """Bold."""
        return f"**{text}**"

    def quote(self, text: str) -> str:
        """In curly quotes."""
        return f"“{self.text(text)}”"

    def title(self, text: str, level: int) -> str:
        """# to ###."""
        return f"{'#' * level} {text}"

    def paragraph(self, text: str, kind: str = "") -> str:
        """Plain text."""
        return text

    def bullets(self, lines: Sequence[str], kind: str = "") -> str:
        """Hyphens; what is nested is indented by two."""
        return "\n".join("- " + line.replace("\n", "\n  ") for line in lines)

    def nested(self, line: str, bullets: str) -> str:
        """The list on the next line."""
        return f"{line}\n{bullets}"

    def section(
        self, title: str, body: str, kind: str, *, folded: bool = False, level: int = 2
    ) -> str:
        """A heading and what it heads."""
        return f"{self.title(title, level)}\n\n{body}"

    def blocks(self, blocks: Sequence[str]) -> str:
        """Blocks with blank lines between."""
        return "\n\n".join(block for block in blocks if block)

    def whole(self, blocks: Sequence[str], kind: str) -> str:
        """The blocks alone."""
        return self.blocks(blocks)
