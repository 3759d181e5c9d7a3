"""What was fitted on questions with known answers, by `python -m benchmarks.fit`; not to be edited by hand."""

from __future__ import annotations

from typing import Final

WORTH: Final[dict[str, float]] = {
    "paper: question held": 2.45,
    "paper: question in the title": 4.41,
    "paper: search score": 2.08,
    "paper: phrases": 5.14,
    "paper: a name is missing": -0.70,
    "paper: how often": 2.85,
    "held": 3.36,
    "held, rare in the abstract": 6.39,
    "held word for word, rare": 1.73,
    "held, title and all": -2.13,
    "held by the sentence before": 3.33,
    'the word after "which"': 1.15,
    "the thing counted": 1.47,
    "the fact asked for": 0.90,
    "a definition": 9.12,
    "an introduction": 2.65,
    "digits for an amount": 0.54,
    '"we propose"': -0.42,
    "wording: count": 1.51,
    "wording: amount": 0.87,
    "wording: percent": 2.04,
    "wording: time": 1.32,
    "wording: size": 0.13,
    "wording: trouble": 2.14,
    "wording: means": 1.24,
    "wording: tested": 1.78,
    "wording: result": 1.49,
    "wording: code": -0.82,
    "wording: use": -0.92,
    "length": 0.39,
    "the first": -0.84,
    "the last": -0.46,
    "late": 1.02,
    "late, for a result": 0.61,
    "early, for a problem": 1.51,
}
"""What a trait of a sentence (`traits`) adds to its score, in log odds."""
POINTS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...]]]] = {
    "score": (
        (13.363, 15.439, 17.101, 18.714, 20.388, 22.022, 24.033),
        (-0.64, -0.36, -0.26, -0.01, -0.01, 0.43, 0.56, 0.6),
    ),
    "names": (
        (0.0, 1.0),
        (0.07, 0.07, -0.06),
    ),
    "a name is missing": (
        (0.0, 1.0),
        (0.11, 0.11, -0.53),
    ),
    "a name is met in part": (
        (0.0, 1.0),
        (0.32, 0.32, -1.08),
    ),
    "words": (
        (1.099, 1.386, 1.609, 1.792, 1.946, 2.079),
        (-0.52, -0.52, -0.52, -0.41, 0.46, 0.46, 1.37),
    ),
    "the heaviest not met": (
        (0.0, 0.116, 0.202, 0.292),
        (0.07, 0.07, 0.07, -0.16, -0.16),
    ),
    "not met in any paper": (
        (0.0, 0.221),
        (0.03, 0.03, -0.29),
    ),
    "met nearly": (
        (0.0, 0.171),
        (0.03, 0.03, -0.17),
    ),
    "met by the same": (
        (0.522, 0.671, 0.785, 0.896, 1.0),
        (-0.4, -0.32, -0.2, 0.01, 0.27, 0.29),
    ),
    "met word for word": (
        (0.315, 0.437, 0.534, 0.629, 0.728, 0.841, 0.981),
        (0.16, 0.16, 0.16, -0.1, -0.1, -0.1, -0.1, -0.05),
    ),
    "words met word for word": (
        (1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
        (-1.16, -0.79, -0.24, 0.05, 0.31, 0.49, 0.49),
    ),
    "the heaviest in the sentence": (
        (0.148, 0.198, 0.239, 0.28, 0.329, 0.385, 0.47),
        (0.25, 0.09, -0.04, -0.04, -0.04, -0.07, -0.07, -0.07),
    ),
    "in the sentence": (
        (0.403, 0.517, 0.612, 0.697, 0.782, 0.873, 0.953),
        (-0.09, -0.09, -0.09, -0.13, -0.13, -0.13, 0.38, 0.56),
    ),
    "asked": (
        (0.42, 0.566, 0.671, 0.766, 0.845, 0.915, 1.0),
        (-0.22, -0.22, -0.22, 0.07, 0.07, 0.22, 0.22, 0.26),
    ),
    "asked in the sentence": (
        (0.259, 0.366, 0.454, 0.539, 0.637, 0.742, 0.88),
        (-0.09, -0.09, -0.09, -0.09, 0.0, 0.02, 0.02, 0.43),
    ),
    "asked beside the title": (
        (0.502, 0.609, 0.679, 0.743, 0.803, 0.877, 1.0),
        (0.06, 0.06, 0.09, 0.09, 0.09, 0.05, -0.21, -0.21),
    ),
    "yes or no": (
        (0.0, 1.0),
        (0.21, 0.21, -0.64),
    ),
    "an amount": (
        (0.0, 1.0),
        (0.12, 0.12, -0.37),
    ),
    "the thing counted": (
        (1.0,),
        (-2.44, 0.01),
    ),
    "what it is compared with": (
        (1.0,),
        (-0.46, 0.01),
    ),
}
"""By sign (`doubt`): where its steps begin, and the points below the first and from each on, in log odds."""
