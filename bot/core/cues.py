"""Cues: which wording tells that a sentence is of the kind a question asks for.

Each kind pairs what a question looks like with what its answer looks like. `must` kinds are facts that abstracts
seldom state: without the answer's wording there is no answer. The others only lift a sentence.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = (
    r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|twice|half)\b)"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: its wording, the answer's wording, what a sentence gains by it, and whether it must."""

    name: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    gain: float
    must: bool = False


def _kind(name: str, asked: str, told: str, gain: float = 0.0, *, must: bool = False) -> Kind:
    return Kind(name, re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE), gain, must)


_HARDWARE = r"gpu|tpu|cpu|nvidia|hardware|\b[ATVH]\d{1,3}00?\b|jetson|raspberry|fpga|processor"
_UNIT = (
    ("joules|energy|watts?|battery|carbon|electricity", r"joule|energy|watt|battery|carbon|power consum"),
    ("epochs?", r"epoch"),
    ("(?:gpu|tpu)[- ]?(?:hours?|days?)", r"\d\S*\s*(?:gpu|tpu)[- ]?(?:hour|day)"),
    ("how many (?:gpus|tpus|cpus)", r"\bgpus?|tpus?|cpus?"),
    ("(?:which|what) (?:gpus?|tpus?|hardware|processors?|graphics cards?)", _HARDWARE),
    ("how long (?:did|does|was|is) .{0,40}train\\w*", r"\d\S*\s*(?:second|minute|hour|day|week)|time"),
    ("learning rate", r"learning rate"),
    ("weight decay", r"weight decay"),
    ("warm-?up", r"warm-?up"),
    ("batch size", r"batch size|batches of"),
    ("dropout", r"dropout"),
    ("hyper-?parameters?", r"hyper-?parameter"),
    ("(?:which|what) optimi[sz]er", r"\badam|sgd|optimi[sz]er|gradient descent"),
    ("(?:which|what) (?:random )?seeds?", r"seed"),
    ("licen[sc]e[sd]?", r"licen[sc]|\bMIT\b|Apache|\bGPL|\bBSD\b"),
    ("programming language", r"python|c\+\+|\brust\b|javascript|\bjava\b|julia|programming language"),
    (
        "(?:which|what) (?:software|library|deep learning framework|version)",
        (
            r"pytorch|tensorflow|jax|keras"
            r"|library|software|toolkit|version"
        ),
    ),
    ("bleu", r"bleu"),
    ("rouge", r"rouge"),
    ("perplexity", r"perplexity"),
    (
        "p-?values?|confidence intervals?|standard deviations?|statistically significant",
        (
            r"p-?value|confidence"
            r"|deviation|significan|\bp\s?[<=]"
        ),
    ),
    ("(?:dollars?|us\\$|euros?|price[ds]?)", r"\$|dollar|euro|price|usd|cost|saving"),
    ("(?:brands?|manufacturers?|vendors?)", r"\bbrand|manufactur|vendor"),
    (
        "(?:species)",
        (
            r"species|\bmice\b|mouse|\brats?\b|monkey|zebrafish|drosophila|\bfl(?:y|ies)\b|\bworms?\b"
            r"|human|macaque|primate|\bbirds?\b"
        ),
    ),
    ("how old|(?:what|which) (?:age|gender|sex)", r"\bage[ds]?\b|\byears? old|gender|\bmale|\bsex\b"),
    ("(?:country|countries|city|cities)", r"\bcountr|\bcit(?:y|ies)\b"),
    ("citations?|cited|h-index", r"citation|cited"),
    ("grants?|funding|funded", r"grant|fund"),
    ("e-?mail|phone number|contact", r"@|e-?mail|contact"),
    (
        "(?:figure|table|section|appendix|equation|theorem|lemma|chapter|page) \\d+",
        (
            r"figure|table|section"
            r"|appendix|equation|theorem|lemma|chapter|page"
        ),
    ),
    (
        "(?:is there|where|any|link to) .{0,20}(?:code|repository|github)",
        r"https?://|github|available|open-sourc|releas",
    ),
    ("(?:downloads|stars|customers|subscribers)", r"download|\bstars\b|customer|subscriber"),
)

KINDS = (
    _kind(
        "authors",
        r"\bwho (?:did|wrote|writes|are the authors?|is the (?:first |lead )?author|made|built|developed|proposed"
        r"|invented|created"
        r"|published|trained|funded|supervised)\b|\bauthors? of\b|\bwritten by\b|\bwhose (?:work|paper)\b"
        r"|\b(?:which|what) (?:university|universities|company|companies|lab|laboratory|institution|institute"
        r"|conference|journal"
        r"|venue|research group|organi[sz]ation)\b|\b(?:who funded|affiliat)",
        r"universit|institut|laborator|\bauthors? (?:are|is)\b|\bwritten by\b|funded by|conference|journal"
        r"|company|google|meta\b|microsoft",
        must=True,
    ),
    _kind(
        "year",
        r"\b(?:what|which) (?:year|month|date)\b|\bwhen (?:was|were|did|will) .*\b(?:publish|releas|held|appear"
        r"|found|announce|written|start"
        r"|invent|take place|happen|submit)|\bhow old\b",
        r"\b(?:19|20)\d\d\b",
        must=True,
    ),
    *(_kind(asked, rf"\b(?:{asked})\b", told, must=True) for asked, told in _UNIT),
    _kind("count", r"\bhow (?:many|often)\b|\b(?:what|which) (?:is the |was the )?number of\b", _NUMBER, 0.5),
    _kind(
        "amount",
        r"\bhow (?:much|large|big|small|tiny|long|fast|quick(?:ly)?|accurate(?:ly)?|well|near|close|deep|far"
        r"|high|low|slow|heavy|strong)\b"
        r"|\b(?:what|by what|which) (?:accuracy|score|speed|size|percentage|fraction|number|rate|factor|ratio"
        r"|share|f1|runtime|latency)\b"
        r"|\b(?:accuracy|speed-?up|percent|percentage|faster|sdri?|f1|map|score|size of)\b",
        _NUMBER,
        0.3,
    ),
    _kind(
        "percent",
        r"\b(?:accura\w*|percent\w*|f1|score|how often|what fraction|what share|how well|quality|success rate"
        r"|sdri?|improvement)\b",
        r"\d\s?%|\bF1\b|\baccura\w+ of\b|\d dB\b",
        0.5,
    ),
    _kind(
        "time",
        r"\bhow (?:long|fast|quick\w*|slow)\b|\b(?:latency|runtime|speed|speed-?up|faster|quicker|slower|time)\b",
        r"\d\S*\s?(?:ms|milliseconds?|microseconds?|seconds?|minutes?|hours?|days?|x|×|times|fps)\b|\d[x×]"
        r"|times (?:as )?fast|faster|speed",
        1.4,
    ),
    _kind(
        "size",
        r"\bhow (?:large|big|small|tiny|heavy|compact)\b|\b(?:size|memory|footprint|parameters|weights)\b",
        r"\d\S*\s?(?:[KMGT]i?B|[KMB]\b|parameters?|weights|million|billion|bits?|layers|examples|images|texts"
        r"|samples|hours)|parameter",
        1.0,
    ),
    _kind(
        "trouble",
        r"\b(?:why|problems?|drawbacks?|limitations?|issues?|challeng\w*|difficult\w*|wrong|weakness\w*"
        r"|short-?comings?|downsides?|lack\w*"
        r"|fail\w*|obstacles?|disadvantages?|missing|gap|suffer\w*|trouble|flaws?|cause[sd]?|bottleneck)\b",
        r"\bhowever\b|\blimit|\bsuffer|\bfail|\bproblem|\bchalleng|\bdue to\b|\bbecause\b|\black|\bdifficult"
        r"|unfortunately|drawback"
        r"|\bdegrad|\bassum|\bdespite\b|\bstruggl|falls? short|\bissues?\b|bottleneck|not been|\bdearth"
        r"|\bcostly\b|\bexpensive\b",
        1.4,
    ),
    _kind(
        "means",
        r"\bhow (?:do|does|did|is|are|was|were|can)\b|\bin what way\b|\btricks?\b|\btechniques?\b|\bstrateg",
        r"\bby \w+ing\b|\bvia\b|\busing\b|\bfirst(?:ly)?\b|\bthrough\b|\btechnique|\bbased on\b|\bconsists?\b"
        r"|\bwe (?:propose|introduce|use)\b"
        r"|\bmechanism\b|\bstrateg",
        0.8,
    ),
    _kind(
        "meaning",
        r"^\s*(?:so )?what(?:'s| is| are) (?:an? |the )?[\w-]+(?: [\w-]+)?\??$|\bwhat (?:is"
        r"|does) .{1,40} (?:mean|stand for)\b|\bdefin(?:e|ition)\b"
        r"|\bmain idea\b|\bwhat is .{1,40} about\b",
        r"\b(?:is|are) (?:an?|the)\b|\bwe (?:propose|introduce|present|develop)\b|\bintroduces?\b|\bproposes?\b"
        r"|\bcalled\b|\btermed\b",
        2.5,
    ),
    _kind(
        "tested",
        r"\b(?:evaluat|test|benchmark|dataset|data set|data sets|datasets|tried|validat|experiment|what data"
        r"|backbone|shown to work)\w*\b",
        r"\bexperiment|\bevaluat|\bdataset|\bbenchmark|\bvalidat|\btest|\bdemonstrate|ImageNet|CIFAR|MNIST|COCO",
        0.4,
    ),
    _kind(
        "result",
        r"\b(?:better|worse|beat|outperform\w*|improve\w*|gain\w*|compar\w*|results?|win|won|help|perform\w*"
        r"|come out on top|fare|bring|brings"
        r"|state of the art|versus|find|found|findings?|conclu\w*|achiev\w*)\b",
        r"\boutperform|\bimprov|\bachiev|\bbetter\b|\bresults?\b|\bshow(?:s|n|ed)?\b|\bsuperior|\bsurpass"
        r"|\bexceed|\bdemonstrate|\bfaster\b"
        r"|\bcomparable\b|\bfind\b|\bfound\b",
        1.0,
    ),
    _kind(
        "code",
        r"\b(?:code|github|repository|source|implementation|weights available|download)\b",
        r"https?://|github|available|open-sourc",
        1.5,
    ),
    _kind(
        "use",
        r"\b(?:good for|used for|useful for|applications?|applied to|use cases?)\b",
        r"\bappli|\bused (?:for|in|to)\b|\buseful\b|\bcan be\b",
        0.5,
    ),
)
NUMBER = re.compile(_NUMBER, re.IGNORECASE)
_TROUBLE = re.compile(
    r"^(?:however|unfortunately|despite|although|existing|previous)\b|\bsuffers?\b|\bfalls? short\b", re.IGNORECASE
)
_OWN = re.compile(r"(?:In this|This) (?:paper|work|article)|We (?:propose|introduce|present)")
_DIGIT = re.compile(r"\d")
_AMOUNTS = frozenset(("count", "amount", "percent", "time", "size"))
_EARLY = frozenset(("trouble",))
_LATE = frozenset(("result", "percent", "amount", "time", "tested"))
WANTED, UNWANTED, NUMBERLESS, TROUBLED, FIRST, LATER, EARLIER, LONG, OWN, LAST = (
    0.8,
    0.4,
    -0.8,
    -1.0,
    -1.3,
    1.1,
    0.5,
    0.7,
    -0.5,
    -0.3,
)
"""What lifts or lowers a sentence: digits when an amount is asked, or not; no number though one is asked; a problem
though none is asked; the first sentence (background); results late and problems early; ln of its words; "we propose";
the last sentence. Fitted with the weights in reading."""


@lru_cache(maxsize=512)
def kinds(question: str) -> tuple[Kind, ...]:
    """Return the kinds that a question is of."""
    return tuple(kind for kind in KINDS if kind.asked.search(question))


def lift(asked: tuple[Kind, ...], sentences: Sequence[str], number: int) -> float:
    """Return what a sentence gains or loses by its wording and its place, given the kinds of question."""
    sentence = sentences[number]
    names = {kind.name for kind in asked}
    place = number / max(len(sentences) - 1, 1)
    gain = sum(kind.gain for kind in asked if kind.gain and kind.told.search(sentence))
    gain += LONG * math.log(1 + len(sentence.split()))
    gain += OWN if _OWN.match(sentence) else 0.0
    gain += TROUBLED if "trouble" not in names and _TROUBLE.search(sentence) else 0.0
    gain += (FIRST if not number else 0.0) + (LAST if place == 1 else 0.0)
    gain += LATER * place if names & _LATE else 0.0
    gain += EARLIER * (1 - place) if names & _EARLY else 0.0
    return gain + _numbers(names, sentence)


def _numbers(names: set[str], sentence: str) -> float:
    wanted = bool(names & _AMOUNTS)
    gain = NUMBERLESS if wanted and not NUMBER.search(sentence) else 0.0
    return gain + ((WANTED if wanted else UNWANTED) if _DIGIT.search(sentence) else 0.0)


def unmet(asked: tuple[Kind, ...], sentence: str) -> bool:
    """Say whether a fact is asked that a sentence would have to state, and this one does not."""
    return any(kind.must and not kind.told.search(sentence) for kind in asked)
