"""What flows through Newsbot: frozen dataclasses that hold facts and do nothing.

    address -> Article -> Sentence -> Passage -> Claim(Citation...) -> Answer | Summary | Briefing

A `Citation` is the same object in the page, in Python, in a scheduled edition and in every export.
Every time here is timezone-aware. Offsets count characters (code points) of `Article.text`. Nothing
here knows about databases, models, prompts or the web.
"""

from bot.entities.articles import Article, ArticleDetails, Precision, Sentence
from bot.entities.claims import Citation, Claim, Conflict, ConflictKind, Origin, Tally, Verdict
from bot.entities.events import (
    AnswerEvent,
    ClaimChecked,
    DraftText,
    Progress,
    Report,
    Searching,
    unheard,
)
from bot.entities.ingests import Ingested, IngestReport, Outcome
from bot.entities.results import Answer, Briefing, Check, CoverageEntry, Story, Summary, Use
from bot.entities.searches import Filters, Passage, Period, SearchRecord
from bot.entities.spending import Estimate, Usage

__all__ = [
    "Answer",
    "AnswerEvent",
    "Article",
    "ArticleDetails",
    "Briefing",
    "Check",
    "Citation",
    "Claim",
    "ClaimChecked",
    "Conflict",
    "ConflictKind",
    "CoverageEntry",
    "DraftText",
    "Estimate",
    "Filters",
    "IngestReport",
    "Ingested",
    "Origin",
    "Outcome",
    "Passage",
    "Period",
    "Precision",
    "Progress",
    "Report",
    "SearchRecord",
    "Searching",
    "Sentence",
    "Story",
    "Summary",
    "Tally",
    "Usage",
    "Use",
    "Verdict",
    "unheard",
]
