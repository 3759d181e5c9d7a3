"""What every format gives: the place of a record, and its paper or the reason why it is none."""

from __future__ import annotations

from typing import TypeAlias

from bot.core.paper import Paper, Problem

Read: TypeAlias = tuple[int, Paper | Problem]
