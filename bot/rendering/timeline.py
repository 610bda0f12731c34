"""A picture of when the articles of a briefing were published, story by story, with a table.

The picture is a strip of SVG a line, beside or below its headline, whose places are percentages, so
that it fits any width and its letters keep their size. Bars count all dated articles of the period
that are on the topic; a dot is an article of a story. Colours and columns are left to whoever shows
it, by classes that begin with nb-.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.entities import ArticleDetails, Briefing, Precision, Story, Use
from bot.rendering.notation import clean
from bot.rendering.phrases import count, describe_time

BARS = 40  # at most; none is shorter than a day
LANES = 12  # stories that the picture shows; the table shows all
_BAR, _LANE = 44, 18  # pixels: of the highest bar, and of a story's strip
_GAP = 0.75  # of the whole time: what lies before a longer gap is told in words, not drawn
_OUTSIDE = (Use.OUTSIDE_PERIOD, Use.UNDATED, Use.OFF_TOPIC)


@dataclass(frozen=True, slots=True)
class Span:
    """The time [since, until) that the picture shows."""

    since: datetime
    until: datetime

    @property
    def last(self) -> datetime:
        """The last moment within it."""
        return self.until - timedelta(seconds=1)

    def place(self, moment: datetime) -> float:
        """Where a moment lies, in percent of the width, a little off the edges."""
        share = (moment - self.since) / (self.until - self.since)
        return 1.5 + 97 * min(max(share, 0.0), 1.0)


def draw_timeline(briefing: Briefing) -> str:
    """The timeline as a `<figure>`; "" when no article of the period has a date."""
    dated = _dated(briefing)
    if not dated:
        return ""
    span = _span(briefing, dated)
    drawn = [one for one in dated if _published(one) >= span.since]
    by_id = {article.id: article for article in dated}
    stories = [(story, _members(story, by_id)) for story in briefing.stories]
    return (
        '<figure class="nb-timeline"><figcaption>When the articles were published</figcaption>'
        f"{_picture(span, drawn, stories)}{_earlier(len(dated) - len(drawn), span)}"
        f"{_table(stories)}</figure>"
    )


def _dated(briefing: Briefing) -> list[ArticleDetails]:
    """The articles that took part or could have, with a date, oldest first."""
    outside = {entry.article for entry in briefing.coverage if entry.use in _OUTSIDE}
    within = [one for one in briefing.articles if one.published and one.id not in outside]
    return sorted(within, key=_published)


def _published(article: ArticleDetails) -> datetime:
    assert article.published is not None  # noqa: S101 - only those with a date are drawn
    return article.published


def _span(briefing: Briefing, dated: Sequence[ArticleDetails]) -> Span:
    day = timedelta(days=1)
    since = briefing.period.since or _beginning([_published(one) for one in dated])
    until = briefing.period.until or _published(dated[-1]) + day
    return Span(since, max(until, since + day))


def _beginning(moments: Sequence[datetime]) -> datetime:
    """The first moment, or the first after a gap so long that the rest would be one dot."""
    whole = moments[-1] - moments[0]
    for before, after in pairwise(moments[: (len(moments) + 1) // 2]):
        if after - before > _GAP * whole:
            return after
    return moments[0]


def _members(story: Story, by_id: dict[str, ArticleDetails]) -> list[ArticleDetails]:
    ids = (*story.articles, *story.alternates)
    return sorted((by_id[one] for one in ids if one in by_id), key=_published)


def _picture(
    span: Span,
    dated: Sequence[ArticleDetails],
    stories: Sequence[tuple[Story, list[ArticleDetails]]],
) -> str:
    said = (
        f"{count(len(dated), 'article')} and {count(len(stories), 'story')}, "
        f"{describe_time(span.since, Precision.DAY)} to {describe_time(span.last, Precision.DAY)}; "
        "the table that follows says the same"
    )
    lanes = "".join(_lane(n, story, own, span) for n, (story, own) in enumerate(stories[:LANES], 1))
    axis = _strip(_BAR + 30, *_bars(span, dated), *_ticks(span))
    return (
        f'<div class="nb-picture" role="img" aria-label="Timeline: {html.escape(said)}">'
        f'<div class="nb-lane"><span>All articles</span>{axis}</div>{lanes}</div>'
    )


def _strip(height: int, *shapes: str) -> str:
    return f'<svg width="100%" height="{height}" aria-hidden="true">{"".join(shapes)}</svg>'


def _bars(span: Span, dated: Sequence[ArticleDetails]) -> Iterator[str]:
    days = max(1, -(-(span.until - span.since) // timedelta(days=1)))
    number = min(BARS, days)
    width = (span.until - span.since) / number
    bins = Counter(min(number - 1, (_published(one) - span.since) // width) for one in dated)
    most = max(bins.values())
    for n, articles in sorted(bins.items()):
        left = span.place(span.since + n * width)
        height = round(_BAR * articles / most, 1)
        label = f"{count(articles, 'article')} from {_day(span.since + n * width)}"
        yield (
            f'<rect class="nb-bar" x="{left:.2f}%" y="{6 + _BAR - height}" '
            f'width="{max(0.4, 97 / number - 0.4):.2f}%" height="{height}" rx="2">'
            f"<title>{html.escape(label)}</title></rect>"
        )


def _ticks(span: Span) -> Iterator[str]:
    """The axis with the days at its ends and in its middle."""
    base = _BAR + 8
    yield f'<line class="nb-axis" x1="1.5%" x2="98.5%" y1="{base}" y2="{base}"></line>'
    middle = span.since + (span.until - span.since) / 2
    ticks = [(span.since, "start"), (middle, "middle"), (span.last, "end")]
    if span.until - span.since < timedelta(days=4):
        del ticks[1]
    for moment, anchor in ticks:
        place = f'x="{span.place(moment):.2f}%" y="{base + 18}" text-anchor="{anchor}"'
        yield f'<text class="nb-tick-label" {place}>{html.escape(_day(moment))}</text>'


def _lane(n: int, story: Story, own: Sequence[ArticleDetails], span: Span) -> str:
    headline = f"<span><bdi>{n}. {html.escape(clean(story.headline))}</bdi></span>"
    return f'<div class="nb-lane">{headline}{_strip(_LANE, *_run(own, span))}</div>'


def _run(own: Sequence[ArticleDetails], span: Span) -> Iterator[str]:
    """A story's articles along a line from the first to the last; in words where none is drawn."""
    drawn, y = [one for one in own if _published(one) >= span.since], _LANE // 2
    if not drawn:
        when = f"← {_day(_published(own[-1]))}" if own else "no date"
        yield f'<text x="1.5%" y="{y + 5}">{when}</text>'
        return
    first, last = span.place(_published(drawn[0])), span.place(_published(drawn[-1]))
    yield f'<line class="nb-run" x1="{first:.2f}%" x2="{last:.2f}%" y1="{y}" y2="{y}"></line>'
    yield from (_dot(one, span, y) for one in drawn)


def _dot(article: ArticleDetails, span: Span, y: int) -> str:
    said = ": ".join(filter(None, (article.outlet, article.title)))
    title = html.escape(f"{clean(said)} ({_day(_published(article))})")
    place = f'cx="{span.place(_published(article)):.2f}%" cy="{y}" r="5"'
    return f'<circle class="nb-dot" {place}><title>{title}</title></circle>'


def _earlier(number: int, span: Span) -> str:
    if not number:
        return ""
    said = f"{count(number, 'article')} from before {_day(span.since)} not drawn."
    return f'<p class="nb-earlier">{said}</p>'


def _table(stories: Sequence[tuple[Story, list[ArticleDetails]]]) -> str:
    rows = "".join(_row(n, story, own) for n, (story, own) in enumerate(stories, start=1))
    heads = "".join(f'<th scope="col">{name}</th>' for name in ("Story", "Articles", "Published"))
    return (
        '<details class="nb-table"><summary>The timeline as a table</summary>'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _row(n: int, story: Story, own: Sequence[ArticleDetails]) -> str:
    days = list(dict.fromkeys(_day(_published(one)) for one in own))
    headline = html.escape(clean(story.headline))
    return (
        f'<tr><th scope="row">{n}. <bdi>{headline}</bdi></th><td>{len(own)}</td>'
        f"<td>{html.escape(', '.join(days)) or 'no date'}</td></tr>"
    )


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
