"""/help and /about."""

from __future__ import annotations

import re

from tests.world import World, answer, silent, words


async def test_help_names_every_command(world: World) -> None:
    result = await world.member.slash(world.channel, "help")
    assert result.ephemeral
    shown = words(answer(result))
    assert shown.startswith("### What I can do\n")
    offered = {name.split()[0] for name in world.admin.available_commands(world.channel)} - {"help"}
    assert offered
    for name in offered:
        assert f"/{name}" in shown, name
    known = set(world.admin.available_commands(world.channel))
    assert {name.strip() for name in re.findall(r"\*\*/([a-z]+(?: [a-z]+)?)\*\*", shown)} <= known
    assert silent(world.env)


async def test_both_work_in_a_dm(world: World) -> None:
    for name in ("help", "about"):
        result = await world.member.user.slash(name)
        assert words(answer(result)).startswith("### ")
