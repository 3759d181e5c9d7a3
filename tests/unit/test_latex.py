"""LaTeX read as text: a line for each thing that abstracts hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.tidy import tidy


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"apparently na\"{\i}ve ensembling", "apparently naïve ensembling"),
        (r"Erd\H{o}s, Schr\"odinger, caf\'e, \O{}rsted", "Erdős, Schrödinger, café, Ørsted"),
        (r"\^O \u{A}n Quan, Reabilita\c{c}\~ao, {\L}ojasiewicz, R\’{e}nyi, vis-\`a-vis", None),
        (r"{\v S}tef\'an, \AA ngstr{\"o}m, Stra\ss e, M{\" o}bius", "Štefán, Ångström, Straße, Möbius"),
        (r"he said \"yes\" and \"no\"", 'he said "yes" and "no"'),
        (r"we propose \tool, a general", "we propose tool, a general"),
        (r"\model{}s and \ModelName~do; {\ours}, \role{user}", "models and ModelName do; ours, role user"),
        (r"\emph{really} \textbf{bold} and {\em so {\it on}} \bf here", "really bold and so on here"),
        (r"\textbf{C}ausal {Grad}ient, \textsc{R}eward {\bf ho}moto{\bf p}y", "Causal Gradient, Reward homotopy"),
        (r"a 100\% success; R\&D for \$5; \_plan\_text; \#1", "a 100% success; R&D for $5; _plan_text; #1"),
        ("``black box'' --- accuracy--complexity", "“black box” — accuracy–complexity"),
        (r"RTX~5090, 19.7\,FPS, vs.\ 3, e.g.~this, see~\cite{a,b}, Fig.~3", None),
        (r"\eg this, \ie that, \etc; Li \etal", "e.g. this, i.e. that, etc.; Li et al."),
        (r"\url{https://x.org/a\_b} and \href{https://x.org}{\textcolor{blue}{here}}.", None),
        (r"\href{https://x.org/a}{x.org/a}, https://x.org/b{https://x.org/b}, https://x.org/c{the page}", None),
        (r"fast\footnote{Code: https://x.org/a.}. \textcolor{red}{Warning}, {\color{blue}x}", None),
        (r"\begin{itemize}[nosep] \item One\item[(b)] two \end{itemize}", "• One (b) two"),
        (r"$\unicode{x2013}$dash, \char`x, \char\"0997, \ding{55} \ding{9}", None),
        ("a\tb  c\u00a0 d\r\n", "a b c d"),
    ],
)
def test_text_becomes_readable(written: str, read: str | None) -> None:
    assert tidy(written) == (read or EXPECTED[written])


EXPECTED = {
    r"\^O \u{A}n Quan, Reabilita\c{c}\~ao, {\L}ojasiewicz, R\’{e}nyi, vis-\`a-vis": (
        "Ô Ăn Quan, Reabilitação, Łojasiewicz, Rényi, vis-à-vis"
    ),
    r"RTX~5090, 19.7\,FPS, vs.\ 3, e.g.~this, see~\cite{a,b}, Fig.~3": (
        "RTX 5090, 19.7 FPS, vs. 3, e.g. this, see [a,b], Fig. 3"
    ),
    r"\url{https://x.org/a\_b} and \href{https://x.org}{\textcolor{blue}{here}}.": (
        "https://x.org/a_b and here (https://x.org)."
    ),
    r"\href{https://x.org/a}{x.org/a}, https://x.org/b{https://x.org/b}, https://x.org/c{the page}": (
        "https://x.org/a, https://x.org/b, the page (https://x.org/c)"
    ),
    r"fast\footnote{Code: https://x.org/a.}. \textcolor{red}{Warning}, {\color{blue}x}": (
        "fast (Code: https://x.org/a.). Warning, x"
    ),
    r"$\unicode{x2013}$dash, \char`x, \char\"0997, \ding{55} \ding{9}": '–dash, char`x, char"0997, ✗ ding 9',
}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "> 10^{19} and 10^-3 sub-networks, 256^2 pixels, UniF^2ace",
            "> 10¹⁹ and 10⁻³ sub-networks, 256² pixels, UniF²ace",
        ),
        ("CO_2, MoS$_2$, In$_2$O$_3$, Geo$^2$-Select, LLMEval^2", "CO₂, MoS₂, In₂O₃, Geo²-Select, LLMEval²"),
        (r"from $42%$ to $69\%$, $p < 0.001$, ${>}0.5$, $\sim$3 hours", "from 42% to 69%, p < 0.001, >0.5, ~3 hours"),
        (
            r"$3\times 3$ and $512 \times 512$, 10$\times$ faster, $4.84{\times}$",
            "3×3 and 512 × 512, 10× faster, 4.84×",
        ),
        (r"$O(n\log n)$, $\tilde{\mathcal{O}}(\sqrt{nT})$, $\widetilde O(d/\sqrt n)$", "O(n log n), Õ(√(nT)), Õ(d/√n)"),
        (r"$\frac{1+c}{2}$ of $\frac{4}{17}$, $\frac1{\epsilon}\sqrt{k}$", "(1+c)/2 of 4/17, (1/ε)√k"),
        (r"$x\in\mathbb{R}^n$, $k \not\in \{2, 6\}$, $f\colon A\to B$", "x∈ℝ^n, k ∉ {2, 6}, f: A→B"),
        (r"$\|x\|_2^2 \le \epsilon^{-1/2}$, $|U_{e3}|^2$, $x_{i,j}^{(k)}$", "‖x‖₂² ≤ ε^(-1/2), |U_e3|², x_(i,j)^(k)"),
        (r"$\min\left\{a, b\right\}$ and $\left. x \right|_0$", "min{a, b} and x |₀"),
        (r"90$^\circ$, 360^{\circ}, 45{\deg}, $9.27\deg$, a 5$^{th}$", "90°, 360°, 45°, 9.27°, a 5th"),
        (r"q^{*}, $\pi^*$, W^+, $A^\top A$, $Z^\prime$", "q*, π*, W⁺, A^⊤ A, Z′"),
        (r"$$x^2$$ \[ y \leq z \] \(t\)", "x² y ≤ z t"),
        (r"$\binom{n}{k}$, $a \equiv b \pmod{4}$, $\hat{x}$, $\bar{ab}$", "(n choose k), a ≡ b (mod 4), x̂, ab"),
        (r"$\mathbf H\in\mathbb F_2^{r\times n}$", "H∈F₂^(r×n)"),
        (r"$\sum_{i=1}^{n} \Delta_i$, $\underset{x}{\max}$", "∑_(i=1)^n Δ_i, max_x"),
    ],
)
def test_formulas_become_readable(written: str, read: str) -> None:
    assert tidy(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "approx13% and approx25% fewer, {approx}0.6, (G approx 1, ρapprox 0.1)",
            "≈13% and ≈25% fewer, ≈0.6, (G ≈ 1, ρ≈ 0.1)",
        ),
        (
            "by mathcal O_i(u) = sigmaleft( sum_j mathcal W_{ij} u + mathcal B_{ij}right).",
            "by O_i(u) = σ( ∑_j W_ij u + B_ij).",
        ),
        ("4.84x and 1.12times and 20.21times faster, 8timesA800", "4.84x and 1.12× and 20.21× faster, 8×A800"),
        ("only sim30 of sim14,000times, 1.04sim2.2times, {sim}50", "only ~30 of ~14,000×, 1.04~2.2×, ~50"),
        ("leq6.9B, (pm1), 0.69 pm 0.16, z_{t}rightarrow z_{r}", "≤6.9B, (±1), 0.69 ± 0.16, z_t→ z_r"),
        ("pi_0 and pi_{0.5}, tau^3-Bench, theta_{GRPO}", "π₀ and π_0.5, τ³-Bench, θ_GRPO"),
        (r"spent on {\emph compression} of, via texttt{D}ual-texttt{H}ead", "spent on compression of, via Dual-Head"),
        (r"extbf{Cyc}le, mph{data}, ootnote{x}, \mathcalO(\sqrtT)", "Cycle, data, (x), O(√T)"),
        (r"360^circ, Oleft( d{varepsilon} right), lceil log_2 N rceil", "360°, O( dε ), ⌈ log₂ N ⌉"),
        (r"(about \212 K), \22K and \1 million; \3) Training", "(about $212 K), $22K and $1 million; 3) Training"),
        (
            "black{a framework}, FUTGA at https://x.org/a{blue{https://x.org/a}}",
            "a framework, FUTGA at https://x.org/a",
        ),
    ],
)
def test_what_a_source_left_of_latex_becomes_readable(written: str, read: str) -> None:
    assert tidy(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"Smith \etal\xspace we show", "Smith et al. we show"),
        (r"\ie\xspace we; \tool\xspace is, \tool\xspace.", "i.e. we; tool is, tool."),
        (r"use {\sc abc\xspace} here", "use abc here"),
        (r"$\{x\}$ and \{a\}", "{ x } and { a }"),
        (r"$\{0,1\}^n$, \{ \tool \}", "{0,1}^n, { tool }"),
        (r"the {L}earning of {BERT}", "the Learning of BERT"),
        (r"\verb|x_y| and \verb*+a_b+", "x_y and a_b"),
        (r"\verb", "verb"),
        (r"\S3, \S~4.1, \S{}5 and \S 6", "§3, §4.1, §5 and §6"),
        (r"$\S$ and \S", "S and S"),
        (r"C:\Users\new\table is full", r"C:\Users\new\table is full"),
        (r"$f:\mathbb{R}\to\mathbb{R}$ or f:\X\to\Y", "f:ℝ→ℝ or f:X→Y"),
        (r"C:\tool{b} it is", "C:tool b it is"),
    ],
)
def test_what_stands_for_itself_stays(written: str, read: str) -> None:
    assert tidy(written) == read
    assert tidy(read) == read


@given(st.text(st.sampled_from("ab1 ,_^$|\\{}:~"), max_size=40))
def test_escaped_braces_and_paths_are_stable_and_lose_no_letter(text: str) -> None:
    found = tidy(f"C:\\{text} \\{{ x \\}}")
    assert tidy(found) == found
    assert found.count("x") == 1
