"""What goes wrong while somebody reads: a server ends, a model fails, an answer is very long."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.entities import Answer, Article, Citation, Claim, Verdict
from bot.newsbot import Newsbot
from bot.settings import Settings
from bot.web.chat import Exchange
from bot.web.keeping import end
from tests.browser.desk import Desk
from tests.browser.served import served
from tests.browser.test_conversations import FERRY, free_port
from tests.browser.test_page import TALKS, faults, overflows
from tests.chat_server import ChatServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

OpenDesk = Callable[..., Desk]
MET = "Kim Jong Un met Vladimir Putin at the Vostochny space center in Russia. [1] "
CITED = 200


def test_a_server_that_ends_in_the_middle_of_an_answer_loses_no_conversation(
    tmp_path: Path, open_desk: OpenDesk, chat_server: ChatServer
) -> None:
    chat_server.hang(MET + "Kim arrived in Russia via")
    chat_server.reply(MET)
    settings = {
        "OPENAI_API_KEY": "a-key",
        "OPENAI_BASE_URL": chat_server.url,
        "NEWSBOT_MODEL": "scripted",
        "NEWSBOT_RETRIES": "0",
    }
    port = free_port()
    with served(tmp_path, "seeds", port=port, **settings) as address:
        desk = open_desk(address)
        expect(desk.page.locator(".nb-welcome li").nth(1)).to_be_visible()  # all is loaded
        reply = desk.send(TALKS)
        expect(reply.locator(".nb-live .nb-claim").first).to_contain_text("Vostochny")
        expect(desk.current).to_contain_text("What did Kim Jong Un")
        expect(desk.page).to_have_url(re.compile("#talk/"))
        kept = desk.page.url
    with served(tmp_path, port=port, **settings):
        desk.page.goto("about:blank")
        desk.page.goto(kept)
        expect(desk.current).to_contain_text("What did Kim Jong Un")
        acts = desk.wait_for_end()
        expect(desk.latest).to_contain_text("This was not answered to its end.")
        expect(desk.latest.locator(".nb-draft")).to_have_count(0)
        acts.get_by_role("button", name="Ask again").click()
        expect(desk.latest.locator(".nb-answer .nb-claim").first).to_contain_text("Vostochny")
        expect(desk.page.locator(".user-row")).to_have_count(1)


@pytest.mark.parametrize("ending", ["cut", "drop"])
def test_a_stream_that_breaks_off_keeps_what_it_completed_and_says_so(
    ending: str, model_address: str, chat_server: ChatServer, open_desk: OpenDesk
) -> None:
    getattr(chat_server, ending)(MET + "Kim arrived in Russia via")
    desk = open_desk(model_address)
    answer = desk.ask(TALKS)
    expect(answer.locator(".nb-claim")).to_have_count(1)
    expect(answer).to_contain_text("Incomplete")
    expect(desk.latest.locator(".nb-draft")).to_have_count(0)
    desk.choose(answer.locator("a.nb-mark").first)


@pytest.mark.parametrize("failure", ["garble", "omit_choices", "overload"])
def test_whatever_a_model_does_is_told_in_one_line(
    failure: str, model_address: str, chat_server: ChatServer, open_desk: OpenDesk
) -> None:
    if failure == "overload":
        chat_server.fail(503, "Traceback (most recent call last): <b>upstream</b>")
    else:
        getattr(chat_server, failure)()
    desk = open_desk(model_address)
    reply = desk.send(FERRY)
    alert = reply.get_by_role("alert")
    expect(alert).to_be_visible()
    assert "\n" not in str(alert.text_content()).strip()
    assert reply.locator(".nb-answer, .nb-claim, b").count() == 0
    expect(desk.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_an_answer_with_two_hundred_citations_can_be_read(
    tmp_path: Path, open_desk: OpenDesk
) -> None:
    conversation = keep_long_answer(tmp_path)
    with served(tmp_path) as address:
        desk = open_desk(address)
        desk.page.goto("about:blank")
        desk.page.goto(f"{address}/#talk/{conversation}")
        marks = desk.latest.locator(".nb-claim a.nb-mark")
        expect(marks).to_have_count(CITED)
        for number in (0, CITED - 1):
            sentence = desk.choose(marks.nth(number))
            expect(sentence).to_have_text(f"Gate {number} counted {number * 7} lorries on Monday.")
        desk.page.set_viewport_size({"width": 390, "height": 844})
        assert not overflows(desk.page)


def keep_long_answer(data: Path) -> str:
    """A conversation whose answer cites every sentence of a long article; gives its id."""
    sentences = [f"Gate {n} counted {n * 7} lorries on Monday." for n in range(CITED)]
    text = "\n\n".join(sentences)
    article = Article(id="gates", title="Lorries at every gate", text=text)
    with Newsbot(Settings(data=data, _env_file=None)) as newsbot:  # type: ignore[call-arg]
        newsbot.ingest(article)
        starts = [text.index(sentence) for sentence in sentences]
        claims = tuple(
            Claim(
                text=sentence,
                citations=(Citation("gates", 1, start, start + len(sentence), sentence),),
                verdict=Verdict.SUPPORTED,
            )
            for sentence, start in zip(sentences, starts, strict=True)
        )
        question = "How many lorries did the gates count?"
        kept = Answer(question=question, claims=claims, articles=(article.details,))
        talks = newsbot.conversations
        talk = talks.begin("", question)
        asked = talks.ask("", talk.id, question)
        talks.answer("", asked.id, end(Exchange(message=question, result=kept)))
        return talk.id


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_menu_or_dialog_hinders_assistive_technology(
    scheme: str, address: str, open_desk: OpenDesk
) -> None:
    desk = open_desk(address, color_scheme=scheme)
    page = desk.page
    desk.ask(TALKS)
    acts = desk.wait_for_end()
    acts.get_by_role("button", name="Not good").click()
    expect(acts.get_by_label("Why?")).to_be_focused()
    assert faults(page) == []
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_label("From")).to_be_visible()
    assert faults(page) == []
    desk.current.locator("summary").click()
    expect(desk.current.get_by_text("Export")).to_be_visible()
    assert faults(page) == []
    desk.current.get_by_text("Rename", exact=True).click()
    expect(page.get_by_label("New title")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("Escape")
    desk.choose(desk.latest.locator("a.nb-mark").first)
    assert faults(page) == []
    desk.menu("Delete")
    expect(desk.talks.get_by_role("button", name="Undo")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name="Remove Dozens shaken").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert faults(page) == []
