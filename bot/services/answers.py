"""Asking: a question in a conversation, answered with quotes."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from bot.core import conversation as rules
from bot.core.conversation import Asked
from bot.core.grounded import Claim, WriterError, check, safe_passages

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import datetime

    from bot.core.answer import Answer
    from bot.core.conversation import Turn
    from bot.services.library import Library
    from bot.storage.turns import Turns

log = logging.getLogger(__name__)
PAUSE = timedelta(hours=2)
"""After a silence this long, a question starts anew."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and the turn it belongs to."""

    turn: Turn
    answer: Answer


class Writer(Protocol):
    """Puts quotes into its own words. A model, so nothing it writes is believed unchecked."""

    def write(self, question: str, passages: Sequence[str]) -> AsyncGenerator[str, None]:
        """Yield a text in pieces. Raises WriterError."""


class Answers:
    """All use cases of asking."""

    def __init__(self, library: Library, turns: Turns, writer: Writer | None = None) -> None:
        """Use the library, stored turns for what was asked before, and a writer if there is one."""
        self._library = library
        self._turns = turns
        self._writer = writer

    async def ask(self, question: str, conversation: str, owner: int, now: datetime) -> Reply:
        """Answer a question in its conversation, and remember it.

        A question that leans on the last one takes its words along and stays with the papers just quoted, unless it
        asks for others, or finds its answer only without them: then the topic has changed.
        """
        before = await self._turns.recent(conversation, now - PAUSE)
        context = rules.context(question, before)
        options = await self._follow(Asked(question, context), before[0].asked) if context else [Asked(question)]
        asked, answer = await self._first_answered(options)
        return Reply(await self._turns.add(asked, conversation, owner, now), answer)

    async def _answer(self, asked: Asked) -> Answer:
        return await self._library.answer(asked.question, asked.context, asked.papers)

    async def _first_answered(self, options: Sequence[Asked]) -> tuple[Asked, Answer]:
        """Return the first way to ask that has an answer, with it; else the first of all, and that it has none."""
        refused: list[tuple[Asked, Answer]] = []
        for asked in options:
            answer = await self._answer(asked)
            if answer.answered:
                return asked, answer
            refused.append((asked, answer))
        return refused[0]

    async def _follow(self, asked: Asked, before: Asked) -> list[Asked]:
        """Return how a question that leans may be asked: of the papers just quoted, of all, and on its own."""
        quoted = tuple(dict.fromkeys(cited.paper.id for cited in (await self._answer(before)).quotes)) or before.papers
        of_those = [replace(asked, papers=quoted)] if quoted else []
        return of_those if quoted and rules.stays(asked.question) else [*of_those, asked, Asked(asked.question)]

    @property
    def has_writer(self) -> bool:
        """Whether a model rephrases answers."""
        return self._writer is not None

    async def rephrase(self, reply: Reply) -> AsyncGenerator[tuple[Claim, ...], None]:
        """Yield what the writer says and its quotes support, each time more of it; nothing again if it takes it back.

        A claim's passage is the place of its quote in `reply.answer.quotes`. Yields nothing without a
        writer, when it fails, or when nothing it says stands.
        """
        passages = [cited.text for cited in reply.answer.quotes]
        if self._writer is None or not passages or safe_passages(passages) != tuple(passages):
            return
        draft = ""
        shown: tuple[Claim, ...] = ()
        try:
            async with aclosing(self._writer.write(reply.turn.asked.question, passages)) as pieces:
                async for piece in pieces:
                    draft += piece
                    if piece.rstrip().endswith((".", "]", "!", "?")):
                        claims = await asyncio.to_thread(check, draft, passages)
                        if len(claims) > len(shown):
                            shown = claims
                            yield claims
        except WriterError as error:
            log.warning("writer failed why=%s", error)
        claims = await asyncio.to_thread(check, draft, passages)
        if claims != shown:
            yield claims

    async def turn(self, token: str) -> Turn | None:
        """Return the question behind a button, or None when it was forgotten."""
        return await self._turns.get(token)

    async def again(self, token: str) -> Reply | None:
        """Answer the question behind a button again, or return None when it was forgotten."""
        turn = await self.turn(token)
        return Reply(turn, await self._answer(turn.asked)) if turn else None

    async def ends(self, turn: Turn, now: datetime) -> bool:
        """Say whether a question is the last of its conversation: what follows it goes on there."""
        last = await self._turns.recent(turn.conversation, now - PAUSE, 1)
        return bool(last) and last[0].token == turn.token

    async def carry(self, turn: Turn, conversation: str, now: datetime) -> None:
        """Go on with a question in another place."""
        await self._turns.add(turn.asked, conversation, turn.owner_id, now)

    async def forget_old(self, now: datetime) -> None:
        """Delete the questions that are too old."""
        await self._turns.forget_old(now)

    async def forget(self, owner: int) -> int:
        """Delete what a person asked; return how many questions that were."""
        return await self._turns.forget(owner)
