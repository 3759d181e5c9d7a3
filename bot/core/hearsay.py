"""Hearsay: what a feed says of papers. Anybody may write into one, and under any id."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bot.core.identity import likeness, title_key

if TYPE_CHECKING:
    from bot.core.paper import Paper

_HOST: Final = 50
"""Characters of a feed's host in its name."""
_NAME: Final = re.compile(r"([a-z0-9.-]{1,50})-[0-9a-f]{6}")
_ARXIVS: Final = re.compile(r"(?:[a-z0-9-]+\.)?arxiv\.org")


def feed_name(url: str) -> str:
    """Return a feed's name, which its papers keep: its host, and six hex digits of its address's SHA-256.

    It tells the host alone: the rest of the address may hold a key.
    """
    host = re.sub(r"[^a-z0-9.-]", "-", (urlsplit(url).hostname or "feed").lower())[:_HOST]
    return f"{host}-{sha256(url.encode()).hexdigest()[:6]}"


def is_hearsay(source: str) -> bool:
    """Say whether a source is a feed, to go by its name. arXiv's own feeds are arXiv's word."""
    named = _NAME.fullmatch(source)
    return named is not None and (len(named[1]) == _HOST or _ARXIVS.fullmatch(named[1]) is None)


def of_another(one: Paper, other: Paper) -> bool:
    """Say whether two words about one id are about two papers: neither the title nor the abstract is alike."""
    return title_key(one.title) != title_key(other.title) and not likeness(one, other)


def bare(paper: Paper) -> Paper:
    """Return what is left of a paper that was no word about it at all: its title, its id and its days."""
    return replace(
        paper,
        abstract="",
        original_abstract="",
        url=None,
        doi=None,
        version=None,
        authors=(),
        categories=(),
        keywords=(),
        code=(),
        links=(),
        summary="",
        organization="",
        thumbnail=None,
        published=None,
        upvotes=None,
        comments=None,
        stars=None,
    )
