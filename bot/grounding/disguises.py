"""Text that an article hides from people but not from a model, brought to light.

Zero-width and bidirectional characters, look-alike letters, HTML comments, Unicode tag characters,
Base64, hexadecimal and percent encodings, ROT13, digits for letters, spaced and reversed letters.
The module does not know what is an instruction: it only gives the other ways to read a text.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

# Format characters: zero-width, soft hyphen, bidirectional marks, overrides and isolates, BOM.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_TAGS = re.compile("[\U000e0020-\U000e007e]{4,}")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_BASE64 = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{20,}={0,2}(?![\w+/=])")
_HEXADECIMAL = re.compile(r"(?<!\w)(?:[0-9a-fA-F]{2}[ :]?){12,}(?!\w)")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .·_-]){4,}\w(?!\w)")
_MIXED = re.compile(r"(?=\S*[A-Za-z])(?=\S*[0-9@$!|])\S+")
_PROSE = re.compile(r"[A-Za-z]{2,}(?:[\s,.:;!?'-]+[A-Za-z]{1,}){2,}")
# One common word is enough to tell that a text turned round reads as English.
_LEGIBLE = re.compile(
    r"\b(?:the|and|you|your|all|that|with|this|from|for|not|ignore|previous|instructions?)\b",
    re.IGNORECASE,
)
_LEET = str.maketrans("01345789@$!|", "oieastbgasil")
# The Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, the common part).
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏАВЕКМНОРСТУХІЅαβειικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlABEKMHOPCTYXISabeiikvoptuxABEZHIKMNOPTYX",
)
_LATIN = re.compile(r"[A-Za-z]")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The text as people see it: without invisible characters, entities and look-alike letters."""
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", html.unescape(text)))
    return re.sub(r"\S+", lambda word: _latinised(word.group()), shown)


def _latinised(word: str) -> str:
    # A word wholly in Cyrillic or Greek is a word of that script, not a disguise.
    return word.translate(_LOOKALIKES) if _LATIN.search(word) else word


def readings(text: str) -> Iterator[str]:
    """The plain text first, then what it says when read in the usual disguises."""
    shown = plain(text)
    yield shown
    yield from (prose for _, prose in encoded(text))
    if _MIXED.search(shown):
        yield _MIXED.sub(lambda word: word.group().translate(_LEET), shown)
    if _SPACED.search(shown):
        yield _SPACED.sub(lambda letters: re.sub(r"[ .·_-]", "", letters.group()), shown)
        yield re.sub(r"(?<=\w)[ .·_-](?=\w(?!\w))", "", shown)
    if "%20" in text:
        yield plain(unquote(text))
    turned = (codecs.encode(shown, "rot13"), shown[::-1])
    yield from (reading for reading in turned if _LEGIBLE.search(reading))


def encoded(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Spans of Base64, hexadecimal or tag characters that decode to prose, with that prose."""
    for pattern, decode in ((_BASE64, _base64), (_HEXADECIMAL, _hexadecimal), (_TAGS, _tags)):
        for match in pattern.finditer(text):
            prose = decode(match.group())
            if prose and _PROSE.search(prose):
                yield match.span(), prose


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Spans of HTML comments; one that never closes runs to the end."""
    return (match.span() for match in _COMMENT.finditer(text))


def _base64(token: str) -> str:
    standard = token.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(standard + "=" * (-len(standard) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _hexadecimal(token: str) -> str:
    try:
        return bytes.fromhex(re.sub(r"[ :]", "", token)).decode("utf-8")
    except ValueError:
        return ""


def _tags(token: str) -> str:
    return "".join(chr(ord(character) - 0xE0000) for character in token)
