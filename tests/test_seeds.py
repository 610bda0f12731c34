"""The seeds: the user's article as it came, and fictional ones that show what Newsbot does."""

from __future__ import annotations

import hashlib
import subprocess
from collections import Counter
from pathlib import Path

from bot.entities import Article, Ingested, Outcome
from bot.sources import read

USERS_ARTICLE = "000_5ff9f7e693aef6ae.txt"


def articles(seeds: Path) -> list[Article]:
    return [found for found in read(seeds) if isinstance(found, Article)]


def test_the_users_article_is_byte_for_byte(seeds: Path) -> None:
    digest = hashlib.sha256((seeds / USERS_ARTICLE).read_bytes()).hexdigest()
    assert digest == "8592b2a5cf89da20fa3fdc815d18b9ff8df24e6d2758511906f7a56083ac34f2"


def test_every_other_seed_says_that_it_is_fictional(seeds: Path) -> None:
    for article in articles(seeds):
        if not article.address.endswith(USERS_ARTICLE):
            said = f"{article.outlet} {article.text}"
            assert "fictional" in said, article.address


def test_no_seed_fails_and_each_is_dated_with_a_headline(seeds: Path) -> None:
    outcomes = [found.outcome for found in read(seeds) if isinstance(found, Ingested)]
    assert Outcome.FAILED not in outcomes
    for article in articles(seeds):
        assert article.published is not None
        assert "title" not in article.guessed


def test_one_seed_is_an_updated_article(seeds: Path) -> None:
    revisions = Counter(article.id for article in articles(seeds))
    assert sorted(revisions.values())[-2:] == [1, 2]


def test_no_code_knows_the_seeds(seeds: Path) -> None:
    names = ["Ellery", "Brenmoor", "Norvale", "5ff9f7e693aef6ae"]
    pattern = "|".join(names)
    found = subprocess.run(
        ["grep", "-rlE", "--include=*.py", pattern, "bot", "vectorstore", "prompts"],
        cwd=seeds.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.stdout == ""
