from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.archive.recent import RecentVectors

Vector = NDArray[np.float32]


class Kept:
    """The vectors of a database, and what was asked of it."""

    def __init__(self, **vectors: Sequence[float]) -> None:
        self.vectors = {name: np.array(vector, dtype="<f4") for name, vector in vectors.items()}
        self.asked: list[list[str]] = []

    def load(self, model: str, hashes: Sequence[str]) -> dict[str, Vector]:
        self.asked.append(list(hashes))
        factor = {"mine": 1, "another": 10}[model]
        return {one: factor * self.vectors[one] for one in hashes if one in self.vectors}


def test_vectors_are_read_once_and_given_in_the_order_asked_for() -> None:
    kept = Kept(a=[1, 0], b=[0, 1], c=[1, 1])
    recent = RecentVectors(kept.load)
    recent("mine", ["a", "b"])
    found, rows = recent("mine", ["c", "b", "c"])
    assert found == [0, 1, 2]
    assert rows.tolist() == [[1, 1], [0, 1], [1, 1]]
    assert kept.asked == [["a", "b"], ["c"]]


def test_one_that_was_not_kept_yet_is_asked_for_again() -> None:
    kept = Kept(a=[1, 0])
    recent = RecentVectors(kept.load)
    assert recent("mine", ["late", "a"])[0] == [1]
    kept.vectors["late"] = np.array([2, 2], dtype="<f4")
    found, rows = recent("mine", ["late", "a"])
    assert found == [0, 1]
    assert rows.tolist() == [[2, 2], [1, 0]]


def test_none_is_kept_of_another_model() -> None:
    recent = RecentVectors(Kept(a=[1, 0]).load)
    recent("mine", ["a"])
    assert recent("another", ["a"])[1].tolist() == [[10, 0]]


def test_more_than_fit_are_given_and_forgotten() -> None:
    kept = Kept(a=[1, 0], b=[0, 1], c=[1, 1])
    recent = RecentVectors(kept.load, most=2)
    assert recent("mine", ["a", "b", "c"])[0] == [0, 1, 2]
    recent("mine", ["a"])
    assert kept.asked == [["a", "b", "c"], ["a"]]


@pytest.mark.parametrize("hashes", [[], ["none"]])
def test_of_nothing_nothing_is_found(hashes: list[str]) -> None:
    found, rows = RecentVectors(Kept(a=[1, 0]).load)("mine", hashes)
    assert found == []
    assert len(rows) == 0
