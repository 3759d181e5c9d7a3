"""Tidying: what is left of LaTeX becomes readable, and no word or number is lost."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.tidy import find_links, tidy
from tests.unit.samples import seed_papers

READ_AS = {
    r"na\\\"\{\\i\}ve": "naïve",
    r"mathcal |\\emph |[{}]": "",
    r"\bapprox(?=\d)": "≈",
    r"(?<=\d)times": "×",
    r"sigmaleft": "σ",
    r"right(?=\)\. Here)": "",
    r"sum_": "∑ ",
    r"[_^]": "",
}
"""All that tidying may read as something else in the seed dump; every other word stays as it is."""
PLAIN = st.text(st.characters(exclude_characters="\\{}", exclude_categories=["Cs", "Cc"]))


def tokens(written: str) -> set[str]:
    """Words and numbers, whatever their typography (NFKC reads 10¹⁹ as 1019)."""
    return set(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", written)))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("approx13% and approx25% fewer", "≈13% and ≈25% fewer"),
        (
            "by mathcal O_i(u) = sigmaleft( sum_j mathcal W_{ij} u + mathcal B_{ij}right).",
            "by O_i(u) = σ( ∑_j W_ij u + B_ij).",
        ),
        (r"apparently na\"{\i}ve ensembling", "apparently naïve ensembling"),
        (r"we propose \tool, a general", "we propose tool, a general"),
        (r"a 100\% success rate", "a 100% success rate"),
        ("> 10^{19} and 10^-3 sub-networks", "> 10¹⁹ and 10⁻³ sub-networks"),
        ("4.84x and 1.12times and 20.21times faster", "4.84x and 1.12× and 20.21× faster"),
        ("CO_2 emission on LLMEval^2", "CO₂ emission on LLMEval²"),
        (r"spent on {\emph compression} of", "spent on compression of"),
        (r"\emph{really} \textbf{bold}", "really bold"),
        (r"Erd\H{o}s, Schr\"odinger, caf\'e, \O{}rsted", "Erdős, Schrödinger, café, Ørsted"),
        (r"50\% of R\&D costs \$5", "50% of R&D costs $5"),
        ("``black box'' --- accuracy--complexity", "“black box” — accuracy–complexity"),
        ("a\tb  c\u00a0 d", "a b c d"),
    ],
)
def test_what_is_left_of_latex_becomes_readable(written: str, read: str) -> None:
    assert tidy(written) == read


@pytest.mark.parametrize(
    "prose",
    [
        "It costs $5 or 30% more, A&B, issue #4.",
        "many times, approximately, the sum of, three times as fast",
        "a bright) future (all bright) and turn (left or right)",
        "snake_case_name and file_name.py",
        "the sigma and the right side, mathcalligraphy",
        "f(x) = x*y < 3",
    ],
)
def test_ordinary_prose_is_left_alone(prose: str) -> None:
    assert tidy(prose) == prose


def test_no_word_or_number_of_the_seed_papers_is_lost() -> None:
    for paper in seed_papers():
        before = paper.original_title + " " + paper.original_abstract
        after = paper.title + " " + paper.abstract
        for remains, reading in READ_AS.items():
            before = re.sub(remains, reading, before)
        assert tokens(before) == tokens(re.sub(r"∑_", "∑ ", after).replace("_", ""))


@given(PLAIN.filter(lambda s: not re.search(r"approx|times|mathcal|left|right|sum_", s)))
@example("3^2 x_1 a--b ``c'' https://example.org/a--b_1^2")
def test_plain_text_keeps_every_letter_and_digit_in_order(written: str) -> None:
    def letters(prose: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKC", prose) if c.isalnum())

    assert letters(tidy(written)) == letters(written)


@given(st.lists(st.sampled_from([r"\tool", r"\emph{on}", "{x}", "^{12}", "_{3}", r"\%", "--", "x", "7", " ", "$"])))
def test_markup_around_words_never_takes_the_words(parts: list[str]) -> None:
    def letters(prose: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKC", prose) if c.isalnum())

    assert letters(tidy(" ".join(parts))) == letters(" ".join(parts).replace(r"\emph", ""))


@given(st.text())
def test_any_text_is_tidied_without_an_error(written: str) -> None:
    assert tidy(written) == tidy(written).strip()


@given(PLAIN)
def test_tidying_twice_changes_nothing_more_in_plain_text(written: str) -> None:
    assert tidy(tidy(written)) == tidy(written)


def test_tidying_twice_changes_nothing_more_in_the_seed_papers() -> None:
    for paper in seed_papers():
        assert (tidy(paper.title), tidy(paper.abstract)) == (paper.title, paper.abstract)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/neurospin-projects/2024_rlouiset_sep_clr",
        "https://example.org/a--b_1^2~c%20d",
        "http://example.org/?q=x_2&approx3times",
        "https://example.org/cafe\u0301",
    ],
)
def test_web_addresses_are_left_alone(url: str) -> None:
    assert tidy(f"Code  is at {url}.") == f"Code is at {url}."
    assert tidy(f"CO_2 ({url}) a--b") == f"CO₂ ({url}) a–b"


def test_links_are_found_once_in_order_and_code_apart() -> None:
    prose = (
        "Code: https://github.com/a/b. Page (https://a.org/x), again https://github.com/a/b and "
        "https://gitlab.com/c/d; see https://z.org/y?"
    )
    assert find_links(prose) == (
        ("https://github.com/a/b", "https://gitlab.com/c/d"),
        ("https://a.org/x", "https://z.org/y"),
    )
    assert find_links("none, not even github.com/a") == ((), ())


def test_a_code_host_in_the_query_of_another_address_is_not_code() -> None:
    assert find_links("https://evil.example/?u=github.com/a")[0] == ()
