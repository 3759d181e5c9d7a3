"""Groups of words that mean nearly the same in research English, written by hand; a semicolon ends a group."""

GROUPS = """
network networks net nets model models architecture architectures; network nets convnet subnet supernet hypernetwork
subnetwork; subnet subnetwork branch; convolutional convolution convnet cnn convolutions; fast faster quick quicker
quickly speed speedup rapid rapidly accelerate acceleration runtime latency slow slower time seconds milliseconds;
time seconds milliseconds hours minutes duration runtime latency long longer; real-time realtime latency streaming;
small smaller tiny little compact lightweight size light; size sizes parameters mb footprint storage kilobytes; big
bigger large larger giant huge massive gigantic enormous; large scale scaling scalable million billion; parameters
parameter weights weight coefficients; data dataset datasets corpus corpora database collection samples; data examples
samples instances recordings images; annotation annotations label labels labeled annotated labelled tagged; unlabeled
unlabelled unannotated unsupervised self-supervised; test tests tested testing evaluate evaluated evaluation validate
validated benchmark benchmarks benchmarked experiment experiments assess assessment judge judging measure tried;
inference test deployment runtime testing; inference deploy deployed deployment; drawback drawbacks limitation
limitations limit limits problem problems issue issues shortcoming shortcomings weakness weaknesses disadvantage
downside suffer suffers flaw flawed trouble obstacle bottleneck challenge challenges difficulty difficult hard wrong
error failure fail fails struggle gap lack lacking lacks; gap lack lacking lacks dearth missing absent absence scarce
little; problem task; cause causes caused reason reasons root why because due source arise arises stem explain
explains; unstable instability stability stable diverge fluctuation; gain gains gained improve improves improved
improvement improvements boost boosts increase increases enhance enhances better outperform outperforms outperforming
surpass surpasses exceed exceeds beat beats superior advantage advantages benefit benefits bring brings help helps
raise; better best superior favorable outperform higher; worse drop drops degrade degrades degradation decrease
decline loss lose loses hurt hurting harm deteriorate; lose loss drop degrade degradation; reduce reduces reduced
reduction reductions shrink shrinks cut cuts lower lowers decrease decreases fewer less save saves saving savings
saved cheaper compress compressed compression; compress compresses compressed compression shrink prune pruning
quantize quantization smaller; cost costs expense expensive cheap cheaper saving savings money price budget burden
overhead; efficient efficiency cheap cheaper economical inexpensive; win wins winning won winner winners victory prize
award first place; challenge challenges contest contests competition competitions track; pick picks picked choose
chooses chosen choice select selects selected selection decide decides decided determine determines determined; decide
determine estimate estimated dynamic adaptively predict; merge merges merged fuse fused fusion combine combines
combined combination combining ensemble ensembling concatenate concatenated concatenation aggregate aggregated
aggregation glue gluing join joined joint jointly integrate integrates integrated unify unifies mix blend; start
starts starting starting-point initialize initializes initialized initialization initial begin begins seed beginning;
begin first initially initial initiates; hardware gpu gpus cpu tpu accelerator accelerators device devices chip chips
machine nvidia; mobile phone phones smartphone smartphones edge handheld; phone smartphone mobile device; edge devices
mobile embedded iot microcontroller; memory ram footprint storage disk; accuracy accurate accurately precision correct
correctly right performance score quality; score f1 accuracy result; error errors mistakes mistake wrong loss;
performance quality accuracy result results; result results finding findings conclusion outcome show shows showed
demonstrate demonstrates demonstrated find found reveal reveals observe observed discover discovered; propose proposes
proposed introduce introduces introduced present presents presented develop develops developed suggest suggests devise
devised offer offers design designed invent invented new novel; new novel unseen previously; unseen new novel never
unknown open; build builds built construct constructs constructed construction create creates created make assemble
generate; generate generates generated generation produce produces produced synthesize synthesis synthesizing create
creates output; method methods approach approaches technique techniques strategy strategies algorithm algorithms way
trick tricks scheme procedure mechanism framework recipe; framework system pipeline platform library toolkit tool
software; component components module modules block blocks part parts piece building unit ingredients ingredient;
module modular block; layer layers depth deep deeper; neuron neurons unit units node nodes cell cells; hidden latent;
brain biological neuroscience cortex cortical neural nervous animal; animal animals behaving living live mice mouse;
synapse synapses connection connections connectivity wires; connection link edge wire; resemble resembles akin similar
similarity alike like same; similar same alike common shared identical equal comparable equivalent consistent;
difference differ differs differing differences different differently distinct contrast unlike various diverse; vary
varies varying various different; compare compares compared comparison comparative contrast against baseline baselines
versus; rival rivals competitor competitors baseline baselines alternative alternatives existing previous; existing
previous earlier prior current former traditional conventional usual usually typical typically ordinary standard
common past old older today classical classic regular; combine hybrid; survey surveys review reviews overview
literature state-of-the-art summarize summarizes; taxonomy category categories categorize classification groups;
literature works research studies publication publications; study studies studied analyze analyzes analyzed analysis
investigate investigates investigated investigation examine explore explores explored look inspect understand;
understand understanding insight insights interpret interpretation interpretability interpretable explain explanation
explainable; interpret describe description descriptions label caption explanation; describe describes described
description phrase phrases sentence natural-language text caption; draw drawn diagram diagrams visualize visualization
depict picture plot figure sketch notation; individual single each per every; image images picture pictures photo
photos photograph photographs vision visual; video videos frames frame clip clips; speech voice spoken speaker
speakers talk utterance audio; sound sounds audio acoustic noise noisy music; music musical song songs instrument
instruments; noise noisy robust; earbud earbuds headphone headphones hearable wearable; joke jokes humor humour funny;
recognize recognizes recognition detect detects detection identify identifies identification classify classifies
classification tell spot; classify classification class classes category categories; detect detection find; digit
digits number numbers numeral; predict predicts prediction predictions predictor forecast forecasting estimate
estimates estimation infer; train training trained trains learn learns learned learning fit fits fitted fitting teach
taught optimise optimize optimized; optimise optimize optimization optimizer minimize search; learn learning acquire;
teacher teachers student students distillation distill distilled distilling; transfer transfers transferred
transferring convey knowledge; speed speeds pace paces rate self-paced; retrain retraining fine-tune fine-tuning
finetuning recover recovery refit; pretrained pre-trained already trained; backprop backpropagation gradient
gradients; gradient descent sgd; bypass avoid avoids avoiding without skip skips eliminate eliminates eliminating
obviate circumvent remove removes need; remove removes removed discard discards drop prune pruned pruning filter
eliminate off; off switch switched turn turned disable disabled deactivate; keep keeps kept retain retains retained
preserve preserves preserved preserving maintain maintains maintaining sustain sustains remain; dependent depend
depends dependence dependencies dependency interdependent relation; independent independence separate separately apart
individually; separate separates separated separation split splits disentangle disentangled isolate decouple extract;
disentangle disentangled independent factor factors; smooth smoother smoothness continuous regular; random randomly
randomness stochastic seed; shift shifts shifted out-of-distribution ood distribution domain generalization; robust
robustness resilient tolerate adversarial; attack attacks adversarial adversary; forget forgets forgetting
catastrophic remember; continual lifelong sequential incremental continuously; translate translation multilingual
languages language; language linguistic text nlp; large-language-model llm llms chatbot gpt; human humans people
person man participants volunteers; agree agreement agrees match matches matching consistent correlation; near close
closely nearly almost approach reach reaches reaching comparable; reach reaches reaching achieve achieves achieved
achieving attain attains obtain obtains obtained get yields report; supervised supervision supervise labels; handle
handles tackle tackles address addresses cope deal deals solve solves solved overcome mitigate alleviate resolve;
solve solution solutions fix remedy answer; goal goals aim aims objective objectives purpose want wants target seek
intend; idea ideas insight concept key intuition principle inspired theory; theory theoretical theoretically theorem
proof prove proves proven provable mathematical formal guarantee; inspired motivated based inspiration idea; assume
assumes assumption assumptions hypothesis presume require; require requires required requirement need needs demand
demands necessary; allow allows enable enables enabling let permit permits capable possible able; application
applications apply applied applies applying used use useful case cases domain area; field fields area areas domain
domains discipline; code implementation github repository source available released release download publicly;
available released release publicly open public; release released published provide provides accompany; input inputs
feed fed take takes; output outputs produce; feature features representation representations embedding embeddings;
representation code codes encoding encode; attention self-attention transformer transformers; transformer transformers
vit bert gpt; successor successors next after beyond comes alternative alternatives replace replacement; replace
replaces replaced replacement replacing substitute instead swap; discuss discusses discussed talk talked cover covers
covering mention; compile compiler compiled compiling compilation executable executables; graph graphs gnn nodes; disk
storage io ssd out-of-core; sampling sample samples sampled; cloud point lidar sensor sensors; car cars vehicle
vehicles automobile driving; chemical chemistry molecule molecules molecular compound solvents material materials;
drug pharmaceutical medicine; medical clinical patient patients health hospital disease diagnosis; physics physical
equation equations pde pdes simulation; wave waves frequency; signal signals waveform; echo acoustic cancellation;
activation activations nonlinearity nonlinearities relu tanh sigmoid; normalization normalize norm batchnorm; batch
mini-batch minibatch batches; quantize quantization bits bit integer low-precision precision fixed; integer integers
fixed-point bits; prune pruning pruned sparse sparsity sparsify; sparse sparsity; filter filters kernel kernels
channel channels; mask masks masking; bulk most majority mostly mainly largely; few several many various multiple
number; multiple several many multi various; two pair pairs pairwise pair-wise both double twofold; double twice two
2x; half halve 50; quantity amount number count; factor times fold ratio; share percentage percent fraction proportion
rate ratio; peak maximum highest best top; maximum maximal highest largest upper bound; minimum minimal lowest least
smallest; simple simpler simplicity straightforward easy easily plain naive; complex complexity complicated
sophisticated; flexible flexibility versatile adaptable generic general universal; adapt adapts adaptive adaptation
adjust adjusts dynamic dynamically; dynamic dynamically vary adaptive input-dependent; fixed static constant
unchanged; automatic automatically automated automate automation machine; manual manually hand handcrafted
hand-crafted human; structure structures structured topology layout organization shape; shape shapes size geometry
geometric form; rule rules law principle; role roles function purpose job; evolve evolving evolution evolutionary
genetic mutation; search explore exploration space; break breaks violate violates go beyond depart; surprising
unexpected surprisingly paradoxically strange; strong strongly powerful strength; weak weakly poor; important crucial
essential vital significant key fundamental; influence influences affect affects affected effect effects impact
impacts role matter matters depend; change changes changed changing alter modify modified vary; stop stops prevent
prevents avoid halt; increase grow grows growing growth rise; converge converges convergence converged; generalize
generalization transfer; uncertainty uncertain confidence confident bayesian probabilistic; probability probabilistic
likelihood distribution; privacy private secure security federated; energy power consumption battery joules watts
electricity; ear ears binaural hearing; wireless bluetooth synchronization; synchronization sync synchronized; group
groups cluster clusters clustering community communities; relationship relationships relation relations affinity
affinities connection interplay; author authors written wrote researchers; year years date; step steps stage stages
phase phases iteration iterations; first initial; reconstruct reconstruction restore recover; frame frames group;
autoregressive autoregressively previous sequentially; theme themes topic topics subject; recommendation
recommendations advice guideline guidelines suggest; future directions promising prospect; direction directions future
trend trends; open unsolved challenges; precise precision precisely exact accurate detail; linear affine; view views
perspective perspectives lens viewpoint; participate participated compete competed took part entered; tweet tweets
twitter social media; spanish english chinese german french language; afford affordable cheap inexpensive budget;
teach teaches taught train learn educate; clever smart simple novel insight trick; stronger weaker robust; bigger
deeper wider larger; amount much lots quantity volume; trustworthy reliable robust consistent faithful; believe argue
claim claims hypothesize thesis suggest; claim claims show argue demonstrate; recipe procedure pipeline protocol;
ingredient ingredients component element elements factor factors aspect aspects; aspect aspects salient property
properties characteristic characteristics trait; property properties feature features attribute attributes
characteristic; consist consists comprise comprises contain contains compose composed include includes including made;
include includes including contain cover consist comprise; stack stacked cascade cascaded pile layers; chain sequence
series cascade; order sequence ordering permutation permute; rearrange reorder permute permutation sort; shuffle
permute permutation random; copy copies replicate replica duplicate repeat; mimic mimics imitate copy emulate follow
encourage; imitate imitation mimic behavior cloning; guide guides guided steer direct supervise condition conditioned;
conditional conditioned dependent prompt query; prompt prompts query queries instruction; reward rewards signal
incentive score; penalty penalize regularization regularize constraint constrain; constraint constraints restrict
restriction limit bound bounded; loss objective cost function criterion term; criterion criteria metric measure
measures standard rule; criteria category categorize classify basis according; metric metrics measure measures score
criterion indicator; sort sorts categorize categories classify organize taxonomy group; divide divides divided
partition split splits segment group separate; partition segment segmentation region regions divide; region regions
area areas zone spot part; location localization position place where; position positional place location; distance
similarity metric gap; closer similar near; space manifold subspace domain dimension; dimension dimensions dimensional
axis size; compress compact encode encoding codec; encode encoder decode decoder autoencoder; decode decoder
reconstruct; repair fix correct mend recover restore; clean clear noise-free denoised isolated pure; dirty noisy
corrupted distorted; distort distorted distortion corrupted noise; echo reverberation; loud volume amplitude
magnitude; magnitude size norm scale amplitude proportional; proportional scale linear; mean average averaged
expected; average mean overall; median average; variance spread deviation variation; correlate correlation correlated
relation relationship associated; link links linked connect relate relation connection; bridge bridges connect link;
wire wires connection; merge union; overlap shared common intersect; ignore ignores neglect overlook disregard omit;
overlook neglected ignored unexplored; explored unexplored investigated uninvestigated; rely relies relying depend
based; base based rely built; exploit exploits leverage leverages utilize utilizes use employ employs harness; employ
employs utilize use apply adopt; adopt adopted use widely; extend extends extension generalize expand; expand extend
grow growth widen; trim trimmed prune cut remove; shorten shorter reduce short compress; wide wider width broad;
narrow narrower width; deep deeper depth layers; shallow depth layer; depth width layers; bottom lowest lower; top
highest leading best first; leading top best superior state-of-the-art; sota best leading; rank ranks ranking order
top; champion winner first best; tie comparable equal par; par comparable match parity competitive; competitive
comparable par; worthwhile benefit useful; useful helpful beneficial utility benefit effective; effective
effectiveness efficacy useful works success; success successful achieve effective; promise promising potential;
potential promising possible capability; capability capabilities ability abilities capable power capacity; capacity
capability size power; weakly weak poorly; harm hurts degrade damage negative; damage harm lose hurt destroy; collapse
fail degrade diverge; crash fail error; bias biased unfair skew; fair fairer fairness unbiased; trust reliable
confidence; safe safety secure; danger dangerous risk risks unsafe; risk risks danger threat; hallucination
hallucinations fabricate false; true truth ground-truth real actual; real real-world natural actual genuine; fake
synthetic artificial generated distorted; synthetic artificial simulated generated; simulate simulated simulation
simulations model monte; imitation synthetic; picture photograph image snapshot; draw sample generate; film video
movie; movie movies film video; sing singing vocal voice; listen listening hearing audio; hear hearing audio
listening; see vision view observe; look view inspect appearance; watch video observe monitor; monitor monitoring
track tracking observe; track tracking follow trace; trace traces record recording recordings activity; record
recorded recording recordings captured capture collect acquired; capture captures captured record model; collect
collected gather gathered dataset; gather collect curate curated; curate curated collected collection; store stored
storage memory keep save; remember memory retain recall; recall retrieve memory; retrieve retrieval search find
lookup; answer answers question qa response; ask question query; response responses answer output reply; talk
conversation dialogue speech; conversation dialogue chat conversational; read reads reading access load; write writing
store; load loading read io access; fetch load access read; cache caching buffer memory; parallel concurrently
simultaneous simultaneously jointly together multitask; simultaneous simultaneously parallel together concurrent once;
together jointly simultaneously combined parallel; once single one; single one sole individual; alone single
independently individually without; separately independently individually; whole entire full complete end-to-end;
entire whole full complete; full fully complete entire; partial partially part incomplete; end-to-end whole jointly;
local nearby neighborhood neighbors; neighbor neighbors neighborhood adjacent nearby; global whole overall; inner
internal inside intrinsic hidden; outer external outside; inside within internal interior; outside external; boundary
boundaries edge border; border boundary edge; kind category class; species animal animals organism; doctor doctors
clinician clinical physician medical; sick disease patient ill; cell cells biological; money cost financial price;
phone mobile smartphone; robot robots robotic robotics humanoid; game games gaming play; play playing game; road
driving street autonomous; map maps mapping; land terrain satellite; weather climate meteorological; planet earth;
text texts document documents sentence prose; sentence sentences text phrase; word words token tokens vocabulary term;
token tokens word words; letter letters character characters digit; character characters letter text; essay document
text; title heading name; name names called term termed dub dubbed coin; called termed named dubbed; meaning semantic
semantics; semantic semantics meaning; grammar syntax linguistic; topic subject area; symbol symbols notation
symbolic; notation symbols diagrams; maths math mathematics mathematical algebra; algebra linear mathematical; formula
formulas formulae equation expression closed-form explicit; formal formally theoretical mathematical; proof prove
theorem guarantee; guess predict estimate hypothesis; reason reasoning inference logic; logic logical reasoning
symbolic; thinking reasoning thought; plan planning schedule; schedule scheduling order plan; control controls
controlled controller; agent agents policy player; policy policies agent strategy; action actions behavior; behavior
behaviors act acts action response dynamics; act behave function; reacts respond response fire activate; fire fires
respond activate activation; trigger activate cause; switch toggle turn; gate gated gating switch; route routing path;
path paths trajectory route; short shortest shorter brief; brief short concise; concise short compact; long longer
lengthy extended long-range; length duration size long; age old; modern recent current new; recent recently new modern
latest current; latest recent newest; nowadays currently recent; decade years; evolution history progress; progress
advance advances advancement development; advance advances advanced progress recent; breakthrough advance success;
trend trends direction; surge growing popular; popular widely common widespread; famous popular well-known; rare
scarce uncommon infrequent; scarce rare limited few lack; enough sufficient adequate; sufficient enough adequate;
insufficient lack inadequate; necessary needed essential required; optional unnecessary; redundant redundancy
unnecessary superfluous duplicate; useless redundant unnecessary; waste wasteful redundant inefficient overhead;
overhead cost burden extra; extra additional further more; additional extra more further; original initial baseline
uncompressed; untouched unchanged original fixed; swap swapped replace exchange; exchange swap communicate;
communicate communication exchange transfer; communication traffic exchange bandwidth; bandwidth communication
throughput; throughput speed rate bandwidth; frames fps rate; delay lag latency; lag latency delay; wait latency time;
instant real-time immediately; sound noise audio
"""
