"""Shards: the connections that Discord splits a bot's servers over, and how each is."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import discord


@dataclass(frozen=True, slots=True)
class Shard:
    """One connection: whether it is up, its latency in seconds (None before the first measure), its servers."""

    id: int
    up: bool
    latency: float | None
    guilds: int


def shards(client: discord.Client) -> list[Shard]:
    """Return how every shard is that Discord asked for; those not yet begun are down."""
    guilds = Counter(guild.shard_id for guild in client.guilds)
    if not isinstance(client, discord.AutoShardedClient):
        return [_shard(0, client.latency, len(client.guilds), up=bool(client.ws) and client.ws.open)]
    begun = client.shards
    return [
        _shard(number, shard.latency, guilds[number], up=not shard.is_closed())
        if (shard := begun.get(number))
        else Shard(number, up=False, latency=None, guilds=0)
        for number in range(client.shard_count or 1)
    ]


def _shard(number: int, latency: float, guilds: int, *, up: bool) -> Shard:
    return Shard(number, up, latency if math.isfinite(latency) else None, guilds)
