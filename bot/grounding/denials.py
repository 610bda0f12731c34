"""Whether a sentence denies what a word says: "did not sign", "failed to sign", "without signing".

The module reads one parsed sentence; comparing two is for `assertions`.
"""

from __future__ import annotations

from bot.grounding.language import NEGATIONS, Reading, Word

_NEAR = 5  # words between a negation and what it negates
_FAILURES = frozenset(("fail", "refuse", "decline", "deny", "avoid", "prevent", "stop", "yet"))
_CARRIERS = frozenset(("be", "expect", "plan", "seem", "appear", "able", "likely", "allow", "have",
    "mean", "intend"))  # fmt: skip
_AVERSE = frozenset(("without", "against"))
_WITHIN = frozenset(("amod", "dobj", "attr", "acomp", "pobj", "prep", "advmod", "compound"))
_SCOPE = 3  # steps from a word to the verb that is negated


def is_negated(reading: Reading, word: Word, depth: int = 0) -> bool:
    """Whether a negation stands on the word, its auxiliary, its subject or its object."""
    if any(_negates(near, word) for near in _around(reading, word)):
        return True
    head = reading.words[word.head]
    if depth or head.index == word.index:
        return False
    if word.relation == "pcomp" and head.lower in _AVERSE:
        return True
    if any(near.lower in _FAILURES for near in reading.words[max(0, word.index - 3) : word.index]):
        return True
    if word.relation in ("xcomp", "acomp", "attr"):
        carried = head.lemma in _CARRIERS and is_negated(reading, head, depth + 1)
        return carried or _fails(head, word)
    return False


def is_in_denial(reading: Reading, word: Word) -> bool:
    """Whether the word or what it belongs to is negated: "adequate" in "no adequate progress"."""
    for _ in range(_SCOPE):
        if is_negated(reading, word):
            return True
        if word.relation not in _WITHIN:
            return False
        word = reading.words[word.head]
    return is_negated(reading, word)


def _around(reading: Reading, word: Word) -> list[Word]:
    around = reading.children(word.index)
    nested = (near for near in around if near.part in ("NOUN", "PRON", "AUX"))
    return around + [child for near in nested for child in reading.children(near.index)]


def _negates(near: Word, word: Word) -> bool:
    """What is done without something is done all the same."""
    negation = near.lower in NEGATIONS and near.lower != "without"
    return negation and abs(near.index - word.index) <= _NEAR


def _fails(head: Word, word: Word) -> bool:
    """Whether a verb says that another did not happen; who stops to eat, eats."""
    if head.lemma == "stop":
        return word.lower.endswith("ing")
    return head.lemma in _FAILURES
