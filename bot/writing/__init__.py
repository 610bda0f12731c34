"""Who writes: an extractive writer that needs no model, and a chat model, behind one seam."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING

from bot.writing.failures import FALLBACK, WRITER

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.settings import Settings
    from bot.writing.books import Books
    from bot.writing.budgets import Budget
    from bot.writing.chat import ChatWriter
    from bot.writing.chatmodel import ChatModel
    from bot.writing.drafts import Writer
    from bot.writing.extractive import ExtractiveWriter
    from bot.writing.translingual import Likeness

    Embed = Callable[[list[str]], NDArray[np.float32]]

EXTRACTIVE = "extractive"


class Writers:
    """Opens a writer for each run; models are opened when first needed, and kept.

    `embed` gives unit rows, for the extractive writer, and `likeness`, where the embeddings know
    many languages, the cosines of a question with texts; `setting` is where the user named the
    model, for what failures say. Threads may share it.
    """

    def __init__(
        self,
        settings: Settings,
        embed: Embed,
        books: Callable[[], Books] | None = None,
        setting: str = WRITER,
        likeness: Likeness | None = None,
    ) -> None:
        self._settings = settings
        self._setting = setting
        self._embed = embed
        self._likeness = likeness
        self._books = books
        self._opening = RLock()

    def open(self, budget: Budget | None = None) -> Writer:
        """A writer for one run, which may take what the budget allows.

        Raises ModelKeyError, SettingsError or WeightsError when a chat model cannot be opened.
        """
        if self._settings.writer == EXTRACTIVE:
            return self.extractive
        from bot.writing.accounts import Account
        from bot.writing.budgets import UNLIMITED
        from bot.writing.chat import ChatWriter
        from bot.writing.fallback import FallbackWriter

        account = Account(self._books() if self._books else None, budget or UNLIMITED)
        with self._opening:
            chat, spare = self._chat, self._spare
        parallel = self._settings.parallel
        first = ChatWriter(chat, account, parallel)
        account.price(chat)  # told before anything is sent
        second: ChatWriter | ExtractiveWriter | None = None
        if spare == EXTRACTIVE:
            second = self.extractive
        elif spare is not None and not isinstance(spare, str):
            second = ChatWriter(spare, account, parallel)
        return FallbackWriter(first, second, self.extractive, account)

    @cached_property
    def extractive(self) -> ExtractiveWriter:
        """The writer that needs no model."""
        from bot.grounding.injection import is_statement
        from bot.writing.extractive import ExtractiveWriter

        return ExtractiveWriter(
            self._embed, lambda sentence: is_statement(sentence.text), self._likeness
        )

    @cached_property
    def _chat(self) -> ChatModel:
        from bot.writing.models import find_chat_model

        return find_chat_model(self._settings, self._setting)

    @cached_property
    def _spare(self) -> ChatModel | str | None:
        from bot.writing.models import find_chat_model

        name = self._settings.fallback_model
        if name is None or name == EXTRACTIVE:
            return name
        return find_chat_model(self._settings.model_copy(update={"model": name}), FALLBACK)
