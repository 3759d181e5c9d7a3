"""Running the bot: on Discord with a token, or in a local look-alike without one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import webbrowser
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.app import open_app
from bot.config import ConfigError, require_token
from bot.services.lag import Lag, settle_memory
from bot.storage.lock import only_one
from bot.ui.client import Colloquium, join

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bot.app import App
    from bot.config import Settings

# The bot never joins a voice channel: what that would need is no news.
discord.VoiceClient.warn_nacl = False
discord.VoiceClient.warn_dave = False
log = logging.getLogger(__name__)
PUMP = 10.0
"""Seconds between the demo's looks at the clock."""


async def run(settings: Settings) -> None:
    """Be on Discord until SIGTERM or SIGINT. Raises ConfigError when Discord refuses the token."""
    token = require_token(settings)
    with only_one(settings.data):
        await _run(settings, token)


async def _run(settings: Settings, token: str) -> None:
    lag = Lag()
    async with open_app(settings, writer=True, live=True) as app:
        aside = [asyncio.create_task(lag.watch()), asyncio.create_task(settle_memory())]
        try:
            await _until_signal(_be_on_discord(app, token, lag))
        except discord.LoginFailure as error:
            msg = "Discord refused the token: reset it on the application's Bot page and set the new one"
            raise ConfigError(msg) from error
        except (aiohttp.ClientError, discord.DiscordServerError, discord.GatewayNotFound) as error:
            msg = "Discord cannot be reached: check this machine's network and DNS, then start again"
            raise OSError(msg) from error
        finally:
            for task in aside:
                task.cancel()


async def _be_on_discord(app: App, token: str, lag: Lag) -> None:
    async with AsyncExitStack() as closing:
        watch = None
        if app.settings.listen:
            from bot.watch import watched  # noqa: PLC0415 - an HTTP server and its metrics, only where they are wanted

            watch = await closing.enter_async_context(watched(app, app.settings.listen, lag))
        client = await closing.enter_async_context(await join(app, token, lag, watch.metrics if watch else None))
        if watch:
            watch.client = client
        await client.start(token)


async def demo(settings: Settings, port: int, *, browse: bool) -> None:
    """Serve the same bot in a page that looks like Discord, on 127.0.0.1, until stopped."""
    # The look-alike warns of an intent that only its own helper objects lack.
    logging.getLogger("discord.state").setLevel(logging.ERROR)
    try:
        import simcord  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        msg = "the demo needs its extra: pip install 'colloquium[demo]'"
        raise ConfigError(msg) from error
    own = apart(settings)
    with only_one(own.data):
        await _demo(own, port, browse=browse)


def apart(settings: Settings) -> Settings:
    """Return the demo's settings: a folder of its own, and no live source, so that it claims none either."""
    # The look-alike knows none of the real channels: on live data it would take them for deleted.
    return replace(settings, data=settings.data / "demo", sources=(), arxiv=(), feeds=())


async def _demo(settings: Settings, port: int, *, browse: bool) -> None:
    import simcord  # noqa: PLC0415 - an extra

    async with open_app(settings, writer=True) as app:
        # Each demo is a new Discord that knows no commands yet.
        await app.notes.put("commands", "")
        env = simcord.Env(Colloquium(app), settle_timeout=30.0)
        # The look-alike's clock starts at a fixed day; people expect today's. Set before the bot starts:
        # its loops would make up for every minute of a later jump.
        env.backend.clock._epoch = datetime.now(UTC)  # noqa: SLF001 - simcord is pinned to one version
        env.backend.bot_user.name = "Colloquium"
        await env.start()
        try:
            await _until_signal(_serve(env, port, browse=browse))
        except simcord.SetupError as error:
            msg = f"the demo cannot start on port {port}; choose another with --port N, or --port 0 for any"
            raise ConfigError(msg) from error
        finally:
            await env.shutdown()


async def _serve(env: Any, port: int, *, browse: bool) -> None:
    import simcord  # noqa: PLC0415 - an extra

    ada, ben = (
        env.create_user("ada", global_name="Ada (admin)"),
        env.create_user("ben", global_name="Ben (member)"),
    )
    guild = env.create_guild("Reading Group", owner=ada)
    channel = guild.create_text_channel("papers", topic="Papers worth reading")
    viewers = [simcord.MemberActor(env, guild, ada), guild.add_member(ben)]
    await env.settle()
    async with env.preview(channel, viewers=viewers, layout="channel", port=port) as preview:
        print(f"The bot is at {preview.url}", flush=True)
        print("Type /search, /paper or /roundup setup there. Ctrl+C ends it.", flush=True)
        if browse:
            await asyncio.to_thread(webbrowser.open, preview.url)
        pump = asyncio.create_task(_pump(env, preview, channel))
        try:
            await preview.wait_closed()
        finally:
            pump.cancel()


async def _pump(env: Any, preview: Any, channel: Any) -> None:
    """Let the look-alike's clock follow the real one, so that scheduled posts come."""
    from simcord import SetupError  # noqa: PLC0415 - an extra

    while True:
        await asyncio.sleep(PUMP)
        # SetupError: somebody is pressing a button at this moment; the next look makes up for it.
        with contextlib.suppress(SetupError, TimeoutError):
            behind = (datetime.now(UTC) - env.now()).total_seconds()
            before = len(channel.history())
            await env.advance_time(max(behind, 0.0))
            # A refresh makes what a person is typing out of date, so only for a new post.
            if len(channel.history()) != before:
                await preview.refresh()


async def _until_signal(work: Coroutine[Any, Any, None]) -> None:
    """Run until the work ends or the process is asked to stop."""
    task = asyncio.ensure_future(work)
    loop = asyncio.get_running_loop()
    stopped = False

    def stop() -> None:
        nonlocal stopped
        # Asked again, it goes on closing what there is to close.
        if not stopped:
            task.cancel()
        stopped = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopped:
            raise
        log.info("stopping")
