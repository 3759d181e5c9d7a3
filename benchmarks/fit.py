"""Fit what a trait of a sentence is worth, and the scorecard of doubt: `python -m benchmarks.fit FILE… > bot/core/fitted.py`.

Each FILE holds questions as `benchmarks.answers` takes them; --corpus asks all of them among more papers as well. Printed
to stderr are the figures of a cross-validation: each file's questions answered by what the other files teach.
"""

from __future__ import annotations

import argparse
import json
import sys
from bisect import bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.optimize import minimize
from sklearn.ensemble import GradientBoostingClassifier

from benchmarks.answers import collection
from bot.core import answer as answering
from bot.core import doubt, fitted, text
from bot.core.asking import parse
from bot.core.index import Index
from bot.core.reading import Reading
from bot.core.traits import traits
from bot.thesaurus import shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from bot.core.asking import Question
    from bot.core.paper import Paper

    Steps = dict[str, tuple[tuple[float, ...], tuple[float, ...]]]

PENALTY: Final = 0.02
"""Weight of the sum of squares: it keeps what a few questions teach small."""
STUMPS, RATE = 250, 0.08
"""Steps of the scorecard, and how much of what it lacks each makes good."""
CUTS: Final = (0.03, 0.05, 0.08, 0.1, 0.15)


@dataclass
class Asked:
    """A question, the papers read for it, and for each sentence its traits and whether it answers."""

    question: Question
    readings: list[Reading] = field(default_factory=list)
    rows: list[NDArray[np.float64]] = field(default_factory=list)
    right: list[NDArray[np.bool_]] = field(default_factory=list)
    answerable: bool = True

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
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--corpus", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    settings = [collection([])] + ([collection(options.corpus)] if options.corpus else [])
    files = [[asked for papers in settings for asked in ask(path, papers)] for path in options.questions]
    if len(files) > 1:
        for number, path in enumerate(options.questions):
            others = [asked for n, file in enumerate(files) if n != number for asked in file]
            print(path.name, report(files[number], *fit(others)), file=sys.stderr)
    worth, base, steps = fit([asked for file in files for asked in file])
    print(module(worth, base, steps))


def ask(path: Path, papers: list[Paper]) -> list[Asked]:
    """Read papers for every question of a file."""
    index, by_id = Index(papers), {paper.id: paper for paper in papers}
    thesaurus = shipped()
    questions = json.loads(path.read_text(encoding="utf-8"))
    rows = [(row["q"], row["gold"]) for row in questions["answerable"]] + [(q, []) for q in questions["unanswerable"]]
    there = {sentence for paper in papers for sentence in text.sentences(paper.abstract)}
    found = []
    for raw, gold in rows:
        if gold and there.isdisjoint(gold):
            continue  # a question on another collection
        question = parse(raw, index, thesaurus)
        asked = Asked(question, answerable=bool(gold))
        ranked = [(by_id[key], score) for key, score in answering.search_for(index, question)]
        for reading, share in answering.read(ranked, question) if question.concepts else []:
            asked.readings.append(reading)
            asked.rows.append(table(reading, share))
            asked.right.append(np.array([sentence in gold for sentence in reading.sentences]))
        found.append(asked)
    return found


def table(reading: Reading, share: float) -> NDArray[np.float64]:
    """Return the traits of a paper's sentences, of shape (sentences, traits)."""
    every = np.zeros(len(reading.sentences))
    return np.stack([every + value for value in traits(reading, share).values()], axis=1)


def fit(asked: Sequence[Asked]) -> tuple[dict[str, float], float, Steps]:
    """Return what traits are worth, and the scorecard that goes with it."""
    worth = fit_worth([one for one in asked if one.rows and one.labels.any()])
    fitted.WORTH.clear()
    fitted.WORTH.update(worth)
    base, steps = fit_points(*signs_of(asked))
    return worth, base, steps


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
    chosen = answering.choose([each for each in pool if answering.may(each.reading)], one.question)
    return answering.best(chosen) if chosen else None


def _weights() -> NDArray[np.float64]:
    return np.array(list(fitted.WORTH.values()))


def fit_points(rows: Sequence[Mapping[str, float]], answerable: NDArray[np.bool_]) -> tuple[float, Steps]:
    """Fit the scorecard by boosting steps of one sign each, and add them up by sign."""
    names = list(rows[0])
    values = np.array([[row[name] for name in names] for row in rows])
    model = GradientBoostingClassifier(
        n_estimators=STUMPS, max_depth=1, learning_rate=RATE, subsample=0.7, max_features=0.3, random_state=0
    )
    # As many points speak for as against, however many questions of each kind there are.
    weights = np.where(answerable, 0.5 / answerable.mean(), 0.5 / (1 - answerable.mean()))
    model.fit(values, answerable, sample_weight=weights)
    jumps: dict[str, list[tuple[float, float, float]]] = {name: [] for name in names}
    for (stump,) in model.estimators_:
        tree = stump.tree_
        if tree.feature[0] >= 0:
            low, high = (RATE * float(tree.value[child].squeeze()) for child in (1, 2))
            jumps[names[tree.feature[0]]].append((float(tree.threshold[0]), low, high))
    return 0.0, {name: _steps(found) for name, found in jumps.items() if found}


def _steps(jumps: Sequence[tuple[float, float, float]]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    starts = sorted({round(start, 4) for start, _, _ in jumps})
    places = [starts[0] - 1.0, *starts]
    points = [sum(high if place >= round(start, 4) else low for start, low, high in jumps) for place in places]
    return tuple(starts), tuple(round(value, 3) for value in points)


def report(asked: Sequence[Asked], worth: Mapping[str, float], base: float, steps: Steps) -> dict[str, Any]:
    """Return the shares of questions answered right first and in the top three, and refusals by false refusals."""
    right = [one for one in asked if one.answerable]
    ranks = [
        one.labels[np.argsort(-(one.traits @ np.array(list(worth.values()))), kind="stable")]
        for one in right
        if one.rows
    ]
    sure = {True: [], False: []}  # type: dict[bool, list[float]]
    for one in asked:
        best = best_of(one)
        points = (
            base
            + sum(
                p[bisect_right(s, v)]
                for n, v in doubt.signs(best, one.readings).items()
                for s, p in [steps.get(n, ((), (0.0,)))]
            )
            if best
            else -99.0
        )
        sure[one.answerable].append(points)
    given = np.sort(sure[True])
    return {
        "first": round(sum(rank[0] for rank in ranks) / len(right), 3),
        "top_three": round(sum(rank[:3].any() for rank in ranks) / len(right), 3),
        "refusals at 0": round(float(np.mean(np.array(sure[False]) < 0)), 3),
        "false at 0": round(float(np.mean(given < 0)), 3),
        **{
            f"refusals at {cut}": round(float(np.mean(np.array(sure[False]) < given[int(cut * len(given))])), 3)
            for cut in CUTS
        },
    }


def module(worth: Mapping[str, float], base: float, steps: Steps) -> str:
    """Return the source of `bot/core/fitted.py`."""
    worths = "\n".join(f"    {json.dumps(name)}: {value:.3f}," for name, value in worth.items())
    points = "\n".join(
        f"    {json.dumps(name)}: (\n        {found[0]},\n        {found[1]},\n    )," for name, found in steps.items()
    )
    head = Path(fitted.__file__).read_text(encoding="utf-8").split("WORTH: Final")[0]
    return (
        f"{head}WORTH: Final[dict[str, float]] = {{\n{worths}\n}}\n"
        '"""What a trait of a sentence (`traits`) adds to its score."""\n'
        f"BASE: Final = {base}\n"
        f"POINTS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...]]]] = {{\n{points}\n}}\n"
        '"""By sign (`doubt`): where its steps begin, and the points below the first and from each on, in log odds."""'
    )


if __name__ == "__main__":
    main()
