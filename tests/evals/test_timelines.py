"""What editions are worth on real news: the days that they find, and how little they repeat."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.evals.stream import TOPICS, Played, busiest, days_of, f1, gold_of, play, repetition

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(7_200)]

MARGIN = 0.05  # of the F1 of days above that of the busiest days of publication
MOST_REPEATED = 0.05
MOST_LOST = 0.02  # of the human timelines' days, against briefings without a memory


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Played]:
    return {topic: play(topic, tmp_path_factory.mktemp(topic)) for topic in TOPICS}


def test_the_days_that_mattered_are_found(played: Mapping[str, Played]) -> None:
    """As many days as the human timeline has, against as many of the busiest."""
    ours, theirs = [], []
    for topic, one in played.items():
        gold = gold_of(topic)
        ours.append(f1(one.timeline, gold))
        theirs.append(f1(busiest(topic, len(gold)), gold))
        print(f"\n{topic}: {len(gold)} days, F1 {ours[-1]:.3f}, busiest days {theirs[-1]:.3f}")
    mean, baseline = sum(ours) / len(ours), sum(theirs) / len(theirs)
    print(f"mean F1 {mean:.3f}, busiest days {baseline:.3f}")
    assert mean >= baseline + MARGIN


def test_little_is_told_twice_and_little_is_lost(played: Mapping[str, Played]) -> None:
    repeated = claims = covered = plainly = days = 0
    for topic, one in played.items():
        again, told = repetition(one.editions)
        plain_again, plain_told = repetition(one.plain)
        gold = gold_of(topic)
        ours = len(gold & days_of(one.editions))
        plain = len(gold & days_of(one.plain))
        print(
            f"\n{topic}: {again} of {told} claims told before ({plain_again} of {plain_told} "
            f"without a memory), {ours} of {len(gold)} days covered ({plain} without)"
        )
        repeated, claims = repeated + again, claims + told
        covered, plainly, days = covered + ours, plainly + plain, days + len(gold)
    print(f"{repeated / claims:.1%} repeated; {covered} of {days} days, {plainly} without a memory")
    assert repeated / claims < MOST_REPEATED
    assert covered / days >= plainly / days - MOST_LOST
