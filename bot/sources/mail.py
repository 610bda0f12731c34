"""Mail -> the parts of an article: a newsletter in a .eml file, or many in a mailbox (.mbox).

The subject is the headline and the sender's name the outlet. Attachments are left out. Mail breaks
every rule; each header, body and message is read by itself, so that a broken one costs only itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr

from bot.entities import Article, Ingested, Outcome
from bot.errors import (
    EmptySourceError,
    SourceError,
    SourceTooLargeError,
    UnreadableSourceError,
)
from bot.sources.cleaning import clean_line, decode
from bot.sources.dates import parse_date
from bot.sources.identity import identity
from bot.sources.reading import Reading, to_article

_MOST_PARTS = 200
_ADDRESS = re.compile(r"\s*[(<\[]?https?://[^\s<>()\[\]]+[)>\]]?")
_FROM = re.compile(rb">+From ")


def read_message(message: bytes, *, address: str, article_id: str | None = None) -> Article:
    """The article that a message is; its Message-ID is its identity, else `article_id`.

    Raises a `SourceError` when it holds no text.
    """
    reading = parse(message, name=address)
    if not reading.text.strip():
        raise EmptySourceError(f"{address} holds no text but attachments; nothing was read.")
    known = identity("id", reading.key) if reading.key else article_id
    return to_article(reading, address=address, article_id=known)


def read_mailbox(
    readline: Callable[[int], bytes], *, address: str, limit: int
) -> Iterator[Article | Ingested]:
    """The articles of a mailbox, and an `Ingested` for each message that holds none.

    `readline` gives the next line, at most as many bytes as it is asked for; `limit` is the most
    bytes of one message.
    """
    number = 0
    for number, message in enumerate(_messages(readline, limit), start=1):
        place = f"{address}#{number}"
        try:
            if len(message) > limit:
                raise SourceTooLargeError(f"{place} is larger than the limit of {limit:,} bytes.")
            yield read_message(message, address=place)
        except SourceError as error:
            yield Ingested(place, Outcome.FAILED, message=str(error))
    if number == 0:
        raise EmptySourceError(f"{address} holds no messages; nothing was read.")


def parse(message: bytes, *, name: str) -> Reading:
    """The parts of a message; `text` is "" when it has no text."""
    try:
        mail = message_from_bytes(message, policy=policy.compat32)
        text = _text(mail, name)
    except (MessageError, RecursionError, ValueError, LookupError, AssertionError) as error:
        raise UnreadableSourceError(f"{name} is no message that can be read: {error}.") from error
    if not mail.keys():
        raise UnreadableSourceError(f"{name} is no message: it has no headers.")
    sender, place = parseaddr(_header(mail, "from"))
    return Reading(
        text=text,
        title=_header(mail, "subject"),
        outlet=sender or place.rpartition("@")[2] or None,
        published=parse_date(re.sub(r"\s*\(.*?\)\s*$", "", _header(mail, "date"))),
        key=_header(mail, "message-id") or None,
        guessed=("outlet",),
    )


def _messages(readline: Callable[[int], bytes], limit: int) -> Iterator[bytes]:
    """The messages of a mailbox, each without its "From " line; what is too long is cut."""
    message: bytearray | None = None
    after_blank = True
    while line := readline(1 << 16):
        if after_blank and line.startswith(b"From "):
            if message is not None:
                yield bytes(message)
            message = bytearray()
        elif message is not None and len(message) <= limit:
            message += line[1:] if _FROM.match(line) else line
        after_blank = not line.strip()
    if message is not None:
        yield bytes(message)


def _header(mail: Message, name: str) -> str:
    value = str(mail.get(name, "") or "")
    try:
        return clean_line(str(make_header(decode_header(value))))
    except (MessageError, LookupError, ValueError):
        return clean_line(value.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


def _text(mail: Message, name: str) -> str:
    """The longest of a message's bodies: HTML where it is more than the plain text says."""
    plain: list[str] = []
    html: list[str] = []
    for _, part in zip(range(_MOST_PARTS), mail.walk(), strict=False):
        kind = part.get_content_type()
        if part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        if kind in ("text/plain", "text/html"):
            (plain if kind == "text/plain" else html).append(_body(part, name))
    text = "\n\n".join(_without_addresses(body) for body in plain).strip()
    shown = "\n\n".join(map(_from_html, html)).strip()
    return text if len(text) >= 0.7 * len(shown) else shown


def _body(part: Message, name: str) -> str:
    payload = part.get_payload(decode=True)
    charset = part.get_content_charset()
    return decode(payload if isinstance(payload, bytes) else b"", name=name, declared=charset)[0]


def _without_addresses(text: str) -> str:
    """Plain text without the addresses that stand where HTML would have links, and reflowed."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    lines = (_ADDRESS.sub("", paragraph).strip() for paragraph in paragraphs)
    return "\n\n".join(re.sub(r"[ \t]*\n[ \t]*", "\n", line) for line in lines if line)


def _from_html(html: str) -> str:
    """The visible text of a message, whose tables are for its layout."""
    from bot.sources.markup import drop_unseen, parse_html, tree_to_text

    tree = parse_html(html)
    if tree is None:
        return ""
    drop_unseen(tree)
    for cell in tree.xpath("//td | //th"):
        cell.tag = "div"
    return tree_to_text(tree)
