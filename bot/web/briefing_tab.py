"""The briefings tab: a form, the briefing as it is written, and what it can be saved as."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from bot.archive.catalogue import Wanted
from bot.entities import Briefing
from bot.errors import NewsbotError
from bot.web.adding import Parcel, add
from bot.web.briefing_desk import brief, show_form, show_hint
from bot.web.downloads import pack
from bot.web.fields import Fields
from bot.web.pane import EvidencePane
from bot.web.past import open_edition, run_standing, show_editions
from bot.web.tabs import download_component, form_component, long_work, quick_work
from bot.web.visitors import visitor
from bot.web.words import show_failure
from bot.web.work import StopButton

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

BRIEFINGS = 4  # written at a time; each reads every article of its period


class BriefingTab:
    """The components of the briefing desk and what happens in them."""

    def __init__(self, newsbot: Newsbot, pane: EvidencePane) -> None:
        self._newsbot = newsbot
        self._pane = pane

    def lay_out(self, tab: gr.Tab) -> None:
        """Put the desk where the tab is being built."""
        self._briefing = gr.State(None)
        self._button = gr.State(StopButton())
        with gr.Column(elem_classes="nb-tab"):
            self._form = form_component("order", "brief", "stop", "sample")
            self._past = form_component("past", "edition", "run")
            self._shown = form_component("briefing", "download")
            self._download = download_component()
        self._wire(tab)

    def _wire(self, tab: gr.Tab) -> None:
        kept = self._pane.kept
        written = [self._shown, self._briefing]
        working = long_work("briefing", BRIEFINGS)
        self._form.brief(self._brief, self._button, written, **working)
        running = self._past.run(self._run, self._button, written, **working)
        running.then(self._list, None, self._past, **quick_work())
        self._form.stop(StopButton.press, self._button, None, **quick_work())
        self._past.edition(self._open_edition, None, written, **quick_work())
        sample = [kept, self._button]
        self._form.sample(self._add_sample, sample, [self._shown, kept], **long_work("ingest", 2))
        self._shown.download(self._pack, self._briefing, self._download, **quick_work())
        opened = [self._form, self._shown, self._past]
        gr.on([tab.select, kept.change], self._open, self._briefing, opened, **quick_work())

    def _open(self, briefing: Briefing | None, request: gr.Request) -> tuple[Any, Any, Any]:
        """The form, and below it what is there already, or what to expect."""
        visitor(self._newsbot, request)
        try:
            holds = bool(self._newsbot.catalogue.page(Wanted(size=1)).total)
        except NewsbotError as error:
            return show_failure(str(error)), gr.skip(), gr.skip()
        expected = show_hint() if holds else ""
        return show_form(holds), gr.skip() if briefing else expected, self._list(request)

    def _list(self, request: gr.Request) -> str:
        visitor(self._newsbot, request)
        return show_editions(self._newsbot.editions)

    def _open_edition(self, chosen: gr.EventData, request: gr.Request) -> tuple[str, Any]:
        visitor(self._newsbot, request)
        state = open_edition(self._newsbot, Fields(chosen._data).line("reference"))
        return state.markup, state.briefing or gr.skip()

    def _run(
        self, button: StopButton, chosen: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[str, Any]]:
        visitor(self._newsbot, request)
        name = Fields(chosen._data).line("name")
        for state in run_standing(self._newsbot, name, button):
            yield state.markup, state.briefing or gr.skip()

    def _brief(
        self, button: StopButton, chosen: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[str, Any]]:
        visitor(self._newsbot, request)
        for state in brief(self._newsbot, Fields(chosen._data), button):
            yield state.markup, state.briefing or gr.skip()

    def _add_sample(
        self, kept: int, button: StopButton, request: gr.Request
    ) -> Iterator[tuple[str, Any]]:
        visitor(self._newsbot, request)
        markup = ""
        for markup in add(self._newsbot, Parcel(sample=True), button):
            yield markup, gr.skip()
        yield markup, kept + 1

    def _pack(self, briefing: Briefing | None, chosen: gr.EventData, request: gr.Request) -> str:
        visitor(self._newsbot, request)
        if briefing is None:
            return ""
        title = f"Briefing {briefing.topic or ''}".strip()
        form = Fields(chosen._data).line("format")
        return pack(briefing, form, title, briefing.created)
