"""What of a language model's draft may be shown: only sentences that a quoted passage bears out.

A draft is text whose sentences cite like `[P1]`. No model judges it here. Rules on words do, and they lean to
dropping: a true sentence that is lost costs nothing, since the quoted answer stands in for it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.core.draft import cited_sentences
from bot.core.marks import MARK, bare, clean
from bot.core.orders import reads_as_order
from bot.core.passage import Passage
from bot.core.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["MARK", "MAX_DRAFT", "Claim", "WriterError", "check", "reads_as_order", "safe_passages"]

MAX_DRAFT: Final = 4000
"""Characters of a draft, and of a passage, that are read: a Discord embed's description holds 4,096."""

_REFUSED = re.compile(r"^\W*(?i:cannot answer)\b|\bCANNOT ANSWER\b")
_UNSAFE = re.compile(
    r"://|\bwww\.|\]\s*\(|<[@#!:/a-zA-Z]|(?<!\w)@\w|\bdiscord(?:app)?\.(?:gg|com)|\bmailto:|`"
    r"|\b[\w-]+\.(?:com|org|net|io|ai|gg|me|dev|app|co|xyz)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that holds, without its marks, and the 0-based passage that bears it out."""

    text: str
    passage: int


class WriterError(Exception):
    """A writer gave nothing usable. The message names the kind of failure only and is safe to show."""


def safe_passages(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return what may stand in a prompt, in order: all but empty texts and those that read as orders."""
    return tuple(sentence for sentence in sentences if sentence.strip() and not reads_as_order(sentence))


def check(draft: str, passages: Sequence[str]) -> tuple[Claim, ...]:
    """Return the sentences of a draft that hold, in order, none twice; empty when nothing stands.

    A sentence must cite something. If what it cites does not bear it out, or is no passage, the other
    passages are tried, and without one the sentence goes. Only MAX_DRAFT characters are read. Never raises.
    """
    # Half of a pair of surrogates is valid JSON, and no text.
    draft = clean(draft[:MAX_DRAFT].encode("utf-8", "replace").decode("utf-8"))
    if _REFUSED.search(draft):
        return ()
    known = [Passage(passage[:MAX_DRAFT]) for passage in passages]
    found: dict[str, Claim] = {}
    for sentence, cited in cited_sentences(draft, known):
        place = _place(sentence, cited, known)
        if place is not None:
            found.setdefault(bare(sentence), Claim(sentence, place))
    return tuple(found.values())


def _place(sentence: str, cited: Sequence[int], known: Sequence[Passage]) -> int | None:
    """Return the passage that bears a sentence out, those cited first."""
    if not cited or reads_as_order(sentence):
        return None
    order: list[int] = list(dict.fromkeys([*(n for n in cited if 0 <= n < len(known)), *range(len(known))]))
    for number in order:
        if known[number].quotes(sentence):
            return number
    if _UNSAFE.search(sentence):
        return None
    claim = Statement(sentence)
    fit = [number for number in order if known[number].supports(claim)]
    return fit[0] if fit else None
