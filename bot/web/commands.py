"""What a message asks for: an answer, a briefing, a summary or help.

Commands begin with a slash; "brief me on ferries" and "summarise this: ..." mean the same in plain
words. This module knows neither the page nor the archive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Wish(StrEnum):
    """What a person wants done."""

    ANSWER = "answer"
    BRIEFING = "brief"
    SUMMARY = "summarise"
    HELP = "help"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Command:
    """A wish and what it is about: a question, a topic, an article or a text."""

    wish: Wish
    about: str = ""


HELP = (
    ("Ask anything", "The answer is written from your articles alone, or there is none."),
    ("/brief TOPIC", "A briefing, on everything without a topic. Or say “brief me on …”."),
    (
        "/summarise ADDRESS",
        "A summary: give a web address, a headline of the archive, or paste a text.",
    ),
    ("/help", "These lines."),
)

_SLASH = re.compile(r"/(\w+)(?:\s+(.*))?\Z", re.DOTALL)
_BRIEF = re.compile(
    r"(?:please |can you |could you )?(?:brief me|(?:give|write|make) me a (?:news )?briefing|"
    r"(?:a |the )?briefing)"
    r"(?:\s+(?:on|about|of)\s+(?P<topic>.+?))?(?:,? please)?\s*[.!?]?\Z",
    re.IGNORECASE | re.DOTALL,
)
_SUMMARISE = re.compile(
    r"(?:please |can you |could you )?summari[sz]e (?:(?:this|the following)(?: text| article)?:\s*"
    r"(?P<text>.+)|(?P<address>https?://\S+))\Z",
    re.IGNORECASE | re.DOTALL,
)
_EVERYTHING = ("everything", "all", "all of it", "the news", "all news")
_NAMES = {
    "brief": Wish.BRIEFING,
    "briefing": Wish.BRIEFING,
    "summarise": Wish.SUMMARY,
    "summarize": Wish.SUMMARY,
    "help": Wish.HELP,
    "ask": Wish.ANSWER,
}


def read_command(message: str) -> Command:
    """The command in a message; whatever is none is a question."""
    text = message.strip()
    if slash := _SLASH.match(text):
        wish = _NAMES.get(slash[1].lower(), Wish.UNKNOWN)
        return Command(wish, (slash[2] or "").strip() if wish is not Wish.UNKNOWN else slash[1])
    if brief := _BRIEF.match(text):
        topic = (brief["topic"] or "").strip()
        return Command(Wish.BRIEFING, "" if topic.lower() in _EVERYTHING else topic)
    if summarise := _SUMMARISE.match(text):
        return Command(Wish.SUMMARY, (summarise["text"] or summarise["address"]).strip())
    return Command(Wish.ANSWER, text)
