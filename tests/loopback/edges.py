"""What goes wrong on the way: answers that fail, come late, or never come, for requests chosen by path."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["status", "drop", "hang", "garbage", "huge", "do_then_status", "do_then_drop", "do_then_hang"]


@dataclass
class Edge:
    """One rule: the next `times` requests that match are answered so.

    `status`: an error of that status, with `body`. `drop`: the connection is closed unanswered. `hang`: no answer while
    the connection stands. `garbage`: 200 with HTML. `huge`: 200 with ten megabytes that are no JSON. `do_then_…`: what
    was asked is done first, so the caller cannot know.
    """

    method: str
    path: str
    kind: Kind
    times: int = 1
    status: int = 500
    body: dict[str, object] = field(default_factory=lambda: {"message": "Internal Server Error", "code": 0})


class Edges:
    """The rules in force, oldest first."""

    def __init__(self) -> None:
        self._rules: list[Edge] = []

    def add(self, edge: Edge) -> Edge:
        self._rules.append(edge)
        return edge

    def take(self, method: str, path: str) -> Edge | None:
        """Return the rule that this request meets, used up by one, or None."""
        for edge in self._rules:
            if edge.times > 0 and edge.method in {method, "*"} and fnmatch.fnmatch(path, edge.path):
                edge.times -= 1
                return edge
        return None

    def clear(self) -> None:
        self._rules.clear()
