"""Pictures of the page in its states, light and dark, on a desk and on a phone.

python -m tests.browser.screenshots [FOLDER]        # by default build/screenshots
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.browser.served import ROOT, served

SIZES = {"desk": (1280, 800), "phone": (390, 844)}
QUESTIONS = {
    "answer": "What did Kim Jong Un and Putin discuss at the space center?",
    "abstention": "Who won the chess world championship?",
    "briefing": "Brief me on everything",
    "help": "/help",
    "problem": "/dance",
}
LONG = (
    "Brenmoor council approves riverside tram line after ten hours of debate, two adjournments, a "
    "recount and a motion to begin again that failed by a single vote at a quarter past three\n\n"
    + "".join(f"Sentence number {n} of this long report gives the figure {n}. " for n in range(60))
)


@dataclass(frozen=True)
class Camera:
    """Takes the pictures of one size and scheme."""

    page: Page
    prefix: Path

    def take(self, state: str) -> None:
        self.page.wait_for_timeout(600)
        self.page.screenshot(path=f"{self.prefix}-{state}.png")

    def open(self, tab: str, ready: str) -> None:
        self.page.get_by_role("tab", name=tab).click()
        self.page.wait_for_selector(ready)

    def show(self, selector: str) -> None:
        self.page.locator(selector).first.scroll_into_view_if_needed()


def take(browser: Browser, address: str, folder: Path, *parts: Callable[[Camera], None]) -> None:
    """Every state in every size and colour scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            page.goto(address)
            page.wait_for_selector(".nb-welcome")
            camera = Camera(page, folder / f"{size}-{scheme}")
            for part in parts:
                part(camera)
            page.close()


def take_empty(camera: Camera) -> None:
    """What an empty archive says."""
    camera.take("empty-chat")
    camera.open("Briefings", "#nb-order .nb-empty")
    camera.take("empty-briefings")
    camera.open("Library", "#nb-shelf .nb-empty")
    camera.take("empty-library")


def take_chat(camera: Camera) -> None:
    page = camera.page
    camera.take("welcome")
    for state, question in QUESTIONS.items():
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        page.locator("#nb-talk .user-row", has_text=question).last.wait_for()
        done = ".nb-result:not(.nb-live):not(:has(.nb-waiting)), .nb-problem"
        page.locator(".bot-row").last.locator(done).first.wait_for(timeout=60_000)
        page.get_by_role("button", name="Ask", exact=True).wait_for()
        camera.take(state)
        if state == "answer" and page.locator("a.nb-mark").count():
            page.locator("a.nb-mark").first.click()
            page.wait_for_selector("mark.nb-chosen")
            camera.take("evidence")
            page.keyboard.press("Escape")


def take_briefings(camera: Camera) -> None:
    page = camera.page
    camera.open("Briefings", "#nb-order form")
    camera.take("briefings")
    page.get_by_role("button", name="Write the briefing").click()
    page.wait_for_selector("#nb-briefing .nb-briefing")
    camera.take("briefings-timeline")
    camera.show("#nb-briefing .nb-story")
    camera.take("briefings-stories")
    page.locator("#nb-briefing .nb-coverage summary").click()
    camera.show("#nb-briefing .nb-coverage")
    camera.take("briefings-coverage")


def take_library(camera: Camera) -> None:
    page = camera.page
    camera.open("Library", ".nb-entry")
    camera.take("library")
    page.get_by_text("Add articles").click()
    camera.take("library-adding")
    page.get_by_role("textbox", name="A text").fill(LONG)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_selector("#nb-outcome .nb-outcomes")
    camera.take("library-outcome")
    page.locator("[data-confirm]").first.click()
    camera.take("library-removing")
    page.keyboard.press("Escape")
    page.locator("[data-event=revisions]").first.click()
    page.wait_for_selector(".nb-revisions")
    camera.take("library-revisions")
    page.keyboard.press("Escape")


def take_check(camera: Camera) -> None:
    page = camera.page
    camera.open("Check", "#nb-checking form")
    page.get_by_role("button", name="Fill in an example").click()
    page.get_by_label("Or choose in the library").fill("ferry")
    page.wait_for_selector(".nb-offered li")
    camera.take("check")
    page.get_by_role("button", name="Check the text").click()
    page.wait_for_selector(".nb-verdicts")
    camera.show("#nb-verdicts .nb-check h3")
    camera.take("check-verdicts")


def take_status(camera: Camera) -> None:
    page = camera.page
    camera.open("Status", ".nb-card")
    camera.take("status")
    page.get_by_role("button", name="Examine this installation").click()
    page.wait_for_selector("#nb-findings li")
    camera.show("#nb-findings")
    camera.take("status-findings")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots"
    executable = chromium.find()
    if executable is None:
        raise SystemExit("There is no Chromium; run `python -m tests.chromium`.")
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.arguments())
        with served(Path(data) / "empty") as address:
            take(browser, address, folder, take_empty)
        tabs = (take_chat, take_briefings, take_library, take_check, take_status)
        with served(Path(data) / "seeds", "seeds") as address:
            take(browser, address, folder, *tabs)
        browser.close()
    print(f"The pictures are in {folder}")


if __name__ == "__main__":
    main()
