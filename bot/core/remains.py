r"""Remains of LaTeX from which a source took the backslashes and dollar signs: `mathcal O`, `approx13%`, `2times`.

What is unmistakable gets its backslash back, and LaTeX is read as ever. An English word stays a word: "sim" and
"times" count only beside digits, names of letters only with an index.
"""

from __future__ import annotations

import re
from typing import Final

_ALWAYS: Final = (
    "mathcal", "mathbb", "mathbf", "mathrm", "mathsf", "mathit", "boldsymbol", "rightarrow", "leftarrow", "Rightarrow",
    "leq", "geq", "infty", "varepsilon", "lceil", "rceil", "lfloor", "rfloor", "langle", "rangle", "propto", "lesssim",
    "gtrsim", "cdot", "ldots",
)  # fmt: skip
"""No words of English."""
_HINTS: Final = (
    "{", "math", "bolds", "arrow", "leq", "geq", "infty", "vareps", "ceil", "floor", "langle", "rangle", "propto",
    "ssim", "trsim", "cdot", "ldots",
)  # fmt: skip
"""Pieces of these words: looking for plain strings first spares most texts a search by pattern."""
_BRACED: Final = (
    "texttt", "textit", "textbf", "textsc", "textrm", "textsf", "emph", "frac", "sqrt", "tilde", "hat", "bar", "text",
    "underline", "operatorname", "mbox", "url", "href", "cite", "citep", "citet", "footnote", "textcolor",
)  # fmt: skip
"""Words only without a brace behind them."""
_BITTEN: Final = {"extbf": "textbf", "extit": "textit", "exttt": "texttt", "extsc": "textsc", "mph": "emph",
                  "ootnote": "footnote", "extcolor": "textcolor", "ext": "text"}  # fmt: skip
"""Where a program took the start of a name for a tab, a form feed or an escape."""
_COLOURS: Final = ("red", "blue", "green", "black", "gray", "cyan", "magenta", "orange", "purple", "teal")
_GREEK: Final = (
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi",
    "rho", "sigma", "tau", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Psi",
    "Omega",
)  # fmt: skip

_WORD: Final = re.compile(
    rf"(?<![\\A-Za-z])(?:(?:{'|'.join(_ALWAYS)})(?![A-Za-z])|(?:{'|'.join(_BRACED)}|wide(?:tilde|hat))(?=\{{))"
)
_BITE: Final = re.compile(rf"(?<![\\A-Za-z])(?:{'|'.join(_BITTEN)})(?=\{{)")
_COLOUR: Final = re.compile(rf"(?<![\\A-Za-z])(?:{'|'.join(_COLOURS)})(?=\{{)")
_LETTER: Final = re.compile(
    rf"(?<![\\\w./-])(?:{'|'.join(_GREEK)})(?=[_^](?:\d+(?![\w.])|\{{|[A-Za-z](?!\w))|left\()"
    r"|(?<![\\\w])(?:sum|prod)(?=_(?:\{|[a-z](?!\w)))"
)
_SIGN: Final = re.compile(r"times|approx|sim|leq|geq|pm")
_NUMBER: Final = re.compile(r"~?\d")
_APART: Final = re.compile(r" ?\d")
_AMOUNT: Final = re.compile(r"\d[\d.,]*(?:times|[KMBTx](?![A-Za-z])|(?![\d.,A-Za-z]))")
_LEFT: Final = re.compile(r"(?<=[^a-z\W\d_])left(?=\()|(?<=\{\})left(?=\()")
_RIGHT: Final = re.compile(r"(?<=[\s\d})\]])right(?=\))|(?<=_[a-z])right(?=\))")
_PRICE: Final = re.compile(r"(?<![\w\\])\\(?=\d[\d.,]*(?![\d.,)]))")


def restored(text: str) -> str:
    """Return a text with the backslashes back where they are plainly missing. Web addresses must not be in it."""
    if any(hint in text for hint in _HINTS):
        text = _WORD.sub(_with_backslash, text)
    if "{" in text:
        text = _BITE.sub(lambda match: f"\\{_BITTEN[match[0]]}", text)
        text = _COLOUR.sub("", text)
    if "_" in text or "^" in text or "left(" in text:
        text = _LETTER.sub(_with_backslash, text)
    text = _SIGN.sub(_beside_digits, text)
    if "left(" in text:
        text, count = _LEFT.subn(r"\\left", text)
        text = _RIGHT.sub(r"\\right", text, count=count) if count else text
    # A price whose dollar sign went the same way: \$22K was here.
    return _PRICE.sub(r"\\$", text) if "\\" in text else text


def _with_backslash(match: re.Match[str]) -> str:
    # The empty group ends the name where letters follow.
    return f"\\{match[0]}{{}}" if match.string[match.end() : match.end() + 1].isalpha() else f"\\{match[0]}"


def _beside_digits(match: re.Match[str]) -> str:
    """Give a sign its backslash if what stands beside it says that it is one."""
    name, text, start, end = match[0], match.string, match.start(), match.end()
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before == "{" and after == "}":
        sign = True
    elif before.isdigit():
        sign = name != "pm" and not after.islower()
    elif name == "approx" and (not before.isascii() or before in {"", " ", "("}):
        sign = bool(_APART.match(text, end) or _NUMBER.match(text, end))
    elif before.isalpha() or before in {"\\", "_", ".", "/", "-"}:
        sign = False
    elif name == "pm" and re.search(r"[\d%] $", text[max(start - 2, 0) : start]):
        sign = bool(_APART.match(text, end))
    else:
        sign = bool((_AMOUNT if name == "sim" else _NUMBER).match(text, end))
    return _with_backslash(match) if sign else name
