"""/ask and talking with the bot: mentions, replies, direct messages, threads it opened."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.core import text
from bot.core.conversation import leans, of_mine
from bot.ui import answer_view, render, response
from bot.ui.cooldown import Cooldown
from bot.ui.markdown import clip
from bot.ui.press import Handler, Interaction
from bot.ui.sharing import apology, may_share, shareable, shared_by, tell

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.core.conversation import Turn
    from bot.core.grounded import Claim
    from bot.services.answers import Answers as Service
    from bot.services.answers import Reply
    from bot.services.meter import Meter, Outcome

log = logging.getLogger(__name__)
RATE, PER = 6, 30.0
"""Questions that one person may ask in so many seconds."""
EDIT_EVERY = 1.5
"""Seconds between edits of one message; Discord allows five in five seconds."""
LOOK = 1.0
"""Seconds to look for a question before its follow-up form is opened: Discord takes no form later than three."""
FORGOTTEN = "I have forgotten that question. Please ask it again with `/ask`."
GREETING = (
    "Ask me something about the papers, like: *how does layer normalization differ from batch normalization?* "
    "`/help` says what else I do, `/about` how many papers I hold."
)
UNREAD = "I could not read that message: Discord shows me only those that mention me. Please mention me in it."


class Answers(commands.Cog):
    """Ask questions; answers are quoted."""

    def __init__(self, service: Service, meter: Meter, closed: Callable[[], bool]) -> None:
        """Use the answering service; the meter is told of messages and forms, as of commands elsewhere.

        `closed` says whether the bot has left Discord: then there is no way to answer.
        """
        self._closed = closed
        self._service = service
        self._meter = meter
        # One notice for each burst of mentions: answers to a flood must not be one themselves.
        self._notices = Cooldown(1, PER)
        self._pace = Cooldown(RATE, PER)
        self.verbs: dict[str, Handler] = {
            "followup": self._followup,
            "why": self._why,
            "shareanswer": self._share,
            "thread": self._thread,
        }

    @app_commands.command(name="ask", description="Ask about the papers; the answer is quoted from abstracts")
    @app_commands.describe(question="Your question, in plain words")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def ask(self, interaction: Interaction, question: app_commands.Range[str, 1, 1000]) -> None:
        """Answer privately."""
        if text.terms(question) and not of_mine(question):
            await self._answer(interaction, question, f"ask:{interaction.id}")
        else:
            await tell(interaction, GREETING)

    async def _answer(self, interaction: Interaction, question: str, conversation: str) -> None:
        if wait := self._wait(interaction.user.id):
            await tell(interaction, wait)
            return
        await response.think(interaction)
        reply = await self._service.ask(question, conversation, interaction.user.id, discord.utils.utcnow())
        share, thread = shareable(interaction), isinstance(interaction.channel, discord.TextChannel)

        def shown(claims: Sequence[Claim] = ()) -> discord.ui.LayoutView:
            return answer_view.answer(reply, share=share, thread=thread, claims=claims)

        await response.say(interaction, shown())
        await self._rephrase(reply, lambda claims: interaction.edit_original_response(view=shown(claims)))

    async def _rephrase(self, reply: Reply, edit: Callable[[Sequence[Claim]], Awaitable[object]]) -> None:
        """Show what the writer says as it grows, with pauses that keep within Discord's rate of edits."""
        edited = time.monotonic()
        shown: Sequence[Claim] = ()
        last: Sequence[Claim] = ()
        try:
            async with aclosing(self._service.rephrase(reply)) as growing:
                async for claims in growing:
                    last = claims
                    if time.monotonic() - edited >= EDIT_EVERY:
                        await edit(claims)
                        edited, shown = time.monotonic(), claims
            if last != shown:
                await edit(last)
        except (discord.HTTPException, aiohttp.ClientError, TimeoutError) as error:
            # The answer stands already; its owner has dismissed it, the token has run out, or the connection broke.
            log.info("rephrasing not shown why=%s", type(error).__name__)

    def _wait(self, user_id: int) -> str:
        """Return a friendly refusal if a person asks too fast, else nothing."""
        return self._pace.refusal(user_id, "your next question")

    async def _followup(self, interaction: Interaction, token: str) -> None:
        # A form cannot come late: where it takes long to look, it is opened all the same.
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK):
                if await self._service.turn(token) is None:
                    await tell(interaction, FORGOTTEN)
                    return
        private = interaction.message is not None and interaction.message.flags.ephemeral
        await response.form(interaction, FollowUp(self, token, private=private))

    async def _own(self, interaction: Interaction, turn: Turn, *, private: bool) -> str:
        """Return the conversation to go on in: what is asked privately must not be heard in anybody else's."""
        own = private and turn.owner_id == interaction.user.id
        if own and await self._service.ends(turn, discord.utils.utcnow()):
            return turn.conversation
        conversation = f"ask:{interaction.id}"
        await self._service.carry(turn, conversation, discord.utils.utcnow())
        return conversation

    async def follow(self, interaction: Interaction, question: str, token: str, *, private: bool) -> None:
        """Answer what was typed into the follow-up form of the question behind a button."""
        response.begin(interaction)
        if turn := await self._service.turn(token):
            await self._answer(interaction, question, await self._own(interaction, turn, private=private))
        else:
            await tell(interaction, FORGOTTEN)

    async def _why(self, interaction: Interaction, token: str) -> None:
        if reply := await self._reply(interaction, token):
            await response.say(interaction, answer_view.why(reply))

    async def _share(self, interaction: Interaction, token: str) -> None:
        reply = await self._reply(interaction, token)
        if reply and await may_share(interaction):
            done = answer_view.answer(reply, share=False, thread=False, public="shared")
            await response.change(interaction, done)
            shown = answer_view.answer(reply, share=False, thread=False, public=shared_by(interaction))
            await interaction.followup.send(view=shown)

    async def _thread(self, interaction: Interaction, token: str) -> None:
        reply = await self._reply(interaction, token)
        channel = interaction.channel
        if reply is None:
            return
        if not isinstance(channel, discord.TextChannel):
            await tell(interaction, "I can open a thread only in a text channel.")
            return
        if not (interaction.permissions.create_public_threads and interaction.permissions.send_messages_in_threads):
            await tell(interaction, "You may not open threads in this channel.")
            return
        if wait := self._wait(interaction.user.id):
            await tell(interaction, wait)
            return
        # One thread an answer: the button goes before the thread comes.
        shown = answer_view.answer(reply, share=False, thread=False)
        private = interaction.message is not None and interaction.message.flags.ephemeral
        if private:
            await response.change(interaction, shown)
        else:
            await response.think(interaction)
        await tell(interaction, await self._open(channel, reply))

    async def _open(self, channel: discord.TextChannel, reply: Reply) -> str:
        name = clip(" ".join(reply.turn.asked.question.split()), 90) or "Papers"
        try:
            thread = await channel.create_thread(name=name, type=discord.ChannelType.public_thread)
            await thread.send(view=answer_view.answer(reply, share=False, thread=False, public=answer_view.IN_THREAD))
        except discord.Forbidden:
            return "I need **Create Public Threads** and **Send Messages in Threads** in this channel for that."
        await self._service.carry(reply.turn, f"channel:{thread.id}", discord.utils.utcnow())
        return f"We go on in {thread.mention}."

    async def _reply(self, interaction: Interaction, token: str) -> Reply | None:
        reply = await self._service.again(token)
        if reply is None:
            await tell(interaction, FORGOTTEN)
        return reply

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer people who speak to the bot: a direct message, or a mention (a reply with its ping is one)."""
        if message.author.bot or not self._addressed(message):
            return
        self._meter.began(message.id, "message")
        outcome: Outcome = "failed"
        try:
            await self._converse(message)
            outcome = "answered"
        except Exception as error:  # noqa: BLE001 - as the command tree's error handler, for messages
            if self._closed():
                outcome = "late"
                log.info("not answered, for the bot is stopping channel=%d", message.channel.id)
            else:
                await _respond(message, apology("message", error))
        finally:
            self._meter.ended(message.id, outcome)

    async def _converse(self, message: discord.Message) -> None:
        question = re.sub(r"<@!?\d+>", " ", message.content).strip()
        if wait := self._wait(message.author.id):
            if not self._notices.wait(message.author.id):
                await _respond(message, render.notice(wait))
        elif not message.content:
            await _respond(message, render.notice(UNREAD))
        elif of_mine(question) or (not text.terms(question) and not leans(question)):
            await _respond(message, render.notice(GREETING))
        else:
            reply = await self._service.ask(question, _place(message), message.author.id, discord.utils.utcnow())
            await self._tell(message, reply)

    async def _tell(self, message: discord.Message, reply: Reply) -> None:
        thread = message.guild is not None and isinstance(message.channel, discord.TextChannel)

        def shown(claims: Sequence[Claim] = ()) -> discord.ui.LayoutView:
            return answer_view.answer(reply, share=False, thread=thread, claims=claims)

        if sent := await _respond(message, shown()):
            await self._rephrase(reply, lambda claims: sent.edit(view=shown(claims)))

    def _addressed(self, message: discord.Message) -> bool:
        me = message.guild.me if message.guild else None
        return message.guild is None or (me is not None and any(user.id == me.id for user in message.mentions))


class FollowUp(discord.ui.Modal, title="Ask on"):
    """A form for the next question of a conversation."""

    question: discord.ui.TextInput[Any] = discord.ui.TextInput(
        label="Your next question", placeholder="and on ImageNet?", max_length=1000, custom_id="question"
    )

    def __init__(self, cog: Answers, token: str, *, private: bool) -> None:
        """Follow the question behind a button; `private` says whether its answer was."""
        super().__init__(timeout=900)
        self._cog = cog
        self._token = token
        self._private = private

    async def on_submit(self, interaction: Interaction) -> None:
        """Hand the question over."""
        interaction.client.meter.began(interaction.id, "form followup")
        await self._cog.follow(interaction, str(self.question.value), self._token, private=self._private)
        interaction.client.meter.ended(interaction.id, "answered")

    async def on_error(self, interaction: Interaction, error: Exception, /) -> None:  # type: ignore[override]
        """Hand an error to where all errors end."""
        await interaction.client.tree.on_error(interaction, error)


def _place(message: discord.Message) -> str:
    """Return the conversation a message belongs to: a thread or a direct channel, else one's own in the channel."""
    shared = message.guild is None or isinstance(message.channel, discord.Thread)
    return f"channel:{message.channel.id}" if shared else f"channel:{message.channel.id}:{message.author.id}"


async def _respond(message: discord.Message, view: discord.ui.LayoutView) -> discord.Message | None:
    try:
        return await message.reply(view=view, mention_author=False)
    except discord.HTTPException as error:
        log.info("no answer given channel=%d why=%s", message.channel.id, type(error).__name__)
        return None
