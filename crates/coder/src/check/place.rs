//! Capitals and locations: "the Arnorian capital, Annuminas", "Osgiliath, in Gondor".

use super::{Claim, bearers, elsewhen, evidence, owners, verdict};
use crate::resolve::Resolver;
use demarche_core::{ActorRef, Check, CheckObject, Polarity, Reference, Span, Verdict};
use demarche_knowledge::{Actor, ActorKind, NameKind, Place, State, TieKind};
use demarche_text::Token;

/// One claim where a noun calls a town the capital of a state.
pub(super) fn capital(resolver: &Resolver<'_>, noun: Token<'_>) -> Option<Check> {
    let words = resolver.words;
    if !words.capital_nouns.has(&noun.lemma().to_lowercase()) || noun.has("Number=Plur") {
        return None;
    }
    // "the regional capital", "the former capital", "the commercial capital": of another kind.
    let other_kind = |c: Token<'_>| {
        matches!(c.relation(), "amod" | "compound" | "advmod") && state_at(resolver, c).is_none()
            || words.negation.has(&c.lemma().to_lowercase())
    };
    if noun.children().any(other_kind) {
        return None;
    }
    let owner = owners(noun).find(|t| t.relation() != "compound" || state_at(resolver, *t).is_some());
    let state = match owner {
        Some(token) => Some(resolver.knowledge.state(state_at(resolver, token)?.id.as_str())?),
        None => None,
    };
    let (span, rows) = bearers(noun).into_iter().find_map(|t| place_at(resolver, t))?;
    let text = resolver.doc.text(span);
    let state = match state {
        Some(state) => state,
        // "the capital, X": of the state whose capital X is.
        None => resolver
            .knowledge
            .tables()
            .states
            .iter()
            .find(|s| s.interval.contains(resolver.on) && s.capital.as_deref() == Some(text))?,
    };
    if !state.interval.contains(resolver.on) {
        return None;
    }
    let known = capitals(resolver, state, text);
    let claim = claim(resolver, noun, span, format!("{text} is the capital of {}", state.name), state);
    let reference = Reference {
        statement: format!("the capital of {} is {}", state.name, state.capital.as_deref().unwrap_or_default()),
        since: None,
        row: state.row.to_string(),
        source: Some(state.source.clone()),
    };
    if known {
        return Some(verdict(resolver, claim, Verdict::Supported, Some(reference)));
    }
    // Wrong is only what is surely another town: another state's capital, or a place known in this state.
    let foreign = resolver.knowledge.names_at(&resolver.doc.text, span.start as usize).iter().any(|(end, names)| {
        *end == span.end as usize && names.iter().any(|n| n.kind == NameKind::Capital && n.actor.as_str() != state.id)
    });
    let within = rows.iter().any(|r| r.country == Some(state.id.as_str()) && r.population.is_some());
    let sure = state.capital.is_some() && (foreign || within) && !elsewhen(resolver, noun);
    sure.then(|| verdict(resolver, claim, Verdict::Contradicted, Some(reference)))
}

/// Whether a town is a capital of the state, or stands for its government.
fn capitals(resolver: &Resolver<'_>, state: &State, text: &str) -> bool {
    state.capital.as_deref() == Some(text)
        || resolver.knowledge.names_at(text, 0).iter().any(|(end, names)| {
            *end == text.len() && names.iter().any(|n| n.kind == NameKind::Capital && n.actor.as_str() == state.id)
        })
}

/// "Osgiliath, in Gondor": a town said to lie in a state, with the comma that makes it a remark of its own.
pub(super) fn location(resolver: &Resolver<'_>, token: Token<'_>) -> Option<Check> {
    let actor = state_at(resolver, token)?;
    let case = token.children().find(|c| c.relation() == "case")?;
    let comma = case.previous().filter(|c| c.text() == "," && matches!(token.relation(), "nmod" | "obl"))?;
    let place = comma.previous()?;
    let remark =
        resolver.words.place_prepositions.has(&case.lemma().to_lowercase()) && state_at(resolver, place).is_none();
    let named = resolver.names.at(token).is_some_and(|m| m.names[0].kind == NameKind::Name);
    if !remark || !named {
        return None;
    }
    let state = resolver.knowledge.state(actor.id.as_str()).filter(|s| s.interval.contains(resolver.on))?;
    let (span, rows) = place_at(resolver, place)?;
    let text = resolver.doc.text(span);
    let here = rows.iter().find(|r| r.country == Some(state.id.as_str()));
    let row = here.or(rows.first())?;
    let country = row.country?;
    let claim = claim(resolver, place, span.cover(token.span()), format!("{text} is in {}", state.name), state);
    let reference = Reference {
        statement: format!("{} is in {}", row.name, resolver.knowledge.state(country)?.name),
        since: None,
        row: row.row.to_string(),
        source: Some(row.source.to_string()),
    };
    if here.is_some() {
        return Some(verdict(resolver, claim, Verdict::Supported, Some(reference)));
    }
    // Many small places share a name, and where territory is in dispute each side has its own map.
    let large = rows.len() == 1 && row.population.is_some_and(|people| people >= 100_000);
    let sure = large && !disputed(resolver, country, &state.id) && !elsewhen(resolver, token);
    sure.then(|| verdict(resolver, claim, Verdict::Contradicted, Some(reference)))
}

/// Whether territory between the two ever was in dispute, occupied or handed over.
fn disputed(resolver: &Resolver<'_>, one: &str, other: &str) -> bool {
    resolver.knowledge.ties_of(one).any(|tie| {
        matches!(
            tie.kind,
            TieKind::TerritorialDispute | TieKind::Occupation | TieKind::Succession | TieKind::NonRecognition
        ) && tie.between(one, other)
    })
}

/// The state that a token names, as a noun or as an adjective.
fn state_at<'a>(resolver: &Resolver<'a>, token: Token<'_>) -> Option<&'a Actor> {
    let found = resolver.names.at(token)?;
    let name = found
        .names
        .first()
        .filter(|n| matches!(n.kind, NameKind::Name | NameKind::Adjective | NameKind::Acronym | NameKind::Demonym))?;
    resolver.knowledge.actor(name.actor.as_str()).filter(|a| a.kind == ActorKind::State)
}

/// The place whose name a token is part of, where the whole of a named entity is the name.
fn place_at<'a>(resolver: &Resolver<'a>, token: Token<'_>) -> Option<(Span, Vec<Place<'a>>)> {
    let entity = resolver.names.entity(token);
    let (first, last) = match entity {
        Some(e) => (resolver.doc.token(e.first).span(), resolver.doc.token(e.last).span()),
        None => (token.span(), token.span()),
    };
    let (end, rows) = resolver.knowledge.places_at(&resolver.doc.text, first.start as usize)?;
    (end == last.end as usize).then(|| (Span::of(first.start as usize, end), rows))
}

fn claim(resolver: &Resolver<'_>, noun: Token<'_>, span: Span, words: String, state: &State) -> Claim {
    let by = vec!["name".to_string()];
    let state: Option<ActorRef> = resolver.actor_ref(resolver.doc.text(span), span, &state.id, by);
    Claim {
        sentence: noun.sentence().ix().0,
        words,
        subject: None,
        object: state.map(CheckObject::Actor),
        polarity: Polarity::Positive,
        evidence: vec![evidence(resolver, noun.span().cover(span))],
    }
}
