"""Definitions: which thing is asked for, and which sentence says what it is."""

from __future__ import annotations

import pytest

from bot.core import definition


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("what is a hypernetwork?", "hypernetwork"),
        ("What's layer normalization", "layer normalization"),
        ("what are random features?", "random features"),
        ('what do they mean by "convergent learning"', "convergent learning"),
        ("what is it?", ""),
        ("what is the accuracy of GPipe on ImageNet when it is trained with eight accelerators?", ""),
        ("how does it work?", ""),
        ("", ""),
    ],
)
def test_what_is_asked_for(question: str, thing: str) -> None:
    assert definition.asked(question) == thing


@pytest.mark.parametrize(
    ("sentence", "defined", "introduced"),
    [
        ("Hypernetworks, or hypernets in short, are neural networks that generate weights.", True, False),
        ("A hypernetwork (HN) is a network for weights.", True, False),
        ("We study networks called hypernetworks.", True, False),
        ("We propose a dependency preserving hypernetwork for continual learning.", False, True),
        ("Training converges far more slowly than for hypernetworks.", False, False),
        ("Normalization is a technique.", False, False),
    ],
)
def test_which_sentence_says_it(sentence: str, *, defined: bool, introduced: bool) -> None:
    assert definition.defines(sentence, "hypernetwork") is defined
    assert definition.introduces(sentence, "hypernetwork") is introduced
