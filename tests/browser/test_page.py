import http.client
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.served import served
from tests.chat_server import ChatServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

OpenDesk = Callable[..., Desk]
TALKS = "What did Kim Jong Un and Putin discuss at the space center?"
QUARRY = "How much granite did the Ostrander quarry blast?"


def test_an_answer_leads_to_the_sentence_that_carries_it(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    claim = desk.ask(TALKS).locator(".nb-claim").first
    sentence = desk.choose(claim.locator("a.nb-mark"))
    assert str(sentence.text_content()) in str(claim.text_content())
    expect(sentence).to_have_css("display", "inline")  # its paragraph goes on after it
    evidence = desk.page.get_by_role("complementary", name="Evidence")
    expect(evidence.get_by_role("heading", name="North Korean Leader Holds Talks")).to_be_focused()
    expect(evidence).to_contain_text("30 September 2023")


def test_another_mark_moves_the_highlight(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    marks = desk.ask(TALKS).locator(".nb-claim a.nb-mark")
    first = desk.choose(marks.nth(0)).text_content()
    desk.choose(marks.nth(1))
    expect(desk.chosen).not_to_have_text(str(first))
    expect(desk.page.locator("#nb-evidence mark.nb-cited").first).to_have_text(str(first))


def test_a_question_that_the_articles_do_not_answer_is_declined_with_reasons(
    address: str, open_desk: OpenDesk
) -> None:
    desk = open_desk(address)
    answer = desk.ask("Which enzyme splits lactose in yoghurt cultures?")
    expect(answer).to_contain_text("No answer was found in the articles.")
    expect(answer).to_contain_text("searched for")
    expect(answer).to_contain_text("Nearest articles")
    answer.get_by_role("link", name="read").first.click()
    expect(desk.page.locator("#nb-evidence .nb-text")).to_be_visible()


def test_an_article_opens_from_the_list_and_closes_again(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    evidence = desk.page.get_by_role("complementary", name="Evidence")
    evidence.get_by_role("link", name="Dozens shaken").click()
    expect(evidence.locator(".nb-text")).to_contain_text("ferry")
    expect(desk.chosen).to_have_count(0)
    evidence.get_by_role("button", name="Close").click()
    expect(evidence.get_by_role("link", name="Dozens shaken")).to_be_visible()


def test_a_period_in_words_is_shown_and_can_be_taken_away(
    address: str, open_desk: OpenDesk
) -> None:
    desk = open_desk(address)
    answer = desk.ask("Which ferry struck the harbour wall in March 2021?")
    expect(answer).to_contain_text("No article lies within the filters")
    expect(desk.latest).to_contain_text("Only articles of this period")
    desk.page.get_by_role("button", name="Ask without it").click()
    expect(desk.page.locator(".user-row")).to_have_count(2)
    expect(desk.latest.locator(".nb-claim").first).to_contain_text("ferry")


@pytest.mark.parametrize("way", ["button", "command", "words"])
def test_a_briefing_is_written_on_request(way: str, address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    if way == "button":
        desk.page.get_by_role("button", name="Briefing", exact=True).click()
    else:
        desk.send({"command": "/brief", "words": "Brief me on everything, please"}[way])
    briefing = desk.latest.locator(".nb-briefing")
    expect(briefing).to_be_visible()
    assert briefing.locator("h4").count() >= 3
    briefing.get_by_text("Coverage:").click()
    expect(briefing.locator(".nb-coverage")).to_contain_text("used:")
    desk.choose(briefing.locator(".nb-claims a.nb-mark").first)


def test_an_article_is_summarised_by_its_headline(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    summary = desk.send("/summarise north korean leader holds talks").locator(".nb-summary")
    expect(summary).to_contain_text("North Korean Leader Holds Talks with Russian President")
    desk.choose(summary.locator("a.nb-mark").first)


def test_a_pasted_text_is_summarised_and_shown_as_evidence(
    address: str, open_desk: OpenDesk
) -> None:
    desk = open_desk(address)
    text = (
        "Lock Gate Fails\n\nThe lock gate at Fenwick failed on Sunday. Divers will mend it in May."
    )
    summary = desk.send(f"/summarise {text}").locator(".nb-summary")
    sentence = desk.choose(summary.locator("a.nb-mark").first)
    expect(sentence).to_contain_text("Fenwick")


def test_a_failure_is_one_line_and_no_answer(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    reply = desk.send("why " * 2000)
    expect(reply.get_by_role("alert")).to_contain_text("ask in at most 4,000")
    assert reply.locator(".nb-answer, .nb-claim").count() == 0
    expect(desk.ask(TALKS).locator(".nb-claim").first).to_be_visible()


def test_a_hostile_article_is_text_and_nothing_else(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    answer = desk.ask(QUARRY)
    expect(answer).to_contain_text("<script>document.title='owned'</script>")
    answer.get_by_text("Sources").click()
    desk.choose(answer.locator("a.nb-mark").first)
    expect(desk.page.locator("#nb-evidence h3")).to_contain_text("<img src=x onerror=")
    expect(desk.page.locator("#nb-evidence")).to_contain_text("${document.title='owned'}")
    desk.page.wait_for_timeout(500)
    assert desk.page.title() == "Newsbot"
    unsafe = "#nb-talk img, #nb-article img, #nb-article script, [onerror], a[href^='javascript']"
    assert desk.page.locator(unsafe).count() == 0


def test_a_hostile_question_is_text_and_nothing_else(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    desk.ask(
        "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>?"
    )
    assert desk.page.title() == "Newsbot"


def test_the_page_works_by_keyboard_alone(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    desk.ask(TALKS)
    expect(desk.question).to_be_focused()
    for _ in range(30):
        desk.page.keyboard.press("Shift+Tab")
        if desk.page.evaluate("document.activeElement.matches('a.nb-mark')"):
            break
    outline = desk.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    desk.page.keyboard.press("Enter")
    expect(desk.chosen.first).to_be_in_viewport()
    desk.page.keyboard.press("Escape")
    assert desk.page.evaluate("document.activeElement.matches('a.nb-mark')")


def test_an_unfolded_list_stays_unfolded_when_the_talk_goes_on(
    address: str, open_desk: OpenDesk
) -> None:
    desk = open_desk(address)
    first = desk.ask(TALKS)
    sources = first.locator("details.nb-from")
    sources.locator("summary").click()
    desk.ask("Which ferry struck the harbour wall?")
    expect(desk.page.locator("details.nb-from").first).to_have_attribute("open", "")


def test_a_new_conversation_clears_the_desk(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    desk.choose(desk.ask(TALKS).locator("a.nb-mark").first)
    desk.page.get_by_role("button", name="New conversation").click()
    expect(desk.page.locator(".nb-welcome")).to_be_visible()
    expect(desk.chosen).to_have_count(0)
    expect(desk.question).to_be_focused()


def test_a_suggestion_can_be_asked(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    desk.page.locator(".nb-welcome li button").first.click()
    expect(desk.latest.locator(".nb-answer")).to_be_visible()


def test_two_windows_do_not_see_each_other(address: str, open_desk: OpenDesk) -> None:
    one, other = open_desk(address), open_desk(address)
    one.ask(TALKS)
    other.ask("Which ferry struck the harbour wall?")
    assert one.page.locator(".user-row").count() == other.page.locator(".user-row").count() == 1


def test_the_page_fits_a_phone(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address, viewport={"width": 390, "height": 844}, has_touch=True)
    answer = desk.ask(TALKS)
    assert not overflows(desk.page)
    desk.choose(answer.locator("a.nb-mark").first)
    back = desk.page.get_by_role("button", name="Close")
    expect(back).to_be_visible()
    back.click()
    expect(back).to_be_hidden()
    assert desk.page.evaluate("document.activeElement.matches('a.nb-mark')")
    desk.page.get_by_role("button", name="Briefing", exact=True).click()
    expect(desk.latest.locator(".nb-briefing")).to_be_visible()
    assert not overflows(desk.page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_hinders_assistive_technology(
    scheme: str, width: int, address: str, open_desk: OpenDesk
) -> None:
    desk = open_desk(address, color_scheme=scheme, viewport={"width": width, "height": 844})
    assert faults(desk.page) == []
    answer = desk.ask(TALKS)
    answer.get_by_text("Sources").click()
    desk.send("/dance")
    expect(desk.latest.get_by_role("alert")).to_be_visible()
    assert faults(desk.page) == []
    desk.choose(answer.locator("a.nb-mark").first)
    assert faults(desk.page) == []


def test_dark_is_dark_and_light_is_light(address: str, open_desk: OpenDesk) -> None:
    colours = {
        scheme: open_desk(address, color_scheme=scheme).page.evaluate(
            "getComputedStyle(document.querySelector('#nb-head')).backgroundColor"
        )
        for scheme in ("light", "dark")
    }
    assert colours == {"light": "rgb(255, 255, 255)", "dark": "rgb(31, 30, 27)"}


def test_an_empty_archive_explains_itself_and_offers_the_sample(
    tmp_path: Path, open_desk: OpenDesk
) -> None:
    with served(tmp_path) as address:
        desk = open_desk(address)
        expect(desk.page.locator(".nb-welcome")).to_contain_text("newsbot ingest FOLDER")
        expect(desk.page.locator(".nb-writes")).to_contain_text("OPENAI_API_KEY")
        desk.page.get_by_role("button", name="Load the sample articles").click()
        expect(desk.latest).to_contain_text("The sample articles are here")
        expect(desk.page.locator(".nb-holds")).to_contain_text("outlets")
        expect(desk.ask(TALKS).locator(".nb-claim").first).to_be_visible()


def test_other_sites_and_names_are_refused(address: str) -> None:
    for headers in (
        {"Host": "evil.test"},
        {"Origin": "https://evil.test"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert status(address, "/gradio_api/queue/join", "POST", headers) == 403
        assert status(address, "/config", "GET", headers) == 403
    assert status(address, "/config", "GET", {}) == 200


# With a chat model


def test_a_draft_is_unverified_until_its_verdict(
    model_address: str, chat_server: ChatServer, open_desk: OpenDesk
) -> None:
    chat_server.reply(
        "Kim Jong Un met Vladimir Putin at the Vostochny space center in Russia. [1] "
        "Kim arrived in Russia via his private armored train. [1] ",
        pause=0.15,
    )
    desk = open_desk(model_address)
    expect(desk.page.locator(".nb-writes")).to_contain_text("scripted")
    expect(desk.page.locator(".nb-welcome li").nth(1)).to_be_visible()  # the checker is at work
    reply = desk.send(TALKS)
    draft = reply.locator(".nb-draft")
    expect(draft).to_contain_text("not checked yet")
    expect(draft).to_have_css("font-style", "italic")
    expect(reply.locator(".nb-live .nb-claim").first).to_contain_text("Vostochny space center")
    answer = reply.locator(".nb-answer")
    expect(answer.locator(".nb-claim")).to_have_count(2)
    expect(draft).to_have_count(0)
    desk.choose(answer.locator("a.nb-mark").first)


def test_a_running_answer_can_be_stopped(
    model_address: str, chat_server: ChatServer, open_desk: OpenDesk
) -> None:
    chat_server.reply("Kim Jong Un met Vladimir Putin in Russia, and so on. [1] " * 60, pause=0.1)
    desk = open_desk(model_address)
    reply = desk.send(TALKS)
    expect(reply.locator(".nb-draft, .nb-live .nb-claim").first).to_be_visible()
    desk.page.get_by_role("button", name="Stop").click()
    expect(reply).to_contain_text("Stopped.")
    expect(reply.locator(".nb-draft")).to_have_count(0)
    expect(desk.page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    assert chat_server.left.wait(20)


def test_a_failing_model_is_told_in_one_line(
    model_address: str, chat_server: ChatServer, open_desk: OpenDesk
) -> None:
    chat_server.fail(401, "bad key", code="invalid_api_key")
    desk = open_desk(model_address)
    reply = desk.send(TALKS)
    expect(reply.get_by_role("alert")).to_contain_text("key")
    assert reply.locator(".nb-answer, .nb-claim").count() == 0


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """axe-core's serious findings."""
    page.wait_for_timeout(500)  # until what is fading in has its colour
    found = Axe().run(page).response["violations"]
    serious = [each for each in found if each["impact"] in ("serious", "critical")]
    return [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in serious]


def status(address: str, path: str, method: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(str(urlsplit(address).netloc), timeout=30)
    connection.request(method, path, body=b"{}" if method == "POST" else None, headers=headers)
    return connection.getresponse().status
