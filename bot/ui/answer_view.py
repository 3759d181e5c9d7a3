"""What people see of an answer: quotes with numbers, the papers they name, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from discord import ui

from bot.core import text
from bot.core.doubt import SIGNS
from bot.ui.markdown import escape, fit
from bot.ui.press import button
from bot.ui.render import CALM, facts, heading, view

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.answer import Answer, Citation
    from bot.core.grounded import Claim
    from bot.core.paper import Paper
    from bot.services.answers import Reply

IN_THREAD = "mention me, or reply to me, to ask on"
_QUOTE = 560
_SURE = ((0.85, "quite sure"), (0.6, "fairly sure"), (0.0, "not very sure"))


def answer(reply: Reply, *, share: bool, thread: bool, public: str = "", claims: Sequence[Claim] = ()) -> ui.LayoutView:
    """Return an answer, or what is missing and the nearest papers, with what to do next."""
    found, question = reply.answer, reply.turn.asked.question
    under = f"\n-# {public}" if public else ""
    items: list[ui.Item[Any]] = [ui.TextDisplay(f"### {fit(question, 240)}{under}")]
    items += _quotes(found, question, claims) if found.answered else _refusal(found)
    row = [button("Follow-up", "followup", reply.turn.token)]
    if found.answered:
        row.append(button("Why", "why", reply.turn.token))
        row += [button("Share", "shareanswer", reply.turn.token)] if share else []
        row += [button("Thread", "thread", reply.turn.token)] if thread else []
    return view(*items, ui.ActionRow(*row), **({} if found.answered else {"colour": CALM}))


def _quotes(found: Answer, question: str, claims: Sequence[Claim]) -> list[ui.Item[Any]]:
    sources = list(dict.fromkeys(cited.paper for cited in found.quotes))
    wanted = frozenset(text.terms(question))
    lines = [f"> {fit(cited.text, _QUOTE, wanted)} **[{sources.index(cited.paper) + 1}]**" for cited in found.quotes]
    told = [f"{fit(c.text, 400)} **[{sources.index(found.quotes[c.passage].paper) + 1}]**" for c in claims[:4]]
    shown: list[ui.Item[Any]] = []
    if told:
        shown = [ui.TextDisplay(" ".join(told)), ui.TextDisplay("-# put by a model, checked against these quotes:")]
    shown += [ui.TextDisplay("\n\n".join(lines)), ui.Separator()]
    return shown + [_source(paper, f"[{number}] ") for number, paper in enumerate(sources, 1)]


def _source(paper: Paper, mark: str) -> ui.Section[Any]:
    body = f"{mark}{heading(paper)}\n-# {facts(paper)}"
    return ui.Section(ui.TextDisplay(body), accessory=button("Abstract", "abstract", paper.id))


def _refusal(found: Answer) -> list[ui.Item[Any]]:
    def named(words: Sequence[str]) -> str:
        return ", ".join(f"**{fit(word, 60)}**" for word in words[:5])

    says = "The papers here do not say."
    says += f" None that comes near mentions {named(found.missing)}." if found.missing else ""
    says += f" The nearest one does not state {named(found.unstated)}." if found.unstated else ""
    says += f" None has {named(found.apart)} and the rest together." if found.apart else ""
    items: list[ui.Item[Any]] = [ui.TextDisplay(says)]
    if found.nearest:
        items += [ui.Separator(), ui.TextDisplay("-# the nearest")]
        items += [_source(paper, "") for paper in found.nearest]
    return items


def why(reply: Reply) -> ui.LayoutView:
    """Return why the sentences were chosen: the words that matched, their weight, and how sure that is."""
    found = reply.answer
    items: list[ui.Item[Any]] = [
        ui.TextDisplay(
            f"### Why this answer\nI am **{_how_sure(found.sure)}** ({found.sure:.0%}) that this answers your "
            f"question, by {SIGNS} signs such as words met and missed. Under each quote, best first: its words that "
            "met yours, and the share of your question that they hold."
        )
    ]
    for cited in found.best:
        items += [ui.Separator(), ui.TextDisplay(f"> {fit(cited.text, 200)}\n{_weights(cited)}")]
    return view(*items)


def _how_sure(sure: float) -> str:
    return next(words for least, words in _SURE if sure >= least)


def _weights(cited: Citation) -> str:
    surfaces: dict[str, str] = {}
    for word in text.words(cited.text):
        for term in word.terms:
            surfaces.setdefault(term, cited.text[word.start : word.end])
    shown = [f"**{escape(surfaces.get(term, term))}** {weight:.0%}" for term, weight in cited.matched[:8]]
    return "-# matched: " + (" · ".join(shown) or "none")
