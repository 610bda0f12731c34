"""The library tab: adding articles, the shelf they stand on, and their revisions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder

from bot.archive.catalogue import Wanted
from bot.errors import NewsbotError
from bot.web.adding import Parcel, add, read_parcel, show_form
from bot.web.fields import Fields
from bot.web.library import read_wanted, show_listing
from bot.web.pane import EvidencePane
from bot.web.revisions import show_revisions
from bot.web.tabs import form_component, long_work, quick_work
from bot.web.visitors import visitor
from bot.web.words import show_failure
from bot.web.work import StopButton

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

INGESTS = 2  # at a time: the archive takes one writer, and one more may read its sources


class LibraryTab:
    """The components of the library and what happens in them."""

    def __init__(self, newsbot: Newsbot, pane: EvidencePane) -> None:
        self._newsbot = newsbot
        self._pane = pane

    def lay_out(self, tab: gr.Tab) -> None:
        """Put the library where the tab is being built."""
        self._wanted = gr.State(Wanted())
        self._button = gr.State(StopButton())
        with gr.Column(elem_classes="nb-tab"):
            self._adding = form_component("adding", "ingest", "stop", markup=show_form())
            self._outcome = gr.HTML("", elem_id="nb-outcome", apply_default_css=False)
            self._shelf = form_component("shelf", "list", "remove", "revisions", "sample")
        self._wire(tab)

    def _wire(self, tab: gr.Tab) -> None:
        kept, evidence = self._pane.kept, self._pane.evidence
        growing: dict[str, Any] = {"outputs": [self._outcome, kept]}
        # what was given while something is being read waits for its turn, and is not lost
        adding = long_work("ingest", INGESTS) | {"trigger_mode": "multiple"}
        self._adding.ingest(self._add, [kept, self._button], **growing, **adding)
        self._shelf.sample(self._add_sample, [kept, self._button], **growing, **adding)
        self._adding.stop(StopButton.press, self._button, None, **quick_work())
        self._shelf.remove(self._remove, kept, **growing, **adding)
        self._shelf.revisions(self._revisions, None, evidence, **quick_work())
        listed = [self._shelf, self._wanted]
        everything = [*listed, self._adding]
        latest = quick_work(trigger_mode="always_last")
        self._shelf.list(self._list, self._wanted, listed, **latest)
        gr.on([tab.select, kept.change], self._again, self._wanted, everything, **latest)

    # The shelf

    def _list(
        self, wanted: Wanted, chosen: gr.EventData, request: gr.Request
    ) -> tuple[str, Wanted]:
        visitor(self._newsbot, request)
        try:
            asked = read_wanted(Fields(chosen._data), self._newsbot.now)
        except NewsbotError as error:
            return self._show(wanted, str(error)), wanted
        return self._show(asked), asked

    def _again(self, wanted: Wanted, request: gr.Request) -> tuple[str, Wanted, str]:
        """The shelf as it is now; the ways to add are unfolded while it is empty."""
        visitor(self._newsbot, request)
        shown = self._show(wanted)
        return shown, wanted, show_form(unfolded="nb-empty" in shown)

    def _show(self, wanted: Wanted, problem: str = "") -> str:
        try:
            catalogue = self._newsbot.catalogue
            listing = catalogue.page(wanted)
            return show_listing(listing, catalogue.outlets(), wanted, problem)
        except NewsbotError as error:
            return show_failure(str(error))

    def _revisions(self, chosen: gr.EventData, request: gr.Request) -> str:
        visitor(self._newsbot, request)
        try:
            found = self._newsbot.catalogue.revisions(Fields(chosen._data).line("article"))
        except NewsbotError as error:
            return show_failure(str(error))
        return show_revisions(found) if found else show_failure("This article was removed.")

    def _remove(self, kept: int, chosen: gr.EventData, request: gr.Request) -> tuple[str, int]:
        visitor(self._newsbot, request)
        try:
            self._newsbot.remove(Fields(chosen._data).line("article"))
        except NewsbotError as error:
            return show_failure(str(error)), kept
        return '<p class="nb-done" role="status">The article is removed for good.</p>', kept + 1

    # Adding

    def _add(
        self, kept: int, button: StopButton, chosen: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[str, Any]]:
        visitor(self._newsbot, request)
        try:
            parcel = read_parcel(Fields(chosen._data), Path(get_upload_folder()))
        except NewsbotError as error:
            yield show_failure(str(error)), gr.skip()
            return
        yield from self._play(parcel, kept, button)

    def _add_sample(
        self, kept: int, button: StopButton, request: gr.Request
    ) -> Iterator[tuple[str, Any]]:
        visitor(self._newsbot, request)
        yield from self._play(Parcel(sample=True), kept, button)

    def _play(self, parcel: Parcel, kept: int, button: StopButton) -> Iterator[tuple[str, Any]]:
        """The outcome as it grows; what was read is kept, also when that is stopped or fails."""
        markup = ""
        for markup in add(self._newsbot, parcel, button):
            yield markup, gr.skip()
        yield markup, kept + 1
