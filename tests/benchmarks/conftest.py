"""Keeps what the benchmarks print, with date and machine, in the file that `--results` names."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--results", type=Path, help="Markdown file that keeps what is measured.")


def pytest_configure(config: pytest.Config) -> None:
    if path := config.getoption("--results"):
        config.pluginmanager.register(Results(path))


class Results:
    """What each benchmark printed, written anew after each, so that a run cut short keeps all."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: list[str] = []
        self._started = datetime.now(UTC)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        name = (
            report.nodeid.rpartition("/")[2]
            .removeprefix("test_")
            .replace(".py::test_", ": ")
            .replace("_", " ")
        )
        lines = [f"- {line}" for line in report.capstdout.splitlines() if line.strip()]
        took = f"{report.outcome}, {report.duration:.0f} s"
        self._found += [f"\n**{name}** ({took})\n", *lines]
        self._path.write_text("\n".join([*self._head(), *self._found]) + "\n", encoding="utf-8")

    def _head(self) -> list[str]:
        started, ended = f"{self._started:%Y-%m-%d %H:%M}", f"{datetime.now(UTC):%H:%M}"
        load = ", ".join(f"{load:.1f}" for load in os.getloadavg())
        return [
            "# Benchmarks",
            "",
            f"`make bench` on {started} to {ended} UTC: {os.cpu_count()} cores, {_processor()}, "
            f"Python {platform.python_version()}; load {load} at the end.",
        ]


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    text = facts.read_text(encoding="utf-8") if facts.exists() else ""
    found = re.search(r"model name\s*:\s*(.+)", text)
    return found[1] if found else platform.processor() or platform.machine()
