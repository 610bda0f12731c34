"""Pictures of the page in its states, light and dark, on a desk and on a phone.

python -m tests.browser.screenshots [FOLDER]        # by default build/screenshots
"""

from __future__ import annotations

import sys
import tempfile
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


def take(browser: Browser, address: str, folder: Path) -> None:
    """Every state in every size and colour scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in SIZES.items():
        for scheme in ("light", "dark"):
            page = browser.new_page(
                viewport={"width": width, "height": height},
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            _take_states(page, address, folder / f"{size}-{scheme}")
            page.close()


def _take_states(page: Page, address: str, prefix: Path) -> None:
    page.goto(address)
    page.wait_for_selector(".nb-welcome")
    _picture(page, prefix, "welcome")
    for state, question in QUESTIONS.items():
        page.get_by_label("Your question").fill(question)
        page.keyboard.press("Enter")
        done = ".nb-result:not(.nb-live):not(:has(.nb-waiting)), .nb-problem"
        page.locator(".bot-row").last.locator(done).first.wait_for(timeout=60_000)
        _picture(page, prefix, state)
        if state == "answer" and page.locator("a.nb-mark").count():
            page.locator("a.nb-mark").first.click()
            page.wait_for_selector("mark.nb-chosen")
            _picture(page, prefix, "evidence")
            page.keyboard.press("Escape")
        page.get_by_role("button", name="New conversation").click()
        page.wait_for_selector(".nb-welcome", state="visible")


def _picture(page: Page, prefix: Path, state: str) -> None:
    page.wait_for_timeout(600)
    page.screenshot(path=f"{prefix}-{state}.png")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "screenshots"
    executable = chromium.find()
    if executable is None:
        raise SystemExit("There is no Chromium; run `python -m tests.chromium`.")
    with (
        tempfile.TemporaryDirectory() as data,
        served(Path(data), "seeds") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=executable, args=chromium.arguments())
        take(browser, address, folder)
        browser.close()
    print(f"The pictures are in {folder}")


if __name__ == "__main__":
    main()
