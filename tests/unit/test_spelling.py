"""Slips of the pen: the words they were meant to be, and the papers that are found in spite of them."""

from __future__ import annotations

import random
import re
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import dictionary
from bot.core import text
from bot.core.change import Change
from bot.core.correction import MAX_LOOKED_UP, Correction, corrected
from bot.core.index import Index
from bot.core.paper import Batch, Paper
from bot.core.query import parse
from bot.core.spelling import LONGEST, TWO_SLIPS, Near, Spelling, build
from bot.dictionary import Dictionary
from bot.sources.files import read

SEEDS = read(next((Path(__file__).parents[2] / "seeds").iterdir()))
assert isinstance(SEEDS, Batch)
PAPERS = SEEDS.papers
LETTERS = "abcdefghijklmnopqrstuvwxyz"
ABC = st.text("abcé", min_size=4, max_size=12)


def spelling(**counts: int) -> Spelling:
    return Spelling(build(list(counts), list(counts.values())))


class Counting(Spelling):
    """Counts the words that are looked up."""

    asked = 0

    def nearest(self, word: str, k: int = 3) -> list[Near]:
        self.asked += 1
        return super().nearest(word, k)


def words(near: list[Near]) -> list[str]:
    return [found.word for found in near]


def slips(one: str, other: str) -> int:
    """Return the optimal string alignment distance, by the book."""
    rows = [[i + j if not i * j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


def slip(word: str, chance: random.Random) -> str:
    """Return a word with a letter inserted, deleted or replaced, or with two neighbours swapped."""
    place, pair, letter = chance.randrange(len(word)), chance.randrange(len(word) - 1), chance.choice(LETTERS)
    return chance.choice(
        [
            word[:place] + letter + word[place:],
            word[:place] + word[place + 1 :],
            word[:place] + letter + word[place + 1 :],
            word[:pair] + word[pair + 1] + word[pair] + word[pair + 2 :],
        ]
    )


@pytest.mark.parametrize(
    ("typed", "ease"),
    [
        ("transfomer", 10),
        ("ransformer", 10),
        ("transformre", 10),
        ("rtansformer", 10),
        ("trabsformer", 1),
        ("trransformer", 1),
        ("xtransformer", 1),
    ],
)
def test_each_kind_of_slip_is_one(typed: str, ease: int) -> None:
    assert spelling(transformer=3).nearest(typed) == [Near("transformer", 1, 3, ease)]


def test_two_slips_are_forgiven_in_a_long_word_only_when_none_is_one_away() -> None:
    known = spelling(reinforcement=9, network=9, neural=9)
    assert words(known.nearest("reinfrocemnt")) == ["reinforcement"]
    assert known.nearest("ntwrok") == []
    assert words(spelling(reinforcement=9, reinforcment=1).nearest("reinforcmen")) == ["reinforcment"]


def test_a_word_of_three_letters_may_have_lost_one_but_is_not_another_word() -> None:
    known = spelling(deep=3, gap=9, graph=9)
    assert words(known.nearest("dep")) == ["deep"]
    assert words(known.nearest("gpa")) == ["gap"]
    assert known.nearest("gan") == []


@pytest.mark.parametrize(
    "typed", ["", "a", "gpt4", "resnet51", "音乐分离", "two words", "self-supervised", "🎵", "x" * 99]
)
def test_what_is_no_word_of_letters_is_no_slip(typed: str) -> None:
    assert spelling(gpt=1, resnet=1, words=1, selfsupervised=1).nearest(typed) == []


def test_more_papers_and_easier_slips_come_first() -> None:
    assert words(spelling(attention=5, retention=900, detention=1).nearest("atention")) == ["attention"]
    assert words(spelling(radio=2, audio=3).nearest("adio")) == ["audio", "radio"]
    assert words(spelling(rank=2, ran=3).nearest("rakn")) == ["rank", "ran"]
    assert words(spelling(plane=5, plans=5).nearest("planx", 1)) == ["plane"]


def test_words_without_a_topic_are_known_too() -> None:
    assert words(spelling(width=9).nearest("wiht"))[0] == "with"


def test_a_word_of_two_vocabularies_counts_the_papers_of_both() -> None:
    parts = build(["network", "newtork"], [3, 1]), build(["network"], [4]), build([], [])
    assert Spelling(*parts).nearest("netwrk") == [Near("network", 1, 7, 10)]
    assert Spelling(build([], [])).nearest("netwrk") == []
    assert Spelling().nearest("netwrk") == []


@given(st.lists(ABC, unique=True, max_size=30), ABC)
def test_nearest_finds_every_word_that_is_near(known: list[str], typed: str) -> None:
    found = Spelling(build(known, [1] * len(known))).nearest(typed, 10**6)
    near = {
        word: slips(typed, word) for word in {*known, *filter(str.isalpha, text.STOP_WORDS)} - {typed} if len(word) > 2
    }
    closest = {word for word, count in near.items() if count == 1}
    if not closest and len(typed) >= TWO_SLIPS:
        closest = {word for word, count in near.items() if count == 2}
    assert {one.word: one.slips for one in found} == {word: near[word] for word in closest}


def test_half_a_million_words_are_searched_in_a_moment_and_little_room() -> None:
    chance = random.Random(7)
    letters = "".join(map(chr, np.random.default_rng(7).integers(97, 123, 500_020)))
    known = [letters[n : n + 4 + n % 11] for n in range(500_000)]
    arrays = build(known, [1] * len(known))
    assert sum(array.nbytes for array in arrays.values()) < 20e6
    assert len(arrays["papers"]) > 450_000
    found = Spelling(arrays)
    for word in chance.sample(known, 20):
        assert found.nearest(slip(word, chance))


def test_the_arrays_are_all_there_is() -> None:
    arrays = build(["network", "sourc", "x" * (LONGEST + 1)], [1, 2, 3])
    for array in arrays.values():
        array.setflags(write=False)
    assert words(Spelling(arrays).nearest("netwrok")) == ["network"]


def surface_counts() -> Counter[str]:
    held = (set(re.findall(r"[^\W_]+", f"{paper.title} {paper.abstract}".lower())) for paper in PAPERS)
    return Counter(word for found in held for word in found)


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(PAPERS)


@pytest.fixture(scope="module")
def seed_words() -> Spelling:
    counts = surface_counts()
    return Spelling(build(list(counts), list(counts.values())))


def read_as_meant(index: Index, known: Spelling, raw: str) -> Correction:
    return corrected(parse(raw), index, known)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("music separaton", "music separation"),
        ("Muisc, separaton!", "music, separation!"),
        ("self-supervsied lerning", "self-supervised learning"),
        ("neuralnetwork pruning", "neural network pruning"),
        ("everyone in politics", "everyone in politics"),
        ('"layer normalizaton" -netwroks', '"layer normalization" -netwroks'),
        ("title:normalizaton author:Hintn", "title:normalization author:Hintn"),
        ("wiht music", "with music"),
        ("xyzzy music", "xyzzy music"),
        ("CTFS of music", "CTFS of music"),
        ("MUISC SEPARATON", "music separation"),
        ("CTFS", "CTFS"),
        ("eNural sDeep", "neural deep"),
        ("MusiScore", "MusiScore"),
        ("MusicScore LayerNormalization", "music score layer normalization"),
        ("ConNveXt LSEEP", "convnext LSEEP"),
    ],
)
def test_words_that_no_paper_holds_are_read_as_meant(
    index: Index, seed_words: Spelling, typed: str, meant: str
) -> None:
    made = read_as_meant(index, seed_words, typed)
    assert made.query == parse(meant)
    for change in made.changes:
        assert typed[change.start : change.end] == change.typed


def test_known_words_are_taken_at_their_word(index: Index, seed_words: Spelling) -> None:
    for paper in PAPERS:
        made = read_as_meant(index, seed_words, paper.title)
        assert (made.query.raw, made.changes) == (paper.title, ())


def test_the_other_words_decide_which_reading_is_meant() -> None:
    texts = ["music audio", "audio music source", *["radio waves"] * 4, *["audio"] * 2]
    index = Index(Paper(str(n), prose, "", "file") for n, prose in enumerate(texts))
    known = spelling(audio=4, radio=4, music=2, source=1, waves=4)
    assert read_as_meant(index, known, "adio waves").query.raw == "radio waves"
    assert read_as_meant(index, known, "adio music").query.raw == "audio music"


def test_a_rare_word_is_searched_and_the_common_one_next_to_it_is_offered() -> None:
    texts = ["transfomer music", "colbert", *["transformer"] * 60, *["colder"] * 60]
    index = Index(Paper(str(n), prose, "", "file") for n, prose in enumerate(texts))
    known = spelling(transformer=60, transfomer=1, music=1, colbert=1, colder=60)
    made = read_as_meant(index, known, "music transfomer")
    assert (made.query.raw, made.changes) == ("music transfomer", ())
    assert made.hints == (Change("transfomer", "transformer", 6, 16),)
    assert made.suggestion == "music transformer"
    made = read_as_meant(index, known, "colbert")
    assert (made.hints, made.suggestion) == ((), "")


def test_a_word_of_the_dictionary_is_no_slip_unless_a_paper_has_most_of_the_query() -> None:
    texts = ["heat transfer in porous plates", "heat transfer", "detection of heat"]
    index = Index(Paper(str(n), prose, "", "file") for n, prose in enumerate(texts))
    known = spelling(heat=3, transfer=2, porous=1, plates=1, detection=1)

    def meant(raw: str) -> Correction:
        return corrected(parse(raw), index, known, words=Dictionary())

    assert meant("heart").changes == meant("heart attack detection").changes == ()
    assert meant("heart").suggestion == ""
    assert meant("heart attack detction").query.raw == "heart attack detection"
    assert meant("heart attack detction").unknown == ("heart", "attack")
    assert meant("heart transfer in porous plates").query.raw == "heat transfer in porous plates"
    assert meant("heeat").query.raw == "heat"


def test_a_dictionary_without_its_file_knows_no_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    listed = [word for word in ("heart", "wing", "##ing", "[CLS]", "haert") if word in Dictionary()]
    assert listed == ["heart", "wing"]
    monkeypatch.setattr(dictionary, "_FILE", tmp_path / "gone.txt")
    assert "heart" not in Dictionary()


def test_many_unknown_words_are_not_all_looked_up(index: Index) -> None:
    typed = " ".join("".join(random.Random(n).choices(LETTERS, k=9)) for n in range(400))
    known = Counting(build(["network"], [1]))
    read_as_meant(index, known, typed)
    assert known.asked == MAX_LOOKED_UP


@given(st.text(max_size=80))
def test_any_text_can_be_read(index: Index, seed_words: Spelling, raw: str) -> None:
    made = read_as_meant(index, seed_words, raw)
    for change in made.changes:
        assert raw[change.start : change.end] == change.typed


def test_every_title_with_a_slip_in_each_word_still_finds_its_paper_first(index: Index) -> None:
    missed: list[str] = []
    for turn in range(6):
        broken = partial(lambda match, chance: slip(match[0], chance), chance=random.Random(turn))
        for paper in PAPERS:
            typed = re.sub(r"[^\W\d_]{4,}", broken, paper.title)
            found = index.search(index.read(typed, Dictionary()).query, 1)
            missed += [] if found and found[0].id == paper.id else [typed]
    assert missed == []
