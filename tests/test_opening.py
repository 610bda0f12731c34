from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from threading import Barrier, Event

import pytest

from bot.equipment import Equipment
from bot.library import Library
from bot.newsbot import Newsbot
from bot.opening import opened_once


class Room:
    def __init__(self) -> None:
        self.start = Barrier(4)
        self.opened: list[str] = []
        self.waiting, self.done = Event(), Event()

    @opened_once
    def door(self) -> str:
        self.opened.append("door")
        Event().wait(0.05)
        return "open"

    @opened_once
    def gate(self) -> str:
        self.waiting.set()
        assert self.done.wait(10)
        return "open"


def test_threads_that_come_at_once_open_a_part_once() -> None:
    room = Room()

    def enter(_: int) -> str:
        room.start.wait()
        return room.door

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(enter, range(4))) == ["open"] * 4
    assert room.opened == ["door"]


def test_no_part_waits_for_another_nor_an_object_for_another() -> None:
    room, other = Room(), Room()
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(lambda: room.gate)
        assert room.waiting.wait(10)
        assert room.door == other.door == "open"
        room.done.set()
        assert slow.result() == "open"


@pytest.mark.parametrize("shared", [Newsbot, Equipment, Library])
def test_what_threads_share_is_opened_once(shared: type) -> None:
    parts = [part for part in vars(shared).values() if isinstance(part, cached_property)]
    assert parts
    assert all(isinstance(part, opened_once) for part in parts)
