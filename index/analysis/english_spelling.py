"""English words whose forms or spellings differ too much for the stemmer to bring them together.

Irregular plurals and verbs become their base (mice: mouse), British spellings American ones
(colour: color). Which one is taken does not matter, as texts and queries are treated alike.
Left out are forms that are words of their own: saw, found, left, won, lives, bases.
"""

from __future__ import annotations

from ..late_pattern import late_pattern

_IRREGULAR = """
    child: children
    man: men
    woman: women
    mouse: mice
    louse: lice
    goose: geese
    foot: feet
    tooth: teeth
    ox: oxen
    wolf: wolves
    knife: knives
    wife: wives
    half: halves
    shelf: shelves
    self: selves
    thief: thieves
    loaf: loaves
    calf: calves
    elf: elves
    scarf: scarves
    hoof: hooves
    bus: buses busses
    gas: gases gasses
    crisis: crises
    analysis: analyses
    thesis: theses
    hypothesis: hypotheses
    diagnosis: diagnoses
    prognosis: prognoses
    synthesis: syntheses
    parenthesis: parentheses
    oasis: oases
    emphasis: emphases
    paralysis: paralyses
    catalysis: catalyses
    neurosis: neuroses
    criterion: criteria
    phenomenon: phenomena
    bacterium: bacteria
    memorandum: memoranda
    curriculum: curricula
    stratum: strata
    index: indices
    matrix: matrices
    vertex: vertices
    appendix: appendices
    nucleus: nuclei
    stimulus: stimuli
    fungus: fungi
    cactus: cacti
    alumnus: alumni
    radius: radii
    focus: foci
    formula: formulae
    larva: larvae
    antenna: antennae
    arise: arose arisen
    awake: awoke awoken
    beat: beaten
    become: became
    begin: began begun
    bend: bent
    bite: bitten
    blow: blew blown
    break: broke broken
    breed: bred
    bring: brought
    build: built
    buy: bought
    catch: caught
    choose: chose chosen
    come: came
    creep: crept
    deal: dealt
    dig: dug
    draw: drew drawn
    drink: drank
    drive: drove driven
    eat: ate eaten
    fall: fell fallen
    feed: fed
    fight: fought
    flee: fled
    fly: flew flown
    forbid: forbade forbidden
    forget: forgot forgotten
    forgive: forgave forgiven
    freeze: froze frozen
    get: got gotten
    give: gave given
    go: went gone
    grow: grew grown
    hide: hid hidden
    hold: held
    keep: kept
    know: knew known
    lay: laid
    lead: led
    lend: lent
    lose: lost
    make: made
    mean: meant
    meet: met
    mistake: mistook mistaken
    overcome: overcame
    overthrow: overthrew overthrown
    pay: paid
    ride: rode ridden
    rise: risen
    run: ran
    say: said
    seek: sought
    sell: sold
    send: sent
    shake: shook shaken
    shrink: shrank shrunk
    sing: sang sung
    sink: sank sunk
    sit: sat
    sleep: slept
    slide: slid
    speak: spoke spoken
    spend: spent
    spin: spun
    stand: stood
    steal: stole stolen
    strike: struck
    strive: strove striven
    swear: swore sworn
    sweep: swept
    swim: swam swum
    take: took taken
    teach: taught
    tear: tore torn
    tell: told
    think: thought
    throw: threw thrown
    undergo: underwent undergone
    understand: understood
    undertake: undertook undertaken
    wake: woke woken
    wear: wore worn
    weave: wove woven
    weep: wept
    withdraw: withdrew withdrawn
    withhold: withheld
    write: wrote written
    rewrite: rewrote rewritten
"""
_BASES = {
    form: base
    for base, _, forms in (line.strip().partition(": ") for line in _IRREGULAR.splitlines())
    for form in forms.split()
}

# British and American spellings of words, whose inflected forms the stemmer sees to.
_PAIRS = """
    colour color  colourful colorful  colourless colorless  discolour discolor  labour labor
    favour favor  favourite favorite  unfavourable unfavorable  honour honor  honourable honorable
    dishonour dishonor  behaviour behavior  behavioural behavioral  harbour harbor
    neighbour neighbor  neighbourhood neighborhood  humour humor  rumour rumor  vapour vapor
    flavour flavor  odour odor  armour armor  endeavour endeavor  tumour tumor  rigour rigor
    vigour vigor  saviour savior  splendour splendor  parlour parlor  demeanour demeanor
    fervour fervor  savour savor  candour candor  clamour clamor
    centre center  epicentre epicenter  theatre theater  litre liter  millilitre milliliter
    metre meter  centimetre centimeter  millimetre millimeter  kilometre kilometer  fibre fiber
    calibre caliber  sabre saber  spectre specter  sombre somber  meagre meager  lustre luster
    manoeuvre maneuver  defence defense  defenceless defenseless  offence offense
    licence license  pretence pretense  practise practice
    catalogue catalog  dialogue dialog  analogue analog  programme program  gramme gram
    kilogramme kilogram  artefact artifact  aluminium aluminum  sulphur sulfur  sulphate sulfate
    sulphide sulfide  plough plow  sceptic skeptic  sceptical skeptical  scepticism skepticism
    grey gray  tyre tire  mould mold  jewellery jewelry  counsellor counselor  woollen woolen
    judgement judgment
    skilful skillful  wilful willful  pyjamas pajamas
    anaesthesia anesthesia  anaesthetic anesthetic  anaemia anemia  haemorrhage hemorrhage
    haemoglobin hemoglobin  leukaemia leukemia  paediatric pediatric  orthopaedic orthopedic
    gynaecology gynecology  archaeology archeology  archaeological archeological
    archaeologist archeologist  encyclopaedia encyclopedia  mediaeval medieval
    oestrogen estrogen  foetus fetus  foetal fetal  diarrhoea diarrhea
""".split()  # noqa: SIM905 - pairs of words read better as prose
PAIRS = tuple(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
# What stands before -ise in words that are not spelled with -ize anywhere: advise, precise, raise.
_NEVER_IZE = frozenset(
    """
    advert adv appra appr bru chast circumc clockw compr comprom conc cru dem desp dev disenfranch
    disgu enfranch enterpr exc exerc expert franch improv inc likew merchand otherw parad porpo pra
    pract prec prem prom rev superv surm surpr sunr telev tort treat turqu upr val
    """.split()  # noqa: SIM905 - a list of words reads as prose
)
_ISE = late_pattern(r"([a-z]{3,})is(e[ds]?|ers?|ing|ations?|ational)")
_YSE = late_pattern(r"(anal|paral|catal|electrol|hydrol)ys(e[ds]?|ers?|ing)")


def common_form(word: str) -> str:
    """Return the base of an irregular form, a verb in -ise as one in -ize, others unchanged."""
    base = _BASES.get(word)
    if base is not None:
        return base
    if "is" in word and (verb := _ISE().fullmatch(word)) and verb[1] not in _NEVER_IZE:
        return f"{verb[1]}iz{verb[2]}"
    if "lys" in word and (verb := _YSE().fullmatch(word)):
        return f"{verb[1]}yz{verb[2]}"
    return word
