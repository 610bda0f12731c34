"""What is kept and found again: the archive, its index and the embeddings behind one object."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import IndexMismatchError, SearchIndexError, SettingsError, WeightsError
from bot.settings import EMBEDDED_EMBEDDINGS, Settings

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from vectorstore.embeddings import OnnxEmbeddings


@contextmanager
def translated() -> Iterator[None]:
    """Failures of `vectorstore`, which knows nothing of ours, as our errors."""
    from vectorstore import errors

    try:
        yield
    except (errors.WeightsMissingError, errors.WeightsAlteredError) as error:
        raise WeightsError(str(error)) from error
    except errors.EmbeddingsError as error:
        raise SettingsError(str(error)) from error
    except errors.ChunkIndexMismatchError as error:
        raise IndexMismatchError(str(error)) from error
    except errors.VectorStoreError as error:
        raise SearchIndexError(str(error)) from error


def open_english(settings: Settings) -> OnnxEmbeddings:
    """The embedded model, loaded."""
    from vectorstore.embeddings import OnnxEmbeddings

    with translated():
        embeddings = OnnxEmbeddings(settings.embeddings_path)
        embeddings.load()
    return embeddings


def open_embeddings_of(settings: Settings) -> Embeddings:
    """The embeddings that the settings name for the index; they have a `name`."""
    from vectorstore.embeddings import open_embeddings

    with translated():
        return open_embeddings(
            settings.embeddings,
            settings.embeddings_path,
            settings.openai_api_key.get_secret_value() if settings.openai_api_key else None,
            settings.openai_base_url,
        )


__all__ = ["EMBEDDED_EMBEDDINGS"]
