"""Newsbot: news summaries, answers and briefings in which every sentence leads to its source.

    from bot import summarise, ask, brief

    print(summarise(Path("article.txt")))   # bullets, each with the sentence that carries it
    print(ask("Who met at the space centre?"))
    print(brief(since="7d"))

The functions are thin calls on one `Newsbot`, opened from the settings for the call; open your own
to make several. Everything is imported when it is first named.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot import errors
    from bot.chronicle import (
        Change,
        Difference,
        Edition,
        Manifest,
        Milestone,
        Novelty,
        Replay,
        ToldClaim,
        ToldStory,
        Withdrawal,
    )
    from bot.entities import (
        Answer,
        Article,
        ArticleDetails,
        Briefing,
        Check,
        Citation,
        Claim,
        ClaimChecked,
        Conflict,
        ConflictKind,
        CoverageEntry,
        DraftText,
        Estimate,
        Filters,
        Ingested,
        IngestReport,
        Origin,
        Outcome,
        Passage,
        Period,
        Precision,
        Progress,
        Searching,
        SearchRecord,
        Sentence,
        Story,
        Summary,
        Tally,
        Usage,
        Use,
        Verdict,
    )
    from bot.errors import NewsbotError
    from bot.functions import (
        ask,
        ask_stream,
        brief,
        check,
        conflicts,
        ingest,
        search,
        summarise,
    )
    from bot.newsbot import Newsbot
    from bot.settings import Settings, read_settings
    from bot.writing.drafts import Turn

# Where these names are at home, the module that loads least first.
_HOMES = (
    "bot.entities",
    "bot.chronicle",
    "bot.errors",
    "bot.settings",
    "bot.writing.drafts",
    "bot.newsbot",
    "bot.functions",
)

__all__ = [
    "Answer",
    "Article",
    "ArticleDetails",
    "Briefing",
    "Change",
    "Check",
    "Citation",
    "Claim",
    "ClaimChecked",
    "Conflict",
    "ConflictKind",
    "CoverageEntry",
    "Difference",
    "DraftText",
    "Edition",
    "Estimate",
    "Filters",
    "IngestReport",
    "Ingested",
    "Manifest",
    "Milestone",
    "Newsbot",
    "NewsbotError",
    "Novelty",
    "Origin",
    "Outcome",
    "Passage",
    "Period",
    "Precision",
    "Progress",
    "Replay",
    "SearchRecord",
    "Searching",
    "Sentence",
    "Settings",
    "Story",
    "Summary",
    "Tally",
    "ToldClaim",
    "ToldStory",
    "Turn",
    "Usage",
    "Use",
    "Verdict",
    "Withdrawal",
    "ask",
    "ask_stream",
    "brief",
    "check",
    "conflicts",
    "errors",
    "ingest",
    "read_settings",
    "search",
    "summarise",
]


def __getattr__(name: str) -> Any:
    if name == "errors":
        return import_module("bot.errors")
    if name in __all__:
        for home in map(import_module, _HOMES):
            if hasattr(home, name):
                return getattr(home, name)
    raise AttributeError(f"module 'bot' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
