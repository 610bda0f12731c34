"""Prompt templates, one Markdown file each, and the function that reads one.

A template is what LangChain's `ChatPromptTemplate` takes: a part under the heading `# system`, a
part under `# human`, and variables in braces. HTML comments are notes to the reader of the file.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langchain_core.prompts import ChatPromptTemplate

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_PART = re.compile(r"^# (system|human)\s*$", re.MULTILINE)


@cache
def template(name: str) -> str:
    """The text of prompts/NAME.md without its comments."""
    text = files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    return _COMMENT.sub("", text).strip()


@cache
def prompt(name: str) -> ChatPromptTemplate:
    """The template NAME as a LangChain prompt."""
    from langchain_core.prompts import ChatPromptTemplate

    _, *parts = _PART.split(template(name))
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return ChatPromptTemplate.from_messages([(role, text.strip()) for role, text in pairs])


def digest(name: str) -> str:
    """The first 12 hex digits of the SHA-256 of the template, for manifests."""
    return hashlib.sha256(template(name).encode()).hexdigest()[:12]
