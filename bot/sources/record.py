"""A record from a file: whatever its fields are called, a paper or the reason why it is none."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.core.paper import Paper, Problem, arxiv_id
from bot.sources import dates, fields, names, people

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME: Final = "file"
SPELLINGS: Final[dict[str, tuple[str, ...]]] = {
    "title": ("title", "papertitle", "articletitle", "documenttitle", "name", "ti", "titel", "titre", "titulo"),
    "abstract": (
        "abstract", "abstractnote", "paperabstract", "abstracttext", "text", "summary", "description", "ab", "resume",
        "resumen", "zusammenfassung",
    ),
    "id": ("arxivid", "arxiv", "id", "paperid", "corpusid", "entryid", "identifier", "key"),
    "url": ("url", "link", "paperurl", "absurl", "arxivurl", "site", "pdfurl", "urlabstract", "pdf"),
    "doi": ("doi", "digitalobjectidentifier"),
    "listed": ("dailydate", "date", "submittedondailyat", "listed", "addedon"),
    "published": (
        "publishedat", "published", "publicationdate", "datepublished", "publisheddate", "onlinedate", "coverdate",
        "created", "submitted", "submitteddate",
    ),
    "year": ("year", "publicationyear", "pubyear", "py", "jahr"),
    "month": ("month", "publicationmonth"),
    "authors": ("authors", "author", "authornames", "authorsnames", "creators", "creator", "au", "autoren", "auteurs"),
    "upvotes": ("upvotes", "votes", "likes"),
    "comments": ("numcomments", "commentscount"),
    "stars": ("githubstars", "stars"),
    "code": ("githubrepo", "github", "code", "codeurl", "repository", "repo", "sourcecode"),
    "page": ("projectpage", "project", "website", "homepage", "projecturl"),
    "keywords": ("aikeywords", "keywords", "authorkeywords", "keyword", "manualtags", "tags", "indexterms", "de"),
    "categories": ("categories", "category", "primarycategory", "arxivcategories"),
    "short": ("aisummary", "tldr", "shortsummary"),
    "organization": ("organization", "organisation", "affiliation", "institution"),
    "thumbnail": ("thumbnail", "image", "teaser"),
}  # fmt: skip
"""What fields are called, the likeliest first: in lower case, without accents, spaces and marks."""

_VERSION: Final = re.compile(r"v(\d{1,3})(?:\.pdf)?$")


def field_of(key: str) -> str | None:
    """Return the field that a column's or a key's name stands for, or None."""
    name = names.plain(key)
    return next((field for field, spellings in SPELLINGS.items() if name in spellings), None)


def paper(record: Mapping[str, object]) -> Paper | Problem:
    """Return the paper that a record tells of, or why it tells of none. `remark` may have a word on it."""
    given = {names.plain(key): value for key, value in record.items() if value not in (None, "", [])}

    def said(field: str) -> object:
        return next((given[name] for name in SPELLINGS[field] if name in given), None)

    told = _days(said("listed"), said("published"), said("year"), said("month"))
    identity = _identity(said("id"), said("url"))
    places = (fields.address(said("code")), fields.address(said("page")))
    found = fields.paper(identity, said("title"), said("abstract"), NAME, places=places)
    if isinstance(found, Problem):
        return found
    known = arxiv_id(found.id)
    return replace(
        found,
        url=fields.address(said("url")) or (f"https://arxiv.org/abs/{known}" if known else None),
        date=told.listed or told.published,
        published=told.published,
        listed=told.words,
        doi=fields.doi(said("doi")),
        version=_version(identity) if known else None,
        authors=fields.names(people.read(said("authors"))),
        upvotes=_count(said("upvotes")),
        comments=_count(said("comments")),
        stars=_count(said("stars")),
        keywords=fields.names(_listed(said("keywords"))),
        categories=fields.names(_listed(said("categories"), " ")),
        summary=fields.text(said("short"), 1_000),
        organization=people.named(said("organization")),
        thumbnail=fields.address(said("thumbnail")),
    )


class _Days(NamedTuple):
    """The day a paper was listed, its own, and the source's words for the time where neither is told."""

    listed: date | None
    published: date | None
    words: str | None


def _days(listed: object, published: object, year: object, month: object) -> _Days:
    """Return what is told of the time. A date that is none costs the day, not the paper: its words are kept."""
    day, own = dates.read(listed), dates.read(published)
    told = dates.read(f"{month} {year}") or dates.read(year)
    first, second = (one if isinstance(one, date) else None for one in (day, own))
    if first or second:
        return _Days(first, second, None)
    words = next((one for one in (day, own, told) if isinstance(one, str)), None)
    odd = next(filter(None, (_odd(listed), _odd(published), _odd(year) if str(year).isdecimal() else None)), None)
    return _Days(None, None, words or odd)


def _odd(value: object) -> str | None:
    """Return the words of what is given for a date and is none."""
    written = isinstance(value, str | int | float) and not isinstance(value, bool)
    return fields.text(str(value), 40) or None if written else None


def remark(paper: Paper) -> str:
    """Return what is to be said of a paper that was taken in all the same, "" for nothing."""
    if paper.date or not paper.listed or dates.read(paper.listed):
        return ""
    return f"taken without a day: the date {paper.listed!r} {dates.wrong(paper.listed)}"


def _identity(given: object, url: object) -> object:
    """Return an id: the one given, or arXiv's in the address."""
    if isinstance(given, str | int) and not isinstance(given, bool):
        return str(given)
    return url if isinstance(url, str) and arxiv_id(url) else None


def _version(identity: object) -> int | None:
    found = _VERSION.search(identity) if isinstance(identity, str) else None
    return int(found[1]) if found else None


def _count(value: object) -> int | None:
    """Return a count that may be written as text ("1,234") or as a float without a fraction."""
    if isinstance(value, str) and re.fullmatch(r"\d{1,3}(?:,\d{3})*|\d{1,10}", value.strip()):
        value = int(value.replace(",", ""))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return fields.count(value)


def _listed(value: object, separator: str = ",") -> list[object]:
    """Return words of a list, or of text that separates them by semicolons or otherwise by commas."""
    if isinstance(value, list):
        return [people.named(one) for one in value]
    text = fields.text(value, 10_000)
    return list(text.split(";" if ";" in text else "," if "," in text else separator))
