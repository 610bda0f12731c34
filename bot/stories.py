"""Articles -> stories: articles on one event grouped, stories ranked.

Grouping is average-link clustering (Sokal and Michener 1958) of a similarity that mixes what two
articles mean (their vectors), the rare terms and names that they share (TF-IDF), and how far apart
they were published. Pure functions: no clock, no database, no model; vectors are given.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

from bot.entities import Article
from bot.grounding.witnesses import independent_outlets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

# Fixed on one half of ClaimDiff's topics (by hash of the topic) among RealTime QA's articles, with
# a look at NANCO's events and at smaller archives; measured on the other half of the topics.
_MEANING = 0.7  # weight of the vectors' cosine; the terms' cosine has the rest
_LINK = 0.35  # average similarity at which two groups of articles are one story
_FADING = 0.02  # similarity lost with each day between two publications
_FADED = 28  # days after which no more is lost

_LEAD = 1500  # characters of an article that say what its story is
_COLUMNS = 2048  # terms are hashed into this many (Weinberger et al. 2009)
_RARE = 2.0  # most that a term's rarity counts: a large story must not make its own terms common
_NAME = 1.5  # weight of a capitalised word or a number, against other words
_BLOCK = 512  # articles compared with all others at a time
_LARGEST = 4000  # articles clustered at a time: a matrix of 64 MB
_DAY = 86_400.0
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_STOP = frozenset(
    """
    a about after all also an and any are as at be been but by can could did do for from had has
    have he her his how i if in into is it its just more new no not of on one or other our out over
    said say says she so some than that the their them then there they this to up was we were what
    when which who will with would you your
    """.split()
)


def group(articles: Sequence[Article], vectors: Matrix) -> list[tuple[Article, ...]]:
    """The stories among `articles`, the most important first; within one, the most central first.

    `vectors` has one unit row an article, of its title and lead. A story matters more the more
    independent outlets carry it, then by its number of articles, then by how recent it is.
    Every article is in exactly one story. Near-duplicates count as articles here: leave them out.
    """
    import numpy as np

    if not articles:
        return []
    features = np.hstack(
        [np.sqrt(_MEANING) * vectors, np.sqrt(1 - _MEANING) * _term_vectors(articles)]
    ).astype(np.float32)
    days = _days(articles)
    stories = []
    for members in _components(features, days):
        similarity = _similarity(features, days, members, members)
        for cluster in _average_link(similarity):
            central = _by_centrality(
                articles, members[cluster], similarity[np.ix_(cluster, cluster)]
            )
            stories.append(tuple(articles[index] for index in central))
    return sorted(stories, key=_rank)


def _rank(story: tuple[Article, ...]) -> tuple[int, int, float, str]:
    latest = max((one.published.timestamp() for one in story if one.published), default=0.0)
    return (-independent_outlets(story), -len(story), -latest, story[0].id)


def _by_centrality(
    articles: Sequence[Article], members: NDArray[np.intp], similarity: Matrix
) -> list[int]:
    """`members`, the most similar to the others first; of equals, the latest and longest."""
    central = similarity.mean(axis=1).round(4)

    def key(position: int) -> tuple[float, float, int, str]:
        article = articles[members[position]]
        published = article.published.timestamp() if article.published else 0.0
        return (-float(central[position]), -published, -len(article.text), article.id)

    return [int(members[position]) for position in sorted(range(len(members)), key=key)]


def _term_vectors(articles: Sequence[Article]) -> Matrix:
    """Unit TF-IDF rows over the terms of each title and lead, terms hashed into columns."""
    import numpy as np

    counts = [_terms(article) for article in articles]
    documents = Counter(term for terms in counts for term in terms)
    rows = np.zeros((len(articles), _COLUMNS), dtype=np.float32)
    for row, terms in zip(rows, counts, strict=True):
        for term, weight in terms.items():
            code = crc32(term.encode())
            rarity = min(np.log((1 + len(articles)) / (0.5 + documents[term])), _RARE)
            row[code % _COLUMNS] += (1 if code >> 16 & 1 else -1) * weight * rarity
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Matrix = (rows / np.where(norms > 0, norms, 1)).astype(np.float32)
    return unit


def _terms(article: Article) -> dict[str, float]:
    """The terms of the title and lead with their weights: frequency dampened, names lifted."""
    import math

    frequency: Counter[str] = Counter()
    names: set[str] = set()
    for word in _WORD.findall(f"{article.title}. {article.text[:_LEAD]}"):
        term = word.casefold().removesuffix("'s").removesuffix("’s")
        if term not in _STOP:
            frequency[term] += 1
            if not word.islower():
                names.add(term)
    return {
        term: (1 + math.log(count)) * (_NAME if term in names else 1)
        for term, count in frequency.items()
    }


def _days(articles: Sequence[Article]) -> NDArray[np.float64]:
    """When each was published, in days; not a number where that is not known."""
    import numpy as np

    return np.array(
        [one.published.timestamp() / _DAY if one.published else np.nan for one in articles]
    )


def _similarity(
    features: Matrix,
    days: NDArray[np.float64],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
) -> Matrix:
    """How alike the articles `rows` and `columns` are; without a date, time takes nothing away."""
    import numpy as np

    apart = np.abs(days[rows, None] - days[None, columns])
    fading = _FADING * np.minimum(np.nan_to_num(apart), _FADED)
    similar: Matrix = (features[rows] @ features[columns].T - fading).astype(np.float32)
    return similar


def _components(features: Matrix, days: NDArray[np.float64]) -> Iterator[NDArray[np.intp]]:
    """Indexes of articles that chains of similar ones join: no story reaches beyond.

    Average link joins two groups only if some pair between them is as similar, so that each part
    can be clustered alone. A part too large for a square matrix is cut into spans of time.
    """
    import numpy as np

    count = len(features)
    everything = np.arange(count)
    parents = list(range(count))

    def root(index: int) -> int:
        while parents[index] != index:
            parents[index] = parents[parents[index]]
            index = parents[index]
        return index

    for start in range(0, count, _BLOCK):
        rows = everything[start : start + _BLOCK]
        firsts, seconds = np.nonzero(_similarity(features, days, rows, everything) >= _LINK)
        for first, second in zip((firsts + start).tolist(), seconds.tolist(), strict=True):
            if second < first:
                parents[root(second)] = root(first)
    roots = np.array([root(index) for index in range(count)])
    for name in np.unique(roots):
        members = np.flatnonzero(roots == name)
        by_time = members[np.argsort(days[members], kind="stable")]
        yield from np.array_split(by_time, -(-len(members) // _LARGEST))


def _average_link(similarity: Matrix) -> list[NDArray[np.intp]]:
    """Clusters of rows, joined while the average similarity between two is at least the limit.

    Each row keeps its nearest other; a join looks again only where the nearest has changed.
    """
    import numpy as np

    between = similarity.copy()
    np.fill_diagonal(between, -np.inf)
    nearest = between.argmax(axis=1)
    highest = between.max(axis=1)
    clusters = {index: [index] for index in range(len(between))}
    while highest.max() >= _LINK:
        first = int(highest.argmax())
        second = int(nearest[first])
        _join(between, first, second, len(clusters[first]), len(clusters[second]))
        clusters[first] += clusters.pop(second)
        stale = (nearest == first) | (nearest == second)
        stale[[first, second]] = True
        nearer = (between[first] > highest) & ~stale
        nearest[nearer], highest[nearer] = first, between[first][nearer]
        nearest[stale] = between[stale].argmax(axis=1)
        highest[stale] = between[stale].max(axis=1)
    return [np.array(sorted(members)) for members in clusters.values()]


def _join(between: Matrix, first: int, second: int, size: int, joining: int) -> None:
    """Make row and column `first` the weighted average of both, and take `second` out."""
    import numpy as np

    joined = (size * between[first] + joining * between[second]) / (size + joining)
    joined[[first, second]] = -np.inf
    between[first], between[:, first] = joined, joined
    between[second], between[:, second] = -np.inf, -np.inf
