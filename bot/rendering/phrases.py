"""Times, origins, periods and numbers in words, as people write them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.entities import ArticleDetails, Claim, Estimate, Period, Precision, SearchRecord


def describe_time(moment: datetime, precision: Precision = Precision.TIME) -> str:
    """A time as people write it: "30 September 2023, 14:05 UTC"; a day alone where that is all."""
    if precision is Precision.DAY:
        moment = moment.astimezone(UTC)
        return f"{moment.day} {moment:%B %Y}"
    return f"{moment.day} {moment:%B %Y, %H:%M} {moment.tzname() or ''}".rstrip()


def describe_origin(article: ArticleDetails) -> str:
    """Outlet and time of an article, as far as they are known."""
    when = describe_time(article.published, article.precision) if article.published else ""
    return ", ".join(filter(None, (article.outlet, when or "undated")))


def describe_dates(claims: Sequence[Claim], articles: Sequence[ArticleDetails]) -> str:
    """When what the claims rest on was published: "12 to 14 September 2023", "" when unknown."""
    known = {article.id: article for article in articles}
    cited = {citation.article for claim in claims for citation in claim.citations}
    dated = [known[one] for one in cited if one in known and known[one].published]
    if not dated:
        return ""
    dated.sort(key=lambda article: str(article.published and article.published.timestamp()))
    first, last = (_day(article) for article in (dated[0], dated[-1]))
    undated = len(cited) - len(dated)
    span = first if first == last else f"{first} to {last}"
    return f"{span}, and undated ones" if undated else span


def _day(article: ArticleDetails) -> str:
    assert article.published is not None  # noqa: S101 - only dated articles come here
    return describe_time(article.published, article.precision).split(",")[0]


def describe_period(period: Period) -> str:
    """A period in words: "this week: since 20 November 2026, 00:00 UTC"; "" for all time."""
    bounds = [
        f"{name} {describe_time(moment)}"
        for name, moment in (("since", period.since), ("until", period.until))
        if moment
    ]
    return ": ".join(filter(None, (period.words, " ".join(bounds))))


def describe_scope(search: SearchRecord) -> str:
    """Among what was searched: "among 9 articles, this week: since 20 November 2026, 00:00 UTC"."""
    filters = search.filters
    parts = [f"among {count(search.articles, 'article')}", describe_period(filters.period)]
    if filters.outlets:
        parts.append(f"of {', '.join(filters.outlets)}")
    if filters.articles:
        parts.append(f"of {count(len(filters.articles), 'chosen article')}")
    return ", ".join(filter(None, parts))


def describe_estimate(estimate: Estimate) -> str:
    """What work will take of a model: "about 8 calls and 12,300 tokens, costing 0.02"; where there
    is a judge "about 32 calls (24 of them to the judge) and 19,000 tokens"."""
    if not estimate.calls:
        return "no model is asked"
    tokens = int(float(f"{estimate.tokens:.2g}"))
    cost = "" if estimate.cost is None else f", costing {estimate.cost:.2g}"
    judged = f" ({estimate.judged:,} of them to the judge)" if estimate.judged else ""
    return f"about {count(estimate.calls, 'call')}{judged} and {count(tokens, 'token')}{cost}"


def count(number: int, noun: str) -> str:
    """A number and its noun, in the plural where that is due."""
    if number == 1:
        return f"1 {noun}"
    return f"{number:,} {noun[:-1] + 'ies' if noun.endswith('y') else noun + 's'}"
