"""Finds pairs of sentences that cannot both be true, within an article and between articles.

Candidates come first: sentences whose vectors are near each other, and, for who was where, the
sentences that speak of visits and meetings. Then the slots of each pair are compared
(`substitutions`, `journeys`). Precision comes before recall: what is shown as a conflict should be
one, and most contradictions that only a reader's knowledge of the world reveals are not found.

    find_conflicts([article], Language(OnnxEmbeddings()))

It reads English only. It does not know which of the two sentences is right, nor which outlet wrote
first: a later article may correct an earlier one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.entities import Article, Citation, Conflict, ConflictKind, Sentence
from bot.grounding import attributions, injection, journeys, pairing, polarity, substitutions, tolls
from bot.grounding.events import Told
from bot.grounding.language import Language, Reading, Word, is_english
from bot.grounding.sentences import split

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEAR = 0.40  # cosine of two sentences of one article that may speak of one fact
NEAR_BETWEEN = 0.55  # of two articles: there is no common thread that tells who "he" is
_ALIKE = 0.80  # of sentences that make up a list
_SAME_EVENT = timedelta(days=3)  # between publications; later counts are news, not conflicts
_WORDS = range(3, 81)  # in a sentence; more is a table, fewer a heading
_LIST = 3  # sentences that differ in one slot: a list of like things, not a contradiction


@dataclass(frozen=True, slots=True, eq=False)
class _Statement:
    article: int
    sentence: Sentence


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    first: int
    second: int
    kind: ConflictKind
    reason: str
    score: float
    fillers: tuple[str, str] = ("", "")


def find_conflicts(articles: Sequence[Article], language: Language) -> tuple[Conflict, ...]:
    """The conflicts of the articles, clearest first; a sentence stands in one of them at most."""
    articles = sorted(articles, key=_published)  # so that reasons name the earlier one first
    statements = [
        _Statement(number, sentence)
        for number, article in enumerate(articles)
        for sentence in _statements(article)
    ]
    if len(statements) < 2:
        return ()
    told = [
        Told(article, [s.sentence.text for s in statements if s.article == number], language)
        for number, article in enumerate(articles)
    ]
    found = [
        *_visits(articles, statements, language),
        *_totals(articles, statements, told),
        *_attributions(statements, language),
        *_pairs(articles, statements, told, language),
    ]
    return tuple(_conflict(articles, statements, one) for one in _distinct(_unlisted(found)))


def _statements(article: Article) -> Iterator[Sentence]:
    if not is_english(article.text):
        return
    for sentence in split(article.text):
        if len(sentence.text.split()) in _WORDS and injection.is_statement(sentence.text):
            yield sentence


def _pairs(
    articles: Sequence[Article],
    statements: Sequence[_Statement],
    told: Sequence[Told],
    language: Language,
) -> Iterator[_Found]:
    """Pairs that say the same but for one slot."""
    import numpy as np

    vectors = np.stack([language.vector(s.sentence.text) for s in statements])
    cosines = vectors @ vectors.T
    near: list[list[int]] = np.argwhere(np.triu(cosines >= NEAR, 1)).tolist()
    candidates = [
        (first, second)
        for first, second in near
        if _may_tell_one_event(articles, statements[first], statements[second])
        and cosines[first, second] >= _limit(statements[first], statements[second])
    ]
    weigh = _weigher([s.sentence.text for s in statements], language, candidates)
    for first, second in candidates:
        pair = pairing.lay(
            language.read(statements[first].sentence.text),
            language.read(statements[second].sentence.text),
            weigh,
        )
        found = substitutions.find(pair)
        if found and _is_told_apart(found, told, statements[first], statements[second]):
            continue
        if found and not _is_listed(statements, cosines, first, second, found):
            score = found.score * float(cosines[first, second])
            fillers = (found.here, found.there)
            reason = f"one sentence says {found.here}, the other {found.there}"
            yield _Found(first, second, found.kind, reason, score, fillers)


def _is_told_apart(
    found: polarity.Substitution, told: Sequence[Told], one: _Statement, other: _Statement
) -> bool:
    """Whether two outlets' numbers are of other places, or time explains that they differ."""
    if found.kind is not ConflictKind.NUMBER or one.article == other.article:
        return False
    return tolls.are_apart(
        (one.sentence.text, told[one.article]), (other.sentence.text, told[other.article])
    )


def _is_listed(
    statements: Sequence[_Statement],
    cosines: NDArray[np.float32],
    first: int,
    second: int,
    found: polarity.Substitution,
) -> bool:
    """Whether a third sentence of the same form fills the slot with yet another thing."""
    import numpy as np

    near = np.minimum(cosines[first], cosines[second]) >= _ALIKE
    alike: list[int] = np.flatnonzero(near).tolist()
    return any(
        number not in (first, second)
        and not any(
            filler in statements[number].sentence.text for filler in (found.here, found.there)
        )
        for number in alike
    )


def _limit(first: _Statement, second: _Statement) -> float:
    return NEAR if first.article == second.article else NEAR_BETWEEN


def _may_tell_one_event(articles: Sequence[Article], first: _Statement, second: _Statement) -> bool:
    one, other = articles[first.article].published, articles[second.article].published
    return one is None or other is None or abs(one - other) <= _SAME_EVENT


def _weigher(
    texts: Sequence[str], language: Language, candidates: Sequence[tuple[int, int]]
) -> pairing.Weigh:
    """Words by how rare they are among the sentences that are read, as inverse frequency."""
    wanted = sorted({number for pair in candidates for number in pair})
    readings = [language.read(texts[number]) for number in wanted]
    counts = Counter(stem for reading in readings for stem in _stems(reading))

    def weigh(word: Word) -> float:
        return math.log(1 + len(texts) / (1 + counts[word.stem]))

    return weigh


def _stems(reading: Reading) -> set[str]:
    return {word.stem for word in reading.words if word.content}


def _visits(
    articles: Sequence[Article], statements: Sequence[_Statement], language: Language
) -> Iterator[_Found]:
    """Somebody in two countries at one event, within each article."""
    for number in range(len(articles)):
        own = [n for n, statement in enumerate(statements) if statement.article == number]
        texts = [statements[n].sentence.text for n in own]
        readings = [language.read(t) if journeys.is_candidate(t) else None for t in texts]
        for clash in journeys.find_clashes(readings):
            reason = f"puts {clash.person} in {clash.country} and in {clash.instead}"
            yield _Found(own[clash.first], own[clash.second], ConflictKind.PLACE, reason, 1.0)


def _totals(
    articles: Sequence[Article], statements: Sequence[_Statement], told: Sequence[Told]
) -> Iterator[_Found]:
    """Another number of the dead, the injured or the like in another article on the event."""
    places = {(s.article, s.sentence.text): n for n, s in reversed([*enumerate(statements)])}
    for one in tolls.differences(told):
        first, second = (places[key] for key in zip(one.articles, one.sentences, strict=True))
        if _may_tell_one_event(articles, statements[first], statements[second]):
            yield _Found(first, second, ConflictKind.NUMBER, one.reason, 1.0)


def _attributions(statements: Sequence[_Statement], language: Language) -> Iterator[_Found]:
    """One quotation in two mouths, within an article or between articles."""
    texts = [statement.sentence.text for statement in statements]
    for one in attributions.find_attributions(texts, language):
        reason = f"gives “{one.quote}” to {one.speakers[0]} and to {one.speakers[1]}"
        yield _Found(one.first, one.second, ConflictKind.ATTRIBUTION, reason, 1.0)


def _unlisted(found: Sequence[_Found]) -> list[_Found]:
    """Without the lists: sentences of one form with a new filler in each contradict nothing."""
    partners: dict[int, set[str]] = defaultdict(set)
    for one in found:
        for number in (one.first, one.second):
            partners[number] |= set(one.fillers) - {""}
    return [
        one for one in found if max(len(partners[one.first]), len(partners[one.second])) <= _LIST
    ]


def _distinct(found: Sequence[_Found]) -> Iterator[_Found]:
    used: set[int] = set()
    for one in sorted(found, key=lambda one: -one.score):
        if not used & {one.first, one.second}:
            used |= {one.first, one.second}
            yield one


def _conflict(
    articles: Sequence[Article], statements: Sequence[_Statement], found: _Found
) -> Conflict:
    pair = [statements[found.first], statements[found.second]]
    pair.sort(key=lambda s: _place_in_time(articles[s.article], s))
    first, second = (_citation(articles[s.article], s.sentence) for s in pair)
    return Conflict(
        kind=found.kind, first=first, second=second, reason=found.reason, score=found.score
    )


def _place_in_time(article: Article, statement: _Statement) -> tuple[float, int, int]:
    return _published(article), statement.article, statement.sentence.start


def _published(article: Article) -> float:
    return article.published.timestamp() if article.published else math.inf


def _citation(article: Article, sentence: Sentence) -> Citation:
    return Citation(article.id, article.revision, sentence.start, sentence.end, sentence.text)
