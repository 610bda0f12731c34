"""A writer of the settings' chat model alone: without a spare one, a budget or a ledger."""

from __future__ import annotations

from bot.settings import Settings
from bot.writing.accounts import Account
from bot.writing.chat import ChatWriter
from bot.writing.models import find_chat_model


def open_chat_writer(settings: Settings, account: Account | None = None) -> ChatWriter:
    return ChatWriter(find_chat_model(settings), account, settings.parallel)
