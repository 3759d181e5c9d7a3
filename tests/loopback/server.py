"""The server: one port on loopback with the API, the gateway, and a small world to act in."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import web
from simcord import interactions
from simcord.backend import Backend, serializers

from tests.loopback.clock import FastClock
from tests.loopback.gateway import Gateway
from tests.loopback.rest import Rest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from simcord.backend.models import Channel, Guild, Message

TOKEN = "bG9vcGJhY2stMTIzNDU2Nzg5MA.R2xvb3A.not-a-real-token-but-shaped-like-one"  # of no real bot


class DiscordServer:
    """A world, and the two ways into it. Everything may be changed while the bot is connected."""

    def __init__(self, clock: FastClock | None = None, *, heartbeat: float = 41.25) -> None:
        self.clock = clock or FastClock()
        self.backend = Backend(clock=self.clock)  # type: ignore[arg-type]  # the same shape, in real time
        self.backend.bot_user.name = "Colloquium"
        self.rest = Rest(self.backend)
        self.gateway = Gateway(self.backend, heartbeat=heartbeat)
        self.shards = 1
        """How many shards a bot is told to make."""
        self.url = ""
        self.admin = self.backend.make_user("ada", global_name="Ada")
        self.member = self.backend.make_user("ben", global_name="Ben")
        self.rest.special |= {
            ("GET", "/gateway/bot"): self._gateway_bot,
            ("GET", "/gateway"): lambda: {"url": self.gateway.url},
            ("GET", "/oauth2/applications/@me"): self._application,
            ("GET", "/applications/@me"): self._application,
        }

    def guild(self, name: str = "Reading Group", shard: int | None = None) -> Guild:
        """Make a server that both people and the bot are members of, on some shard or on one of `self.shards`."""
        guild = self.backend.create_guild(name, owner_id=self.admin.id, shard_id=shard, shard_count=self.shards)
        self.backend.add_member(guild.id, self.member.id)
        return guild

    def channel(self, guild: Guild, name: str = "papers") -> Channel:
        """Make a text channel."""
        return self.backend.create_channel(guild.id, name)

    def slash(
        self,
        channel: Channel,
        name: str,
        options: list[dict[str, Any]] | None = None,
        *,
        user_id: int | None = None,
        resolve: Channel | None = None,
    ) -> int:
        """Send a slash command from a member, the admin by default; return the interaction's id.

        `resolve` is a channel that an option names by its id.
        """
        root, *path = name.split()
        command = self.backend.find_command(root, channel.guild_id)
        assert command is not None, f"the bot has no /{root}"
        data = {"id": command["id"], "name": root, "type": 1, "options": _nested(path, options or [])}
        user_id = user_id or self.admin.id
        if resolve is not None:
            data["resolved"] = {"channels": {str(resolve.id): self._resolved(resolve, user_id)}}
        return self._interact(2, channel, data, user_id, {})

    def _resolved(self, channel: Channel, user_id: int) -> dict[str, Any]:
        rights = self.backend.compute_permissions(channel.guild_id or 0, user_id, channel.id)
        return {**serializers.channel_payload(self.backend, channel), "permissions": str(rights)}

    def press(self, message: Message, custom_id: str, user_id: int | None = None) -> int:
        """Press a button by its custom id, whether the message has it or not; return the interaction's id."""
        data = {"component_type": 2, "custom_id": custom_id}
        extra = {"message": dict(serializers.message_payload(self.backend, message))}
        channel = self.backend.get_channel(message.channel_id)
        return self._interact(3, channel, data, user_id or self.admin.id, extra)

    def _interact(
        self,
        kind: int,
        channel: Channel,
        data: dict[str, Any],
        user_id: int,
        extra: dict[str, Any],
    ) -> int:
        record, payload = interactions.base_payload(
            self.backend, type=kind, channel_id=channel.id, guild_id=channel.guild_id, user_id=user_id, data=data
        )
        record.source_message_id = int(extra["message"]["id"]) if "message" in extra else None
        self.rest.asked[record.id] = time.monotonic()
        self.backend.emit("INTERACTION_CREATE", {**payload, **extra})
        return int(record.id)

    def posts(self, channel: Channel) -> list[Message]:
        """Return the bot's own public messages in a channel, oldest first."""
        found = self.backend.messages.get(channel.id, {}).values()
        mine = [m for m in found if m.author_id == self.backend.bot_user.id and not m.is_ephemeral]
        return sorted(mine, key=lambda message: message.id)

    def _gateway_bot(self) -> dict[str, Any]:
        limit = {"total": 1000, "remaining": 999, "reset_after": 14400000, "max_concurrency": 16}
        return {"url": self.gateway.url, "shards": self.shards, "session_start_limit": limit}

    def _application(self) -> dict[str, Any]:
        return {
            "id": str(self.backend.application_id),
            "name": "Colloquium",
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "owner": dict(serializers.user_payload(self.admin)),
            "team": None,
        }


def _nested(path: list[str], options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for name in reversed(path):
        options = [{"type": 1, "name": name, "options": options}]
    return options


@asynccontextmanager
async def serve(server: DiscordServer) -> AsyncIterator[DiscordServer]:
    """Listen on a free loopback port until the block ends."""
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_route("*", "/api/v{version}/{path:.*}", server.rest.handle)
    app.router.add_get("/gateway", server.gateway.handle)
    app.router.add_get("/gateway/", server.gateway.handle)
    app.router.add_get(r"/gateway/{shard:\d+}", server.gateway.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    server.url, server.gateway.url = f"http://127.0.0.1:{port}", f"ws://127.0.0.1:{port}/gateway"
    try:
        yield server
    finally:
        await server.gateway.drop()
        await runner.cleanup()
