"""The tabs beside the chat, as a person uses them: briefings, library, check, status."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_httpserver import HTTPServer

from bot.entities import Briefing, Check
from tests.browser.desk import Desk
from tests.browser.served import served
from tests.browser.test_page import faults, overflows
from tests.chat_server import ChatServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

OpenDesk = Callable[..., Desk]
TABS = ("Briefings", "Library", "Check", "Status")
TRAM = "Tram Opens\n\nThe tram line of Fenwick opened on Friday. It has 17 stops."
PAGE = (
    "<html><head><title>Bridge closes</title></head><body><article><h1>Bridge closes</h1>"
    "<p>The bridge at Fenwick closed on Monday after cracks were found in two of its piers.</p>"
    "<p>Engineers will need about six weeks to mend it, the council said in a statement. Lorries "
    "must take the road by Norhaven, which adds forty minutes to the way to the harbour.</p>"
    "<p>“We would rather close it for weeks than for ever,” said its engineer, Ada Brook, "
    "who had asked for an inspection in May. The last one was eleven years ago.</p>"
    "</article></body></html>"
)


@pytest.fixture(scope="module")
def own_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page on the seeds that tests may change, and that may fetch from this machine."""
    data = tmp_path_factory.mktemp("own")
    standing = '[[briefing]]\nname = "trams"\ntopic = "tram"\nperiod = "50y"\n'
    (data / "briefings.toml").write_text(standing, encoding="utf-8")
    with served(data, "seeds", NEWSBOT_ALLOWED_HOSTS="localhost") as address:
        yield address


def open_tab(desk: Desk, name: str) -> Page:
    desk.page.get_by_role("tab", name=name).click()
    expect(desk.page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    return desk.page


def write_briefing(page: Page) -> Locator:
    page.get_by_role("button", name="Write the briefing").click()
    briefing = page.locator("#nb-briefing .nb-briefing")
    expect(briefing).to_be_visible()
    return briefing


def saved(page: Page, name: str) -> tuple[str, str]:
    """The name and the text of what a button saves."""
    with page.expect_download() as download:
        page.get_by_role("group", name="Download").get_by_role("button", name=name).click()
    return download.value.suggested_filename, Path(download.value.path()).read_text("utf-8")


# Briefings


def test_a_briefing_is_written_read_and_saved(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    page = open_tab(desk, "Briefings")
    page.get_by_label("Stories").fill("3")
    briefing = write_briefing(page)
    expect(briefing.locator(".nb-story")).to_have_count(3)
    sentence = desk.choose(briefing.locator(".nb-claims a.nb-mark").first)
    claim = briefing.locator(".nb-claims li").first
    assert str(sentence.text_content()) in str(claim.text_content())
    briefing.get_by_text("Coverage:").click()
    expect(briefing.locator(".nb-coverage")).to_contain_text("over budget")
    picture = page.get_by_role("img", name="Timeline:")
    expect(picture).to_be_visible()
    page.get_by_text("The timeline as a table").click()
    expect(page.get_by_role("rowheader").first).to_contain_text("1.")
    name, text = saved(page, "JSON")
    assert name.endswith(".json")
    assert len(Briefing.from_json(text).stories) == 3
    assert saved(page, "Markdown")[1].startswith("# Briefing")
    assert "<svg" in saved(page, "HTML")[1]


def test_a_saved_briefing_stands_alone(address: str, open_desk: OpenDesk, tmp_path: Path) -> None:
    page = open_tab(open_desk(address), "Briefings")
    write_briefing(page)
    file = tmp_path / "briefing.html"
    file.write_text(saved(page, "HTML")[1], encoding="utf-8")
    context = page.context.browser.new_context(offline=True)  # type: ignore[union-attr]
    alone = context.new_page()
    alone.goto(file.as_uri())
    mark = alone.locator("a.nb-mark").first
    mark.click()
    expect(alone.locator(str(mark.get_attribute("href"))).first).to_be_in_viewport()
    assert faults(alone) == []
    context.close()


def test_a_topic_and_a_period_limit_a_briefing(address: str, open_desk: OpenDesk) -> None:
    page = open_tab(open_desk(address), "Briefings")
    page.get_by_label("Topic").fill("ferry")
    briefing = write_briefing(page)
    expect(briefing.locator(".nb-story")).to_have_count(1)
    expect(briefing.locator(".nb-story h4")).to_contain_text("erry")
    page.get_by_label("Period").fill("nonsense")
    page.get_by_label("Period").press("Enter")
    expect(page.locator("#nb-briefing").get_by_role("alert")).to_contain_text("names no period")
    page.get_by_label("Period").fill("2019")
    page.get_by_label("Period").press("Enter")
    expect(page.locator("#nb-briefing")).to_contain_text("No story to tell")


def test_a_briefing_can_be_stopped(
    model_address: str, chat_server: ChatServer, open_desk: OpenDesk
) -> None:
    chat_server.reply("Kim Jong Un met Vladimir Putin in Russia, and so on. [1] " * 60, pause=0.1)
    page = open_tab(open_desk(model_address), "Briefings")
    page.get_by_role("button", name="Write the briefing").click()
    expect(page.locator(".nb-progress")).to_contain_text("Writing and checking stories")
    expect(page.locator(".nb-progress")).to_contain_text(" of ")
    page.locator("#nb-order").get_by_role("button", name="Stop").click()
    expect(page.locator("#nb-briefing")).to_contain_text("Stopped.")
    expect(page.locator("#nb-order").get_by_role("button", name="Stop")).to_be_hidden()


def test_an_edition_is_made_and_read_again(own_address: str, open_desk: OpenDesk) -> None:
    page = open_tab(open_desk(own_address), "Status")
    expect(page.locator(".nb-schedule")).to_contain_text("no edition yet")
    page.get_by_role("tab", name="Briefings").click()
    page.get_by_text("Standing briefings and their editions").click()
    page.get_by_role("button", name="Make the latest edition of trams").click()
    edition = page.locator("#nb-briefing .nb-edition")
    expect(edition).to_contain_text("edition 1")
    page.reload()
    page.get_by_role("tab", name="Briefings").click()
    page.get_by_text("Standing briefings and their editions").click()
    page.get_by_role("button", name="Edition 1,").click()
    expect(edition.locator(".nb-claims")).to_contain_text("tram")


# Library


def test_articles_are_sought_sorted_and_filtered(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    page = open_tab(desk, "Library")
    entries = page.locator(".nb-entry")
    expect(entries).to_have_count(9)
    entries.filter(has_text="Harbour Post").get_by_text("Nearly the same text").click()
    expect(page.get_by_role("button", name="Remove Ferry strikes")).to_have_count(2)
    page.get_by_label("Search", exact=True).fill("ferr fog")
    expect(entries).not_to_have_count(9)
    expect(entries.first).to_contain_text("erry")
    page.get_by_label("Search", exact=True).fill("")
    expect(entries).to_have_count(9)
    page.get_by_role("combobox", name="Order").select_option("headline")
    expect(entries.first.locator("h3")).to_contain_text("Brenmoor backs")
    page.get_by_role("combobox", name="Outlet").select_option(label="Coast Courier (fictional) (1)")
    expect(entries).to_have_count(1)
    page.get_by_label("Period").fill("nonsense")
    expect(page.locator("#nb-shelf").get_by_role("alert")).to_contain_text("names no period")
    page.get_by_label("Period").fill("2019")
    expect(page.locator("#nb-shelf")).to_contain_text("No article fits")
    page.get_by_label("Period").fill("November 2026")
    expect(entries).to_have_count(1)
    entries.get_by_role("link").first.click()
    expect(page.locator("#nb-evidence .nb-text")).to_contain_text("ferry")


def test_what_a_revision_changed_is_shown(address: str, open_desk: OpenDesk) -> None:
    page = open_tab(open_desk(address), "Library")
    page.get_by_role("button", name="2 revisions of Brenmoor").click()
    evidence = page.get_by_role("complementary", name="Evidence")
    expect(evidence.locator("h3")).to_be_focused()
    expect(evidence.locator("del").first).to_contain_text("[removed: ")
    expect(evidence.locator("ins").first).to_contain_text("[added: ")
    evidence.get_by_role("link", name="read it").first.click()
    expect(evidence.locator(".nb-text")).to_be_visible()


def test_articles_are_added_in_three_ways(
    own_address: str, open_desk: OpenDesk, tmp_path: Path, httpserver: HTTPServer
) -> None:
    files = [tmp_path / name for name in ("tram.txt", "photo.png")]
    files[0].write_text(TRAM, encoding="utf-8")
    files[1].write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    httpserver.expect_request("/bridge").respond_with_data(PAGE, content_type="text/html")
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    page = open_tab(open_desk(own_address), "Library")
    outcome = page.locator("#nb-outcome")
    page.get_by_text("Add articles").click()
    page.locator("#nb-adding input[type=file]").set_input_files(files)
    expect(outcome).to_contain_text("1 added, 1 failed")
    expect(outcome).to_contain_text("photo.png is in no article format")
    outcome.get_by_role("link", name="tram.txt").click()
    expect(page.locator("#nb-evidence h3")).to_contain_text("Tram Opens")
    page.get_by_role("textbox", name="A text").fill(
        "Lock Fails\n\nThe lock gate failed on Sunday. Divers came."
    )
    page.get_by_role("button", name="Add", exact=True).click()
    expect(outcome).to_contain_text("pasted: Lock Fails")
    page.get_by_role("textbox", name="An address").fill(httpserver.url_for("/bridge"))
    page.get_by_role("button", name="Fetch").click()
    expect(outcome).to_contain_text("/bridge")
    expect(outcome).to_contain_text("1 added")
    for title in ("Tram Opens", "Lock Fails", "Bridge closes"):
        expect(page.locator("#nb-shelf").get_by_role("link", name=title)).to_be_visible()
    expect(page.locator(".nb-holds")).to_contain_text("12 articles")


def test_files_can_be_dropped(own_address: str, open_desk: OpenDesk) -> None:
    page = open_tab(open_desk(own_address), "Library")
    page.get_by_text("Add articles").click()
    files = page.evaluate_handle(
        """() => {
            const given = new DataTransfer();
            for (const n of [1, 2, 3]) {
                const text = `Dropped ${n}\n\nThe pump number ${n} ran dry on Monday.`;
                given.items.add(new File([text], `dropped-${n}.txt`, { type: "text/plain" }));
            }
            return given;
        }"""
    )
    page.locator("#nb-adding [data-drop]").dispatch_event("drop", {"dataTransfer": files})
    expect(page.locator("#nb-outcome")).to_contain_text("3 added")


def test_an_article_is_removed_only_when_that_is_confirmed(
    own_address: str, open_desk: OpenDesk
) -> None:
    page = open_tab(open_desk(own_address), "Library")
    shelf = page.locator("#nb-shelf")
    article = shelf.get_by_role("link", name="Dozens shaken")
    expect(article).to_be_visible()
    shelf.get_by_role("button", name="Remove Dozens shaken").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("cannot be undone")
    expect(dialog).to_contain_text("Dozens shaken as Skerry Island")
    expect(dialog.get_by_role("button", name="Keep it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(article).to_be_visible()
    shelf.get_by_role("button", name="Remove Dozens shaken").click()
    dialog.get_by_role("button", name="Remove for good").click()
    expect(article).to_have_count(0)
    expect(page.locator("#nb-outcome")).to_contain_text("removed for good")


# Check


def test_the_example_is_checked_claim_by_claim(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    page = open_tab(desk, "Check")
    page.get_by_role("button", name="Fill in an example").click()
    expect(page.get_by_label("The text to check")).to_have_value(re.compile("by plane"))
    page.get_by_role("button", name="Check the text").click()
    rows = page.locator(".nb-row")
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("supported")
    expect(page.locator(".nb-row:not(.nb-is-supported)").first).to_be_visible()
    sentence = desk.choose(rows.first.locator("a.nb-mark").first)
    assert str(sentence.text_content()) in str(rows.first.text_content())
    name, text = saved(page, "JSON")
    assert name.startswith("check-")
    assert 0 < Check.from_json(text).score < 1
    assert saved(page, "Markdown")[1].startswith("# Check")


def test_a_text_is_checked_against_a_file_and_an_article_of_the_library(
    address: str, open_desk: OpenDesk, tmp_path: Path
) -> None:
    page = open_tab(open_desk(address), "Check")
    page.get_by_label("The text to check").fill("The tram has 17 stops. A ferry hit a wall in fog.")
    file = tmp_path / "tram.txt"
    file.write_text(TRAM, encoding="utf-8")
    page.locator("#nb-checking input[type=file]").set_input_files(file)
    expect(page.locator("#nb-checking .nb-files li")).to_have_text("tram.txt")
    page.get_by_label("Or choose in the library").fill("ferry fog")
    page.locator(".nb-offered button").first.click()
    expect(page.locator(".nb-chosen li")).to_have_count(1)
    expect(page.get_by_label("The text to check")).to_have_value(re.compile("17 stops"))
    expect(page.locator("#nb-checking .nb-files li")).to_have_text("tram.txt")
    page.get_by_role("button", name="Check the text").click()
    expect(page.locator(".nb-row")).to_have_count(2)
    expect(page.locator(".nb-row").first.locator("q").first).to_contain_text("17 stops")


# Status, first run


def test_the_status_tells_what_is_used_and_what_is_amiss(
    address: str, model_address: str, open_desk: OpenDesk
) -> None:
    page = open_tab(open_desk(address), "Status")
    overview = page.locator("#nb-overview")
    expect(overview).to_contain_text("Newsbot writes extractively")
    expect(overview).to_contain_text("NEWSBOT_MODEL")
    page.get_by_role("button", name="Examine this installation").click()
    expect(page.locator("#nb-findings li").first).to_be_visible()
    expect(page.locator("#nb-findings")).to_contain_text("data directory")
    other = open_tab(open_desk(model_address), "Status")
    expect(other.locator("#nb-overview")).to_contain_text("passages go to 127.0.0.1")


def test_every_tab_of_an_empty_archive_explains_itself(tmp_path: Path, open_desk: OpenDesk) -> None:
    with served(tmp_path) as address:
        page = open_tab(open_desk(address), "Briefings")
        expect(page.locator("#nb-order")).to_contain_text("Nothing to brief on yet")
        open_status = page.get_by_role("tab", name="Status")
        open_status.click()
        expect(page.locator("#nb-overview")).to_contain_text("Articles0")
        page.get_by_role("tab", name="Check").click()
        expect(page.get_by_label("The text to check")).to_be_visible()
        page.get_by_role("tab", name="Library").click()
        expect(page.locator("#nb-shelf")).to_contain_text("The library is empty")
        expect(page.get_by_label("An address of the web")).to_be_visible()
        page.get_by_role("button", name="Load the sample articles").last.click()
        expect(page.locator(".nb-entry").first).to_be_visible()
        page.get_by_role("tab", name="Briefings").click()
        write_briefing(page)


# Everywhere


def test_hostile_articles_are_text_in_every_tab(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    page = open_tab(desk, "Library")
    page.get_by_label("Search", exact=True).fill("quarry")
    expect(page.locator(".nb-entry")).to_have_count(1)
    expect(page.locator(".nb-entry h3")).to_contain_text("<img src=x onerror=")
    page.get_by_role("button", name="Remove").first.click()
    expect(page.get_by_role("dialog")).to_contain_text("<img src=x onerror=")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="Briefings").click()
    page.get_by_label("Topic").fill("quarry granite")
    write_briefing(page)
    page.get_by_role("tab", name="Check").click()
    page.get_by_label("The text to check").fill(HOSTILE_TEXT)
    page.get_by_label("Paste articles").fill(f"{HOSTILE_TEXT}\n\n{TRAM} {TABLE}")
    page.get_by_role("button", name="Check the text").click()
    expect(page.locator(".nb-row").first).to_be_visible()
    desk.choose(page.locator(".nb-row a.nb-mark").first)
    page.wait_for_timeout(300)
    assert page.title() == "Newsbot"
    unsafe = "#nb-main img, #nb-main iframe, #nb-main [onerror], a[href^='javascript']"
    assert page.locator(unsafe).count() == 0
    assert not overflows(page)


HOSTILE_TEXT = (
    "The tram has 17 stops <script>document.title='owned'</script> "
    "<img src=x onerror=\"document.title='owned'\"> [a](javascript:document.title='owned') "
    "\u202eback\u202c " + "wide|" * 300 + "."
)
TABLE = f"{HOSTILE_TEXT}<table>{'<tr><td onclick=alert(1)>17 stops</td></tr>' * 500}</table>"


def test_the_tabs_work_by_keyboard_alone(address: str, open_desk: OpenDesk) -> None:
    page = open_desk(address).page
    page.get_by_role("tab", name="Chat").focus()
    press_until(page, "Tab", "document.activeElement.textContent.includes('Briefings')")
    page.keyboard.press("Enter")
    expect(page.locator("#nb-order form")).to_be_visible()
    press_until(page, "Tab", "document.activeElement.name === 'topic'")
    page.keyboard.type("ferry")
    page.keyboard.press("Enter")
    expect(page.locator("#nb-briefing .nb-briefing")).to_be_visible()
    press_until(page, "Tab", "document.activeElement.matches('#nb-briefing a.nb-mark')")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#nb-evidence mark.nb-chosen").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('#nb-briefing a.nb-mark')")


def press_until(page: Page, key: str, condition: str) -> None:
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate(condition):
            return
    pytest.fail(f"{key} does not lead to where {condition}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_tabs_hinder_no_assistive_technology_and_fit_every_window(
    scheme: str, address: str, open_desk: OpenDesk
) -> None:
    page = open_desk(address, color_scheme=scheme).page
    for name, ready in (
        ("Briefings", "#nb-order form"),
        ("Library", ".nb-entry"),
        ("Check", "#nb-checking form"),
        ("Status", ".nb-card"),
    ):
        page.get_by_role("tab", name=name).click()
        expect(page.locator(ready).first).to_be_visible()
        if name == "Briefings":
            write_briefing(page)
        if name == "Check":
            page.get_by_role("button", name="Fill in an example").click()
            page.get_by_role("button", name="Check the text").click()
            expect(page.locator(".nb-row").first).to_be_visible()
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 844})
            assert not overflows(page)
            if scheme == "light" or width == 1280:
                assert faults(page) == [], f"{name} at {width} pixels"


def test_a_long_ingest_does_not_freeze_the_page(
    own_address: str, open_desk: OpenDesk, tmp_path: Path
) -> None:
    file = tmp_path / "many.jsonl"
    lines = [
        {"id": f"n{n}", "title": f"Report {n}", "text": f"Item {n} was seen. " * 60}
        for n in range(150)
    ]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    desk, other = open_desk(own_address), open_desk(own_address)
    page = open_tab(desk, "Library")
    page.get_by_text("Add articles").click()
    page.locator("#nb-adding input[type=file]").set_input_files(file)
    expect(page.locator("#nb-outcome .nb-progress")).to_be_visible()
    other.ask("What did Kim Jong Un and Putin discuss at the space center?")
    expect(page.locator("#nb-outcome .nb-progress")).to_be_visible()
    page.locator("#nb-adding").get_by_role("button", name="Stop").click()
    expect(page.locator("#nb-outcome")).to_contain_text("Stopped.")
