"""WordPiece: the numbers that the `tokenizers` library gives for BERT's vocabulary."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.wordpiece import WordPiece

FILE = Path(__file__).parents[2] / "bot" / "vocabulary" / "bert_uncased.txt"
VOCABULARY = FILE.read_text(encoding="utf-8").split("\n")[:-1]
PIECES = WordPiece(VOCABULARY)

# Made by tokenizers with all-MiniLM-L6-v2's own tokenizer.json.
GOLDEN = [
    ("Attention Is All You Need", [3086, 2003, 2035, 2017, 2342]),
    ("naïve café, ÜBER", [15743, 7668, 1010, 19169]),
    (
        "self-supervised pre-training (84.4%)",
        [2969, 1011, 13588, 3653, 1011, 2731, 1006, 6391, 1012, 1018, 1003, 1007],
    ),
    (
        "GPT-4o's 1,000-way top_1",
        [14246, 2102, 1011, 1018, 2080, 1005, 1055, 1015, 1010, 2199, 1011, 2126, 2327, 1035, 1015],
    ),
    ("深度学习 is deep", [100, 100, 1817, 100, 2003, 2784]),
    ("한국어 日本語", [1469, 30006, 30021, 29991, 30014, 30020, 29999, 30008, 1864, 1876, 1950]),
    ("a≤b ∈ ℝ² α→β", [1037, 30135, 2497, 1596, 1579, 10701, 1155, 30113, 29720]),
    (
        "$x^{2}$ `code` ~ tilde|pipe",
        [1002, 1060, 1034, 1063, 1016, 1065, 1002, 1036, 3642, 1036, 1066, 18681, 3207, 1064, 8667],
    ),
    ("a\x00b\u200bc\xadd\ue000e\ufffdf", [5925, 3207, 2546]),
    ("tabs\tand\nlines\r\n", [21628, 2015, 1998, 3210]),
    ("x" * 101, [100]),
    ("—dash— “quoted” …", [1517, 11454, 1517, 1523, 9339, 1524, 1529]),
    ("İstanbul ẞ ﬁne", [9960, 1096, 1984, 2638]),
    ("e\u0301 é", [1041, 1041]),
    ("", []),
]


@pytest.mark.parametrize(("text", "numbers"), GOLDEN)
def test_the_numbers_are_the_reference_s(text: str, numbers: list[int]) -> None:
    assert PIECES(text) == [101, *numbers, 102]


def test_the_vocabulary_is_the_one_its_notice_names() -> None:
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()
    assert digest in (FILE.parent / "NOTICE").read_text(encoding="utf-8")
    assert len(VOCABULARY) == 30_522


def test_a_mark_in_a_text_is_text() -> None:
    assert PIECES("[SEP]")[1:-1] == [VOCABULARY.index(piece) for piece in ("[", "sep", "]")]


def test_a_text_is_cut_where_the_model_stops_reading() -> None:
    assert PIECES("learning " * 500, 16) == [101, *[VOCABULARY.index("learning")] * 14, 102]


def test_a_flood_is_not_read_to_its_end() -> None:
    assert len(PIECES("a " * 10_000_000, 128)) == 128


@pytest.mark.parametrize("gone", ["[CLS]", "[SEP]", "[UNK]"])
def test_a_list_without_the_marks_is_no_vocabulary(gone: str) -> None:
    with pytest.raises(ValueError, match="missing"):
        WordPiece([piece for piece in VOCABULARY if piece != gone])


@given(st.text(max_size=300), st.integers(2, 64))
def test_any_text_becomes_numbers_of_the_vocabulary(text: str, most: int) -> None:
    numbers = PIECES(text, most)
    assert 2 <= len(numbers) <= most
    assert (numbers[0], numbers[-1]) == (101, 102)
    assert all(0 <= number < len(VOCABULARY) for number in numbers)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=100))
def test_the_short_cut_for_plain_text_changes_nothing(text: str) -> None:
    # A word in another script takes the long way, and is one word of its own.
    assert PIECES(f"{text} ж", 400) == [*PIECES(text, 400)[:-1], VOCABULARY.index("ж"), 102]
