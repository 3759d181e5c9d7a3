"""Cooldowns: how much of one thing a person may ask for in a while, so that there is something left for the others."""

from __future__ import annotations

import math

import discord
from discord.ext import commands


class Cooldown:
    """So many times in so many seconds for each person; a restart forgets who asked."""

    def __init__(self, times: int, seconds: float) -> None:
        """Let a person pass `times` in `seconds`."""
        self._buckets = commands.CooldownMapping.from_cooldown(times, seconds, lambda user_id: user_id)

    def wait(self, user_id: int) -> int:
        """Count one more, and return 0; or do not, and return the seconds to wait, at least one."""
        now = discord.utils.utcnow().timestamp()
        bucket = self._buckets.get_bucket(user_id, now)
        return math.ceil(bucket.update_rate_limit(now) or 0) if bucket else 0

    def refusal(self, user_id: int, what: str) -> str:
        """Count one more, and return nothing, or a friendly sentence on how long to wait for `what`."""
        seconds = self.wait(user_id)
        more = f"{seconds} more second{'' if seconds == 1 else 's'}"
        return f"That was quick! Give me {more} for {what}." if seconds else ""
