//! Whose people they are whom no words place: "gunmen", "seventeen people", "prosecutors".
//!
//! News that names a place says so of all who act and suffer there; the police, courts and parliaments that it names
//! without a country are those of the other side of a domestic matter.  An attack without a named victim has the people
//! of its place for victims (GDELT and ICEWS code them so; PLOVER leaves it open).  Every code that is found here says so in
//! `resolved_by`.

use crate::frame::{objects, oblique};
use crate::place::place_at;
use crate::resolve::Resolver;
use demarche_core::{ActorRef, EventType, Place, Scope, Sector, Span};
use demarche_knowledge::AgentKind;
use demarche_text::Token;

/// Codes for parties that have none.
pub(crate) fn settle<'a>(
    resolver: &Resolver<'a>,
    event_type: EventType,
    place: Option<&Place>,
    (actors, recipients): (&mut Vec<ActorRef>, &mut Vec<ActorRef>),
) {
    let force = matches!(
        event_type,
        EventType::Assault | EventType::Coerce | EventType::Protest | EventType::Mobilize | EventType::Sanction
    );
    let told = place.filter(|p| force || matches!(p.scope, Scope::Clause | Scope::Sentence));
    let country = told.and_then(|p| p.country.as_deref());
    if let Some(country) = country {
        // A missile that flies somewhere does not come from there.
        let acting = actors.iter_mut().filter(|p| homeless(p) && !weapon(resolver, p));
        for party in acting.chain(recipients.iter_mut().filter(|p| homeless(p))) {
            adopt(party, country, "place");
        }
    }
    let home = resolver.home();
    for party in actors.iter_mut().chain(recipients.iter_mut()).filter(|p| homeless(p) && domestic_sector(p.sector)) {
        if let Some(home) = home {
            adopt(party, home, "article");
        }
    }
    let states = [domestic(event_type, actors), domestic(event_type, recipients)];
    for (side, state) in [(&mut *recipients, &states[0]), (&mut *actors, &states[1])] {
        let Some(state) = state else { continue };
        for party in side.iter_mut().filter(|p| homeless(p) && domestic_sector(p.sector)) {
            adopt(party, state, "other party");
        }
    }
}

/// The people of the place that an attack without a named victim is on ("shelled Edoras") or in; what they rest on.
pub(crate) fn victims<'a>(
    resolver: &Resolver<'a>,
    trigger: Token<'a>,
    place: Option<&Place>,
    actors: &[ActorRef],
) -> Option<ActorRef> {
    let aimed = objects(trigger)
        .into_iter()
        .chain(["on", "at", "against", "toward"].into_iter().flat_map(|p| oblique(trigger, p)));
    let on = aimed.filter_map(|token| place_at(resolver, token)).next();
    let near = place.filter(|p| matches!(p.scope, Scope::Clause | Scope::Sentence));
    let within = trigger.sentence().span();
    let (span, country) = on.or_else(|| {
        let place = near?;
        let at = resolver.doc.text(within).find(&place.text)?;
        let start = within.start as usize + at;
        Some((Span::of(start, start + place.text.len()), place.country.clone()?))
    })?;
    let at_home = |a: &ActorRef| {
        a.code.as_ref() == Some(&country)
            && !matches!(a.sector, Some(Sector::Uaf | Sector::Reb | Sector::Crm | Sector::Prm))
    };
    (!actors.iter().any(at_home)).then(|| people_of(country, resolver, span))
}

/// Officials who tell of the harmed without saying whose they are speak of their own ("Rohirrim officials say 36 were
/// killed in strikes by Mordor"), unless they tell of what they did.
pub(crate) fn reported(speaker: Option<&ActorRef>, actors: &[ActorRef], recipients: &mut [ActorRef]) {
    let official =
        |s: &&ActorRef| matches!(s.sector, Some(Sector::Gov | Sector::Mil | Sector::Cop | Sector::Med | Sector::Leg));
    let Some(code) = speaker.filter(official).and_then(|s| s.code.as_ref()).filter(|c| c.len() == 3) else { return };
    let others = actors.iter().all(|a| a.code.as_ref().is_some_and(|own| own != code));
    for party in recipients.iter_mut().filter(|p| others && homeless(p) && p.sector == Some(Sector::Cvl)) {
        adopt(party, code, "speaker");
    }
}

/// Those who protest in a place that the clause names ("protests in Edoras"), where nobody is named.
pub(crate) fn protesters<'a>(resolver: &Resolver<'a>, trigger: Token<'a>, place: Option<&Place>) -> Option<ActorRef> {
    let within = place.filter(|p| p.scope == Scope::Clause)?;
    Some(people_of(within.country.clone()?, resolver, trigger.span()))
}

/// Whoever of a country the words at a place stand for.
fn people_of(country: String, resolver: &Resolver<'_>, span: Span) -> ActorRef {
    ActorRef {
        code: Some(country),
        sector: Some(Sector::Cvl),
        resolved_by: vec!["place".to_string()],
        ..ActorRef::bare(resolver.doc.text(span), span)
    }
}

/// Somebody of a known kind and of no known country.
fn homeless(party: &ActorRef) -> bool {
    party.code.is_none() && party.id.is_none() && party.sector.is_some_and(|s| s != Sector::Ngo)
}

/// A thing that stands for whoever uses it, or for those who are in it.
pub(crate) fn weapon(resolver: &Resolver<'_>, party: &ActorRef) -> bool {
    let last = resolver.doc.tokens_in(party.span).last();
    let noun = last.and_then(|t| resolver.knowledge.agent(&t.lemma().to_lowercase()));
    noun.is_some_and(|agent| matches!(agent.kind, AgentKind::Weapon | AgentKind::Place))
}

fn adopt(party: &mut ActorRef, state: &str, by: &str) {
    party.code = Some(state.to_string());
    party.resolved_by.push(by.to_string());
}

/// The one state whose organs or people stand on this side of a matter that is settled at home.
fn domestic(event_type: EventType, side: &[ActorRef]) -> Option<String> {
    let at_home = matches!(
        event_type,
        EventType::Coerce | EventType::Sanction | EventType::Accuse | EventType::Protest | EventType::Reject
    );
    let person = |p: &&ActorRef| {
        p.office.is_some() || p.id.is_some() && p.id.as_ref().map(|id| id.as_str()) != p.code.as_deref()
    };
    let mut states: Vec<&String> =
        side.iter().filter(|p| domestic_sector(p.sector) || person(p)).filter_map(|p| p.code.as_ref()).collect();
    states.dedup();
    match states[..] {
        [state] if at_home && state.len() == 3 => Some(state.clone()),
        _ => None,
    }
}

/// Those who act within one state alone.
fn domestic_sector(sector: Option<Sector>) -> bool {
    use Sector::{Cop, Cvl, Jud, Leg, Opp, Pty};
    matches!(sector, Some(Cop | Jud | Leg | Opp | Pty | Cvl))
}
