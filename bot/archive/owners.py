"""Which process holds a claim, and whether it is still there.

An owner is a text of the machine, the boot, the process and its start, and a random part. On one
machine the process itself is looked for, so that a killed one is noticed at once; elsewhere only
the heartbeat tells. Heartbeats are in real seconds: no clock that a test or a user sets.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from functools import cache
from pathlib import Path
from uuid import uuid4

LEASE = 120.0  # seconds without a heartbeat after which another machine's owner counts as gone
HUNG = 3_600.0  # and after which one of this machine does, though its process is there


_at_work: set[str] = set()  # the owners of this process that have not ended


def new_owner() -> str:
    """An owner of this process, unlike any other of it, until it is ended."""
    owner = f"{_machine()} {os.getpid()} {_started(os.getpid())} {uuid4().hex[:12]}"
    _at_work.add(owner)
    return owner


def end(owner: str) -> None:
    """Says that an owner of this process will not go on, though the process does."""
    _at_work.discard(owner)


def is_gone(owner: str, beat: float) -> bool:
    """Whether an owner whose last heartbeat was at `beat` (epoch seconds) will not go on."""
    machine, process, started, _ = owner.split(" ", 3)
    silent = time.time() - beat
    if machine != _machine() or sys.platform == "win32":
        return silent > LEASE
    if int(process) == os.getpid():
        return owner not in _at_work
    return silent > HUNG or not _runs(int(process), started)


@cache
def _machine() -> str:
    """This machine since it was booted; a container has a name of its own, which is kept apart."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot = ""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{platform.node()}/{boot}/{space}".replace(" ", "_")


def _runs(process: int, started: str) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(process) != "Z" and _started(process) == started


def _started(process: int) -> str:
    """When a process started, in ticks since boot; "-" where the system does not say."""
    fields = _stat(process)
    return fields[19] if fields else "-"


def _state(process: int) -> str:
    fields = _stat(process)
    return fields[0] if fields else "-"


def _stat(process: int) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold anything."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
