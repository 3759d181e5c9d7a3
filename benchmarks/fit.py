"""Fit what traits of sentences are worth, and the scorecard of doubt: `python -m benchmarks.fit > FITTED`.

FITTED becomes `bot/core/fitted.py`. The questions are asked among the seed papers, and with --corpus among more papers
too. Printed to stderr are the figures of a cross-validation, by papers. The thesaurus is read only as far as it was
written without these questions.
"""

from __future__ import annotations

import argparse
import json
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np
from scipy.optimize import minimize
from sklearn.ensemble import GradientBoostingClassifier

from benchmarks.answers import collection
from bot.core import answer as answering
from bot.core import doubt, fitted, text
from bot.core.asking import parse
from bot.core.index import Index
from bot.core.thesaurus import Thesaurus
from bot.core.traits import traits
from bot.thesaurus import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.core.asking import Question
    from bot.core.paper import Paper
    from bot.core.reading import Reading

    Steps = dict[str, tuple[tuple[float, ...], tuple[float, ...]]]

TRAINING: Final = Path("tests/golden/train.json")
"""Questions as `benchmarks.answers` takes them, but that a sentence is named by its paper's id and its number."""
PARTS: Final = 5
"""Parts of the cross-validation."""
PENALTY: Final = 0.02
"""Weight of the sum of squares: it keeps what a few questions teach small."""
STUMPS, RATE = 250, 0.08
"""Steps of the scorecard, and how much of what it lacks each makes good."""
BINS: Final = 8
"""Steps that one sign may have, at its quantiles."""
CUTS: Final = (-1.0, -0.5, 0.0, 0.5)
"""Log odds below which an answer might be held back, in the figures."""


@dataclass
class Asked:
    """A question, the papers read for it, and for each sentence its traits and whether it answers."""

    question: Question
    part: int
    answerable: bool
    readings: list[Reading] = field(default_factory=list)
    rows: list[NDArray[np.float64]] = field(default_factory=list)
    right: list[NDArray[np.bool_]] = field(default_factory=list)

    @property
    def traits(self) -> NDArray[np.float64]:
        """All sentences' traits, of shape (sentences, traits)."""
        return np.vstack(self.rows)

    @property
    def labels(self) -> NDArray[np.bool_]:
        """Whether each sentence answers."""
        return np.concatenate(self.right)


def main() -> None:
    """Read the questions, cross-validate, fit on all, and print the module."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fit", description=__doc__)
    parser.add_argument("--corpus", type=Path, nargs="*", default=[], help="files of papers to ask among as well")
    options = parser.parse_args()
    settings = [collection([]), *([collection(options.corpus)] if options.corpus else [])]
    every = [asked for papers in settings for asked in ask(papers)]
    print(json.dumps(cross_validated(every), indent=2), file=sys.stderr)
    print(module(*fit(every)))


def cross_validated(every: Sequence[Asked]) -> dict[str, float]:
    """Return the figures of questions answered by what others, on other papers, teach; the mean of the parts."""
    parts = []
    for part in range(PARTS):
        learned = fit([asked for asked in every if asked.part != part])
        parts.append(report([asked for asked in every if asked.part == part], *learned))
    return {name: round(float(np.mean([figures[name] for figures in parts])), 3) for name in parts[0]}


def before_questions() -> list[str]:
    """Return the thesaurus as it was before words were added with these questions at hand: so it fits no better."""
    return list(takewhile(lambda line: not line.startswith("#"), lines()))


def ask(papers: list[Paper]) -> list[Asked]:
    """Read papers for every question that they answer, or none does."""
    index, by_id = Index(papers), {paper.id: paper for paper in papers}
    thesaurus = Thesaurus(before_questions)
    questions = json.loads(TRAINING.read_text(encoding="utf-8"))
    rows = [(row["q"], row["gold"]) for row in questions["answerable"]] + [(q, []) for q in questions["unanswerable"]]
    found = []
    for number, (raw, places) in enumerate(rows):
        gold = {sentence_at(by_id, place) for place in places} - {""}
        if bool(gold) is not bool(places):
            continue  # a question on another collection
        question = parse(raw, index, thesaurus)
        # All questions on a paper fall into one part.
        part = crc32(places[0].split("#")[0].encode()) if places else number
        asked = Asked(question, part % PARTS, bool(gold))
        ranked = [(by_id[key], score) for key, score in answering.search_for(index, question)]
        for reading, share in answering.read(ranked, question) if question.concepts else []:
            asked.readings.append(reading)
            asked.rows.append(table(reading, share))
            asked.right.append(np.array([sentence in gold for sentence in reading.sentences]))
        found.append(asked)
    return found


def sentence_at(papers: Mapping[str, Paper], place: str) -> str:
    """Return the sentence that "ID#NUMBER" names, or nothing if the paper is not there."""
    paper_id, _, number = place.rpartition("#")
    paper = papers.get(paper_id)
    return text.sentences(paper.abstract)[int(number) - 1] if paper else ""


def table(reading: Reading, share: float) -> NDArray[np.float64]:
    """Return the traits of a paper's sentences, of shape (sentences, traits)."""
    every = np.zeros(len(reading.sentences))
    return np.stack([every + value for value in traits(reading, share).values()], axis=1)


def fit(asked: Sequence[Asked]) -> tuple[dict[str, float], Steps]:
    """Return what traits are worth, and the scorecard that goes with it."""
    worth = fit_worth([one for one in asked if one.rows and one.labels.any()])
    fitted.WORTH.clear()
    fitted.WORTH.update(worth)
    return worth, fit_points(*signs_of(asked))


def fit_worth(asked: Sequence[Asked]) -> dict[str, float]:
    """Fit by softmax regression: the share of probability that falls on the sentences that answer."""
    first = asked[0]
    names = list(traits(first.readings[0], 1.0))
    data = [(one.traits, one.labels) for one in asked]
    every = np.vstack([rows for rows, _ in data])
    middle, spread = every.mean(axis=0), every.std(axis=0) + 1e-9
    scaled = [((rows - middle) / spread, right) for rows, right in data]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = PENALTY * float(weights @ weights), 2 * PENALTY * weights
        for rows, right in scaled:
            scores = rows @ weights
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            hit = odds[right].sum() + 1e-12
            total -= np.log(hit) / len(scaled)
            slope = slope - rows.T @ ((odds * right) / hit - odds) / len(scaled)
        return total, slope

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x / spread
    return dict(zip(names, found.tolist(), strict=True))


def signs_of(asked: Iterable[Asked]) -> tuple[list[dict[str, float]], NDArray[np.bool_]]:
    """Return the signs of each question's best sentence, and whether the question has an answer."""
    rows, answerable = [], []
    for one in asked:
        if best := best_of(one):
            rows.append(doubt.signs(best, one.readings))
            answerable.append(one.answerable)
    return rows, np.array(answerable)


def best_of(one: Asked) -> doubt.Best | None:
    """Return the sentence that would be quoted first, None where every paper lacks the fact that is asked."""
    pool = answering.ordered(zip(one.readings, [rows @ _weights() for rows in one.rows], strict=True))
    chosen = answering.choose(answering.able(pool), one.question)
    return answering.best(chosen) if chosen else None


def _weights() -> NDArray[np.float64]:
    return np.array(list(fitted.WORTH.values()))


def fit_points(rows: Sequence[Mapping[str, float]], answerable: NDArray[np.bool_]) -> Steps:
    """Fit the scorecard by boosting steps of one sign each, and add them up by sign."""
    names = list(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    edges = [np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1]).round(3)) for column in values.T]
    binned = np.stack([np.searchsorted(e, c, side="right") for e, c in zip(edges, values.T, strict=True)], axis=1)
    model = GradientBoostingClassifier(
        n_estimators=STUMPS, max_depth=1, learning_rate=RATE, subsample=0.7, max_features=0.3, random_state=0
    )
    # As many points speak for as against, however many questions of each kind there are.
    weights = np.where(answerable, 0.5 / answerable.mean(), 0.5 / (1 - answerable.mean()))
    model.fit(binned, answerable, sample_weight=weights)
    points = [np.zeros(len(e) + 1) for e in edges]
    for (stump,) in model.estimators_:
        tree = stump.tree_
        if (column := tree.feature[0]) >= 0:
            low, high = (RATE * float(tree.value[child].squeeze()) for child in (1, 2))
            points[column] += np.where(np.arange(len(points[column])) <= tree.threshold[0], low, high)
    found = zip(names, edges, points, strict=True)
    return {name: (tuple(e.tolist()), tuple(p.round(2).tolist())) for name, e, p in found if np.ptp(p) > 0}


def report(asked: Sequence[Asked], worth: Mapping[str, float], steps: Steps) -> dict[str, float]:
    """Return the shares of questions answered right first and in the top three, and refusals by false refusals."""
    weights = np.array(list(worth.values()))
    right = [one for one in asked if one.answerable]
    ranks = [one.labels[np.argsort(-(one.traits @ weights), kind="stable")] for one in right if one.rows]
    bad, good = (np.array([_points(one, steps) for one in asked if one.answerable is kind]) for kind in (False, True))
    figures = {
        "first": sum(rank[0] for rank in ranks) / len(right),
        "top_three": sum(rank[:3].any() for rank in ranks) / len(right),
        **{f"false refusals at {cut}": np.mean(good < cut) for cut in CUTS},
        **{f"refusals at {cut}": np.mean(bad < cut) for cut in CUTS},
    }
    return {name: round(float(value), 3) for name, value in figures.items()}


def _points(one: Asked, steps: Steps) -> float:
    """Return how sure an answer would be, in log odds."""
    best = best_of(one)
    signs = doubt.signs(best, one.readings) if best else {}
    return sum(points[bisect_right(edges, signs[name])] for name, (edges, points) in steps.items()) if signs else -99.0


def module(worth: Mapping[str, float], steps: Steps) -> str:
    """Return the source of `bot/core/fitted.py`."""
    worths = "\n".join(f"    {name!r}: {value:.2f}," for name, value in worth.items())
    points = "\n".join(
        f"    {name!r}: (\n        {edges},\n        {values},\n    )," for name, (edges, values) in steps.items()
    )
    head = Path(fitted.__file__).read_text(encoding="utf-8").split("WORTH: Final")[0]
    return (
        f"{head}WORTH: Final[dict[str, float]] = {{\n{worths}\n}}\n"
        '"""What a trait of a sentence (`traits`) adds to its score, in log odds."""\n'
        f"POINTS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...]]]] = {{\n{points}\n}}\n"
        '"""By sign (`doubt`): where its steps begin, and the points below the first and from each on, in log odds."""'
    )


if __name__ == "__main__":
    main()
