"""Names in a claim that its evidence lacks, and the name that stands there instead.

Kim is Kim Jong Un, Russians are of Russia, the WHO is the World Health Organization and the US is
America. A name that another one replaces is contradicted only where the same word governs both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.grounding.alignment import Alignment, Match, is_same
from bot.grounding.findings import Fact, Finding
from bot.grounding.language import Reading, Word
from bot.grounding.synonyms import are_synonyms

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


def compare_names(alignment: Alignment, whole: str) -> Iterator[Finding]:
    """The names that the evidence lacks, with what the nearest sentences name instead."""
    flat = _flat(whole)
    for first, past, kind in _named(alignment.claim):
        words = [word for word in alignment.claim.words[first:past] if word.part == "PROPN"]
        missing = [word for word in words if not _is_named(word.text, flat)]
        name = _surface(alignment.claim, first, past)
        if not missing or is_alias(name, whole) or _is_no_name(alignment.claim, first, past, kind):
            continue
        instead = _other_name(alignment, kind, missing[0])
        if instead:
            reason = f"the article says {instead}, not {name}"
            yield Finding(Fact.NAME, reason, True, missing[0].index)
        else:
            who = _without_agent(alignment, missing[0])
            unsaid = f"; no sentence says who {who}" if who else ""
            reason = f"the article does not name {name}{unsaid}"
            yield Finding(Fact.NAME, reason, False, missing[0].index)


def _without_agent(alignment: Alignment, name: Word) -> str:
    """The verb that the name is the subject of, where the article leaves open who did it."""
    verb = alignment.claim.words[name.head]
    match = _match_of(alignment, verb)
    if name.relation != "nsubj" or verb.part != "VERB" or match is None or match.own is None:
        return ""
    there = alignment.readings[match.own.rank].children(match.own.word.index)
    is_passive = any(word.relation in ("nsubjpass", "auxpass") for word in there)
    return verb.text if is_passive and not any(w.relation == "agent" for w in there) else ""


def _is_no_name(claim: Reading, first: int, past: int, kind: str) -> bool:
    """Whether capitals are no sign of a name: a sentence's first word, a heading in capitals."""
    words = claim.words[first:past]
    if not kind and first == 0 and past == 1 and _is_common(words[0]):
        return True
    return len(words) > 1 and all(word.text.isupper() and len(word.text) > 3 for word in words)


def _is_common(word: Word) -> bool:
    """Whether it is a word of the dictionary: "Past" in "Past champions gathered"."""
    return are_synonyms(word.lower, word.lower)


def carried_names(claim: Reading, whole: str) -> Iterator[tuple[int, int]]:
    """The spans of the claim's names that the evidence has in another form."""
    for first, past, _ in _named(claim):
        if is_alias(_surface(claim, first, past), whole):
            yield claim.words[first].start, claim.words[past - 1].end


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


def is_alias(name: str, whole: str) -> bool:
    """Whether the text has the name in another form: the CDC, the US, a short list of others."""
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
