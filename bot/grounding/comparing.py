"""Whether two sentences can be held against each other at all: both report, and of the same thing.

Captions, headings, a claim that the article looks into, and "another veteran" are left alone. The
module looks at the sentences as wholes; what they say is for `substitutions`.
"""

from __future__ import annotations

import re

from bot.grounding.alignment import is_same
from bot.grounding.language import Reading
from bot.grounding.pairing import Pair
from bot.grounding.syntax import subject_of

_SOMEBODY = frozenset({"he", "she", "they", "i", "we", "you"})
_POINTING = re.compile(
    r"\b(?:this|these|the) (?:image|picture|photo(?:s|graphs?)?|map|chart|graph|video|table)\b"
)
_HEADING = re.compile(r":[^.!?]*[^.!?\s\"'”’)]\s*$")
_INDEFINITE = frozenset({"a", "an", "one", "another", "some", "other", "many", "any"})
_VERBS = frozenset({"VERB", "AUX"})
_CREDIT = re.compile(
    r"^[A-Z][^.!?]{2,60}/(?:Getty|AP|AFP|Reuters|Corbis|Shutterstock|Alamy|EPA|Bloomberg)\b"
)
_QUOTED_CLAIM = re.compile(
    r"^(?:the |our )?(?:claim|verdict|rating|fact check|more)\s?:", re.IGNORECASE
)


def are_comparable(pair: Pair) -> bool:
    """Both are sentences with a verb, and it is known that they speak of the same."""
    if not all(any(w.part in _VERBS for w in r.words) for r in (pair.short, pair.long)):
        return False
    if _HEADING.search(pair.short.text) and _HEADING.search(pair.long.text):
        return False
    if any(_is_no_report(reading.text) for reading in (pair.short, pair.long)):
        return False
    if pair.short.text.endswith(":") or pair.long.text.endswith(":"):
        return False  # it leads to something else
    if _POINTING.search(pair.short.text.lower()) or _POINTING.search(pair.long.text.lower()):
        return False  # a caption speaks of what it stands beside
    subjects = [subject_of(pair.short), subject_of(pair.long)]
    if any(_is_anybody(reading, pair) for reading in (pair.short, pair.long)):
        return False
    if all(subject is not None and subject.lower in _SOMEBODY for subject in subjects):
        return any(pair.short.words[index].entity == "PERSON" for index in pair.own)
    return True


def _is_no_report(text: str) -> bool:
    """Whether it is a photograph's caption, or a claim that the article looks into."""
    return bool(_CREDIT.match(text) or _QUOTED_CLAIM.match(text))


def _is_anybody(reading: Reading, pair: Pair) -> bool:
    """Whether the subject is "another veteran", or "one veteran" and not the other's subject."""
    subject = subject_of(reading)
    if subject is None or subject.part == "PRON":
        return False
    near = {word.lower for word in reading.children(subject.index)}
    if near & {"another", "other"}:
        return True
    other = subject_of(pair.long if reading is pair.short else pair.short)
    return bool(near & _INDEFINITE) and (other is None or not is_same(subject, other))
