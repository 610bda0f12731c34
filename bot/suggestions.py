"""Questions to try, drawn from the newest articles, and none that they do not answer.

    find_suggestions(newsbot.articles(NEWEST), answer, 3)  # ["What about “Ferry hits wall”?", ...]

Each is a question about a headline; of headlines on one event only one is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.entities import Answer, ArticleDetails
from bot.rendering.notation import clean

NEWEST = 100  # articles whose headlines are enough to choose from
_LONGEST = 90  # characters of a headline that makes a readable question
_TRIES = 4  # questions tried for each that is wanted


def find_suggestions(
    articles: Sequence[ArticleDetails], answer: Callable[[str], Answer], count: int
) -> tuple[str, ...]:
    """Up to `count` questions whose answers do not abstain; `answer` is asked to find out."""
    found: list[str] = []
    for tried, headline in enumerate(_headlines(articles)):
        if len(found) == count or tried == _TRIES * count:
            break
        question = f"What about “{headline}”?"
        if not answer(question).abstained:
            found.append(question)
    return tuple(found)


def _headlines(articles: Sequence[ArticleDetails]) -> Iterator[str]:
    """The newest articles' headlines, those on one event once."""
    newest = sorted(
        (article for article in articles if 0 < len(article.title) <= _LONGEST),
        key=lambda article: article.published.timestamp() if article.published else 0.0,
        reverse=True,
    )
    seen: list[set[str]] = []
    for article in newest:
        words = _beginnings(article.title)
        if words and not any(len(words & other) >= 2 for other in seen):
            seen.append(words)
            yield clean(article.title)


def _beginnings(headline: str) -> set[str]:
    """The beginnings of its longer words: two in common mean, most times, the same event."""
    return {word[:4] for word in re.findall(r"\w{4,}", headline.casefold())}
