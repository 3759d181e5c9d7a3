"""Wording: the patterns and word lists by which a statement is read and compared with its source."""

from __future__ import annotations

import re
from typing import Final

from bot.core import text

NUMBER: Final = re.compile(
    r"(?<![A-Za-z]-)(?<!\w)(?<!\d[.,])(\d+(?:,\d{3})+(?!\d)|\d+)(\.\d+)?"
    r"(?:[- ]?(thousand|million|billion|trillion|[KMB](?![A-Za-z])))?"
    r"(?:\s?(\\?%|percent\b|[x×](?![A-Za-z])|times\b|-?fold\b))?",
)
SCALE: Final = {"thousand": 1e3, "K": 1e3, "million": 1e6, "M": 1e6, "billion": 1e9, "B": 1e9, "trillion": 1e12}
UNIT: Final = {"%": "%", "\\%": "%", "percent": "%", "x": "x", "×": "x", "times": "x", "fold": "x", "-fold": "x"}
_TO_TWENTY: Final = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
twenty
""".split()  # noqa: SIM905 - words read better as prose
_LARGE: Final = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
SPELLED: Final = {
    **{word: float(value) for value, word in enumerate(_TO_TWENTY, start=2)},
    **_LARGE,
    **{f"{word}s": value for word, value in _LARGE.items()},
    "twice": 2.0,
    "half": 0.5,
}
LEADS: Final = re.compile(
    r"\b(?:of|to|by|is|was|are|were|than|over|about|approx|reach(?:es|ing)?|only)\W*$", re.IGNORECASE
)
# LaTeX that was stripped leaves "approx13%".
GLUED: Final = re.compile(r"\b(?:approx|sim|about)(?=\d)")

NAME: Final = re.compile(r"[^\W_]+(?:[-./_][^\W_]+)*")
# Words that open a sentence about a paper and name nothing.
OPENERS: Final = frozenset(
    """
    authors researchers results experiments experimental overall according additionally furthermore moreover however
    therefore thus hence finally instead specifically notably unlike although despite since because using given
    training trained here one two three first second another rather consequently similarly compared based
    """.split()  # noqa: SIM905 - words read better as prose
)

NEGATION: Final = re.compile(
    r"\b(?:not(?!\s+only\b)|no|never|without|cannot|neither|none|nothing|nobody|hardly|barely|rarely|seldom|unable|impossible"
    r"|fail(?:s|ed|ing|ure|ures)?|lack(?:s|ed|ing)?|absen(?:t|ce)|infeasible|unachievable|devoid)\b|n['’]t\b",
    re.IGNORECASE,
)
# Words that make a sentence say more than its source, unless the source has them too.
SWEEPING: Final = re.compile(
    r"\b(?:all|every|each|any|always|only|solely|entirely|completely|fully|perfect(?:ly)?|guarantee[sd]?|prove[sdn]?|proof|first|best|worst"
    r"|most|never|must|everyone|unprecedented|nearly|almost|exactly|unique(?:ly)?|optimal(?:ly)?)\b",
    re.IGNORECASE,
)
HEDGE: Final = re.compile(
    r"\b(?:may|might|could|possibly|potentially|perhaps|presumably|suggest(?:s|ed|ing)?|seem(?:s|ed)?|appear(?:s)?|hypothesi[sz]e[sd]?)\b",
    re.IGNORECASE,
)
# "while matching" means "and also": both halves have one subject.
CONTRAST: Final = re.compile(
    r"\b(?:while(?! \w+ing\b)|whereas|but|unlike|however|although|though|despite|contrary to|in contrast(?: to)?"
    r"|rather than|instead of|as opposed to|on the other hand|compared (?:to|with))\b|;",
    re.IGNORECASE,
)
PIVOT: Final = re.compile(
    r"\b(?:(?:out|under)perform(?:s|ed|ing)?(?P<passive> by)?|surpass(?:es|ed|ing)?"
    r"|exceed(?:s|ed|ing)?|beat(?:s|en|ing)?|than"
    r"|over(?! \d)|compared (?:to|with)|relative to|versus|vs\.?"
    r"|improv(?:e|es|ed|ing) (?:up)?on|depend(?:s|ed|ing)? on|lead(?:s|ing)? to|caus(?:e|es|ed|ing))\b",
    re.IGNORECASE,
)

_AXES: Final = """
more increase high higher highest large larger largest greater grow growth raise rise enlarge boost maximize
longer deeper wider | less fewer decrease low lower lowest small smaller smallest reduce reduction shrink cut
drop diminish lessen minimize shorter shallower narrower compress;
fast faster fastest quick quicker accelerate speedup speed | slow slower slowest slowdown;
better best outperform improve improvement superior surpass beat exceed enhance gain | worse worst
underperform degrade degradation inferior hurt harm worsen deteriorate;
easy easier easily simple simpler cheap cheaper robust stable strong stronger efficient | hard harder
difficult complex costly expensive fragile unstable weak weaker inefficient;
allow enable support permit help preserve keep maintain retain sustain | prevent block forbid hinder prohibit destroy
lose remove;
accept include | reject exclude;
positive | negative;
before | after;
supervised | unsupervised
"""
"""Words of two opposite sides, by what they compare."""
# Words that a rephrasing may bring along, as they claim nothing of their own.
NEUTRAL: Final = frozenset(
    map(
        text.stem,
        """
        achieve approach attain author based call carry case come compare compute consist contain create describe design
        demonstrate develop do employ evaluate example experiment explain field find focus form framework function
        general get give goal happen help idea include instance introduce involve kind lead make mean measure mechanism
        method model name network obtain occur offer paper part perform present problem process produce propose provide
        reach refer reflect report represent research researcher result reveal run say scheme serve set setting show
        state strategy study system task take technique term test thing train treat type utilize way work yield apply
        algorithm allow enable dataset data technology tool lets let thanks due according
        need require necessary
        """.split(),  # noqa: SIM905 - words read better as prose
    )
)
DIRECTION: Final = {
    text.stem(word): (axis, side)
    for axis, sides in enumerate(_AXES.split(";"))
    for side, listed in enumerate(sides.split("|"))
    for word in listed.split()
}
DENIED: Final = re.compile(
    r"\b(?:contrary to|instead of|rather than|as opposed to|in contrast to|unlike)\b[^,.;]*", re.IGNORECASE
)
OPPOSING: Final = ("un", "in", "im", "ir", "il", "non", "dis", "de")
