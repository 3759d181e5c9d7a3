"""Cues: which wording tells that a sentence is of the kind a question asks for.

Each kind pairs what a question looks like with what its answer looks like. `must` kinds are facts that abstracts
seldom state: without the answer's wording there is no answer. The others only lift a sentence (see `traits`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

CLIP = 2_000
"""Characters of a sentence whose wording is looked at: more is no sentence, and would hold everybody up."""
_NUMBER = (
    r"(?:\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|twice|half)\b)"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of question: its wording, the answer's wording, and whether no sentence without it answers."""

    name: str
    asked: re.Pattern[str]
    told: re.Pattern[str]
    must: bool = False

    def tells(self, sentence: str) -> bool:
        """Say whether a sentence has the answer's wording, in its first CLIP characters."""
        return bool(self.told.search(sentence, 0, CLIP))


def _kind(name: str, asked: str, told: str, *, must: bool = False) -> Kind:
    return Kind(name, re.compile(asked, re.IGNORECASE), re.compile(told, re.IGNORECASE), must)


_HARDWARE = r"gpu|tpu|cpu|ssd|nvidia|hardware|\b[ATVH]\d{1,3}00?\b|jetson|raspberry|fpga|processor"
_FACTS = (
    (
        "energy use",
        "joules|energy|watts?|battery|carbon|electricity",
        r"joule|energy|watt|battery|carbon|co2|co₂|emission|power consum",
    ),
    ("epochs", "epochs?", r"epoch"),
    ("GPU hours", "(?:gpu|tpu)[- ]?(?:hours?|days?)", r"\d\S{0,15}\s{0,2}(?:gpu|tpu)[- ]?(?:hour|day)"),
    (
        "the number of processors",
        "how many (?:gpus|tpus|cpus)",
        r"\b(?:\d\S{0,15}|one|two|three|four|eight|single) (?:\w+ ){0,3}[gtc]pus?\b",
    ),
    ("the hardware", "(?:which|what) (?:gpus?|tpus?|hardware|processors?|graphics cards?|ssds?)", _HARDWARE),
    (
        "the time it took",
        "how long (?:did|does|was|is) .{0,40}train\\w*",
        r"\d\S{0,15}\s{0,2}(?:second|minute|hour|day|week)s?\b|\btraining time\b",
    ),
    ("the learning rate", "learning rate", r"learning rate"),
    ("the weight decay", "weight decay", r"weight decay"),
    ("warm-up", "warm-?up", r"warm-?up"),
    ("the batch size", "batch size", r"batch size|batches of"),
    ("dropout", "dropout", r"dropout"),
    ("hyperparameters", "hyper-?parameters?", r"hyper-?parameter"),
    ("the optimizer", "(?:which|what) optimi[sz]er", r"\b(?:adamw?|sgd|optimi[sz]ers?|gradient descent)\b"),
    ("the seed", "(?:which|what) (?:random )?seeds?", r"seed"),
    ("a licence", "licen[sc]e[sd]?", r"licen[sc]|\bMIT\b|Apache|\bGPL|\bBSD\b"),
    ("the language", "programming language", r"python|c\+\+|\brust\b|javascript|\bjava\b|julia|programming language"),
    (
        "the software",
        "(?:which|what) (?:\\w+ )?(?:software|library|framework|version)",
        r"\b(?:pytorch|tensorflow|jax|keras|library|software|toolkit)\b",
    ),
    ("BLEU", "bleu", r"bleu"),
    ("ROUGE", "rouge", r"rouge"),
    ("perplexity", "perplexity", r"perplexity"),
    (
        "significance",
        "p-?values?|confidence intervals?|standard deviations?|statistically significant",
        r"p-?value|confidence|deviation|significan|\bp\s?[<=]",
    ),
    (
        "a price",
        "(?:dollars?|us\\$|euros?|price[ds]?|money|how much (?:did|does|do|would|will) .{1,60} cost)",
        r"\$|\b(?:dollars?|euros?|prices?|usd|cost saving)\b|\d\S{0,15} cost",
    ),
    ("the maker", "(?:brands?|manufacturers?|vendors?)", r"\bbrand|manufactur|vendor"),
    (
        "the species",
        "species",
        (
            r"species|\bmice\b|mouse|\brats?\b|monkey|zebrafish|drosophila|\bfl(?:y|ies)\b|\bworms?\b|human"
            r"|macaque|primate|\bbirds?\b"
        ),
    ),
    ("the age or sex", "how old|(?:what|which) (?:age|gender|sex)", r"\bage[ds]?\b|\byears? old|gender|\bmale|\bsex\b"),
    ("a country or city", "(?:which|what) (?:country|countries|city|cities)", r"\bcountr|\bcit(?:y|ies)\b"),
    ("citations", "citations?|cited|h-index", r"citation|cited"),
    ("funding", "grants?|funding|funded", r"\bgrants?\b|\bfund(?:ed|ing|s)?\b"),
    ("an address", "e-?mail|phone number|contact", r"@|e-?mail|contact"),
    (
        "that part of the text",
        "(?:figure|table|section|appendix|equation|theorem|lemma|chapter|page) \\d+",
        r"figure|table|section|appendix|equation|theorem|lemma|chapter|page",
    ),
    (
        "a link to code",
        "(?:is there|where|any|link to) .{0,20}(?:code|repository|github)",
        r"https?://|github|available|open-sourc|releas",
    ),
    ("downloads", "(?:downloads|stars|customers|subscribers)", r"download|\bstars\b|customer|subscriber"),
)

KINDS = (
    _kind(
        "the authors",
        r"^\W*(?:\w+ )?who (?:did|wrote|writes|are the authors?|is the (?:first |lead )?author|made|built|developed"
        r"|proposed|invented|created|published|trained|funded|supervised)\b|\bauthors? of\b|\bwritten by\b"
        r"|\bwhose (?:work|paper)\b"
        r"|\b(?:which|what) (?:university|universities|company|companies|lab|laboratory|institution|institute"
        r"|conference|journal"
        r"|venue|research group|organi[sz]ation)\b|\b(?:who funded|affiliat)",
        r"\buniversit|\binstitut(?:e|ion)|\blaborator|\bauthors? (?:are|is)\b|\bwritten by\b|\bfunded by|\bconference"
        r"|\bjournal\b",
        must=True,
    ),
    _kind(
        "a date",
        r"\b(?:what|which) (?:year|month|date)\b|\bwhen (?:was|were|did|will) .*\b(?:publish|releas|held|appear"
        r"|announce|written"
        r"|invent|take place|happen|submit)|\bhow old\b",
        r"\b(?:19|20)\d\d\b",
        must=True,
    ),
    *(_kind(name, rf"\b(?:{asked})\b", told, must=True) for name, asked, told in _FACTS),
    _kind("count", r"\bhow (?:many|often)\b|\b(?:what|which) (?:is the |was the )?number of\b", _NUMBER),
    _kind(
        "amount",
        r"\bhow (?:much|large|big|small|tiny|long|fast|quick(?:ly)?|accurate(?:ly)?|well|near|close|deep|far"
        r"|high|low|slow|heavy|strong)\b"
        r"|\b(?:what|by what|which) (?:accuracy|score|speed|size|percentage|fraction|number|rate|factor|ratio"
        r"|share|f1|runtime|latency)\b"
        r"|\b(?:accuracy|speed-?up|percent|percentage|faster|sdri?|f1|map|score|size of)\b",
        _NUMBER,
    ),
    _kind(
        "percent",
        r"\b(?:accura\w*|percent\w*|f1|score|how often|what fraction|what share|how well|quality|success rate"
        r"|sdri?|improvement)\b",
        r"\d\s?%|\bF1\b|\baccura\w+ of\b|\d dB\b",
    ),
    _kind(
        "time",
        r"\bhow (?:long|fast|quick\w*|slow)\b|\b(?:latency|runtime|speed|speed-?up|faster|quicker|slower|time)\b",
        r"\d\S{0,15}\s?(?:ms|milliseconds?|microseconds?|seconds?|minutes?|hours?|days?|x|×|times|fps)\b|\d[x×]"
        r"|times (?:as )?fast|faster|speed",
    ),
    _kind(
        "size",
        r"\bhow (?:large|big|small|tiny|heavy|compact)\b|\b(?:size|memory|footprint|parameters|weights)\b",
        r"\d\S{0,15}\s?(?:[KMGT]i?B|[KMB]\b|parameters?|weights|million|billion|bits?|layers|examples|images|texts"
        r"|samples|hours)|parameter",
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
    ),
    _kind(
        "means",
        r"\bhow (?:do|does|did|is|are|was|were|can)\b|\bin what way\b|\btricks?\b|\btechniques?\b|\bstrateg",
        r"\bby \w+ing\b|\bvia\b|\busing\b|\bfirst(?:ly)?\b|\bthrough\b|\btechnique|\bbased on\b|\bconsists?\b"
        r"|\bwe (?:propose|introduce|use)\b"
        r"|\bmechanism\b|\bstrateg",
    ),
    _kind(
        "tested",
        r"\b(?:evaluat|test|benchmark|dataset|data set|data sets|datasets|tried|validat|experiment|what data"
        r"|backbone|shown to work)\w*\b",
        r"\bexperiment|\bevaluat|\bdataset|\bbenchmark|\bvalidat|\btest|\bdemonstrate|ImageNet|CIFAR|MNIST|COCO",
    ),
    _kind(
        "result",
        r"\b(?:better|worse|beat|outperform\w*|improve\w*|gain\w*|compar\w*|results?|win|won|help|perform\w*"
        r"|come out on top|fare|bring|brings"
        r"|state of the art|versus|find|found|findings?|conclu\w*|achiev\w*)\b",
        r"\boutperform|\bimprov|\bachiev|\bbetter\b|\bresults?\b|\bshow(?:s|n|ed)?\b|\bsuperior|\bsurpass"
        r"|\bexceed|\bdemonstrate|\bfaster\b"
        r"|\bcomparable\b|\bfind\b|\bfound\b",
    ),
    _kind(
        "code",
        r"\b(?:code|github|repository|source|implementation|weights available|download)\b",
        r"https?://|github|available|open-sourc",
    ),
    _kind(
        "use",
        r"\b(?:good for|used for|useful for|applications?|applied to|use cases?)\b",
        r"\bappli|\bused (?:for|in|to)\b|\buseful\b|\bcan be\b",
    ),
)
AMOUNT = re.compile(rf"(?<![\w-])(?:{_NUMBER})", re.IGNORECASE)
"""A number that is no part of a name: not that of ResNet-50."""


@lru_cache(maxsize=512)
def kinds(question: str) -> tuple[Kind, ...]:
    """Return the kinds that a question is of."""
    return tuple(kind for kind in KINDS if kind.asked.search(question))


def unmet(asked: tuple[Kind, ...], sentence: str) -> bool:
    """Say whether a fact is asked that a sentence would have to state, and this one does not."""
    return any(kind.must and not kind.tells(sentence) for kind in asked)
