"""Who does what to whom in a parsed sentence: subjects, objects, agents, what is said of a word.

Conjuncts and appositions count with their heads, relative clauses with what they belong to. The
module reads spaCy's English relations as `language` gives them; it knows nothing about facts.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.grounding.language import Reading, Word


def subjects(reading: Reading, verb: Word) -> list[Word]:
    """Who does it, or to whom it is done in the passive; also from a verb that leaves it out."""
    found = [w for w in reading.children(verb.index) if w.relation in ("nsubj", "nsubjpass")]
    if verb.relation == "relcl":
        named = [w for w in found if w.lower not in ("who", "which", "that")]
        return with_conjuncts(reading, named or [reading.words[verb.head]])
    if not found and verb.relation in ("conj", "xcomp", "advcl") and verb.head != verb.index:
        return subjects(reading, reading.words[verb.head])
    return with_conjuncts(reading, found)


def direct_objects(reading: Reading, verb: Word) -> list[Word]:
    """To whom or what a verb does it."""
    found = [w for w in reading.children(verb.index) if w.relation in ("dobj", "obj")]
    return with_conjuncts(reading, found)


def agents(reading: Reading, verb: Word) -> list[Word]:
    """Who does it in the passive: "by Putin"."""
    agents = [w for w in reading.children(verb.index) if w.lower == "by"]
    return [noun for agent in agents for noun in complements(reading, agent)]


def objects_of(reading: Reading, word: Word, prepositions: str) -> list[Word]:
    """The nouns after these prepositions on a word: "talks with Kim"."""
    wanted = prepositions.split()
    near = [w for w in reading.children(word.index) if w.lower in wanted]
    return [noun for preposition in near for noun in complements(reading, preposition)]


def complements(reading: Reading, preposition: Word) -> list[Word]:
    """The nouns after a preposition."""
    found = [w for w in reading.children(preposition.index) if w.relation == "pobj"]
    return with_conjuncts(reading, found)


def with_conjuncts(reading: Reading, words: Sequence[Word]) -> list[Word]:
    """Words with what is joined or apposed to them: "Kim and Putin"."""
    found = list(words)
    for word in words:
        found += [w for w in reading.children(word.index) if w.relation in ("conj", "appos")]
    return found
