"""Answering an interaction: once, and in time. What takes long is acknowledged by itself before Discord gives up.

Discord waits three seconds for the first answer and takes later ones for fifteen minutes. Every answer of the bot's
goes through here, so no command has to know how long its work may take.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import aiohttp
import discord

from bot.ui.press import Interaction

log = logging.getLogger(__name__)
LATE = 1.5
"""Seconds of work after which an interaction is acknowledged without its answer."""
_KEY = "response"
_ALREADY = 40060
"""Discord's code for an interaction that is acknowledged: an earlier try got through, and only its answer was lost."""
_TROUBLE = (discord.HTTPException, aiohttp.ClientError, OSError)


def begin(interaction: Interaction, late: float = LATE) -> None:
    """Let an interaction be acknowledged after `late` seconds, unless it is answered before."""
    interaction.extras[_KEY] = _Response(interaction, late)


def end(interaction: Interaction) -> None:
    """Acknowledge no longer: the work is done."""
    _of(interaction).stop()


async def say(interaction: Interaction, view: discord.ui.LayoutView, *files: discord.File) -> None:
    """Answer one person, privately, with files that the view shows; a further answer comes below the first."""
    await _of(interaction).say(view, files)


async def change(interaction: Interaction, view: discord.ui.LayoutView) -> None:
    """Answer a pressed control by changing the message that holds it."""
    await _of(interaction).change(view)


async def think(interaction: Interaction) -> None:
    """Acknowledge now: a private message is shown to be on its way, which `say` then fills."""
    await _of(interaction).think()


async def form(interaction: Interaction, modal: discord.ui.Modal) -> None:
    """Answer with a form. It cannot come late: look nothing up before it without a limit of time."""
    await _of(interaction).form(modal)


def _of(interaction: Interaction) -> _Response:
    if _KEY not in interaction.extras:
        begin(interaction)
    found: _Response = interaction.extras[_KEY]
    return found


class _Response:
    """What an interaction has been answered so far."""

    def __init__(self, interaction: Interaction, late: float) -> None:
        self._interaction = interaction
        # An answer that comes while the acknowledgement is on its way has to wait for it.
        self._turn = asyncio.Lock()
        self._acknowledged = False
        self._awaited = False
        """Whether a private message is shown to be on its way."""
        self._late: asyncio.Task[None] | None = None
        self._timer = asyncio.get_running_loop().call_later(late, self._ring)

    def stop(self) -> None:
        self._timer.cancel()

    def _ring(self) -> None:
        self._late = asyncio.create_task(self._come_late())

    async def _come_late(self) -> None:
        try:
            # A command's answer is a message; a control's may be a change of its own message: that is not known yet.
            await self.think(shown=self._interaction.type is not discord.InteractionType.component)
        except _TROUBLE as error:
            log.warning("not acknowledged why=%s", error)
        except Exception:
            # Whatever is open when the bot stops breaks off in one way or another.
            if not self._interaction.client.is_closed():
                raise

    async def think(self, *, shown: bool = True) -> None:
        async with self._turn:
            self.stop()
            if not self._done:
                await self._acknowledge(shown=shown)

    @property
    def _done(self) -> bool:
        return self._acknowledged or self._interaction.response.is_done()

    async def _acknowledge(self, *, shown: bool) -> None:
        try:
            await self._interaction.response.defer(ephemeral=True, thinking=shown)
        except discord.HTTPException as error:
            if error.code != _ALREADY:
                raise
        self._acknowledged, self._awaited = True, shown

    async def say(self, view: discord.ui.LayoutView, files: Sequence[discord.File]) -> None:
        async with self._turn:
            self.stop()
            if not self._done:
                await self._interaction.response.send_message(view=view, files=files, ephemeral=True)
            elif self._awaited:
                self._awaited = False
                await self._interaction.edit_original_response(view=view, attachments=files)
            else:
                await self._interaction.followup.send(view=view, files=files, ephemeral=True)

    async def change(self, view: discord.ui.LayoutView) -> None:
        async with self._turn:
            self.stop()
            if not self._done:
                await self._interaction.response.edit_message(view=view)
            else:
                await self._interaction.edit_original_response(view=view)

    async def form(self, modal: discord.ui.Modal) -> None:
        async with self._turn:
            self.stop()
            await self._interaction.response.send_modal(modal)
