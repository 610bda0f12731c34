"""What a person does at the page, in the words of a person."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

SECONDS = 30_000  # milliseconds that anything may take on a busy machine


class Desk:
    """The page in one window."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        page.set_default_timeout(SECONDS)
        expect.set_options(timeout=SECONDS)
        page.goto(address)
        expect(page.locator(".nb-welcome")).to_be_visible()

    @property
    def question(self) -> Locator:
        return self.page.get_by_label("Your question")

    @property
    def chosen(self) -> Locator:
        """The sentence that is highlighted in the evidence."""
        return self.page.locator("#nb-evidence mark.nb-chosen")

    @property
    def latest(self) -> Locator:
        """The latest reply."""
        return self.page.locator("#nb-talk .bot-row").last

    def send(self, message: str) -> Locator:
        """Send a message; gives the reply, which may not be complete yet."""
        before = self.page.locator("#nb-talk .user-row").count()
        self.question.fill(message)
        self.question.press("Enter")
        expect(self.page.locator("#nb-talk .user-row")).to_have_count(before + 1)
        return self.page.locator("#nb-talk .bot-row").nth(before)

    def ask(self, question: str) -> Locator:
        """Send a question and wait for its answer."""
        answer = self.send(question).locator(".nb-answer")
        expect(answer).to_be_visible()
        return answer

    def choose(self, mark: Locator) -> Locator:
        """Choose a mark; gives the sentence that is highlighted then."""
        target = mark.get_attribute("href")
        mark.click()
        expect(self.page.locator(f"[aria-current][href='{target}']").first).to_be_visible()
        expect(self.chosen.first).to_be_in_viewport()
        return self.chosen.first
