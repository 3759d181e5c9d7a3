"""Receipts: what became of a roundup of a day, in a sentence for the admin who set it up."""

from __future__ import annotations

NEXT = "Its papers come with the next post."
AWAY = "`/roundup off` removes its roundup, `/roundup setup` starts one in another channel."
"""What to do about a channel that is gone."""
BLIND = "I could not look whether it went out:"
"""What the detail of a claim begins with that cannot be checked until an admin acts."""
_SAID = {
    "posted": "posted on {day}{empty}: {link}",
    "empty": "nothing new to show on {day}.",
    "sending": "being posted on {day}; if that was cut off, I look in the channel within a minute.",
    "claimed": "perhaps posted on {day}: {why} I look in the channel within a minute.",
    "blind": "perhaps posted on {day}. {why}",
    "waiting": "not posted yet on {day}: {why} I try again every minute.",
    "held": "held back on {day}: {why} After three hours I post without it.",
    "failed": "not posted on {day}: {why}",
    "missed": "not posted on {day}: {why}",
}


def receipt(outcome: str, day: str, detail: str, link: str = "", *, papers: bool = True) -> str:
    """Return the sentence for an outcome as the store keeps it, with its `detail`.

    `link` is the message's address, `papers` says whether it shows any. The sentence begins in lower case: a label
    or a mark stands before it. An outcome of another version is told by its detail.
    """
    key = _claim(detail) if outcome == "claimed" else outcome
    why = detail if detail.endswith((".", "!", "?")) else f"{detail}."
    if outcome == "missed" and NEXT not in why:
        why = f"{why} {NEXT}"
    empty = "" if papers else " that nothing is new"
    return _SAID.get(key, _SAID["failed"]).format(day=day, why=why, link=link, empty=empty)


def blind(detail: str) -> bool:
    """Say whether a claim's detail tells that nobody can look for its message until an admin acts."""
    return detail.startswith(BLIND)


def _claim(detail: str) -> str:
    # What has no detail is on its way: nothing has gone wrong yet.
    if not detail:
        return "sending"
    return "blind" if blind(detail) else "claimed"
