"""Has a chat model write sentences about blocks of passages, by one prompt of prompts/.

An `Order` says which prompt, with what, and how much; a `Scribe` knows the model, counts what fits
its context, and turns what it writes into drafts. A guided model is asked for JSON, the quote
before each sentence (see `quoted`); others for lines with marks (see `stream`).
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from bot.entities import Estimate, Passage
from bot.writing import fences, quoted, tokens
from bot.writing.accounts import Account
from bot.writing.chatmodel import ChatModel
from bot.writing.completions import Completion, count_prompt, stream_completion
from bot.writing.drafts import Draft
from bot.writing.failures import refused
from bot.writing.fences import Block
from bot.writing.quoted import QuotedReader
from bot.writing.stream import DraftReader, is_refusal

_ESTIMATE = 0.8  # of the context, where tokens are counted with another model's vocabulary
_SENTENCE = 45  # tokens of a drafted sentence with its marks
_QUOTED = 3  # times as many with its quote and what JSON takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is asked of the model: at most `most` sentences by the prompt NAME.

    `shown` are the ids of the articles that the blocks are of; `numbers` the passages that may be
    cited, None for those of the blocks.
    """

    name: str
    variables: Mapping[str, str]
    most: int
    shown: Collection[str]
    numbers: Collection[int] | None = None
    wish: str = field(default="", compare=False)  # the same in words, for a guided model


class Scribe:
    """One model, its context and the account that it is charged to. Threads may share it."""

    def __init__(self, chat: ChatModel, account: Account) -> None:
        self.chat = chat
        self.account = account
        self.code = chat.fence
        self.count = partial(tokens.count, model=chat.vocabulary)
        exact = tokens.is_exact(chat.vocabulary)
        self._context = chat.context_tokens if exact else int(chat.context_tokens * _ESTIMATE)

    def room(self, order: Order) -> int:
        """Tokens that the passages may have in this prompt."""
        return self._context - self._frame(order)

    def blocks(self, passages: Sequence[Passage], room: int) -> list[Block]:
        """The passages as blocks, those that are longer than the room in parts."""
        return [part for one in passages for part in fences.parts(one, self.code, self.count, room)]

    def estimate(self, order: Order, blocks: Sequence[Block]) -> Estimate:
        """About what this order will take."""
        asked = self._frame(order) + sum(block.tokens for block in blocks)
        written = order.most * _SENTENCE * (_QUOTED if self._is_guided(order) else 1)
        price = self.account.price(self.chat)
        cost = None if price is None else price.cost(asked, written)
        return Estimate(calls=1, input_tokens=asked, output_tokens=written, cost=cost)

    def drafts(self, order: Order, blocks: Sequence[Block]) -> Generator[str | Draft]:
        """Text as it comes, and the sentences written from these blocks."""
        if not blocks:
            return
        numbers = order.numbers or {block.number for block in blocks}
        guided = self._is_guided(order)
        reader = QuotedReader(blocks) if guided else DraftReader(numbers)
        most = order.most
        with closing(self._ask(order, blocks, guided)) as text:
            for piece in reader.read(text):
                if isinstance(piece, Draft) and not piece.passages and is_refusal(piece.text):
                    raise refused(self.chat.endpoint)
                if isinstance(piece, Draft) and self.code in piece.text:
                    continue  # a weak model copies the lines around the passages
                yield piece
                most -= isinstance(piece, Draft)
                if most <= 0:
                    break
            text.finish()

    def fill(
        self,
        name: str,
        variables: Mapping[str, str],
        shown: Collection[str],
        schema: Mapping[str, Any],
    ) -> str:
        """The JSON that the model fills in, asked by the prompt NAME. Raises ModelError."""
        return "".join(
            stream_completion(self.chat, name, variables, self.account, shown=shown, schema=schema)
        )

    def _ask(self, order: Order, blocks: Sequence[Block], guided: bool) -> Completion:
        name, variables = self._prompt(order)
        fenced = {"passages": fences.join(blocks), "fence": self.code}
        schema = quoted.schema([block.number for block in blocks], order.most) if guided else None
        return stream_completion(
            self.chat,
            name,
            {**variables, **fenced},
            self.account,
            purpose=order.name,
            shown=order.shown,
            schema=schema,
        )

    def _frame(self, order: Order) -> int:
        return count_prompt(self.chat, *self._prompt(order))

    def _prompt(self, order: Order) -> tuple[str, Mapping[str, str]]:
        if self._is_guided(order):
            return quoted.PROMPT, {"wish": order.wish}
        return order.name, order.variables

    def _is_guided(self, order: Order) -> bool:
        return self.chat.guided and bool(order.wish)
