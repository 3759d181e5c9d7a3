"""What was fitted on questions with known answers, by `python -m benchmarks.fit`; not to be edited by hand."""

from __future__ import annotations

from typing import Final

WORTH: Final[dict[str, float]] = {
    "paper: question held": 2.47,
    "paper: question in the title": 4.43,
    "paper: search score": 2.07,
    "paper: phrases": 5.09,
    "paper: a name is missing": -0.69,
    "paper: how often": 2.89,
    "held": 3.40,
    "held, rare in the abstract": 6.49,
    "held word for word, rare": 1.74,
    "held, title and all": -2.18,
    "held by the sentence before": 3.38,
    'the word after "which"': 1.02,
    "the thing counted": 1.37,
    "the fact asked for": 1.12,
    "a definition": 8.68,
    "an introduction": 1.95,
    "digits for an amount": 0.54,
    '"we propose"': -0.44,
    "wording: count": 1.65,
    "wording: amount": 0.88,
    "wording: percent": 2.09,
    "wording: time": 1.31,
    "wording: size": 0.13,
    "wording: trouble": 2.18,
    "wording: means": 1.26,
    "wording: tested": 1.68,
    "wording: result": 1.48,
    "wording: code": -0.82,
    "wording: use": -0.92,
    "length": 0.39,
    "the first": -0.83,
    "the last": -0.47,
    "late": 1.03,
    "late, for a result": 0.60,
    "early, for a problem": 1.52,
}
"""What a trait of a sentence (`traits`) adds to its score, in log odds."""
POINTS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...]]]] = {
    "score": (
        (13.465, 15.587, 17.285, 18.816, 20.54, 22.176, 24.211),
        (-0.57, -0.26, -0.16, -0.05, -0.05, 0.3, 0.45, 0.45),
    ),
    "names": (
        (0.0, 1.0),
        (0.07, 0.07, -0.04),
    ),
    "a name is missing": (
        (0.0, 1.0),
        (0.13, 0.13, -0.5),
    ),
    "a name is not met": (
        (0.0, 1.0),
        (0.01, 0.01, -0.04),
    ),
    "a name is met in part": (
        (0.0, 1.0),
        (0.31, 0.31, -1.12),
    ),
    "words": (
        (1.206, 1.386, 1.609, 1.792, 1.946, 2.079),
        (-0.53, -0.53, -0.53, -0.41, 0.41, 0.41, 1.43),
    ),
    "not met": (
        (0.0, 0.021, 0.136, 0.254, 0.405),
        (0.02, 0.02, 0.02, 0.02, -0.07, -0.11),
    ),
    "the heaviest not met": (
        (0.0, 0.021, 0.124, 0.206, 0.293),
        (0.03, 0.03, 0.03, 0.03, -0.08, -0.08),
    ),
    "not met in any paper": (
        (0.0, 0.223),
        (0.03, 0.03, -0.35),
    ),
    "met nearly": (
        (0.0, 0.014, 0.176),
        (0.07, 0.07, -0.21, -0.21),
    ),
    "met by the same": (
        (0.514, 0.663, 0.777, 0.884, 1.0),
        (-0.6, -0.38, -0.38, 0.08, 0.39, 0.39),
    ),
    "met word for word": (
        (0.313, 0.436, 0.533, 0.628, 0.727, 0.839, 0.98),
        (0.05, 0.05, 0.05, -0.11, -0.01, -0.01, -0.01, 0.05),
    ),
    "words met word for word": (
        (1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        (-1.17, -0.77, -0.27, 0.07, 0.34, 0.52, 0.52),
    ),
    "the heaviest in the sentence": (
        (0.148, 0.198, 0.238, 0.28, 0.328, 0.384, 0.469),
        (0.19, 0.09, -0.01, -0.01, -0.01, -0.06, -0.09, -0.09),
    ),
    "in the sentence": (
        (0.403, 0.518, 0.609, 0.694, 0.782, 0.873, 0.953),
        (-0.07, -0.07, -0.09, -0.13, -0.16, -0.16, 0.26, 0.61),
    ),
    "asked": (
        (0.411, 0.554, 0.664, 0.758, 0.836, 0.91, 0.993),
        (-0.08, -0.08, -0.08, 0.04, 0.04, 0.04, 0.04, 0.13),
    ),
    "asked in the sentence": (
        (0.26, 0.367, 0.454, 0.538, 0.632, 0.74, 0.88),
        (-0.11, -0.11, -0.11, -0.11, 0.04, 0.04, 0.04, 0.46),
    ),
    "asked beside the title": (
        (0.502, 0.609, 0.681, 0.745, 0.805, 0.881, 1.0),
        (-0.0, -0.0, 0.08, 0.08, 0.08, 0.05, -0.12, -0.12),
    ),
    "yes or no": (
        (0.0, 1.0),
        (0.18, 0.18, -0.59),
    ),
    "an amount": (
        (0.0, 1.0),
        (0.13, 0.13, -0.32),
    ),
    "the fact asked for": (
        (1.0,),
        (-0.34, 0.0),
    ),
    "the thing counted": (
        (1.0,),
        (-1.95, 0.0),
    ),
    "what it is compared with": (
        (1.0,),
        (-0.16, 0.0),
    ),
}
"""By sign (`doubt`): where its steps begin, and the points below the first and from each on, in log odds."""
