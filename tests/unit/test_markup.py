"""HTML, JATS and MathML in text, and text in the wrong encoding."""

from __future__ import annotations

import pytest

from bot.core.tidy import tidy

MATHML = (
    '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:semantics><mml:mrow>{}</mml:mrow>'
    "<mml:annotation>x</mml:annotation></mml:semantics></mml:math>"
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("R&amp;D, 6.2% &#177; 2.8%, caf&eacute;&nbsp;&mdash; &#x3b1; &lt; 3", "R&D, 6.2% ± 2.8%, café — α < 3"),
        ("&amp;amp;lt;i&amp;gt;twice&lt;/i&gt;", "twice"),
        ("Q&A; H&E; AT&T; &unknown; &#xD800;", "Q&A; H&E; AT&T; &unknown; \ufffd"),
        ("<i>E. coli</i> in H<sub>2</sub>O at 10<sup>-3</sup>, <b>bold", "E. coli in H₂O at 10⁻³, <b>bold"),
        ("one<br/>two<p>three</p><p class='x'>four</p>", "one two three four"),
        (
            'see <a href="https://x.org/a_1">the page</a>, <a name="x">here</a>',
            "see the page (https://x.org/a_1), here",
        ),
        ("the <think> and </think> tags, <eos>, <s> and </s>, <i and j>", None),
        ("a<b and c>d, x <y> z, 1 < 2", None),
        ("<![CDATA[A &amp; B]]>", "A & B"),
        (
            "<jats:title>Abstract</jats:title><jats:p>A <i>b</i>.</jats:p><jats:title>Results</jats:title>",
            "A b. Results:",
        ),
    ],
)
def test_markup_goes_and_its_text_stays(written: str, read: str | None) -> None:
    assert tidy(written) == (read or written)


@pytest.mark.parametrize(
    ("elements", "read"),
    [
        ("<mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup><mml:mo>=</mml:mo><mml:mn>4</mml:mn>", "x²=4"),
        ("<mml:msubsup><mml:mi>a</mml:mi><mml:mi>i</mml:mi><mml:mi>n</mml:mi></mml:msubsup>", "a_i^n"),
        ("<mml:mfrac><mml:mn>1</mml:mn><mml:mrow><mml:mi>n</mml:mi><mml:mo>+</mml:mo><mml:mn>1</mml:mn></mml:mrow></mml:mfrac>",
         "1/(n+1)"),
        ("<mml:msqrt><mml:mi>T</mml:mi></mml:msqrt>", "√T"),
        ("<mml:mover><mml:mi>O</mml:mi><mml:mo>˜</mml:mo></mml:mover>", "Õ"),
        ("<mml:mroot><mml:mi>x</mml:mi><mml:mn>3</mml:mn></mml:mroot><mml:mspace/>", "³√x"),
        ("<mml:mfenced><mml:mi>a</mml:mi><mml:mi>b</mml:mi></mml:mfenced><mml:mtext>if</mml:mtext>", "(a, b) if"),
    ],
)  # fmt: skip
def test_formulas_in_mathml_become_readable(elements: str, read: str) -> None:
    assert tidy(f"the {MATHML.format(elements)} here") == f"the {read} here"


def test_a_formula_that_is_given_twice_is_read_once() -> None:
    tex = r"\documentclass{minimal} \usepackage{amsmath} \begin{document}$$x^2$$\end{document}"
    tex = f"<jats:tex-math>{tex}</jats:tex-math>"
    mathml = MATHML.format("<mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup>")
    both = f"a <jats:alternatives>{tex}{mathml}</jats:alternatives> b"
    assert tidy(both) == "a x² b"
    assert tidy(f"a {tex} b") == "a x² b"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("the robotâ\x80\x99s \x93best\x94 systemâ\x80\x94a", "the robot’s “best” system—a"),
        ("donâ€™t â€œsayâ€\x9d â€“ RamÃ\xadrez, Î± and Â±2, Ï\x89", "don’t “say” – Ramírez, α and ±2, ω"),
        (
            "diﬁcult ﬂow, soft\u00adhyphen, zero\u200bwidth\ufeff, a\u202eb\x00c",
            "dificult flow, softhyphen, zerowidth, a bc",
        ),
        ("🧑‍🔬 می‌خواهم e\u0301", "🧑‍🔬 می‌خواهم é"),
    ],
)
def test_text_in_the_wrong_encoding_is_read_again(written: str, read: str) -> None:
    assert tidy(written) == read.replace("a bc", "a b c")
