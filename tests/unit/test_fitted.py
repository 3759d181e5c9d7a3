"""What was fitted fits the code: every trait has its worth, every sign its points, and both do what they are for."""

from __future__ import annotations

import math

import pytest

from bot.core import doubt, traits
from bot.core.answer import parse
from bot.core.fitted import POINTS, WORTH
from bot.core.index import Index
from bot.core.reading import Reading
from bot.thesaurus import shipped
from tests.unit.samples import made_up

PAPER = made_up(
    "Quartz: sorting pebbles by size",
    "Pebbles are many. Quartz sorts pebbles with a rake. It reaches 93% accuracy on the Beach benchmark.",
)


def read(question: str) -> Reading:
    index = Index([PAPER, made_up("Other", "Something else about sand.")])
    return Reading(PAPER, parse(question, index, shipped()))


def certainty(question: str) -> float:
    reading = read(question)
    return doubt.certainty(doubt.Best(reading, 1, 20.0), [reading])


def test_every_trait_and_every_sign_is_fitted() -> None:
    reading = read("How does Quartz sort pebbles?")
    assert {*traits.traits(reading, 1.0)} == WORTH.keys()
    assert {*doubt.signs(doubt.Best(reading, 1, 0.0), [reading])} >= POINTS.keys()
    assert all(len(points) == len(edges) + 1 and list(edges) == sorted(edges) for edges, points in POINTS.values())
    assert all(map(math.isfinite, WORTH.values()))


@pytest.mark.parametrize(
    "less",
    ["How does AlphaFold sort pebbles?", "How does Quartz bake bread?", "How does a zebra eat grass?"],
)
def test_what_is_not_met_makes_less_sure(less: str) -> None:
    assert 0 < certainty(less) < certainty("How does Quartz sort pebbles?") < 1


def test_facts_that_are_asked_and_not_stated_are_named() -> None:
    assert doubt.unstated(read("Who wrote the Quartz paper?")) == ("the authors",)
    assert doubt.unstated(read("What learning rate does Quartz use?")) == ("the learning rate",)
    assert doubt.unstated(read("What accuracy does Quartz reach?")) == ()
    assert doubt.uncounted(read("How many rakes does Quartz use?"))
    assert not doubt.uncounted(read("How does Quartz sort pebbles?"))
