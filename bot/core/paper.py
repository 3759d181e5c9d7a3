"""The paper: what every layer passes around."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

MAX_ID = 64
"""Longest id in characters: ids travel in Discord's custom_id, which holds 100."""

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]*")
_ARXIV_ID = r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?"
_ARXIV_LINK = (
    r"(?:arxiv:\s*|(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/"
    r"|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/papers/"
    r"|(?:https?://)?(?:www\.)?(?:alphaxiv\.org|ar5iv\.org|ar5iv\.labs\.arxiv\.org)/(?:abs|pdf|html|overview)/"
    r"|(?:(?:https?://)?(?:dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\.)"
)
_ARXIV = re.compile(rf"{_ARXIV_LINK}?{_ARXIV_ID}/?", re.IGNORECASE | re.ASCII)
_ARXIV_WITHIN = re.compile(rf"(?<![\w.@-]){_ARXIV_LINK}{_ARXIV_ID}(?!\w)", re.IGNORECASE | re.ASCII)
_AROUND = "<>()[]{}\"'`*,.;:! \t\n"
"""What stands around an id or a link where people paste it."""
_DOI = re.compile(
    r"(?:doi:\s*|https?://(?:dx\.)?doi\.org/)?(10\.\d{4,9}/[^\s\"<>{}|\\^`]{1,200})", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper. `title` and `abstract` are tidied; `original_*` is what the source said.

    `date` is the full calendar day it was listed, or None where the source gives no year; `listed` is
    the source's own words for it ("Mar 11"); `published` is the paper's own day. `code` and `links` are
    addresses found in the abstract or named by the source. `version` counts from 1; `summary` is a short
    one by the source itself; `organization` is its name; `thumbnail` is the address of an image; `stars`
    are those of the code; `comments` are counted where `upvotes` are; `categories` have the primary first.
    """

    id: str
    title: str
    abstract: str
    source: str
    url: str | None = None
    date: dt.date | None = None
    listed: str | None = None
    authors: tuple[str, ...] = ()
    upvotes: int | None = None
    code: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    original_title: str = ""
    original_abstract: str = ""
    doi: str | None = None
    version: int | None = None
    keywords: tuple[str, ...] = ()
    summary: str = ""
    organization: str = ""
    thumbnail: str | None = None
    stars: int | None = None
    comments: int | None = None
    categories: tuple[str, ...] = ()
    published: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper found. `score` is BM25's and has no unit; `matched` are words of the paper."""

    paper: Paper
    score: float
    snippet: str = ""
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that did not work, in words that are safe to show to anyone."""

    message: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """A record that was not taken in, or not as it stands: `where` is "file:line"."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source read: the papers, and the records it had to refuse; `remarks` are on records that it took."""

    papers: tuple[Paper, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    remarks: tuple[Rejection, ...] = field(default=(), kw_only=True)


def fold(text: str) -> str:
    """Lower-case without accents, every script kept (NFKD, combining marks dropped)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


def slug(title: str) -> str:
    """Return a stable id for a paper that has none: readable words, at most 48 characters.

    A title that is cut, or has no Latin letter to show, ends in six hex digits of its
    SHA-256, so that two such titles do not meet in one id.
    """
    folded = fold(" ".join(title.split()))
    words = re.sub(r"[^a-z0-9]+", "-", folded).strip("-")
    # "+" and "#" tell C, C++ and C# apart.
    lossless = words and not re.search(r"[^\x00-\x7f]|[+#]", folded)
    if lossless and len(words) <= 48:  # noqa: PLR2004 - stated above
        return words
    digest = hashlib.sha256(folded.encode()).hexdigest()[:6]
    head = words[:41].rsplit("-", 1)[0] if len(words) > 41 else words  # noqa: PLR2004
    return f"{head}-{digest}" if head else f"paper-{digest}"


def arxiv_id(text: str) -> str | None:
    """Return the arXiv id that a text is, or that a link is to, without its version; None where it is none.

    Links are those to arXiv and to the sites that show its papers under its own ids, and arXiv's own DOI.
    """
    # Only an address has a query or a fragment: "2401.01234#3" is an id of its own.
    found = re.split(r"[?#]", text, maxsplit=1)[0] if "/" in text else text
    match = _ARXIV.fullmatch(found.strip(_AROUND))
    return match["id"].lower() if match else None


def arxiv_in(text: str) -> str | None:
    """Return the arXiv id that a text is, else that of the first link to one within it ("see [this](link)"), or None.

    What people paste is read so. Of an address that itself holds another one, `arxiv_id` knows better.
    """
    found = arxiv_id(text) or _ARXIV_WITHIN.search(text)
    return found["id"].lower() if isinstance(found, re.Match) else found


def doi(text: str) -> str | None:
    """Return a DOI in lower case (they are alike in both), without "doi:" or its resolver's address, or None."""
    match = _DOI.fullmatch(text.strip())
    return match[1].lower() if match else None


def canonical_id(given: str | None, title: str) -> str:
    """Return the id a record is kept under: arXiv's, else the given one if usable, else a slug."""
    given = (given or "").strip()
    if found := arxiv_id(given):
        return found
    if len(given) <= MAX_ID and _SAFE_ID.fullmatch(given):
        return given
    return slug(title)
