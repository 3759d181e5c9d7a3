"""Acronyms: those that a text explains, "neural architecture search (NAS)", and those a field takes for granted."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.core import lexicon, text

_EXPLAINED = re.compile(r" \(([A-Z][A-Za-z0-9]{1,9}?)s?\)")
_BEFORE = 120
"""Characters before an acronym in which its long form is looked for."""
_FIELD = """
ai artificial intelligence
asr automatic speech recognition
bev bird's eye view
bo bayesian optimization
cl continual learning
cnn convolutional neural network
convnet convolutional network
cv computer vision
dl deep learning
dnn deep neural network
flops floating-point operations
gan generative adversarial network
gcn graph convolutional network
gnn graph neural network
gpu graphics processing unit
gru gated recurrent unit
hpo hyperparameter optimization
kan kolmogorov-arnold network
kd knowledge distillation
knn nearest neighbors
llm large language model
lm language model
lstm long short-term memory
mcmc markov chain monte carlo
ml machine learning
mlp multilayer perceptron
moe mixture of experts
mse mean squared error
nas neural architecture search
nerf neural radiance field
nlp natural language processing
nmt neural machine translation
ocr optical character recognition
ode ordinary differential equation
ood out-of-distribution
pca principal component analysis
pde partial differential equation
peft parameter-efficient fine-tuning
ptq post-training quantization
qat quantization-aware training
qa question answering
rag retrieval-augmented generation
rl reinforcement learning
rlhf reinforcement learning from human feedback
rnn recurrent neural network
sdr signal-to-distortion ratio
sgd stochastic gradient descent
snn spiking neural network
snr signal-to-noise ratio
sota state-of-the-art
ssl self-supervised learning
ssm state space model
svm support vector machine
tts text-to-speech
vae variational autoencoder
vit vision transformer
vlm vision-language model
vqa visual question answering
wer word error rate
"""
_DULL = frozenset(("neural", "network", "model"))


def explained(prose: str) -> dict[str, str]:
    """Return the acronyms that a text explains, each with its long form: its initials are the acronym's letters."""
    found: dict[str, str] = {}
    for match in _EXPLAINED.finditer(prose):
        letters = match[1].lower()
        before = prose[max(match.start() - _BEFORE, 0) : match.start()]
        tail = re.findall(r"[A-Za-z]\w*", before)[-len(letters) :]
        if len(tail) >= 2 and "".join(word[0] for word in tail).lower() == letters[: len(tail)]:  # noqa: PLR2004
            found[match[1]] = " ".join(tail)
    return found


@lru_cache(maxsize=1)
def field() -> dict[str, tuple[str, ...]]:
    """Return the field's own acronyms, each a folded term with the terms of its long form."""
    return {lexicon.fold(text.stem(short)): long_terms(long) for short, long in common().items()}


def common() -> dict[str, str]:
    """Return the field's own acronyms in lower case, each with its long form."""
    return dict(line.split(maxsplit=1) for line in _FIELD.strip().splitlines())


def long_terms(long: str) -> tuple[str, ...]:
    """Return the telling terms of a long form: "recurrent" of "recurrent neural network"."""
    found = tuple(dict.fromkeys(lexicon.fold(term) for term in text.terms(long)))
    return tuple(term for term in found if term not in _DULL) or found


def table(prose: str) -> dict[str, tuple[str, ...]]:
    """Return every acronym that may stand in a text: the field's, and over them those the text explains."""
    own = {
        lexicon.fold(term): long_terms(long)
        for short, long in explained(prose).items()
        for term in text.terms(short)[:1]
    }
    return {**field(), **{short: long for short, long in own.items() if long}}
