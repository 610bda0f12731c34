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
_THING = re.compile(r"\b(?:it|its|they|them|their|theirs|this|that|these|those)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:(?:so|and|ok|okay|now|also|then|yes|thanks?)\W+)*(?:(?:can|could|would) you )?(?:please )?"
    r"(?:(?:tell me|let me know|i want to know|i'd like to know)(?: more| something)? about"
    r"|(?:give|show) me (?:\w+ )?(?:information|details|an overview|something) (?:on|about)"
    r"|describe|explain|define|what about|how about"
    r"|wh(?:at|o)(?:['’]s| is| are| was| were) (?=(?:the |an? )?[\w'’-]+(?: [\w'’-]+){0,7}\W*\Z))"
    r"\s*(?P<subject>\S.*)\Z",
    re.IGNORECASE | re.DOTALL,
)
_CUT = re.compile(
    r"[,;:()]|\b(?:and|or|in|on|at|for|that|which|who|when|where|why|how|with|without|to|from|than"
    r"|versus|vs|by|during|between|is|are|was|were|do|does|did|has|have)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"^(?:\w+ )?(?:best|main|others?|one|thing|differences?|reasons?|effects?|causes?|types?|kinds?"
    r"|ways?|examples?|symptoms?|news|this|that|these|those|here|there)$",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^\W*(and|but|so|or|also|what about|how about|who else|what else|anything else"
    r"|tell me more|more|go on|really|are you sure|how come|since when|until when|by whom)\b",
    re.IGNORECASE,
)
_CLARIFYING = re.compile(  # says the question before once more, in other words
    r"\W*(?:no\W+)?(?:i mean|i meant|i(?:['’]m| am) (?:referring|asking|talking)|that is|i\.e\.)\b",
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
_LONGEST_SUBJECT = 5  # words
_FEW = 2  # words that are no question by themselves
_LONGEST_CLARIFIED = 20  # words


def depends_on_history(question: str, history: Sequence[Turn]) -> bool:
    """Whether a question can only be understood from the turns before it."""
    if not history:
        return False
    if _OUTWARD.search(question) or _points_back(question):
        return True
    if _CLARIFYING.match(question):
        return True
    said = content(question)
    if names(question):
        return len(said) < 2
    return len(said) < 2 or len(question.split()) <= _FEW or bool(_OPENING.search(question))


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
    if _CLARIFYING.match(question):
        topic = [" ".join(history[-1].question.split()[:_LONGEST_CLARIFIED]).strip(" ?.!")]
    carried = [name for name in topic if not said.issuperset(name.lower().split())]
    if not carried:
        return question
    if pronoun := _pronoun_for(carried[0], question):
        return (
            question[: pronoun.start()] + _in_place(pronoun, carried[0]) + question[pronoun.end() :]
        )
    return f"{question.rstrip()} ({', '.join(carried[:_MOST_NAMES])})"


def _pronoun_for(name: str, question: str) -> re.Match[str] | None:
    """A person's pronoun that a name can take the place of.

    None where another name stands before it, which it may stand for. What takes the place of "it"
    is added in brackets instead, where it counts for less: put in its place it made unanswerable
    questions look answered (.731 of MT-RAG's right, in brackets .744).
    """
    is_person = name[0].isupper() and _points_back(question)
    return _PERSON.search(question) if is_person else None


def _in_place(pronoun: re.Match[str], name: str) -> str:
    """The name as the pronoun stood: "his" becomes "Kim's"."""
    owns = pronoun.group().lower() in ("his", "hers") or pronoun["owned"] is not None
    return f"{name}’s" if owns else name


def _topic(turn: Turn, before: Sequence[str]) -> list[str]:
    """What the conversation is about after a turn: its subject and names, with those before that it
    refers to."""
    subject = _subject(turn.question)
    own = [subject] if subject else []
    own += [name for name in names(turn.question) if name not in (subject or "")]
    if before and (not own or depends_on_history(turn.question, [Turn(" ".join(before), "")])):
        return list(dict.fromkeys([*own, *before]))
    return own or names(turn.answer)[:1] or [" ".join(content(turn.question))]


def _subject(question: str) -> str | None:
    """What a question says that it is about: "throat cancer" of "What is throat cancer?"."""
    match = _SUBJECT.match(question.strip())
    if match is None:
        return None
    phrase = _CUT.split(match["subject"], maxsplit=1)[0].rpartition(" of ")[2].strip(" \"'“”?.!,")
    phrase = re.sub(r"^(?:the|a|an|some|any|more)\s+", "", phrase, flags=re.IGNORECASE)
    words = phrase.split()
    if not 1 <= len(words) <= _LONGEST_SUBJECT:
        return None
    points_away = any(each.search(phrase) for each in (_BACKWARD, _THING, _VAGUE))
    return None if points_away else phrase


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
