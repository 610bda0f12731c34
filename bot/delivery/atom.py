"""An Atom feed of editions (RFC 4287), rewritten as a whole at each edition.

The file itself is what is remembered of earlier editions: their entries stay as they are, and an
entry that comes again under its id takes the place of the first. A file that holds something else
is left alone.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC
from pathlib import Path
from typing import Any

from bot.delivery.destinations import AtomFeed
from bot.delivery.files import failure, write_whole
from bot.delivery.letters import write_body
from bot.delivery.parcels import Parcel
from bot.errors import DeliveryRefusedError
from bot.rendering.notation import clean

_ATOM = "http://www.w3.org/2005/Atom"
_NAMES: Any = {None: _ATOM}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_entry(parcel: Parcel, feed: AtomFeed, token: str) -> str:
    """Puts the edition into the feed, under an id made of `token`; says where.

    Raises a DeliveryError that names the file.
    """
    from lxml import etree

    old = _read(feed.file)
    entry = _entry(parcel, token)
    identity = _text(entry, "id")
    known = [] if old is None else old.findall(f"{{{_ATOM}}}entry")
    entries = [entry, *(one for one in known if _text(one, "id") != identity)]
    entries.sort(key=lambda one: _text(one, "updated"), reverse=True)
    root = _feed(feed, entries[: feed.entries], old)
    etree.indent(root)
    written = etree.tostring(root, encoding="unicode")
    write_whole(feed.file, f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n')
    return str(feed.file)


def _read(path: Path) -> Any:
    """The feed that the file holds; None when there is no file."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failure(path, error) from error
    except etree.XMLSyntaxError:
        root = None
    if root is None or root.tag != f"{{{_ATOM}}}feed":
        raise DeliveryRefusedError(
            f"{path} holds something that is no Atom feed; it was left alone. Name another file."
        )
    return root


def _feed(feed: AtomFeed, entries: list[Any], old: Any) -> Any:
    from lxml import etree

    root = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMES)
    _add(root, "id", (old is not None and _text(old, "id")) or uuid.uuid4().urn)
    _add(root, "title", feed.title)
    _add(root, "updated", max(_text(one, "updated") for one in entries))
    _add(etree.SubElement(root, f"{{{_ATOM}}}author"), "name", "Newsbot")
    _add(root, "generator", "Newsbot")
    if feed.url:
        _add(root, "link", "", rel="self", type="application/atom+xml", href=feed.url)
    root.extend(entries)
    return root


def _entry(parcel: Parcel, token: str) -> Any:
    from lxml import etree

    entry = etree.Element(f"{{{_ATOM}}}entry", nsmap=_NAMES)
    created = parcel.created.astimezone(UTC).isoformat(timespec="seconds")
    _add(entry, "id", f"urn:uuid:{token}")
    _add(entry, "title", clean(parcel.subject))
    _add(entry, "updated", created)
    _add(entry, "published", created)
    _add(entry, "category", "", term=clean(parcel.name))
    _add(entry, "content", write_body(parcel), type="html")
    return entry


def _add(parent: Any, name: str, text: str, **attributes: str) -> None:
    from lxml import etree

    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    element.text = _NOT_XML.sub("", text) or None
    for key, value in attributes.items():
        element.set(key, _NOT_XML.sub("", value))


def _text(element: Any, name: str) -> str:
    return element.findtext(f"{{{_ATOM}}}{name}") or ""
