"""Folders watched, on real files, and the command beside another process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event, Thread

import pytest

from bot.errors import SourceNotFoundError
from bot.sources.watching import watch

TEXT = "The river rose by two metres in the night.\n\n" + "The water board said so on Monday. " * 9


@contextmanager
def watched(*folders: Path) -> Iterator[Callable[[float], list[str]]]:
    """A function that waits so many seconds for files to settle, and gives their names."""
    stopped, found = Event(), SimpleQueue[list[Path]]()

    def run() -> None:
        with watch([folder.resolve() for folder in folders], stopped) as settled:
            found.put([])
            for paths in settled:
                found.put(paths)

    def wait(seconds: float) -> list[str]:
        try:
            return [path.name for path in found.get(timeout=seconds)]
        except Empty:
            return []

    thread = Thread(target=run)
    thread.start()
    found.get(timeout=5)
    try:
        yield wait
    finally:
        stopped.set()
        thread.join(timeout=5)
    assert not thread.is_alive()


def test_what_appears_in_any_of_the_folders_is_told_once(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "inner").mkdir(parents=True)
    second.mkdir()
    with watched(first, second) as wait:
        (first / "inner" / "a.txt").write_text(TEXT)
        (second / "b.md").write_text(TEXT)
        (first / ".hidden.txt").write_text(TEXT)
        (first / "picture.png").write_bytes(b"\x89PNG")
        (first / "README.md").write_text(TEXT)
        (first / "link.txt").symlink_to(second / "b.md")
        assert sorted(wait(5)) == ["a.txt", "b.md"]
        assert wait(1.5) == []


def test_a_file_is_not_told_while_it_is_written(tmp_path: Path) -> None:
    with watched(tmp_path) as wait, (tmp_path / "a.txt").open("w") as stream:
        begun = time.monotonic()
        for _ in range(5):
            stream.write(TEXT)
            stream.flush()
            time.sleep(0.4)
        assert wait(5) == ["a.txt"]
        assert time.monotonic() - begun > 2.3


def test_files_renamed_moved_and_deleted(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    outside.mkdir()
    folder.mkdir()
    (folder / "old.txt").write_text(TEXT)
    (folder / "gone.txt").write_text(TEXT)
    (outside / "moved.txt").write_text(TEXT)
    with watched(folder) as wait:
        (folder / "old.txt").rename(folder / "new.txt")
        (folder / "gone.txt").unlink()
        (folder / "passing.txt").write_text(TEXT)
        (folder / "passing.txt").unlink()
        outside.rename(folder / "inside")
        assert sorted(wait(5)) == ["moved.txt", "new.txt"]


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="no folder"), watch([tmp_path / "none"]):
        pass


@pytest.mark.slow
def test_the_command_keeps_what_changes_beside_another_process(tmp_path: Path) -> None:
    folder, data = tmp_path / "folder", tmp_path / "data"
    folder.mkdir()
    (folder / "a.txt").write_text(f"River rises\n\n{TEXT}")
    newsbot = [sys.executable, "-m", "bot", "--data", str(data)]
    watching = subprocess.Popen(
        [*newsbot, "ingest", "--watch", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"NEWSBOT_TIMEZONE": "UTC"},
    )
    assert watching.stderr is not None
    try:
        lines = iter(watching.stderr.readline, "")
        assert any("Ctrl-C" in line for line in lines)
        (folder / "b.txt").write_text(f"Council meets\n\n{TEXT.replace('river', 'council')}")
        assert any("added" in line and "b.txt" in line for line in lines)
        (folder / "a.txt").write_text(f"River rises\n\n{TEXT} It fell on Tuesday.")
        other = subprocess.run(
            [*newsbot, "ingest", "-"], input=f"Ferry stops\n\n{TEXT[:90]} The ferry stops.",
            text=True, capture_output=True, check=False,
        )  # fmt: skip
        assert other.returncode == 0, other.stderr
        assert any("revised" in line and "a.txt" in line for line in lines)
        watching.send_signal(signal.SIGINT)
        begun = time.monotonic()
        (told,) = [line for line in lines if line.strip()][-1:]
        assert watching.wait(timeout=10) == 0
        assert time.monotonic() - begun < 5
        assert told == "Stopped watching; 3 articles were added or revised.\n"
        status = subprocess.run([*newsbot, "status"], text=True, capture_output=True, check=True)
        assert "articles:             3" in status.stdout
        assert "pending:              0" in status.stdout
    finally:
        watching.kill()
        watching.wait()
