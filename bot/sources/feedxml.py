"""XML of strangers -> a tree, whatever is wrong with it, in time that grows with its size alone.

No entity is expanded and nothing is loaded: document type declarations are taken out before the
parser sees them (so "billion laughs" and external entities have no effect), and the entities of
HTML, which feeds use undeclared, become their characters.
"""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING

from bot.errors import UnreadableSourceError

if TYPE_CHECKING:
    from lxml.etree import XMLParser, _Element

_BEFORE_ROOT = (("<?", "?>"), ("<!--", "-->"))
_ROOT = re.compile(r"<(?:[\w-]+:)?([\w-]+)")
_KNOWN_ROOT = re.compile(r"<(?:[\w-]+:)?(?:rss|feed|rdf|opml|channel|entry)\b", re.IGNORECASE)
_NAMED = re.compile(r"&(\w{2,31};)")
_BARE = re.compile(r"&(?!#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|(?:amp|lt|gt|quot|apos);)")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def root_name(text: str) -> str:
    """The name of the root element in lower case without prefix, or ""."""
    root = _ROOT.match(text, _root_place(text))
    return root[1].lower() if root else ""


def parse_xml(text: str, *, name: str) -> tuple[_Element, bool]:
    """The root element, and whether the end of the document is missing.

    Raises `UnreadableSourceError` when no element can be made out; `name` is told in its message.
    """
    from lxml import etree

    text = _NAMED.sub(_character, _without_prolog(text))
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), _parser(recover=False)), False
    except (etree.XMLSyntaxError, ValueError):
        pass
    parser = _parser(recover=True)
    mended = _FORBIDDEN.sub("", _BARE.sub("&amp;", text)).encode("utf-8", "replace")
    try:
        root = etree.fromstring(mended, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        raise UnreadableSourceError(f"{name} is no XML that can be read.")
    return root, _is_cut(text, root)


def _parser(*, recover: bool) -> XMLParser:
    from lxml import etree

    return etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        encoding="utf-8",
    )


def _without_prolog(text: str) -> str:
    """`text` from its root element on; where that is not at its place, from a feed's root on."""
    place = _root_place(text)
    if _ROOT.match(text, place):
        return text[place:]
    root = _KNOWN_ROOT.search(text, place)
    return text[root.start() :] if root else text


def _root_place(text: str) -> int:
    """Where the root element begins, after declaration, comments and document type."""
    place = 0
    while True:
        while place < len(text) and text[place] in "\ufeff \t\r\n":
            place += 1
        end = _end_of_prolog_part(text, place)
        if end <= place:
            return place
        place = end


def _end_of_prolog_part(text: str, place: int) -> int:
    """Where the part of the prolog that begins at `place` ends; -1 when none does."""
    for opening, closing in _BEFORE_ROOT:
        if text.startswith(opening, place):
            end = text.find(closing, place)
            return end + len(closing) if end >= 0 else -1
    if text[place : place + 9].upper() != "<!DOCTYPE":
        return -1
    end, subset = text.find(">", place), text.find("[", place)
    if 0 <= subset < end:
        end = text.find(">", text.find("]", subset)) if "]" in text[subset:] else -1
    return end + 1 if end >= 0 else -1


def _is_cut(text: str, root: _Element) -> bool:
    """Whether the end tag of the root is missing."""
    name = str(root.tag).rpartition("}")[2]
    return re.search(rf"</(?:[\w-]+:)?{re.escape(name)}\s*>?\s*(?:<!--|$)", text[-2000:]) is None


def _character(named: re.Match[str]) -> str:
    character = html5.get(named[1], "")
    return named[0] if not character or character in "<>&\"'" else character
