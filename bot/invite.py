"""The invite: the address at which an admin lets the bot into a server."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlencode

from bot.config import ConfigError

PERMISSIONS = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Read Message History": 1 << 16,
    "Create Public Threads": 1 << 35,
    "Send Messages in Threads": 1 << 38,
}
"""What the bot asks for, and no more: Discord's permission bits by the name that its settings show."""
LEAST = 10**14
"""Smaller than any id that Discord gives: milliseconds since 2015, times 2^22 (its reference, Snowflakes)."""


def application_id(token: str) -> int:
    """Return the application's id, which is the first part of a bot's token. Raises ConfigError."""
    head = token.split(".", 1)[0]
    try:
        found = base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        found = ""
    if not (found.isdecimal() and LEAST <= int(found[:20]) < 1 << 63):
        msg = "the token does not begin with an application id: copy it again from the Bot page"
        raise ConfigError(msg)
    return int(found)


def address(application: int) -> str:
    """Return the address to open in a browser."""
    asked = {
        "client_id": application,
        "scope": "bot applications.commands",
        "permissions": sum(PERMISSIONS.values()),
    }
    return f"https://discord.com/oauth2/authorize?{urlencode(asked)}"
