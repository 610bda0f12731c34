"""A chat model as a writer: prompted, streamed, and read sentence by sentence.

What it writes are drafts, which grounding checks. It sees numbered passages, fenced, and fitted to
its context by counted tokens; it has no tools, no memory and no secrets. `NOT_ANSWERED` or nothing
at all means that the passages do not answer, and then it yields nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial

from bot.entities import Passage
from bot.errors import ModelError, ModelOutputError
from bot.grounding.sentences import words
from bot.settings import Settings
from bot.writing import fences, followups, tokens
from bot.writing.completions import count_prompt, stream_completion
from bot.writing.drafts import Draft, Purpose, Task, Turn
from bot.writing.failures import refused
from bot.writing.fences import Block
from bot.writing.models import ChatModel, find_chat_model
from bot.writing.stream import DraftReader, is_refusal, without_thoughts

_LOG = logging.getLogger(__name__)
_ESTIMATE = 0.8  # of the context, where tokens are counted with another model's vocabulary
_TURNS = 6  # of a conversation that a follow-up can refer to
_LONGEST_TURN = 1_500  # characters of an earlier answer
_LONGEST_QUESTION = 400  # characters; what is longer is no question rewritten


def open_chat_writer(settings: Settings) -> ChatWriter:
    """The writer of the settings' chat model; raises as `models.open_chat_model` does."""
    return ChatWriter(find_chat_model(settings))


class Writing(Iterator[str | Draft]):
    """What `ChatWriter.write` returns: iterate it, then ask for `notices`; `close` stops it."""

    def __init__(self, pieces: Iterator[str | Draft], notices: list[str]) -> None:
        self._pieces = pieces
        self._notices = notices

    def __next__(self) -> str | Draft:
        return next(self._pieces)

    def close(self) -> None:
        """End the request to the model, if it still writes."""
        getattr(self._pieces, "close", lambda: None)()

    @property
    def notices(self) -> tuple[str, ...]:
        """What the reader should be told of what was left out, as far as it is known yet."""
        return tuple(self._notices)


class ChatWriter:
    """Writes with a chat model. Its methods raise ModelError when the model does not deliver."""

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat
        self._count = partial(tokens.count, model=chat.vocabulary)
        exact = tokens.is_exact(chat.vocabulary)
        self._context = chat.context_tokens if exact else int(chat.context_tokens * _ESTIMATE)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._chat.endpoint.model

    def write(self, task: Task) -> Writing:
        """Text as it streams in, and each sentence when it is complete.

        A reply that breaks off gives the sentences that it completed, then ModelOutputError.
        """
        notices: list[str] = []
        write = self._answer if task.purpose is Purpose.ANSWER else self._bullets
        return Writing(write(task, notices), notices)

    def rewrite(self, task: Task, draft: Draft, reasons: Sequence[str]) -> Draft | None:
        """The draft once more; None when the passages do not carry it or the model fails."""
        variables = {"sentence": draft.text, "reasons": "; ".join(reasons) or "not supported"}
        cited = [one for one in task.passages if one.number in draft.passages] or task.passages
        code, room = fences.new_fence(), self._room("rewrite", variables)
        blocks = self._parts(cited, code, room)
        blocks.sort(key=partial(_overlap, frozenset(words(draft.text))), reverse=True)
        kept, _ = fences.fit(blocks, room)
        try:
            with closing(self._drafts("rewrite", variables, kept, code, 1)) as pieces:
                mended = next((piece for piece in pieces if isinstance(piece, Draft)), None)
        except ModelError as error:
            _LOG.info("A sentence was not rewritten: %s", error)
            return None
        return None if mended is None or mended.text == draft.text else mended

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question so that it can be searched for without the turns before it.

        By rules, where what the model writes is no question.
        """
        if not history:
            return question
        variables = {"question": question, "history": _conversation(history)}
        try:
            pieces = stream_completion(self._chat, "standalone", variables)
            reply = "".join(without_thoughts(pieces))
        except ModelOutputError as error:
            _LOG.info("A question was not rewritten: %s", error)
            reply = ""
        line = next((line for line in reply.splitlines() if line.strip()), "").strip(" \"'*`")
        is_question = line.endswith("?") or not question.rstrip().endswith("?")
        if 0 < len(line) <= _LONGEST_QUESTION and is_question:
            return line
        return followups.standalone(question, history)

    def _answer(self, task: Task, notices: list[str]) -> Iterator[str | Draft]:
        variables = {"bullets": str(task.bullets), "question": task.question}
        code = fences.new_fence()
        blocks = [fences.block(passage, code, self._count) for passage in task.passages]
        kept, left = fences.fit(blocks, self._room("answer", variables))
        if left:
            notices.append(
                f"{len(left)} of {len(blocks)} passages did not fit the model's context and were "
                "left out; set NEWSBOT_CONTEXT_TOKENS higher to use them."
            )
        yield from self._drafts("answer", variables, kept, code, task.bullets)

    def _bullets(self, task: Task, notices: list[str]) -> Iterator[str | Draft]:
        """Bullets of whole articles: of all at once where they fit, else part by part, combined."""
        name = task.purpose.value
        variables = {"bullets": str(task.bullets), "topic": _topic(task)}
        code, room = fences.new_fence(), self._room(name, variables)
        batches = fences.batch(self._parts(task.passages, code, room), room)
        if len(batches) <= 1:
            for blocks in batches:
                yield from self._drafts(name, variables, blocks, code, task.bullets)
            return
        notices.append(f"Longer than the model's context: read in {len(batches)} parts.")
        notes: list[str] = []
        for blocks in batches:
            pieces = self._drafts(name, variables, blocks, code, task.bullets)
            notes.extend(_notes(pieces, notices))
        yield from self._combine(task, variables, notes, notices)

    def _combine(
        self, task: Task, variables: Mapping[str, str], notes: list[str], notices: list[str]
    ) -> Iterator[str | Draft]:
        """The bullets chosen from the notes of all parts, in several rounds where need be."""
        room, numbers = self._room("combine", variables), {one.number for one in task.passages}
        while len(blocks := fences.fold(notes, code := fences.new_fence(), self._count, room)) > 1:
            shorter: list[str] = []
            for block in blocks:
                pieces = self._drafts("combine", variables, [block], code, task.bullets, numbers)
                shorter.extend(_notes(pieces, notices))
            notes = shorter[: len(notes) // 2]  # or a model that drops nothing would never end
        yield from self._drafts("combine", variables, blocks, code, task.bullets, numbers)

    def _drafts(
        self,
        name: str,
        variables: Mapping[str, str],
        blocks: Sequence[Block],
        code: str,
        most: int,
        numbers: Collection[int] | None = None,
    ) -> Generator[str | Draft]:
        """At most `most` sentences written from these blocks, which may cite these numbers."""
        if not blocks:
            return
        reader = DraftReader({block.number for block in blocks} if numbers is None else numbers)
        fenced = {"passages": fences.join(blocks), "fence": code}
        with closing(stream_completion(self._chat, name, {**variables, **fenced})) as text:
            for piece in reader.read(text):
                if isinstance(piece, Draft) and not piece.passages and is_refusal(piece.text):
                    raise refused(self._chat.endpoint)
                if isinstance(piece, Draft) and code in piece.text:
                    continue  # a weak model copies the lines around the passages
                yield piece
                most -= isinstance(piece, Draft)
                if most <= 0:
                    return

    def _parts(self, passages: Sequence[Passage], code: str, room: int) -> list[Block]:
        return [part for one in passages for part in fences.parts(one, code, self._count, room)]

    def _room(self, name: str, variables: Mapping[str, str]) -> int:
        """Tokens that the passages may have in this prompt."""
        return self._context - count_prompt(self._chat, name, variables)


def _notes(pieces: Iterator[str | Draft], notices: list[str]) -> Iterator[str]:
    """The sentences of one part, each with its marks; what a broken reply completed counts."""
    try:
        for piece in pieces:
            if isinstance(piece, Draft):
                yield f"- {piece.text} {''.join(f'[{number}]' for number in piece.passages)}"
    except ModelOutputError as error:
        notices.append(f"One part was read incompletely. {error}")


def _overlap(said: frozenset[str], block: Block) -> int:
    return len(said.intersection(words(block.text)))


def _topic(task: Task) -> str:
    return f"The topic is: {task.question}\n\n" if task.question else ""


def _conversation(history: Sequence[Turn]) -> str:
    return "\n".join(
        f"Question: {turn.question}\nAnswer: {turn.answer[:_LONGEST_TURN]}"
        for turn in history[-_TURNS:]
    )
