"""The thesaurus: either way round, the nearer relation stands, and the file that ships is well formed."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot import thesaurus
from bot.core.thesaurus import NEAR, SAME, Thesaurus

ENTRY = re.compile(
    r"[a-z][a-z'/-]*:(?: [a-z][a-z'/-]*(?:, [a-z][a-z'/-]*)*)?(?: \| [a-z][a-z'/-]*(?:, [a-z][a-z'/-]*)*)?"
)


def test_a_word_stands_for_another_either_way_round() -> None:
    made = Thesaurus(lambda: ["wait: delay | speed", "speed: wait"])
    assert made.company("wait") == {"delay": SAME, "speed": SAME}
    assert made.company("delay") == {"wait": SAME}
    assert made.company("speed") == {"wait": SAME}


@given(st.lists(st.text(alphabet=st.sampled_from("abcdet :|,#-'\n\x00é神"), max_size=30), max_size=12))
def test_any_lines_make_a_thesaurus_in_which_company_is_mutual(lines: list[str]) -> None:
    made = Thesaurus(lambda: lines)
    stems = {stem for line in lines for stem in re.split(r"[:|,\s]+", line)}
    for stem in stems:
        for other, value in made.company(stem).items():
            assert value in {SAME, NEAR}
            assert other != stem
            assert made.company(other)[stem] == value


def test_the_file_that_ships_is_well_formed() -> None:
    lines = [line for line in thesaurus.lines() if not line.startswith("#")]
    assert not [line for line in lines if not ENTRY.fullmatch(line)]
    assert thesaurus.shipped().company("drawback")["limit"] == SAME
    assert "network" not in thesaurus.shipped().company("banana")
