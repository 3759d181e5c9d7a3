"""What is searched for where no paper is all that was asked for."""

from __future__ import annotations

import pytest

from bot.core.correction import Correction
from bot.core.index import Index
from bot.core.letting_go import let_go
from bot.core.query import parse
from tests.unit.samples import made_up


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(
        [
            made_up("Neural networks", "They prune.", id="neural", authors=("Ann Lee",)),
            made_up("Pruned trees", "A network of trees.", id="trees", authors=("Bo Xu",)),
        ]
    )


@pytest.mark.parametrize(
    ("typed", "idle", "found"),
    [
        ("network", ((), (), ()), {"neural", "trees"}),
        ('"neural network"', ((), (), ()), {"neural"}),
        ('"network neural"', (("network neural",), (), ()), {"neural", "trees"}),
        ('"network neural" author:bo', (("network neural",), (), ()), {"trees"}),
        ('"neural network" title:trees', ((), (), ()), set()),
        ('"neural network" -network', ((), (), ()), set()),
        ("network title:gnus", ((), ("gnus",), ()), set()),
        ("network author:smith", ((), ("smith",), ()), set()),
        ("network -gnus", ((), (), ("gnus",)), {"neural", "trees"}),
        ('"gnus graze"', ((), ("gnus graze",), ()), set()),
        ("-network", ((), (), ()), set()),
    ],
)
def test_phrases_are_let_go_of_and_what_changes_nothing_is_named(
    index: Index, typed: str, idle: tuple[tuple[str, ...], ...], found: set[str]
) -> None:
    query = parse(typed)
    made = let_go(Correction(query), index.idle(query), index.finds)
    assert (made.wishes, made.unmet, made.vain) == idle
    assert {match.id for match in index.search(made.query)} == found
    assert made.query.raw == typed
