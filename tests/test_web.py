import os
import re
import socket
import subprocess
import sys
import threading
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities import (
    Answer,
    Article,
    ArticleDetails,
    Citation,
    Claim,
    ClaimChecked,
    DraftText,
    Progress,
    Searching,
    SearchRecord,
    Verdict,
)
from bot.errors import ArticleNotFoundError, InterruptedWorkError, PortInUseError, SettingsError
from bot.newsbot import Newsbot
from bot.rendering.notation import clean
from bot.settings import Settings
from bot.web.app import serve
from bot.web.chat import Exchange, history, reply
from bot.web.commands import Command, Wish, read_command
from bot.web.evidence import Selection, highlight, read_selection, show_article, show_newest
from bot.web.guard import is_own_request
from bot.web.live import LiveAnswer
from bot.web.welcome import introduction
from bot.web.work import Work

HOME = {b"host": b"127.0.0.1:7860"}


@pytest.fixture
def newsbot(tmp_path: Path) -> Newsbot:
    return Newsbot(Settings(data=tmp_path, _env_file=None))  # type: ignore[call-arg]


def open_live() -> LiveAnswer:
    return LiveAnswer("Who?", "extractive", lambda ids: [ArticleDetails(id=each) for each in ids])


@pytest.mark.parametrize(
    ("message", "command"),
    [
        ("Who arrived?", Command(Wish.ANSWER, "Who arrived?")),
        ("/brief the harbour", Command(Wish.BRIEFING, "the harbour")),
        ("/brief", Command(Wish.BRIEFING)),
        ("Brief me on heat pumps, please.", Command(Wish.BRIEFING, "heat pumps")),
        ("brief me", Command(Wish.BRIEFING)),
        ("Could you give me a briefing about trams?", Command(Wish.BRIEFING, "trams")),
        ("Brief me on everything", Command(Wish.BRIEFING)),
        (
            "Was the briefing on Monday held?",
            Command(Wish.ANSWER, "Was the briefing on Monday held?"),
        ),
        ("/summarise Talks\nKim met.", Command(Wish.SUMMARY, "Talks\nKim met.")),
        ("/summarize Talks", Command(Wish.SUMMARY, "Talks")),
        ("Summarise this: Kim met.", Command(Wish.SUMMARY, "Kim met.")),
        ("/summarise https://a.example/1", Command(Wish.SUMMARY, "https://a.example/1")),
        ("Summarise https://a.example/1", Command(Wish.SUMMARY, "https://a.example/1")),
        ("Summarise the talks", Command(Wish.ANSWER, "Summarise the talks")),
        (" /help ", Command(Wish.HELP)),
        ("/dance now", Command(Wish.UNKNOWN, "dance")),
    ],
)
def test_messages_are_read_as_commands(message: str, command: Command) -> None:
    assert read_command(message) == command


def test_an_answer_shows_drafts_as_unverified_until_their_verdict() -> None:
    live = open_live()
    live.take(Searching(SearchRecord(queries=("kim",), articles=3)))
    assert "Reading among 3 articles" in live.markup()
    live.take(DraftText("Kim arrived. And <b>"))
    assert '<p class="nb-draft">Kim arrived. And &lt;b&gt; ' in live.markup()
    claim = Claim(text="Kim arrived.", verdict=Verdict.SUPPORTED)
    live.take(ClaimChecked("Kim arrived.", claim))
    assert live.markup().index("Kim arrived.\N{NO-BREAK SPACE}<span") < live.markup().index(
        'nb-draft">And &lt;b&gt;'
    )
    live.take(ClaimChecked("And <b>", None, ("nobody says so",)))
    assert "nb-draft" not in live.markup()
    live.take(Answer(question="Who?", claims=(claim,)))
    assert "nb-answer" in live.markup()


def test_what_is_stopped_keeps_what_was_checked_alone() -> None:
    live = open_live()
    live.take(DraftText("Kim came. Kim arri"))
    assert live.partial is None
    claim = Claim(text="Kim came.", citations=(Citation("a", 1, 0, 9, "Kim came."),))
    live.take(ClaimChecked("Kim came.", claim))
    assert live.partial
    assert live.partial.claims == (claim,)
    assert [article.id for article in live.partial.articles] == ["a"]
    exchange = Exchange(message="Who?", markup="draft", partial=live.partial, unfinished=True)
    assert "Kim arri" not in exchange.stop().markup
    assert "Stopped" in exchange.stop().markup
    assert exchange.stop().result == live.partial


@given(st.text(alphabet=st.sampled_from("ab <&.\n\t\u2029é"), max_size=60), st.data())
def test_highlighting_keeps_the_text_and_marks_the_span(text: str, draw: st.DataObject) -> None:
    start = draw.draw(st.integers(0, len(text)))
    end = draw.draw(st.integers(start, len(text)))
    markup = highlight(text, (start, end), [(0, len(text) // 2)])
    assert squeezed(re.sub("<[^>]+>", "", markup)) == squeezed(text)
    chosen = re.findall('<mark class="nb-chosen">(.*?)</mark>', markup)
    assert squeezed("".join(chosen)) == squeezed(text[start:end])


def test_a_chosen_sentence_is_marked_within_its_article() -> None:
    article = Article(
        id="a", title="<i>Talks</i>", text="Kim came. Putin <b>spoke</b>.\n\nThey left.",
        outlet="Post", url="javascript:alert(1)",
    )  # fmt: skip
    shown = show_article(article, Selection("a", 1, (10, 29), ((31, 41),)))
    assert '<mark class="nb-chosen">Putin &lt;b&gt;spoke&lt;/b&gt;.</mark>' in shown
    assert '<mark class="nb-cited">They left.</mark>' in shown
    assert "&lt;i&gt;Talks&lt;/i&gt;" in shown
    assert "href" not in shown


def test_the_newest_articles_can_be_opened_and_are_text() -> None:
    shown = show_newest([ArticleDetails(id="a/b", revision=2, title="<b>Talks</b>", outlet="Post")])
    assert '<a href="#cite/a%2Fb/2/0/0"><bdi>&lt;b&gt;Talks&lt;/b&gt;</bdi></a>' in shown
    assert read_selection({"cite": "#cite/a%2Fb/2/0/0"}).article == "a/b"


def test_selections_are_read_from_the_targets_of_marks() -> None:
    near = ["#cite/a%2Fb/2/5/9", "#cite/a%2Fb/2/0/4", "#cite/other/1/0/4"]
    chosen = {"cite": "#cite/a%2Fb/2/5/9", "near": near}
    assert read_selection(chosen) == Selection("a/b", 2, (5, 9), ((0, 4),))


@pytest.mark.parametrize(
    "chosen", [None, {}, {"cite": 7}, {"cite": "#cite/a/1"}, {"cite": "x/y/z/w"}]
)
def test_a_selection_that_is_none_is_refused(chosen: object) -> None:
    with pytest.raises(ArticleNotFoundError, match="leads to no article"):
        read_selection(chosen)


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({b"host": b"localhost:7860"}, True),
        ({b"host": b"[::1]:7860"}, True),
        ({b"origin": b"http://127.0.0.1:7860"}, True),
        ({b"host": b"evil.test"}, False),
        ({b"host": b"evil.test:7860", b"origin": b"http://evil.test:7860"}, False),
        ({b"host": b"127.0.0.1.evil.test"}, False),
        ({b"host": b""}, False),
        ({b"host": b"["}, False),
        ({b"origin": b"https://evil.test"}, False),
        ({b"origin": b"http://127.0.0.1:9999"}, False),
        ({b"origin": b"null"}, False),
        ({b"sec-fetch-site": b"cross-site"}, False),
        ({b"sec-fetch-site": b"cross-site", b"sec-fetch-dest": b"iframe"}, False),
        ({b"sec-fetch-site": b"cross-site", b"sec-fetch-dest": b"document"}, True),
        ({b"sec-fetch-site": b"same-origin"}, True),
    ],
)
def test_only_the_page_itself_may_ask(headers: dict[bytes, bytes], own: bool) -> None:
    assert is_own_request(HOME | headers) is own


def test_a_taken_port_is_told_before_anything_is_loaded(newsbot: Newsbot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortInUseError, match=f"Port {port} of 127.0.0.1 is taken"):
            serve(newsbot, port=port)


@pytest.mark.parametrize(
    ("host", "names", "own"),
    [
        ("news.example:7860", ("news.example",), True),
        ("NEWS.example", ("news.example",), True),
        ("news.example.evil.test", ("news.example",), False),
        ("192.168.1.7:7860", ("0.0.0.0",), True),
        ("[2001:db8::7]:7860", ("::",), True),
        ("192.168.1.7", ("192.168.1.8",), False),
        ("evil.test", ("0.0.0.0",), False),
        ("localhost", ("news.example",), True),
    ],
)
def test_a_page_answers_under_the_names_it_is_served_at(
    host: str, names: tuple[str, ...], own: bool
) -> None:
    assert is_own_request({b"host": host.encode()}, names) is own


def test_gradio_is_not_imported_before_the_page_is_built() -> None:
    code = "import sys, bot.web.app, bot.web.chat; sys.exit('gradio' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )


def test_failures_are_one_line_and_no_answer(newsbot: Newsbot) -> None:
    *_, last = reply(newsbot, "why " * 2000)
    assert last.result is None
    assert last.markup.startswith('<p class="nb-problem" role="alert">The question has 7,999 ')
    *_, last = reply(newsbot, "/dance")
    assert "There is no command /dance" in last.markup


def test_a_pasted_text_is_summarised_and_brings_its_article(newsbot: Newsbot) -> None:
    text = "Ferry Stops\n\nThe ferry to Norhaven stopped on Monday. It will sail again in May."
    *_, last = reply(newsbot, f"/summarise {text}")
    assert last.result is not None
    (article,) = last.articles
    citation = last.result.claims[0].citations[0]
    assert citation.article == article.id
    assert article.text[citation.start : citation.end] == citation.quote


def test_history_holds_checked_claims_of_answers_alone() -> None:
    claims = (
        Claim(text="Kim came.", verdict=Verdict.SUPPORTED),
        Claim(text="It rained.", verdict=Verdict.NOT_CHECKED),
    )
    answer = Answer(question="Who came?", claims=claims)
    earlier = (Exchange(message="Who came?", result=answer), Exchange(message="/help"))
    (turn,) = history(earlier)
    assert (turn.question, turn.answer) == ("Who came?", "Kim came.")


def test_stopping_an_exchange_keeps_what_is_complete() -> None:
    done = Exchange(message="a", markup="answer")
    assert done.stop() == done
    begun = Exchange(message="a", markup="draft", unfinished=True).stop()
    assert "draft" not in begun.markup
    assert begun.result is None
    assert begun.stop() == begun


def test_work_reports_its_progress_and_its_outcome() -> None:
    steps = [Progress("reading", n, 3) for n in range(3)]
    work = Work(lambda report: [report(step) for step in steps] and "made")
    assert list(work) == steps
    assert work.outcome() == "made"


def test_work_raises_what_went_wrong() -> None:
    def fail(report: object) -> None:
        raise SettingsError("no")

    work = Work(fail)
    assert list(work) == []
    with pytest.raises(SettingsError, match="no"):
        work.outcome()


def test_work_that_nobody_watches_any_more_ends() -> None:
    ended = threading.Event()

    def make(report: object) -> None:
        try:
            while True:
                report(Progress("reading", 1))  # type: ignore[operator]
        except InterruptedWorkError:
            ended.set()
            raise

    watched = iter(Work(make))
    next(watched)
    watched.close()  # type: ignore[attr-defined]
    assert ended.wait(10)


def test_headlines_cannot_break_out_of_the_invitation() -> None:
    suggestion = 'What about “"><script>alert(1)</script>”?'
    shown = introduction(True, [suggestion])
    assert "<script" not in shown
    assert 'data-ask="What about “&quot;&gt;&lt;script&gt;' in shown


def squeezed(text: str) -> str:
    return "".join(clean(unescape(text)).split())
