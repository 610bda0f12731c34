"""Who writes: an extractive writer that needs no model, and a chat model, behind one seam."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bot.settings import Settings
    from bot.writing.drafts import Writer


def open_writer(settings: Settings, embed: Callable[[list[str]], NDArray[np.float32]]) -> Writer:
    """The writer that the settings name. `embed` gives unit rows, for the extractive one.

    Raises ModelKeyError, SettingsError or WeightsError when a chat model cannot be opened.
    """
    if settings.writer == "extractive":
        from bot.grounding.injection import is_statement
        from bot.writing.extractive import ExtractiveWriter

        return ExtractiveWriter(embed, lambda sentence: is_statement(sentence.text))
    from bot.writing.chat import open_chat_writer

    return open_chat_writer(settings)
