"""A search with all its options: how it is kept behind buttons, and what it filters by, in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from bot.core.filters import Filter, Order
from bot.ui.markdown import fit

ORDERS = {Order.RELEVANCE: "Best match", Order.DATE: "Newest first", Order.VOTES: "Most votes first"}
"""The orders as people choose them."""


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked for."""

    query: str
    since: date | None = None
    until: date | None = None
    source: str | None = None
    code: bool = False
    votes: int | None = None
    author: str | None = None
    order: Order = Order.RELEVANCE

    @property
    def only(self) -> Filter | None:
        """Return the filter, or None where nothing is left out."""
        made = Filter(
            since=self.since,
            until=self.until,
            code=self.code,
            source=self.source,
            votes=self.votes,
            author=self.author,
        )
        return None if made == Filter() else made

    def described(self) -> str:
        """Return the filters and the order in words, as markdown."""
        parts = [
            f"since {self.since}" if self.since else "",
            f"until {self.until}" if self.until else "",
            f"from {fit(self.source, 30)}" if self.source else "",
            "with code" if self.code else "",
            f"▲ {self.votes:,} or more" if self.votes else "",
            f"by {fit(self.author, 40)}" if self.author else "",
            "" if self.order is Order.RELEVANCE else ORDERS[self.order].lower(),
        ]
        return " · ".join(part for part in parts if part)

    def asking(self, query: str) -> Search:
        """Return the same search for other words."""
        return replace(self, query=query)

    def note(self) -> dict[str, Any]:
        """Return a JSON object to keep."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}


def search_of(note: dict[str, Any]) -> Search:
    """Return a search from its note; notes of older versions lack fields, those of newer ones may know more."""
    since, until = (date.fromisoformat(note[name]) if note.get(name) else None for name in ("since", "until"))
    order = note.get("order")
    return Search(
        query=str(note.get("query", "")),
        since=since,
        until=until,
        source=note.get("source"),
        code=bool(note.get("code")),
        votes=note.get("votes"),
        author=note.get("author"),
        order=Order(order) if order in set(Order) else Order.RELEVANCE,
    )
