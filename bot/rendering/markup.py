"""The notation of the page: HTML on one line.

Everything is escaped where it is written, and cleaned by nh3 once more at the end.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from urllib.parse import quote

from bot.entities import Citation
from bot.rendering.notation import clean, safe_url


class Html:
    """HTML on one line, with classes that begin with nb-. Everything ends in nh3's allowlist.

    `picture` is markup that stands below the line which says what a briefing is of.
    """

    glue = "\N{NO-BREAK SPACE}"

    def __init__(self, picture: str = "") -> None:
        self._picture = picture

    def text(self, text: str) -> str:
        """Escaped."""
        return html.escape(clean(text))

    def headline(self, text: str, url: str | None) -> str:
        """A link on the headline, for http(s) only."""
        address = safe_url(url)
        shown = f"<bdi>{self.text(text)}</bdi>"
        return f'<a href="{html.escape(address)}">{shown}</a>' if address else self.strong(shown)

    def mark(self, citation: Citation, number: int, about: str) -> str:
        """A link that a page can turn into a selection."""
        target = _target(citation.article, citation.revision, citation.start, citation.end)
        title = f"{clean(about)}: “{clean(citation.quote)}”"
        return f'<a class="nb-mark" href="{target}" title="{html.escape(title)}">[{number}]</a>'

    def anchor(self, citation: Citation, number: int, about: str) -> str:
        """The link again."""
        return self.mark(citation, number, about)

    def reader(self, article: str, revision: int) -> str:
        """A link as for a mark, to the article's beginning."""
        return f' <a class="nb-read" href="{_target(article, revision, 0, 0)}">read</a>'

    def note(self, text: str, kind: str) -> str:
        """A chip."""
        return f'<span class="nb-note nb-{kind}">{text}</span>'

    def strong(self, text: str) -> str:
        """Bold."""
        return f"<strong>{text}</strong>"

    def quote(self, text: str) -> str:
        """A q element, which browsers put in quotes."""
        return f"<q><bdi>{self.text(text)}</bdi></q>"

    def nested(self, line: str, bullets: str) -> str:
        """The list inside the line's element."""
        return line + bullets

    def title(self, text: str, level: int) -> str:
        """h3 to h5: the page has its own h1 and h2."""
        return f"<h{level + 2}>{text}</h{level + 2}>"

    def paragraph(self, text: str, kind: str = "") -> str:
        """A p element."""
        picture = self._picture if kind == "extent" else ""
        return f'<p class="nb-{kind or "line"}">{text}</p>{picture}'

    def bullets(self, lines: Sequence[str], kind: str = "") -> str:
        """A ul element."""
        inner = "".join(f"<li>{line}</li>" for line in lines)
        return f'<ul class="nb-{kind or "list"}">{inner}</ul>'

    def section(
        self, title: str, body: str, kind: str, *, folded: bool = False, level: int = 2
    ) -> str:
        """A section, or a details element where it is folded."""
        if folded:
            summary = f"<summary>{title}</summary>"
            return f'<details class="nb-section nb-{kind}">{summary}{body}</details>'
        heading = self.title(title, level)
        return f'<section class="nb-section nb-{kind}">{heading}{body}</section>'

    def blocks(self, blocks: Sequence[str]) -> str:
        """Blocks without anything between."""
        return "".join(blocks)

    def whole(self, blocks: Sequence[str], kind: str) -> str:
        """An article element, cleaned once more by nh3 in case that an escape was forgotten."""
        return sanitise(f'<article class="nb-result nb-{kind}">{self.blocks(blocks)}</article>')


def _target(article: str, *place: int) -> str:
    return "#cite/" + "/".join((quote(article, safe=""), *map(str, place)))


def sanitise(markup: str, **attributes: set[str]) -> str:
    """`markup` with nothing but our own elements and attributes; `attributes` adds some."""
    import nh3

    return nh3.clean(
        markup,
        tags=_TAGS | _TABLE | set(_SHAPES),
        attributes={"*": {"class"}, "a": {"href", "title"}, **_SHAPES, **attributes},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )


_TAGS = {
    *("a", "article", "bdi", "details", "h3", "h4", "h5", "li", "mark", "ol", "p", "q"),
    *("section", "span", "strong", "summary", "time", "ul", "header", "footer", "div", "em"),
}
_TABLE = {"figure", "figcaption", "table", "thead", "tbody", "tr", "td", "title"}
_SHAPES = {
    "svg": {"width", "height", "aria-hidden"},
    "div": {"role", "aria-label"},
    "rect": {"x", "y", "width", "height", "rx"},
    "line": {"x1", "x2", "y1", "y2"},
    "circle": {"cx", "cy", "r"},
    "text": {"x", "y", "text-anchor"},
    "th": {"scope"},
}
