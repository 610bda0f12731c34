"""What a Newsbot works with: library, embeddings, checker, writers, each opened when first needed.

Every use is wired from these parts in `bot.newsbot`; this module knows which part needs which
other. Threads may share one `Equipment`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from threading import RLock
from typing import TYPE_CHECKING, Literal

from bot.entities import Answer, Article, Conflict, Passage, Report
from bot.errors import ArchiveError
from bot.opening import opened_once
from bot.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.answers import Search
    from bot.archive.database import Database
    from bot.desk import Desk
    from bot.grounding.support import Checker
    from bot.library import Library
    from bot.writing import Writers
    from bot.writing.books import Books
    from bot.writing.drafts import Writer
    from bot.writing.translingual import Likeness
    from vectorstore.embeddings import OnnxEmbeddings

_OTHER_LANGUAGE = (
    " The default embeddings and the checker know English; with NEWSBOT_EMBEDDINGS="
    "multilingual-e5-small and newsbot rebuild, questions are answered across languages."
)


class Equipment:
    """The parts that the settings name. `clock` gives the present as an aware datetime."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self._clock = clock
        self._opening = RLock()
        self._is_closed = False

    @property
    def now(self) -> datetime:
        """The present, in the user's timezone."""
        return self._clock().astimezone(self.settings.zone)

    # Keeping and finding

    @property
    def library(self) -> Library:
        """The archive with its index. Raises ArchiveError once all is closed."""
        with self._opening:  # two threads must not open two
            if self._is_closed:
                raise ArchiveError("This Newsbot is closed; open another to go on.")
            return self._opened_library

    @opened_once
    def _opened_library(self) -> Library:
        from bot.library import Library

        return Library(self.settings, lambda: self.english, self._clock)

    @opened_once
    def english(self) -> OnnxEmbeddings:
        """The embedded English model, loaded."""
        from bot.embeddings import open_english

        return open_english(self.settings)

    @opened_once
    def embed(self) -> Callable[[list[str]], NDArray[np.float32]]:
        """Embeds sentences, each once while it is remembered."""
        from bot.grounding.remembering import remembering

        return remembering(self.english.embed)

    def search(self) -> Search:
        """What an answer searches with, as of now."""
        from bot.answers import Search

        count, now = self.settings.passages, self.now
        return Search(
            passages=lambda query, filters: self.library.search(query, filters, count, now),
            latest=lambda filters: self.library.latest(filters, count),
            articles=self.library.archive.count,
            is_relevant=self._is_relevant,
            advice=_OTHER_LANGUAGE if self.likeness is None else "",
        )

    def _is_relevant(self, question: str, passages: Sequence[Passage]) -> bool:
        from bot.grounding.foreign import is_other_language
        from bot.grounding.relevance import THRESHOLD, relevance
        from bot.sources.languages import detect_language
        from bot.writing.translingual import bears_on

        if self.likeness is not None and is_other_language(question, passages):
            return bears_on(detect_language(question), passages)
        return relevance(question, passages, self.embed) >= THRESHOLD

    @opened_once
    def likeness(self) -> Likeness | None:
        """The cosines of a question with texts, where the embeddings know many languages."""
        return self.library.likeness if self.library.is_multilingual else None

    # Writing

    def writer(self, use: Literal["answer", "briefing"]) -> Writer:
        """A writer for one run, within the budget that the settings give such a use."""
        from bot.writing.budgets import answer_budget, briefing_budget

        budget = briefing_budget if use == "briefing" else answer_budget
        return self.writers.open(budget(self.settings))

    def desk(self, progress: Report) -> Desk:
        """The desk for one briefing."""
        from bot.desk import Desk

        writer = self.writer("briefing")
        return Desk(
            writer=writer,
            checker=self.checker_of(writer),
            find_conflicts=self.find_conflicts,
            progress=progress,
            parallel=1 if self.settings.writer == "extractive" else self.settings.parallel,
        )

    @opened_once
    def writers(self) -> Writers:
        """Opens the writers that the settings name."""
        from bot.writing.failures import WRITER

        return self._writers_of(self.settings, WRITER)

    @opened_once
    def books(self) -> Books:
        """Where calls of models are charged, written down and remembered."""
        from bot.writing.books import open_books

        return open_books(self.settings, self._database, lambda: self.now)

    def edition_writer(self, model: str | None, tokens: int | None, money: float | None) -> Writer:
        """A writer for one edition: of its own model and budget, where it has them."""
        from bot.writing.budgets import Budget, briefing_budget
        from bot.writing.failures import STANDING

        own = Budget("one edition", "", tokens, money)
        settings = self.settings.model_copy(update={"model": model})
        writers = self._writers_of(settings, STANDING) if model else self.writers
        return writers.open(own or briefing_budget(self.settings))

    def _writers_of(self, settings: Settings, setting: str) -> Writers:
        from bot.writing import Writers

        return Writers(
            settings,
            lambda texts: self.embed(texts),
            lambda: self.books,
            setting,
            self.likeness,
        )

    def _database(self) -> Database | None:
        """Where calls of models are written down; a budget for the day has it made for that."""
        from bot.library import DATABASE
        from bot.writing.budgets import day_budget

        exists = (self.settings.directory / DATABASE).exists()
        return self.library.archive.database if exists or day_budget(self.settings) else None

    # Trust

    @opened_once
    def checker(self) -> Checker:
        """Checks claims: in code, and by the judge that the settings name."""
        from bot.grounding.support import Checker
        from bot.writing.judge import open_judge

        judge = open_judge(self.settings, lambda: self.books)
        return Checker(self.english, self.settings.language_path, judge)

    def checker_of(self, writer: Writer) -> Checker:
        """The checker for what this writer writes: its judge is charged to the same run."""
        account = getattr(writer, "account", None)
        return self.checker if account is None else self.checker.charged_to(account)

    def answer_extractively(self, question: str) -> Answer:
        """A quick answer without a model, such as to find out whether there is one."""
        from bot.answers import Question, stream_answer

        *_, answer = stream_answer(
            Question(text=question, now=self.now),
            search=self.search(),
            writer=self.writers.extractive,
            checker=self.checker,
            find_conflicts=lambda cited: (),
        )
        assert isinstance(answer, Answer)  # noqa: S101 - the stream ends with it
        return answer

    def find_conflicts(self, articles: Sequence[Article]) -> Sequence[Conflict]:
        """Pairs of sentences of the articles that cannot both be true."""
        from bot.grounding.conflicts import find_conflicts

        return find_conflicts(articles, self.checker.language)

    def conflicts_among(self, cited: Sequence[str]) -> Sequence[Conflict]:
        """The same among articles of the archive, by their ids."""
        return self.find_conflicts(self.library.shelf.load(cited))

    def close(self) -> None:
        """Let go of the archive and the index, once."""
        with self._opening:
            if not self._is_closed and "_opened_library" in self.__dict__:
                self._opened_library.close()
            self._is_closed = True
