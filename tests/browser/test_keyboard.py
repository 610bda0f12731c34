"""The whole journey through the page with keys alone: no test here touches a mouse."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

OpenDesk = Callable[..., Desk]
CURRENT = "li:has([aria-current])"  # other conversations may stand in the list
TALKS = "What did Kim Jong Un and Putin discuss at the space center?"


def test_conversations_and_filters_by_keyboard(address: str, open_desk: OpenDesk) -> None:
    desk = open_desk(address)
    page = desk.page
    desk.ask(TALKS)
    desk.wait_for_end()
    press(page, "#nb-filters > button", "Enter")
    reach(page, "#nb-filters input, #nb-filters textarea", count=2)
    page.keyboard.type("2020")
    page.keyboard.press("Tab")
    chip = page.get_by_role("button", name="Remove the filter from 2020")
    expect(chip).to_be_visible()
    press(page, "[data-unfilter]", "Enter", back=True)
    expect(chip).to_have_count(0)

    press(page, f"{CURRENT} .nb-menu > summary", "Enter", back=True)
    press(page, "[data-rename]", "Enter")
    page.keyboard.type("By keyboard")
    page.keyboard.press("Enter")
    expect(desk.current).to_contain_text("By keyboard")
    press(page, f"{CURRENT} .nb-menu > summary", "Enter", back=True)
    press(page, "[data-delete]", "Enter")
    undo = desk.talks.get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    press(page, "[data-undo]", "Enter", back=True)
    expect(desk.talks).to_contain_text("By keyboard")


def test_a_briefing_is_written_and_saved_by_keyboard(address: str, open_desk: OpenDesk) -> None:
    page = open_desk(address).page
    turn_to(page, "Briefings")
    reach(page, "#nb-order input[name=topic]")
    page.keyboard.type("ferry")
    page.keyboard.press("Enter")
    expect(page.locator("#nb-briefing .nb-briefing")).to_be_visible()
    with page.expect_download() as saved:
        press(page, "#nb-briefing [data-format=html]", "Enter")
    assert saved.value.suggested_filename.endswith(".html")
    press(page, "#nb-briefing a.nb-mark", "Enter")
    expect(page.locator("#nb-evidence mark.nb-chosen").first).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.locator("#nb-briefing a.nb-mark").first).to_be_focused()


def test_the_library_is_searched_and_a_removal_thought_better_of_by_keyboard(
    address: str, open_desk: OpenDesk
) -> None:
    page = open_desk(address).page
    turn_to(page, "Library")
    reach(page, "#nb-shelf input[type=search]")
    page.keyboard.type("ferry")
    expect(page.locator(".nb-entry", has_not_text="erry")).to_have_count(0)
    press(page, "[data-confirm]", "Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert focused(page, "[data-confirm]")


def test_a_text_is_checked_and_the_installation_examined_by_keyboard(
    address: str, open_desk: OpenDesk
) -> None:
    page = open_desk(address).page
    turn_to(page, "Check")
    reach(page, "#nb-checking textarea")
    page.keyboard.type("The lock gate failed on Monday.")
    reach(page, "#nb-checking textarea")
    page.keyboard.type("Lock Gate Fails\n\nThe lock gate at Fenwick failed on Sunday.")
    press(page, "#nb-checking button[type=submit]", "Enter")
    expect(page.locator("#nb-verdicts .nb-row")).to_have_count(1)
    turn_to(page, "Status")
    press(page, "[data-event=examine]", "Enter")
    expect(page.locator("#nb-findings li").first).to_be_visible()


def turn_to(page: Page, name: str) -> None:
    """Open a tab with the arrows."""
    reach(page, "[role=tab][aria-selected=true]", back=True)
    for _ in range(5):
        if focused(page, "[role=tab]") and name in (
            page.evaluate("document.activeElement.textContent") or ""
        ):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def press(page: Page, selector: str, key: str, *, back: bool = False, count: int = 1) -> None:
    """Walk to an element and press a key there."""
    reach(page, selector, back=back, count=count)
    page.keyboard.press(key)


def reach(page: Page, selector: str, *, back: bool = False, count: int = 1) -> None:
    """Press Tab, or Shift+Tab, until the focus is on such an element, the `count`-th on the way."""
    for _ in range(120):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        count -= focused(page, selector)
        if not count:
            return
    raise AssertionError(f"No key leads to {selector}.")


def focused(page: Page, selector: str) -> bool:
    return bool(page.evaluate("s => document.activeElement.matches(s)", selector))
