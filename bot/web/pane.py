"""The evidence pane, beside every tab: the article of the mark that was chosen.

    pane = EvidencePane(newsbot)
    pane.lay_out(page)

Two gr.States are for the tabs' handlers: `given` holds articles that are not kept in the archive,
such as a pasted text, so that they can be shown too; `kept` counts the changes that were made to
the archive on this page, and what shows the archive listens to its `change`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from bot.entities import Article  # Gradio reads the annotations of handlers
from bot.errors import ArticleNotFoundError, NewsbotError
from bot.web.evidence import (
    NEWEST,
    Selection,
    read_selection,
    show_article,
    show_newest,
    show_problem,
)
from bot.web.visitors import visitor

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

HERE = Path(__file__).parent
_HEAD = (
    '<div class="nb-pane-head"><h2>Evidence</h2><button class="nb-close" type="button">Close'
    "</button></div>"
)


class EvidencePane:
    """The pane and what happens in it. `evidence` is the component that shows an article."""

    def __init__(self, newsbot: Newsbot) -> None:
        self._newsbot = newsbot
        self.given = gr.State(())
        self.kept = gr.State(0)
        self.evidence = gr.HTML(
            "",
            elem_id="nb-article",
            apply_default_css=False,
            js_on_load=(HERE / "page.js").read_text(encoding="utf-8"),
            render=False,
        )

    def lay_out(self, page: gr.Blocks) -> None:
        """Put the pane where the page is being built."""
        with gr.Column(elem_id="nb-evidence", scale=2, min_width=280):
            gr.HTML(_HEAD, apply_default_css=False, js_on_load=None)
            self.evidence.render()
        quick = quick_options()
        afresh = [page.load, self.kept.change]
        gr.on(afresh, self.newest, None, self.evidence, **latest_options())
        self.evidence.shut(self.newest, None, self.evidence, **quick)
        self.evidence.cite(self._show, [self.given], self.evidence, **quick)

    def newest(self, request: gr.Request) -> str:
        """The newest articles, while none is chosen."""
        try:
            return self.newest_for(visitor(self._newsbot, request))
        except NewsbotError as error:
            return show_problem(str(error))

    def newest_for(self, user: str) -> str:
        """The same for a user who was asked for already; the archive is everybody's."""
        return show_newest(self._newsbot.articles(NEWEST))

    def _show(self, given: Sequence[Article], chosen: gr.EventData, request: gr.Request) -> str:
        try:
            visitor(self._newsbot, request)
            selection = read_selection(chosen._data)
            return show_article(self._article(selection, given), selection)
        except NewsbotError as error:
            return show_problem(str(error))

    def _article(self, selection: Selection, given: Sequence[Article]) -> Article:
        """From the archive, else from what was given on the page."""
        try:
            return self._newsbot.article(selection.article, selection.revision)
        except ArticleNotFoundError:
            for article in given:
                if article.id == selection.article:
                    return article
            raise


def field(chosen: gr.EventData, name: str) -> str:
    """A field of what the browser says was chosen; "" where it says nothing of the kind."""
    told = chosen._data
    return str(told.get(name) or "") if isinstance(told, dict) else ""


def quick_options() -> dict[str, Any]:
    """How a handler is registered that reads something and answers at once."""
    return {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}


def latest_options() -> dict[str, Any]:
    """The same for one that shows what the archive holds now.

    By default Gradio drops an event that comes while its handler is still at work for the one
    before: a page that is slow to open would never show what was added meanwhile.
    """
    return quick_options() | {"trigger_mode": "always_last"}
