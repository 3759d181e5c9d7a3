"""One spelling for English words that are spelt in two ways, so that either finds the other."""

from __future__ import annotations

import re

_RULES = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        # "optimise"; not "denoise", nor what has a noun in -ision or -isor: "supervise", "precise".
        (r"(?<=[a-z]{2}[^aeiouvc])is(e[drs]?|ers|ing|ations?|able)$", r"iz\1"),
        (r"(?<=[a-z]l)ys(e[drs]?|ers|ing)$", r"yz\1"),
        (r"(?<=[a-z]{3})our(s|ed|ing|al|ally|less|able|ful|ites?|hoods?)?$", r"or\1"),
        (r"(?<=[a-z]{2}[bt])re(s?)$", r"er\1"),
        (r"(?<=[a-z]{2}log)ue(s?)$", r"\1"),
        (r"(?<=gram)me(s?)$", r"\1"),
        (r"haem(?=[aoi])|aem(?=i)", lambda found: found[0].replace("ae", "e")),
        (r"^(?:paed|oed|oes|oet|foet|anaes)", lambda found: re.sub("[ao](?=e)", "", found[0])),
        (r"rrhoea", "rrhea"),
    )
)
_LIKELY = re.compile("[iy]s|our|[bt]re|gue|mme|ae|oe")
"""What a word must hold for a rule to change it; most hold none of it."""
_WORDS = {
    "aerofoil": "airfoil",
    "aerofoils": "airfoils",
    "aeroplane": "airplane",
    "aeroplanes": "airplanes",
    "aluminium": "aluminum",
    "artefact": "artifact",
    "artefacts": "artifacts",
    "defence": "defense",
    "defences": "defenses",
    "grey": "gray",
    "licence": "license",
    "licences": "licenses",
    "offence": "offense",
    "practise": "practice",
    "practised": "practiced",
    "sulphur": "sulfur",
}


def american(word: str) -> str:
    """Return a word in lower case as Americans spell it, as nearly as rules can tell."""
    if word in _WORDS:
        return _WORDS[word]
    if _LIKELY.search(word):
        for pattern, to in _RULES:
            word = pattern.sub(to, word)
    return word
