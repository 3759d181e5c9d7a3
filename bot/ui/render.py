"""What people see: views as pure functions of papers, within Discord's limits.

Limits of Components V2 (Discord's developer documentation): 40 components, 4,000 characters of text in
all; beyond about 10,000 bytes of components the API answers 500.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import discord
from discord import ui

from bot.core import text
from bot.ui.markdown import clip, fit, link, sound, weight
from bot.ui.press import button, keeping

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.notable import Reason
    from bot.core.paper import Hit, Paper
    from bot.core.roundup import Schedule
    from bot.services.posting import Digest

PER_PAGE = 5
ACCENT = discord.Colour(0x5B8DEF)
CALM = discord.Colour(0x8A8F98)
ALL_SEEN = "## 📰 Paper roundup\nThis channel has seen every paper I have. I will post again when new ones come in."
NOTHING_NEW = "📰 Nothing new today."
"""What a roundup without papers begins with."""
_TITLE = 230
_SNIPPET = 330
_ABSTRACT = 2900
_HEADING = 430
_FACTS = 300
_URL = 512
_LABEL = 100
_ROOMY = 6
"""Papers of a roundup that leave room for buttons under each: five components a paper, and six more."""


def view(*items: ui.Item[Any], colour: discord.Colour = ACCENT) -> ui.LayoutView:
    """Return a finished layout in a container: its buttons are found by custom_id, so none is kept in memory."""
    made = ui.LayoutView(timeout=None)
    made.add_item(ui.Container(*items, accent_colour=colour))
    made.stop()
    return made


def notice(message: str) -> ui.LayoutView:
    """Return a plain sentence to one person."""
    return view(ui.TextDisplay(message), colour=CALM)


def page(markdown: str) -> ui.LayoutView:
    """Return a page of the bot's own words."""
    return view(ui.TextDisplay(markdown))


def facts(paper: Paper, room: int = _FACTS, *, told: str = "") -> str:
    """Return the short line under a title, in `room` bytes: day, votes, and the links that still fit.

    What is `told` by the line that says why it is shown is not told twice.
    """
    parts = [paper.date.isoformat() if paper.date else f"listed {paper.listed}" if paper.listed else ""]
    votes = paper.upvotes or 0
    parts.append(f"▲ {votes:,}" if votes and count(votes, "vote") not in told else "")
    links = [link("code", paper.code[0])] if paper.code else []
    links = [one for one in links if one not in told]
    if not paper.url:
        links.append(link("look up", scholar(paper)))
    for extra in links:
        if len(" · ".join([*parts, extra]).encode()) <= room:
            parts.append(extra)
    return " · ".join(part for part in parts if part)


def scholar(paper: Paper) -> str:
    """Return a search for the title, for papers whose source gave no address."""
    # Percent signs make nine characters of one that is not ASCII.
    room = 150 if paper.title.isascii() else 40
    return "https://scholar.google.com/scholar?q=" + quote_plus(f'"{clip(paper.title, room)}"')


def heading(paper: Paper, number: int | None = None, room: int = _HEADING) -> str:
    """Return the title in bold, linked where there is an address that leaves it half of `room`."""
    shown = _linked(paper, room)
    return f"**{number}. {shown}**" if number else f"**{shown}**"


def _linked(paper: Paper, room: int = _HEADING) -> str:
    url = paper.url if paper.url and len(paper.url.encode()) <= room // 2 else None
    return link(fit(paper.title, min(_TITLE, room - len(url or "") - 12)), url)


def entry(  # noqa: PLR0913 - one parameter a part of the entry
    paper: Paper, number: int, sentence: str, wanted: frozenset[str], room: int, *, why: Reason | None = None
) -> str:
    """Return a paper of a list in `room` characters: title, sentence, facts, and why it is shown."""
    because = _because(why, paper, room // 4) if why else ""
    room -= len(because) + 1 if because else 0
    head = heading(paper, number, min(_HEADING, room // 2))
    under = facts(paper, min(_FACTS, room - len(head) - room // 3), told=because)
    said = fit(sentence, min(_SNIPPET, room - len(head) - len(under) - 5), wanted)
    return lines(head, said, f"-# {under}" if under else "", because)


def lines(*given: str) -> str:
    """Join the lines that say something."""
    return "\n".join(line for line in given if line)


def paper_card(paper: Paper, *, share: bool = True, public: str = "") -> ui.LayoutView:
    """Return one paper whole: title, facts, abstract, links, and what to do next."""
    authors = fit(", ".join(paper.authors), 200)
    under = " · ".join(part for part in (facts(paper), public) if part)
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(lines(f"### {_linked(paper)}", authors, f"-# {under}" if under else "")),
        ui.Separator(),
        ui.TextDisplay(fit(paper.abstract, _ABSTRACT) or "-# no abstract"),
    ]
    row = [button("Similar", "similar", paper.id)]
    if share:
        row.append(button("Share", "sharepaper", paper.id))
    items.append(ui.ActionRow(*row, *keeping(paper.id)))
    if links := _links(paper):
        items.append(ui.ActionRow(*links))
    return view(*items)


def _links(paper: Paper) -> list[ui.Button[Any]]:
    named = [
        ("Paper", paper.url),
        ("Code", next(iter(paper.code), None)),
        ("Project", next(iter(paper.links), None)),
    ]
    return [ui.Button(label=label, url=url) for label, url in named if url and len(url.encode()) <= _URL and sound(url)]


def similar_list(paper: Paper, hits: Sequence[Hit]) -> ui.LayoutView:
    """Return papers like one paper, each with the words they share."""
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"### Like “{fit(paper.title, 200)}”")]
    for number, hit in enumerate(hits[:PER_PAGE], 1):
        shared = ", ".join(hit.matched)
        first = next(iter(text.sentences(hit.paper.abstract)), "")
        body = f"{heading(hit.paper, number)}\n{fit(first, 150)}\n-# shares: {fit(shared, 110) if shared else '—'}"
        items.append(ui.Separator())
        items.append(ui.Section(ui.TextDisplay(body), accessory=button("Abstract", "abstract", hit.paper.id)))
    if not hits:
        items.append(ui.TextDisplay("No other paper here shares its telling words."))
    return view(*items)


def roundup(digest: Digest, *, preview: bool = False) -> ui.LayoutView:
    """Return a roundup: each paper with its telling sentence, and a menu that opens abstracts privately.

    Where 40 components leave room, each paper can be kept there and then; else from its abstract.
    """
    if not digest.picks:
        return _nothing_new(digest) if digest.news else _all_seen(digest)
    topics = digest.schedule.topics
    under = f"-# best first for: {fit(topics, 200)}\n" if topics else ""
    under += f"-# with those of {count(digest.missed, 'missed day')}\n" if digest.missed else ""
    under += _note(digest)
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"## 📰 Paper roundup\n{under}".rstrip())]
    wanted = frozenset(text.terms(topics))
    roomy = len(digest.picks) <= _ROOMY
    room = min(700, (2900 if roomy else 3300) // len(digest.picks))
    for number, pick in enumerate(digest.picks, 1):
        items.append(ui.Separator())
        items.append(ui.TextDisplay(entry(pick.paper, number, pick.sentence, wanted, room, why=pick.reason)))
        if roomy:
            items.append(ui.ActionRow(*keeping(pick.paper.id)))
    items += [*([ui.Separator()] if roomy else []), ui.ActionRow(_menu(digest))]
    items.append(ui.TextDisplay(f"-# {_footer(digest, preview=preview)}"))
    return view(*items)


def _because(reason: Reason, paper: Paper, room: int) -> str:
    """Return the line that says why a paper is shown, "" if nothing speaks for it but that it is new.

    Code is linked where its address fits into `room` bytes.
    """
    code = link("code", paper.code[0]) if paper.code else ""
    code = code if 0 < len(code.encode()) <= room else "code"
    matched = ", ".join(f"*{fit(word, 24)}*" for word in reason.matched)
    facts = [fit(fact, 40) for fact in reason.facts]
    told = [re.sub(r"^code\b", lambda _: code, fact) for fact in facts]
    parts = [*told, f"matches {matched}" if matched else ""]
    said = ", ".join(part for part in parts if part)
    return f"-# why: {said}" if said else ""


def _note(digest: Digest) -> str:
    return f"-# {fit(digest.note, 150)}: what it brings comes with the next post\n" if digest.note else ""


def _menu(digest: Digest) -> ui.Select[Any]:
    menu: ui.Select[Any] = ui.Select(
        custom_id=menu_id(digest.schedule.id, digest.slot),
        placeholder="Read an abstract, only for you",
    )
    for number, pick in enumerate(digest.picks, 1):
        menu.add_option(label=label(f"{number}. {pick.paper.title}"), value=pick.paper.id)
    return menu


def listed(paper: Paper, body: str, *buttons: ui.Button[Any]) -> list[ui.Item[Any]]:
    """Return a paper of a list with what can be done with it, six components with the two buttons that keep it."""
    row = ui.ActionRow(button("Abstract", "abstract", paper.id), *(buttons or keeping(paper.id)))
    return [ui.Separator(), ui.TextDisplay(body), row]


def label(raw: str, limit: int = _LABEL) -> str:
    """Return a label within Discord's limit (100 characters in a menu), and within about as many bytes."""
    room = limit
    while weight(made := clip(raw, room)) > limit + 10:
        room -= 5
    return made


def _all_seen(digest: Digest) -> ui.LayoutView:
    return view(
        ui.TextDisplay(ALL_SEEN),
        ui.TextDisplay(f"-# {marker(digest.schedule.id, digest.slot)}"),
        colour=CALM,
    )


def _nothing_new(digest: Digest) -> ui.LayoutView:
    under = f"{_note(digest)}-# {marker(digest.schedule.id, digest.slot)}"
    return view(ui.TextDisplay(NOTHING_NEW), ui.TextDisplay(under), colour=CALM)


def paused(schedule: Schedule, server: str) -> ui.LayoutView:
    """Say to whoever set a schedule up why it has stopped and what starts it again."""
    where = f" in **{fit(server, 100)}**" if server else ""
    return view(
        ui.TextDisplay(f"⏸ Your paper roundup{where} is paused.\n{schedule.note}"),
        ui.TextDisplay("-# I say this once. `/roundup show` tells how all roundups of a server are doing."),
        colour=CALM,
    )


def menu_id(schedule_id: int, slot: str) -> str:
    """Return the custom_id of a roundup's menu, by which the roundup is found again in its channel."""
    return f"pick:abstract:{schedule_id}.{slot}"


def marker(schedule_id: int, slot: str) -> str:
    """Return the words that name a roundup under it; by them one without papers, so without a menu, is found again."""
    return f"roundup {schedule_id} · {slot}"


def _footer(digest: Digest, *, preview: bool) -> str:
    if digest.news:
        waiting = count(digest.waiting, "more new paper") if digest.waiting else "nothing else is new"
    else:
        waiting = f"{count(digest.waiting, 'more paper')} waiting" if digest.waiting else "no more papers waiting"
    return (
        f"preview, nothing was posted · {waiting}"
        if preview
        else f"{marker(digest.schedule.id, digest.slot)} · {waiting}"
    )


def count(number: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
