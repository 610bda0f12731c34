"""Whom "he" or "she" stands for in a sentence, by the sentence before it.

A claim names whom its article calls "he" two lines later: "Kim arrived by train" is carried by "He
arrived by train" after a sentence on Kim. So a pronoun takes the place of a name where the choice
is plain: no other person is named in its sentence, and the one before has one person as its
subject. Who "they" and "it" are is left open.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.grounding.language import Reading, Word
from bot.grounding.syntax import subject_of

_PERSON = frozenset({"he", "she", "his", "him", "her"})


def has_pronoun(text: str) -> bool:
    """Whether there is anything to resolve; it costs no parsing."""
    return not _PERSON.isdisjoint(re.findall(r"[a-z]+", text.lower()))


def resolve(reading: Reading, before: Reading, claim: Reading) -> Reading:
    """The reading with the name in place of its pronouns; the same where the choice is not plain.

    The same too where the claim has such a pronoun itself, and so may be meant for this sentence.
    Of a name of several words it is the one by which the claim calls the person, else the last.
    Offsets and relations stay those of the pronoun.
    """
    pronouns = [word for word in reading.words if word.lower in _PERSON]
    name = _person(before, {word.lower for word in claim.words})
    if any(word.lower in _PERSON for word in claim.words):
        return reading
    if not pronouns or name is None or any(kind == "PERSON" for _, _, kind in reading.names):
        return reading
    if len({_gender(word) for word in pronouns}) > 1:
        return reading
    words, vectors = list(reading.words), reading.vectors.copy()
    for word in pronouns:
        words[word.index] = _named(word, name)
        vectors[word.index] = before.vectors[name.index]
    return replace(reading, words=tuple(words), vectors=vectors)


def _person(reading: Reading, wanted: set[str]) -> Word | None:
    """The person whom a sentence is about: its subject, and the only person that it names."""
    subject = subject_of(reading)
    people = [span for span in reading.names if span[2] == "PERSON"]
    if subject is None or len(people) != 1 or subject.part != "PROPN":
        return None
    first, past, _ = people[0]
    if not first <= subject.index < past:
        return None
    return next((w for w in reading.words[first:past] if w.lower in wanted), subject)


def _gender(word: Word) -> str:
    return "she" if word.lower in ("she", "her") else "he"


def _named(pronoun: Word, name: Word) -> Word:
    return replace(
        pronoun,
        lower=name.lower,
        lemma=name.lemma,
        stem=name.stem,
        part=name.part,
        entity=name.entity,
        content=True,
    )
