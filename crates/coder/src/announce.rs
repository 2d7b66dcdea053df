//! What is told as still to come, as the event that the telling is: "will meet" agrees, "will not attend" refuses, "will
//! strike" threatens.
//!
//! The act itself stays in the record as planned, and out of the counts.

use crate::code::{key, says};
use crate::coref::Mentions;
use crate::frame::{Frame, subjects};
use crate::resolve::Resolver;
use demarche_core::{ActorRef, Event, EventType, Modality, Mode, Polarity, QuadClass, Sector, Tense, stable_hash};
use demarche_text::Token;

/// What the standing of an act calls a clause of purpose: it tells what for, and announces nothing.
const PURPOSE: &str = "a purpose";

/// Whether a word depends on another, otherwise than as the next of several ("signed a treaty and will meet").
pub(crate) fn governs(upper: Token<'_>, lower: Token<'_>) -> bool {
    let mut token = lower;
    while token.relation() != "conj"
        && let Some(head) = token.head()
    {
        if head == upper {
            return true;
        }
        token = head;
    }
    upper == lower
}

/// What the doer announces is an event of its own, and the announced act is none (PLOVER manual): of cooperation an
/// agreement, of its end or absence a refusal, of force and pressure a threat.
pub(crate) fn announced<'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    chosen: &Frame<'a>,
    act: &Event,
) -> Option<Event> {
    use EventType::{Accuse, Agree, Assault, Coerce, Consult, Protest, Reject, Request, Sanction, Threaten};
    let known = |s: &&ActorRef| s.id.is_some() || s.code.is_some() || s.sector.is_some();
    let speaker = act.attribution.as_ref().and_then(|a| a.speaker.as_ref()).filter(known);
    let doer = act.actors.first()?;
    let same_side = |s: &ActorRef| s.code == doer.code;
    let told = chosen.trigger.ancestors().find(|a| says(resolver, *a));
    let own = speaker.is_some_and(|s| same_side(s) || s.code.is_none() && s.sector == Some(Sector::Gov))
        || told.is_some_and(|verb| {
            let mut who = subjects(verb, 0).into_iter().flat_map(|s| mentions.parties(resolver, s));
            doer.code.is_some() && who.any(|s| same_side(&s))
        });
    // Of a truce between others a third party may speak.
    let third = act.event_type == Agree && speaker.is_some_and(|s| s.sector == Some(Sector::Gov));
    // "Will host", "will contact" may be of anything.
    let vague = act.event_type == Consult && chosen.pattern.weight < 0.65;
    let asked = chosen.trigger.sentence().text().trim_end().ends_with('?');
    if asked || vague || act.modality != Modality::Planned || act.grounds.iter().any(|g| g == PURPOSE) {
        return None;
    }
    let words = resolver.words;
    let ahead =
        act.tense == Tense::Future || act.grounds.iter().any(|g| words.announcing.has(g.trim_matches(['“', '”'])));
    let conflict = matches!(act.quad, QuadClass::MaterialConflict);
    let stated = doer.code.is_some() && doer.sector != Some(Sector::Cvl) && (speaker.is_none() || own || third);
    let event_type = match (act.event_type, act.polarity) {
        (Protest, _) => return None,
        (_, Polarity::Positive) if conflict && own => Threaten,
        (Reject, Polarity::Positive) if ahead && stated => Reject,
        (Assault, Polarity::Negative) if own && ahead => Agree,
        (Accuse | Request | Reject | Threaten, _) => return None,
        (_, Polarity::Positive) if !conflict && ahead && stated => Agree,
        (_, Polarity::Negative) if !conflict && act.tense == Tense::Future && stated => Reject,
        _ => return None,
    };
    let mode = match (event_type, act.event_type, act.mode) {
        (Threaten, Coerce, Some(Mode::Arrest)) => Some(Mode::Arrest),
        (Threaten, Coerce, _) => Some(Mode::Restrict),
        (Threaten, Sanction, Some(Mode::Expel)) => Some(Mode::Expel),
        (Threaten, Sanction, _) => Some(Mode::Relations),
        (Threaten, Assault, _) => Some(Mode::Violence),
        (Reject, Consult, _) => Some(Mode::Meet),
        _ => None,
    };
    let (cameo, what) = match event_type {
        Threaten => ("130", "a threat"),
        Reject => ("120", "a refusal"),
        _ => ("030", "an agreement"),
    };
    let mut word = act.clone();
    word.id = format!("e-{}", stable_hash(&[&act.id, what]));
    word.event_type = event_type;
    word.mode = mode;
    word.cameo = Some(cameo.to_string());
    word.quad = event_type.quad();
    word.polarity = Polarity::Positive;
    word.modality = Modality::Asserted;
    word.when = None;
    if chosen.pattern.reciprocal {
        // "Rohan will resume talks with Dale": the word is Rohan's.
        let with: Vec<String> =
            chosen.recipients.iter().flat_map(|f| mentions.parties(resolver, f.head)).map(|p| key(&p)).collect();
        let (to, by) = std::mem::take(&mut word.actors).into_iter().partition::<Vec<_>, _>(|p| with.contains(&key(p)));
        (word.actors, word.recipients) = if by.is_empty() { (to, by) } else { (by, to) };
    }
    word.grounds[0] = format!("{what} announced by the doer, by pattern {}", chosen.pattern.id);
    Some(word)
}
