"""The lexicon: which words of research English mean nearly the same, so that a paraphrase meets its sentence.

Written by hand. A group is a line of words; a word may be in several. Words meet after stemming and spelling
folding ("optimise" and "optimize", "behaviour" and "behavior", "RNNs" and "RNN").
"""

from __future__ import annotations

from functools import lru_cache

from bot.core import text

SAME = 0.65
"""What a word of the same group counts, against 1 for the word itself."""
KIN = 0.8
"""What a word with the same beginning counts ("recognition", "recognize")."""

_GROUPS = """
network networks net nets model models architecture architectures
network nets convnet subnet supernet hypernetwork subnetwork
subnet subnetwork branch
convolutional convolution convnet cnn convolutions
fast faster quick quicker quickly speed speedup rapid rapidly accelerate acceleration runtime latency slow slower time seconds milliseconds
time seconds milliseconds hours minutes duration runtime latency long longer
real-time realtime latency streaming
small smaller tiny little compact lightweight size light
size sizes parameters mb footprint storage kilobytes
big bigger large larger giant huge massive gigantic enormous
large scale scaling scalable million billion
parameters parameter weights weight coefficients
data dataset datasets corpus corpora database collection samples
data examples samples instances recordings images
annotation annotations label labels labeled annotated labelled tagged
unlabeled unlabelled unannotated unsupervised self-supervised
test tests tested testing evaluate evaluated evaluation validate validated benchmark benchmarks benchmarked experiment experiments assess assessment judge judging measure tried
inference test deployment runtime testing
inference deploy deployed deployment
drawback drawbacks limitation limitations limit limits problem problems issue issues shortcoming shortcomings weakness weaknesses disadvantage downside suffer suffers flaw flawed trouble obstacle bottleneck challenge challenges difficulty difficult hard wrong error failure fail fails struggle gap lack lacking lacks
gap lack lacking lacks dearth missing absent absence scarce little
problem task
cause causes caused reason reasons root why because due source arise arises stem explain explains
unstable instability stability stable diverge fluctuation
gain gains gained improve improves improved improvement improvements boost boosts increase increases enhance enhances better outperform outperforms outperforming surpass surpasses exceed exceeds beat beats superior advantage advantages benefit benefits bring brings help helps raise
better best superior favorable outperform higher
worse drop drops degrade degrades degradation decrease decline loss lose loses hurt hurting harm deteriorate
lose loss drop degrade degradation
reduce reduces reduced reduction reductions shrink shrinks cut cuts lower lowers decrease decreases fewer less save saves saving savings saved cheaper compress compressed compression
compress compresses compressed compression shrink prune pruning quantize quantization smaller
cost costs expense expensive cheap cheaper saving savings money price budget burden overhead
efficient efficiency cheap cheaper economical inexpensive
win wins winning won winner winners victory prize award first place
challenge challenges contest contests competition competitions track
pick picks picked choose chooses chosen choice select selects selected selection decide decides decided determine determines determined
decide determine estimate estimated dynamic adaptively predict
merge merges merged fuse fused fusion combine combines combined combination combining ensemble ensembling concatenate concatenated concatenation aggregate aggregated aggregation glue gluing join joined joint jointly integrate integrates integrated unify unifies mix blend
start starts starting starting-point initialize initializes initialized initialization initial begin begins seed beginning
begin first initially initial initiates
hardware gpu gpus cpu tpu accelerator accelerators device devices chip chips machine nvidia
mobile phone phones smartphone smartphones edge handheld
phone smartphone mobile device
edge devices mobile embedded iot microcontroller
memory ram footprint storage disk
accuracy accurate accurately precision correct correctly right performance score quality
score f1 accuracy result
error errors mistakes mistake wrong loss
performance quality accuracy result results
result results finding findings conclusion outcome show shows showed demonstrate demonstrates demonstrated find found reveal reveals observe observed discover discovered
propose proposes proposed introduce introduces introduced present presents presented develop develops developed suggest suggests devise devised offer offers design designed invent invented new novel
new novel unseen previously
unseen new novel never unknown open
build builds built construct constructs constructed construction create creates created make assemble generate
generate generates generated generation produce produces produced synthesize synthesis synthesizing create creates output
method methods approach approaches technique techniques strategy strategies algorithm algorithms way trick tricks scheme procedure mechanism framework recipe
framework system pipeline platform library toolkit tool software
component components module modules block blocks part parts piece building unit ingredients ingredient
module modular block
layer layers depth deep deeper
neuron neurons unit units node nodes cell cells
hidden latent
brain biological neuroscience cortex cortical neural nervous animal
animal animals behaving living live mice mouse
synapse synapses connection connections connectivity wires
connection link edge wire
resemble resembles akin similar similarity alike like same
similar same alike common shared identical equal comparable equivalent consistent
difference differ differs differing differences different differently distinct contrast unlike various diverse
vary varies varying various different
compare compares compared comparison comparative contrast against baseline baselines versus
rival rivals competitor competitors baseline baselines alternative alternatives existing previous
existing previous earlier prior current former traditional conventional usual usually typical typically ordinary standard common past old older today classical classic regular
combine hybrid
survey surveys review reviews overview literature state-of-the-art summarize summarizes
taxonomy category categories categorize classification groups
literature works research studies publication publications
study studies studied analyze analyzes analyzed analysis investigate investigates investigated investigation examine explore explores explored look inspect understand
understand understanding insight insights interpret interpretation interpretability interpretable explain explanation explainable
interpret describe description descriptions label caption explanation
describe describes described description phrase phrases sentence natural-language text caption
draw drawn diagram diagrams visualize visualization depict picture plot figure sketch notation
individual single each per every
image images picture pictures photo photos photograph photographs vision visual
video videos frames frame clip clips
speech voice spoken speaker speakers talk utterance audio
sound sounds audio acoustic noise noisy music
music musical song songs instrument instruments
noise noisy robust
earbud earbuds headphone headphones hearable wearable
joke jokes humor humour funny
recognize recognizes recognition detect detects detection identify identifies identification classify classifies classification tell spot
classify classification class classes category categories
detect detection find
digit digits number numbers numeral
predict predicts prediction predictions predictor forecast forecasting estimate estimates estimation infer
train training trained trains learn learns learned learning fit fits fitted fitting teach taught optimise optimize optimized
optimise optimize optimization optimizer minimize search
learn learning acquire
teacher teachers student students distillation distill distilled distilling
transfer transfers transferred transferring convey knowledge
speed speeds pace paces rate self-paced
retrain retraining fine-tune fine-tuning finetuning recover recovery refit
pretrained pre-trained already trained
backprop backpropagation gradient gradients
gradient descent sgd
bypass avoid avoids avoiding without skip skips eliminate eliminates eliminating obviate circumvent remove removes need
remove removes removed discard discards drop prune pruned pruning filter eliminate off
off switch switched turn turned disable disabled deactivate
keep keeps kept retain retains retained preserve preserves preserved preserving maintain maintains maintaining sustain sustains remain
dependent depend depends dependence dependencies dependency interdependent relation
independent independence separate separately apart individually
separate separates separated separation split splits disentangle disentangled isolate decouple extract
disentangle disentangled independent factor factors
smooth smoother smoothness continuous regular
random randomly randomness stochastic seed
shift shifts shifted out-of-distribution ood distribution domain generalization
robust robustness resilient tolerate adversarial
attack attacks adversarial adversary
forget forgets forgetting catastrophic remember
continual lifelong sequential incremental continuously
translate translation multilingual languages language
language linguistic text nlp
large-language-model llm llms chatbot gpt
human humans people person man operators annotators evaluators
agree agreement agrees match matches matching consistent correlation
near close closely nearly almost approach reach reaches reaching comparable
reach reaches reaching achieve achieves achieved achieving attain attains obtain obtains obtained get yields report
supervised supervision supervise labels
handle handles tackle tackles address addresses cope deal deals solve solves solved overcome mitigate alleviate resolve
solve solution solutions fix remedy answer
goal goals aim aims objective objectives purpose want wants target seek intend
idea ideas insight concept key intuition principle inspired theory
theory theoretical theoretically theorem proof prove proves proven provable mathematical formal guarantee
inspired motivated based inspiration idea
assume assumes assumption assumptions hypothesis presume require
require requires required requirement need needs demand demands necessary
allow allows enable enables enabling let permit permits capable possible able
application applications apply applied applies applying used use useful case cases domain area
field fields area areas domain domains discipline
code implementation github repository source available released release download publicly
available released release publicly open public
release released published provide provides accompany
input inputs feed fed take takes takes
output outputs produce
feature features representation representations embedding embeddings
representation code codes encoding encode
attention self-attention transformer transformers
transformer transformers vit bert gpt
successor successors next after beyond comes alternative alternatives replace replacement
replace replaces replaced replacement replacing substitute instead swap
discuss discusses discussed talk talked cover covers covering mention
compile compiler compiled compiling compilation executable executables
graph graphs gnn nodes
disk storage io ssd out-of-core
sampling sample samples sampled
cloud point lidar sensor sensors
car cars vehicle vehicles automobile driving
chemical chemistry molecule molecules molecular compound solvents material materials
drug pharmaceutical medicine
medical clinical patient patients health hospital disease diagnosis
physics physical equation equations pde pdes simulation
wave waves frequency
signal signals waveform
echo acoustic cancellation
activation activations nonlinearity nonlinearities relu tanh sigmoid
normalization normalize norm batchnorm
batch mini-batch minibatch batches
quantize quantization bits bit integer low-precision precision fixed
integer integers fixed-point bits
prune pruning pruned sparse sparsity sparsify
sparse sparsity
filter filters kernel kernels channel channels
mask masks masking
bulk most majority mostly mainly largely
few several many various multiple number
multiple several many multi various
two pair pairs pairwise pair-wise both double twofold
double twice two 2x
half halve 50
quantity amount number count
factor times fold ratio
share percentage percent fraction proportion rate ratio
peak maximum highest best top
maximum maximal highest largest upper bound
minimum minimal lowest least smallest
simple simpler simplicity straightforward easy easily plain naive
complex complexity complicated sophisticated
flexible flexibility versatile adaptable generic general universal
adapt adapts adaptive adaptation adjust adjusts dynamic dynamically
dynamic dynamically vary adaptive input-dependent
fixed static constant unchanged
automatic automatically automated automate automation machine
manual manually hand handcrafted hand-crafted human
structure structures structured topology layout organization shape
shape shapes size geometry geometric form
rule rules law principle
role roles function purpose job
evolve evolving evolution evolutionary genetic mutation
search explore exploration space
break breaks violate violates go beyond depart
surprising unexpected surprisingly paradoxically strange
strong strongly powerful strength
weak weakly poor
important crucial essential vital significant key fundamental
influence influences affect affects affected effect effects impact impacts role matter matters depend
change changes changed changing alter modify modified vary
stop stops prevent prevents avoid halt
increase grow grows growing growth rise
converge converges convergence converged
generalize generalization transfer
uncertainty uncertain confidence confident bayesian probabilistic
probability probabilistic likelihood distribution
privacy private secure security federated
energy power consumption battery joules watts electricity
ear ears binaural hearing
wireless bluetooth synchronization
synchronization sync synchronized
group groups cluster clusters clustering community communities
relationship relationships relation relations affinity affinities connection interplay
author authors written wrote researchers
year years date
step steps stage stages phase phases iteration iterations
first initial
reconstruct reconstruction restore recover
frame frames group
autoregressive autoregressively previous sequentially
theme themes topic topics subject
recommendation recommendations advice guideline guidelines suggest
future directions promising prospect
direction directions future trend trends
open unsolved challenges
precise precision precisely exact accurate detail
linear affine
view views perspective perspectives lens viewpoint
participate participated compete competed took part entered
tweet tweets twitter social media
spanish english chinese german french language
"""


def _no_vowels(term: str) -> bool:
    return not any(letter in "aeiouy" for letter in term)


@lru_cache(maxsize=200_000)
def fold(term: str) -> str:
    """Return a stem in one spelling: American endings, acronyms without their plural s."""
    if not term.isascii():
        return term
    if term in _NUMBERS:
        return _NUMBERS[term]
    if term.endswith("s") and len(term) > 2 and (_no_vowels(term) or term in _SHORT_PLURALS):  # noqa: PLR2004
        return term[:-1]
    if len(term) <= 4:  # noqa: PLR2004 - "his", "four": too short to be an ending
        return term
    if term.endswith("is") and len(term) > 5:  # noqa: PLR2004 - "normalis" of "normalise", where "normalize" gave "normal"
        return text.stem(term[:-2] + "ize")
    for british, american in _ENDINGS:
        if term.endswith(british) and term not in _NOT_BRITISH:
            return term[: -len(british)] + american
    return term


_NUMBERS = {
    word: str(n)
    for n, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelv"], 2
    )
}
_SHORT_PLURALS = frozenset(("gpus", "cpus", "tpus", "npus", "mlps", "kans", "gans", "vaes", "odes", "pdes", "nerfs"))
_ENDINGS = (
    ("ysi", "yz"),
    ("yse", "yz"),
    ("ys", "yz"),
    ("our", "or"),
    ("ogu", "og"),
    ("ell", "el"),
    ("tre", "ter"),
)
_NOT_BRITISH = frozenset(
    ("contour", "detour", "cell", "shell", "precis", "always", "surpris", "promis", "compris", "exercis")
)


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(_GROUPS.strip().splitlines()):
        for word in line.split():
            for term in text.terms(word)[-1:]:
                groups.setdefault(fold(term), set()).add(number)
    return {term: frozenset(found) for term, found in groups.items()}


def known(term: str) -> bool:
    """Say whether the lexicon holds a folded stem."""
    return term in _table()


@lru_cache(maxsize=100_000)
def closeness(one: str, other: str) -> float:
    """Return how near two folded stems are, 0 to 1: the same, the same beginning, or a common group."""
    if one == other:
        return 1.0
    if _kin(one, other):
        return KIN
    table = _table()
    found = table.get(one)
    return SAME if found and not found.isdisjoint(table.get(other, ())) else 0.0


@lru_cache(maxsize=1)
def _members() -> dict[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for term, groups in _table().items():
        for group in groups:
            found.setdefault(group, set()).add(term)
    return {group: frozenset(terms) for group, terms in found.items()}


@lru_cache(maxsize=20_000)
def _company(term: str) -> frozenset[str]:
    return frozenset().union(*(_members()[group] for group in _table().get(term, ())))


def near(term: str, vocabulary: frozenset[str]) -> dict[str, float]:
    """Return the words of a vocabulary that are close to a term, with their closeness (as `closeness` has it)."""
    found = dict.fromkeys(_company(term) & vocabulary, SAME)
    start = term[:5]
    if len(start) == 5:  # noqa: PLR2004 - as in _kin
        found |= {other: KIN for other in vocabulary if other.startswith(start) and _kin(term, other)}
    if term in vocabulary:
        found[term] = 1.0
    return found


_STRANGERS = frozenset((
    frozenset(("generat", "general")), frozenset(("genera", "general")), frozenset(("commun", "communic")),
    frozenset(("univers", "univers")), frozenset(("person", "persona")), frozenset(("experi", "expert")),
))  # fmt: skip


def _kin(one: str, other: str) -> bool:
    """Say whether two stems share a beginning of five letters that is three quarters of the longer one."""
    if one[:5] != other[:5] or min(len(one), len(other)) < 5 or not (one + other).isalpha():  # noqa: PLR2004
        return False
    longer = max(len(one), len(other))
    common = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= 0.7 * longer and frozenset((one, other)) not in _STRANGERS
