"""Who waits for the archive gets it in turn, whoever else writes without a pause."""

from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest

from bot.archive.database import Database
from bot.archive.turns import Turns


def test_turns_come_in_the_order_of_asking() -> None:
    turns, came = Turns(), []

    def take(number: int) -> None:
        with turns.turn():
            came.append(number)

    threads = [Thread(target=take, args=(number,)) for number in range(8)]
    with turns.turn():
        for number, thread in enumerate(threads):
            thread.start()
            while len(turns._waiting) <= number:
                sleep(0.001)
    for thread in threads:
        thread.join()
    assert came == list(range(8))
    with turns.turn():  # and it is free again
        came.append(8)


def test_a_turn_ends_when_its_block_fails() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="broken"), turns.turn():
        raise ValueError("broken")
    with turns.turn():
        pass


def test_one_write_waits_for_no_more_than_the_one_before_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "archive.db")
    written, over = [], Event()

    def write_without_a_pause() -> None:
        while not over.is_set():
            with database.write():
                sleep(0.02)
            written.append(True)

    ingest = Thread(target=write_without_a_pause)
    ingest.start()
    waited = []
    for _ in range(5):
        sleep(0.03)
        before = len(written)
        with database.write():
            waited.append(len(written) - before)
    over.set()
    ingest.join()
    database.close()
    assert max(waited) <= 2
