"""Numbers as news text writes them: digits and words, scales, ranges, currencies, approximations.

`find(text)` gives every quantity with its span; `agrees(claim, source)` says whether a source that
states one quantity carries a claim that states the other. 12,000 is 12 thousand, a dozen is 12, a
third is not 33 per cent but within its rounding, and 3 percentage points are not 3 per cent.

Dates and years are quantities here too, of unit "": `dates` knows better what they mean. Nothing
here knows about sentences, models or articles.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7,
    "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
}  # fmt: skip
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "mn": 1e6, "m": 1e6,
    "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_WORDS = _UNITS | _TENS | {"dozen": 12, "half": 0.5}
_FRACTIONS = {"half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_CURRENCIES = {"$": "dollar", "£": "pound", "€": "euro", "¥": "yen", "₹": "rupee"}
_CURRENCY_WORDS = {
    "dollar": "dollar", "usd": "dollar", "pound": "pound", "gbp": "pound", "euro": "euro",
    "eur": "euro", "yen": "yen", "yuan": "yuan", "rupee": "rupee", "rouble": "rouble",
    "ruble": "rouble", "won": "won",
}  # fmt: skip
_ABOUT = {"about", "around", "roughly", "approximately", "some", "nearly", "almost", "circa"}
_MORE = {"over", "above", "exceeding", "least", "minimum"}
_LESS = {"under", "below", "most", "maximum"}

_WORD = "|".join(sorted([*_UNITS, *_TENS], key=len, reverse=True))
_SCALE = r"hundred|thousand|million|billion|trillion"
_QUANTITY = re.compile(
    rf"""(?<![\w.])
    (?P<currency>(?:US|A|C|HK|NZ)?[$£€¥₹])?\s?
    (?:
        (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
        (?:\s?(?:-|–|to)\s?[$£€¥₹]?(?P<upper>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![-/:]))?
        (?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?(?P<scale>{_SCALE}|bn|mn|tn|m|k|b)s?\b)?
        (?!\d|s\b)
      | (?P<fraction>(?:a|one|two|three)[ -](?:half|third|quarter|fifth|sixth|eighth|tenth)s?)\b
      | (?P<words>(?:{_WORD}|an?(?=\s(?:dozen|{_SCALE})\b))
          (?:(?:[\s-]|\sand\s)(?:{_WORD}|dozen|{_SCALE})\b)*)\b(?!-to-)
      | (?P<nth>{"|".join(_ORDINALS)})\b
      | (?P<plain>dozens?|half)\b
    )
    (?:\s?(?P<percent>%|per\s?cent(?:age\spoints?)?|percentage\spoints?|pc\b|pp\b))?
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its span, from `low` to `high` (the same unless a range).

    `unit` is "percent", "percentage point", a currency, "ordinal" or ""; `bound` is "about",
    "more", "less" or "" (exactly so).
    """

    start: int
    end: int
    text: str
    low: float
    high: float
    unit: str = ""
    bound: str = ""


@lru_cache(512)
def find(text: str) -> tuple[Quantity, ...]:
    """Every quantity of the text, in order."""
    return tuple(
        quantity
        for match in _QUANTITY.finditer(text)
        if (quantity := _read(match, text)) is not None
    )


def agrees(claim: Quantity, source: Quantity) -> bool:
    """Whether a source with one quantity carries a claim with the other.

    An exact claim needs the same number. "About", or a number with a scale word ("1.2 million"),
    may be a twentieth off where it is rounder than the source's; "more than" needs a larger number.
    """
    if not _same_unit(claim.unit, source.unit):
        return False
    if claim.bound == "more" and source.bound != "less":
        least = claim.low if source.bound == "more" else math.nextafter(claim.low, math.inf)
        return least <= source.low <= max(claim.low * 1.25, claim.low + 1)
    if claim.bound == "less" and source.bound != "more":
        most = claim.high if source.bound == "less" else math.nextafter(claim.high, -math.inf)
        return claim.high * 0.75 <= source.high <= most
    if claim.low == source.low and claim.high == source.high:
        return claim.bound in ("", "about") or claim.bound == source.bound
    if claim.bound in ("more", "less"):
        return False
    if (claim.bound == "about" or _is_scaled(claim)) and _digits(claim) <= _digits(source):
        return _is_near(claim.low, source.low) and _is_near(claim.high, source.high)
    return source.low <= claim.low and claim.high <= source.high and source.low != source.high


def _is_near(one: float, other: float) -> bool:
    return abs(one - other) <= 0.05 * max(abs(one), abs(other))


def _is_scaled(quantity: Quantity) -> bool:
    """Whether the number is written with a scale word, as rounded numbers are."""
    return quantity.low >= 1e4 and bool(re.search(r"[a-z]", quantity.text.lower()))


def _digits(quantity: Quantity) -> int:
    """How many significant digits the number has."""
    return len(f"{quantity.low:.10g}".replace(".", "").strip("0"))


def _same_unit(claim: str, source: str) -> bool:
    return claim in ("", source)


def _read(match: re.Match[str], text: str) -> Quantity | None:
    span = _span(match)
    numbers = _numbers(match)
    if numbers is None:
        return None
    low, high = numbers
    surface = text[span[0] : span[1]]
    return Quantity(*span, surface, low, high, _unit(match, text), _bound(text, span[0]))


def _span(match: re.Match[str]) -> tuple[int, int]:
    surface = match.group()
    start = match.start() + len(surface) - len(surface.lstrip())
    return start, match.end() - (len(surface) - len(surface.rstrip()))


def _numbers(match: re.Match[str]) -> tuple[float, float] | None:
    if match["digits"]:
        scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
        low = float(match["digits"].replace(",", "")) * scale
        high = float(match["upper"].replace(",", "")) * scale if match["upper"] else low
        return (low, high) if high >= low else (low, low)
    if match["fraction"]:
        count, part = re.split(r"[ -]", match["fraction"].lower())
        value = _UNITS.get(count, 1) / _FRACTIONS[part.rstrip("s") if part != "half" else part]
        return value, value
    if match["nth"]:
        return (float(_ORDINALS[match["nth"].lower()]),) * 2
    if match["words"]:
        return (_spelled(match["words"].lower()),) * 2
    return {"dozens": (24.0, 99.0), "dozen": (12.0, 12.0)}.get(match["plain"].lower(), (0.5, 0.5))


def _spelled(words: str) -> float:
    """The value of "two hundred and fifty thousand"."""
    total = current = 0.0
    for word in re.split(r"[\s-]+", words):
        if word in ("a", "an"):
            current = 1
        elif word == "hundred" or word == "dozen":
            current = max(current, 1) * (100 if word == "hundred" else 12)
        elif word in _SCALES:
            total, current = total + max(current, 1) * _SCALES[word], 0
        else:
            current += _WORDS.get(word, 0)
    return total + current


def _unit(match: re.Match[str], text: str) -> str:
    percent = (match["percent"] or "").lower()
    if percent:
        return "percentage point" if "point" in percent or percent == "pp" else "percent"
    if match["currency"]:
        return _CURRENCIES[match["currency"][-1]]
    if match["ordinal"] or match["nth"]:
        return "ordinal"
    following = re.match(r"[\s-]*(?:US|Australian|Canadian)?\s*([A-Za-z]+)", text[match.end() :])
    word = following.group(1).lower().removesuffix("s") if following else ""
    return _CURRENCY_WORDS.get(word, "")


def _bound(text: str, start: int) -> str:
    before = re.findall(r"[a-z']+", text[max(0, start - 24) : start].lower())[-2:]
    if before[-1:] == ["than"] and len(before) == 2:
        return "less" if before[0] in ("less", "fewer", "lower") else "more"
    last = before[-1] if before else ""
    if last in _ABOUT:
        return "about"
    if last in _MORE:
        return "more"
    if last in _LESS:
        return "less" if last != "most" or before[0] == "at" else ""
    return "more" if before == ["up", "from"] else ""
