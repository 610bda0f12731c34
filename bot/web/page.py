"""The page's shell: a head, a tab for each use, and the evidence beside them all.

A tab is a class that lays itself out within its `gr.Tab`, given the Newsbot. A mark [n] in any tab
is a link to `#cite/...`, which the evidence pane follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import gradio as gr

from bot.errors import NewsbotError
from bot.web.briefing_tab import BriefingTab
from bot.web.check_tab import CheckTab
from bot.web.library_tab import LibraryTab
from bot.web.pane import EvidencePane, latest_options
from bot.web.status_tab import StatusTab
from bot.web.talk import CHATS, Talk
from bot.web.visitors import visitor
from bot.web.welcome import holdings, writer_note

if TYPE_CHECKING:
    from bot.newsbot import Newsbot


def build_page(newsbot: Newsbot) -> gr.Blocks:
    """The page on a Newsbot; nothing is read or opened before somebody looks at it."""
    with gr.Blocks(
        title="Newsbot", analytics_enabled=False, fill_width=True, fill_height=True
    ) as page:
        head = gr.HTML(
            show_head("", ""), elem_id="nb-head", apply_default_css=False, js_on_load=None
        )
        pane = EvidencePane(newsbot)
        with gr.Row(elem_id="nb-desk", equal_height=True):
            with gr.Column(elem_id="nb-main", scale=3, min_width=280):
                lay_out_tabs(newsbot, pane, page)
            pane.lay_out(page)
        afresh = [page.load, pane.kept.change]

        def open_head(request: gr.Request) -> str:
            visitor(newsbot, request)
            return describe(newsbot)

        gr.on(afresh, open_head, None, head, **latest_options())
    page.queue(default_concurrency_limit=CHATS)
    return page


def lay_out_tabs(newsbot: Newsbot, pane: EvidencePane, page: gr.Blocks) -> None:
    """The tabs, in the order in which they are used."""
    with gr.Tabs(elem_id="nb-tabs"):
        with gr.Tab("Chat", id="chat"):
            Talk(newsbot, pane).lay_out(page)
        with gr.Tab("Briefings", id="briefings") as briefings:
            BriefingTab(newsbot, pane).lay_out(briefings)
        with gr.Tab("Library", id="library") as library:
            LibraryTab(newsbot, pane).lay_out(library)
        with gr.Tab("Check", id="check"):
            CheckTab(newsbot, pane).lay_out()
        with gr.Tab("Status", id="status") as status:
            StatusTab(newsbot, pane).lay_out(status)


def describe(newsbot: Newsbot) -> str:
    """The head of the page, from what the archive holds now; bare where that cannot be read."""
    try:
        articles, outlets = newsbot.catalogue.size()
        line = newsbot.writer_line
    except NewsbotError:
        return show_head("", "")  # the tabs tell the failure
    extractive = newsbot.settings.writer == "extractive"
    return show_head(holdings(articles, outlets), writer_note(extractive, line))


def show_head(holds: str, writes: str) -> str:
    """The head: what the archive holds, and who writes."""
    return (
        '<header class="nb-head"><h1>Newsbot</h1>'
        f'<p class="nb-holds">{holds}</p><p class="nb-writes">{writes}</p></header>'
    )
