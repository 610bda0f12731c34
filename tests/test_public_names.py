from __future__ import annotations

import subprocess
import sys

import pytest

import bot

HEAVY = (
    "alembic", "chromadb", "gradio", "httpcore", "httpx", "langchain_chroma", "langchain_core",
    "langchain_openai", "lxml", "numpy", "nupunkt", "onnxruntime", "openai", "pandas", "spacy",
    "sqlalchemy", "trafilatura",
)  # fmt: skip


def test_every_public_name_is_there() -> None:
    assert bot.__all__ == sorted(bot.__all__)
    for name in bot.__all__:
        assert getattr(bot, name) is not None


def test_public_functions_are_not_shadowed_by_modules() -> None:
    from bot import ask, brief, summarise

    assert all(map(callable, (ask, brief, summarise)))


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(AttributeError, match="summarize"):
        bot.summarize  # noqa: B018


@pytest.mark.parametrize(
    "module", ["bot", "bot.cli", "bot.entities", "bot.settings", "bot.sources"]
)
def test_importing_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert not loaded.intersection(HEAVY)


def test_ingesting_and_searching_never_loads_spacy(tmp_path: object, seeds: object) -> None:
    code = (
        "import sys; from pathlib import Path; from bot import Newsbot, read_settings;"
        f"n = Newsbot(read_settings(data=Path({str(tmp_path)!r})));"
        f"n.ingest(Path({str(seeds)!r})); n.search('talks in Russia'); n.close();"
        "print(*sorted(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in run.stdout.split()}
    assert not loaded.intersection({"spacy", "gradio", "langchain_openai"})
