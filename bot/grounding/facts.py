"""What a claim says otherwise than its evidence: numbers, dates, names, negation, modality, roles.

Each `Finding` is one difference with a reason for people. `contradicts` says that the evidence
states something else in the same place, rather than nothing. A finding is a fact about the two
texts; `support` weighs it.

This module knows nothing about scores or verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.grounding import dates, quantities
from bot.grounding.alignment import Alignment, Match, is_same
from bot.grounding.language import FUNCTION_WORDS, MODALS, NEGATIONS, Reading, Word, stem
from bot.grounding.opposites import are_opposite


class Fact(StrEnum):
    """What kind of fact differs."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    MODALITY = "modality"
    OPPOSITE = "opposite"
    ROLE = "role"
    QUOTE = "quote"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference; `word` is the claim's word that it is about, where there is one."""

    fact: Fact
    reason: str
    contradicts: bool = False
    word: int | None = None


def compare(
    alignment: Alignment, whole: str, published: datetime | None = None
) -> tuple[Finding, ...]:
    """Every difference found between a claim and its nearest sentences.

    `whole` is all of the evidence's text: a fact that stands elsewhere in it is not missing.
    """
    return (
        *_dates(alignment, whole, published),
        *_numbers(alignment, whole, published),
        *_names(alignment, whole),
        *_quotes(alignment, whole),
        *_opposites(alignment),
        *_negations(alignment),
        *_modality(alignment),
        *_roles(alignment),
    )


def carried(alignment: Alignment, whole: str, published: datetime | None = None) -> frozenset[int]:
    """The claim's words that the evidence carries in another form: 12 for twelve, US, 20 February.

    As their indices; the plain case, the same word, is left to the alignment.
    """
    stated, counted = dates.find(whole, published), _counts(whole, published)
    claim = alignment.claim
    spans = [
        (date.start, date.end)
        for date in dates.find(claim.text, published)
        if any(dates.agrees(date, other) for other in stated)
    ]
    spans += [
        (number.start, number.end)
        for number in _counts(claim.text, published)
        if any(quantities.agrees(number, other) for other in counted)
    ]
    spans += [
        (claim.words[first].start, claim.words[past - 1].end)
        for first, past, _ in _named(claim)
        if _is_alias(_surface(claim, first, past), whole)
    ]
    return frozenset(
        word.index for word in claim.words if any(start <= word.start < end for start, end in spans)
    )


def _near_text(alignment: Alignment, sentences: int = 3) -> str:
    return "\n".join(reading.text for reading in alignment.readings[:sentences])


def _dates(alignment: Alignment, whole: str, published: datetime | None) -> Iterator[Finding]:
    stated = dates.find(whole, published)
    near = dates.find(_near_text(alignment, 2), published)
    own = dates.find(alignment.claim.text, published)
    for mention in own:
        if any(dates.agrees(mention, other) for other in stated) or _is_now(mention, published):
            continue
        instead = [
            other.text
            for other in near
            if other.kind == mention.kind and not any(dates.agrees(date, other) for date in own)
        ]
        if instead:
            yield Finding(Fact.DATE, f"the article says {instead[0]}, not {mention.text}", True)
        else:
            yield Finding(Fact.DATE, f"the article does not say {mention.text}")


def _is_now(mention: dates.DateMention, published: datetime | None) -> bool:
    """Whether it names the time of the news itself, or cannot be resolved."""
    if published is None:
        return mention.kind == "relative"
    return bool(
        mention.first and mention.last and mention.first <= published.date() <= mention.last
    )


def _numbers(alignment: Alignment, whole: str, published: datetime | None) -> Iterator[Finding]:
    claim = alignment.claim.text
    stated = _counts(whole, published)
    near = _counts(_near_text(alignment, 1), published)
    own = _counts(claim, published)
    for quantity in own:
        if quantity.text.lower() in _PRONOUNS:
            continue
        if any(quantities.agrees(quantity, other) for other in stated):
            yield from _exchanged(quantity, alignment)
            continue
        instead = [
            other
            for other in near
            if _in_place(quantity, other, alignment)
            and not any(quantities.agrees(number, other) for number in own)
        ]
        if instead:
            reason = f"the article says {instead[0].text}, not {quantity.text}"
            yield Finding(Fact.NUMBER, reason, True)
        else:
            yield Finding(Fact.NUMBER, f"the article does not say {quantity.text}")


_PRONOUNS = frozenset(("one", "first", "half", "second", "a half"))


def _counts(text: str, published: datetime | None) -> list[quantities.Quantity]:
    """The quantities that are not parts of dates; "3, 700" as some tokenisers leave it is one."""
    joined = re.sub(r"(?<=\b\d)(\d?\d?)([,.]) (?=\d{3}\b|\d\b)", r"\1\2", text)
    taken = [(mention.start, mention.end) for mention in dates.find(joined, published)]
    return [
        quantity
        for quantity in quantities.find(joined)
        if not any(start <= quantity.start < end for start, end in taken)
    ]


def _in_place(
    quantity: quantities.Quantity, other: quantities.Quantity, alignment: Alignment
) -> bool:
    """Whether the other number stands where the claim's does: of its unit, or counts the same."""
    if quantity.unit or other.unit:
        return quantity.unit == other.unit
    here = _following(alignment.claim.text, quantity.end)
    return bool(here & _following(_near_text(alignment, 1), other.end))


def _following(text: str, end: int) -> set[str]:
    words = re.findall(r"[^\W\d_]+", text[end : end + 30].lower())[:2]
    return {stem(word) for word in words if word not in FUNCTION_WORDS}


def _exchanged(quantity: quantities.Quantity, alignment: Alignment) -> Iterator[Finding]:
    """The number is in the sentence, but counts something else there: 12 dead, not 12 injured."""
    reading = alignment.readings[0]
    here = _governors(alignment.claim, quantity)
    counted = [(number, _governors(reading, number)) for number in quantities.find(reading.text)]
    same = [words for number, words in counted if quantities.agrees(quantity, number)]
    if not here or not same or any(here & words for words in same):
        return
    for number, words in counted:
        if here & words and not quantities.agrees(quantity, number) and not quantity.unit:
            reason = f"the article says {number.text}, not {quantity.text}"
            yield Finding(Fact.NUMBER, reason, True)
            return


def _governors(reading: Reading, quantity: quantities.Quantity) -> set[str]:
    """The lemmas of what the number counts, and of what that is said to do or suffer."""
    for word in reading.words:
        if word.start <= quantity.start < word.end:
            head = reading.words[word.head]
            above = head if head.part == "VERB" else reading.words[head.head]
            return {near.lemma for near in (head, above) if near.content and near.lemma != "be"}
    return set()


_ALIASES = {
    "us": "america",
    "usa": "america",
    "united states": "america",
    "america": "america",
    "american": "america",
    "uk": "britain",
    "united kingdom": "britain",
    "great britain": "britain",
    "britain": "britain",
    "british": "britain",
    "eu": "europe",
    "european union": "europe",
    "un": "united nations",
    "uae": "united arab emirates",
}
_NAMES = {"PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "EVENT", "PRODUCT", "WORK_OF_ART", "LAW"}


def _names(alignment: Alignment, whole: str) -> Iterator[Finding]:
    flat = _flat(whole)
    for first, past, kind in _named(alignment.claim):
        words = [word for word in alignment.claim.words[first:past] if word.part == "PROPN"]
        missing = [word for word in words if not _is_named(word.text, flat)]
        name = _surface(alignment.claim, first, past)
        if not missing or _is_alias(name, whole):
            continue
        instead = _other_name(alignment, kind, missing[0])
        if instead:
            reason = f"the article says {instead}, not {name}"
            yield Finding(Fact.NAME, reason, True, missing[0].index)
        else:
            yield Finding(Fact.NAME, f"the article does not name {name}", False, missing[0].index)


def _named(reading: Reading) -> list[tuple[int, int, str]]:
    """The names: those that the model classed, and runs of proper nouns that it overlooked."""
    names = [name for name in reading.names if name[2] in _NAMES]
    taken = {index for first, past, _ in reading.names for index in range(first, past)}
    run: list[int] = []
    for word in reading.words:
        if word.part == "PROPN" and word.index not in taken and word.text[0].isupper():
            run.append(word.index)
        elif run:
            names.append((run[0], run[-1] + 1, ""))
            run = []
    return names


def _surface(reading: Reading, first: int, past: int) -> str:
    return reading.text[reading.words[first].start : reading.words[past - 1].end]


def _flat(text: str) -> str:
    return " " + " ".join(re.findall(r"\w+", re.sub(r"[’']s\b", "", text).lower())) + " "


def _is_named(name: str, flat: str) -> bool:
    words = _flat(name).strip()
    if len(words) < 2 or f" {words} " in flat:
        return True
    bare = words.removesuffix("s")
    if len(bare) >= 3 and (f" {bare} " in flat or f" {bare}s " in flat):
        return True
    # a demonym or another ending of the same name: Russia, Russian; Brazil, Brazilian
    return len(bare) >= 6 and f" {bare[: max(5, len(bare) - 2)]}" in flat


def _is_alias(name: str, whole: str) -> bool:
    bare = re.sub(r"^the\s|[.]|[’']s?$", "", name.lower()).strip()
    flat = _flat(whole.replace(".", "") + " " + whole)
    if bare in _ALIASES:
        target = _ALIASES[bare]
        return any(value == target and f" {key} " in flat for key, value in _ALIASES.items())
    letters = "".join(word[0] for word in re.findall(r"[A-Z]\w*", name))
    if len(letters) >= 2 and f" {letters.lower()} " in flat:
        return True
    return name.isupper() and len(name) >= 2 and _has_initials(name, whole)


def _has_initials(acronym: str, whole: str) -> bool:
    pattern = r"\W+(?:(?:of|the|and|for|de)\W+)*".join(
        rf"{letter}\w*" for letter in acronym if letter.isalpha()
    )
    return bool(re.search(rf"\b{pattern}", whole))


def _other_name(alignment: Alignment, kind: str, word: Word) -> str:
    """The name of the same kind that stands where the claim's does, in the nearest sentences."""
    match = _match_of(alignment, word)
    if match is None or match.near.rank > 1:
        return ""
    reading = alignment.readings[match.near.rank]
    if not _governs_alike(alignment.claim, word, reading, match.near.word):
        return ""
    for first, past, other in _named(reading):
        if first <= match.near.word.index < past and (other == kind or not other or not kind):
            name = _surface(reading, first, past)
            return "" if name.lower() in alignment.claim.text.lower() else name
    return ""


def _governs_alike(one: Reading, word: Word, other: Reading, its: Word) -> bool:
    """Whether two names stand in one place: a word that governs the one governs the other too."""
    above = [near for near in _governing(one, word) if near.part != "PROPN"]
    return any(is_same(near, far) for near in above for far in _governing(other, its))


def _governing(reading: Reading, word: Word) -> list[Word]:
    """The next content words above one in the parse, at most three."""
    found: list[Word] = []
    for _ in range(6):
        if word.head == word.index or len(found) == 3:
            break
        word = reading.words[word.head]
        found += [word] if word.content else []
    return found


def _match_of(alignment: Alignment, word: Word) -> Match | None:
    return next((match for match in alignment.matches if match.word.index == word.index), None)


_QUOTED = re.compile(r"[\"“]([^\"“”]{8,}?)[\"”]")


def _quotes(alignment: Alignment, whole: str) -> Iterator[Finding]:
    flat = _flat(whole)
    for quoted in _QUOTED.findall(alignment.claim.text):
        if len(quoted.split()) >= 3 and _flat(quoted) not in flat:
            yield Finding(Fact.QUOTE, f"no sentence has the words “{quoted}”")


def _opposites(alignment: Alignment) -> Iterator[Finding]:
    for match in alignment.matches:
        opposite = _opposite(match, alignment)
        if opposite is not None and not _is_negated(alignment.claim, match.word):
            reason = f"the article says {opposite.text}, not {match.word.text}"
            yield Finding(Fact.OPPOSITE, reason, True, match.word.index)


def _opposite(match: Match, alignment: Alignment) -> Word | None:
    """The opposite of a word, where it rather than the word itself stands in its place."""
    for rank, reading in enumerate(alignment.readings[:2]):
        if match.own is not None and match.own.rank <= rank and match.own_similarity > 0.4:
            return None
        for word in reading.words:
            if word.content and are_opposite(match.word.lemma, word.lemma):
                similarity = float(
                    alignment.claim.vectors[match.word.index] @ reading.vectors[word.index]
                )
                shared = _share_neighbours(alignment.claim, match.word, reading, word)
                if similarity >= (0.25 if shared else 0.5) and not _is_in(word, alignment.claim):
                    return word
    return None


def _share_neighbours(one: Reading, word: Word, other: Reading, its: Word) -> bool:
    """Whether a content word depends on both words, or governs both."""
    here = [near for near in _neighbours(one, word) if near.content]
    return any(is_same(near, far) for near in here for far in _neighbours(other, its))


def _neighbours(reading: Reading, word: Word) -> list[Word]:
    near = reading.children(word.index)
    return [*near, reading.words[word.head]] if word.head != word.index else near


def _is_in(word: Word, reading: Reading) -> bool:
    return any(is_same(word, other) for other in reading.words)


def _negations(alignment: Alignment) -> Iterator[Finding]:
    for match in alignment.matches:
        if match.word.part not in ("VERB", "ADJ", "AUX") or match.own is None:
            continue
        if match.own.rank > 1 or match.own_similarity < 0.5:
            continue
        reading = alignment.readings[match.own.rank]
        here = _is_negated(alignment.claim, match.word)
        if here != _is_negated(reading, match.own.word):
            reason = "the article does not negate" if here else "the article negates"
            reason = f"{reason} “{match.word.text}”"
            yield Finding(Fact.NEGATION, reason, True, match.word.index)


_FAILURES = frozenset(("fail", "refuse", "decline", "deny", "avoid", "prevent", "stop", "yet"))
_CARRIERS = frozenset(("be", "expect", "plan", "seem", "appear", "able", "likely", "allow", "have"))


def _is_negated(reading: Reading, word: Word, depth: int = 0) -> bool:
    """Whether a negation stands on the word, its auxiliary, its subject or its object."""
    around = reading.children(word.index)
    around += [
        child
        for near in around
        if near.part in ("NOUN", "PRON", "AUX")
        for child in reading.children(near.index)
    ]
    if any(near.lower in NEGATIONS and abs(near.index - word.index) <= 5 for near in around):
        return True
    head = reading.words[word.head]
    if depth or head.index == word.index:
        return False
    if any(near.lower in _FAILURES for near in reading.words[max(0, word.index - 3) : word.index]):
        return True
    if word.relation in ("xcomp", "acomp", "attr"):
        if head.lemma in _FAILURES:
            return True
        return head.lemma in _CARRIERS and _is_negated(reading, head, depth + 1)
    return False


_UNSURE = frozenset(MODALS - {"will", "would", "shall", "can", "must"})
_PLANS = {
    "plan",
    "expect",
    "propose",
    "consider",
    "intend",
    "aim",
    "hope",
    "want",
    "likely",
    "possible",
}


def _modality(alignment: Alignment) -> Iterator[Finding]:
    for match in alignment.matches:
        if match.word.part != "VERB" or match.own is None or match.own.rank > 1:
            continue
        if match.own_similarity < 0.5:
            continue
        here = _unsure(alignment.claim, match.word)
        there = _unsure(alignment.readings[match.own.rank], match.own.word)
        if there and not here:
            reason = f"the article says {there} {match.word.lemma}, not that it happened"
            yield Finding(Fact.MODALITY, reason, False, match.word.index)


def _unsure(reading: Reading, word: Word) -> str:
    """The word that makes a verb less than certain, or ""."""
    for child in reading.children(word.index):
        if child.relation == "aux" and child.lower in _UNSURE:
            return child.lower
    head = reading.words[word.head]
    if word.relation in ("xcomp", "ccomp") and head.lemma in _PLANS:
        return f"{head.text} to"
    return ""


def _roles(alignment: Alignment) -> Iterator[Finding]:
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
