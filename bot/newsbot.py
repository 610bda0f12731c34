"""`Newsbot`: the one object behind the page, Python, the command line and the schedule.

    with Newsbot(read_settings()) as newsbot:
        newsbot.ingest(Path("articles"))
        print(newsbot.ask("Who met at the space centre?"))

It is opened from `Settings` and safe to use from several threads. Models and the index are opened
when they are first needed (`bot.equipment`). `bot.functions` has the same calls as functions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from bot.arguments import (
    read_filters,
    read_number,
    read_one,
    read_question,
    read_several,
    read_text,
)
from bot.entities import (
    Answer,
    AnswerEvent,
    Article,
    ArticleDetails,
    Briefing,
    Check,
    Citation,
    Conflict,
    Estimate,
    Filters,
    IngestReport,
    Passage,
    Report,
    Summary,
    Usage,
    unheard,
)
from bot.equipment import Equipment
from bot.errors import EmptySourceError
from bot.opening import opened_once
from bot.periods import Moment, period_between, read_moment
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever
    from langchain_core.runnables import Runnable

    from bot.archive.catalogue import Catalogue
    from bot.archive.conversations import Conversations
    from bot.archive.users import Users
    from bot.briefings import Request
    from bot.editions.editions import Editions
    from bot.intake import Source
    from bot.revisions import RevisionChange
    from bot.sources.given import Given
    from bot.writing.drafts import Turn, Writer


class Newsbot(AbstractContextManager["Newsbot"]):
    """Ingest, search, ask, summarise, brief, check: every use, over one archive.

    `since` and `until` are a datetime, in the user's timezone where it names none, or words: "7d",
    "12h", "yesterday", "Tuesday", "2026-11-20". Every method may raise an `errors.ArchiveError`.
    `clock` gives the present as an aware datetime; tests and schedules inject their own. `reached`
    hears the name of each point between the committed steps of an edition's run.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        clock: Callable[[], datetime] | None = None,
        reached: Callable[[str], None] | None = None,
    ) -> None:
        self.settings = read_one("settings", settings or read_settings(), Settings)
        self._equipment = Equipment(self.settings, clock or (lambda: datetime.now(UTC)))
        self._reached = reached or (lambda point: None)

    # What is kept

    def ingest(
        self,
        *sources: Source,
        addresses: Sequence[str] = (),
        restore: bool = False,
        progress: Report = unheard,
    ) -> IngestReport:
        """Keep articles: text, files or folders by `Path`, articles, or what `read` yields.

        `addresses` are named as on the command line: files, folders, or pages, feeds and sites on
        the web; of a feed only what is new since the last time is read. What cannot be read is
        told in the report and costs nothing else. What was removed before stays away unless
        `restore` brings it back. Raises InterruptedWorkError on Ctrl-C; what was stored by then is
        kept.
        """
        return self._equipment.library.ingest(
            sources,
            progress,
            addresses=read_several("addresses", addresses, str),
            restore=restore,
        )

    def watch(
        self, *folders: Path, stopped: Event | None = None, progress: Report = unheard
    ) -> Iterator[IngestReport]:
        """Keep what folders hold, then what appears or changes in them, report by report.

        It goes on until `stopped` is set or Ctrl-C is pressed. A file is read once nobody has
        written it for a second. What was deleted stays: `remove` is for that. A file under a new
        name is an alternate of what it was.
        """
        watched = read_several("folders", folders, Path)
        return self._equipment.library.watch(watched, progress, stopped)

    def search(
        self,
        query: str,
        *,
        since: Moment = None,
        until: Moment = None,
        outlets: Sequence[str] = (),
        articles: Sequence[str] = (),
        count: int = 8,
    ) -> tuple[Passage, ...]:
        """The `count` passages that fit the query best, numbered from 1.

        By meaning and by words at once, of articles published in [since, until), by these
        `outlets`, with these ids; what is not given limits nothing. Raises SettingsError for a
        moment that is none, SearchIndexError when the index cannot be used.
        """
        filters = read_filters(since, until, outlets, articles, self.now)
        return self._equipment.library.search(
            read_text("query", query), filters, read_number("count", count), self.now
        )

    def article(self, identity: str, revision: int | None = None) -> Article:
        """An article, by default its current revision.

        Raises ArticleNotFoundError, also for one that was removed, whose date it then says.
        """
        return self._equipment.library.archive.article(identity, revision)

    def changes(self, identity: str) -> tuple[RevisionChange, ...]:
        """What each revision of an article changed in the one before, and whether it corrects it.

        Raises ArticleNotFoundError.
        """
        from bot.revisions import changes_of

        self.article(identity)
        return changes_of(self.catalogue.revisions(identity))

    def articles(self, most: int | None = None) -> Sequence[ArticleDetails]:
        """Every live article, or so many of them, the newest first."""
        if most is not None:
            read_number("most", most)
        return self._equipment.library.archive.details(most=most)

    @property
    def catalogue(self) -> Catalogue:
        """The articles a page at a time, sought, sorted and filtered; their revisions."""
        return self._equipment.library.archive.catalogue

    @opened_once
    def conversations(self) -> Conversations:
        """Each user's own conversations with their results; "" is the user without a login."""
        from bot.archive.conversations import Conversations

        return Conversations(self._equipment.library.archive.database, lambda: self.now)

    @opened_once
    def users(self) -> Users:
        """Who may use the page and its API, once anybody was added."""
        from bot.archive.users import Users

        return Users(self._equipment.library.archive.database, lambda: self.now)

    def remove(self, identity: str) -> None:
        """Delete an article and its text for good; citations of it then say when."""
        self._equipment.library.remove(identity)

    def rebuild(self, progress: Report = unheard) -> int:
        """Make the search index anew from the archive; returns how many chunks it holds."""
        return self._equipment.library.rebuild(progress)

    def status(self) -> dict[str, Any]:
        """What the archive holds, where it lives and who writes, as plain values."""
        return {
            "data": str(self.settings.directory),
            **self._equipment.library.status(),
            "schedule": self.editions.status(),
            "writer": self.writer_line,
            "judge": self.judge_line,
        }

    # The three uses

    def ask_stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        since: Moment = None,
        until: Moment = None,
        *,
        outlets: Sequence[str] = (),
        articles: Sequence[str] = (),
        on_screen: Briefing | None = None,
    ) -> Iterator[AnswerEvent]:
        """Answer a question, event by event: Searching, DraftText, ClaimChecked, the Answer last.

        A period in the question's own words ("since Tuesday") becomes a filter unless one is given,
        and so do the articles that it points at in a briefing `on_screen` ("the second story").
        """
        from bot.answers import Question, stream_answer
        from bot.onscreen import point
        from bot.writing.drafts import Turn

        text = read_question(question)
        turns = read_several("history", history, Turn)
        if on_screen is not None:
            read_one("on_screen", on_screen, Briefing)
        pointed = point(text, on_screen) if on_screen and not articles else None
        within = pointed.articles if pointed else articles
        asked = Question(
            text=text,
            searched=pointed.question if pointed else "",
            history=() if pointed else turns,
            filters=read_filters(since, until, outlets, within, self.now),
            now=self.now,
        )
        writer = self._equipment.writer("answer")
        yield from stream_answer(
            asked,
            search=self._equipment.search(),
            writer=writer,
            checker=self._equipment.checker_of(writer),
            find_conflicts=self._equipment.conflicts_among,
        )

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        since: Moment = None,
        until: Moment = None,
        *,
        outlets: Sequence[str] = (),
        articles: Sequence[str] = (),
        on_screen: Briefing | None = None,
    ) -> Answer:
        """Answer a question from the archive, or abstain with a reason.

        `history` are the turns before, which say what "he" or "and then?" means. Only articles
        published in [since, until), by these `outlets`, with these ids are searched. A model that
        does not deliver raises a ModelError, a question that is empty or too long SettingsError.
        """
        events = self.ask_stream(
            question,
            history,
            since,
            until,
            outlets=outlets,
            articles=articles,
            on_screen=on_screen,
        )
        (answer,) = deque(events, maxlen=1)
        assert isinstance(answer, Answer)  # noqa: S101 - the stream ends with it
        return answer

    def suggestions(self, count: int = 3) -> tuple[str, ...]:
        """Questions drawn from the newest articles that the archive answers; no model is asked."""
        from bot.suggestions import NEWEST, find_suggestions

        return find_suggestions(
            self.articles(NEWEST),
            load=self.article,
            read=self._equipment.checker.language.read,
            answer=self._equipment.answer_extractively,
            count=read_number("count", count),
        )

    def summarise(self, source: Given | Iterable[Given], bullets: int = 5) -> Summary:
        """Sum up text (`str`), a file (`Path`), an `Article` or several of these in `bullets`.

        Needs no archive: where there is none, what a model took for it is written down nowhere,
        unless there is a budget for the day. Raises a SourceError when there is nothing to read.
        """
        from bot.sources import articles_from
        from bot.summaries import write_summary

        writer = self._equipment.writer("answer")
        return write_summary(
            articles_from(source),
            bullets=read_number("bullets", bullets),
            writer=writer,
            checker=self._equipment.checker_of(writer),
            find_conflicts=self._equipment.find_conflicts,
        )

    def brief(
        self,
        topic: str | None = None,
        since: Moment = None,
        until: Moment = None,
        bullets: int = 3,
        *,
        stories: int = 8,
        undated: bool = False,
        progress: Report = unheard,
    ) -> Briefing:
        """Brief on the archive: at most `stories` stories of at most `bullets` claims each.

        Of articles on the `topic` (None: all) that were published in [since, until); of a day
        without a time, any part will do. Articles without a date take part without a period, or
        when `undated` says so. `coverage` tells what became of each article. A story that a model
        does not deliver costs only itself; raises a ModelError when all do.
        """
        from bot.briefings import write_briefing

        request = self._request(topic, since, until, bullets, stories, undated)
        desk = self._equipment.desk(progress)
        return write_briefing(request, self._equipment.library.shelf, desk)

    def estimate(
        self,
        topic: str | None = None,
        since: Moment = None,
        until: Moment = None,
        bullets: int = 3,
        *,
        stories: int = 8,
        undated: bool = False,
    ) -> Estimate:
        """About what `brief` would take of chat models; nothing is sent to them."""
        from bot.briefings import estimate_briefing

        request = self._request(topic, since, until, bullets, stories, undated)
        desk = self._equipment.desk(unheard)
        return estimate_briefing(request, self._equipment.library.shelf, desk)

    # Trust

    def check(self, text: str, against: Given | Iterable[Given]) -> Check:
        """Check any text, sentence by sentence, against articles; reads English.

        Each sentence gets a verdict, the sentences that carry it and the reasons; `score` in [0, 1]
        is for all. Raises a SourceError when there is nothing to check, or to check against.
        """
        from bot.sources import articles_from

        if not read_text("text", text):
            raise EmptySourceError("There is no text to check; give a summary of some words.")
        return self._equipment.checker.check_text(text, articles_from(against))

    def conflicts(self, *articles: Given) -> list[Conflict]:
        """Pairs of sentences that cannot both be true, within an article and between articles."""
        from bot.sources import articles_from

        return list(self._equipment.find_conflicts(articles_from(articles)))

    def resolve(self, citation: Citation) -> str:
        """The sentence that a citation stands for as it is stored, or "removed on DATE"."""
        return self._equipment.library.resolve(read_one("citation", citation, Citation))

    # On a schedule

    @opened_once
    def editions(self) -> Editions:
        """The standing briefings: their editions, their schedule, and what became of each run."""
        from bot.editions.editions import Editions
        from bot.editions.newsroom import Newsroom

        room = Newsroom(
            settings=self.settings,
            clock=lambda: self.now,
            library=self._equipment.library,
            ingest=self.ingest,
            open_writer=self._equipment.edition_writer,
            checker=self._equipment.checker_of,
            find_conflicts=self._equipment.find_conflicts,
            embed=lambda texts: self._equipment.embed(texts),
            read=lambda text: self._equipment.checker.language.read(text),
            reached=self._reached,
        )
        return Editions(room)

    # LangChain

    def retriever(self, count: int = 8) -> BaseRetriever:
        """The hybrid search as a LangChain retriever, for chains of your own."""
        return self._equipment.library.retriever(Filters(), read_number("count", count), self.now)

    def chain(self) -> Runnable[str, Answer]:
        """`ask` as a LangChain Runnable from a question to an Answer."""
        from langchain_core.runnables import RunnableLambda

        return RunnableLambda(self.ask)

    # Who writes

    @property
    def writer(self) -> Writer:
        """A writer for one run, of the settings' model, which only the day's budget limits."""
        return self._equipment.writers.open()

    @property
    def models(self) -> dict[str, str]:
        """The models in use, each with where what it is given goes."""
        return {
            "writer": self.writer_line,
            "judge": self.judge_line,
            "embeddings": self.settings.embeddings,
        }

    def usage(self, since: Moment = None) -> tuple[Usage, ...]:
        """What calls of chat models took, by day, model and purpose, the newest day first."""
        start, ledger = read_moment(since, self.now), self._equipment.books.ledger
        return ledger.usage(self.settings.zone, start) if ledger else ()

    @property
    def writer_line(self) -> str:
        """One line: who writes, and where passages of the articles go for it."""
        from bot.writing.models import describe

        return describe(self.settings)

    @property
    def judge_line(self) -> str:
        """One line: who judges claims besides the checks in code, and where they go for it."""
        from bot.writing.judge import judge_line

        return judge_line(self.settings)

    @property
    def now(self) -> datetime:
        """The present, in the user's timezone."""
        return self._equipment.now

    def close(self) -> None:
        """Let go of the archive and the index."""
        self._equipment.close()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _request(
        self,
        topic: str | None,
        since: Moment,
        until: Moment,
        bullets: int,
        stories: int,
        undated: bool,
    ) -> Request:
        from bot.briefings import Request

        return Request(
            topic=read_text("topic", topic or "") or None,
            period=period_between(since, until, self.now),
            undated=undated,
            stories=read_number("stories", stories),
            bullets=read_number("bullets", bullets),
            created=self.now,
        )
