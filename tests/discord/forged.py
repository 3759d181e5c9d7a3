"""What a client that is not Discord's own could send: any custom_id on any message, any text in any option."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simcord.backend import serializers

from bot.ui.client import Colloquium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simcord import InteractionResult, MemberActor

    from tests.world import World

COMMAND, COMPONENT = 2, 3
"""Discord's numbers of interactions."""
BUTTON, MENU = 2, 3
"""Discord's numbers of components."""
GROUP = {1, 2}
TEXT, CHANNEL = 3, 7
"""Discord's numbers of options."""


@dataclass(frozen=True)
class Command:
    """A command or subcommand, as Discord was told of it."""

    path: tuple[str, ...]
    options: tuple[dict[str, Any], ...]
    admins_only: bool

    @property
    def texts(self) -> list[str]:
        """The names of the options that take any text."""
        return [str(one["name"]) for one in self.options if one["type"] == TEXT and not one.get("choices")]


def bot(world: World) -> Colloquium:
    assert isinstance(world.env.bot, Colloquium)
    return world.env.bot


def commands(world: World) -> Iterator[Command]:
    """Yield every command that people can send."""
    for root in bot(world).tree.get_commands():
        told = root.to_dict(bot(world).tree)
        yield from _leaves(told, (str(told["name"]),), told.get("default_member_permissions") is not None)


def _leaves(told: dict[str, Any], path: tuple[str, ...], admins_only: bool) -> Iterator[Command]:
    below = [option for option in told.get("options", []) if option["type"] in GROUP]
    for option in below:
        yield from _leaves(option, (*path, str(option["name"])), admins_only)
    if not below:
        yield Command(path, tuple(told.get("options", [])), admins_only)


async def send(
    world: World, who: MemberActor, command: Command, text: str, *, choices: bool = False
) -> InteractionResult:
    """Send a command with `text` in every option that takes any, whatever its limits; with `choices`, in those too."""
    data: dict[str, Any] = {"options": [], "resolved": {"channels": {}}}
    for option in command.options:
        if option["type"] == TEXT and (choices or not option.get("choices")):
            data["options"].append({"name": option["name"], "type": TEXT, "value": text})
        elif option["type"] == CHANNEL:
            channel = world.env.backend.get_channel(world.channel.id)
            shown = {**serializers.channel_payload(world.env.backend, channel), "permissions": "0"}
            data["options"].append({"name": option["name"], "type": CHANNEL, "value": str(channel.id)})
            data["resolved"]["channels"][str(channel.id)] = shown
    for name in reversed(command.path[1:]):
        data["options"] = [{"name": name, "type": 1, "options": data["options"]}]
    root = world.env.backend.find_command(command.path[0], world.guild.id, type=1)
    assert root is not None
    return await who._dispatch_interaction(
        COMMAND, world.channel, data | {"id": root["id"], "name": root["name"], "type": 1}
    )


async def press(
    world: World, who: MemberActor, message: Any, custom_id: str, values: list[str] | None = None
) -> InteractionResult:
    """Press a button (or pick from a menu) that a message does not have, as if it had it.

    With `values` a menu. Discord itself lets nobody press what a message does not have.
    """
    kind = MENU if values else BUTTON
    control: dict[str, Any] = {"type": kind, "custom_id": custom_id}
    options = [{"label": "x", "value": value} for value in values or []]
    control |= {"options": options} if values else {"label": "x", "style": 2}
    shown = payload(world, message) | {"components": [{"type": 1, "components": [control]}]}
    data = {"custom_id": custom_id, "component_type": kind} | ({"values": values} if values else {})
    return await sent(world, who, message, data, shown)


async def sent(
    world: World, who: MemberActor, message: Any, data: dict[str, Any], shown: dict[str, Any]
) -> InteractionResult:
    return await who._dispatch_interaction(
        COMPONENT, world.channel, data, extra={"message": shown}, source_message_id=message.id
    )


def payload(world: World, message: Any) -> dict[str, Any]:
    """Return a message as Discord describes it."""
    stored = world.env.backend.get_message(world.channel.id, message.id)
    return dict(serializers.message_payload(world.env.backend, stored))


async def kept(world: World, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of tables, of all but the notes and the papers unless told which."""
    database = world.app.notes._database
    named = await database.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    wanted = tables or [row["name"] for row in named if row["name"] not in {"notes", "papers"}]
    return {name: sorted(map(tuple, await database.rows(f"SELECT * FROM {name}")), key=repr) for name in wanted}  # noqa: S608
