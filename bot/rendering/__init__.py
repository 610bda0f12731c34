"""Results as text for people: Markdown for the terminal and files, HTML for the page.

Both come from one layout (`layout`, of `parts`), which is put in one of two notations (`notation`,
`markup`). A mark [n] stands for one cited sentence, numbered from 1 in the order of first mention;
the sources list groups those sentences by article. `documents` makes a stand-alone HTML file,
`timeline` a picture of a briefing, `differences` what changed between two revisions.

Whatever comes from an article is hostile: in Markdown it cannot start a link, an image, a heading
or HTML, in HTML it cannot be anything but text, and control characters (terminal escapes, marks
that reverse the direction of text) are taken out of both. Nothing here knows the archive or the
page.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.entities import Answer, Briefing, Check, Claim, Summary
from bot.rendering.differences import compare
from bot.rendering.documents import to_document
from bot.rendering.layout import lay_out, lay_out_claims
from bot.rendering.markup import Html
from bot.rendering.notation import Markdown
from bot.rendering.timeline import draw_timeline

Printable = Answer | Summary | Briefing | Check

__all__ = [
    "Printable",
    "claims_to_html",
    "compare",
    "draw_timeline",
    "to_document",
    "to_html",
    "to_markdown",
]


def to_markdown(result: Printable) -> str:
    """The result as CommonMark, ending in a newline."""
    return lay_out(result, Markdown()) + "\n"


def to_html(result: Printable, *, pictured: bool = False) -> str:
    """The result as one line of HTML: an `<article>` without scripts, styles, ids or blank lines.

    A mark is a link to `#cite/ARTICLE/REVISION/START/END`, which whoever shows it may follow; the
    same with 0/0 leads to a whole article. With `pictured` a briefing has its timeline.
    """
    picture = draw_timeline(result) if pictured and isinstance(result, Briefing) else ""
    return lay_out(result, Html(picture))


def claims_to_html(claims: Sequence[Claim]) -> str:
    """The claims of an answer that is not complete yet, each a paragraph."""
    return lay_out_claims(claims, Html())
