//! Ways of speaking in which the words of conflict and diplomacy mean something else: sport, accidents and disasters,
//! names of kinds, the business of firms among themselves.
//!
//! Nothing is coded there rather than something wrong. The words are `data/language/registers.toml`.

use crate::words::{Set, Words};
use demarche_core::{ActorRef, Event, EventType, Mode, QuadClass, Sector};
use demarche_text::{Token, Upos};

/// Whether an event is told in a way in which its words do not mean it.
pub(crate) fn misread(event: &Event, trigger: Token<'_>, words: &Words) -> bool {
    let has = |list: &Set| trigger.sentence().tokens().any(|t| list.has(&t.lemma().to_lowercase()));
    // A state of emergency against a flood, a warning of one to nobody in particular.
    let alarm = event.event_type == EventType::Coerce && event.mode == Some(Mode::MartialLaw)
        || event.event_type == EventType::Threaten && event.recipients.is_empty();
    let verbal = matches!(event.quad, QuadClass::VerbalCooperation | QuadClass::VerbalConflict);
    let leaves = event.event_type == EventType::Retreat;
    let moves = leaves || event.event_type == EventType::Mobilize;
    event.event_type == EventType::Assault && accident(trigger, words)
        || alarm && has(&words.accident_nouns)
        || moves
            && !event.actors.is_empty()
            && event.actors.iter().all(|actor| private(actor, leaves, event.mode == Some(Mode::Troops)))
        || modifies_a_noun(trigger)
        || has(&words.sport_words) && !event.actors.iter().any(acts_in_sport)
        || verbal && !event.actors.iter().chain(&event.recipients).any(public)
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
    let state = actor.id.as_ref().map(|id| id.as_str()) == actor.code.as_deref();
    match sector(actor) {
        Some(Sector::Gov) => !state,
        Some(Sector::Ngo | Sector::Bus | Sector::Jrn | Sector::Edu | Sector::Med | Sector::Soc) | None => false,
        Some(_) => true,
    }
}

/// Whether a party makes talk public business: firms, papers, schools and societies among themselves do not.
fn public(party: &ActorRef) -> bool {
    match sector(party) {
        Some(Sector::Bus | Sector::Jrn | Sector::Edu | Sector::Ngo) => false,
        Some(_) => true,
        None => party.code.is_some(),
    }
}

/// "The explosion killed six", "a bus overturned, killing two": nobody's act, whosever the bus is.
fn accident(trigger: Token<'_>, words: &Words) -> bool {
    let happens = |noun: Token<'_>| words.accident_nouns.has(&noun.lemma().to_lowercase());
    let subject = |verb: Token<'_>| verb.children().any(|c| c.relation() == "nsubj" && happens(c));
    // "Lightning strikes", "a gas explosion"
    let kind = trigger.upos() == Upos::Noun && trigger.children().any(|c| c.relation() == "compound" && happens(c));
    if subject(trigger) || kind {
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
