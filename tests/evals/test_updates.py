"""Whether a sentence that goes on with what was told is known as an update, and nothing else is.

The pairs (`updates.jsonl`) were made by hand, in view while the rules were: in-sample.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import read_settings
from bot.archive.memory import Told
from bot.chronicle import Novelty
from bot.editions.changes import find_changes
from bot.embeddings import open_english
from bot.entities import Citation, Claim, Verdict
from bot.grounding.language import Language

pytestmark = pytest.mark.evals

PAIRS = Path(__file__).with_name("updates.jsonl")
DAY = datetime(2026, 11, 24, tzinfo=UTC)
FLOOR = 0.6  # of the updates that are found
MOST_FALSE = 1  # of the controls


def test_updates_in_other_words_are_found_and_controls_are_not(tmp_path: Path) -> None:
    settings = read_settings(data=tmp_path)
    english = open_english(settings)
    language = Language(english, settings.language_path)
    found: dict[bool, list[bool]] = {True: [], False: []}
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        before, after = english.embed([pair["before"], pair["after"]])
        citation = Citation("b", 1, 0, len(pair["before"]), pair["before"])
        told = Told(edition=1, n=0, story="s", text=pair["before"], day=None,
                    citation=citation, vector=before)  # fmt: skip
        claim = Claim(
            text=pair["after"],
            citations=(Citation("a", 1, 0, len(pair["after"]), pair["after"]),),
            verdict=Verdict.SUPPORTED,
        )
        (change,) = find_changes([claim], after[None], [told], lambda _: DAY, language.read)
        is_update = change.novelty is Novelty.UPDATED
        found[pair["update"]].append(is_update)
        if is_update != pair["update"]:
            print(f"\n{'missed' if pair['update'] else 'false'}: {pair['after']}")
    hits, false = sum(found[True]), sum(found[False])
    print(f"{hits} of {len(found[True])} updates found, {false} of {len(found[False])} controls")
    assert hits >= FLOOR * len(found[True])
    assert false <= MOST_FALSE
