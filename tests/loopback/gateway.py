"""The WebSocket half: HELLO, IDENTIFY, RESUME, heartbeats, and events in order, each with its number.

Any number of shards: a session gets the guilds whose id >> 22 leaves its shard's number when divided by the number of
shards that it named, and shard 0 what belongs to no guild. `away` holds the shards that cannot be reached.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import discord
from aiohttp import WSMsgType, web
from simcord.backend import serializers
from simcord.gateway import FakeGateway

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcord.backend import Backend

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, INVALID, HELLO, ACK = 0, 1, 2, 6, 7, 9, 10, 11


@dataclass
class Session:
    """One identified connection: what was sent (for RESUME), and where to send now."""

    id: str
    shard: int
    shards: int
    intents: discord.Intents
    sent: list[str] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None
    waiting: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    @property
    def parsers(self) -> _Parsers:
        """What simcord's gateway hands shaped events to."""
        return _Parsers(self)

    def dispatch(self, event: str, payload: Mapping[str, Any]) -> None:
        """Number an event and send it; kept for a RESUME if nobody is connected."""
        text = json.dumps({"op": DISPATCH, "t": event, "s": len(self.sent) + 1, "d": payload})
        self.sent.append(text)
        if self.socket is not None:
            self.waiting.put_nowait(text)


class _Parsers(dict[str, Any]):
    """simcord looks parsers up by event: each of ours sends the event."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def __missing__(self, event: str) -> Any:
        return lambda payload: self._session.dispatch(event, payload)

    def get(self, event: str, _default: Any = None) -> Any:
        return self[event]


class Gateway:
    """Serves WebSockets. `silent` stops heartbeat acknowledgements: a zombie connection."""

    def __init__(self, backend: Backend, *, heartbeat: float = 41.25) -> None:
        self.backend = backend
        self.heartbeat = heartbeat
        self.silent = False
        self.can_resume = True
        self.identified = 0
        self.resumed = 0
        self.beats = 0
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.unavailable: set[int] = set()
        self.away: set[int] = set()
        backend.subscribers.append(self._feed)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        # A session is resumed at an address of its shard's own, so one can be unreachable alone.
        if int(request.match_info.get("shard", -1)) in self.away:
            return web.Response(status=503)
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        await socket.send_json({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat * 1000)}, "s": None})
        session: Session | None = None
        pump: asyncio.Task[None] | None = None
        try:
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    continue
                asked = json.loads(message.data)
                if asked["op"] == HEARTBEAT:
                    await self._beat(socket)
                elif asked["op"] in {IDENTIFY, RESUME}:
                    session = await self._join(socket, asked)
                    if session is not None:
                        pump = asyncio.create_task(_pump(session, socket))
        finally:
            if pump is not None:
                pump.cancel()
            if session is not None and session.socket is socket:
                session.socket = None
        return socket

    async def _beat(self, socket: web.WebSocketResponse) -> None:
        self.beats += 1
        if not self.silent:
            await socket.send_json({"op": ACK, "d": None, "s": None})

    async def _join(self, socket: web.WebSocketResponse, asked: dict[str, Any]) -> Session | None:
        if asked["op"] == IDENTIFY:
            return self._identify(socket, asked["d"])
        session = self.sessions.get(asked["d"]["session_id"])
        if session is None or not self.can_resume:
            await socket.send_json({"op": INVALID, "d": False, "s": None})
            return None
        self.resumed += 1
        missed = session.sent[int(asked["d"]["seq"]) :]
        session.socket, session.waiting = socket, asyncio.Queue()
        for text in missed:
            session.waiting.put_nowait(text)
        session.dispatch("RESUMED", {})
        return session

    def _identify(self, socket: web.WebSocketResponse, asked: dict[str, Any]) -> Session:
        self.identified += 1
        shard, shards = asked.get("shard") or (0, 1)
        session = Session(secrets.token_hex(8), shard, shards, discord.Intents._from_value(asked["intents"]))
        self.sessions[session.id] = session
        session.socket = socket
        guilds = [guild for guild in self.backend.guilds.values() if self._is_for(session, guild.id)]
        session.dispatch("READY", self._ready(session, [guild.id for guild in guilds]))
        for guild in guilds:
            if guild.id not in self.unavailable:
                self._send(session, "GUILD_CREATE", serializers.guild_create_payload(self.backend, guild))
        return session

    def _ready(self, session: Session, guilds: list[int]) -> dict[str, Any]:
        return {
            "v": 10,
            "user": dict(serializers.user_payload(self.backend.bot_user)),
            "guilds": [{"id": str(guild), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": f"{self.url}/{session.shard}",
            "shard": [session.shard, session.shards],
            "application": {"id": str(self.backend.application_id), "flags": 0},
        }

    def _is_for(self, session: Session, guild_id: int) -> bool:
        return (guild_id >> 22) % session.shards == session.shard

    def _feed(self, event: str, payload: Mapping[str, Any]) -> None:
        guild = payload.get("guild_id") or (payload.get("id") if event.startswith("GUILD_") else None)
        for session in self.sessions.values():
            if self._is_for(session, int(guild)) if guild else session.shard == 0:
                self._send(session, event, payload)

    def _send(self, session: Session, event: str, payload: Mapping[str, Any]) -> None:
        # simcord leaves out what the intents do not cover, as Discord does.
        FakeGateway(self.backend, session).feed(event, payload)

    async def drop(self, code: int = 1006, *, resumable: bool = True, shard: int | None = None) -> None:
        """Close every connection, or one shard's; without `resumable` the next must IDENTIFY anew."""
        self.can_resume = resumable
        for session in list(self.sessions.values()):
            if (socket := session.socket) is not None and shard in {None, session.shard}:
                session.socket = None
                if code == 1006:  # no close frame at all
                    _abort(socket)
                else:
                    await socket.close(code=code)

    async def ask_reconnect(self) -> None:
        """Tell every connection to reconnect, as Discord does before it restarts a node."""
        for session in self.sessions.values():
            if session.socket is not None:
                await session.socket.send_json({"op": RECONNECT, "d": None, "s": None})

    def set_available(self, guild_id: int, *, available: bool) -> None:
        """Take a guild away in an outage, or bring it back."""
        if available:
            self.unavailable.discard(guild_id)
            guild = self.backend.get_guild(guild_id)
            self._feed("GUILD_CREATE", serializers.guild_create_payload(self.backend, guild))
        else:
            self.unavailable.add(guild_id)
            self._feed("GUILD_DELETE", {"id": str(guild_id), "unavailable": True})


def _abort(socket: web.WebSocketResponse) -> None:
    transport = socket._req.transport if socket._req is not None else None
    if transport is not None:
        transport.abort()


async def _pump(session: Session, socket: web.WebSocketResponse) -> None:
    while True:
        text = await session.waiting.get()
        await socket.send_str(text)
