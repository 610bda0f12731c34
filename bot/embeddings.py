"""The embeddings that the settings name, opened, their failures and the index's told as ours.

`vectorstore` knows nothing of Newsbot: what it raises becomes a `NewsbotError` here, nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import IndexMismatchError, SearchIndexError, SettingsError, WeightsError
from bot.settings import Settings
from bot.writing.failures import embedding_failure

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from vectorstore.embeddings import OnnxEmbeddings


@contextmanager
def translated() -> Iterator[None]:
    """Failures of the vector store as ours; also usable as a decorator."""
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
    except Exception as error:
        if failure := embedding_failure(error):
            raise failure from error
        raise


def open_english(settings: Settings) -> OnnxEmbeddings:
    """The embedded English model, loaded: the writer's and the checker's, whatever is indexed."""
    from vectorstore.embeddings import OnnxEmbeddings

    with translated():
        embeddings = OnnxEmbeddings(settings.embeddings_path)
        embeddings.load()
    return embeddings


def open_index_embeddings(settings: Settings) -> Embeddings:
    """The embeddings that the settings name for the index; they have a `name`."""
    from vectorstore.embeddings import open_embeddings

    key = settings.openai_api_key
    with translated():
        return open_embeddings(
            settings.embeddings,
            settings.embeddings_path,
            key.get_secret_value() if key else None,
            settings.openai_base_url,
        )
