"""Who did what to whom, and in whose words: roles from the parse, active or passive, and quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from bot.grounding.alignment import Alignment, is_same
from bot.grounding.findings import Fact, Finding
from bot.grounding.language import Reading, Word, stem

LONG = 5  # words of a quotation that can be compared with what was said
KEPT = 0.6  # of them, in their order, that make it an altered quotation and not another one

_QUOTED = re.compile(r"[\"“]([^\"“”]{8,}?)[\"”]")


def compare_quotes(alignment: Alignment, whole: str) -> Iterator[Finding]:
    """The quotations of three words or more that no sentence has, or that another speaker says."""
    flat = _flat(whole)
    for quoted in _QUOTED.findall(alignment.claim.text):
        if len(quoted.split()) < 3:
            continue
        if _flat(quoted) not in flat:
            altered = any(_alters(quoted, reading) for reading in alignment.readings)
            yield Finding(Fact.QUOTE, f"no sentence has the words “{quoted}”", altered)
        else:
            yield from _other_speaker(alignment, quoted)


def _alters(quoted: str, reading: Reading) -> bool:
    """Whether a quotation is the sentence's words in their order, but for a few other words."""
    told, said = _flat(quoted).split(), _flat(reading.text).split()
    matcher = SequenceMatcher(None, told, said, autojunk=False)
    kept = sum(block.size for block in matcher.get_matching_blocks())
    others = [word for word in told if stem(word) not in {stem(one) for one in said}]
    return len(told) >= LONG and kept >= KEPT * len(told) and any(len(word) > 3 for word in others)


def _other_speaker(alignment: Alignment, quoted: str) -> Iterator[Finding]:
    claimed = _speakers(alignment.claim)
    for reading in alignment.readings:
        said = _speakers(reading)
        if _flat(quoted) in _flat(reading.text) and claimed and said:
            if not any(is_same(one, other) for one in claimed for other in said):
                reason = f"in the article {said[-1].text} says it, not {claimed[-1].text}"
                yield Finding(Fact.QUOTE, reason, True)
            return


def _speakers(reading: Reading) -> list[Word]:
    """The names that are subjects of verbs of saying, with all of their parts."""
    subjects = [
        word
        for word in reading.words
        if word.relation == "nsubj"
        and word.part == "PROPN"
        and reading.words[word.head].lemma in _SAYING
    ]
    return [part for word in subjects for part in [*reading.children(word.index), word]]


_SAYING = frozenset(("say", "tell", "add", "write", "warn", "claim", "announce", "tweet", "ask"))


def compare_roles(alignment: Alignment) -> Iterator[Finding]:
    """The verbs whose subject and object have changed places."""
    for match in alignment.matches:
        if match.word.part != "VERB" or match.own is None or match.own.rank > 1:
            continue
        reading = alignment.readings[match.own.rank]
        who, whom = _participants(alignment.claim, match.word)
        by, to = _participants(reading, match.own.word)
        if _meet(who, to) and _meet(whom, by) and not _meet(who, by):
            verb = match.word.text
            reason = f"in the article {by[0].text} {verb} {to[0].text}, not the other way round"
            yield Finding(Fact.ROLE, reason, True, match.word.index)


def _participants(reading: Reading, verb: Word) -> tuple[list[Word], list[Word]]:
    """Who does it and to whom, by heads, whether active or passive."""
    who: list[Word] = []
    whom: list[Word] = []
    for child in reading.children(verb.index):
        if child.relation == "nsubj":
            who.append(child)
        elif child.relation in ("dobj", "dative", "nsubjpass"):
            whom.append(child)
        elif child.relation == "npadvmod" and child.part == "PROPN":
            whom.append(child)  # "beat Norway 3-1": the parser takes the score for the object
        elif child.relation == "agent":
            who += [noun for noun in reading.children(child.index) if noun.relation == "pobj"]
        elif child.relation == "prep" and child.lower in ("to", "against", "from"):
            whom += [noun for noun in reading.children(child.index) if noun.relation == "pobj"]
    return who, whom


def _meet(some: list[Word], others: list[Word]) -> bool:
    return any(is_same(one, other) for one in some for other in others if one.part != "PRON")


def _flat(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", text.lower())) + " "
