"""Words that can stand for one another, from WordNet's synonym sets (Miller 1995).

`synonyms.txt` beside this module holds them. A word has many senses, and two words are synonyms
here when they are in any one of them.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from importlib import resources


def are_synonyms(word: str, other: str) -> bool:
    """Whether two lemmas share a sense."""
    groups = _groups()
    return not groups.get(word, _NONE).isdisjoint(groups.get(other, _NONE))


_NONE: frozenset[int] = frozenset()


@cache
def _groups() -> dict[str, frozenset[int]]:
    """The groups of each word, by their line numbers; read once (30 ms)."""
    text = resources.files(__package__).joinpath("synonyms.txt").read_text(encoding="utf-8")
    groups = defaultdict(set)
    for number, line in enumerate(text.splitlines()):
        for word in () if line.startswith("#") else line.split():
            groups[word].add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}
