"""Near-duplicates among 10,000 articles varied from real ones, at three shares of changed words."""

from __future__ import annotations

from time import perf_counter, process_time

import pytest

from tests.benchmarks.variations import real_texts, vary
from tests.kept_groups import find_alternates

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(1200)]

ORIGINALS, VARIANTS = 2_000, 4
LEAST_AT_TEN = 0.98


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return real_texts(ORIGINALS)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_variants_are_found_and_nothing_else(texts: list[str], share: float) -> None:
    """A variant counts as found when it is the alternate of an article of its own family."""
    articles = list(vary(texts, share, VARIANTS, seed=7))
    began, worked = perf_counter(), process_time()
    found = find_alternates(articles)
    seconds, work = perf_counter() - began, process_time() - worked
    right = sum(one.split()[0] == other.split()[0] for one, other in found.items())
    precision, recall = right / max(1, len(found)), right / (len(texts) * VARIANTS)
    print(
        f"\n{len(articles)} articles, {share:.0%} of words changed: precision {precision:.4f}, "
        f"recall {recall:.4f} in {seconds:.1f} s ({work:.1f} s of work)"
    )
    assert len(articles) == ORIGINALS * (1 + VARIANTS)
    assert precision >= LEAST_AT_TEN
    if share <= 0.1:
        assert recall >= LEAST_AT_TEN
