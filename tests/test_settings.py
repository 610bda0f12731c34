from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic_core import PydanticUndefined

from bot.errors import SettingsError
from bot.settings import OPENAI_MODEL, Settings, read_settings

EXAMPLE = (Path(__file__).parent.parent / ".env.example").read_text(encoding="utf-8")


def variables() -> dict[str, str]:
    """The variables of .env.example and the values beside them."""
    return dict(re.findall(r"^# ([A-Z][A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))


def variable(name: str) -> str:
    alias = Settings.model_fields[name].validation_alias
    return alias.choices[0] if alias else f"NEWSBOT_{name.upper()}"  # type: ignore[union-attr,return-value]


def test_every_setting_stands_in_the_example_and_nothing_else() -> None:
    assert set(variables()) == {variable(name) for name in Settings.model_fields}


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_example_shows_the_default(name: str) -> None:
    default = Settings.model_fields[name].default
    assert default is not PydanticUndefined
    assert variables()[variable(name)] == ("" if default is None else str(default))


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_a_key_selects_the_one_openai_model(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().writer == "extractive"
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    assert read_settings().writer == OPENAI_MODEL
    assert "sk-test" not in repr(read_settings())


def test_a_model_that_is_set_wins_over_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    monkeypatch.setenv("NEWSBOT_MODEL", "extractive")
    assert read_settings().writer == "extractive"


def test_empty_values_count_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSBOT_PASSAGES", "")
    assert read_settings().passages == 8


@pytest.mark.parametrize(
    ("name", "value"),
    [("NEWSBOT_PASSAGES", "many"), ("NEWSBOT_TIMEOUT", "-1"), ("NEWSBOT_TEMPERATURE", "9")],
)
def test_a_bad_value_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as error:
        read_settings()
    assert value in str(error.value)
    assert "\n" not in str(error.value)


def test_an_unknown_timezone_is_told() -> None:
    with pytest.raises(SettingsError, match="Mars/Base"):
        _ = read_settings(timezone="Mars/Base").zone


def test_a_dotenv_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("NEWSBOT_PASSAGES=3\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert read_settings().passages == 3
