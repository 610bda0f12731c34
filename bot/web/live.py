"""An answer while it is written: what is checked, and behind it the draft that is not.

    live = LiveAnswer(question, writer, find_details)
    for event in newsbot.ask_stream(question):
        live.take(event)
        show(live.markup())

Draft text is marked as unverified until the verdict of its sentence arrives; then the claim takes
its place, or nothing where the sentence was dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from bot.entities import (
    Answer,
    AnswerEvent,
    ArticleDetails,
    Claim,
    ClaimChecked,
    DraftText,
    Searching,
    SearchRecord,
)
from bot.rendering import claims_to_html, to_html
from bot.rendering.notation import clean
from bot.rendering.phrases import describe_period, describe_scope

FindDetails = Callable[[Iterable[str]], Iterable[ArticleDetails]]


class LiveAnswer:
    """The state of one answer; `answer` is None until it is complete.

    `partial` is the answer with the claims that are checked by now, None before the first.
    """

    def __init__(self, question: str, writer: str, find: FindDetails) -> None:
        """`find` gives the details of cited articles, for a partial answer's list of sources."""
        self.answer: Answer | None = None
        self.partial: Answer | None = None
        self._question = question
        self._writer = writer
        self._find = find
        self._record = SearchRecord()
        self._claims: list[Claim] = []
        self._draft = ""
        self._waiting = "Searching"

    def take(self, event: AnswerEvent) -> None:
        """Take the next event of `ask_stream`."""
        match event:
            case Searching():
                self._record = event.search
                self._waiting = f"Reading {describe_scope(event.search)}"
            case DraftText():
                self._draft += event.text
            case ClaimChecked():
                self._settle(event)
            case Answer():
                self.answer = event

    def markup(self) -> str:
        """The answer as far as it is."""
        if self.answer is not None:
            return show_answer(self.answer)
        parts = [claims_to_html(self._claims)]
        if self._draft.strip():
            draft = escape(clean(self._draft))
            label = '<span class="nb-note nb-unverified">not checked yet</span>'
            parts.append(f'<p class="nb-draft">{draft} {label}</p>')
        elif not self._claims:
            parts.append(waiting(self._waiting))
        return f'<div class="nb-result nb-live">{"".join(parts)}</div>'

    def _settle(self, event: ClaimChecked) -> None:
        _, found, after = self._draft.partition(event.draft)
        self._draft = after if found else ""
        if event.claim is not None:
            self._claims.append(event.claim)
            self.partial = self._cut_short()

    def _cut_short(self) -> Answer:
        cited = [citation.article for claim in self._claims for citation in claim.citations]
        return Answer(
            question=self._question,
            claims=tuple(self._claims),
            search=self._record,
            articles=tuple(self._find(dict.fromkeys(cited))),
            writer=self._writer,
            notices=("Stopped. What was not checked yet is left out.",),
        )


def show_answer(answer: Answer) -> str:
    """A complete answer, with a way to ask without the period that was read from its question."""
    return to_html(answer) + _period(answer.search)


def waiting(what: str) -> str:
    """A line that says what is being done."""
    return f'<p class="nb-waiting">{escape(clean(what))}</p>'


def _period(search: SearchRecord) -> str:
    """The period that was read from the question, and a way to ask without it."""
    period = search.filters.period
    if not period.words or not search.queries:
        return ""
    shown, asked = escape(clean(describe_period(period))), escape(clean(search.queries[0]))
    return (
        f'<p class="nb-period">Only articles of this period: {shown}. '
        f'<button type="button" data-ask="{asked}">Ask without it</button></p>'
    )


def stopped_note(text: str) -> str:
    """A line that says that no more will come."""
    return f'<p class="nb-line"><span class="nb-note nb-notice">{text}</span></p>'
