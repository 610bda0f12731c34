"""What the tabs beside the chat show and do, without a browser."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.archive.calls import Call, Ledger
from bot.archive.catalogue import Alternate, Entry, Listing, Order, Wanted
from bot.doctor import Finding
from bot.entities import Article, ArticleDetails, Briefing, Progress
from bot.errors import EmptySourceError, InterruptedWorkError, SettingsError
from bot.newsbot import Newsbot
from bot.rendering.verdicts import lay_out_verdicts
from bot.settings import Settings
from bot.web.adding import Parcel, add, read_parcel
from bot.web.briefing_desk import STORIES, brief, read_order, show_form
from bot.web.checking import Uploads, check, fill, show_example
from bot.web.downloads import pack
from bot.web.fields import Fields
from bot.web.library import read_wanted, show_listing
from bot.web.overview import show_findings, show_overview
from bot.web.revisions import show_revisions
from bot.web.words import show_progress
from bot.web.work import StopButton, Work
from tests.test_rendering import HOSTILE, Elements

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
FERRY = "Ferry Stops\n\nThe ferry to Norhaven stopped on Monday. It will sail again in May."


@pytest.fixture
def newsbot(tmp_path: Path) -> Newsbot:
    settings = Settings(data=tmp_path / "data", timezone="UTC", _env_file=None)  # type: ignore[call-arg]
    return Newsbot(settings, clock=lambda: NOW)


def fields(**values: object) -> Fields:
    lists = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return Fields({"fields": lists})


@pytest.mark.parametrize(
    "sent", [None, [], "x", {}, {"fields": 7}, {"fields": {"a": "text"}}, {"fields": {"a": [7]}}]
)
def test_what_is_no_form_has_no_fields(sent: object) -> None:
    read = Fields(sent)
    assert (read.line("a"), read.text("a"), read.choices("a")) == ("", "", ())
    assert read.number("a", 1, 9, 5) == 5


def test_fields_are_cut_and_kept_within_bounds() -> None:
    read = fields(words="  two\n words ", many=["a", "", "a", "b"], stories="99", bad="x")
    assert read.line("words") == "two words"
    assert read.choices("many") == ("a", "b")
    assert read.number("stories", 1, 50, 8) == 50
    assert read.number("bad", 1, 50, 8) == 8
    assert len(fields(words="x" * 5000).line("words")) == 1000


def test_only_files_that_the_page_stored_are_read(tmp_path: Path) -> None:
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    stored, secret = uploads / "a.txt", tmp_path / "secret.txt"
    stored.write_text("x")
    secret.write_text("x")
    (uploads / "link.txt").symlink_to(secret)
    sent = [str(stored), str(secret), f"{uploads}/../secret.txt", str(uploads / "link.txt"),
            str(uploads), "a\0b", "/etc/passwd"]  # fmt: skip
    assert fields(file=sent).files("file", uploads) == (stored,)


def test_a_listing_is_asked_for_by_the_form() -> None:
    asked = read_wanted(
        fields(words="ferry", outlet="Post", order="headline", period="7d", page="3"), NOW
    )
    assert (asked.words, asked.outlets, asked.order, asked.page) == (
        "ferry", ("Post",), Order.HEADLINE, 3,
    )  # fmt: skip
    assert asked.period.since == datetime(2026, 11, 17, 12, tzinfo=UTC)
    assert read_wanted(fields(order="none"), NOW) == Wanted()
    with pytest.raises(SettingsError, match="names no period"):
        read_wanted(fields(period="nonsense"), NOW)


def test_a_listing_shows_entries_with_what_can_be_done_to_them() -> None:
    other = ArticleDetails(id="b", title="Same words", outlet="Gazette")
    article = ArticleDetails(id="a/1", revision=3, title="Ferry sinks", outlet="Post")
    entry = Entry(article=article, revisions=3, added=NOW, alternates=(Alternate(article=other),))
    markup = show_listing(Listing(entries=(entry,), total=120, page=2, pages=3), {"Post": 120})
    assert '<a href="#cite/a%2F1/3/0/0"><bdi>Ferry sinks</bdi></a>' in markup
    assert 'aria-label="3 revisions of Ferry sinks"' in markup
    assert 'aria-label="Remove Ferry sinks"' in markup
    assert "The same text in 1 other place" in markup
    assert "51 to 100 of 120 articles" in markup
    assert 'name="page" value="1">Previous' in markup
    assert 'name="page" value="3">Next' in markup


def test_near_duplicates_stand_under_the_article_that_they_repeat(newsbot: Newsbot) -> None:
    report = "The ferry to Norhaven struck the harbour wall in thick fog on Monday morning, and "
    report += "eleven passengers were treated for bruises, the port authority said in a statement."
    texts = (report, f"{report} Repairs will take a week.", "Trams stop. The line is under repair.")
    with newsbot:
        newsbot.ingest(*(f"Headline {n}\n\n{text}" for n, text in enumerate(texts)))
        listing = newsbot.catalogue.page(Wanted())
        markup = show_listing(listing, {})
    assert listing.total == 2
    assert markup.count('<li class="nb-entry">') == 2
    assert "Nearly the same text in 1 other place" in markup
    assert markup.count(">Remove</button>") == 3


def test_an_empty_library_invites_and_a_search_without_a_hit_does_not() -> None:
    nothing = Listing(entries=(), total=0, page=1, pages=1)
    assert 'data-event="sample"' in show_listing(nothing, {})
    searched = show_listing(nothing, {"Post": 3}, Wanted(words="zebra"))
    assert "No article fits" in searched
    assert 'value="zebra"' in searched


def test_hostile_articles_are_text_on_the_shelf_and_among_revisions() -> None:
    hostile = Article(id='x"><b>', title=HOSTILE, outlet=HOSTILE, author=HOSTILE, text=HOSTILE)
    again = Alternate(article=hostile.details)
    entry = Entry(article=hostile.details, revisions=2, added=NOW, alternates=(again,))
    listing = Listing(entries=(entry,), total=1, page=1, pages=1)
    later = replace(hostile, revision=2, text=f"{HOSTILE} And more.", title="New")
    for markup in (
        show_listing(listing, {HOSTILE: 1}, Wanted(words=HOSTILE, outlets=(HOSTILE,))),
        show_revisions([hostile, later]),
        show_progress(Progress("writing", 1, 2, HOSTILE)),
    ):
        seen = Elements(markup)
        assert not {"script", "img", "b", "iframe"} & set(seen.tags)
        assert not [name for name in seen.attributes if name.startswith("on") or name == "style"]
        assert not [link for link in seen.links if not link.startswith("#cite/")]


def test_revisions_show_what_each_changed_the_newest_first() -> None:
    first = Article(id="a", title="Crash", text="Ten were hurt on Monday. It rained.")
    second = replace(first, revision=2, text="Twelve were hurt on Monday. It rained.")
    third = replace(second, revision=3, outlet="Post")
    markup = show_revisions([first, second, third])
    shown = re.sub("<[^>]+>", "", markup)
    assert "[removed: Ten][added: Twelve] were hurt on Monday." in shown
    assert "the source now states: outlet" in shown
    assert markup.count(">correction</em>") == 1
    assert shown.index("Revision 3") < shown.index("Revision 2") < shown.index("Revision 1")


@pytest.mark.parametrize("address", ["file:///etc/passwd", "/etc/passwd", "seeds", "-"])
def test_only_an_address_of_the_web_is_fetched(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no web address"):
        read_parcel(fields(address=address), tmp_path)


def test_nothing_to_add_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmptySourceError, match="nothing to add"):
        read_parcel(fields(text="  \n", file=["/etc/passwd"]), tmp_path)


def test_texts_and_files_are_added_each_with_its_outcome(newsbot: Newsbot, tmp_path: Path) -> None:
    good, bad, empty = (tmp_path / name for name in ("tram.txt", "photo.png", "empty.txt"))
    good.write_text("Tram Opens\n\nThe tram opened on Friday. It has 17 stops.")
    bad.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    empty.write_text("")
    with newsbot:
        *_, markup = add(newsbot, Parcel(files=(good, bad, empty), text=FERRY), StopButton())
        titles = {article.title for article in newsbot.articles()}
    assert titles == {"Tram Opens", "Ferry Stops"}
    assert "2 added, 2 failed" in markup
    assert "photo.png" in markup
    assert str(tmp_path) not in markup
    assert not [path for path in (good, bad, empty) if path.exists()]


def test_the_same_file_uploaded_again_is_a_revision(newsbot: Newsbot, tmp_path: Path) -> None:
    with newsbot:
        for folder, number in (("one", "17"), ("two", "18")):
            path = tmp_path / folder / "tram.txt"
            path.parent.mkdir()
            path.write_text(f"Tram Opens\n\nThe tram opened on Friday. It has {number} stops.")
            *_, markup = add(newsbot, Parcel(files=(path,)), StopButton())
        assert "1 revised" in markup
        (article,) = newsbot.articles()
        assert len(newsbot.catalogue.revisions(article.id)) == 2


def test_the_stop_button_ends_what_goes_on_at_once_and_the_rest_not() -> None:
    button, going_on = StopButton(), threading.Event()
    slow = button.put_on(Work(lambda report: report(Progress("writing", 1)) or going_on.wait(30)))
    done = button.put_on(Work(lambda report: "made"))
    assert list(done) == []
    watched = iter(slow)
    assert next(watched) == Progress("writing", 1)
    button.press()
    assert list(watched) == []
    going_on.set()
    with pytest.raises(InterruptedWorkError):
        slow.outcome()
    assert done.outcome() == "made"


def test_what_is_stopped_says_that_what_was_done_is_kept(newsbot: Newsbot) -> None:
    button = StopButton()
    with newsbot:
        states = add(newsbot, Parcel(sample=True), button)
        next(states)
        next(states)
        button.press()
        assert "What was done by then is kept" in list(states)[-1]


def test_a_briefing_is_ordered_by_the_form() -> None:
    order = read_order(fields(topic=" ferries ", period="7d", stories="3", bullets="0"), NOW)
    assert (order.topic, order.stories, order.bullets, order.undated) == ("ferries", 3, 1, False)
    assert read_order(fields(undated="yes"), NOW).stories == STORIES
    assert 'data-event="sample"' in show_form(holds=False)


def test_a_briefing_comes_with_downloads_and_a_timeline(newsbot: Newsbot) -> None:
    with newsbot:
        newsbot.ingest(FERRY)
        *_, last = brief(newsbot, fields(topic="ferry"), StopButton())
        assert last.briefing is not None
        assert last.briefing.topic == "ferry"
        assert 'data-format="html"' in last.markup
        *_, none = brief(newsbot, fields(period="2001"), StopButton())
        assert "No story to tell" in none.markup
        *_, wrong = brief(newsbot, fields(period="nonsense"), StopButton())
        assert wrong.briefing is None
        assert 'role="alert"' in wrong.markup


@pytest.mark.parametrize(
    ("form", "kind"),
    [("md", "text/markdown"), ("html", "text/html"), ("json", "application/json")],
)
def test_a_download_is_the_whole_result(form: str, kind: str) -> None:
    briefing = Briefing(topic="Heat / pumps", created=NOW)
    packed = json.loads(pack(briefing, form, "Briefing Heat / pumps", NOW))
    assert packed["name"] == f"briefing-heat-pumps-2026-11-24.{form}"
    assert packed["type"] == kind
    assert "Heat / pumps" in packed["text"]
    if form == "json":
        assert Briefing.from_json(packed["text"]) == briefing


def test_a_check_shows_each_claim_beside_its_evidence(newsbot: Newsbot, tmp_path: Path) -> None:
    text = "The ferry to Norhaven stopped on Monday. It sank with 40 passengers."
    asked = fields(text=text, given=f"{FERRY}\n---\nTram Opens\n\nThe tram opened.")
    *_, last = check(newsbot, asked, Uploads(tmp_path), StopButton())
    assert last.check is not None
    assert [article.title for article in last.articles] == ["Ferry Stops", "Tram Opens"]
    assert last.markup.count('class="nb-row ') == 2
    assert '<q><bdi>The ferry to Norhaven stopped on Monday.</bdi></q> <a class="nb-mark"' in (
        last.markup
    )


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"text": "", "given": FERRY}, "no text to check"),
        ({"text": "It sank.", "given": " "}, "at least one article"),
        ({"text": "x" * 20_001, "given": FERRY}, "at most 20,000"),
        ({"text": "It sank.", "article": "none"}, "holds no article none"),
    ],
)
def test_a_check_that_cannot_be_made_is_told(
    sent: dict[str, str], told: str, newsbot: Newsbot, tmp_path: Path
) -> None:
    *_, last = check(newsbot, fields(**sent), Uploads(tmp_path), StopButton())
    assert last.check is None
    assert told in last.markup


def test_an_uploaded_file_is_read_once_deleted_and_still_there_for_the_next_check(
    newsbot: Newsbot, tmp_path: Path
) -> None:
    uploads, other = Uploads(tmp_path), Uploads(tmp_path)
    file = tmp_path / "ferry.txt"
    file.write_text(FERRY)
    asked = fields(text="The ferry stopped on Monday.", file=str(file))
    for _ in range(2):
        *_, last = check(newsbot, asked, uploads, StopButton())
        assert [article.title for article in last.articles] == ["Ferry Stops"]
        assert not file.exists()
    *_, gone = check(newsbot, asked, other, StopButton())
    assert "choose it again" in gone.markup


def test_articles_of_the_library_are_found_chosen_and_left_out(newsbot: Newsbot) -> None:
    with newsbot:
        newsbot.ingest(FERRY)
        (article,) = newsbot.articles()
        assert f'data-value="{article.id}"' in fill(newsbot, fields(find="norhav"))
        chosen = fill(newsbot, fields(find="norhav", article=[article.id]))
        assert f'name="article" value="{article.id}"' in chosen
        assert "No other article" in chosen
        assert 'name="article"' not in fill(newsbot, fields(article=article.id, drop=article.id))


def test_the_example_is_partly_wrong(newsbot: Newsbot, tmp_path: Path) -> None:
    given = re.findall(r"<textarea[^>]*>(.*?)</textarea>", show_example(), re.DOTALL)
    *_, last = check(
        newsbot, fields(text=given[0], given=given[1]), Uploads(tmp_path), StopButton()
    )
    assert last.check is not None
    assert 0 < last.check.score < 1
    assert "supported" in lay_out_verdicts(last.check)


def test_the_status_tells_who_writes_what_is_kept_and_where(newsbot: Newsbot) -> None:
    with newsbot:
        newsbot.ingest(FERRY)
        markup = show_overview(newsbot)
    assert "Newsbot writes extractively" in markup
    assert "OPENAI_API_KEY" in markup
    assert str(newsbot.settings.directory) in markup
    assert "<dt>Articles</dt><dd>1</dd>" in markup
    assert "nothing was spent" in markup


def test_a_broken_file_of_standing_briefings_hides_nothing_else(newsbot: Newsbot) -> None:
    with newsbot:
        newsbot.ingest(FERRY)
        newsbot.settings.standing_briefings.write_text("[[nonsense")
        markup = show_overview(newsbot)
    assert "nb-problem" in markup
    assert "Newsbot writes extractively" in markup


def test_spending_is_summed_by_model(newsbot: Newsbot) -> None:
    with newsbot:
        newsbot.ingest(FERRY)
        ledger = Ledger(newsbot._equipment.library.archive.database)
        for at in (NOW, NOW - timedelta(days=4)):
            took = {"input_tokens": 1000, "output_tokens": 50, "cost": 0.25}
            call = Call(at=at, purpose="story", prompt="p", model="m", **took)  # type: ignore[arg-type]
            ledger.add(call)
            ledger.add(call)
        cells = re.findall(r'<td class="nb-number-cell">(.*?)</td>', show_overview(newsbot))
    assert cells == ["4", "0", "4,000", "200", "2,100", "1.0000"]


def test_findings_that_need_attention_come_first() -> None:
    found = [Finding("python", True, "3.11"), Finding("index", False, "gone", "Run <rebuild>.")]
    markup = show_findings(found)
    assert "1 of 2 need attention" in markup
    assert markup.index("index") < markup.index("python")
    assert "Run &lt;rebuild&gt;." in markup
