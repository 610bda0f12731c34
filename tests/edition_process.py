"""One process at work on editions: it runs what is due at a given moment, and may be killed at it.

    process = start(directory, "schedule", moment, point="written")

Its role is "schedule" (one look of a scheduler) or "run" (`schedule run daily`). It is killed when
it reaches a point whose name begins so, for the `count`th time. Exit codes: 0 done, 3 somebody else
is at it, 4 it failed.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bot import Newsbot, read_settings
from bot.errors import EditionInWorkError, NewsbotError

# Loaded once in the server from which processes are forked; each takes seconds to import.
HEAVY = (
    "alembic.command", "chromadb", "langchain_chroma", "langchain_core.documents", "onnxruntime",
    "spacy", "tokenizers", "bot.editions.editions", "bot.archive.indexing", "bot.briefings",
    "vectorstore.store", "vectorstore.embeddings", "bot.grounding.conflicts", "bot.delivery",
)  # fmt: skip

BUSY, FAILED = 3, 4

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__, *HEAVY])


def start(
    directory: Path,
    role: str,
    moment: datetime,
    point: str = "",
    count: int = 1,
    limit: int | None = None,
) -> ForkServerProcess:
    """The process, started. With `limit` it is not killed at the point: from there on no file of it
    may grow beyond so many bytes.
    """
    arguments = (str(directory), role, moment.isoformat(), point, count, limit)
    process = _CONTEXT.Process(target=work, args=arguments)
    process.start()
    return process


def work(
    directory: str, role: str, moment: str, point: str, count: int, limit: int | None = None
) -> None:
    """What the process does."""
    os.environ["TZ"] = "UTC"
    left = count

    def reached(name: str) -> None:
        nonlocal left
        left -= bool(point) and name.startswith(point)
        if left == 0 and limit is None:
            os.kill(os.getpid(), signal.SIGKILL)
        if left == 0 and limit is not None:
            _limit(limit)

    settings = read_settings(data=Path(directory), timezone="UTC")
    now = datetime.fromisoformat(moment).astimezone(UTC)
    try:
        with Newsbot(settings, clock=lambda: now, reached=reached) as newsbot:
            if role == "schedule":
                newsbot.editions.scheduler().tick()
            else:
                newsbot.editions.run("daily")
    except EditionInWorkError:
        sys.exit(BUSY)
    except (NewsbotError, OSError):
        sys.exit(FAILED)


def _limit(size: int) -> None:
    """Files may not grow beyond `size` bytes, as if the disk were full."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
