"""Fetches a model for this machine from the Hugging Face hub: one GGUF file, checked by its hash.

    path = pull("qwen2.5-1.5b", directory / "models")

Only who asks for a model by `newsbot model pull` gets here; no key is sent, and nothing reported.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.errors import SettingsError, WeightsError

_SHA256 = re.compile(r"[0-9a-f]{64}")
_OWN = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)/(?P<file>[\w./-]+\.gguf)")


@dataclass(frozen=True, slots=True)
class HubModel:
    """A GGUF file that its makers publish, under a licence that lets anybody use it."""

    name: str
    repo: str
    file: str
    licence: str
    gigabytes: float


MODELS = (
    HubModel(
        "qwen2.5-1.5b",
        "Qwen/Qwen2.5-1.5B-Instruct-GGUF",
        "qwen2.5-1.5b-instruct-q4_k_m.gguf",
        "Apache-2.0",
        1.1,
    ),
    HubModel(
        "smollm2-1.7b",
        "HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF",
        "smollm2-1.7b-instruct-q4_k_m.gguf",
        "Apache-2.0",
        1.1,
    ),
    HubModel("qwen3-4b", "Qwen/Qwen3-4B-GGUF", "Qwen3-4B-Q4_K_M.gguf", "Apache-2.0", 2.5),
    HubModel("qwen3-8b", "Qwen/Qwen3-8B-GGUF", "Qwen3-8B-Q4_K_M.gguf", "Apache-2.0", 5.0),
)


def find_hub_model(name: str) -> HubModel:
    """The model of this name, or of OWNER/REPO/FILE.gguf.

    Raises SettingsError when there is none.
    """
    for model in MODELS:
        if model.name == name.lower():
            return model
    if own := _OWN.fullmatch(name):
        return HubModel(name, own["repo"], own["file"], "as its page says", 0.0)
    known = ", ".join(model.name for model in MODELS)
    raise SettingsError(
        f"There is no model {name!r}; take one of {known}, or OWNER/REPO/FILE.gguf."
    )


def pull(name: str, folder: Path, endpoint: str | None = None) -> Path:
    """The model's file in `folder`, fetched from the hub at `endpoint` unless it is there already.

    Raises SettingsError when the hub has no such file, WeightsError when it cannot be reached or
    what came is not the file whose SHA-256 it states.
    """
    model = find_hub_model(name)
    path = folder / Path(model.file).name
    if path.exists():
        return path
    stated, url = _state(model, endpoint)
    _check_space(model, folder)
    fetched = _fetch(model, folder / ".hub", endpoint)
    try:
        _check(fetched, stated, url)
        fetched.rename(path)
    finally:
        shutil.rmtree(folder / ".hub", ignore_errors=True)
    return path


def _state(model: HubModel, endpoint: str | None) -> tuple[str, str]:
    """The SHA-256 that the hub states of the file, and the file's address."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError

    url = hf_hub_url(model.repo, model.file, endpoint=endpoint)
    try:
        stated = get_hf_file_metadata(url, token=False, endpoint=endpoint).etag or ""
    except (EntryNotFoundError, RepositoryNotFoundError) as error:
        raise SettingsError(f"The hub has no file {model.file} in {model.repo}.") from error
    except Exception as error:
        raise _unreachable(url) from error
    if not _SHA256.fullmatch(stated):
        raise WeightsError(f"{url}: the hub states no SHA-256 to check the file by.")
    return stated, url


def _fetch(model: HubModel, folder: Path, endpoint: str | None) -> Path:
    from huggingface_hub import hf_hub_download, hf_hub_url

    try:
        return Path(
            hf_hub_download(
                model.repo, model.file, local_dir=folder, endpoint=endpoint, token=False
            )
        )
    except Exception as error:
        raise _unreachable(hf_hub_url(model.repo, model.file, endpoint=endpoint)) from error


def _check(path: Path, stated: str, url: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != stated:
        raise WeightsError(
            f"{url} came altered (SHA-256 {found[:12]}…, not {stated[:12]}…); try again."
        )


def _check_space(model: HubModel, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free / 1e9
    if free < model.gigabytes:
        raise WeightsError(
            f"{model.file} takes {model.gigabytes:g} GB, and {folder} has {free:.1f} GB left."
        )


def _unreachable(url: str) -> WeightsError:
    return WeightsError(
        f"{url} cannot be fetched; download it elsewhere and set NEWSBOT_MODEL=local:PATH."
    )
