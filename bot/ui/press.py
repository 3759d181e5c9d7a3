"""Buttons and menus that work after a restart: what they do is written in their custom_id."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord

if TYPE_CHECKING:
    import re

Interaction = discord.Interaction[Any]
Handler = Callable[[Interaction, str], Awaitable[None]]
MAX_CUSTOM_ID = 100


def custom_id(verb: str, argument: str) -> str:
    """Return the custom_id of a control. Raises ValueError where Discord's 100 characters do not hold it."""
    made = f"do:{verb}:{argument}"
    if len(made) > MAX_CUSTOM_ID:
        msg = f"custom_id of {len(made)} characters"
        raise ValueError(msg)
    return made


def button(
    label: str,
    verb: str,
    argument: str,
    *,
    style: discord.ButtonStyle = discord.ButtonStyle.secondary,
    off: bool = False,
) -> discord.ui.Button[Any]:
    """Return a button that runs a verb."""
    return discord.ui.Button(label=label, style=style, custom_id=custom_id(verb, argument), disabled=off)


def keeping(paper_id: str) -> list[discord.ui.Button[Any]]:
    """Return the buttons that keep a paper for whoever presses them."""
    return [button("🔖 Save", "save", paper_id), button("♥ Like", "like", paper_id)]


class PressedButton(
    discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"do:(?P<verb>[a-z]+):(?P<argument>.{1,90})"
):
    """Any of the bot's buttons, pressed."""

    def __init__(self, item: discord.ui.Button[Any], verb: str, argument: str) -> None:
        """Wrap the pressed item."""
        super().__init__(item)
        self.verb = verb
        self.argument = argument

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> PressedButton:
        """Read the verb and its argument back."""
        return cls(item, match["verb"], match["argument"])  # type: ignore[arg-type]

    async def callback(self, interaction: Interaction) -> None:
        """Hand over to the bot, which knows the verbs."""
        await interaction.client.press(interaction, self.verb, self.argument)


class PickedOption(
    discord.ui.DynamicItem[discord.ui.Select[Any]], template=r"pick:(?P<verb>[a-z]+):(?P<argument>.{1,90})"
):
    """Any of the bot's menus, with one option picked: the option is the argument."""

    def __init__(self, item: discord.ui.Select[Any], verb: str) -> None:
        """Wrap the menu."""
        super().__init__(item)
        self.verb = verb

    @classmethod
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> PickedOption:
        """Read the verb back."""
        return cls(item, match["verb"])  # type: ignore[arg-type]

    async def callback(self, interaction: Interaction) -> None:
        """Hand over to the bot, which knows the verbs."""
        await interaction.client.press(interaction, self.verb, self.item.values[0])
