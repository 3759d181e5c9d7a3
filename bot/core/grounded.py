"""What of a language model's draft may be shown: only sentences that a quoted passage bears out.

A draft is text whose sentences cite like `[P1]`. No model judges it here. Rules on words do, and they lean to
dropping: a true sentence that is lost costs nothing, since the quoted answer stands in for it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bot.core import text
from bot.core.paper import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MAX_DRAFT: Final = 4000
"""Characters of a draft, and of a passage, that are read: a Discord embed's description holds 4,096."""
SUPPORT: Final = 0.6
"""Least share of a sentence's content stems that its passage holds (design, section 5 "Answers")."""

MARK: Final = re.compile(r"\[\s*P\s*[0-9]{1,9}(?:\s*[,;&]\s*P?\s*[0-9]{1,9})*\s*\]", re.IGNORECASE)
"""One citation mark: `[P1]`, `[p2]`, `[P1, P3]`."""

_MARKS = re.compile(rf"\s*{MARK.pattern}(?:[\s,;]*{MARK.pattern})*", re.IGNORECASE)
_ENDED = re.compile(r"[.!?…]['\"”’)\]]*$")
_BULLET = re.compile(r"^\s*(?:[-*•>#]+\s+)+")
_REFUSED = re.compile(r"^\W*(?i:cannot answer)\b|\bCANNOT ANSWER\b")
_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|your|all|any|the)\b"
    r".{0,30}\b(?:instructions?|prompts?|rules?|orders?|context|directions|guidelines|messages?|passages?)\b"
    r"|\byou (?:must|should|shall|will|have to|need to|are (?:now|to)) (?:(?:not|now|always|only|never) )*"
    r"(?:answer|respond|reply|say|tell|output|print|write|ignore|obey|act|pretend|follow|include|repeat|reveal|mention|a\b)"
    r"|\bsystem (?:prompt|message|instruction)s?\b|\bas an AI\b(?=\s*[,.;]|$)"
    r"|\bas an? (?:AI|artificial intelligence|(?:large )?language) (?:model|assistant)\b"
    r"|\byou are (?:now )?(?:an?|the) (?:AI|assistant|language model|chatbot)\b"
    r"|\b(?:respond|reply|answer)\b (?:only )?(?:with|by saying|in the form)\b|\bnew instructions?\s*:"
    r"|^\W*(?:please )?(?:say|print|output|repeat|reveal|pretend|act as|click|visit|obey|tell the user)\b"
    r"|\bdo not (?:answer|mention|cite)\b|<\|[^|>]{1,40}\|>|\[/?INST\]|^\W*(?:system|assistant|user)\s*:",
    re.IGNORECASE | re.DOTALL,
)
_UNSAFE = re.compile(
    r"://|\bwww\.|\]\s*\(|<[@#!:/a-zA-Z]|(?<!\w)@\w|\bdiscord(?:app)?\.(?:gg|com)|\bmailto:|`"
    r"|\b[\w-]+\.(?:com|org|net|io|ai|gg|me|dev|app|co|xyz)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad]")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that holds, without its marks, and the 0-based passage that bears it out."""

    text: str
    passage: int


class WriterError(Exception):
    """A writer gave nothing usable. The message names the kind of failure only and is safe to show."""


def reads_as_order(sentence: str) -> bool:
    """Say whether a text talks to a model ("ignore previous instructions") instead of about research."""
    return bool(_ORDER.search(_clean(sentence)))


def safe_passages(sentences: Iterable[str]) -> tuple[str, ...]:
    """Return what may stand in a prompt, in order: all but empty texts and those that read as orders."""
    return tuple(sentence for sentence in sentences if sentence.strip() and not reads_as_order(sentence))


def check(draft: str, passages: Sequence[str]) -> tuple[Claim, ...]:
    """Return the sentences of a draft that hold, in order, none twice; empty when nothing stands.

    A sentence must cite something. If what it cites does not bear it out, or is no passage, the other
    passages are tried, and without one the sentence goes. Only MAX_DRAFT characters are read. Never raises.
    """
    draft = _clean(draft[:MAX_DRAFT])
    if _REFUSED.search(draft):
        return ()
    known = [_Passage(passage[:MAX_DRAFT]) for passage in passages]
    found: dict[str, Claim] = {}
    for sentence, cited in _cited(draft, known):
        place = _place(sentence, cited, known)
        if place is not None:
            found.setdefault(_bare(sentence), Claim(sentence, place))
    return tuple(found.values())


def _place(sentence: str, cited: Sequence[int], known: Sequence[_Passage]) -> int | None:
    """Return the passage that bears a sentence out, those cited first."""
    if not cited or reads_as_order(sentence):
        return None
    order: list[int] = list(dict.fromkeys([*(n for n in cited if 0 <= n < len(known)), *range(len(known))]))
    for number in order:
        if known[number].quotes(sentence):
            return number
    if _UNSAFE.search(sentence):
        return None
    claim = _Text(sentence)
    fit = [number for number in order if known[number].supports(claim)]
    return fit[0] if fit else None


# Taking a draft apart


def _cited(draft: str, known: Sequence[_Passage]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield the sentences of a draft without marks, each with the 0-based passages that it cites."""
    for line in draft.splitlines():
        for chunk in _chunks(_BULLET.sub("", line), known):
            whole = _tidy(MARK.sub(" ", chunk))
            # A sentence copied whole is not split again: out of its context it might fall apart.
            if any(passage.quotes(whole) for passage in known):
                yield whole, _numbers_of(chunk)
            else:
                yield from _sentences(chunk)


def _chunks(line: str, known: Sequence[_Passage]) -> Iterator[str]:
    """Cut a line after marks that follow the end of a sentence, or a sentence copied whole (some end in ":")."""
    start = 0
    for match in _MARKS.finditer(line):
        before = line[start : match.start()]
        if _ENDED.search(before) or any(passage.quotes(before) for passage in known):
            yield line[start : match.end()]
            start = match.end()
    if line[start:].strip():
        yield line[start:]


def _sentences(chunk: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Split a chunk; a mark belongs to the sentence that it stands in or ends."""
    bare, last = "", 0
    marks: list[tuple[int, tuple[int, ...]]] = []
    for match in _MARKS.finditer(chunk):
        bare += chunk[last : match.start()]
        marks.append((len(bare), _numbers_of(match[0])))
        last = match.end()
    bare += chunk[last:]
    before = -1
    for start, end in text.spans(bare):
        cited = [number for place, numbers in marks if before < place <= end for number in numbers]
        before = end
        yield _tidy(bare[start:end]), tuple(cited)


def _numbers_of(marks: str) -> tuple[int, ...]:
    found = (int(digits) - 1 for mark in MARK.findall(marks) for digits in re.findall(r"[0-9]+", mark))
    return tuple(dict.fromkeys(found))


def _clean(raw: str) -> str:
    """Take out what a reader cannot see, so that no rule is led past it; lines stay."""
    return _INVISIBLE.sub("", _CONTROL.sub(" ", raw))


def _tidy(sentence: str) -> str:
    """One space between words, none before the closing stop where a mark was taken out."""
    return re.sub(r"\s+([.,;:!?])(?=\s|$)", r"\1", " ".join(sentence.split())).strip()


def _bare(sentence: str) -> str:
    """What is compared to tell a sentence copied whole: no marks, no bullet, no closing stop."""
    return _tidy(MARK.sub(" ", _BULLET.sub("", _clean(sentence)))).rstrip(".!?… ").strip()


# What a text says, as far as words show it

_NUMBER = re.compile(
    r"(?<![A-Za-z]-)(?<!\w)(?<!\d[.,])(\d+(?:,\d{3})+(?!\d)|\d+)(\.\d+)?"
    r"(?:[- ]?(thousand|million|billion|trillion|[KMB](?![A-Za-z])))?"
    r"(?:\s?(\\?%|percent\b|[x×](?![A-Za-z])|times\b|-?fold\b))?",
)
_SCALE: Final = {"thousand": 1e3, "K": 1e3, "million": 1e6, "M": 1e6, "billion": 1e9, "B": 1e9, "trillion": 1e12}
_UNIT: Final = {"%": "%", "\\%": "%", "percent": "%", "x": "x", "×": "x", "times": "x", "fold": "x", "-fold": "x"}
_TO_TWENTY: Final = """
two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
twenty
""".split()  # noqa: SIM905 - words read better as prose
_LARGE: Final = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SPELLED: Final = {
    **{word: float(value) for value, word in enumerate(_TO_TWENTY, start=2)},
    **_LARGE,
    **{f"{word}s": value for word, value in _LARGE.items()},
    "twice": 2.0,
    "half": 0.5,
}
_LEADS = re.compile(r"\b(?:of|to|by|is|was|are|were|than|over|about|approx|reach(?:es|ing)?|only)\W*$", re.IGNORECASE)
# LaTeX that was stripped leaves "approx13%".
_GLUED = re.compile(r"\b(?:approx|sim|about)(?=\d)")

_NAME = re.compile(r"[^\W_]+(?:[-./_][^\W_]+)*")
# Words that open a sentence about a paper and name nothing.
_OPENERS: Final = frozenset(
    """
    authors researchers results experiments experimental overall according additionally furthermore moreover however
    therefore thus hence finally instead specifically notably unlike although despite since because using given
    training trained here one two three first second another rather consequently similarly compared based
    """.split()  # noqa: SIM905 - words read better as prose
)

_NEGATION = re.compile(
    r"\b(?:not(?!\s+only\b)|no|never|without|cannot|neither|none|nothing|nobody|hardly|barely|rarely|seldom|unable|impossible"
    r"|fail(?:s|ed|ing|ure|ures)?|lack(?:s|ed|ing)?|absen(?:t|ce)|infeasible|unachievable|devoid)\b|n['’]t\b",
    re.IGNORECASE,
)
# Words that make a sentence say more than its source, unless the source has them too.
_SWEEPING = re.compile(
    r"\b(?:all|every|each|any|always|only|solely|entirely|completely|fully|perfect(?:ly)?|guarantee[sd]?|prove[sdn]?|proof|first|best|worst"
    r"|most|never|must|everyone|unprecedented|nearly|almost|exactly|unique(?:ly)?|optimal(?:ly)?)\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:may|might|could|possibly|potentially|perhaps|presumably|suggest(?:s|ed|ing)?|seem(?:s|ed)?|appear(?:s)?|hypothesi[sz]e[sd]?)\b",
    re.IGNORECASE,
)
# "while matching" means "and also": both halves have one subject.
_CONTRAST = re.compile(
    r"\b(?:while(?! \w+ing\b)|whereas|but|unlike|however|although|though|despite|contrary to|in contrast(?: to)?"
    r"|rather than|instead of|as opposed to|on the other hand|compared (?:to|with))\b|;",
    re.IGNORECASE,
)
_PIVOT = re.compile(
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
_NEUTRAL: Final = frozenset(
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
_DIRECTION: Final = {
    text.stem(word): (axis, side)
    for axis, sides in enumerate(_AXES.split(";"))
    for side, listed in enumerate(sides.split("|"))
    for word in listed.split()
}
_DENIED = re.compile(
    r"\b(?:contrary to|instead of|rather than|as opposed to|in contrast to|unlike)\b[^,.;]*", re.IGNORECASE
)
_OPPOSING: Final = ("un", "in", "im", "ir", "il", "non", "dis", "de")
_NEAR: Final = 3
"""Content stems on either side of a word that say what it is about."""
_ORDERLY: Final = 0.6
"""Least share of the words a claim has from its source that come in the same order."""
_SHORTEST: Final = 5
"""Letters that two stems of one family ("accur", "accuraci") share at least."""


class _Text:
    """A sentence or two, read for what the rules compare. Everything is bounded by MAX_DRAFT."""

    def __init__(self, raw: str) -> None:
        self.raw = _GLUED.sub(" ", raw)
        self.folded = fold(self.raw)

    @cached_property
    def words(self) -> list[text.Word]:
        """Every word where it stands."""
        return list(text.words(self.raw))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The content stems; numbers are left to their own rule."""
        return frozenset(self.order)

    @cached_property
    def order(self) -> list[str]:
        """The content stems as they come: neither numbers nor their units ("8 times", "three")."""
        taken = {place for match in self.digits for place in range(match.start(), match.end())}
        content = [
            word.terms
            for word in self.words
            if word.start not in taken and self.raw[word.start : word.end].lower() not in _SPELLED
        ]
        return [term for terms in content for term in terms if not term[0].isdigit()]

    @cached_property
    def digits(self) -> list[re.Match[str]]:
        """The numbers written in digits."""
        return list(_NUMBER.finditer(self.raw))

    @cached_property
    def measured(self) -> list[tuple[float, frozenset[str], frozenset[str]]]:
        """Each number in digits: its value, the stems of the word right after it, and of what it may measure.

        That is what follows, and what stands before if a preposition leads over ("an accuracy of 84.4%").
        """
        found = []
        for match in self.digits:
            left, right = self.raw[: match.start()], self.raw[match.end() :]
            near = text.terms(right)[: 2 * _NEAR]
            if _LEADS.search(left):
                near += text.terms(left)[-2 * _NEAR :]
            after = re.match(r"[\s-]+([A-Za-z]\w*)", right)
            found.append((_value(match), frozenset(text.terms(after[1]) if after else ()), frozenset(near)))
        return found

    @cached_property
    def numbers(self) -> list[tuple[float, str]]:
        """Each number in order, with its unit: "%", "x" or ""."""
        taken = {place for match in self.digits for place in range(match.start(), match.end())}
        found = [(match.start(), _value(match), _UNIT.get(match[4] or "", "")) for match in self.digits]
        found += [
            (match.start(), _SPELLED[match[0].lower()], "")
            for match in re.finditer(r"[A-Za-z]+", self.raw)
            if match[0].lower() in _SPELLED and match.start() not in taken
        ]
        return [(value, unit) for _, value, unit in sorted(found)]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Words with a capital, or with letters and digits, folded; openers and plain words aside."""
        found: list[str] = []
        begins = True
        for match in _NAME.finditer(self.raw):
            word = re.sub(r"['’]s$", "", match[0])
            plain = begins and word[1:].islower() and fold(word) in _OPENERS
            mixed = any(c.isalpha() for c in word) and any(c.isdigit() for c in word) and not word[0].isdigit()
            if (word != word.lower() or mixed) and not plain and text.terms(word):
                found.append(fold(word))
            begins = False
        return tuple(found)

    @cached_property
    def directions(self) -> list[tuple[int, int, frozenset[str]]]:
        """Each comparing word: its axis, its side, and the stems that stand near it."""
        content = [(text.stem(fold(self.raw[word.start : word.end])), word.terms) for word in self.words]
        content = [(word, terms) for word, terms in content if terms or word in _DIRECTION]
        found = []
        for place, (word, _) in enumerate(content):
            if word in _DIRECTION:
                near = content[max(0, place - _NEAR) : place] + content[place + 1 : place + 1 + _NEAR]
                found.append((*_DIRECTION[word], frozenset(term for _, terms in near for term in terms)))
        return found

    @cached_property
    def negated(self) -> list[frozenset[str]]:
        """For each negation, the stems that follow it: what is denied."""
        found = []
        for match in _NEGATION.finditer(self.raw):
            after = [word.terms for word in self.words if word.start >= match.end() and word.terms]
            found.append(frozenset(term for terms in after[:_NEAR] for term in terms))
        return found

    @cached_property
    def affirmed(self) -> _Text:
        """What is left without the things set aside: "contrary to the view that ..."."""
        rest = _DENIED.sub(" ", self.raw)
        return self if rest == self.raw else _Text(rest)

    @cached_property
    def parts(self) -> list[_Text]:
        """The sides of a contrast, each for itself; one part when there is none."""
        pieces = [piece for piece in _CONTRAST.split(self.raw) if text.terms(piece)]
        if len(pieces) == 1 and "," in self.raw and _CONTRAST.match(self.raw.lstrip()):
            pieces = [piece for piece in self.raw.split(",", 1) if text.terms(piece)]
        return [_Text(piece) for piece in pieces] if len(pieces) > 1 else [self]

    def names_all(self, names: Iterable[str]) -> bool:
        """Say whether each folded name stands here whole: "imagenet" in "ImageNet-2012", no "gpt-4" in "GPT-4.5"."""
        return all(_named(name, self.folded) for name in names)


def _value(match: re.Match[str]) -> float:
    digits = match[1].replace(",", "") + (match[2] or "")
    return float(digits) * _SCALE.get(match[3] or "", 1.0)


def _named(name: str, folded: str) -> bool:
    parts = [re.escape(part) for part in re.split(r"[-./_]", name.removesuffix("s") if len(name) > 3 else name)]  # noqa: PLR2004
    return bool(re.search(rf"(?<!\w){'[-./_ ]?'.join(parts)}s?(?!\w|\.\d)", folded))


# Whether one text bears out another


class _Passage:
    """A quoted passage: its sentences, and what each of them and each two neighbours say."""

    def __init__(self, raw: str) -> None:
        sentences = [_clean(sentence) for sentence in text.sentences(raw)]
        self._whole = {_bare(piece) for piece in [*sentences, raw]} - {""}
        self._single = _read(sentences)
        self._pairs = _read(f"{one} {other}" for one, other in pairwise(sentences))

    def quotes(self, sentence: str) -> bool:
        """Say whether a sentence stands here word for word, from its first to its last."""
        return _bare(sentence) in self._whole

    def supports(self, claim: _Text) -> bool:
        """Say whether one sentence here, or two adjacent ones, bear a claim out.

        What one sentence is about but does not bear out, its neighbour cannot save: that would mix who does what.
        """
        if any(_bears_out(single, claim) for single in self._single):
            return True
        if any(_covers(single, claim) for single in self._single):
            return False
        return any(_bears_out(pair, claim) for pair in self._pairs)


def _read(pieces: Iterable[str]) -> list[_Text]:
    return [_Text(_tidy(MARK.sub(" ", piece))) for piece in pieces if not reads_as_order(piece)]


def _bears_out(source: _Text, claim: _Text) -> bool:
    """Apply the rules, the cheap ones first."""
    if not _DENIED.search(claim.raw):
        source = source.affirmed
    return (
        _covers(source, claim)
        and _adds_nothing(source, claim)
        and _in_order(source, claim)
        and _counts(source, claim)
        and _measures(source, claim)
        and source.names_all(claim.names)
        and _negates_alike(source, claim)
        and _no_bolder(source, claim)
        and _points_alike(source, claim)
        and not _opposes(source, claim)
        and not _turned(source, claim)
        and _sides_match(source, claim)
    )


def _covers(source: _Text, claim: _Text) -> bool:
    return len(claim.stems & source.stems) >= SUPPORT * len(claim.stems) > 0


def _adds_nothing(source: _Text, claim: _Text) -> bool:
    """A word of its own is neutral, of a family with one of the source, or a comparison, which has its own rule."""
    return all(
        stem in _NEUTRAL or stem in _DIRECTION or any(_related(stem, other) for other in source.stems)
        for stem in claim.stems - source.stems
    )


def _related(one: str, other: str) -> bool:
    short = min(len(one), len(other))
    return short >= _SHORTEST and one[: short - 1] == other[: short - 1] and one[:_SHORTEST] == other[:_SHORTEST]


def _in_order(source: _Text, claim: _Text) -> bool:
    """Most words come as in the source (longest rising run of places): who does what to whom is told by order."""
    places = [source.order.index(stem) for stem in dict.fromkeys(claim.order) if stem in source.stems]
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends) >= _ORDERLY * len(places)


def _counts(source: _Text, claim: _Text) -> bool:
    """Every number of the claim stands in the source, in the same order, its unit not another."""
    rest = iter(source.numbers)
    return all(
        any(_close(value, there) and (unit == known or not unit or not known) for there, known in rest)
        for value, unit in claim.numbers
    )


def _measures(source: _Text, claim: _Text) -> bool:
    """The word right after a number stands near the same number in the source: "75% compression", not "75% speed"."""
    return all(
        any(_close(value, there) and after & near for there, _, near in source.measured)
        for value, after, _ in claim.measured
        if after and any(_close(value, there) for there, _, _ in source.measured)
    )


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other))


def _negates_alike(source: _Text, claim: _Text) -> bool:
    """As many negations, odd or even, and each denies something that the source denies."""
    if len(source.negated) % 2 != len(claim.negated) % 2:
        return False
    return all(any(denied & known for known in source.negated) for denied in claim.negated)


def _no_bolder(source: _Text, claim: _Text) -> bool:
    """The claim sweeps no wider than the source and keeps its doubts."""
    added = {word.lower() for word in _SWEEPING.findall(claim.raw)} - {w.lower() for w in _SWEEPING.findall(source.raw)}
    return not added and (not _HEDGE.search(source.raw) or bool(_HEDGE.search(claim.raw)))


def _points_alike(source: _Text, claim: _Text) -> bool:
    """Each comparing word of the claim goes the way that the source goes about the same thing."""
    for axis, side, near in claim.directions:
        same = [len(near & there) for on, to, there in source.directions if (on, to) == (axis, side)]
        other = [len(near & there) for on, to, there in source.directions if on == axis and to != side]
        if not same or max(other, default=-1) > max(same):
            return False
    return True


def _opposes(source: _Text, claim: _Text) -> bool:
    """A word of the claim is the opposite of one in the source by its prefix: "unfit" for "fit"."""
    new, old = claim.stems - source.stems, source.stems - claim.stems
    return any(prefix + stem in old for prefix in _OPPOSING for stem in new) or any(
        prefix + stem in new for prefix in _OPPOSING for stem in old
    )


def _turned(source: _Text, claim: _Text) -> bool:
    """Who beats whom is the other way round: what stood behind the verb or "than" stands before it."""
    here, there = _around(claim), _around(source)
    if here is None or there is None:
        return False
    first, last = there[0] - there[1], there[1] - there[0]
    ahead, behind = here[0] - here[1], here[1] - here[0]
    moved = bool(ahead & last) and not behind & last
    return moved or len(ahead & last) > len(ahead & first) or len(behind & first) > len(behind & last)


def _around(said: _Text) -> tuple[frozenset[str], frozenset[str]] | None:
    match = _PIVOT.search(said.raw)
    if match is None:
        return None
    left, right = said.raw[: match.start()], said.raw[match.end() :]
    if not text.terms(left):  # "Compared to X, Y is ..."
        right, _, left = right.partition(",")
    before, after = frozenset(text.terms(left)), frozenset(text.terms(right))
    return (after, before) if match["passive"] else (before, after)


def _sides_match(source: _Text, claim: _Text) -> bool:
    """In a contrast each side of the claim comes from one side of the source: names do not change sides."""
    if len(source.parts) == 1:
        return True
    return all(
        any(
            side.names_all(part.names) and _counts(side, part) and 2 * len(part.stems & side.stems) >= len(part.stems)
            for side in source.parts
        )
        for part in claim.parts
    )
