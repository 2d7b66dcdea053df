//! Which words report that something happened, and who stands in which role to them.
//!
//! A pattern (a row of `data/patterns`) names the trigger and the slots; here the slots are found in the parse:
//! through passives, control, relative clauses, coordination and light verbs, so that a pattern need not say them.

use crate::coref::antecedent;
use crate::words::Words;
use demarche_core::{EventType, Mode};
use demarche_knowledge::{Pattern, PatternIx, Patterns, Slot, TriggerKind};
use demarche_text::{Sentence, SentenceKind, Token, Upos};

/// A trigger with the fillers of its roles.
#[derive(Debug, Clone)]
pub(crate) struct Frame<'a> {
    pub(crate) pattern: &'a Pattern,
    pub(crate) trigger: Token<'a>,
    /// The direct object that the pattern asked for ("sanctions" in "imposed sanctions").
    pub(crate) object: Option<Token<'a>>,
    pub(crate) actors: Vec<Filler<'a>>,
    pub(crate) recipients: Vec<Filler<'a>>,
    /// How many of the pattern's conditions were met: the most specific pattern of a trigger wins.
    pub(crate) specificity: u32,
}

/// A word in a role, and which slot it was found in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Filler<'a> {
    pub(crate) head: Token<'a>,
    pub(crate) slot: &'a Slot,
}

/// Every frame of a sentence: for each trigger those patterns whose conditions hold, the most specific first.
/// `known` says whether a word stands for a party, other than those that the fillers given with it stand for.
pub(crate) fn frames<'a>(
    sentence: Sentence<'a>,
    patterns: &'a Patterns,
    words: &Words,
    mut known: impl FnMut(Token<'a>, &[Filler<'a>]) -> bool,
) -> Vec<Vec<Frame<'a>>> {
    let mut all = Vec::new();
    for trigger in sentence.tokens() {
        let lemma = trigger.lemma().to_lowercase();
        // "the Iraq War", "the Oslo Accords": a noun inside a name names, and reports nothing; headlines capitalise all.
        let named = trigger.upos() == Upos::Propn && sentence.kind() != SentenceKind::Title;
        if named {
            continue;
        }
        let mut rows: Vec<PatternIx> = match trigger.upos() {
            Upos::Verb | Upos::Aux => patterns.verb(&lemma).to_vec(),
            Upos::Noun | Upos::Propn => patterns.noun(&lemma).to_vec(),
            Upos::Adj => patterns.adjective(&lemma).to_vec(),
            _ => continue,
        };
        // The reader splits "cease-fire"; a row may name it whole.
        if let Some(whole) = hyphenated(trigger) {
            rows.extend(match trigger.upos() {
                Upos::Verb | Upos::Aux => patterns.verb(&whole),
                Upos::Noun | Upos::Propn => patterns.noun(&whole),
                _ => patterns.adjective(&whole),
            });
        }
        // A participle tagged as an adjective still reports ("jailed by", "is opposed to").
        if trigger.upos() == Upos::Adj && trigger.has("VerbForm=Part") {
            rows.extend(patterns.verb(&lemma));
        }
        let mut found: Vec<Frame<'a>> =
            rows.into_iter().filter_map(|ix| fill(&patterns[ix], trigger, words, &mut known)).collect();
        found.sort_by(|a, b| rank(b).cmp(&rank(a)).then_with(|| a.pattern.id.cmp(&b.pattern.id)));
        if !found.is_empty() {
            all.push(found);
        }
    }
    all
}

/// A word joined by a hyphen to the one before it, in lower case, the last part as its lemma.
fn hyphenated(token: Token<'_>) -> Option<String> {
    let hyphen = token.previous().filter(|h| h.text() == "-" && h.span().end == token.span().start)?;
    let first = hyphen.previous().filter(|f| f.span().end == hyphen.span().start)?;
    Some(format!("{}-{}", first.text().to_lowercase(), token.lemma().to_lowercase()))
}

/// Every pattern that has one of the sentence's words as its trigger, its conditions aside.
pub(crate) fn loose<'a>(sentence: Sentence<'a>, patterns: &'a Patterns) -> Vec<(&'a Pattern, Token<'a>)> {
    let mut found = Vec::new();
    for trigger in sentence.tokens() {
        let lemma = trigger.lemma().to_lowercase();
        for kind in [TriggerKind::Verb, TriggerKind::Noun, TriggerKind::Adjective] {
            found.extend(patterns.by_trigger(kind, &lemma).iter().map(|&ix| (&patterns[ix], trigger)));
        }
    }
    found
}

fn rank(frame: &Frame<'_>) -> (bool, u32, u32, u32) {
    let parties = u32::from(!frame.actors.is_empty()) + u32::from(!frame.recipients.is_empty());
    // A row of the user's own goes before what is built in, where it finds both its parties.
    let own = frame.pattern.row.overlay && parties == 2;
    (own, frame.specificity, parties, (frame.pattern.weight * 100.0) as u32)
}

fn fill<'a>(
    pattern: &'a Pattern,
    trigger: Token<'a>,
    words: &Words,
    known: &mut impl FnMut(Token<'a>, &[Filler<'a>]) -> bool,
) -> Option<Frame<'a>> {
    let has = |list: &[String], t: Token<'_>| {
        let (lemma, text) = (t.lemma().to_lowercase(), t.text().to_lowercase());
        // "troops" is its own dictionary form in the treebanks, but not in the tables.
        let singular = lemma.strip_suffix('s').unwrap_or(&lemma);
        let whole = hyphenated(t);
        list.iter().any(|w| *w == lemma || *w == text || w == singular || whole.as_ref() == Some(w))
    };
    let verbal = pattern.trigger == TriggerKind::Verb;
    let mut specificity = 0;
    if let Some(particle) = &pattern.particle {
        particle_of(trigger, particle)?;
        specificity += 2;
    } else if verbal && trigger.children().any(|c| c.deprel() == "compound:prt") && pattern.object.is_empty() {
        // "call off" is not "call".
        return None;
    }
    let mut object = None;
    if !pattern.object.is_empty() {
        let candidates = objects(trigger);
        object = Some(*candidates.iter().find(|o| has(&pattern.object, **o))?);
        specificity += 2;
    }
    // The noun that the pattern asked for behind a preposition; its own phrases are looked through like those of an object.
    let mut through = None;
    if !pattern.preposition_object.is_empty() {
        let hangs = |t: Token<'a>, preposition: &str, heads: &[String]| {
            oblique(t, preposition).into_iter().find(|filler| has(heads, *filler))
        };
        let found = pattern.preposition_object.iter().find_map(|(preposition, heads)| {
            let direct = hangs(trigger, preposition, heads);
            direct.or_else(|| objects(trigger).into_iter().find_map(|o| hangs(o, preposition, heads)))
        });
        through = Some(found?);
        specificity += 2;
    }
    if !pattern.complement.is_empty() {
        let mut clause = complements(trigger);
        if pattern.event_type() == Some(EventType::Request) {
            // "insists that it is", "told reporters that he was": a clause in the indicative asks for nothing.
            clause.retain(|c| c.relation() != "ccomp" || !indicative(*c, words));
        }
        let any = pattern.complement.iter().any(|w| w == "*");
        clause.iter().find(|t| any || has(&pattern.complement, **t))?;
        specificity += if any { 1 } else { 2 };
    }
    if !pattern.modifier.is_empty() {
        let of = |t: Token<'a>| {
            t.children()
                .filter(|c| matches!(c.relation(), "amod" | "compound" | "nmod" | "nummod"))
                .filter(|c| c.children().all(|m| m.relation() != "case" || matches!(m.lemma(), "of" | "'s")))
                .any(|c| has(&pattern.modifier, c))
        };
        if !of(trigger) && !object.is_some_and(of) {
            return None;
        }
        specificity += 2;
    }
    let mut gather = |slots: &'a [Slot], others: &[Filler<'a>]| {
        for slot in slots {
            let mut heads = slot_fillers(slot, trigger, object, through, words);
            heads.retain(|t| known(*t, others));
            if heads.is_empty() && *slot == Slot::ComplementObject {
                heads = beyond_complement_object(trigger);
                heads.retain(|t| known(*t, others));
            }
            if !heads.is_empty() {
                return heads.into_iter().map(|head| Filler { head, slot }).collect();
            }
        }
        Vec::new()
    };
    let mut actors = gather(&pattern.actor, &[]);
    // "welcomed their accord with Rohan": the owner is the actor again, and the recipient stands further on.
    let mut recipients = gather(&pattern.recipient, &actors);
    recipients.retain(|r| !actors.iter().any(|a| a.head == r.head));
    if actors.is_empty()
        && pattern.trigger == TriggerKind::Verb
        && matches!(pattern.mode, Some(Mode::Police | Mode::Troops))
    {
        // "Nine hundred officers are deployed": they move, whoever sends them.
        let sent = object.filter(|o| o.deprel() == "nsubj:pass" && known(*o, &[]));
        actors.extend(sent.map(|head| Filler { head, slot: &Slot::Object }));
    }
    if recipients.is_empty() && pattern.event_type() == Some(EventType::Assault) && !pattern.reciprocal {
        let found =
            victims(trigger, words).into_iter().filter(|t| !actors.iter().any(|a| a.head == *t) && known(*t, &[]));
        recipients = found.map(|head| Filler { head, slot: &Slot::Object }).collect();
    }
    if pattern.swap {
        std::mem::swap(&mut actors, &mut recipients);
    }
    Some(Frame { pattern, trigger, object, actors, recipients, specificity })
}

/// Whom an attack harms, as the words around it say: "the raid killed nine", "killed in an airstrike", "fired, wounding two".
fn victims<'a>(trigger: Token<'a>, words: &Words) -> Vec<Token<'a>> {
    let harms = |t: &Token<'_>| t.upos() == Upos::Verb && words.harm_verbs.has(&t.lemma().to_lowercase());
    let of = |verb: Token<'a>| {
        // "are confirmed killed in": the harmed are the subject of the verb above.
        let told = verb.head().filter(|h| verb.relation() == "xcomp" && passive(*h));
        let found = Some(objects(verb)).filter(|o| !o.is_empty()).or_else(|| told.map(objects)).unwrap_or_default();
        found.into_iter().filter(|o| *o != trigger).collect::<Vec<_>>()
    };
    if let Some(verb) = trigger.head() {
        let above = match trigger.relation() {
            "nsubj" if trigger.deprel() != "nsubj:pass" && harms(&verb) => vec![verb],
            // "Nine are killed and two are wounded in a raid": all of them in the one raid.
            "obl" if passive(verb) => {
                let first = verb.head().filter(|_| verb.relation() == "conj").unwrap_or(verb);
                let joined = first.children().filter(|c| c.relation() == "conj");
                std::iter::once(first).chain(joined).filter(|v| harms(v) && passive(*v)).collect()
            }
            _ => Vec::new(),
        };
        if !above.is_empty() {
            return above.into_iter().flat_map(of).collect();
        }
    }
    let carrier =
        trigger.head().filter(|h| h.upos() == Upos::Verb && matches!(trigger.relation(), "obj" | "nsubj" | "obl"));
    let below = |t: Token<'a>| {
        let participle =
            |c: &Token<'a>| matches!(c.relation(), "advcl" | "acl" | "xcomp" | "conj") && c.has("VerbForm=Ger");
        t.children().find(|c| participle(c) && harms(c))
    };
    below(trigger).or_else(|| carrier.and_then(below)).map(of).unwrap_or_default()
}

/// Whether a clause states a fact: a verb in an inflected form of its own, or an auxiliary that demands nothing.
fn indicative(clause: Token<'_>, words: &Words) -> bool {
    let inflected = clause.has("Mood=Ind") && !clause.text().eq_ignore_ascii_case(clause.lemma());
    let helper = |c: &Token<'_>| matches!(c.relation(), "aux" | "cop") && c.has("VerbForm=Fin");
    inflected || clause.children().any(|c| helper(&c) && !words.modal_demanded.has(c.lemma()))
}

/// The verb's particle, wherever the parse hangs it.
fn particle_of<'a>(trigger: Token<'a>, particle: &str) -> Option<Token<'a>> {
    let direct = trigger
        .children()
        .find(|c| c.lemma() == particle && matches!(c.relation(), "compound" | "advmod" | "case" | "obl" | "mark"));
    direct.or_else(|| trigger.next().filter(|n| n.lemma() == particle)).or_else(|| {
        trigger
            .children()
            .filter(|c| c.relation() == "obl")
            .find_map(|c| c.children().find(|p| p.relation() == "case" && p.lemma() == particle))
    })
}

/// Whether a verb form has its object as grammatical subject or antecedent.
pub(crate) fn passive(trigger: Token<'_>) -> bool {
    trigger.children().any(|c| matches!(c.deprel(), "nsubj:pass" | "aux:pass" | "csubj:pass"))
        || trigger.relation() == "acl"
            && trigger.deprel() != "acl:relcl"
            && trigger.has("VerbForm=Part")
            && (trigger.has("Tense=Past") || trigger.has("Voice=Pass"))
        || trigger.relation() == "amod" && trigger.has("VerbForm=Part") && trigger.has("Tense=Past")
        || trigger.relation() == "conj"
            && trigger.has("VerbForm=Part")
            && !trigger.children().any(|c| matches!(c.relation(), "nsubj" | "aux" | "obj"))
            && trigger.head().is_some_and(|h| h.upos() == Upos::Verb && passive(h))
        || bare_participle(trigger)
}

/// A headline's passive: "Two soldiers killed in Donetsk".
fn bare_participle(trigger: Token<'_>) -> bool {
    trigger.has("VerbForm=Part")
        && trigger.has("Voice=Pass")
        && !trigger.children().any(|c| matches!(c.relation(), "aux" | "obj"))
}

/// What a verb acts upon, coordination included.
pub(crate) fn objects<'a>(trigger: Token<'a>) -> Vec<Token<'a>> {
    let mut found: Vec<Token<'a>> = Vec::new();
    if passive(trigger) {
        found.extend(trigger.children().filter(|c| matches!(c.deprel(), "nsubj:pass")));
        if found.is_empty() && bare_participle(trigger) {
            found.extend(trigger.children().filter(|c| c.relation() == "nsubj"));
        }
        if found.is_empty() && matches!(trigger.relation(), "acl" | "amod") {
            found.extend(trigger.head());
        }
        if found.is_empty() && trigger.relation() == "conj" {
            found.extend(trigger.head().map(objects).unwrap_or_default());
        }
    }
    found.extend(trigger.children().filter(|c| c.relation() == "obj"));
    if found.is_empty() {
        // "allowed inspectors to enter": the only object, whatever it is called.
        found.extend(trigger.children().filter(|c| c.relation() == "iobj"));
    }
    if found.is_empty() && trigger.upos() == Upos::Verb {
        // After a particle ("called out China") the parse may see a complement in the object.
        let bare = |c: &Token<'a>| {
            c.relation() == "xcomp"
                && matches!(c.upos(), Upos::Noun | Upos::Propn)
                && !c.children().any(|m| matches!(m.relation(), "case" | "cop" | "mark"))
        };
        found.extend(trigger.children().filter(bare));
    }
    if found.is_empty() && trigger.relation() == "conj" {
        // "shelled and bombed the town": a shared object hangs from the last verb or the first.
        let shared = trigger.head().filter(|h| h.upos() == trigger.upos() && !passive(trigger));
        if let Some(head) = shared {
            let after = |c: &Token<'a>| c.relation() == "obj" && c.ix() > trigger.ix();
            found.extend(head.children().filter(after));
        }
    }
    if found.is_empty() && trigger.upos() == Upos::Verb && trigger.next().is_some_and(|t| t.relation() == "cc") {
        // "fired and landed a round on": the object stands after the second verb alone.
        let second = trigger.children().find(|c| {
            c.relation() == "conj"
                && c.upos() == Upos::Verb
                && !c.children().any(|s| matches!(s.relation(), "nsubj" | "aux"))
        });
        let near = second.filter(|c| c.ix().0 == trigger.ix().0 + 2);
        found.extend(near.into_iter().flat_map(|c| c.children().filter(|o| o.relation() == "obj").collect::<Vec<_>>()));
    }
    if found.is_empty() && trigger.deprel() == "acl:relcl" {
        // "the deal that they signed", the pronoun left out
        let own_subject = trigger.children().any(|c| c.relation() == "nsubj" && antecedent(c).is_none());
        let object_pronoun = trigger.children().any(|c| c.relation() == "obj");
        if own_subject && !object_pronoun {
            found.extend(trigger.head());
        }
    }
    let conjuncts: Vec<Token<'a>> =
        found.iter().flat_map(|o| o.children().filter(|c| c.relation() == "conj").collect::<Vec<_>>()).collect();
    found.extend(conjuncts);
    found
}

/// Who does it.
pub(crate) fn subjects<'a>(trigger: Token<'a>, depth: u8) -> Vec<Token<'a>> {
    if depth > 5 {
        return Vec::new();
    }
    if passive(trigger) {
        let agents: Vec<Token<'a>> = oblique(trigger, "by");
        if !agents.is_empty() || trigger.relation() != "conj" {
            return agents;
        }
        return trigger.head().filter(|h| passive(*h)).map(|h| oblique(h, "by")).unwrap_or_default();
    }
    // A clause has one subject; of two that the parse gives, the one nearer the verb has the whole phrase.
    let own = trigger
        .children()
        .filter(|c| c.relation() == "nsubj" && c.deprel() != "nsubj:pass")
        .reduce(|first, next| if ends_a_place(next) { first } else { next });
    if let Some(own) = own {
        return vec![own];
    }
    let Some(head) = trigger.head() else { return Vec::new() };
    match trigger.relation() {
        "xcomp" => {
            // Object control ("urged Iran to stop") unless the governor is passive or has no object.
            let controller: Vec<Token<'a>> =
                head.children().filter(|c| matches!(c.relation(), "obj" | "iobj") && c.ix() < trigger.ix()).collect();
            if !controller.is_empty() && head.upos() == Upos::Verb {
                return controller;
            }
            if passive(head) {
                return head.children().filter(|c| c.deprel() == "nsubj:pass").collect();
            }
            subjects(head, depth + 1)
        }
        "conj" | "advcl" | "parataxis" | "ccomp" => {
            if trigger.relation() == "ccomp" && trigger.has("VerbForm=Fin") {
                return Vec::new();
            }
            if head.upos() == Upos::Verb && passive(head) {
                return head.children().filter(|c| c.deprel() == "nsubj:pass").collect();
            }
            // "accused Finland of supporting", "barred them from entering": the object does it.
            let through =
                |c: &Token<'_>| matches!(c.relation(), "mark" | "case") && matches!(c.lemma(), "of" | "from" | "into");
            if trigger.relation() == "advcl" && trigger.children().any(|c| through(&c)) {
                let object: Vec<Token<'a>> =
                    head.children().filter(|c| matches!(c.relation(), "obj" | "iobj")).collect();
                if !object.is_empty() {
                    return object;
                }
            }
            subjects(head, depth + 1)
        }
        "acl" => {
            if trigger.deprel() == "acl:relcl" {
                return Vec::new();
            }
            if trigger.has("VerbForm=Inf") {
                // "a decision to attack", "its threat to strike": the owner of the noun, or the verb's subject.
                let owner: Vec<Token<'a>> = head.children().filter(|c| c.deprel() == "nmod:poss").collect();
                if !owner.is_empty() {
                    return owner;
                }
                return head
                    .head()
                    .filter(|v| v.upos() == Upos::Verb)
                    .map(|v| subjects(v, depth + 1))
                    .unwrap_or_default();
            }
            vec![head]
        }
        "amod" if trigger.has("VerbForm=Ger") || trigger.has("Tense=Pres") => vec![head],
        "cop" | "aux" => subjects(head, depth + 1),
        "obl" | "nmod" if trigger.upos() == Upos::Verb => subjects(head, depth + 1),
        _ => {
            // A predicate noun or adjective has its subject through the copula; a gerund object through its verb.
            if trigger.upos() == Upos::Verb && matches!(trigger.relation(), "obj" | "advmod" | "dep") {
                return subjects(head, depth + 1);
            }
            Vec::new()
        }
    }
}

/// The passive participle after a noun that tells whose or whence it is: "drones fired by", "a plan drafted by".
fn fired<'a>(noun: Token<'a>) -> Option<Token<'a>> {
    let by = |c: &Token<'a>| c.children().any(|o| o.relation() == "obl" && (marked(o, "by") || marked(o, "from")));
    noun.children().find(|c| c.deprel() == "acl" && passive(*c) && by(c))
}

/// "Kyiv, Ukraine kill": a state after a comma and a town, which the parse takes for a subject beside the true one.
fn ends_a_place(token: Token<'_>) -> bool {
    let comma = token.previous().filter(|c| c.text() == ",");
    token.upos() == Upos::Propn && comma.and_then(Token::previous).is_some_and(|town| town.upos() == Upos::Propn)
}

/// Nominals with this preposition that hang from a word.
pub(crate) fn oblique<'a>(token: Token<'a>, preposition: &str) -> Vec<Token<'a>> {
    let mut found: Vec<Token<'a>> = token
        .children()
        .filter(|c| matches!(c.relation(), "obl" | "nmod" | "advcl" | "acl" | "obj" | "xcomp" | "ccomp"))
        .filter(|c| marked(*c, preposition))
        .chain(misplaced(token, preposition))
        .collect();
    if token.deprel() == "acl:relcl" {
        // "the country on which it imposed sanctions"
        let pronoun: Vec<Token<'a>> = found.iter().filter_map(|t| antecedent(*t)).collect();
        found.extend(pronoun);
    }
    found
}

/// The phrase right after a word that the parse hangs from a noun further on ("ties WITH ROHAN five years after …"):
/// a prepositional phrase never stands before the noun that it belongs to.
fn misplaced<'a>(token: Token<'a>, preposition: &str) -> Option<Token<'a>> {
    let case = token.next().filter(|c| c.relation() == "case")?;
    let head = case.head().filter(|h| h.deprel() == "nmod" && h.ix() > case.ix())?;
    (head.head().is_some_and(|h| h.ix() > head.ix()) && marked(head, preposition)).then_some(head)
}

/// Nominals with this preposition that hang deeper in a noun's phrase: from the noun after "of" ("the resumption of ties
/// WITH ROHAN"), or from a participle beside it or its last noun ("letters on trade sent BY ROHAN", "roads leading INTO MORDOR").
fn deeper<'a>(noun: Token<'a>, preposition: &str) -> Vec<Token<'a>> {
    let participle = |c: &Token<'_>| c.deprel() == "acl" && (c.has("VerbForm=Part") || c.has("VerbForm=Ger"));
    let of = if preposition == "of" { Vec::new() } else { oblique(noun, "of") };
    let nouns = std::iter::once(noun).chain(noun.children().filter(|c| c.deprel() == "nmod"));
    let participles: Vec<Token<'a>> = nouns.flat_map(|n| n.children().filter(participle).collect::<Vec<_>>()).collect();
    of.into_iter().chain(participles).flat_map(|t| oblique(t, preposition)).collect()
}

fn marked(token: Token<'_>, preposition: &str) -> bool {
    // A long phrase may leave its preposition with a word before the head ("of the SCO – a nine-member group").
    let before = token.children().filter(|c| matches!(c.relation(), "compound" | "flat") || c.deprel() == "nmod:desc");
    let mut cases = std::iter::once(token)
        .chain(before)
        .flat_map(|t| t.children())
        .filter(|c| matches!(c.relation(), "case" | "mark"));
    cases.any(|case| {
        case.lemma().eq_ignore_ascii_case(preposition)
            || case.children().any(|f| f.relation() == "fixed" && f.lemma().eq_ignore_ascii_case(preposition))
            || preposition == "toward" && case.lemma().eq_ignore_ascii_case("towards")
            || preposition == "on" && case.lemma().eq_ignore_ascii_case("upon")
    })
}

/// Clauses that complete a word ("refused TO NEGOTIATE", "threat TO ATTACK", "called for ENDING …").
pub(crate) fn complements<'a>(trigger: Token<'a>) -> Vec<Token<'a>> {
    trigger
        .children()
        .filter(|c| {
            matches!(c.relation(), "xcomp" | "ccomp")
                || c.deprel() == "acl" && trigger.upos() != Upos::Verb
                || c.relation() == "advcl"
                    && c.upos() == Upos::Verb
                    && (c.has("VerbForm=Inf")
                        || c.children().any(|m| {
                            matches!(m.relation(), "mark" | "case") && matches!(m.upos(), Upos::Adp | Upos::Sconj)
                        }))
        })
        .collect()
}

fn slot_fillers<'a>(
    slot: &Slot,
    trigger: Token<'a>,
    object: Option<Token<'a>>,
    through: Option<Token<'a>>,
    words: &Words,
) -> Vec<Token<'a>> {
    let verbal = matches!(trigger.upos(), Upos::Verb | Upos::Aux) || trigger.has("VerbForm=Part") && passive(trigger);
    match slot {
        Slot::Subject if verbal => {
            let mut found = subjects(trigger, 0);
            if let [noun] = found[..]
                && trigger.deprel() == "acl"
                && trigger.has("VerbForm=Ger")
                && noun.upos() == Upos::Noun
                && let Some(carrier) = governing_verb(noun, words)
            {
                // "issued a statement condemning", "sent a letter urging": whoever issued and sent it.
                found.extend(subjects(carrier, 0));
            }
            found
        }
        Slot::Subject => nominal_subjects(trigger, words),
        Slot::Object => objects(trigger),
        Slot::Indirect => trigger.children().filter(|c| c.relation() == "iobj").collect(),
        Slot::Possessive => {
            let owner: Vec<Token<'a>> = trigger.children().filter(|c| c.deprel() == "nmod:poss").collect();
            if owner.is_empty() { light_subject(trigger, words) } else { owner }
        }
        Slot::Compound => trigger
            .children()
            .filter(|c| matches!(c.relation(), "compound" | "amod") || c.deprel() == "nmod:desc")
            .flat_map(|c| {
                // "U.S.-led strikes": the state is inside the participle; "American-Israeli strikes" are of both.
                let inside = |i: &Token<'_>| match c.has("VerbForm=Part") {
                    true => matches!(i.relation(), "compound" | "obl"),
                    false => i.relation() == "amod" && i.ix().0 + 2 == c.ix().0,
                };
                let own = Some(c).filter(|c| !c.has("VerbForm=Part"));
                c.children().filter(inside).chain(own).collect::<Vec<_>>()
            })
            .collect(),
        Slot::Preposition(preposition) => {
            let mut found = oblique(trigger, preposition);
            if found.is_empty() && verbal {
                // "imposed sanctions on": the phrase often hangs from the object.
                found = object.into_iter().chain(objects(trigger)).flat_map(|o| oblique(o, preposition)).collect();
            }
            if found.is_empty() {
                found = through.into_iter().flat_map(|t| oblique(t, preposition)).collect();
            }
            if found.is_empty() {
                found = through.into_iter().flat_map(|t| deeper(t, preposition)).collect();
            }
            if found.is_empty() && !verbal && matches!(preposition.as_str(), "by" | "to") {
                // "the rescue of sailors by Umbar": the parse often hangs the second phrase from the first.
                found = oblique(trigger, "of").into_iter().flat_map(|o| oblique(o, preposition)).collect();
            }
            if found.is_empty() && !verbal {
                found = governing_verb(trigger, words).map(|v| oblique(v, preposition)).unwrap_or_default();
            }
            found
        }
        Slot::ObjectSlot(inner) => {
            let nouns = match object {
                Some(object) => vec![object],
                None => objects(trigger).into_iter().chain(through).collect(),
            };
            let mut found: Vec<Token<'a>> =
                nouns.iter().flat_map(|o| slot_fillers(inner, *o, None, None, words)).collect();
            if let (Some(object), Slot::Preposition(preposition), true) = (object, inner.as_ref(), found.is_empty()) {
                // "drones fired by Mordor", "a plan drafted by Gondor"
                found = fired(object).map(|c| oblique(c, preposition)).unwrap_or_default();
            }
            if let (Some(object), true) = (object, found.is_empty()) {
                // "missiles and drones from Mordor": the phrase hangs from the last of them.
                let joined = object.children().filter(|c| c.relation() == "conj" && c.upos() == Upos::Noun);
                found = joined.flat_map(|c| slot_fillers(inner, c, None, None, words)).collect();
            }
            match inner.as_ref() {
                Slot::Preposition(preposition) if found.is_empty() => {
                    nouns.into_iter().flat_map(|o| deeper(o, preposition)).collect()
                }
                _ => found,
            }
        }
        // "expressed hope that Rohan would help": the clause may complete the object.
        Slot::ComplementSubject => complements(trigger)
            .into_iter()
            .chain(object.into_iter().flat_map(complements))
            .flat_map(|c| {
                let own: Vec<Token<'a>> = c.children().filter(|s| s.relation() == "nsubj").collect();
                if own.is_empty() {
                    trigger.children().filter(|o| matches!(o.relation(), "obj" | "iobj")).collect()
                } else {
                    own
                }
            })
            .collect(),
        Slot::ComplementObject => complements(trigger).into_iter().flat_map(objects).collect(),
        Slot::ComplementPreposition(preposition) => {
            complements(trigger).into_iter().flat_map(|c| behind(c, preposition)).collect()
        }
    }
}

/// Nominals that hang by this preposition from a verb or from its object.
fn behind<'a>(verb: Token<'a>, preposition: &str) -> Vec<Token<'a>> {
    let found = oblique(verb, preposition);
    if found.is_empty() { objects(verb).into_iter().flat_map(|o| oblique(o, preposition)).collect() } else { found }
}

/// Whom a depending clause concerns where its object is nobody: "agreed to lift the sanctions ON ROHAN".
fn beyond_complement_object<'a>(trigger: Token<'a>) -> Vec<Token<'a>> {
    let of_clause = |clause: Token<'a>| {
        let prepositions = ["on", "against", "with", "to", "between"].into_iter();
        prepositions.map(|word| behind(clause, word)).find(|found| !found.is_empty()).unwrap_or_default()
    };
    complements(trigger).into_iter().flat_map(of_clause).collect()
}

/// The subject of a predicate noun or adjective ("Iran was critical of", "is a supporter of").
fn nominal_subjects<'a>(trigger: Token<'a>, words: &Words) -> Vec<Token<'a>> {
    let own: Vec<Token<'a>> = trigger.children().filter(|c| c.relation() == "nsubj").collect();
    if !own.is_empty() {
        return own;
    }
    match (trigger.relation(), trigger.head()) {
        ("conj" | "xcomp", Some(head)) => {
            if matches!(head.upos(), Upos::Verb) {
                subjects(head, 0)
            } else {
                nominal_subjects(head, words)
            }
        }
        ("acl" | "amod", Some(head)) => vec![head],
        _ => light_subject(trigger, words),
    }
}

/// The subject of the verb that only carries the noun ("launched an attack", "held talks").
fn light_subject<'a>(trigger: Token<'a>, words: &Words) -> Vec<Token<'a>> {
    governing_verb(trigger, words).map(|v| subjects(v, 0)).unwrap_or_default()
}

/// The support verb that has this noun as its object.
pub(crate) fn governing_verb<'a>(trigger: Token<'a>, words: &Words) -> Option<Token<'a>> {
    let mut token = trigger;
    while token.relation() == "conj" {
        token = token.head()?;
    }
    let verb = token.head()?;
    let carried = token.relation() == "obj"
        || token.deprel() == "nsubj:pass"
        || token.relation() == "obl" && verb.upos() == Upos::Verb;
    let reversed = verb.relation() == "acl" && passive(verb);
    (verb.upos() == Upos::Verb && (carried || reversed) && words.support_verbs.has(&verb.lemma().to_lowercase()))
        .then_some(verb)
        .or_else(|| {
            // "an agreement reached by Putin and Xi": the participle after the noun carries it.
            trigger
                .children()
                .find(|c| c.relation() == "acl" && passive(*c) && words.support_verbs.has(&c.lemma().to_lowercase()))
        })
}
