"""Lays a claim's words beside the words of the sentences that may carry it.

`nearest` chooses those sentences: shared words weighted by how rare they are in the evidence, plus
the cosine of the sentences' vectors. `align` then finds, for each content word of the claim, the
same word in them, if it is there, and the word that is nearest in meaning in its context (greedy
matching of contextual token vectors, as BERTScore does: Zhang et al. 2020).

Nothing here decides whether a claim is supported.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.entities import Citation, Passage
from bot.grounding.antecedents import has_pronoun, resolve
from bot.grounding.language import FUNCTION_WORDS, NEGATIONS, Language, Reading, Word, stem
from bot.grounding.sentences import split

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

EMBEDDED = 80  # sentences whose vectors are compared; of longer evidence those sharing most words
NEAREST = 6  # sentences read word by word
TOLD = 0.5  # of the claim that a sentence must tell before it can contradict the rest
MOSTLY = 0.65  # of it, that leave no doubt which event the sentence tells


@dataclass(frozen=True, slots=True)
class Carrier:
    """A sentence of a passage that may carry a claim; offsets count in the article."""

    passage: Passage
    start: int
    end: int
    text: str

    @property
    def citation(self) -> Citation:
        """The sentence as a citation."""
        article = self.passage.article
        return Citation(article.id, article.revision, self.start, self.end, self.text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands in the evidence: the rank of the sentence and the word."""

    rank: int
    word: Word


@dataclass(frozen=True, slots=True)
class Match:
    """A content word of the claim: the same word in the evidence, and the nearest in meaning.

    Similarities are cosines of contextual vectors; `own` is None where no sentence has the word.
    """

    word: Word
    own: Place | None
    own_similarity: float
    near: Place
    similarity: float


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """A claim beside its nearest sentences, best first."""

    claim: Reading
    carriers: tuple[Carrier, ...]
    readings: tuple[Reading, ...]
    matches: tuple[Match, ...]
    cosines: tuple[float, ...]
    overlaps: tuple[float, ...]


def carriers(passages: Sequence[Passage]) -> tuple[Carrier, ...]:
    """The sentences of the passages, each once even where passages overlap."""
    found: dict[tuple[str, int, int], Carrier] = {}
    for passage in passages:
        for sentence in split(passage.text):
            start = passage.start + sentence.start
            carrier = Carrier(passage, start, passage.start + sentence.end, sentence.text)
            found.setdefault((passage.article.id, passage.article.revision, start), carrier)
    return tuple(found.values())


class Evidence:
    """Sentences to search for those nearest to a claim."""

    def __init__(self, sentences: Sequence[Carrier], language: Language) -> None:
        self.carriers = tuple(sentences)
        self._language = language
        self._stems = [_stems(carrier.text) for carrier in sentences]

    @cached_property
    def text(self) -> str:
        """All of the evidence's text, headlines too: what they name is named, though not cited."""
        titles = dict.fromkeys(carrier.passage.article.title for carrier in self.carriers)
        return "\n".join([*(carrier.text for carrier in self.carriers), *filter(None, titles)])

    def before(self, carrier: Carrier) -> Carrier | None:
        """The sentence before one, in the same article."""
        return self._before.get((carrier.passage.article.id, carrier.start))

    @cached_property
    def _before(self) -> dict[tuple[str, int], Carrier]:
        return {
            (later.passage.article.id, later.start): earlier
            for earlier, later in pairwise(self.carriers)
            if earlier.passage is later.passage
        }

    @cached_property
    def _weights(self) -> dict[str, float]:
        counts = Counter(word for stems in self._stems for word in stems)
        size = len(self._stems)
        return {word: math.log(1 + size / (1 + count)) for word, count in counts.items()}

    def nearest(self, text: str, k: int = NEAREST) -> list[tuple[Carrier, float, float]]:
        """The `k` sentences nearest to the text, each with its cosine and its share of words."""
        overlaps = self._overlaps(text)
        order = sorted(range(len(overlaps)), key=lambda n: -overlaps[n])[:EMBEDDED]
        vector = self._language.vector(text)
        scored = [
            (n, float(vector @ self._language.vector(self.carriers[n].text)), overlaps[n])
            for n in order
        ]
        scored.sort(key=lambda entry: -entry[1] - entry[2])
        return [(self.carriers[n], cosine, overlap) for n, cosine, overlap in scored[:k]]

    def _overlaps(self, text: str) -> list[float]:
        wanted = _stems(text)
        rare = math.log(1 + len(self._stems))
        total = sum(self._weights.get(word, rare) for word in wanted) or 1.0
        return [
            sum(self._weights[word] for word in stems & wanted) / total for stems in self._stems
        ]


def align(
    claim: Reading,
    chosen: Sequence[tuple[Carrier, float, float]],
    language: Language,
    evidence: Evidence | None = None,
) -> Alignment:
    """The claim beside the chosen sentences, word by word.

    Where the `evidence` that they were chosen from is given, "he" and "she" in them stand for whom
    the sentence before is about.
    """
    readings = tuple(_read(claim, carrier, language, evidence) for carrier, _, _ in chosen)
    return Alignment(
        claim,
        tuple(carrier for carrier, _, _ in chosen),
        readings,
        _matches(claim, readings),
        tuple(cosine for _, cosine, _ in chosen),
        tuple(overlap for _, _, overlap in chosen),
    )


def _read(
    claim: Reading, carrier: Carrier, language: Language, evidence: Evidence | None
) -> Reading:
    reading = language.read(carrier.text)
    before = evidence.before(carrier) if evidence and has_pronoun(carrier.text) else None
    return resolve(reading, language.read(before.text), claim) if before else reading


def _matches(claim: Reading, readings: Sequence[Reading]) -> tuple[Match, ...]:
    import numpy as np

    places = [Place(n, word) for n, reading in enumerate(readings) for word in reading.words]
    wanted = [word for word in claim.words if word.content]
    if not places or not wanted:
        return ()
    vectors = np.concatenate([reading.vectors for reading in readings])
    cosines = claim.vectors[[word.index for word in wanted]] @ vectors.T
    # function words are near to everything
    handicap = np.array([0.0 if place.word.content else -0.3 for place in places])
    return tuple(
        _match(word, places, row, handicap) for word, row in zip(wanted, cosines, strict=True)
    )


def _match(
    word: Word, places: Sequence[Place], cosines: NDArray[np.float32], handicap: NDArray[np.float64]
) -> Match:
    near = int((cosines + handicap).argmax())
    same = [n for n, place in enumerate(places) if is_same(word, place.word)]
    own = max(same, key=lambda n: cosines[n]) if same else None
    return Match(
        word,
        None if own is None else places[own],
        0.0 if own is None else float(cosines[own]),
        places[near],
        float(cosines[near]),
    )


def told(alignment: Alignment, rank: int, *apart_from: Word) -> float:
    """The share of the claim's content words that one sentence has, some of them set apart."""
    words = alignment.readings[rank].words
    telling = [
        match.word
        for match in alignment.matches
        if match.word.part != "PRON" and match.word not in apart_from
    ]
    said = sum(any(is_same(word, other) for other in words) for word in telling)
    return said / len(telling) if telling else 1.0


def is_same(word: Word, other: Word) -> bool:
    """Whether two words are forms of one; a negation is any other's."""
    if word.lower in NEGATIONS and other.lower in NEGATIONS:
        return True
    return word.lower == other.lower or word.lemma == other.lemma or word.stem == other.stem


def _stems(text: str) -> frozenset[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return frozenset(stem(word) for word in words if word not in FUNCTION_WORDS)
