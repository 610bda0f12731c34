"""How two words of a claim hang together, and whether they do so in the evidence too.

A summary can use only words of its article and still be wrong when it joins them anew: the merger
of two sentences, one man's deed told of another. So each dependency between content words of the
claim is looked for among the evidence's word pairs, by contextual vectors and by distance in the
parse: a soft form of dependency arc entailment (Goyal and Durrett 2020).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.grounding.alignment import Alignment, is_same
from bot.grounding.language import Reading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FAR = 6.0  # steps; words of different sentences are as far apart
DETACHED = 5.0  # steps further apart than in the claim
STEP = 0.06  # what each step beyond the first costs of a cosine


@dataclass(frozen=True, slots=True)
class Links:
    """`support` has a value for each link: the cosine of its weaker word at the best place.

    `stretch` is how many steps further apart than in the claim the same two words stand, on
    average over the links whose words the evidence has. `detached` counts those by a preposition
    ("banks in Spain") that the evidence has nowhere so, although it has both words.
    """

    support: tuple[float, ...]
    stretch: float
    detached: int


def compare_links(alignment: Alignment) -> Links:
    """The links between the claim's matched words, beside the evidence's."""
    looked_for = {match.word.index for match in alignment.matches}
    pairs = [pair for pair in _pairs(alignment.claim) if looked_for.issuperset(pair)]
    extra = _stretches(pairs, alignment)
    return Links(
        tuple(_support(pair, alignment) for pair in pairs),
        sum(extra.values()) / len(extra) if extra else 0.0,
        sum(
            steps >= DETACHED and alignment.claim.words[one].relation == "pobj"
            for (one, _), steps in extra.items()
        ),
    )


def _pairs(reading: Reading) -> Iterator[tuple[int, int]]:
    """Each content word with the content word that governs it, function words passed over."""
    for word in reading.words:
        head = reading.words[word.head]
        for _ in range(4):
            if head.content or head.head == head.index:
                break
            head = reading.words[head.head]
        if word.content and head.content and head.index != word.index and word.part != "PRON":
            yield word.index, head.index


def _support(pair: tuple[int, int], alignment: Alignment) -> float:
    import numpy as np

    best = -1.0
    for reading in alignment.readings:
        if len(reading.words) < 2:
            continue
        first, second = (alignment.claim.vectors[index] @ reading.vectors.T for index in pair)
        both = np.minimum(first[:, None], second[None, :]) - _cost(reading)
        best = max(best, float(both.max()))
    return best


def _stretches(pairs: list[tuple[int, int]], alignment: Alignment) -> dict[tuple[int, int], float]:
    """How many steps further apart the words of each pair are than in the claim, where they are."""
    places, steps = _places(alignment), _steps(alignment.claim)
    return {
        (one, other): min(
            FAR,
            max(0.0, _apart(places[one], places[other], alignment) - float(steps[one, other])),
        )
        for one, other in pairs
        if one in places and other in places
    }


def _places(alignment: Alignment) -> dict[int, list[tuple[int, int]]]:
    """Where each content word of the claim stands in the evidence: every sentence and index."""
    places: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for match in alignment.matches:
        for rank, reading in enumerate(alignment.readings):
            for word in reading.words:
                if word.content and is_same(match.word, word):
                    places[match.word.index].append((rank, word.index))
    return places


def _apart(
    some: list[tuple[int, int]], others: list[tuple[int, int]], alignment: Alignment
) -> float:
    return min(
        (
            float(_steps(alignment.readings[rank])[one, other])
            for rank, one in some
            for its, other in others
            if rank == its and one != other
        ),
        default=FAR,
    )


@lru_cache(1024)
def _cost(reading: Reading) -> NDArray[np.float32]:
    """What a pair of words loses by its distance; a word is no pair with itself."""
    import numpy as np

    cost: NDArray[np.float32] = (STEP * np.maximum(0.0, _steps(reading) - 1)).astype(np.float32)
    np.fill_diagonal(cost, 2.0)
    return cost


@lru_cache(1024)
def _steps(reading: Reading) -> NDArray[np.float32]:
    """Steps between any two words along the parse; through a function word a step is half."""
    import numpy as np

    size = len(reading.words)
    steps = np.full((size, size), 9.0, dtype=np.float32)
    np.fill_diagonal(steps, 0.0)
    for word in reading.words:
        head = reading.words[word.head]
        if head.index != word.index:
            length = 1.0 if word.content and head.content else 0.5
            steps[word.index, head.index] = steps[head.index, word.index] = length
    for middle in range(size):
        np.minimum(steps, steps[:, middle, None] + steps[None, middle], out=steps)
    return steps
