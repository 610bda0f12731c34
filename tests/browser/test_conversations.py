"""Conversations, what can be done with a reply, filters, suggestions, users: as people use them."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.browser.desk import Desk
from tests.browser.served import served
from tests.browser.test_page import QUARRY, TALKS, faults, overflows
from tests.chat_server import ChatServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

OpenDesk = Callable[..., Desk]
FERRY = "Which ferry struck the harbour wall?"
HOSTILE = "<img src=x onerror=\"document.title='owned'\">\u202e"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_a_conversation_goes_on_after_a_restart_in_its_middle(
    tmp_path: Path, open_desk: OpenDesk
) -> None:
    port = free_port()
    with served(tmp_path, "seeds", port=port) as address:
        desk = open_desk(address)
        desk.ask(TALKS)
        desk.wait_for_end()
        kept = desk.page.url
        assert "#talk/" in kept
    with served(tmp_path, port=port):
        desk.page.goto("about:blank")
        desk.page.goto(kept)
        expect(desk.current).to_contain_text("What did Kim Jong Un")
        answer = desk.latest.locator(".nb-answer")
        sentence = desk.choose(answer.locator(".nb-claim a.nb-mark").first)
        assert str(sentence.text_content()) in str(answer.text_content())
        follow_up = desk.ask("And how did he arrive?")
        expect(follow_up.locator(".nb-footer")).to_contain_text("Kim")
        expect(desk.page.locator(".user-row")).to_have_count(2)
        desk.page.get_by_role("button", name="New conversation").click()
        expect(desk.page.locator(".user-row")).to_have_count(0)
        desk.talks.get_by_role("button", name="What did Kim Jong Un").click()
        expect(desk.page.locator(".user-row")).to_have_count(2)


def test_a_conversation_is_renamed_deleted_brought_back_and_exported(
    address: str, open_desk: OpenDesk
) -> None:
    desk = open_desk(address)
    desk.ask(FERRY)
    desk.wait_for_end()
    desk.menu("Rename")
    title = desk.page.get_by_label("New title")
    expect(title).to_be_focused()
    title.fill(f"Ferries {HOSTILE}")
    title.press("Enter")
    expect(desk.current).to_contain_text("Ferries <img src=x onerror=")
    with desk.page.expect_download() as download:
        desk.menu("Export")
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("# Ferries \\<img")
    assert "## Which ferry struck the harbour wall?" in text
    assert "Saint Brannoc" in text
    desk.menu("Delete")
    expect(desk.page.locator(".nb-welcome")).to_be_visible()
    expect(desk.talks).not_to_contain_text("Ferries")
    desk.talks.get_by_role("button", name="Undo").click()
    expect(desk.current).to_contain_text("Ferries")
    expect(desk.latest.locator(".nb-answer")).to_be_visible()
    assert desk.page.title() == "Newsbot"


def test_a_question_is_asked_again_and_edited(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    desk.ask(TALKS)
    first = desk.wait_for_end().get_attribute("data-exchange")
    desk.latest.get_by_role("button", name="Ask again").click()
    expect(desk.latest.locator(f".nb-acts:not([data-exchange='{first}'])")).to_be_visible()
    expect(desk.page.locator(".user-row")).to_have_count(1)
    desk.ask("And when did he arrive?")
    desk.wait_for_end()
    expect(desk.page.get_by_role("button", name="Edit the question")).to_have_count(1)
    desk.latest.get_by_role("button", name="Edit the question").click()
    expect(desk.question).to_have_value("And when did he arrive?")
    expect(desk.question).to_be_focused()
    desk.question.fill(FERRY)
    desk.question.press("Enter")
    expect(desk.page.locator(".user-row").last).to_have_text(FERRY)
    expect(desk.latest.locator(".nb-claim").first).to_contain_text("ferry")
    expect(desk.page.locator(".user-row")).to_have_count(2)
    desk.latest.get_by_role("button", name="Edit the question").click()
    desk.page.get_by_role("button", name="Keep it as it was").click()
    expect(desk.question).to_have_value("")


def test_an_answer_is_copied_and_judged_with_a_comment(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address, permissions=["clipboard-read", "clipboard-write"])
    desk.ask(TALKS)
    acts = desk.wait_for_end()
    acts.get_by_role("button", name="Copy").click()
    expect(acts.get_by_role("button", name="Copied")).to_be_visible()
    copied = desk.page.evaluate("navigator.clipboard.readText()")
    assert "[1]" in copied
    assert "Kim Jong Un" in copied
    acts.get_by_role("button", name="Not good").click()
    desk.page.keyboard.type("It says nothing of satellites.")
    desk.page.keyboard.press("Enter")
    expect(desk.page.get_by_text("Your opinion is kept")).to_be_visible()
    desk.page.reload()
    acts = desk.wait_for_end()
    expect(acts.get_by_role("button", name="Not good")).to_have_attribute("aria-pressed", "true")
    expect(acts.get_by_label("Why?")).to_have_value("It says nothing of satellites.")


def test_filters_are_set_shown_and_removed(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    desk.page.get_by_role("button", name="Filters").click()
    outlets = desk.page.get_by_label("Outlets")
    outlets.click()
    desk.page.get_by_role("option", name="Valley Tribune").click()
    chips = desk.page.get_by_label("Filters that are set")
    expect(chips).to_contain_text("Valley Tribune")
    desk.page.keyboard.press("Escape")
    desk.page.get_by_label("From").fill("2026-11-01")
    expect(chips).to_contain_text("from 2026-11-01")
    answer = desk.ask("What was decided on the tram?")
    expect(answer.locator(".nb-footer")).to_contain_text("of Valley Tribune (fictional)")
    expect(answer.locator(".nb-footer")).to_contain_text("since 1 November 2026")
    for name in ("Valley Tribune", "from 2026-11-01"):
        chips.get_by_role("button", name=name).click()
    expect(chips).to_have_count(0)
    assert faults(desk.page) == []


def test_one_article_alone_is_asked(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    evidence = desk.page.get_by_role("complementary", name="Evidence")
    evidence.get_by_role("link", name="Dozens shaken").click()
    evidence.get_by_role("button", name="Ask only this article").click()
    chips = desk.page.get_by_label("Filters that are set")
    expect(chips).to_contain_text("Dozens shaken")
    answer = desk.ask("What struck the harbour wall?")
    expect(answer.locator(".nb-footer")).to_contain_text("among 1 article")


def test_suggestions_are_answered(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    tries = desk.page.locator(".nb-welcome li button")
    expect(tries.nth(1)).to_contain_text("?")
    tries.first.click()
    expect(desk.latest.locator(".nb-claim").first).to_be_visible()
    assert desk.latest.locator(".nb-abstained").count() == 0


def test_what_is_hostile_stays_text_in_the_list_and_in_filters(
    address: str, open_desk: OpenDesk
) -> None:
    desk = open_desk(address)
    desk.send(f"{HOSTILE} {QUARRY}")
    desk.wait_for_end()
    expect(desk.current).to_contain_text("<img src=x")
    desk.choose(desk.latest.locator("a.nb-mark").first)
    desk.page.get_by_role("button", name="Ask only this article").click()
    expect(desk.page.get_by_label("Filters that are set")).to_contain_text("<img src=x onerror=")
    desk.page.wait_for_timeout(300)
    assert desk.page.title() == "Newsbot"
    assert desk.page.locator("#nb-talks img, #nb-chips img").count() == 0


def test_conversations_on_a_phone_are_a_sheet(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address, viewport={"width": 390, "height": 844})
    desk.ask(FERRY)
    desk.wait_for_end()
    expect(desk.talks).to_be_hidden()
    desk.page.get_by_role("button", name="Conversations").click()
    expect(desk.talks).to_be_visible()
    desk.current.locator("summary").click()
    assert faults(desk.page) == []
    assert not overflows(desk.page)
    desk.talks.get_by_role("button", name="New conversation").click()
    expect(desk.talks).to_be_hidden()
    expect(desk.page.locator(".nb-welcome")).to_be_visible()


def test_two_users_find_their_own_conversations_alone(
    team_address: str, open_desk: OpenDesk
) -> None:
    ada = open_desk(team_address)
    assert faults(ada.page) == []
    ada.sign_in("ada", "wrong horse")
    expect(ada.page.get_by_role("alert")).to_have_text("Name or password is wrong.")
    ada.sign_in("ada", PASSWORD)
    ada.ask(TALKS)
    ada.wait_for_end()
    eve = open_desk(team_address)
    eve.sign_in("eve", PASSWORD)
    expect(eve.talks).to_contain_text("What you ask is kept here.")
    eve.page.goto(ada.page.url)
    eve.page.reload()
    expect(eve.page.get_by_text("There is no such conversation")).to_be_visible()
    expect(eve.page.locator(".user-row")).to_have_count(0)
    expect(eve.talks).not_to_contain_text("Kim")
    ada.talks.get_by_role("button", name="Sign out").click()
    expect(ada.page.get_by_role("button", name="Sign in")).to_be_visible()
    ada.page.goto(team_address)
    assert ada.page.url.endswith("/login")


def test_an_answer_that_was_stopped_keeps_what_was_checked(
    model_address: str, chat_server: ChatServer, open_desk: OpenDesk
) -> None:
    first = "Kim Jong Un met Vladimir Putin at the Vostochny space center in Russia. [1] "
    chat_server.reply(
        first + "Kim arrived in Russia via his private armored train. [1] " * 40, pause=0.1
    )
    desk = open_desk(model_address)
    reply = desk.send(TALKS)
    expect(reply.locator(".nb-claim").first).to_be_visible()
    desk.page.get_by_role("button", name="Stop").click()
    desk.wait_for_end()
    desk.page.reload()
    expect(desk.latest.locator(".nb-claim").first).to_contain_text("Vostochny")
    expect(desk.latest).to_contain_text("What was not checked yet is left out.")
    desk.choose(desk.latest.locator("a.nb-mark").first)


def test_a_cut_answer_is_told_and_can_be_asked_again(
    model_address: str, chat_server: ChatServer, open_desk: OpenDesk
) -> None:
    chat_server.cut("Kim Jong Un met")
    chat_server.reply("Kim Jong Un met Vladimir Putin at the Vostochny space center in Russia. [1]")
    desk = open_desk(model_address)
    reply = desk.send(FERRY)
    acts = reply.locator(".nb-acts")
    expect(acts).to_be_visible()
    expect(reply.locator(".nb-draft")).to_have_count(0)
