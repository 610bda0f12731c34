"""The status tab: who writes and where passages go, what is kept and where, and what is amiss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import gradio as gr

from bot.doctor import examine
from bot.errors import NewsbotError
from bot.web.overview import show_findings, show_offer, show_overview
from bot.web.pane import EvidencePane
from bot.web.tabs import form_component, long_work, quick_work
from bot.web.visitors import visitor
from bot.web.words import show_failure, show_waiting

if TYPE_CHECKING:
    from bot.newsbot import Newsbot


class StatusTab:
    """The components of the status and what happens in them."""

    def __init__(self, newsbot: Newsbot, pane: EvidencePane) -> None:
        self._newsbot = newsbot
        self._pane = pane

    def lay_out(self, tab: gr.Tab) -> None:
        """Put the status where the tab is being built."""
        with gr.Column(elem_classes="nb-tab"):
            overview = gr.HTML("", elem_id="nb-overview", apply_default_css=False)
            findings = form_component("findings", "examine", markup=show_offer())
        opened = [tab.select, self._pane.kept.change]
        gr.on(opened, self._show, None, overview, **quick_work())
        findings.examine(self._examine, None, findings, **long_work("examine", 1))

    def _show(self, request: gr.Request) -> str:
        visitor(self._newsbot, request)
        return show_overview(self._newsbot)

    def _examine(self, request: gr.Request) -> Iterator[str]:
        visitor(self._newsbot, request)
        yield show_waiting("Looking at the installation")
        try:
            yield show_findings(examine(self._newsbot.settings))
        except NewsbotError as error:
            yield show_failure(str(error))
