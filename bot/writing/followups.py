"""Follow-up questions made to stand alone by rules, for a writer that has no model.

After "Why did Kim Jong Un visit Russia?", "When did he leave?" is searched for as "When did Kim
Jong Un leave?", and "What about sanctions?" as "What about sanctions? (Kim Jong Un, Russia)": a
name that the conversation is about takes a pronoun's place, or the names are added. The rules know
English pronouns and capital letters, not grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.writing.drafts import Turn

_BACKWARD = re.compile(  # what these stand for is named before them, in the question or earlier
    r"\b(he|she|they|him|her|them|his|hers|its|their|theirs)\b", re.IGNORECASE
)
_PERSON = re.compile(  # "her" owns what follows it, unless nothing or a small word does
    r"\b(?:he|she|him|his|hers|her(?P<owned>(?=\s+(?!to|at|in|on|for|with|and)\w+))?)\b",
    re.IGNORECASE,
)
_OUTWARD = re.compile(  # these point out of the question, whatever it names
    r"\b(it|(?:about|of|on|to|does|did|is|was|after|before|with|for|by)"
    r"\s+(?:this|that|these|those)"
    r"(?=\W*$|\s+(?:mean|happen|go|work|affect|change)\w*)"
    r"|the (?:two|former|latter|same|others?))\b"
    r"|\b(?:this|that|there|then)\W*$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(and|but|so|or|also|what about|how about|who else|what else|anything else"
    r"|tell me more|more|go on|really|are you sure|how come|since when|until when|by whom)\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b[A-Z][\w’'-]*\.?(?:\s+(?:(?:of|the|de|al|bin|von|van|for)\s+)*[A-Z][\w’'-]*)*"
)
_CONTENT = re.compile(r"[^\W_]{3,}")
_FUNCTION = frozenset(
    """who whom whose what which when where why how did does was were are the and but for with from
    about into has have had can could would should will may might been being also than that this
    its his her their they them she him our your you not any all more else tell give show say said
    there then these those happened happen""".split()
)
_MOST_NAMES = 4


def depends_on_history(question: str, history: Sequence[Turn]) -> bool:
    """Whether a question can only be understood from the turns before it."""
    if not history:
        return False
    if _OUTWARD.search(question) or _points_back(question):
        return True
    said = content(question)
    return len(said) < 2 or (bool(_OPENING.search(question)) and not names(question))


def _points_back(question: str) -> bool:
    """Whether a pronoun stands before any name that it could stand for."""
    pronoun = _BACKWARD.search(question)
    return pronoun is not None and not names(question[: pronoun.start()])


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question with the names that it leaves out; unchanged when it depends on nothing."""
    topic: list[str] = []
    for turn in history:
        topic = _topic(turn, topic)
    if not depends_on_history(question, history):
        return question
    said = {word.lower() for word in _CONTENT.findall(question)}
    carried = [name for name in topic if not said.issuperset(name.lower().split())]
    if not carried:
        return question
    person = _PERSON.search(question)
    if person and carried[0][0].isupper() and _points_back(question):
        return question[: person.start()] + _in_place(person, carried[0]) + question[person.end() :]
    return f"{question} ({', '.join(carried[:_MOST_NAMES])})"


def _in_place(pronoun: re.Match[str], name: str) -> str:
    """The name as the pronoun stood: "his" becomes "Kim's"."""
    owns = pronoun.group().lower() in ("his", "hers") or pronoun["owned"] is not None
    return f"{name}’s" if owns else name


def _topic(turn: Turn, before: Sequence[str]) -> list[str]:
    """What the conversation is about after a turn: its names, with those that it refers to."""
    own = names(turn.question)
    if before and (not own or depends_on_history(turn.question, [Turn(" ".join(before), "")])):
        return list(dict.fromkeys([*own, *before]))
    return own or names(turn.answer)[:1] or [" ".join(content(turn.question))]


def names(text: str) -> list[str]:
    """Runs of capitalised words that are not merely the first word of a sentence."""
    found = []
    for match in _NAME.finditer(text):
        words = match.group().split()
        if _begins_sentence(text, match.start()) and words[0].lower() in _STARTERS:
            words = words[1:]
        if words:
            found.append(" ".join(words).strip(".'’"))
    return list(dict.fromkeys(name for name in found if len(name) > 1))


_STARTERS = _FUNCTION | frozenset(
    "is do in on at of to a an it he if or so as by be we i no yes please after before during "
    "since while once because although though however according many some most two three".split()
)


def _begins_sentence(text: str, start: int) -> bool:
    return not text[:start].strip() or text[:start].rstrip()[-1] in ".?!:“\"'("


def content(question: str) -> list[str]:
    """The words that are not merely there for grammar."""
    return [word for word in _CONTENT.findall(question) if word.lower() not in _FUNCTION]
