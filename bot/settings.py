"""The only reader of the environment and of .env.

Every setting is an environment variable with the prefix NEWSBOT_ (the OpenAI key and base URL keep
their usual names); .env.example lists them all. Entry points make one `Settings` and pass on what
each part needs. Nothing here opens a file, a socket or a model.
"""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError
from bot.timezones import find_zone

OPENAI_MODEL = "gpt-5.4-mini"  # the one model that a bare key selects
EMBEDDED_EMBEDDINGS = "all-MiniLM-L6-v2"


class Settings(BaseSettings):
    """What a user can set. Empty values count as unset."""

    model_config = SettingsConfigDict(
        env_prefix="NEWSBOT_",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    data: Path | None = Field(None, description="Where the archive and the index live.")
    timezone: str | None = Field(
        None, description="Timezone of words such as 'today', as in Europe/Berlin."
    )

    model: str | None = Field(
        None,
        description="Who writes: extractive, an OpenAI model, provider:model, local, local:PATH.",
    )
    judge_model: str | None = Field(
        None,
        description="Who judges claims besides the checks in code: as NEWSBOT_MODEL, or nobody.",
    )
    openai_api_key: SecretStr | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_API_KEY", "NEWSBOT_OPENAI_API_KEY"),
        description="Key of OpenAI or of a compatible server.",
    )
    openai_base_url: str | None = Field(
        None,
        validation_alias=AliasChoices("OPENAI_BASE_URL", "NEWSBOT_OPENAI_BASE_URL"),
        description="Address of an OpenAI-compatible server.",
    )
    temperature: float = Field(0.0, ge=0, le=2, description="Sampling temperature of the writer.")
    timeout: float = Field(60.0, gt=0, description="Seconds to wait for a model's next output.")
    retries: int = Field(2, ge=0, le=10, description="Attempts again after a passing failure.")
    context_tokens: int = Field(
        16_000, ge=1_000, description="Tokens of a prompt that the model takes."
    )
    fallback_model: str | None = Field(
        None, description="Who writes when the model does not: a model, or extractive."
    )
    guided: bool | None = Field(
        None,
        description="Whether the model gets what weak ones need; unset, a local model does.",
    )
    follow_ups: Literal["model", "rules"] | None = Field(
        None,
        description="Who makes a follow-up stand alone: model or rules; unset, rules if guided.",
    )
    parallel: int = Field(
        4, ge=1, le=32, description="Stories, or parts of a long text, asked for at once."
    )
    story_tokens: int = Field(
        8_000, ge=500, description="Tokens of its articles that a model is given for one story."
    )
    reply_cache: bool = Field(True, description="Whether identical calls come from a cache.")

    prices: str | None = Field(
        None, description="Money for a million tokens: MODEL=INPUT/CACHED/OUTPUT, comma-separated."
    )
    answer_tokens: int | None = Field(
        None, ge=0, description="Tokens that one answer or summary may take of a model."
    )
    answer_cost: float | None = Field(None, ge=0, description="The same in money.")
    briefing_tokens: int | None = Field(
        None, ge=0, description="Tokens that one briefing may take of a model."
    )
    briefing_cost: float | None = Field(None, ge=0, description="The same in money.")
    day_tokens: int | None = Field(
        None, ge=0, description="Tokens that all together may take of models in a day."
    )
    day_cost: float | None = Field(None, ge=0, description="The same in money.")

    embeddings: str = Field(
        EMBEDDED_EMBEDDINGS,
        description="Embedding model: the embedded default, multilingual-e5-small, openai:MODEL.",
    )
    embeddings_path: Path | None = Field(
        None, description="Folder with model.onnx and tokenizer.json in place of the packaged ones."
    )
    language_path: Path | None = Field(
        None, description="Folder of a spaCy pipeline in place of the packaged English one."
    )
    chroma_url: str | None = Field(
        None, description="Address of a Chroma server in place of the embedded one."
    )

    allowed_hosts: str | None = Field(
        None,
        description="Private hosts that may be fetched, as host or host:port, comma-separated.",
    )
    feed_articles: int = Field(
        100, ge=1, le=10_000, description="Articles that one fetch of a feed reads at most."
    )

    briefings: Path | None = Field(
        None, description="The file of standing briefings; else briefings.toml beside the archive."
    )

    passages: int = Field(8, ge=1, le=50, description="Passages that an answer is written from.")

    @property
    def directory(self) -> Path:
        """The data directory: the one set, else the platform's place for it."""
        if self.data is not None:
            return self.data.expanduser()
        import platformdirs

        return Path(platformdirs.user_data_dir("newsbot", appauthor=False))

    @property
    def standing_briefings(self) -> Path:
        """The file of standing briefings: the one set, else the one in the data directory."""
        return self.briefings.expanduser() if self.briefings else self.directory / "briefings.toml"

    @property
    def zone(self) -> tzinfo:
        """The user's timezone: the one set, else the machine's."""
        if self.timezone is None:
            import tzlocal

            return tzlocal.get_localzone()
        if (zone := find_zone(self.timezone)) is None:
            raise SettingsError(
                f"NEWSBOT_TIMEZONE {self.timezone!r} is not a timezone; "
                "use a name such as Europe/Berlin."
            )
        return zone

    @property
    def writer(self) -> str:
        """Who writes: the model set, else OpenAI's when there is a key, else extractive."""
        return self.model or (OPENAI_MODEL if self.openai_api_key else "extractive")


def read_secret(variable: str) -> str | None:
    """The value of any variable of the environment, else of .env; None when it is unset or empty.

    For secrets of the user's own naming, which are read where they are used and kept nowhere.
    """
    import os

    from dotenv import dotenv_values

    return os.environ.get(variable) or dotenv_values(".env").get(variable) or None


def read_settings(**overrides: object) -> Settings:
    """The settings of the environment and .env, with `overrides` (None overrides nothing)."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "a setting"
        variable = name if name.isupper() else f"NEWSBOT_{name.upper()}"
        raise SettingsError(f"{variable}: {first['msg']} (it is {first['input']!r}).") from error
