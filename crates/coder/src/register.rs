//! Ways of speaking in which the words of conflict and diplomacy mean something else: sport, accidents and disasters,
//! satire, names of kinds, the business of firms and the wishes of private people.
//!
//! Nothing is coded there rather than something wrong. The words are `data/language/registers.toml`.

use crate::resolve::Resolver;
use crate::words::{Set, Words};
use demarche_core::{ActorRef, Event, EventType, Modality, Mode, QuadClass, Sector};
use demarche_text::{Document, Sentence, Token, Upos};
use std::collections::BTreeSet;

/// A way of speaking that holds for a whole paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Register {
    /// Teams fight, and states are teams.
    Sport,
    /// Nothing in it is so.
    Satire,
}

impl Register {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Register::Sport => "sport",
            Register::Satire => "satire",
        }
    }
}

/// What a word that hardly means anything but sport, and a score between two names, are worth against a word that may.
const SURE: usize = 2;
/// What shows a paragraph to be of sport.
const SPORT: usize = 4;

/// The ways of speaking of a document, by paragraph.
#[derive(Debug, Default)]
pub(crate) struct Registers(Vec<Option<Register>>);

impl Registers {
    /// Looks at the words of every paragraph; the lines of a list are looked at together.
    pub(crate) fn find(doc: &Document, words: &Words) -> Registers {
        let opening = doc.paragraphs.first().map_or("", |p| doc.text(*p)).to_lowercase();
        let satire = words.satire_openings.iter().any(|phrase| {
            opening.strip_prefix(phrase.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        if satire {
            return Registers(vec![Some(Register::Satire); doc.paragraphs.len()]);
        }
        let mut found = vec![None; doc.paragraphs.len()];
        let mut first = 0;
        while first < found.len() {
            let listed = |at: &usize| doc.text(doc.paragraphs[*at]).starts_with(|c: char| c.is_ascii_digit());
            let until = first + (first..found.len()).take_while(listed).count().max(1);
            let tokens = (first..until).flat_map(|at| doc.tokens_in(doc.paragraphs[at]));
            if sporting(tokens, words) >= SPORT {
                found[first..until].fill(Some(Register::Sport));
            }
            first = until;
        }
        Registers(found)
    }

    /// The way of speaking of a sentence's paragraph.
    pub(crate) fn of(&self, sentence: Sentence<'_>) -> Option<Register> {
        self.0.get(sentence.paragraph() as usize).copied().flatten()
    }
}

/// How much shows words to be of sport; each counts once.
fn sporting<'a>(tokens: impl Iterator<Item = Token<'a>>, words: &Words) -> usize {
    let mut seen = BTreeSet::new();
    let mut sum = 0;
    for token in tokens {
        // By the bare words, so that it is the same whether or not a sentence was read.
        let form = token.text().to_lowercase();
        let single = match form.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => form.strip_suffix('s').unwrap_or(&form).to_string(),
        };
        let has = |list: &Set| list.has(&form) || list.has(&single);
        sum += match (has(&words.sport_words), has(&words.sport_hints)) {
            _ if score(token) => SURE,
            (true, _) if seen.insert(single.clone()) => SURE,
            (_, true) if seen.insert(single) => 1,
            _ => 0,
        };
    }
    sum
}

/// "France 3-1 Germany": two numbers between two names.
fn score(token: Token<'_>) -> bool {
    let name = |t: Option<Token<'_>>| t.is_some_and(|t| t.text().starts_with(char::is_uppercase));
    let (digits, rest): (String, String) = token.text().chars().partition(char::is_ascii_digit);
    if matches!(rest.as_str(), "-" | "–") && digits.len() > 1 {
        return name(token.previous()) && name(token.next());
    }
    // Cut into its numbers.
    let number =
        |t: Token<'_>| !t.text().is_empty() && t.text().len() < 4 && t.text().chars().all(|c| c.is_ascii_digit());
    matches!(token.text(), "-" | "–")
        && token.previous().is_some_and(|t| number(t) && name(t.previous()))
        && token.next().is_some_and(|t| number(t) && name(t.next()))
}

/// Whether an event is told in a way in which its words do not mean it.
pub(crate) fn misread(event: &Event, trigger: Token<'_>, resolver: &Resolver<'_>) -> bool {
    let words = resolver.words;
    let register = resolver.registers.of(trigger.sentence());
    let has = |list: &Set| trigger.sentence().tokens().any(|t| list.has(&t.lemma().to_lowercase()));
    // A state of emergency against a flood, a warning of one to nobody in particular.
    let alarm = event.event_type == EventType::Coerce && event.mode == Some(Mode::MartialLaw)
        || event.event_type == EventType::Threaten && event.recipients.is_empty();
    let verbal = matches!(event.quad, QuadClass::VerbalCooperation | QuadClass::VerbalConflict);
    let business = verbal || event.event_type == EventType::Sanction;
    let leaves = event.event_type == EventType::Retreat;
    let moves = leaves || event.event_type == EventType::Mobilize;
    let mishap = matches!(event.event_type, EventType::Assault | EventType::Protest) && accident(event, trigger, words);
    let sport = has(&words.sport_words) || register == Some(Register::Sport);
    mishap
        || alarm && has(&words.accident_nouns)
        || moves
            && !event.actors.is_empty()
            && event.actors.iter().all(|actor| private(actor, leaves, event.mode == Some(Mode::Troops)))
        || modifies_a_noun(trigger)
        || sport && !event.actors.iter().any(acts_in_sport)
        || register == Some(Register::Satire)
        || business && !event.actors.iter().chain(&event.recipients).any(public)
        || no_crowd(event, trigger)
        || of_things(event)
        || own_wish(event)
        || event.event_type == EventType::Aid
            && at_home(event)
            && (has(&words.accident_nouns) || has(&words.accident_verbs))
        || undone(event, trigger, words)
        || unmeant(event, trigger, words)
        || asks(event, trigger)
}

/// Whether what the typing head alone finds in a sentence is one of the things that it takes for acts: harm amid an
/// accident, or something done to a state that is no more.
pub(crate) fn misheard(event: &Event, trigger: Token<'_>, resolver: &Resolver<'_>) -> bool {
    let words = resolver.words;
    let mut lemmas = trigger.sentence().tokens().map(|t| t.lemma().to_lowercase());
    let mishap = |lemma: String| words.accident_nouns.has(&lemma) || words.accident_verbs.has(&lemma);
    let gone = |party: &ActorRef| {
        let actor = party.code.as_deref().and_then(|code| resolver.knowledge.actor(code));
        actor.is_some_and(|actor| !actor.interval.contains(resolver.on))
    };
    misread(event, trigger, resolver)
        || event.event_type == EventType::Assault && lemmas.any(mishap)
        || event.actors.iter().chain(&event.recipients).any(gone)
}

/// Walkouts have no object ("struck the ground"), and it is people who march, not a place or a state.
fn no_crowd(event: &Event, trigger: Token<'_>) -> bool {
    let whole = |actor: &ActorRef| actor.resolved_by == ["place"] || state(actor) && sector(actor) == Some(Sector::Gov);
    let struck = event.mode == Some(Mode::Strike)
        && trigger.lemma().eq_ignore_ascii_case("strike")
        && trigger.children().any(|c| c.relation() == "obj");
    event.event_type == EventType::Protest
        && trigger.upos() == Upos::Verb
        && (struck || !event.actors.is_empty() && event.actors.iter().all(whole))
}

/// "Repatriated a Spanish map": only people are arrested and deported, not what belongs to somebody.
fn of_things(event: &Event) -> bool {
    let thing = |party: &ActorRef| party.resolved_by.iter().any(|by| by == "owner");
    matches!(event.mode, Some(Mode::Deport | Mode::Arrest))
        && !event.recipients.is_empty()
        && event.recipients.iter().all(thing)
}

/// What a private person wishes, and what one forbids to nobody: "a local man appealed to the council", "imposed
/// sanctions on acorns".
fn own_wish(event: &Event) -> bool {
    use EventType::{Agree, Coerce, Consult, Request, Sanction, Support};
    let homeless = |actor: &ActorRef| actor.code.is_none() && actor.sector == Some(Sector::Cvl);
    let person = |actor: &ActorRef| homeless(actor) && actor.name.is_some();
    !event.actors.is_empty()
        && match event.event_type {
            Agree | Consult | Request | Support => event.actors.iter().all(person),
            Coerce | Sanction => event.recipients.is_empty() && event.actors.iter().all(homeless),
            _ => false,
        }
}

/// "Lifted its ban", "ended the blockade": what is taken back was done before.
fn undone(event: &Event, trigger: Token<'_>, words: &Words) -> bool {
    matches!(event.event_type, EventType::Coerce | EventType::Sanction)
        && trigger.upos() == Upos::Noun
        && (trigger.relation() == "obj" || trigger.deprel() == "nsubj:pass")
        && trigger.head().is_some_and(|verb| words.undoing_verbs.has(&verb.lemma().to_lowercase()))
}

/// "Celebratory gunfire", "accidentally blocked": meant against nobody. A strike on the wrong side is one all the same.
fn unmeant(event: &Event, trigger: Token<'_>, words: &Words) -> bool {
    let nobody = !event.actors.iter().any(|actor| actor.code.is_some());
    let relation = if trigger.upos() == Upos::Noun { "amod" } else { "advmod" };
    event.quad == QuadClass::MaterialConflict
        && (nobody || event.event_type != EventType::Assault)
        && trigger.children().any(|c| c.relation() == relation && words.unmeant.has(&c.lemma().to_lowercase()))
}

/// Whether nobody of another country is helped.
fn at_home(event: &Event) -> bool {
    let own = |party: &ActorRef| party.code.is_none() || event.actors.iter().any(|actor| actor.code == party.code);
    event.recipients.iter().all(own)
}

/// "Will you attack Mordor?": a question about nobody asserts nothing.
fn asks(event: &Event, trigger: Token<'_>) -> bool {
    event.actors.is_empty()
        && event.modality != Modality::Asserted
        && trigger.sentence().text().trim_end().trim_end_matches(['"', '”', '\'', '’', ')']).ends_with('?')
}

/// Somebody whose coming is no move of forces, or whose leaving none of officials either: "180 writers withdrew".
fn private(actor: &ActorRef, leaves: bool, troops: bool) -> bool {
    match sector(actor) {
        Some(Sector::Bus | Sector::Jrn | Sector::Edu | Sector::Med | Sector::Ngo | Sector::Soc) => true,
        Some(Sector::Cvl | Sector::Opp) => leaves || troops,
        Some(Sector::Eli) => leaves && actor.id.is_none(),
        Some(_) => false,
        None => leaves && actor.code.is_none(),
    }
}

/// "Drone strike fears", "a murder trial": the act only tells what kind of thing another is.
fn modifies_a_noun(trigger: Token<'_>) -> bool {
    trigger.upos() == Upos::Noun && trigger.relation() == "compound"
}

/// The sector; PLOVER's code for those who belong to no state may be one.
fn sector(party: &ActorRef) -> Option<Sector> {
    party.sector.or_else(|| party.code.as_deref().and_then(Sector::parse))
}

/// Whether somebody's act is one of politics also where the talk is of sport: a bare state is its team there, and a
/// federation rules over players.
fn acts_in_sport(actor: &ActorRef) -> bool {
    let stateless = actor.code.as_deref().and_then(Sector::parse);
    match stateless.or(actor.sector) {
        _ if actor.resolved_by == ["place"] => false,
        Some(Sector::Gov) => !state(actor),
        Some(Sector::Ngo | Sector::Bus | Sector::Jrn | Sector::Edu | Sector::Med | Sector::Soc) | None => false,
        Some(_) => true,
    }
}

/// Whether a party is a state by its bare name.
fn state(party: &ActorRef) -> bool {
    party.id.as_ref().map(|id| id.as_str()) == party.code.as_deref()
}

/// Whether a party makes talk public business: firms, papers, schools and societies among themselves do not.
fn public(party: &ActorRef) -> bool {
    match sector(party) {
        Some(Sector::Bus | Sector::Jrn | Sector::Edu | Sector::Ngo) => false,
        Some(_) => true,
        None => party.code.is_some(),
    }
}

/// "The explosion killed six", "a bus overturned, killing two", "were killed in a fire", "a bus struck two": nobody's act,
/// whosever the bus is.
fn accident(event: &Event, trigger: Token<'_>, words: &Words) -> bool {
    let happens = |noun: Token<'_>| {
        let lemma = noun.lemma().to_lowercase();
        // "artillery fire" is no "fire" that breaks out: that one is counted.
        let counted = || noun.children().any(|c| c.relation() == "det" && c.has("Definite=Ind"));
        words.accident_nouns.has(&lemma) || words.accident_counted.has(&lemma) && counted()
    };
    let subject = |verb: Token<'_>| verb.children().any(|c| c.relation() == "nsubj" && happens(c));
    // "Lightning strikes", "a gas explosion"
    let kind = trigger.upos() == Upos::Noun && trigger.children().any(|c| c.relation() == "compound" && happens(c));
    let within = |verb: Token<'_>| verb.children().any(|c| c.relation() == "obl" && happens(c));
    let nobody = !event.actors.iter().any(|actor| actor.code.is_some() || actor.id.is_some());
    let driven = |c: &Token<'_>| c.relation() == "nsubj" && words.accident_vehicles.has(&c.lemma().to_lowercase());
    let knocked = words.accident_blows.has(&trigger.lemma().to_lowercase()) && trigger.children().any(|c| driven(&c));
    if subject(trigger) || kind || nobody && (knocked || within(trigger)) {
        return true;
    }
    let depends = matches!(trigger.relation(), "advcl" | "conj" | "xcomp" | "acl" | "parataxis");
    let above = trigger.head().filter(|_| depends && !trigger.children().any(|c| c.relation() == "nsubj"));
    above.is_some_and(|verb| {
        let aimed = verb.children().any(|c| c.relation() == "obj");
        let befalls = verb.upos() == Upos::Verb && words.accident_verbs.has(&verb.lemma().to_lowercase());
        befalls && !aimed || happens(verb) || subject(verb)
    })
}
