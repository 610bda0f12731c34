"""Newsbot's page served by a process of its own, on a free port, with an archive of its own.

with served(tmp_path, "seeds") as address:
    ...                                     # address is "http://127.0.0.1:PORT"
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SECONDS = 180  # until the page answers, on a busy machine
_OURS = ("NEWSBOT_", "OPENAI_", "ANTHROPIC_", "LANGSMITH_")


@contextmanager
def served(data: Path, *sources: str | Path, port: int = 0, **settings: str) -> Iterator[str]:
    """The page's address; `sources` are ingested before, `settings` are environment variables."""
    ingest = [part for source in sources for part in ("--ingest", str(source))]
    command = [sys.executable, "-m", "bot", "--data", str(data), "serve", "--port", str(port)]
    command += ingest
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    process = subprocess.Popen(
        command, cwd=ROOT, env={**clean, **settings}, stderr=subprocess.PIPE, text=True
    )
    try:
        yield _Log(process).address()
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()


class _Log:
    """Reads what the process says, so that its pipe never fills."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._lines: list[str] = []
        self._said = threading.Event()
        self._address: str | None = None
        threading.Thread(target=self._read, daemon=True).start()

    def address(self) -> str:
        self._said.wait(_SECONDS)
        if self._address is None:
            raise RuntimeError("The page was not served:\n" + "".join(self._lines))
        return self._address

    def _read(self) -> None:
        for line in self._process.stderr or ():
            self._lines.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                self._address = found[0]
                self._said.set()
        self._said.set()
