"""Fidelity: the small words that turn a true sentence into a false one are seen."""

from __future__ import annotations

import pytest

from bot.core.grounded import check

SPLIT = "ResNet achieves 76% and ViT achieves 81% on ImageNet."
DATA = "The model is trained on synthetic data and tested on real data."
SIDES = "Tanh networks are more accurate than ReLU networks, but ReLU networks train faster."


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("Our model reaches accuracy above 90% on CIFAR-10.", "Our model reaches accuracy below 90% on CIFAR-10"),
        ("Our model keeps the error under 5% on CIFAR-10.", "Our model keeps the error over 5% on CIFAR-10"),
        ("Inference takes up to 75 milliseconds on a phone.", "Inference takes at least 75 milliseconds on a phone"),
        ("Inference runs in 5ms on a phone.", "Inference runs in 5s on a phone"),
        ("Training needs 10³ samples of the data.", "Training needs 10⁹ samples of the data"),
        ("The error falls by 75% on the test set.", "The error falls by -75% on the test set"),
        ("The error falls by 75% on the test set.", "The error falls to 75% on the test set"),
        ("Weights are pruned from 8 bits to 2 bits.", "Weights are pruned to 8 bits from 2 bits"),
        ("The loss is computed before the encoder is frozen.", "The loss is computed after the encoder is frozen"),
        (SPLIT, "ViT achieves 76% on ImageNet"),
        (SPLIT, "ResNet achieves 81% on ImageNet"),
        (SIDES, "Tanh networks train faster"),
        (SIDES, "ReLU networks are more accurate than Tanh networks"),
        ("GPT-3 is evaluated against LLaMA on MMLU.", "LLaMA is evaluated against GPT-3 on MMLU"),
        ("It remains unclear whether depth improves generalization.", "Depth improves generalization"),
        ("We refute the claim that depth improves generalization.", "Depth improves generalization"),
        ("Only models trained with Adam reached 90% accuracy.", "Models trained with Adam reached 90% accuracy"),
        ("Accuracy improves when the batch is small.", "Accuracy improves"),
        ("Some pruned networks match the dense network.", "Pruned networks match the dense network"),
        ("It works well for images, not for text.", "It works well for text"),
    ],
)
def test_a_claim_that_turns_its_source_is_dropped(source: str, claim: str) -> None:
    assert check(f"{claim} [P1].", [source]) == ()
    assert [kept.text for kept in check(f"{source} [P1]", [source])] == [source]


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (SPLIT, "ResNet achieves 76% on ImageNet"),
        (DATA, "The model is trained on synthetic data"),
        (SIDES, "Tanh networks are more accurate than ReLU networks"),
        ("Weights are pruned from 8 bits to 2 bits.", "Weights are pruned from 8 bits to 2 bits here"),
    ],
)
def test_a_claim_that_keeps_its_source_stands(source: str, claim: str) -> None:
    assert [kept.text for kept in check(f"{claim} [P1].", [source])] == [f"{claim}."]


def test_half_a_character_is_no_error() -> None:
    check("Weights are pruned \ud800 to 2 bits [P1].", ["Weights are pruned to 2 bits."])
