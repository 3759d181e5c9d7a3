"""A channel's messages, page by page as Discord gives them; simcord's own page after an id is another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from simcord.backend import errors, serializers
from simcord.backend.access import channel_accessible

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simcord.backend import Backend
    from simcord.backend.models import Message

MOST = 100
"""Most messages of one page (API reference, Get Channel Messages)."""


def asked(path: str) -> int | None:
    """Return the channel whose messages a path asks for, None where it asks for something else."""
    found = re.fullmatch(r"/channels/(\d+)/messages", path)
    return int(found[1]) if found else None


def page(backend: Backend, channel_id: int, query: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a page, the newest first: the last before an id, the first after one, those around one, or the last.

    Without View Channel that is refused; without Read Message History it is empty.
    """
    me, limit = backend.bot_user.id, min(int(query.get("limit", 50)), MOST)
    channel = backend.get_channel(channel_id)
    if channel.guild_id is not None and not channel_accessible(backend, channel_id, me):
        raise errors.missing_access()
    if not channel_accessible(backend, channel_id, me, history=True):
        return []
    found = sorted((m for m in backend.messages.get(channel_id, {}).values() if not m.is_ephemeral), key=lambda m: m.id)
    return [dict(serializers.message_payload(backend, m)) for m in reversed(_chosen(found, query, limit))]


def _chosen(found: list[Message], query: Mapping[str, str], limit: int) -> list[Message]:
    """Return the messages of a page, the oldest first. Of the three ways to ask for one, one is taken."""
    if "around" in query:
        pivot = int(query["around"])
        older = [m for m in found if m.id < pivot][-(limit // 2) :]
        return [*older, *(m for m in found if m.id >= pivot)][:limit] if older else found[:limit]
    if "before" in query:
        return [m for m in found if m.id < int(query["before"])][-limit:]
    if "after" in query:
        return [m for m in found if m.id > int(query["after"])][:limit]
    return found[-limit:]
