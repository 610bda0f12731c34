"""A chat model as a writer: prompted, streamed, and read sentence by sentence.

What it writes are drafts, which grounding checks. It sees numbered passages, fenced, and fitted to
its context by counted tokens; it has no tools, no memory and no secrets. `NOT_ANSWERED` or nothing
at all means that the passages do not answer, and then it yields nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from bot.entities import Claim, Estimate, Passage
from bot.errors import ModelError, ModelOutputError
from bot.writing import fences, followups, rewriting
from bot.writing.accounts import Account
from bot.writing.chatmodel import ChatModel
from bot.writing.completions import stream_completion
from bot.writing.drafts import Draft, Purpose, Task, Turn, Writing
from bot.writing.fences import Block
from bot.writing.parts import estimate_bullets, write_bullets
from bot.writing.scribe import Order, Scribe
from bot.writing.stream import without_thoughts

_LOG = logging.getLogger(__name__)
_TURNS = 6  # of a conversation that a follow-up can refer to
_LONGEST_TURN = 1_500  # characters of an earlier answer
_LONGEST_QUESTION = 400  # characters; what is longer is no question rewritten
_GUIDED_PASSAGES = 4  # that a weak model is given for an answer; more confuse it


class ChatWriter:
    """Writes with a chat model. Its methods raise ModelError when the model does not deliver."""

    def __init__(self, chat: ChatModel, account: Account | None = None, parallel: int = 1) -> None:
        """Calls are charged to `account`; `parallel` parts of a long text are read at once."""
        self._scribe = Scribe(chat, account or Account())
        self._parallel = parallel

    @property
    def name(self) -> str:
        """The model's name."""
        return self._scribe.chat.endpoint.model

    def write(self, task: Task) -> Writing:
        """Text as it streams in, and each sentence when it is complete.

        A reply that breaks off gives the sentences that it completed, then ModelOutputError.
        """
        notices: list[str] = []
        order = _order(task)
        if task.purpose is Purpose.ANSWER:
            pieces = self._answer(task, order, notices)
        else:
            pieces = write_bullets(self._scribe, order, task, notices, self._parallel)
        return Writing(pieces, notices, self.name)

    def estimate(self, task: Task) -> Estimate:
        """About what writing it will take, sentences that are rewritten left aside."""
        order = _order(task)
        if task.purpose is not Purpose.ANSWER:
            return estimate_bullets(self._scribe, order, task)
        kept, _ = self._fit(self._chosen(task.passages), order)
        return self._scribe.estimate(order, kept) if kept else Estimate()

    def rewrite(self, task: Task, draft: Draft, found: Claim) -> Draft | None:
        """The draft once more; None when the passages do not carry it or the model fails."""
        try:
            return rewriting.rewrite(self._scribe, task, draft, found)
        except ModelError as error:
            _LOG.info("A sentence was not rewritten: %s", error)
            return None

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question so that it can be searched for without the turns before it.

        By rules, where the model is not trusted with it or writes no question. Nothing of it is
        cached: the turns say what articles say, and not which ones.
        """
        if not history or not self._scribe.chat.rewrites:
            return followups.standalone(question, history)
        scribe, asked = self._scribe, {"question": question}
        order = Order(name="standalone", variables=asked, most=1, shown=())
        variables = asked | {"history": _conversation(history, scribe.count, scribe.room(order))}
        try:
            pieces = stream_completion(scribe.chat, "standalone", variables, scribe.account)
            reply = "".join(without_thoughts(pieces))
        except ModelOutputError as error:
            _LOG.info("A question was not rewritten: %s", error)
            reply = ""
        line = next((line for line in reply.splitlines() if line.strip()), "").strip(" \"'*`")
        is_question = line.endswith("?") or not question.rstrip().endswith("?")
        if 0 < len(line) <= _LONGEST_QUESTION and is_question:
            return line
        return followups.standalone(question, history)

    def stop(self) -> None:
        """End every request of the run at its next chance."""
        self._scribe.account.stopped.set()

    def _answer(self, task: Task, order: Order, notices: list[str]) -> Iterator[str | Draft]:
        passages = self._chosen(task.passages)
        if unread := len(task.passages) - len(passages):
            notices.append(
                f"The model was given the best {len(passages)} of {len(task.passages)} passages, "
                f"and not the other {unread}; NEWSBOT_GUIDED=false gives it all."
            )
        if self._scribe.chat.guided:
            passages = self._in_known_order(passages)
        numbers = {place: one.number for place, one in enumerate(passages, start=1)}
        shown = [replace(one, number=place) for place, one in enumerate(passages, start=1)]
        kept, left = self._fit(shown, order)
        if left:
            notices.append(
                f"{len(left)} of {len(passages)} passages did not fit the model's context and were "
                "left out; set NEWSBOT_CONTEXT_TOKENS higher to use them."
            )
        for piece in self._scribe.drafts(order, kept):
            if isinstance(piece, Draft):
                yield replace(piece, passages=tuple(numbers[place] for place in piece.passages))
            else:
                yield piece

    def _in_known_order(self, passages: Sequence[Passage]) -> Sequence[Passage]:
        """Those first that the prompt before began with, as it did, and then the others.

        So that a server reuses its work on them, which on this machine is most of the wait.
        """
        chat, found = self._scribe.chat, {_place(one): one for one in passages}
        begun = tuple(takewhile(found.__contains__, chat.begun[-1] if chat.begun else ()))
        ordered = [found[place] for place in begun]
        ordered += [one for one in passages if _place(one) not in begun]
        chat.begun.append(tuple(_place(one) for one in ordered))
        return ordered

    def _chosen(self, passages: Sequence[Passage]) -> Sequence[Passage]:
        """Those that the model is given: a weak one the best few."""
        return passages[:_GUIDED_PASSAGES] if self._scribe.chat.guided else passages

    def _fit(self, passages: Sequence[Passage], order: Order) -> tuple[list[Block], list[Block]]:
        scribe = self._scribe
        blocks = [fences.block(passage, scribe.code, scribe.count) for passage in passages]
        return fences.fit(blocks, scribe.room(order))


def _order(task: Task) -> Order:
    variables = {"bullets": str(task.bullets)}
    if task.purpose is Purpose.ANSWER:
        variables["question"] = task.question
        wish = f"Answer this question in at most {task.bullets} sentences: {task.question}"
    else:
        variables["topic"] = f"The topic is: {task.question}\n\n" if task.question else ""
        about = f" about {task.question}" if task.question else ""
        wish = f"Write the {task.bullets} most important sentences{about}, each on another fact."
    return Order(
        name=task.purpose.value,
        variables=variables,
        most=task.bullets,
        shown=_ids(task.passages),
        wish=wish,
    )


def _ids(passages: Sequence[Passage]) -> frozenset[str]:
    return frozenset(passage.article.id for passage in passages)


def _place(passage: Passage) -> tuple[str, int, int]:
    return passage.article.id, passage.article.revision, passage.start


def _conversation(history: Sequence[Turn], count: Callable[[str], int], room: int) -> str:
    """The latest turns, as many as there is room for."""
    turns: list[str] = []
    for turn in reversed(history[-_TURNS:]):
        text = f"Question: {turn.question}\nAnswer: {turn.answer[:_LONGEST_TURN]}"
        room -= count(text) + 1
        if room < 0:
            break
        turns.insert(0, text)
    return "\n".join(turns)
