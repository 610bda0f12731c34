"""The chat tab: conversations, a talk, the box to write in, and its filters.

It only wires: what a message does is in `chat`, how it is kept in `talking`, what the list of
conversations looks like in `sidebar`. Handlers run in threads, many at a time. Which conversation
is open, the browser says with each call, and every handler asks whose it is; so a page goes on
after the server was started again, and nobody reads what is another's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from bot.entities import Article
from bot.errors import ConversationNotFoundError, NewsbotError
from bot.web.filters import FilterPanel, read_limits
from bot.web.messages import EDITING, show_messages
from bot.web.pane import EvidencePane, field, latest_options, quick_options
from bot.web.sidebar import show_conversations
from bot.web.talking import Exchanges, Said, Talks
from bot.web.visitors import visitor
from bot.web.welcome import Welcome

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

HERE = Path(__file__).parent
LONGEST_COMMENT = 2_000  # characters of an opinion
CHATS = 64  # messages answered at a time: each is mostly waiting for a model

_FOCUS = "() => { document.querySelector('#nb-message textarea').focus(); }"
_REMEMBER = (
    "(id) => { history.replaceState(null, '', id ? '#talk/' + id : location.pathname"
    " + location.search); }"
)
_REMEMBERED = "() => location.hash.startsWith('#talk/') ? location.hash.slice(6) : ''"


class Talk:
    """The components of the chat tab and what happens in them."""

    def __init__(self, newsbot: Newsbot, pane: EvidencePane) -> None:
        self._newsbot = newsbot
        self._pane = pane
        self._talks = Talks(newsbot)
        self._filters = FilterPanel(newsbot)
        self._invitation = Welcome(newsbot)

    def lay_out(self, page: gr.Blocks) -> None:
        """Put the chat where the page is being built."""
        self._current = gr.Textbox(visible="hidden", label="Conversation", elem_id="nb-current")
        self._editing = gr.Textbox(visible="hidden", label="Edited", elem_id="nb-edited")
        with gr.Row(elem_id="nb-talk-desk"):
            with gr.Column(elem_id="nb-talks", scale=0, min_width=230):
                self._list = _html("", "sidebar.js", elem_id="nb-list")
            with gr.Column(elem_id="nb-chat", scale=1, min_width=280):
                self._lay_out_chat()
        self._wire(page)

    def _lay_out_chat(self) -> None:
        self._welcome = _html("", "talk.js", elem_id="nb-welcome")
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
            self._filters.lay_out_chips()
            self._banner = gr.HTML("", elem_id="nb-editing", apply_default_css=False)
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
                gr.Button("Conversations", size="sm", min_width=120, elem_id="nb-show-talks")
            self._filters.lay_out()

    def _wire(self, page: gr.Blocks) -> None:
        self._shown = [self._chatbot, self._current, self._message, self._pane.given, self._list]
        self._edit = [self._editing, self._banner]
        running = self._wire_talk()
        self._wire_conversations(running)
        quick = quick_options()
        kept = self._pane.kept
        running[-1].then(lambda times: times + 1, kept, kept, **quick)
        afresh = [page.load, kept.change]
        gr.on(afresh, self._invite, None, self._welcome, **latest_options())
        page.load(self._list_talks, [self._current], self._list, js=_REMEMBERED, **quick)
        self._filters.wire(self._welcome)
        # by default a comment would be left out that is sent while its thumb is still on its way
        self._welcome.judge(self._judge, None, None, trigger_mode="multiple", **quick)

    def _wire_talk(self) -> list[Any]:
        """What begins an answer, and what stops it."""
        talk = {
            "outputs": [*self._shown, *self._edit],
            "show_progress": "hidden",
            "concurrency_id": "talk",
            "concurrency_limit": CHATS,
            "api_visibility": "private",
        }
        said = [self._current, *self._filters.inputs]
        running = [
            self._message.submit(self._ask, [self._message, self._editing, *said], **talk),
            self._brief.click(self._ask_briefing, [self._message, *said], **talk),
            self._help.click(self._ask_help, said, **talk),
            self._welcome.ask(self._ask_suggestion, said, **talk),
            self._welcome.retry(self._retry, said, **talk),
            self._welcome.sample(self._load_sample, [self._current], **talk),
        ]
        quick = quick_options()
        current = [self._current]
        stopped = self._message.stop(self._stop, current, self._shown, cancels=running, **quick)
        # a draft that was on its way to the page may have come after what was stopped
        stopped.then(self._show_again, current, self._chatbot, **quick)
        edit = [self._message, *self._edit]
        self._welcome.edit(self._begin_edit, [self._current], edit, **quick).then(None, js=_FOCUS)
        self._welcome.unedit(lambda: ("", "", ""), None, edit, **quick).then(None, js=_FOCUS)
        return running

    def _wire_conversations(self, running: list[Any]) -> None:
        """What the list of conversations offers; whatever shows another one stops this one."""
        quick = quick_options()
        afresh = {"outputs": [*self._shown, *self._edit, self._pane.evidence], **quick}
        current = [self._current]
        self._list.fresh(self._begin_anew, None, cancels=running, **afresh).then(None, js=_FOCUS)
        self._list.open(self._open, current, cancels=running, **afresh)
        self._list.delete(self._delete, current, cancels=running, **afresh)
        self._list.undo(self._undo, current, cancels=running, **afresh)
        self._list.rename(self._rename, current, self._list, **quick)
        self._current.change(None, current, None, js=_REMEMBER)

    # Talk

    def _ask(
        self, message: str, edited: str, current: str, request: gr.Request, *limits: Any
    ) -> Iterator[tuple[Any, ...]]:
        if not message.strip():
            yield tuple(gr.skip() for _ in (*self._shown, *self._edit))
            return
        user, limited = visitor(self._newsbot, request), read_limits(limits)
        if edited:
            yield from self._play(user, self._talks.say_again(user, edited, limited, message))
        else:
            yield from self._play(user, self._talks.say(user, current, message, limited))

    def _ask_briefing(
        self, topic: str, current: str, request: gr.Request, *limits: Any
    ) -> Iterator[tuple[Any, ...]]:
        yield from self._ask(f"/brief {topic}", "", current, request, *limits)

    def _ask_help(
        self, current: str, request: gr.Request, *limits: Any
    ) -> Iterator[tuple[Any, ...]]:
        yield from self._ask("/help", "", current, request, *limits)

    def _ask_suggestion(
        self, current: str, request: gr.Request, chosen: gr.EventData, *limits: Any
    ) -> Iterator[tuple[Any, ...]]:
        """What the page itself suggests stands alone: it follows on nothing said before."""
        user, message = visitor(self._newsbot, request), field(chosen, "text")
        said = self._talks.say(user, current, message, read_limits(limits), alone=True)
        yield from self._play(user, said)

    def _retry(
        self, current: str, request: gr.Request, chosen: gr.EventData, *limits: Any
    ) -> Iterator[tuple[Any, ...]]:
        user = visitor(self._newsbot, request)
        again = self._talks.say_again(user, field(chosen, "exchange"), read_limits(limits))
        yield from self._play(user, again)

    def _load_sample(self, current: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        user = visitor(self._newsbot, request)
        yield from self._play(user, self._talks.load_sample(user, current))

    def _play(self, user: str, said: Iterator[Said]) -> Iterator[tuple[Any, ...]]:
        """Show what is said as it grows; the message box offers to stop it meanwhile."""
        box: Any = gr.Textbox(value="", submit_btn=False, stop_btn="Stop")
        listed: Any = None
        with _told():
            for conversation, exchanges in said:
                if listed is None:
                    listed = show_conversations(self._newsbot, user, conversation)
                messages, given = show_messages(exchanges), _given(exchanges)
                yield messages, conversation, box, given, listed, "", ""
                box = listed = gr.skip()
        skipped = (gr.skip() for _ in (self._pane.given, self._list, *self._edit))
        yield gr.skip(), gr.skip(), gr.Textbox(submit_btn="Ask", stop_btn=False), *skipped

    def _stop(self, current: str, request: gr.Request) -> tuple[Any, ...]:
        user = visitor(self._newsbot, request)
        return self._conversation(user, current, self._talks.stop(user, current))

    def _show_again(self, current: str, request: gr.Request) -> Any:
        return show_messages(self._talks.read(visitor(self._newsbot, request), current))

    def _begin_edit(
        self, current: str, request: gr.Request, chosen: gr.EventData
    ) -> tuple[str, str, str]:
        """The question goes back into the box; sending it takes the old one's place."""
        user, exchange = visitor(self._newsbot, request), field(chosen, "exchange")
        for said in self._talks.read(user, current):
            if said.id == exchange:
                return said.message, exchange, EDITING
        return "", "", ""

    def _judge(self, request: gr.Request, chosen: gr.EventData) -> None:
        user, good = visitor(self._newsbot, request), field(chosen, "good") == "yes"
        exchange, comment = field(chosen, "exchange"), field(chosen, "comment")[:LONGEST_COMMENT]
        with _told():
            self._newsbot.conversations.judge(user, exchange, good, comment or None)
        if comment:
            gr.Info("Your opinion is kept with the answer.")

    # Conversations

    def _begin_anew(self, request: gr.Request) -> tuple[Any, ...]:
        return self._changed(visitor(self._newsbot, request), "")

    def _open(self, current: str, request: gr.Request, chosen: gr.EventData) -> tuple[Any, ...]:
        return self._changed(visitor(self._newsbot, request), field(chosen, "id"))

    def _delete(self, current: str, request: gr.Request, chosen: gr.EventData) -> tuple[Any, ...]:
        user, gone = visitor(self._newsbot, request), field(chosen, "id")
        with _told():
            self._newsbot.conversations.delete(user, gone)
        return self._changed(user, "" if gone == current else current, deleted=gone)

    def _undo(self, current: str, request: gr.Request, chosen: gr.EventData) -> tuple[Any, ...]:
        user, back = visitor(self._newsbot, request), field(chosen, "id")
        with _told():
            self._newsbot.conversations.restore(user, back)
        return self._changed(user, current or back)

    def _rename(self, current: str, request: gr.Request, chosen: gr.EventData) -> str:
        user = visitor(self._newsbot, request)
        with _told():
            title = field(chosen, "title")
            self._newsbot.conversations.rename(user, field(chosen, "id"), title)
        return show_conversations(self._newsbot, user, current)

    def _list_talks(self, current: str, request: gr.Request) -> str:
        return show_conversations(self._newsbot, visitor(self._newsbot, request), current or "")

    def _changed(self, user: str, conversation: str, deleted: str = "") -> tuple[Any, ...]:
        """Another conversation on the page, the newest articles beside it; "" is a new one."""
        try:
            exchanges = self._talks.read(user, conversation)
        except ConversationNotFoundError as error:
            gr.Warning(str(error))
            conversation, exchanges = "", ()
        shown = self._conversation(user, conversation, exchanges, deleted)
        return *shown, "", "", self._pane.newest_for(user)

    def _conversation(
        self, user: str, conversation: str, exchanges: Exchanges, deleted: str = ""
    ) -> tuple[Any, ...]:
        listed = show_conversations(self._newsbot, user, conversation, deleted)
        return show_messages(exchanges), conversation, _box(), _given(exchanges), listed

    # What is around the talk

    def _invite(self, request: gr.Request) -> Iterator[str]:
        """The invitation at once, and again when there are suggestions.

        Nothing is shown anew without a need: a click on what is just being replaced is lost.
        """
        visitor(self._newsbot, request)
        yield (shown := self._invitation.show())
        if (suggesting := self._invitation.suggest()) != shown:
            yield suggesting


@contextmanager
def _told() -> Iterator[None]:
    """A failure as a notice of Gradio's."""
    try:
        yield
    except NewsbotError as error:
        raise gr.Error(str(error), print_exception=False) from error


def _html(value: str, script: str, **options: Any) -> gr.HTML:
    code = (HERE / script).read_text(encoding="utf-8")
    return gr.HTML(value, apply_default_css=False, js_on_load=code, **options)


def _box() -> gr.Textbox:
    """The message box, ready for the next message."""
    return gr.Textbox(value="", submit_btn="Ask", stop_btn=False)


def _given(exchanges: Exchanges) -> tuple[Article, ...]:
    return tuple(article for exchange in exchanges for article in exchange.articles)
