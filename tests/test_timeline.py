import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities import ArticleDetails, Briefing, CoverageEntry, Period, Precision, Story, Use
from bot.rendering import compare, draw_timeline, to_document, to_html, to_markdown
from tests.test_rendering import HOSTILE, Elements, hostile

DAY = datetime(2026, 11, 20, tzinfo=UTC)


def article(name: str, days: float = 0, **details: object) -> ArticleDetails:
    facts = {"published": DAY + timedelta(days=days), "precision": Precision.DAY} | details
    return ArticleDetails(id=name, title=f"Headline of {name}", outlet="Post", **facts)  # type: ignore[arg-type]


def briefing(*articles: ArticleDetails, **rest: object) -> Briefing:
    story = Story(headline="Ferry sinks", headline_article="a", articles=("a", "b"))
    coverage = [CoverageEntry(article=one.id, use=Use.USED) for one in articles]
    facts = {"stories": (story,), "coverage": tuple(coverage)} | rest
    return Briefing(created=DAY, articles=articles, **facts)  # type: ignore[arg-type]


def places(markup: str) -> list[float]:
    return [float(place) for place in re.findall(r'<circle class="nb-dot" cx="([\d.]+)%"', markup)]


def test_dots_lie_where_their_days_lie_in_the_period() -> None:
    period = Period(since=DAY, until=DAY + timedelta(days=10))
    markup = draw_timeline(briefing(article("a", 0), article("b", 5), period=period))
    assert places(markup) == [1.5, 50.0]


def test_without_a_period_the_articles_bound_it() -> None:
    markup = draw_timeline(briefing(article("a", 0), article("b", 5)))
    assert places(markup) == [1.5, 82.33]


def test_bars_count_every_dated_article_of_the_period() -> None:
    all_days = [article("a", 0), article("b", 0), article("c", 3), article("d", published=None)]
    markup = draw_timeline(briefing(*all_days))
    assert re.findall(r"<rect.*?<title>(.*?)</title>", markup) == [
        "2 articles from 20 Nov 2026",
        "1 article from 23 Nov 2026",
    ]
    shown = briefing(*all_days)
    outside = [replace(one, use=Use.OUTSIDE_PERIOD) if one.article == "c" else one
               for one in shown.coverage]  # fmt: skip
    assert "23 Nov" not in draw_timeline(replace(shown, coverage=tuple(outside)))


def test_what_lies_far_before_the_rest_is_told_but_not_drawn() -> None:
    far = [article("a", -900), article("b", 0), article("c", 2)]
    story = Story(headline="Ferry sinks", headline_article="a", articles=("a",))
    markup = draw_timeline(briefing(*far, stories=(story,)))
    assert places(markup) == []
    assert "← 3 Jun 2024" in markup
    assert "1 article from before 20 Nov 2026 not drawn." in markup
    period = Period(since=DAY - timedelta(days=1000))
    assert len(places(draw_timeline(briefing(*far, stories=(story,), period=period)))) == 1


def test_the_picture_has_a_name_and_the_same_in_a_table() -> None:
    shown = briefing(article("a", 0), article("b", 5))
    for markup in (to_html(shown, pictured=True), to_document(shown, "Briefing")):
        assert 'role="img" aria-label="Timeline: 2 articles' in markup
    markup = draw_timeline(shown)
    assert 'aria-label="Timeline: 2 articles and 1 story, 20 November 2026 to 25' in markup
    assert "<td>2</td><td>20 Nov 2026, 25 Nov 2026</td>" in markup


def test_nothing_dated_is_no_picture() -> None:
    assert draw_timeline(briefing(article("a", published=None))) == ""
    assert draw_timeline(Briefing(created=DAY)) == ""


@given(st.integers(0, 400), st.integers(0, 400))
def test_everything_stays_within_the_picture(first: int, second: int) -> None:
    markup = draw_timeline(briefing(article("a", first), article("b", second)))
    assert all(1.5 <= place <= 98.5 for place in places(markup))
    bars = re.findall(r'<rect class="nb-bar" x="([\d.]+)%" y="[\d.]+" width="([\d.]+)%"', markup)
    assert all(float(x) + float(width) <= 100 for x, width in bars)


def test_a_document_stands_alone_and_its_marks_lead_to_its_sources() -> None:
    text = to_document(hostile(), "Briefing <b>")
    seen = Elements(text)
    assert not {"script", "img", "iframe", "b", "form", "link"} & set(seen.tags)
    assert not [name for name in seen.attributes if name.startswith("on") or name == "style"]
    inner = {link for link in seen.links if link.startswith("#")}
    assert inner
    assert all(f'id="{link[1:]}"' in text for link in inner)
    assert set(seen.links) - inner == {"https://ok.test/%22%3E%3Cb%3E"}
    assert "<title>Briefing &lt;b&gt;</title>" in text
    assert "<svg" in text


def test_a_hostile_headline_is_text_in_the_picture() -> None:
    story = Story(headline=HOSTILE, headline_article="a", articles=("a",))
    markup = draw_timeline(briefing(article("a"), stories=(story,)))
    assert not {"script", "img", "b"} & set(Elements(markup).tags)


def test_a_reworded_sentence_shows_its_words_taken_out_and_put_in() -> None:
    after = ["It rained.", "Twelve were hurt on Monday."]
    markup = compare(["It rained.", "Ten were hurt on Monday."], after)
    assert plain(markup) == "It rained. [removed: Ten][added: Twelve] were hurt on Monday."


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (["A one."], ["A one.", "Quite new."], "A one. [added: Quite new.]"),
        (["A one.", "Gone now."], ["A one."], "A one. [removed: Gone now.]"),
        (["Ten ships sank."], ["Nobody knows why."],
         "[removed: Ten ships sank.] [added: Nobody knows why.]"),
        (["Same."], ["Same."], ""),
        ([], ["<b>New</b>."], "[added: &lt;b&gt;New&lt;/b&gt;.]"),
    ],
)  # fmt: skip
def test_differences_are_told_in_words_too(before: list[str], after: list[str], shown: str) -> None:
    assert plain(compare(before, after)) == shown


def test_what_did_not_change_is_left_out_but_for_the_neighbours() -> None:
    before = [f"Sentence {n}." for n in range(20)]
    after = [*before[:2], "Quite another.", *before[3:17], "And one more.", *before[17:]]
    shown = plain(compare(before, after))
    assert "Sentence 1." in shown
    assert "Sentence 8." not in shown
    assert "…" in shown


@given(st.lists(st.sampled_from("abcd<&")), st.lists(st.sampled_from("abcd<&")))
def test_both_texts_can_be_read_from_their_differences(before: list[str], after: list[str]) -> None:
    markup = compare(before, after)
    gone = set(re.findall(r"\[removed: (.*?)\]", plain(markup)))
    come = set(re.findall(r"\[added: (.*?)\]", plain(markup)))
    escaped = {"<": "&lt;", "&": "&amp;"}
    assert gone <= {escaped.get(one, one) for one in before}
    assert come <= {escaped.get(one, one) for one in after}
    assert (markup == "") == (before == after)


def plain(markup: str) -> str:
    return re.sub("<[^>]+>", "", markup.replace("</li><li", "</li> <li"))


def test_the_picture_stands_below_the_head_of_a_briefing() -> None:
    shown = to_html(briefing(article("a")), pictured=True)
    assert shown.index('<p class="nb-extent">') < shown.index("<svg") < shown.index("nb-story")
    assert "<svg" not in to_html(briefing(article("a")))
    assert not {"script", "img", "b"} & set(Elements(to_html(hostile(), pictured=True)).tags)


def test_a_reason_names_an_article_by_its_headline() -> None:
    entry = CoverageEntry(article="b", use=Use.ALTERNATE, reason="nearly the same text as a")
    text = to_markdown(briefing(article("a"), article("b"), coverage=(entry,)))
    assert "nearly the same text as “Headline of a”" in text
