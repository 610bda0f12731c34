"""The check tab: a text and the articles it should rest on, and each claim beside its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.utils import get_upload_folder

from bot.entities import Article, Check
from bot.errors import NewsbotError
from bot.web.checking import Uploads, check, fill, show_example, show_form
from bot.web.downloads import pack
from bot.web.fields import Fields
from bot.web.pane import EvidencePane
from bot.web.tabs import download_component, form_component, long_work, quick_work
from bot.web.visitors import visitor
from bot.web.words import show_failure
from bot.web.work import StopButton

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

CHECKS = 4  # at a time; each keeps a core busy
_GIVEN = 40  # articles that are not kept which the evidence pane remembers


class CheckTab:
    """The components of the check and what happens in them."""

    def __init__(self, newsbot: Newsbot, pane: EvidencePane) -> None:
        self._newsbot = newsbot
        self._pane = pane

    def lay_out(self) -> None:
        """Put the check where the tab is being built."""
        self._check = gr.State(None)
        self._button = gr.State(StopButton())
        self._uploads = gr.State(Uploads(Path(get_upload_folder())))
        with gr.Column(elem_classes="nb-tab"):
            self._form = form_component(
                "checking", "check", "stop", "find", "example", markup=show_form()
            )
            self._shown = form_component("verdicts", "download")
            self._download = download_component()
        self._wire()

    def _wire(self) -> None:
        given = self._pane.given
        checked = [self._shown, self._check, given]
        asked = [given, self._button, self._uploads]
        self._form.check(self._run, asked, checked, **long_work("check", CHECKS))
        self._form.stop(StopButton.press, self._button, None, **quick_work())
        filled = [self._form, self._shown]
        self._form.find(self._fill, None, filled, **quick_work(trigger_mode="always_last"))
        self._form.example(show_example, None, self._form, **quick_work())
        self._shown.download(self._pack, self._check, self._download, **quick_work())

    def _run(
        self,
        given: tuple[Article, ...],
        button: StopButton,
        uploads: Uploads,
        chosen: gr.EventData,
        request: gr.Request,
    ) -> Iterator[tuple[str, Any, Any]]:
        visitor(self._newsbot, request)
        for state in check(self._newsbot, Fields(chosen._data), uploads, button):
            if state.check is None:
                yield state.markup, gr.skip(), gr.skip()
            else:
                yield state.markup, state.check, (*given, *state.articles)[-_GIVEN:]

    def _fill(self, chosen: gr.EventData, request: gr.Request) -> tuple[Any, Any]:
        visitor(self._newsbot, request)
        try:
            return fill(self._newsbot, Fields(chosen._data)), gr.skip()
        except NewsbotError as error:
            return gr.skip(), show_failure(str(error))

    def _pack(self, checked: Check | None, chosen: gr.EventData, request: gr.Request) -> str:
        visitor(self._newsbot, request)
        if checked is None:
            return ""
        form = Fields(chosen._data).line("format")
        return pack(checked, form, "Check", self._newsbot.now)
