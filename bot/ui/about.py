"""/about: how much is here, whose papers these are, what is kept of a person, and the licence."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from discord import app_commands, ui
from discord.ext import commands

import bot
from bot.core.credit import KNOWN, Credit, of_feed
from bot.ui import render, response
from bot.ui.markdown import fit, link
from bot.ui.press import Handler, Interaction
from bot.ui.render import count

if TYPE_CHECKING:
    from bot.app import App
    from bot.services.library import Size

MOST = 10
"""Sources that are named."""
NO_SOURCE = "No live source is set up: the papers here came from files."
PRIVACY = """### What I keep of you
- The questions you ask me: the last 20 of a conversation, for 30 days at most. Your searches, for 90 days, so that \
their buttons work.
- The papers you saved or liked, until you remove them. Only you see the list; a server is told numbers, no names.
- If you set up a roundup, that it was you, to tell you when it stops.

All of it under the number of your account, nothing else of you. I read no message that is not addressed to me. \
**/forget** deletes it, all if you choose *Everything of mine*; **/roundup off** deletes a roundup. \
Copies that whoever runs me made earlier are theirs to delete."""
LICENCE = "-# Free software under the MIT licence. The papers are their authors' and publishers'."
_HERE = "Papers are ranked on the machine I run on."
_WRITER = "A model rephrases answers: it is sent the question and the quotes."
_EMBEDDER = "Another service finds papers by meaning: it is sent what you look for."
_ALONE = "Your questions and searches never leave it."
_LOOKUP = "An arXiv id that is not here is asked for at arXiv."


class About(commands.Cog):
    """Say how the bot is, and on what terms."""

    def __init__(self, app: App) -> None:
        """Use an open app."""
        self._app = app
        self.verbs: dict[str, Handler] = {}

    @app_commands.command(name="about", description="How many papers I have, whose they are, what I keep of you")
    @app_commands.allowed_contexts(guilds=True, dms=True)
    async def about(self, interaction: Interaction) -> None:
        """Say so, privately."""
        size = await self._app.library.size()
        leaves = [_WRITER] if self._app.answers.has_writer else []
        leaves += [_EMBEDDER] if self._app.settings.embedder.startswith(("https://", "http://")) else []
        leaves = [*(leaves or [_ALONE]), *([_LOOKUP] if self._app.lookup else [])]
        await response.say(interaction, about_page(size, _latency(interaction), await self._credits(), leaves))

    async def _credits(self) -> list[Credit]:
        """Return whose papers are set up to be read, and whose are here."""
        refresh, settings = self._app.refresh, self._app.settings
        read = await refresh.credits() if refresh else [of_feed(url) for url in settings.feeds]
        names = [*settings.sources, *self._app.library.sources()]
        # What Hugging Face lists is arXiv's; and a single paper may be fetched from there.
        names += ["arxiv"] if settings.arxiv or self._app.lookup or "huggingface" in names else []
        return list(dict.fromkeys([*(KNOWN[name] for name in names if name in KNOWN), *read]))


def about_page(size: Size, latency: str, credits_: list[Credit], leaves: list[str]) -> ui.LayoutView:
    """Return the page. `leaves` says what is sent elsewhere, a sentence each."""
    added = f", the last added on **{size.last_added[:10]}**" if size.last_added else ""
    head = (
        f"### Colloquium {bot.__version__}\nI hold **{count(size.papers, 'paper')}**{added}.\n"
        f"Discord answers me in {latency}.\n-# {_HERE} {' '.join(leaves)}"
    )
    items: list[ui.Item[Any]] = [ui.TextDisplay(head)]
    for said in (_sources(credits_), PRIVACY, LICENCE):
        items += [ui.Separator(), ui.TextDisplay(said)]
    return render.view(*items)


def _sources(credits_: list[Credit]) -> str:
    lines = [_credit(credit) for credit in credits_[:MOST]]
    lines += [f"-# and {count(len(credits_) - MOST, 'more source')}"] if len(credits_) > MOST else []
    return "\n".join(["### Where the papers come from", *(lines or [NO_SOURCE])])


def _credit(credit: Credit) -> str:
    terms = link("Terms of use", credit.terms) + "." if credit.terms else ""
    said = " ".join(part for part in (credit.said, terms) if part)
    return f"- **{link(fit(credit.name, 80), credit.url)}**: {said}"


def _latency(interaction: Interaction) -> str:
    seconds = float(interaction.client.latency)
    return f"{seconds * 1000:.0f} ms" if math.isfinite(seconds) else "not measured yet"
