"""Asking: a question in a conversation, answered with quotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core import conversation as rules

if TYPE_CHECKING:
    from datetime import datetime

    from bot.core.answer import Answer
    from bot.core.conversation import Turn
    from bot.services.library import Library
    from bot.storage.turns import Turns

PAUSE = timedelta(hours=2)
"""After a silence this long, a question starts anew."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer and the turn it belongs to."""

    turn: Turn
    answer: Answer


class Answers:
    """All use cases of asking."""

    def __init__(self, library: Library, turns: Turns) -> None:
        """Use the library, and stored turns for what was asked before."""
        self._library = library
        self._turns = turns

    async def ask(self, question: str, conversation: str, owner: int, now: datetime) -> Reply:
        """Answer a question in its conversation, and remember it.

        A question that leans on the last one takes its words along, unless it finds its answer only
        without them: then the topic has changed.
        """
        before = await self._turns.recent(conversation, now - PAUSE)
        context = rules.context(question, before)
        answer = await self._library.answer(question, context)
        if not answer.answered and context:
            alone = await self._library.answer(question)
            answer, context = (alone, "") if alone.answered else (answer, context)
        turn = await self._turns.add(conversation, owner, question, context, now)
        return Reply(turn, answer)

    async def again(self, token: str) -> Reply | None:
        """Answer the question behind a button again, or return None when it was forgotten."""
        turn = await self._turns.get(token)
        return Reply(turn, await self._library.answer(turn.question, turn.context)) if turn else None

    async def carry(self, turn: Turn, conversation: str, now: datetime) -> None:
        """Go on with a question in another place."""
        await self._turns.add(conversation, turn.owner_id, turn.question, turn.context, now)

    async def forget(self, owner: int) -> int:
        """Delete what a person asked; return how many questions that were."""
        return await self._turns.forget(owner)
