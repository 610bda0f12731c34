"""Questions that a sentence answers, by its parse: "The council approved a line" is an answer to
"What did the council approve?".

Overgenerate and rank (Heilman and Smith 2010), with little generating: only clauses of a subject
that stands by itself (a name, not "the line" or "he"), and only what a few templates can ask of
them without a slip of grammar. A question that might be wrong is not made. English only; whether an
archive answers a question is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.grounding.language import NEGATIONS, Reading, Word
from bot.grounding.polarity import SPEECH

LONGEST = 90  # characters of a question that is read at a glance
_LONGEST_SUBJECT = 9  # words
_AUXILIARIES = frozenset("has have had is are was were will would can could".split())
_VAGUE = frozenset(  # verbs of which "what did X ...?" asks for nothing in particular
    "have be do make take give get hold face see say tell claim warn note believe think add put "
    "use bring set show leave go come want need keep find play become remain know let run seek "
    "mark try start begin end send urge mean offer feature include".split()
)
_COUNTED = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+|two|three|four|five|six|seven|eight|nine|ten)")
_PLAIN = re.compile(r"[\w\s’'\-.&]+")  # nothing quoted, bracketed or otherwise built
_OPEN = frozenset({"mark", "ccomp", "xcomp", "dative", "oprd", "prt"})  # more than can be asked for
_KEPT = frozenset({"dobj", "prep", "agent"})  # of what follows the verb: adverbs read oddly
_ENDS = frozenset({"advcl", "cc", "conj", "parataxis", "relcl", "acl", "appos", "punct"})


def questions_of(reading: Reading) -> Iterator[str]:
    """The questions that the sentence answers, the most telling kinds first; most have none."""
    for verb in reading.words:
        if verb.part == "VERB" and verb.relation in ("ROOT", "ccomp"):
            clause = _Clause.read(reading, verb)
            if clause is not None:
                yield from (one for one in clause.questions() if _is_readable(one))


def _is_readable(question: str) -> bool:
    return len(question) <= LONGEST and _PLAIN.fullmatch(question[:-1]) is not None


class _Clause:
    """A verb with the subject that stands before it, its auxiliaries, and what follows it."""

    def __init__(self, reading: Reading, verb: Word, subject: str, auxiliaries: list[Word]) -> None:
        self._reading = reading
        self._verb = verb
        self._subject = subject
        self._auxiliaries = auxiliaries
        self._following = _following(reading, verb)

    @classmethod
    def read(cls, reading: Reading, verb: Word) -> _Clause | None:
        """The clause of a verb, None where there is no plain one."""
        near = reading.children(verb.index)
        before = [word for word in near if word.index < verb.index]
        named = [word for word in before if word.relation in ("nsubj", "nsubjpass")]
        auxiliaries = [word for word in before if word.relation in ("aux", "auxpass")]
        open_ended = any(word.relation in _OPEN or word.lower in NEGATIONS for word in near)
        if not named or open_ended or verb.lemma in SPEECH:
            return None
        if auxiliaries and auxiliaries[0].lower not in _AUXILIARIES:
            return None
        end = min([word.index for word in auxiliaries], default=verb.index)
        subject = _subject(reading, named[-1], end)
        return cls(reading, verb, subject, auxiliaries) if subject else None

    def questions(self) -> Iterator[str]:
        """In the order of what they are worth: a number, a thing, a place, a day."""
        for word in self._following:
            if word.relation == "dobj":
                yield from self._on_object(word)
        for asked, is_asked, prepositions in _ADJUNCTS:
            for word in self._following:
                if word.lower in prepositions and is_asked(_complement(self._reading, word)):
                    yield self._ask(asked, word)

    def _on_object(self, noun: Word) -> Iterator[str]:
        words = [word for word in _phrase(self._reading, noun) if word.index <= noun.index]
        if noun.entity == "PERSON" or noun.part != "NOUN" or not words:
            return
        number = words[0] if words[0].relation == "nummod" else None
        if number and noun.lower != noun.lemma and _COUNTED.fullmatch(number.lower):
            if not any(word.lower == "of" for word in self._reading.children(noun.index)):
                yield self._ask(f"How many {_text(words[1:])}", noun)
        elif self._verb.lemma not in _VAGUE and not number:
            yield self._ask("What", noun)

    def _ask(self, asked: str, missing: Word) -> str:
        """The question for a part of the clause; "" where the grammar is not sure."""
        kept: list[Word] = []
        for word in self._following:
            if word is missing:
                break
            phrase = _phrase(self._reading, word) if word.relation in _KEPT else []
            if not phrase or any(one.entity in ("DATE", "TIME") for one in phrase):
                return ""
            kept += phrase
        first, verb = self._inverted()
        rest = " ".join(part for part in (verb, _text(kept)) if part)
        return f"{asked} {first} {self._subject} {rest}?" if first else ""

    def _inverted(self) -> tuple[str, str]:
        """What stands before the subject of a question, and the verb after it."""
        if self._auxiliaries:
            first, *others = self._auxiliaries
            return first.lower, _text([*others, self._verb])
        verb = self._verb
        if verb.lower == verb.lemma or verb.lower.endswith(("s", "ing")):
            return "", ""  # a plural's present is not told from a past such as "put"
        return "did", verb.lemma


def _is_place(noun: Word | None) -> bool:
    return noun is not None and noun.entity in ("GPE", "LOC", "FAC")


def _is_day(noun: Word | None) -> bool:
    """Whether it is a day, month or year by name: "recent years" is asked for by nobody."""
    return noun is not None and noun.entity == "DATE" and not noun.text.islower()


_ADJUNCTS = (("Where", _is_place, ("in", "at")), ("When", _is_day, ("on", "in")))


def _complement(reading: Reading, preposition: Word) -> Word | None:
    nouns = (word for word in reading.children(preposition.index) if word.relation == "pobj")
    return next(nouns, None) if preposition.relation == "prep" else None


def _subject(reading: Reading, noun: Word, end: int) -> str:
    """The subject up to the verb as it stands within a sentence; "" unless it speaks for itself."""
    words = _phrase(reading, noun)
    if not 1 <= len(words) <= _LONGEST_SUBJECT or words[-1].index >= end:
        return ""
    between = reading.words[words[-1].index + 1 : end]
    parts = {word.part for word in words}
    if "PROPN" not in parts or "PRON" in parts or words[0].lower in ("a", "an", "some"):
        return ""
    if any(word.entity == "DATE" for word in words) or _is_broken(between):
        return ""
    text, first = _text(words), words[0]
    is_name = first.part == "PROPN" or (first.part == "ADJ" and bool(first.entity))
    return text if is_name else text[0].lower() + text[1:]


def _is_broken(words: Sequence[Word]) -> bool:
    """Whether more than a comma stands between subject and verb, such as a dateline's dash."""
    return any(word.part == "PUNCT" and word.text != "," for word in words)


def _following(reading: Reading, verb: Word) -> list[Word]:
    """What depends on the verb after it, as far as the clause goes on without a break."""
    found = []
    for word in reading.children(verb.index):
        if word.index < verb.index:
            continue
        if word.relation in _ENDS or word.part == "PRON":
            break
        found.append(word)
    return found


def _phrase(reading: Reading, head: Word) -> list[Word]:
    """The words of a phrase in their order, up to a comma; none where it cannot be cut there."""
    inside = [word for word in reading.words if _is_under(reading, word, head)]
    kept: list[Word] = []
    for word in inside:
        if word.index > head.index and word.relation in _ENDS:
            return kept if word.text == "," else []
        kept.append(word)
    return kept


def _is_under(reading: Reading, word: Word, head: Word) -> bool:
    while word.index != head.index:
        if word.head == word.index:
            return False
        word = reading.words[word.head]
    return True


def _text(words: Sequence[Word]) -> str:
    """The words with the spaces that they have in a sentence."""
    shown = ""
    for number, word in enumerate(words):
        joined = number and words[number - 1].end == word.start
        shown += word.text if joined or not number else f" {word.text}"
    return shown
