"""HTML -> the text that a reader would see. Knows elements, not articles.

What a browser would not show is dropped before anything else looks at the page: comments, scripts,
hidden elements. That is where instructions to a model are hidden.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UNSEEN_TAGS = frozenset(
    """
    script style template noscript svg math iframe object embed canvas head title meta link
    audio video form select button textarea input
    """.split()
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body dd details div dl dt fieldset figcaption figure
    footer h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tr ul
    """.split()
)
_UNSEEN_STYLE = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|font-size:0(?:\.0+)?(?:px|pt|em|rem|%)?(?:;|!|$)"
    r"|opacity:0(?:\.0+)?(?:;|!|$)|(?:left|top|text-indent):-\d{3,}|(?:^|;)(?:width|height):0(?:px)?;"
    r"|clip:rect\(0|clip-path:inset\((?:50|100)%",
)
_SURROUNDINGS = (
    "//nav | //footer | //*[@role='navigation' or @role='contentinfo' or @role='search']"
)
# All that `_is_unseen` can find; a tenth of a page, and every element that Python sees costs time.
_SUSPECTS = " | ".join([*(f"//{tag}" for tag in sorted(_UNSEEN_TAGS)), "//*[@hidden or @style]"])
_MOST_OF_THE_PAGE = 0.5  # pages that scripts reveal hide everything at first; keep that


def parse_html(html: str) -> HtmlElement | None:
    """The tree of a page or of a piece of HTML; None when there is nothing in it."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        remove_comments=True, remove_pis=True, no_network=True, encoding="utf-8", huge_tree=False
    )
    try:
        return lxml_html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def drop_unseen(tree: HtmlElement) -> None:
    """Remove from `tree` what a browser would not show."""
    whole = len(tree.text_content())
    for element in tree.xpath(_SUSPECTS):
        if element is tree or element.getparent() is None or element.tag == "body":
            continue
        if not _is_unseen(element):
            continue
        if len(element.text_content()) <= _MOST_OF_THE_PAGE * whole or element.tag in _UNSEEN_TAGS:
            element.drop_tree()


def drop_surroundings(tree: HtmlElement) -> None:
    """Remove from a page what its own markup calls navigation and the like."""
    for element in tree.xpath(_SURROUNDINGS):
        if element.getparent() is not None:
            element.drop_tree()


def to_text(html: str) -> str:
    """The visible text of a piece of HTML, blocks separated by blank lines."""
    tree = parse_html(f"<div>{html}</div>")
    if tree is None:
        return ""
    for element in tree.xpath(_SUSPECTS):
        if element.getparent() is not None and _is_unseen(element):
            element.drop_tree()
    return tree_to_text(tree)


def tree_to_text(tree: HtmlElement) -> str:
    """The text of a tree: a blank line between blocks, spaces for the source's own line breaks."""
    pieces: list[str] = []
    for event, element in _walk(tree):
        if event == "text":
            pieces.append(re.sub(r"[ \t\r\n]+", " ", element))
        elif event == "break":
            pieces.append("\n")
        else:
            pieces.append("\n\n")
    text = re.sub(r" ?\n ?", "\n", re.sub(r" {2,}", " ", "".join(pieces)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _walk(tree: HtmlElement) -> list[tuple[str, str]]:
    """The texts, line breaks and block edges of a tree, in order."""
    from lxml import etree

    events: list[tuple[str, str]] = []
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        is_block = element.tag in _BLOCKS
        if event == "start":
            events.append(("block", "")) if is_block else None
            events.append(("break", "")) if element.tag == "br" else None
            events.append(("text", " | ")) if element.tag in (
                "td",
                "th",
            ) and element.getprevious() is not None else None
            events.append(("text", element.text or ""))
        else:
            events.append(("block", "")) if is_block else None
            events.append(("text", element.tail or "")) if element is not tree else None
    return events


def _is_unseen(element: HtmlElement) -> bool:
    if element.tag in _UNSEEN_TAGS or element.get("hidden") is not None:
        return element.tag not in ("head", "title", "meta", "link")  # metadata, read elsewhere
    style = element.get("style")
    if not style:
        return False
    return _UNSEEN_STYLE.search(re.sub(r"\s", "", style.lower())) is not None
