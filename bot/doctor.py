"""Examines an installation: what is there, what is in use, what is reachable, how to mend the rest.

Nothing is changed, and nothing is sent anywhere but a connection to the model's server that the
user has named, which carries no article.
"""

from __future__ import annotations

import os
import platform
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from urllib.parse import urlsplit

from bot.errors import NewsbotError
from bot.settings import Settings

_PACKAGES = ("langchain", "langchain-openai", "langchain-chroma", "chromadb", "gradio", "openai")
_LEAST_SPACE = 500_000_000  # bytes; an archive of 10,000 articles takes about this
_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing examined: its state, whether that is good, and what to do when it is not."""

    subject: str
    good: bool
    state: str
    remedy: str = ""

    def __str__(self) -> str:
        """A line, and below it what to do."""
        line = f"{'ok  ' if self.good else 'FAIL'} {self.subject}: {self.state}"
        return f"{line}\n     {self.remedy}" if self.remedy else line


def examine(settings: Settings) -> list[Finding]:
    """All findings, in the order in which they depend on each other."""
    checks: list[tuple[str, Callable[[Settings], Iterator[Finding]]]] = [
        ("installation", _installation),
        ("data directory", _directory),
        ("archive", _archive),
        ("embeddings", _embeddings),
        ("language model", _language),
        ("writer", _writer),
        ("judge", _judge),
    ]
    findings: list[Finding] = []
    for subject, check in checks:
        try:
            findings += check(settings)
        except NewsbotError as error:
            findings.append(Finding(subject, False, str(error)))
    return findings


def _installation(settings: Settings) -> Iterator[Finding]:
    yield Finding("python", True, f"{platform.python_version()} on {platform.system()}")
    for package in _PACKAGES:
        try:
            yield Finding(package, True, metadata.version(package))
        except metadata.PackageNotFoundError:
            yield Finding(package, False, "not installed", "Run make setup.")


def _directory(settings: Settings) -> Iterator[Finding]:
    directory = settings.directory
    existing = next(path for path in (directory, *directory.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        remedy = "Choose another with --data or NEWSBOT_DATA, or change its permissions."
        yield Finding("data directory", False, f"{directory} cannot be written to", remedy)
        return
    free = shutil.disk_usage(existing).free
    state = f"{directory}, {free / 1e9:.1f} GB free"
    yield Finding(
        "data directory",
        free >= _LEAST_SPACE,
        state,
        "" if free >= _LEAST_SPACE else "Free some space, or choose another with --data.",
    )


def _archive(settings: Settings) -> Iterator[Finding]:
    from bot.newsbot import Newsbot

    if not (settings.directory / "newsbot.db").exists():
        yield Finding("archive", True, "empty; newsbot ingest FOLDER fills it")
        return
    with Newsbot(settings) as newsbot:
        facts = newsbot.status()
    pending, uncompared = int(str(facts["pending"])), int(str(facts["uncompared"]))
    state = f"{facts['articles']} articles, {facts['chunks']} chunks, {pending} not indexed yet"
    if uncompared:
        state += f", {uncompared} articles not compared for copies yet"
    good = not pending and not uncompared
    remedy = "" if good else "Run newsbot ingest again, or newsbot rebuild."
    yield Finding("archive", good, state, remedy)


def _embeddings(settings: Settings) -> Iterator[Finding]:
    from bot.embeddings import open_english, open_index_embeddings, translated

    open_english(settings)
    with translated():
        getattr(open_index_embeddings(settings), "load", lambda: None)()
    yield Finding("embeddings", True, settings.embeddings)


def _language(settings: Settings) -> Iterator[Finding]:
    from bot.grounding.language import packaged_model

    path = settings.language_path or packaged_model()
    good = (path / "config.cfg").is_file()
    remedy = "" if good else "Correct NEWSBOT_LANGUAGE_PATH: the folder of a spaCy pipeline."
    yield Finding("language model", good, path.name if good else f"no pipeline in {path}", remedy)


def _writer(settings: Settings) -> Iterator[Finding]:
    from bot.writing.models import describe, open_chat_model

    yield Finding("writer", True, describe(settings))
    if settings.writer == "extractive":
        return
    open_chat_model(settings)
    if settings.openai_base_url:
        yield _reachable(settings.openai_base_url)


def _judge(settings: Settings) -> Iterator[Finding]:
    from bot.writing.judge import judge_line, judge_settings
    from bot.writing.models import open_chat_model

    yield Finding("judge", True, judge_line(settings))
    if chosen := judge_settings(settings):
        open_chat_model(chosen)


def _reachable(url: str) -> Finding:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=_SECONDS).close()
    except OSError as error:
        remedy = "Start the server, or correct OPENAI_BASE_URL."
        return Finding("model server", False, f"{parts.netloc} does not answer ({error})", remedy)
    return Finding("model server", True, f"{parts.netloc} answers")
