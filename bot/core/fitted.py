"""What was fitted on questions with known answers, by `python -m benchmarks.fit`; not to be edited by hand."""

from __future__ import annotations

from typing import Final

WORTH: Final[dict[str, float]] = {
    "paper: question held": 2.450,
    "paper: question in the title": 4.446,
    "paper: search score": 2.087,
    "paper: phrases": 5.102,
    "paper: a name is missing": -0.688,
    "paper: how often": 2.830,
    "held": 3.359,
    "held, rare in the abstract": 6.556,
    "held word for word, rare": 1.718,
    "held, title and all": -2.194,
    "held by the sentence before": 3.353,
    "the word after \"which\"": 0.974,
    "the thing counted": 1.380,
    "the fact asked for": 1.122,
    "a definition": 2.990,
    "digits for an amount": 0.544,
    "\"we propose\"": -0.474,
    "wording: count": 1.649,
    "wording: amount": 0.882,
    "wording: percent": 2.082,
    "wording: time": 1.317,
    "wording: size": 0.133,
    "wording: trouble": 2.162,
    "wording: means": 1.231,
    "wording: tested": 1.723,
    "wording: result": 1.483,
    "wording: code": -0.823,
    "wording: use": -0.903,
    "length": 0.402,
    "the first": -0.858,
    "the last": -0.475,
    "late": 0.947,
    "late, for a result": 0.653,
    "early, for a problem": 1.493,
}
"""What a trait of a sentence (`traits`) adds to its score."""
BASE: Final = 0.0
POINTS: Final[dict[str, tuple[tuple[float, ...], tuple[float, ...]]]] = {
    "score": (
        (12.5652, 12.7581, 13.4464, 13.6527, 14.6777, 14.9814, 16.3942, 16.8902, 17.1128, 19.9282, 20.3787, 20.4093, 20.813, 20.8218, 20.8548, 21.7776, 22.5143, 23.3104, 28.1288),
        (-0.681, -0.616, -0.542, -0.487, -0.433, -0.389, -0.286, -0.205, -0.027, 0.101, 0.196, 0.249, 0.277, 0.322, 0.385, 0.465, 0.533, 0.574, 0.628, 0.024),
    ),
    "names": (
        (0.5,),
        (0.146, -0.11),
    ),
    "a name is missing": (
        (0.5,),
        (0.142, -0.483),
    ),
    "a name is met in part": (
        (0.5,),
        (0.291, -0.951),
    ),
    "words": (
        (1.7006, 1.8688, 2.0127, 2.1383),
        (-0.559, -0.308, 0.455, 1.021, 2.261),
    ),
    "not met": (
        (0.036, 0.2619, 0.2682, 0.3155),
        (0.092, 0.112, -0.011, -0.153, -0.233),
    ),
    "the heaviest not met": (
        (0.04, 0.2232, 0.3093),
        (0.02, 0.042, -0.052, -0.1),
    ),
    "not met in any paper": (
        (0.1618, 0.1623, 0.1958),
        (0.027, -0.048, -0.098, -0.205),
    ),
    "met nearly": (
        (0.0452, 0.0464, 0.0468, 0.0481, 0.0625, 0.1384, 0.1529),
        (0.08, 0.047, -0.006, -0.111, -0.15, -0.191, -0.232, -0.287),
    ),
    "met by the same": (
        (0.5003, 0.5698, 0.5876, 0.7805, 0.7962, 0.85, 0.8503, 0.8565, 0.9064),
        (-0.476, -0.415, -0.353, -0.264, -0.092, 0.063, 0.139, 0.235, 0.285, 0.312),
    ),
    "met word for word": (
        (0.017, 0.1152, 0.1878, 0.494, 0.4945, 0.5, 0.5363),
        (-0.292, -0.082, 0.007, 0.076, 0.052, 0.024, -0.002, -0.027),
    ),
    "words met word for word": (
        (0.5, 1.5, 2.5, 3.5, 4.5),
        (-0.734, -0.63, -0.285, -0.063, 0.383, 0.546),
    ),
    "the heaviest in the sentence": (
        (0.2057, 0.3121, 0.3174, 0.3178, 0.4886, 0.7119),
        (0.056, 0.031, -0.004, -0.03, -0.061, -0.092, -0.017),
    ),
    "in the sentence": (
        (0.5544, 0.7151, 0.7246, 0.7728, 0.8756, 0.8783, 0.8918, 0.8919, 0.8963, 0.8968, 0.9052, 0.9065, 0.9066, 0.9548, 0.9716),
        (-0.092, -0.117, -0.139, -0.191, -0.216, -0.16, -0.092, -0.024, 0.027, 0.079, 0.304, 0.37, 0.571, 0.624, 0.69, 0.758),
    ),
    "asked": (
        (0.7668,),
        (-0.046, 0.056),
    ),
    "asked in the sentence": (
        (0.5451, 0.549, 0.5508, 0.5675, 0.5929, 0.6808, 0.6891, 0.8505, 0.8531, 0.858, 0.8697, 0.9108, 0.9433),
        (-0.144, -0.119, -0.087, -0.055, -0.032, -0.002, 0.123, 0.158, 0.285, 0.39, 0.468, 0.529, 0.586, 0.658),
    ),
    "the word after \"which\" is not met": (
        (0.5,),
        (0.004, -0.072),
    ),
    "asked beside the title": (
        (0.2361, 0.2385, 0.397, 0.406, 0.4061, 0.5039, 0.6753, 0.8612, 0.8784, 0.914, 0.9217),
        (-1.396, -1.194, -0.118, -0.063, -0.014, 0.039, 0.07, 0.097, 0.067, 0.033, -0.151, -0.191),
    ),
    "yes or no": (
        (0.5,),
        (0.146, -0.494),
    ),
    "an amount": (
        (0.5,),
        (0.172, -0.426),
    ),
    "the fact asked for": (
        (0.5,),
        (-0.774, 0.019),
    ),
    "the thing counted": (
        (0.5,),
        (-1.361, 0.003),
    ),
}
"""By sign (`doubt`): where its steps begin, and the points below the first and from each on, in log odds."""
