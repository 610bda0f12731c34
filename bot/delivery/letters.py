"""An edition as HTML that stands alone: a file, the body of a mail, an entry of a feed.

Mail programs know neither style sheets in full, nor scripts, nor folding, and show no outside
resource unasked. So styles stand on each element, what the page folds is open, and a mark [n]
leads to its sentence in the list of sources. One table sets the width, for mail programs that know
no other way. The edition's HTML is cleaned once more before anything is made of it.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.delivery.parcels import Parcel
from bot.rendering.markup import sanitise
from bot.rendering.notation import clean

_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
_TEXT = f"{_FONT};font-size:16px;line-height:1.5;color:#1f2328"
_QUIET = "color:#59636e;font-size:13px"
_STYLES = {
    "h1": "font-size:24px;line-height:1.25;margin:0 0 8px",
    "h2": "font-size:19px;line-height:1.3;margin:28px 0 6px",
    "h3": "font-size:16px;line-height:1.3;margin:24px 0 6px",
    "p": "margin:0 0 12px",
    "ul": "margin:0 0 12px;padding-left:22px",
    "li": "margin:0 0 6px",
    "a": "color:#0b57d0",
    "section": "margin:24px 0 0",
}
_CLASSES = {
    "nb-mark": "color:#0b57d0;font-size:13px;text-decoration:none",
    "nb-note": _QUIET,
    "nb-tick": "color:#1a7f37;font-size:13px",
    "nb-contradicted": "color:#b3261e;font-size:13px",
    "nb-unsupported": "color:#b3261e;font-size:13px",
    "nb-extent": _QUIET,
    "nb-reporters": _QUIET,
    "nb-also": _QUIET,
    "nb-foot": _QUIET,
}
_NEW_NAMES = {"h3": "h1", "h4": "h2", "h5": "h3", "summary": "h3", "details": "section"}
_NAMED = 12  # sections left out that are named; more are counted
_NAMED_LENGTH = 80  # characters of each
_LINE = 4_000  # bytes that the line about them may take
_DOCUMENT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{title}</title>
</head>
<body style="margin:0;padding:0;background:#ffffff">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td align="center" style="padding:16px">
<table role="presentation" width="680" cellpadding="0" cellspacing="0" border="0" \
style="width:100%;max-width:680px">
<tr><td style="{text};overflow-wrap:anywhere;text-align:left">
{body}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
"""


def write_letter(parcel: Parcel, limit: int | None = None) -> str:
    """The edition as a whole HTML document.

    Of one with more bytes than `limit` the last sections are left out, and named in its last line.
    """
    title = html.escape(clean(parcel.subject).encode("utf-8", "replace").decode())
    document = partial(_DOCUMENT.format, title=title, text=_TEXT)
    body = _dress(parcel)
    if limit is not None:
        _shorten(body, limit - len(document(body="").encode()))
    return document(body=_to_text(body))


def write_body(parcel: Parcel) -> str:
    """The edition as HTML without a document around it."""
    return _to_text(_dress(parcel))


def _dress(parcel: Parcel) -> Any:
    body = parse(parcel)
    _open_folds(body)
    _lead_marks(body)
    for element in body.iter():
        _style(element)
    return body


def _to_text(body: Any) -> str:
    from lxml.html import tostring

    return "".join(tostring(child, encoding="unicode") for child in body)


def parse(parcel: Parcel) -> Any:
    """The edition's HTML, cleaned, as an element of lxml; without links into Newsbot's page."""
    from lxml.html import fragment_fromstring

    markup = parcel.html.encode("utf-8", "replace").decode()
    body = fragment_fromstring(sanitise(markup), create_parent="div")
    for link in list(_of_class(body, "nb-read")):
        link.drop_tree()
    return body


def _of_class(body: Any, name: str) -> Iterator[Any]:
    return (one for one in body.iter() if name in one.get("class", "").split())


def _open_folds(body: Any) -> None:
    for element in body.iter():
        element.tag = _NEW_NAMES.get(element.tag, element.tag)
    for quote in list(body.iter("q")):
        quote.tag = "span"
        quote.text = "“" + (quote.text or "")
        last = quote[-1] if len(quote) else None
        if last is None:
            quote.text += "”"
        else:
            last.tail = (last.tail or "") + "”"


def _lead_marks(body: Any) -> None:
    """A mark in the list of sources becomes what the others lead to."""
    listed: set[str] = set()
    for sources in _of_class(body, "nb-from"):
        for mark in _of_class(sources, "nb-mark"):
            number = (mark.text or "").strip("[]")
            mark.tag = "span"
            mark.attrib.pop("href", None)
            if number not in listed:
                mark.set("id", f"source-{number}")
            listed.add(number)
    for mark in body.iter("a"):
        if mark.get("href", "").startswith("#cite/"):
            number = (mark.text or "").strip("[]")
            mark.set("href", f"#source-{number}")


def _style(element: Any) -> None:
    classes = element.get("class", "").split()
    styles = [_CLASSES[name] for name in classes if name in _CLASSES]
    style = styles[-1] if styles else _STYLES.get(element.tag)
    for name in ("class", "title", "rel"):
        element.attrib.pop(name, None)
    if style:
        element.set("style", style)


def _shorten(body: Any, limit: int) -> None:
    """Takes sections off the end until at most `limit` bytes are left, and says which."""
    from lxml.html import tostring

    size = len(_to_text(body).encode())
    left_out: list[str] = []
    for section in reversed(body.xpath("./article/section")):
        if size <= limit - (_LINE if left_out else 0):
            break
        size -= len(tostring(section, encoding="unicode").encode())
        headings = section.xpath("./h1 | ./h2 | ./h3")
        left_out.append(headings[0].text_content() if headings else "")
        section.drop_tree()
    if left_out:
        _unlink_marks(body)
        _name_left_out(body, left_out[::-1])


def _unlink_marks(body: Any) -> None:
    """A mark whose sentence was left out leads nowhere."""
    targets = set(body.xpath(".//@id"))
    for mark in list(body.iter("a")):
        if mark.get("href", "").startswith("#") and mark.get("href")[1:] not in targets:
            mark.tag = "span"
            mark.attrib.pop("href")


def _name_left_out(body: Any, titles: list[str]) -> None:
    """The line at the end that says what a mail does not show."""
    from lxml.html import builder

    named = "; ".join(textwrap.shorten(title, _NAMED_LENGTH, placeholder="…") for title in titles)
    if len(titles) > _NAMED:
        named = f"{len(titles)} sections"
    said = f"Left out of this mail, which would be too long: {named}. The attached file has all."
    body.append(builder.P(clean(said), style=_STYLES["p"]))
