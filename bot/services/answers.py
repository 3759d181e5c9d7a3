"""Answers: from a question to quoted sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core import answer as rules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.core.index import Index
    from bot.core.paper import Paper


def find(index: Index, question: str, context: str, fetch: Callable[[Sequence[str]], list[Paper]]) -> rules.Answer:
    """Answer a question from an index; `fetch` returns the papers of ids. Takes CPU: call it off the event loop."""
    parsed = rules.parse(question, index, context=context)
    matches = index.search(f"{question} {context}".strip(), rules.READ)
    papers = {paper.id: paper for paper in fetch([match.id for match in matches])}
    ranked = [(papers[match.id], match.score) for match in matches if match.id in papers]
    return rules.answer(parsed, ranked, index)
