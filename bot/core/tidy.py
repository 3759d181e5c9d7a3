"""Tidying: text as sources send it becomes text to read, without losing a word or a number."""

from __future__ import annotations

import re
import unicodedata

from pylatexenc.latex2text import LatexNodes2Text

# An accent macro on one letter, as na\"{\i}ve, Erd\H{o}s, \'e; the only LaTeX given to the converter:
# on whole abstracts it takes "%" for a comment and drops macros it does not know.
_ACCENT = re.compile(r"""\\(?:["'`^~=.]\s*|[cvuHkrdb](?=[\s{\\])\s*)(?:\{\\?[A-Za-z]\}|\\[ij](?![A-Za-z])|[A-Za-z])""")
_LETTER_MACRO = re.compile(r"\\(?:ss|ae|AE|oe|OE|aa|AA|o|O|l|L)(?![A-Za-z])(?:\{\}| )?")
_FORMAT = re.compile(
    r"\\(?:emph|textbf|textit|texttt|textsc|textrm|text|mathrm|mathbf|mathbb|mathcal|em|bf|it)(?![A-Za-z])\s*"
)
_GROUP = re.compile(r"\{([^{}]*)\}")
_ESCAPED = re.compile(r"\\([%$&#_{}])")
_MACRO = re.compile(r"\\([A-Za-z]+)")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_POWER = re.compile(r"(?<=[\w)\]])\^\{?([+-]?\d+)\}?")
_INDEX = re.compile(r"(?<=[A-Za-z)])_(?:\{(\d+)\}|(\d+))(?![\w])")
_BRACED = re.compile(r"([_^])\{([^{}]*)\}")
_CALLIGRAPHIC = re.compile(r"\bmathcal (?=[A-Z](?![A-Za-z]))")
_GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "theta": "θ", "lambda": "λ",
          "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω"}  # fmt: skip
_GREEK_CALL = re.compile(rf"\b({'|'.join(_GREEK)})left(?=\()")
_SYMBOLS = {"times": "×", "approx": "≈", "sim": "~", "pm": "±", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
            "sum": "∑", "infty": "∞", "to": "→", "rightarrow": "→", "cdot": "·", "ldots": "…", "dots": "…",
            **_GREEK}  # fmt: skip
_SUPER = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_SUB = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_URL = re.compile(r"https?://[^\s<>()\[\]{}\"'`]+[^\s<>()\[\]{}\"'`.,;:!?]")
_CODE = re.compile(r"https?://(?:[\w-]+\.)?(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org)/", re.IGNORECASE)

_converter = LatexNodes2Text()


def tidy(text: str) -> str:
    """Return readable Unicode for text that may hold LaTeX or its stripped remains.

    Web addresses are left alone. Unknown macros keep their names; only markup is removed.
    """
    text = _CONTROL.sub(" ", text)
    pieces: list[str] = []
    place = 0
    for url in _URL.finditer(text):
        pieces += [_tidy_prose(text[place : url.start()]), url[0]]
        place = url.end()
    return "".join([*pieces, _tidy_prose(text[place:])]).strip()


def _tidy_prose(text: str) -> str:
    readable = _punctuate(_strip_remains(_strip_latex(text)))
    return unicodedata.normalize("NFC", _SPACES.sub(" ", readable))


def _strip_latex(text: str) -> str:
    if "\\" not in text:
        return text
    text = _ACCENT.sub(_convert, text)
    text = _LETTER_MACRO.sub(_convert, text)
    text = _FORMAT.sub("", text)
    text = _ESCAPED.sub(r"\1", text)
    return _MACRO.sub(lambda m: _SYMBOLS.get(m[1], m[1]), text)


def _convert(match: re.Match[str]) -> str:
    return str(_converter.latex_to_text(match[0]))


def _strip_remains(text: str) -> str:
    """Read what is left where a source removed backslashes and dollar signs."""
    # Each look for a plain string spares most texts a search by pattern, which costs thirty times as much.
    if "approx" in text:
        text = re.sub(r"\bapprox(?=[\d~])", "≈", text)
    if "times" in text:
        text = re.sub(r"(?<=\d)times\b", "×", text)
    if "mathcal " in text:
        text = _CALLIGRAPHIC.sub("", text)
    if "left(" in text:
        text = _GREEK_CALL.sub(lambda m: _GREEK[m[1]], text)
    if "right)" in text:
        text = re.sub(r"(?<=[\d})\]])right(?=\))", "", text)
    return _strip_scripts(text) if "_" in text or "^" in text or "{" in text else text


def _strip_scripts(text: str) -> str:
    text = re.sub(r"\bsum_(?=\w|\{)", "∑_", text)
    text = _POWER.sub(lambda m: m[1].translate(_SUPER), text)
    text = _INDEX.sub(lambda m: (m[1] or m[2]).translate(_SUB), text)
    text = _BRACED.sub(r"\1\2", text)
    return _GROUP.sub(r"\1", text)


def _punctuate(text: str) -> str:
    text = text.replace("``", "“").replace("''", "”")
    text = text.replace("---", "—")
    return text.replace("--", "–")


def find_links(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return `(code, other)` web addresses of a text, in order, each once."""
    found = dict.fromkeys(_URL.findall(text))
    code = tuple(url for url in found if _CODE.match(url))
    return code, tuple(url for url in found if url not in code)
