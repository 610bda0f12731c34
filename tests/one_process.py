"""One of the processes of test_many_processes: `python -m tests.one_process ROLE DIRECTORY NAME`.

What it has achieved it appends to the directory's log, line by line, where it survives a kill. An
article whose number divides by 5 is revised once it was kept, one that divides by 7 is removed.
"""

from __future__ import annotations

import os
import re
import sys
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from bot.archive import Archive
from bot.archive.indexing import Index
from bot.entities import Article
from tests.tiny_embeddings import TinyEmbeddings
from vectorstore.store import open_store

TOGETHER = 4  # articles in one ingest


def open_index(directory: Path) -> Index:
    embeddings = TinyEmbeddings()
    store = open_store(directory / "index", embeddings)
    return Index(Archive(directory / "newsbot.db", split_lines), store, embeddings)


def split_lines(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"[^\n]+", text)]


def article(name: str, number: int, revision: int = 1) -> Article:
    """An article of two chunks in words that no other has."""
    text = "\n".join(f"{name}n{number}r{revision}p{part} " * 3 for part in range(2))
    return Article(id=f"{name}-{number}", title=f"{name} {number}", text=text)


def read_log(directory: Path) -> list[list[str]]:
    try:
        return [line.split(" ", 2) for line in (directory / "log").read_text().splitlines()]
    except FileNotFoundError:
        return []


class Log:
    """Appends whole lines, whoever else does."""

    def __init__(self, directory: Path) -> None:
        self._file = os.open(directory / "log", os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, what: str, which: str) -> None:
        os.write(self._file, f"{what} {which}\n".encode())


def ingest(directory: Path, name: str, log: Log) -> None:
    """Ingests its articles for ever, from where it was killed."""
    index = open_index(directory)
    log.write("started", name)
    kept = [line[1] for line in read_log(directory) if line[0] == "kept"]
    number = sum(one.startswith(f"{name}-") for one in kept)
    while True:
        some = range(number, number + TOGETHER)
        index.ingest(article(name, n) for n in some)
        index.ingest(article(name, n, revision=2) for n in some if n % 5 == 0)
        for n in some:
            if n % 5 and n % 7 == 0 and index.archive.removed_at(f"{name}-{n}") is None:
                index.remove(f"{name}-{n}")
                log.write("removed", f"{name}-{n}")
            log.write("kept", f"{name}-{n}")
        number += TOGETHER


def look(directory: Path, name: str, log: Log) -> None:
    """Searches for ever, as a page does, for the article that was reported last."""
    index = open_index(directory)
    log.write("started", name)
    while True:
        search(index, directory, log)


def ask(directory: Path, name: str, log: Log) -> None:
    """Opens, searches a few times and ends, as the command line does, again and again."""
    log.write("started", name)
    while True:
        index = open_index(directory)
        for _ in range(5):
            search(index, directory, log)
        index.store.close()
        index.archive.close()


def search(index: Index, directory: Path, log: Log) -> None:
    """Reports it when what was kept before the search is not found, or a dead chunk is.

    Chroma's search is approximate, and inserts in parallel: once in some ten thousand openings one
    vector is linked from no other. Whoever then finds the article's other chunk, which was written
    in the same breath, sees the newest index all the same.
    """
    for identity in list(stable(directory))[-3:]:
        name, number = identity.split("-")
        wanted = article(name, int(number))
        chunk = f"{identity}:1:1"
        text = f"{wanted.title}\n\n{wanted.text.splitlines()[1]}"
        with index.store.exclusive():
            by_vector = nearest(index, text)
            other = f"{wanted.title}\n\n{wanted.text.splitlines()[0]}"
            fresh = chunk in by_vector or f"{identity}:1:0" in nearest(index, other)
        by_word = [one for one, _ in index.archive.chunks.search(wanted.text.split()[-1], 5)]
        if chunk not in by_vector:
            log.write("missed" if fresh else "stale", f"{chunk} not among the nearest {by_vector}")
        if chunk not in by_word:
            log.write("stale", f"{chunk} not found by its words {by_word}")
        loaded = [one.id for one in index.archive.chunks.load([*by_vector, *by_word])]
        if chunk not in loaded:
            log.write("stale", f"{chunk} not loaded")
    log.write("searched", "")
    time.sleep(0.02)


def nearest(index: Index, text: str) -> list[str]:
    return [one for one, _ in index.store.nearest(index.embeddings.embed_query(text), 5)]


def stable(directory: Path) -> Iterator[str]:
    """The articles reported as kept that nobody revises or removes."""
    for what, identity, *_ in read_log(directory):
        if what == "kept" and int(identity.split("-")[1]) % 5 and int(identity.split("-")[1]) % 7:
            yield identity


def main(role: str, directory: Path, name: str) -> None:
    log = Log(directory)
    try:
        {"ingest": ingest, "look": look, "ask": ask}[role](directory, name, log)
    except Exception:
        log.write("failed", f"{role} {traceback.format_exc()!r}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
