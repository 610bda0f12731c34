"""Text that an article hides from people but not from a model, brought to light.

Zero-width and bidirectional characters, look-alike, accented and turned letters, HTML comments,
Unicode tag characters, Base64, Base32, hexadecimal, numbers, escapes and percent encodings, shifted
alphabets, digits for letters, spaced, joined, misspelt and reversed words. The module does not know
what is an instruction: it only gives the other ways to read a text.
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
_BASE64 = re.compile(
    r"(?<![\w+/=-])[A-Za-z0-9+/_-]{20,}(?:\n[A-Za-z0-9+/_-]{4,})*={0,2}(?![\w+/=])"
)
_BASE32 = re.compile(r"(?<![\w=])[A-Z2-7]{24,}={0,6}(?![\w=])")
_NUMBERS = re.compile(r"(?<![\w.])(?:[01]{8}|\d{2,3})(?:[ ,;]+(?:[01]{8}|\d{2,3})){11,}(?![\w.])")
_ESCAPES = re.compile(r"(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}){8,}")
_HEXADECIMAL = re.compile(r"(?<!\w)(?:[0-9a-fA-F]{2}[ :]?){12,}(?!\w)")
_SPACED = re.compile(r"(?<!\w)(?:\w[ .·_-]){4,}\w(?!\w)")
_MIXED = re.compile(r"(?=\S*[A-Za-z])(?=\S*[0-9@$!|])\S+")
_PROSE = re.compile(r"[A-Za-z]{2,}(?:[\s,.:;!?'-]+[A-Za-z]{1,}){2,}")
# One common word is enough to tell that a text turned round reads as English.
_LEGIBLE = re.compile(
    r"\b(?:the|and|you|your|all|that|with|this|from|for|not|ignore|previous|instructions?)\b",
    re.IGNORECASE,
)
# What instructions are made of: enough to see one in joined, misspelt or shifted words.
_KEYS = (
    "ignore disregard forget override bypass reveal print repeat all any the your my of these "
    "those every previous prior above earlier preceding system hidden original instructions "
    "instruction prompt rules rule directives guidelines commands and say you are now"
).split()
_JOINED = re.compile(f"(?:{'|'.join(sorted(_KEYS, key=len, reverse=True))}){{3,}}", re.IGNORECASE)
_KEY = re.compile("|".join(sorted(_KEYS, key=len, reverse=True)), re.IGNORECASE)
_MARKS = ".,:;!?\"'“”‘’()"
_TELLING = re.compile(r"ignor|disreg|forget|overr|bypass|instruc|prompt", re.IGNORECASE)
_MISSPELT = {(key[0], key[-1], *sorted(key)): key for key in _KEYS if len(key) > 4}
_LEET = str.maketrans("01345789@$!|", "oieastbgasil")
# The Cyrillic and Greek letters that look like Latin ones (Unicode TR 39, the common part).
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһӏАВЕКМНОРСТУХІЅαβειικνορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhlABEKMHOPCTYXISabeiikvoptuxABEZHIKMNOPTYX",
)
_STYLED = str.maketrans(
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎօոսհցеɡıøđłß",
    "abcdefghijklmnoprstuvwyzacefghijkmrtvwyonuhgegiodls",
)
_UPSIDE_DOWN = str.maketrans("undpbq", "nupdqb")
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[A-Za-z]{5,}")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


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
    if (bare := _bare(shown)) != shown:
        yield bare
        yield bare[::-1].translate(_UPSIDE_DOWN)
    if _MIXED.search(shown):
        yield _MIXED.sub(lambda word: word.group().translate(_LEET), shown)
    if _SPACED.search(shown):
        yield _SPACED.sub(lambda letters: re.sub(r"[ .·_-]", "", letters.group()), shown)
        yield re.sub(r"(?<=\w)[ .·_-](?=\w(?!\w))", "", shown)
    if "%20" in text:
        yield plain(unquote(text))
    yield from _respelt(bare)
    turned = (codecs.encode(shown, "rot13"), shown[::-1])
    yield from (reading for reading in turned if _LEGIBLE.search(reading))
    if not _LEGIBLE.search(shown):
        yield from (reading for reading in _shifted(shown) if _TELLING.search(reading))


def _bare(text: str) -> str:
    """Without accents and marks on the letters, and the letters of other styles as plain ones."""
    if text.isascii():
        return text
    marked = unicodedata.normalize("NFKD", text)
    return "".join(c for c in marked if not unicodedata.combining(c)).translate(_STYLED)


def _respelt(text: str) -> Iterator[str]:
    """With the words set apart that are joined or cut to pieces, and misspelt ones mended."""
    places = [n for n, character in enumerate(text) if character.isalpha()]
    letters = "".join(text[n] for n in places)
    for found in _JOINED.finditer(letters) if _TELLING.search(letters) else ():
        start, end = places[found.start()], places[found.end() - 1] + 1
        apart = _KEY.findall(found.group())
        if [word.strip(_MARKS) for word in text[start:end].split()] != apart:
            yield f"{text[:start]}{' '.join(apart)}{text[end:]}"
    mended = _WORD.sub(lambda word: _MISSPELT.get(_signature(word.group()), word.group()), text)
    if mended.lower() != text.lower():
        yield mended


def _signature(word: str) -> tuple[str, ...]:
    lower = word.lower()
    return (lower[0], lower[-1], *sorted(lower))


def _shifted(text: str) -> Iterator[str]:
    """In the other alphabets that are this one moved on, and with each word turned round."""
    for shift in range(1, 26):
        moved = _ALPHABET[shift:] + _ALPHABET[:shift]
        yield text.lower().translate(str.maketrans(_ALPHABET, moved))
    yield " ".join(word[::-1] for word in text.split())


def encoded(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Spans of encoded text or tag characters that decode to prose, with that prose."""
    for pattern, decode in (
        (_BASE64, _base64),
        (_BASE32, _base32),
        (_HEXADECIMAL, _hexadecimal),
        (_NUMBERS, _numbers),
        (_ESCAPES, _escapes),
        (_TAGS, _tags),
    ):
        for match in pattern.finditer(text):
            prose = decode(match.group())
            if prose and _PROSE.search(prose):
                yield match.span(), prose


def comments(text: str) -> Iterator[tuple[int, int]]:
    """Spans of HTML comments; one that never closes runs to the end."""
    return (match.span() for match in _COMMENT.finditer(text))


def _base64(token: str, again: int = 2) -> str:
    """What the token says, also where it was encoded twice or holds UTF-16."""
    standard = re.sub(r"[\s=]", "", token).replace("-", "+").replace("_", "/")
    try:
        octets = base64.b64decode(standard + "=" * (-len(standard) % 4))
    except binascii.Error:
        return ""
    said = _decoded(octets)
    return _base64(said, again - 1) if again and _BASE64.fullmatch(said) else said


def _base32(token: str) -> str:
    bare = token.rstrip("=")
    try:
        return _decoded(base64.b32decode(bare + "=" * (-len(bare) % 8)))
    except binascii.Error:
        return ""


def _decoded(octets: bytes) -> str:
    encoding = "utf-16-le" if octets[1:2] == b"\0" else "utf-8"
    try:
        return octets.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _numbers(token: str) -> str:
    """Codes of characters, in decimals or in bits."""
    codes = re.findall(r"\d+", token)
    return "".join(chr(int(code, 2 if len(code) == 8 else 10)) for code in codes)


def _escapes(token: str) -> str:
    return "".join(chr(int(code, 16)) for code in re.findall(r"[0-9a-fA-F]{2,4}", token))


def _hexadecimal(token: str) -> str:
    try:
        return bytes.fromhex(re.sub(r"[ :]", "", token)).decode("utf-8")
    except ValueError:
        return ""


def _tags(token: str) -> str:
    return "".join(chr(ord(character) - 0xE0000) for character in token)
