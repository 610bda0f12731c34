from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MARK = "-- the example ends --"
ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHELL = "\n".join(re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL))


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) >= 3


def test_each_python_example_runs(tmp_path: Path, seeds: Path) -> None:
    shutil.copytree(seeds, tmp_path / "seeds")
    each = "".join(f"exec({example!r}, {{}}); print({MARK!r})\n" for example in EXAMPLES)
    run = subprocess.run(
        [sys.executable, "-c", each],  # one process, since loading the models takes longest
        cwd=tmp_path,
        env={**os.environ, "NEWSBOT_DATA": str(tmp_path / "data"), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    *shown, rest = run.stdout.split(MARK)
    assert len(shown) == len(EXAMPLES)
    assert all(part.strip() for part in shown)
    assert not rest.strip()


def test_the_printed_example_is_what_the_command_prints(
    seeds: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.cli import app

    monkeypatch.chdir(seeds.parent)
    found = re.search(
        r"`newsbot (summarise [^`]+)` prints.*?```markdown\n(.*?)\n```", README, re.DOTALL
    )
    assert found
    app(found[1].split(), standalone_mode=False)
    assert capsys.readouterr().out.strip() == found[2]


def test_every_command_is_documented_and_every_documented_one_exists() -> None:
    from bot.cli import app

    commands = {
        command.callback.__name__ for command in app.registered_commands if command.callback
    }
    commands |= {group.name for group in app.registered_groups if group.name}
    assert commands == set(re.findall(r"^newsbot ([a-z]+)", SHELL, re.MULTILINE))


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"`make ([a-z-]+)`", README) + re.findall(
        r"^make ([a-z-]+)", SHELL, re.MULTILINE
    )
    assert set(named) <= targets
    assert {"run", "test"} <= set(named)
