"""The pages that /search answers with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ui

from bot.core import remarks
from bot.core.correction import Correction
from bot.core.query import parse
from bot.ui import render
from bot.ui.markdown import fit
from bot.ui.press import button
from bot.ui.render import PER_PAGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.paper import Hit

MAX_HITS = 50
SYNTAX = 'I also understand `"exact phrase"`, `-without`, `title:word` and `author:name`.'
_RESULT = 660
"""Characters of one result: five leave 700 for what stands above them."""
_BUTTON = 80
"""Characters of a button's label."""


def search_page(  # noqa: PLR0913 - one parameter a part of the page
    query: str,
    hits: Sequence[Hit],
    page: int,
    token: str,
    *,
    correction: Correction | None = None,
    filters: str = "",
    share: bool = True,
    public: str = "",
) -> ui.LayoutView:
    """Return one page of results with the words that matched in bold, buttons under each, and paging."""
    meant = correction or Correction(parse(query))
    pages = max(1, -(-len(hits) // PER_PAGE))
    page = min(max(page, 0), pages - 1)
    first = page * PER_PAGE
    many = f"{MAX_HITS} best papers" if len(hits) >= MAX_HITS else render.count(len(hits), "paper")
    under = " · ".join(part for part in (many, f"page {page + 1} of {pages}", filters, public) if part)
    head = render.lines(f"### {fit(query, 110)}", *remarked(meant), f"-# {under}")
    items: list[ui.Item[Any]] = [ui.TextDisplay(head)]
    wanted = frozenset(meant.query.terms)
    for number, hit in enumerate(hits[first : first + PER_PAGE], first + 1):
        body = render.entry(hit.paper, number, hit.snippet, wanted, _RESULT)
        items += render.listed(hit.paper, body)
    row = [*_paging(token, page, pages), *_offer(meant, token)]
    if share:
        row.append(button("Share", "sharesearch", f"{token}:{page}"))
    if row:
        items += [ui.Separator(), ui.ActionRow(*row)]
    return render.view(*items)


def nothing(query: str, correction: Correction, token: str, *, filters: str = "") -> ui.LayoutView:
    """Return why nothing was found, and what to try."""
    asked = correction.query
    shown = f"“{fit(query, 150)}”"
    if not asked.searchable:
        why = (
            f"{shown} only says what to leave out. Add a word to look for."
            if asked.excluded
            else f"{shown} has no word I can search for. Try a topic, a method or a name."
        )
        return render.notice(why)
    if asked.required or asked.excluded:
        why = f"No paper here is all that {shown} asks for"
    else:
        why = f"No paper here mentions {shown}"
    tail = f" with these filters: {filters}" if filters else ""
    advice = f"{why}{tail}. Try fewer or more common words."
    said = render.lines(*remarked(correction, found=False), advice, f"-# {SYNTAX}")
    row = _offer(correction, token)
    return render.view(ui.TextDisplay(said), *([ui.ActionRow(*row)] if row else []), colour=render.CALM)


def remarked(correction: Correction, *, found: bool = True) -> list[str]:
    """Return what is said of how a query was read, a line each."""
    return [_reading(correction, found=found), *remarks.unmet(correction, lambda typed: fit(typed, 40))]


def _reading(correction: Correction, *, found: bool) -> str:
    """Return the sentence that says how a query was read where that is not as it was typed."""
    if correction.changes:
        unknown = ", ".join(f"*{fit(change.typed, 25)}*" for change in correction.changes[:3])
        only = correction.changes[0].meant if len(correction.changes) == 1 else _line(correction.query.raw)
        instead = "showing results for" if found else "I looked for"
        return f"Nothing here mentions {unknown}; {instead} *{fit(only, 80)}*."
    return f"Did you mean *{fit(_line(correction.suggestion), 110)}*?" if correction.suggestion else ""


def _line(raw: str) -> str:
    return " ".join(raw.split())


def _offer(correction: Correction, token: str) -> list[ui.Button[Any]]:
    """Return the button that searches for what may have been meant, if anything."""
    if not correction.suggestion:
        return []
    name = render.label(f"Did you mean: {_line(correction.suggestion)}", _BUTTON)
    return [button(name, "meant", f"{token}:0")]


def _paging(token: str, page: int, pages: int) -> list[ui.Button[Any]]:
    if pages == 1:
        return []
    return [
        button("Previous", "page", f"{token}:{page - 1}", off=page == 0),
        button("Next", "page", f"{token}:{page + 1}", off=page == pages - 1),
    ]
