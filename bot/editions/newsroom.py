"""What a run needs of a Newsbot: who keeps, who writes, who checks, and what time it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.archive.editions import Ledger
from bot.archive.memory import Memory
from bot.claims import SentenceChecker
from bot.entities import Article, Conflict, IngestReport, Report
from bot.grounding.language import Reading
from bot.library import Library
from bot.settings import Settings
from bot.writing.drafts import Writer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Reached = Callable[[str], None]


class Ingest(Protocol):
    """`Newsbot.ingest`, as far as a run calls it."""

    def __call__(self, *, addresses: Sequence[str], progress: Report) -> IngestReport:
        """Keep what is at the addresses."""


def unwatched(point: str) -> None:
    """Nobody watches how far a run is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """`clock` gives the present in the user's timezone.

    `open_writer` opens a writer for one run: of a model (None: the settings'), within tokens and
    money (None: without a limit of its own).
    `reached` is called with the name of each point between committed steps, for whoever tests what
    a kill does there.
    """

    settings: Settings
    clock: Callable[[], datetime]
    library: Library
    ingest: Ingest
    open_writer: Callable[[str | None, int | None, float | None], Writer]
    checker: Callable[[Writer], SentenceChecker]  # of what this writer writes
    find_conflicts: Callable[[Sequence[Article]], Sequence[Conflict]]
    embed: Callable[[list[str]], NDArray[np.float32]]
    read: Callable[[str], Reading]  # parses a sentence
    reached: Reached = unwatched

    @property
    def ledger(self) -> Ledger:
        """The ledger of editions."""
        return Ledger(self.library.archive.database, self.clock)

    @property
    def memory(self) -> Memory:
        """What editions told."""
        return Memory(self.library.archive.database)
