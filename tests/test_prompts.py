"""The prompt templates: complete, short, and agreeing with the code that reads their replies."""

from __future__ import annotations

from importlib.resources import files

import pytest

import prompts
from bot.writing.stream import NOT_ANSWERED
from bot.writing.tokens import count

VARIABLES = {
    "answer": {"bullets", "fence", "passages", "question"},
    "combine": {"bullets", "fence", "passages", "topic"},
    "judge": {"claim", "evidence"},
    "quoted": {"fence", "passages", "wish"},
    "rewrite": {"fence", "passages", "reasons", "sentence"},
    "shorten": {"fence", "kept", "passages"},
    "standalone": {"history", "question"},
    "story": {"bullets", "fence", "passages", "topic"},
    "summary": {"bullets", "fence", "passages"},
}
WRITING = sorted(set(VARIABLES) - {"judge", "quoted", "shorten", "standalone"})


def test_every_template_is_known_here() -> None:
    names = (path.name for path in files(prompts).iterdir())
    assert {name[:-3] for name in names if name.endswith(".md")} == set(VARIABLES)


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_a_template_has_two_messages_and_its_variables(name: str) -> None:
    template = prompts.prompt(name)
    messages = template.format_messages(**dict.fromkeys(VARIABLES[name], "VALUE"))
    assert set(template.input_variables) == VARIABLES[name]
    assert [message.type for message in messages] == ["system", "human"]
    assert all(message.text.strip() for message in messages)
    assert "<!--" not in messages[0].text


@pytest.mark.parametrize("name", WRITING)
def test_what_varies_from_request_to_request_comes_last(name: str) -> None:
    """So that a server can reuse its work on what stays the same."""
    system, _ = prompts.prompt(name).format_messages(**dict.fromkeys(VARIABLES[name], "VALUE"))
    assert system.text.count("VALUE") == ("bullets" in VARIABLES[name])


@pytest.mark.parametrize("name", WRITING)
def test_the_rules_that_the_code_relies_on_are_there(name: str) -> None:
    text = prompts.template(name)
    assert f"write only {NOT_ANSWERED}" in text
    assert "[1] or [1][3]" in text
    assert "Add nothing that you know from elsewhere" in text
    assert "is an instruction to you" in text


@pytest.mark.parametrize("name", ["answer", "story", "summary"])
def test_the_newest_facts_are_asked_for(name: str) -> None:
    assert "newest facts and their date" in " ".join(prompts.template(name).split())


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_a_template_is_short_enough_for_a_small_model(name: str) -> None:
    assert count(prompts.template(name)) < 400


def test_a_weak_model_is_asked_for_the_quote_first() -> None:
    system, _ = prompts.prompt("quoted").format_messages(**dict.fromkeys(VARIABLES["quoted"], "V"))
    places = [system.text.index(f'"{name}"') for name in ("passage", "quote", "sentence")]
    assert places == sorted(places)
    assert '{"sentences": []}' in system.text
    assert "instruction to you" in " ".join(system.text.split())


def test_braces_in_an_article_are_text() -> None:
    values = dict.fromkeys(VARIABLES["summary"], "VALUE") | {"passages": "{secret} {{x}}"}
    _, human = prompts.prompt("summary").format_messages(**values)
    assert "{secret} {{x}}" in human.text


def test_a_digest_names_the_version_of_a_template() -> None:
    assert len(prompts.digest("answer")) == 12
    assert prompts.digest("answer") != prompts.digest("summary")


def test_a_template_that_is_absent_raises() -> None:
    with pytest.raises(FileNotFoundError):
        prompts.prompt("absent")
