"""The sentences of passages that an extractive writer may choose from, with where they stand.

This module knows nothing about what they are chosen for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.entities import Passage, Sentence
from bot.grounding.sentences import split

_AGENCY = (
    r"(?:CNN(?:\ [A-Z]\w+)?|AP|AFP|ANI|ANSA|Bloomberg|dpa|DPA|IANS|PA|Reuters|TASS|UPI|Xinhua)"
)
# "LIMA, Peru (AP) — ", "CANBERRA - ", "(CNN) ", "Kyiv, Ukraine (CNN) ", "New York CNN Business — ";
# a photograph's "FILE - " opens no story
_DATELINE = re.compile(
    rf"""(?!FILE\b|TOPSHOT\b|UPDATE\b)
    (?: [A-Z][\w.'’/-]* (?: ,?[ ][A-Z][\w.'’/-]* ){{0,4}}?
        (?: [ ] \({_AGENCY}\) (?: \s+ (?:[—–]|--?) )? \s+ | [ ] {_AGENCY} \s+ [—–] \s+ )
      | (?: [A-Z][A-Z.'’-]*[A-Z.] (?:[ -][A-Z][A-Z.'’-]*){{0,3}}
                   (?: ,[ ] [A-Z][\w.]* (?:[ ]\w[\w.]*){{0,2}} ){{0,2}} )
        (?: [ ]* \([A-Z][^()]{{1,30}}\) )? \s+ (?:[—–]|--?) \s+
      | \([A-Z]{{2,9}}\) (?: \s+ (?:[—–]|--?) )? \s+ )
    (?=["“‘'A-Z0-9])""",
    re.VERBOSE,
)
_OPENING = 3  # sentences of a passage among which its dateline may stand


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage. `sentence` counts from the passage's start, as does `place`.

    `place` is its number among the passage's sentences, from 0.
    """

    passage: Passage
    sentence: Sentence
    place: int

    @property
    def text(self) -> str:
        """The sentence verbatim."""
        return self.sentence.text

    @property
    def position(self) -> tuple[str, int, int]:
        """The article, its revision, and where the sentence starts in its text."""
        article = self.passage.article
        return article.id, article.revision, self.passage.start + self.sentence.start


def gather(
    passages: Iterable[Passage], allowed: Callable[[Sentence], bool]
) -> tuple[Candidate, ...]:
    """Every allowed sentence once, though passages may overlap, in the order of the passages."""
    found: dict[tuple[str, int, int], Candidate] = {}
    for passage in passages:
        for place, sentence in enumerate(split(passage.text)):
            said = _without_dateline(sentence) if place < _OPENING else sentence
            candidate = Candidate(passage, said, place)
            if allowed(sentence):
                found.setdefault(candidate.position, candidate)
    return tuple(found.values())


def _without_dateline(sentence: Sentence) -> Sentence:
    """The sentence proper, where a place or an agency stands before it."""
    found = _DATELINE.match(sentence.text)
    if found is None:
        return sentence
    return Sentence(sentence.start + found.end(), sentence.end, sentence.text[found.end() :])
