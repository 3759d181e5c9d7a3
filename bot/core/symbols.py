"""LaTeX's names: what each stands for in text. Names that authors use for their own methods are not among them."""

from __future__ import annotations

from typing import Final

_SYMBOLS: Final = """
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ
lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ
chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varPhi Φ varPsi Ψ varOmega Ω
ell ℓ hbar ħ hslash ℏ wp ℘ Re ℜ Im ℑ aleph ℵ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅
forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ land ∧ lor ∨ wedge ∧ vee ∨ cap ∩ cup ∪ bigcap ⋂ bigcup ⋃ bigwedge ⋀
bigvee ⋁ sqcap ⊓ sqcup ⊔ uplus ⊎ setminus ∖ smallsetminus ∖ backslash ∖ textbackslash ∖
in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ sqsubseteq ⊑
sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ surd √
times × div ÷ cdot · pm ± mp ∓ ast * star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙
bigoplus ⊕ bigotimes ⊗ boxplus ⊞ boxtimes ⊠ boxdot ⊡ ltimes ⋉ rtimes ⋊ bowtie ⋈ wr ≀ amalg ⨿
leq ≤ le ≤ geq ≥ ge ≥ leqslant ≤ geqslant ≥ leqq ≦ geqq ≧ ll ≪ gg ≫ lesssim ≲ gtrsim ≳ lessgtr ≶ gtrless ≷
lessapprox ⪅ gtrapprox ⪆ nleq ≰ ngeq ≱ neq ≠ ne ≠ equiv ≡ approx ≈ approxeq ≊ sim ~ simeq ≃ cong ≅ asymp ≍
doteq ≐ triangleq ≜ coloneqq ≔ coloneq ≔ propto ∝ prec ≺ succ ≻ preceq ≼ succeq ≽ preccurlyeq ≼ succcurlyeq ≽
colon : parallel ∥ nparallel ∦ perp ⊥ top ⊤ vdash ⊢ dashv ⊣ vDash ⊨ Vdash ⊩ mid | nmid ∤ angle ∠
to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ uparrow ↑ downarrow ↓ updownarrow ↕ longrightarrow ⟶
longleftarrow ⟵ longleftrightarrow ⟷ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ implies ⇒ iff ⇔ Longrightarrow ⟹
Longleftarrow ⟸ Longleftrightarrow ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ nearrow ↗ searrow ↘
swarrow ↙ nwarrow ↖ rightleftharpoons ⇌ rightharpoonup ⇀ leadsto ⇝ rightsquigarrow ⇝ xrightarrow → xleftarrow ←
twoheadrightarrow ↠ upuparrows ⇈ Uparrow ⇑ Downarrow ⇓
langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lbrace { rbrace } lbrack [ rbrack ] vert | Vert ‖ lvert |
rvert | lVert ‖ rVert ‖ llbracket ⟦ rrbracket ⟧
ldots … dots … dotsc … dotsb … dotsm … dotso … cdots ⋯ vdots ⋮ ddots ⋱ textellipsis …
prime ′ dag † dagger † ddag ‡ ddagger ‡ textdagger † textdaggerdbl ‡ checkmark ✓ degree ° textdegree ° celsius ℃
triangle △ bigtriangleup △ square □ Box □ blacksquare ■ Diamond ◇ diamond ⋄ lozenge ◊ bigstar ★ clubsuit ♣
heartsuit ♥ spadesuit ♠ diamondsuit ♦ therefore ∴
textless < textgreater > textbar | textbardbl ‖ textunderscore _ textasciitilde ~ textasciicircum ^ textdollar $
textpercent % textquotesingle ' textasciigrave ` textquoteleft ‘ textquoteright ’ textquotedblleft “
textquotedblright ” quotedblbase „ guillemotleft « guillemotright » textendash – textemdash — textbullet •
textperiodcentered · textpm ± texttimes × textdiv ÷ textmu μ micro μ textohm Ω textsection § textparagraph ¶
textregistered ® texttrademark ™ textcopyright © copyright © pounds £ textsterling £ texteuro € euro € textyen ¥
textonehalf ½ textonequarter ¼ textthreequarters ¾ textordmasculine º textordfeminine ª textexclamdown ¡
textquestiondown ¿ textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓ textsurd √ textnumero №
eg e.g. ie i.e. etc etc. etal et~al. wrt w.r.t. bmod mod
"""
SYMBOLS: Final = {
    name: sign.replace("~", " ") if len(sign) > 1 else sign
    for name, sign in zip(_SYMBOLS.split()[::2], _SYMBOLS.split()[1::2], strict=True)
}
LETTERS: Final = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ",
}  # fmt: skip
"""Letters of names; in formulas the same macros are an author's own."""
BLACKBOARD: Final = dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True))

STYLES: Final = frozenset(
    """
    emph em bf it rm sc sf sl tt cal mit textbf textit texttt textsc textrm textsf textsl textmd textup textnormal
    text mbox hbox fbox makebox framebox raisebox bfseries itshape scshape ttfamily sffamily rmfamily mdseries upshape
    mathrm mathbf mathcal mathsf mathit mathtt mathfrak mathscr mathnormal mathds boldsymbol bm pmb bold boldmath
    ensuremath operatorname operatornamewithlimits mathop mathbin mathrel mathord mathop smash phantom underline uline
    underbrace overbrace ul sout displaystyle textstyle scriptstyle limits nolimits tiny scriptsize footnotesize small
    normalsize large Large LARGE huge Huge centering noindent protect relax selectfont enquote textquote
    textnormal title author section subsection subsubsection paragraph hphantom vphantom
    num ac acs acl acp acf gls glspl Gls acrshort acrlong si unit
    bigl bigr Bigl Bigr biggl biggr Biggl Biggr big Big bigg Bigg bigm
    """.split()  # noqa: SIM905 - names read better as prose
)
"""Macros that only say how their argument looks."""
GLUED: Final = (
    "mathcal", "mathbb", "mathbf", "mathrm", "mathsf", "mathfrak", "mathscr", "boldsymbol", "textbf", "textit",
    "textsc", "texttt", "textrm", "emph", "widetilde", "tilde", "sqrt",
)  # fmt: skip
"""Macros that stand before a word where a source removed the braces: `\\mathcalO`. No English word begins so."""
ACCENTS: Final = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "’": "\u0301", "´": "\u0301", "‘": "\u0300",
}  # fmt: skip
LETTER_ACCENTS: Final = {
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331",
}  # fmt: skip
MATH_ACCENTS: Final = {
    "hat": "\u0302", "widehat": "\u0302", "Hat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "Tilde": "\u0303",
    "bar": "\u0304", "Bar": "\u0304", "overline": "\u0304", "vec": "\u20d7", "overrightarrow": "\u20d7",
    "dot": "\u0307", "ddot": "\u0308", "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300",
    "mathring": "\u030a",
}  # fmt: skip
SPACES: Final = frozenset(
    ["quad", "qquad", "par", "newline", "linebreak", "hfill", "hfil", "space", "enspace", "thinspace"]
)
