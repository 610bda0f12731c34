"""Bytes -> text, and text without what a reader cannot see.

`clean` keeps every visible character as it is written (no NFC, no NFKC: a quote stays the source's
own), and drops what is invisible: control, zero-width, bidirectional and tag characters, which hide
instructions from people and words from search. This module knows no format.
"""

from __future__ import annotations

import codecs
import re

from bot.errors import UnreadableSourceError

_BOMS = (  # UTF-32 first: its little-endian mark begins with UTF-16's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b", b"\x7fELF")
_CONTROL = bytes([*range(9), 11, *range(14, 27), *range(28, 32), 127])
# Codecs that are none of texts, some of which take a time that grows with the square of the size.
_NO_ENCODINGS = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))
_SAMPLE = 65_536  # bytes that an encoding is guessed from; more only takes longer

_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "\x1b\\[[0-9;?]{0,20}[@-~]"  # a terminal's colours
    "|[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
# Joiners mean something within other scripts and emoji, and nothing beside ASCII.
_JOINERS = re.compile(
    "(?<![^\x00-\x7f\u200c\u200d])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f\u200c\u200d])"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\n{3,}")


def decode(source: bytes, *, name: str, declared: str | None = None) -> tuple[str, bool]:
    """The text of `source`, and whether its encoding had to be guessed.

    `declared` is an encoding that the source itself names, used when it is not UTF-8. Raises
    `UnreadableSourceError` for bytes that are no text; `name` is what its message calls them.
    """
    for mark, encoding in _BOMS:
        if source.startswith(mark):
            return source.decode(encoding, errors="replace"), False
    if _is_binary(source):
        raise UnreadableSourceError(
            f"{name} is binary, not text; give it as text, Markdown, HTML or JSON Lines."
        )
    try:
        return source.decode("utf-8"), False
    except UnicodeDecodeError:
        pass
    if declared and (text := _decode_as(source, declared)) is not None:
        return text, False
    return _guess(source), True


def clean(text: str) -> str:
    """`text` with one kind of line break and without invisible characters and surplus blanks."""
    text = _NEWLINES.sub("\n", text)
    text = _JOINERS.sub("", _INVISIBLE.sub("", _SURROGATE.sub("\ufffd", text)))
    lines = (line.rstrip(" \t") for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    """`text` cleaned and on one line, as for a headline or a name."""
    return " ".join(clean(text).split())


def _is_binary(source: bytes) -> bool:
    sample = source[:_SAMPLE]
    strange = len(sample) - len(sample.translate(None, _CONTROL))
    return source.startswith(_MAGIC) or strange * 50 > len(sample)


def _decode_as(source: bytes, encoding: str) -> str | None:
    try:
        if codecs.lookup(encoding).name in _NO_ENCODINGS:
            return None
        return source.decode(encoding)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _guess(source: bytes) -> str:
    text = source.decode("utf-8", errors="replace")
    spoilt = text.count("\ufffd")
    if sum(ord(character) > 127 for character in text) - spoilt > spoilt:
        return text  # UTF-8 with a few damaged bytes
    if _is_latin(source[:_SAMPLE]):  # statistics confuse the many Western encodings with another
        return _decode_as(source, "cp1252") or source.decode("latin-1")
    from charset_normalizer import from_bytes

    best = from_bytes(source[:_SAMPLE]).best()
    return source.decode(best.encoding if best is not None else "cp1252", errors="replace")


def _is_latin(sample: bytes) -> bool:
    """Whether ASCII letters outnumber the other bytes so far that the script must be Latin."""
    ascii_letters = sum(65 <= byte <= 90 or 97 <= byte <= 122 for byte in sample)
    return ascii_letters > 3 * sum(byte > 127 for byte in sample)
