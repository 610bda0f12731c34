"""Takes out of an extracted article the paragraphs that are about the site, not about the news.

trafilatura finds the region of the article; within it stand links to other articles, calls to
subscribe, copyright lines. A paragraph that is nothing but a link is one of these by the page's own
markup; the others are told by phrases, which are English. When a page would lose much of its text
so, it is another kind of page, and is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.sources.dates import parse_date_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MOST = 0.3  # of the text that may be taken out
_LONGEST = 250  # characters of a paragraph that is judged by its phrases
_SHORTEST_LINK = 4  # words; shorter ones are names, addresses and the like
_SENTENCE_END = re.compile(r"[.!?。！？…:][\"'”’»)\]]*$")
_POINTER = re.compile(
    r"(?:[-•*>] *)?(?:(?:related|read (?:more|also|next)|see also|also read|more|watch|listen"
    r"|recommended|trending|don't miss|you may (?:also )?like)(?: (?:articles?|stories|story|news"
    r"|coverage|reading))? ?:|\[/?\w+[ \]].*\]$|advertise?ment$|loading\W*$"
    r"|(?:story|article) continues (?:after|below)\b|scroll (?:down )?to continue\b)",
    re.IGNORECASE,
)
_EDGE = re.compile(
    r"(?:click here|subscribe\b|sign up\b|follow (?:us|@)"
    r"|follow .{1,50} on (?:twitter|facebook|instagram|x)\b|follow .{1,40} full coverage"
    r"|get .{1,80}(?:on the go|newsletter|delivered|in your inbox)"
    r"|download (?:our|the) .{0,30}\bapp\b|like us on|share (?:this|on)\b|tell us what you think"
    r"|leave a (?:comment|reply)|join the (?:conversation|discussion)|tags?\b:?|comments?$"
    r"|\d+ comments?$|copyright\b|©|\(c\) ?\d{4}|advertisement$|sponsored$|share$|print$)"
    r"|.*\ball rights reserved\b|.*\bclick(?:ing)? here\b",
    re.IGNORECASE,
)


def tidy(lines: Sequence[str], tree: HtmlElement) -> list[str]:
    """The paragraphs of the article on the page that `tree` is."""
    links, headings = _texts(tree, "//a"), _texts(tree, "//h1 | //title")
    kept = [line for line in lines if not _points_elsewhere(line, links)]
    while kept and _is_edge(kept[-1]):
        kept.pop()
    while len(kept) > 1 and (_is_edge(kept[0]) or _plain(kept[0]) in headings):
        kept.pop(0)
    if sum(map(len, kept)) < (1 - _MOST) * sum(map(len, lines)):
        return list(lines)
    return kept


def _points_elsewhere(line: str, links: set[str]) -> bool:
    if len(line) > _LONGEST:
        return False
    if _POINTER.match(line):
        return True
    text = line.lstrip("-•*> ")
    is_sentence = _SENTENCE_END.search(text) is not None
    return len(text.split()) >= _SHORTEST_LINK and not is_sentence and _plain(text) in links


def _is_edge(line: str) -> bool:
    if len(line) > _LONGEST:
        return False
    return _EDGE.match(line.lstrip("-•*> ")) is not None or parse_date_line(line) is not None


def _texts(tree: HtmlElement, path: str) -> set[str]:
    return {_plain(element.text_content()) for element in tree.xpath(path)}


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()
