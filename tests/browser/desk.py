"""What a person does at the page, in the words of a person."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

SECONDS = 30_000  # milliseconds that anything may take on a busy machine


class Desk:
    """The page in one window."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        page.set_default_timeout(SECONDS)
        expect.set_options(timeout=SECONDS)
        page.goto(address)
        if "/login" not in page.url:
            expect(page.locator(".nb-welcome")).to_be_visible()

    def sign_in(self, name: str, password: str) -> None:
        """Sign in at the login page."""
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

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
        alike = self.page.locator("#nb-talk .user-row", has_text=message[:60])
        before = alike.count()
        self.question.fill(message)
        self.question.press("Enter")
        expect(alike).to_have_count(before + 1)
        replies = self.page.locator("#nb-talk .bot-row")
        expect(replies.last).to_be_attached()
        return replies.nth(replies.count() - 1)

    def ask(self, question: str) -> Locator:
        """Send a question and wait for its answer."""
        answer = self.send(question).locator(".nb-answer")
        expect(answer).to_be_visible()
        return answer

    def wait_for_end(self) -> Locator:
        """Wait until the latest reply is complete and kept; gives what can be done with it."""
        acts = self.latest.locator(".nb-acts")
        expect(acts).to_be_visible()
        return acts

    @property
    def talks(self) -> Locator:
        """The pane of conversations."""
        return self.page.get_by_role("navigation", name="Conversations")

    @property
    def current(self) -> Locator:
        """The line of the conversation that is open."""
        return self.talks.locator("li:has([aria-current])")

    def menu(self, choice: str) -> None:
        """Choose something of the open conversation's menu."""
        self.current.locator("summary").click()
        self.current.get_by_text(choice, exact=True).click()

    def choose(self, mark: Locator) -> Locator:
        """Choose a mark; gives the sentence that is highlighted then."""
        target = mark.get_attribute("href")
        mark.click()
        expect(self.page.locator(f"[aria-current][href='{target}']").first).to_be_visible()
        expect(self.chosen.first).to_be_in_viewport()
        return self.chosen.first
