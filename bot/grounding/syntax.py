"""Who does what to whom in a parsed sentence: subjects, objects, agents, what is said of a word.

Conjuncts and appositions count with their heads, relative clauses with what they belong to. The
module reads spaCy's English relations as `language` gives them; it knows nothing about facts.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.grounding.language import NEGATIONS, Reading, Word

_VERBS = frozenset({"VERB", "AUX"})
_IMAGINED = frozenset({"if", "whether", "unless", "would", "could", "may", "might", "should"})


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


def subject_of(reading: Reading) -> Word | None:
    """The subject of a sentence's main verb."""
    root = next((word for word in reading.words if word.relation == "ROOT"), None)
    near = reading.children(root.index) if root else []
    return next((word for word in near if word.relation in ("nsubj", "nsubjpass")), None)


def verb_above(reading: Reading, word: Word) -> Word | None:
    """The verb on which a word depends, over nouns and prepositions."""
    above = reading.words[word.head]
    while above.part not in _VERBS:
        if above.head == above.index:
            return None
        above = reading.words[above.head]
    return above


def anchors(reading: Reading, word: Word) -> list[Word]:
    """The words that a word is said of: what it modifies, or its subject and its objects."""
    head = reading.words[word.head]
    if word.relation in ("acomp", "attr", "oprd"):
        return [*arguments(reading, head), head]
    if word.part in ("VERB", "AUX"):
        return [*arguments(reading, word), *predicate(reading, word)]
    if word.relation == "pobj":
        return [reading.words[head.head]]
    if head.part == "AUX":
        return predicate(reading, head)
    return [head] if head.index != word.index else []


def predicate(reading: Reading, verb: Word) -> list[Word]:
    """What "was" says of its subject: "a teacher", "on a jog"."""
    near = reading.children(verb.index)
    nested = [
        noun for word in near if word.relation == "prep" for noun in reading.children(word.index)
    ]
    return [word for word in [*near, *nested] if word.relation in ("attr", "acomp", "pobj")]


def arguments(reading: Reading, verb: Word) -> list[Word]:
    """What a verb says something of: its subject, its objects, its complements."""
    wanted = ("nsubj", "nsubjpass", "dobj", "obj", "attr", "acomp")
    return [word for word in reading.children(verb.index) if word.relation in wanted]


def is_negated(reading: Reading, word: Word) -> bool:
    """Whether a negation stands on the word itself."""
    return any(child.lower in NEGATIONS for child in reading.children(word.index))


def is_imagined(reading: Reading, word: Word) -> bool:
    """Whether a word stands in a clause of "if", "whether" or "could"."""
    while True:
        near = reading.children(word.index)
        if any(w.relation in ("mark", "aux") and w.lower in _IMAGINED for w in near):
            return True
        if word.head == word.index:
            return False
        word = reading.words[word.head]
