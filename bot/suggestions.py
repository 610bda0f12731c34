"""Questions to try, drawn from the newest articles, and none that they do not answer.

    find_suggestions(newsbot.articles(NEWEST), load, read, answer, 3)
    # ["What did the passenger ferry Saint Brannoc strike?", ...]

Each is a question that one of an article's first sentences answers, by its parse
(`bot.grounding.questions`), and that the archive then answers by a sentence with all of its words.
Of articles on one event only one is taken.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence

from bot.entities import Answer, Article, ArticleDetails
from bot.grounding.injection import find_instructions, mask
from bot.grounding.language import Reading, is_english
from bot.grounding.questions import questions_of
from bot.grounding.sentences import split
from bot.grounding.vocabulary import content_words

NEWEST = 100  # articles that are enough to choose from
_SENTENCES = 5  # of an article's beginning, where its news stands
_TRIES = 4  # questions tried for each that is wanted
_SECONDS = 20.0  # after which no further article is tried


def find_suggestions(
    articles: Sequence[ArticleDetails],
    load: Callable[[str], Article],
    read: Callable[[str], Reading],
    answer: Callable[[str], Answer],
    count: int,
) -> tuple[str, ...]:
    """Up to `count` questions, each of which the archive answers.

    `load` gives an article by its id, `read` parses a sentence, `answer` is asked to find out.
    """
    found: dict[str, set[str]] = {}  # with the beginnings of its article's headline
    tried, deadline = 0, time.monotonic() + _SECONDS
    for details in _newest(articles):
        event = _beginnings(details.title)
        if any(len(event & other) >= 2 for other in found.values()):
            continue
        for question in _drawn(load(details.id), read):
            tried += 1
            if _answers(answer(question)):
                found[question] = event
                break
            if tried == _TRIES * count:
                return tuple(found)
        if len(found) == count or time.monotonic() > deadline:
            break
    return tuple(found)


def _drawn(article: Article, read: Callable[[str], Reading]) -> Iterator[str]:
    """The questions that the first sentences of an article answer."""
    text = mask(article.text, find_instructions(article.text))
    for sentence in split(text)[:_SENTENCES]:
        if is_english(sentence.text):
            yield from questions_of(read(sentence.text))


def _answers(answer: Answer) -> bool:
    """Whether it is an answer, by a sentence that has the words asked for; a verb may be "struck"
    there and "strike" in the question."""
    asked = set(content_words(answer.question))
    quotes = (citation.quote for claim in answer.claims for citation in claim.citations)
    held = (len(asked.intersection(content_words(quote))) for quote in quotes)
    return not answer.abstained and max(held, default=0) >= max(len(asked) - 1, 1)


def _newest(articles: Sequence[ArticleDetails]) -> list[ArticleDetails]:
    """The newest first, the undated last."""
    return sorted(
        articles,
        key=lambda article: article.published.timestamp() if article.published else 0.0,
        reverse=True,
    )


def _beginnings(headline: str) -> set[str]:
    """The beginnings of its longer words: two in common mean, most times, the same event."""
    return {word[:4] for word in re.findall(r"\w{4,}", headline.casefold())}
