"""What is said in conversations, kept as it is said.

    talks = Talks(newsbot)
    for conversation, exchanges in talks.say(user, "", "Who met at the space centre?"):
        show(exchanges)

A message begins a conversation where none is named. Its exchange is kept when it ends: also when
its reader goes away or stops it, then with what was checked by that time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING

from bot.errors import NewsbotError
from bot.web.chat import EVERYTHING, Exchange, Limits, load_sample, reply
from bot.web.keeping import end, restore

if TYPE_CHECKING:
    from bot.newsbot import Newsbot

Exchanges = tuple[Exchange, ...]
Said = tuple[str, Exchanges]  # the conversation's id, and everything in it

_log = logging.getLogger(__name__)


class Talks:
    """The conversations of every user of one page. Any thread may use it.

    Each method raises ConversationNotFoundError for a conversation that is not the user's.
    """

    def __init__(self, newsbot: Newsbot) -> None:
        self._newsbot = newsbot
        self._running: dict[str, Exchange] = {}  # by the exchange's id, as far as it is written
        self._lock = Lock()  # between what writes an exchange and what stops it

    def read(self, user: str, conversation: str) -> Exchanges:
        """Everything in a conversation; "" is one that has not begun."""
        if not conversation:
            return ()
        kept = self._newsbot.conversations.exchanges(user, conversation)
        return tuple(
            self._running.get(each.id) or restore(each) if each.ending is None else restore(each)
            for each in kept
        )

    def say(
        self,
        user: str,
        conversation: str,
        message: str,
        limits: Limits = EVERYTHING,
        *,
        alone: bool = False,
    ) -> Iterator[Said]:
        """Answer a message; `alone` when it follows on nothing that was said before."""
        earlier = self.read(user, conversation)
        growing = reply(self._newsbot, message, () if alone else earlier, limits)
        yield from self._grow(user, conversation, earlier, growing)

    def load_sample(self, user: str, conversation: str) -> Iterator[Said]:
        """Ingest the sample articles, which is told but not kept."""
        earlier = self.read(user, conversation)
        yield from self._grow(user, conversation, earlier, load_sample(self._newsbot))

    def say_again(
        self, user: str, exchange: str, limits: Limits, message: str | None = None
    ) -> Iterator[Said]:
        """Take an exchange back, with what followed, and answer its message, or another, anew."""
        conversations = self._newsbot.conversations
        conversation = conversations.conversation_of(user, exchange)
        taken = conversations.take_back(user, exchange)
        yield from self.say(user, conversation, message or taken.message, limits)

    def stop(self, user: str, conversation: str) -> Exchanges:
        """Keep what is being written in a conversation as far as it is; no more is written."""
        if not conversation:
            return ()
        for kept in self._newsbot.conversations.exchanges(user, conversation):
            with self._lock:
                running = self._running.get(kept.id)
                if running is None or not running.unfinished:
                    continue
                self._running[kept.id] = stopped = running.stop()
            self._keep(user, kept.id, stopped)
        return self.read(user, conversation)

    def _grow(
        self, user: str, conversation: str, earlier: Sequence[Exchange], growing: Iterator[Exchange]
    ) -> Iterator[Said]:
        first = next(growing)
        whole = chain([first], growing)
        if first.passing:
            yield from ((conversation, (*earlier, exchange)) for exchange in whole)
            return
        conversations = self._newsbot.conversations
        conversation = conversation or conversations.begin(user, first.message).id
        asked = conversations.ask(user, conversation, first.message).id
        self._running[asked] = replace(first, id=asked, unfinished=True)
        try:
            for exchange in whole:
                shown, stopped = self._advance(asked, replace(exchange, id=asked))
                if not stopped and not shown.unfinished:
                    self._keep(user, asked, shown)
                yield conversation, (*earlier, shown)
                if stopped:
                    return
        finally:  # also when its reader went away
            with self._lock:
                last = self._running.pop(asked)
            if last.unfinished:
                self._keep(user, asked, last.stop())

    def _advance(self, asked: str, exchange: Exchange) -> tuple[Exchange, bool]:
        """The exchange to show, and whether it was stopped meanwhile: then it stays as it was."""
        with self._lock:
            running = self._running[asked]
            stopped = not running.unfinished
            self._running[asked] = shown = running if stopped else exchange
            return shown, stopped

    def _keep(self, user: str, exchange: str, ended: Exchange) -> None:
        try:
            self._newsbot.conversations.answer(user, exchange, end(ended))
        except NewsbotError:
            _log.warning("An answer was not kept", exc_info=True)  # its conversation may be gone
