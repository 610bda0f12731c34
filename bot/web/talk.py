"""The chat tab: a talk, the box to write in, and what is offered before anything was said.

It only wires: what a message does is in `chat`. Handlers run in threads, many at a time; what
belongs to one visitor is in `gr.State`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from bot.entities import ArticleDetails
from bot.errors import NewsbotError
from bot.web.chat import Exchange, load_sample, problem, reply
from bot.web.pane import EvidencePane, quick_options
from bot.web.welcome import introduction

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

HERE = Path(__file__).parent
CHATS = 20  # messages answered at a time; a model call is mostly waiting

Exchanges = tuple[Exchange, ...]

_FOCUS = "() => { document.querySelector('#nb-message textarea').focus(); }"


class Talk:
    """The components of the chat tab and what happens in them."""

    def __init__(self, newsbot: Newsbot, pane: EvidencePane) -> None:
        self._newsbot = newsbot
        self._pane = pane

    def lay_out(self, page: gr.Blocks) -> None:
        """Put the chat where the page is being built."""
        self._exchanges = gr.State(())
        with gr.Column(elem_id="nb-chat"):
            self._lay_out_chat()
        self._wire(page)

    def _lay_out_chat(self) -> None:
        self._welcome = gr.HTML(
            "",
            elem_id="nb-welcome",
            apply_default_css=False,
            js_on_load=(HERE / "welcome.js").read_text(encoding="utf-8"),
        )
        self._chatbot = gr.Chatbot(
            show_label=False,
            container=False,
            elem_id="nb-talk",
            height="100%",
            layout="bubble",
            buttons=[],
            autoscroll=False,
            latex_delimiters=[],
            allow_tags=False,
        )
        with gr.Column(elem_id="nb-composer"):
            self._message = gr.Textbox(
                label="Your question",
                show_label=False,
                container=False,
                placeholder="Ask your articles, or /help",
                lines=1,
                max_lines=8,
                max_length=100_000,
                submit_btn="Ask",
                autofocus=True,
                elem_id="nb-message",
            )
            with gr.Row(elem_id="nb-actions"):
                self._brief = gr.Button("Briefing", size="sm", min_width=90)
                self._help = gr.Button("Help", size="sm", min_width=70)
                self._new = gr.Button("New conversation", size="sm", min_width=140)

    def _wire(self, page: gr.Blocks) -> None:
        shown = [self._chatbot, self._exchanges, self._message]
        talk = {
            "outputs": [*shown, self._pane.given],
            "show_progress": "hidden",
            "concurrency_id": "talk",
            "concurrency_limit": CHATS,
            "api_visibility": "private",
        }
        quick = quick_options()
        typed = [self._message, self._exchanges]
        running = [
            self._message.submit(self._converse, typed, **talk),
            self._brief.click(self._converse_on_briefing, typed, **talk),
            self._help.click(self._converse_on_help, [self._exchanges], **talk),
            self._welcome.ask(self._converse_on_suggestion, [self._exchanges], **talk),
            self._welcome.sample(self._load_sample, [self._exchanges], **talk),
        ]
        kept = self._pane.kept
        running[-1].then(lambda times: times + 1, kept, kept, **quick)
        gr.on([page.load, kept.change], self._invite, None, self._welcome, **quick)
        self._message.stop(self._stop, [self._exchanges], shown, cancels=running, **quick)
        self._new.click(
            self._start_again, None, [*shown, self._pane.evidence], cancels=running, **quick
        ).then(None, js=_FOCUS)

    # Talk

    def _converse(self, message: str, earlier: Exchanges) -> Iterator[tuple[Any, ...]]:
        if not message.strip():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        yield from self._play(reply(self._newsbot, message, earlier), earlier)

    def _converse_on_briefing(self, topic: str, earlier: Exchanges) -> Iterator[tuple[Any, ...]]:
        yield from self._converse(f"/brief {topic}", earlier)

    def _converse_on_help(self, earlier: Exchanges) -> Iterator[tuple[Any, ...]]:
        yield from self._converse("/help", earlier)

    def _converse_on_suggestion(
        self, earlier: Exchanges, chosen: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        """What the page itself suggests stands alone: it follows on nothing said before."""
        yield from self._play(reply(self._newsbot, str(chosen.text)), earlier)

    def _load_sample(self, earlier: Exchanges) -> Iterator[tuple[Any, ...]]:
        yield from self._play(load_sample(self._newsbot), earlier)

    def _play(self, growing: Iterator[Exchange], earlier: Exchanges) -> Iterator[tuple[Any, ...]]:
        """Show an exchange as it grows; the message box offers to stop it meanwhile."""
        box: Any = gr.Textbox(value="", submit_btn=False, stop_btn="Stop")
        for exchange in growing:
            exchanges = (*earlier, exchange)
            given = tuple(article for each in exchanges for article in each.articles)
            yield _messages(exchanges), exchanges, box, given
            box = gr.skip()
        yield gr.skip(), gr.skip(), gr.Textbox(submit_btn="Ask", stop_btn=False), gr.skip()

    def _stop(self, exchanges: Exchanges) -> tuple[Any, ...]:
        ended = (*exchanges[:-1], exchanges[-1].stop()) if exchanges else exchanges
        return _messages(ended), ended, gr.Textbox(submit_btn="Ask", stop_btn=False)

    def _start_again(self) -> tuple[Any, ...]:
        box = gr.Textbox(value="", submit_btn="Ask", stop_btn=False)
        return [], (), box, self._pane.newest()

    # What is around the talk

    def _invite(self) -> str:
        """What to try, from what the archive holds now."""
        try:
            articles: Sequence[ArticleDetails] = self._newsbot.articles()
        except NewsbotError as error:
            return problem(str(error))
        return introduction(articles)


def _messages(exchanges: Exchanges) -> list[dict[str, Any]]:
    """The exchanges as Gradio's messages; a reply is an HTML component, so that it is never read
    as Markdown, and keeps its state (an unfolded list, the focus) while it grows."""
    messages: list[dict[str, Any]] = []
    for exchange in exchanges:
        messages.append({"role": "user", "content": exchange.message})
        messages.append({"role": "assistant", "content": [_html_message(exchange.markup)]})
    return messages


def _html_message(markup: str) -> dict[str, Any]:
    props = {"html_template": "${value}", "apply_default_css": False, "js_on_load": None}
    return {
        "type": "component",
        "component": "html",
        "value": markup,
        "constructor_args": {},
        "props": props,
    }
