"""The page: a chat and the evidence beside it, in Gradio.

It only wires: what a message does is in `chat`, what an article looks like in `evidence`. Handlers
run in threads, many at a time; what belongs to one visitor is in `gr.State`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from bot.entities import ArticleDetails
from bot.errors import ArticleNotFoundError, NewsbotError
from bot.web.chat import Exchange, load_sample, problem, reply
from bot.web.evidence import Selection, read_selection, show_article, show_newest, show_problem
from bot.web.welcome import holdings, introduction, writer_note

if TYPE_CHECKING:
    from bot.entities import Article
    from bot.newsbot import Newsbot

HERE = Path(__file__).parent
CHATS = 20  # messages answered at a time; a model call is mostly waiting
_log = logging.getLogger(__name__)

Exchanges = tuple[Exchange, ...]

_FOCUS = "() => { document.querySelector('#nb-message textarea').focus(); }"


def build_page(newsbot: Newsbot) -> gr.Blocks:
    """The page on a Newsbot; nothing is read or opened before somebody looks at it."""
    with gr.Blocks(
        title="Newsbot", analytics_enabled=False, fill_width=True, fill_height=True
    ) as page:
        _Page(newsbot).lay_out(page)
    page.queue(default_concurrency_limit=CHATS)
    return page


class _Page:
    """The components of one page and what happens in them."""

    def __init__(self, newsbot: Newsbot) -> None:
        self._newsbot = newsbot

    def lay_out(self, page: gr.Blocks) -> None:
        self._exchanges = gr.State(())
        self._head = gr.HTML(_head("", ""), elem_id="nb-head", apply_default_css=False)
        with gr.Row(elem_id="nb-desk", equal_height=True):
            with gr.Column(elem_id="nb-chat", scale=3, min_width=280):
                self._lay_out_chat()
            with gr.Column(elem_id="nb-evidence", scale=2, min_width=280):
                gr.HTML(
                    '<div class="nb-pane-head"><h2>Evidence</h2><button class="nb-close" '
                    'type="button">Close</button></div>',
                    apply_default_css=False,
                    js_on_load=None,
                )
                self._evidence = gr.HTML(
                    "",
                    elem_id="nb-article",
                    apply_default_css=False,
                    js_on_load=(HERE / "page.js").read_text(encoding="utf-8"),
                )
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
        talk = {
            "outputs": [self._chatbot, self._exchanges, self._message],
            "show_progress": "hidden",
            "concurrency_id": "talk",
            "concurrency_limit": CHATS,
            "api_visibility": "private",
        }
        quick = {"show_progress": "hidden", "concurrency_limit": None, "api_visibility": "private"}
        typed = [self._message, self._exchanges]
        running = [
            self._message.submit(self._converse, typed, **talk),
            self._brief.click(self._converse_on_briefing, typed, **talk),
            self._help.click(self._converse_on_help, [self._exchanges], **talk),
            self._welcome.ask(self._converse_on_suggestion, [self._exchanges], **talk),
            self._welcome.sample(self._load_sample, [self._exchanges], **talk),
        ]
        opening = [self._head, self._welcome, self._evidence]
        running[-1].then(self._open, None, opening, **quick)
        page.load(self._open, None, opening, **quick)
        stopped = [self._chatbot, self._exchanges, self._message]
        self._message.stop(self._stop, [self._exchanges], stopped, cancels=running, **quick)
        self._new.click(
            self._start_again, None, [*stopped, self._evidence], cancels=running, **quick
        ).then(None, js=_FOCUS)
        self._evidence.shut(self._newest, None, self._evidence, **quick)
        self._evidence.cite(self._show, [self._exchanges], self._evidence, **quick)

    # Talk

    def _converse(self, message: str, earlier: Exchanges) -> Iterator[tuple[Any, ...]]:
        if not message.strip():
            yield gr.skip(), gr.skip(), gr.skip()
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
            yield _messages(exchanges), exchanges, box
            box = gr.skip()
        yield gr.skip(), gr.skip(), gr.Textbox(submit_btn="Ask", stop_btn=False)

    def _stop(self, exchanges: Exchanges) -> tuple[Any, ...]:
        ended = (*exchanges[:-1], exchanges[-1].stop()) if exchanges else exchanges
        return _messages(ended), ended, gr.Textbox(submit_btn="Ask", stop_btn=False)

    def _start_again(self) -> tuple[Any, ...]:
        box = gr.Textbox(value="", submit_btn="Ask", stop_btn=False)
        return [], (), box, self._newest()

    # What is around the talk

    def _open(self) -> tuple[Any, ...]:
        """The head of the page and the invitation, from what the archive holds now."""
        try:
            articles: Sequence[ArticleDetails] = self._newsbot.articles()
            line = self._newsbot.writer_line
        except NewsbotError as error:
            return _head("", ""), problem(str(error)), ""
        extractive = self._newsbot.settings.writer == "extractive"
        head = _head(holdings(articles), writer_note(extractive, line))
        return head, introduction(articles), show_newest(articles)

    # Evidence

    def _newest(self) -> str:
        try:
            return show_newest(self._newsbot.articles())
        except NewsbotError as error:
            return show_problem(str(error))

    def _show(self, exchanges: Exchanges, chosen: gr.EventData) -> str:
        try:
            selection = read_selection(chosen._data)
            return show_article(self._article(selection, exchanges), selection)
        except NewsbotError as error:
            return show_problem(str(error))

    def _article(self, selection: Selection, exchanges: Exchanges) -> Article:
        """From the archive, or from a message that brought the article itself."""
        try:
            return self._newsbot.article(selection.article, selection.revision)
        except ArticleNotFoundError:
            for article in (each for exchange in exchanges for each in exchange.articles):
                if article.id == selection.article:
                    return article
            raise


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


def _head(holds: str, writes: str) -> str:
    return (
        '<header class="nb-head"><h1>Newsbot</h1>'
        f'<p class="nb-holds">{holds}</p><p class="nb-writes">{writes}</p></header>'
    )
