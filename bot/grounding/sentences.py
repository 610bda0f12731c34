"""Splits a text into sentences that know where they stand: `text[start:end] == sentence.text`.

Boundaries come from nupunkt (Punkt, Kiss and Strunk 2006) within lines, since a headline, a caption
or a bullet ends with its line and not with a full stop. Lines that were only wrapped to a width are
read as one. A "sentence" longer than `LONGEST` characters is cut at a clause.

This module knows nothing about articles or languages beyond where a sentence ends; text without
any letter or digit (rules, rows of stars) is no sentence and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise
from threading import Lock
from typing import Any

from bot.entities import Sentence

LONGEST = 1_000  # characters; what is longer is a table or a text without punctuation
_CACHED = 100_000  # characters; articles are shorter, and a book need not be remembered

Span = tuple[int, int]

_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(r"(?:[-*•·▪–]|#{1,6}|>|\d{1,2}[.)])\s+(?=\S)")  # of a list, heading or quote
_INNER_END = re.compile(r"[.?!…][^\w\s]{0,8}\s")  # without one, nupunkt need not be asked
_FURTHER_END = re.compile(  # ideographic ones, and "He said no. Others": to nupunkt a "No. 5"
    r"""(?<=[。！？])[”」』）]*(?=[^”」』）])|(?<=\bno\.)[”’"']?(?=\s+[^\W\d_])"""
)
_MANY_MARKS = re.compile(r"(?:[?!]\s?){16}")  # nupunkt takes quadratic time for such rows
_CLAUSE_ENDS = (re.compile(r"[;:—–]\s+|\.{3}\s*"), re.compile(r",\s+"), re.compile(r"\s+"))
_WORD = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*")
_loading = Lock()

# nupunkt found its abbreviations in scanned papers of the law, where words at a line's end ("week",
# "life", "Poland", "York") looked like some, so that it ends no sentence there. These are English.
_ABBREVIATIONS = frozenset(
    """mr mrs ms mx dr drs prof profs hon rev fr sr jr jnr snr st ste messrs mme mlle esq
    gen lt lieut col maj capt cmdr comdr cpl cpt sgt sgts adm brig pvt pfc ret insp supt det
    gov govs sen sens rep reps pres sec amb atty att ald rt
    inc corp co cos ltd plc bros assn assoc dept univ inst mfg natl intl govt admin
    jan feb mar apr jun jul aug sep sept oct nov dec
    mon tue tues wed thu thur thurs fri sat sun
    ala ariz ark calif colo conn fla ga ind kan kans ky la md mass mich minn miss mo mont
    neb nebr nev okla oreg pa penn tenn tex va vt wis wisc wyo ont que
    ave blvd rd hwy sq apt bldg ft mt lb lbs oz yr yrs hrs mph tel ext
    vs v etc al est no nos vol vols pp ed eds fig figs approx ca cf viz ibid op cit""".split()
)
_INITIALS = re.compile(r"[a-z]|(?:[a-z]{1,2}\.)+[a-z]{1,2}")  # as in "J. Smith", "a.m.", "Ph.D."


def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of `text` in order, without whitespace at their edges or overlaps."""
    return _split_once(text) if len(text) <= _CACHED else _split(text)


def words(text: str) -> tuple[str, ...]:
    """The words and numbers of `text`, in lower case: "U.S. aid of $3.5m" -> u.s, aid, of, 3.5m."""
    return tuple(word.group() for word in _WORD.finditer(text.casefold()))


def _split(text: str) -> tuple[Sentence, ...]:
    spans = (span for line in _lines(text) for span in _sentences(text, *line))
    return tuple(Sentence(start, end, text[start:end]) for start, end in spans)


_split_once = lru_cache(maxsize=256)(_split)


@cache
def _load() -> Any:
    import nupunkt

    segmenter = nupunkt.segmenter("sentence")
    for found in segmenter.abbreviations - _ABBREVIATIONS:
        if not _INITIALS.fullmatch(found):
            segmenter.remove_abbreviation(found)
    segmenter.add_abbreviations(_ABBREVIATIONS)
    return segmenter


def _segmenter() -> Any:
    with _loading:
        return _load()


def _lines(text: str) -> Iterator[Span]:
    """Spans of text that no sentence crosses: paragraphs of wrapped text, else lines."""
    lines = [match.span() for match in _LINE.finditer(text) if not match.group().isspace()]
    width = max((end - start for start, end in lines), default=0)
    if not 40 <= width <= 100 or not _is_wrapped(text, lines, width):
        yield from lines
        return
    start, end = lines[0]
    for following in lines[1:]:
        if not _wraps(text, (start, end), following, width):
            yield start, end
            start = following[0]
        end = following[1]
    yield start, end


def _is_wrapped(text: str, lines: list[Span], width: int) -> bool:
    """Whether most lines end where the next word would not have fitted."""
    pairs = [
        (line, following)
        for line, following in pairwise(lines)
        if not _BLANK.search(text, line[1] - 1, following[0] + 1)
    ]
    wrapped = sum(_wraps(text, line, following, width) for line, following in pairs)
    return len(pairs) >= 3 and wrapped >= 0.8 * len(pairs)


def _wraps(text: str, line: Span, following: Span, width: int) -> bool:
    if _BLANK.search(text, line[1] - 1, following[0] + 1):
        return False
    start = max(line[0], text.rfind("\n", line[0], line[1]) + 1)  # of the last line taken so far
    first = text[slice(*following)].split(maxsplit=1)[0]
    return line[1] - start + 1 + len(first) > width and not _MARKER.match(text, following[0])


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    for piece_start, piece_end in _pieces(text, start, end):
        if not _INNER_END.search(text, piece_start, piece_end):
            yield from _tidy(text, piece_start, piece_end)
            continue
        piece = text[piece_start:piece_end]
        for first, last in _segmenter().spans(piece, paragraph_breaks=False):
            yield from _tidy(text, piece_start + first, piece_start + last)


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    for marks in _MANY_MARKS.finditer(text, start, end):
        yield start, marks.end()
        start = marks.end()
    yield start, end


def _tidy(text: str, start: int, end: int) -> Iterator[Span]:
    """What nupunkt found, split where it would not, cut to length, its edges trimmed."""
    stops = [stop.end() for stop in _FURTHER_END.finditer(text, start, end)]
    for first, last in zip([start, *stops], [*stops, end], strict=True):
        for clause in _clauses(text, first, last):
            first_letter, last_letter = _trim(text, *clause)
            if _WORD.search(text, first_letter, last_letter):
                yield first_letter, last_letter


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    while end - start > LONGEST:
        cut = _last_clause_end(text, start + LONGEST // 2, start + LONGEST)
        yield start, cut
        start = cut
    yield start, end


def _last_clause_end(text: str, start: int, end: int) -> int:
    for ending in _CLAUSE_ENDS:
        if ends := [match.end() for match in ending.finditer(text, start, end)]:
            return ends[-1]
    return end


def _trim(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    marker = _MARKER.match(text, start, end)
    return (marker.end(), end) if marker else (start, end)
