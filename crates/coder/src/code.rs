//! From frames to events: which frame of a trigger counts, its parties, standing, time, place and speaker;
//! and one event for one happening, however often the article tells it.

use crate::announce::{announced, governs};
use crate::attribution::{Speech, attribution};
use crate::coref::Mentions;
use crate::factuality::{Standing, standing};
use crate::fold::{Told, fold};
use crate::frame::{Filler, Frame, frames};
use crate::hear::{Ear, Heard, Leaning, hear};
use crate::home::{protesters, reported, settle, victims};
use crate::place::place_of;
use crate::register::{misheard, misread};
use crate::resolve::Resolver;
use crate::timing::when_of;
use demarche_core::{
    ActorRef, Basis, Context, Event, EventType, Evidence, Modality, Mode, Place, PlacePrecision, Polarity, QuadClass,
    Role, Scope, Sector, Span, Tense, When, stable_hash,
};
use demarche_knowledge::{Needs, Slot};
use demarche_text::{SentenceKind, Token, Upos};
use std::collections::{BTreeMap, BTreeSet};

/// Why an event was coded as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// The event.
    pub event: String,
    /// The pattern that made it.
    pub pattern: String,
    /// Its file and line.
    pub row: String,
    /// Other patterns of the same trigger, and why each lost.
    pub rejected: Vec<String>,
    /// Who else the parties could be.
    pub candidates: Vec<String>,
}

/// CAMEO's code of a ceasefire, whose noun tells nothing beside the verb that brings it about.
const CEASEFIRE: &str = "0871";

/// How many events back one may be told again.
const TOLD_AGAIN: usize = 400;

/// Every event of the document, in order, each happening once, with its trace.
pub(crate) fn events<'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    speeches: &[Speech<'a>],
    mut ear: Option<&mut dyn Ear>,
    leaning: Leaning,
) -> (Vec<Event>, Vec<Trace>) {
    let mut events: Vec<Event> = Vec::new();
    let mut traces: Vec<Trace> = Vec::new();
    for sentence in resolver.doc.sentences().filter(|s| s.kind() != SentenceKind::Furniture && s.analyzed()) {
        let known = |t: Token<'a>, others: &[Filler<'a>]| somebody_else(resolver, mentions, t, others);
        let found = frames(sentence, resolver.knowledge.patterns(), resolver.words, known);
        let carried: BTreeSet<_> = found
            .iter()
            .filter_map(|of_trigger| of_trigger.first())
            .filter_map(|f| {
                // "signed an agreement" is one act; "welcomed the pledge" is two.
                let light = resolver.words.support_verbs.has(&f.trigger.lemma().to_lowercase());
                let truce = f.pattern.cameo.as_deref() == Some(CEASEFIRE);
                f.object.map(|o| (o.ix(), f.pattern.event_type().filter(|_| !light && !truce)))
            })
            .collect();
        let mut told: Vec<Told<'a>> = Vec::new();
        for of_trigger in &found {
            let Some((chosen, event)) = best(resolver, mentions, speeches, of_trigger) else {
                continue;
            };
            // "imposed sanctions", "signed an agreement": the verb's pattern already took the noun.
            if [None, chosen.pattern.event_type()].iter().any(|t| carried.contains(&(chosen.trigger.ix(), *t))) {
                continue;
            }
            // "agreed to meet", "threatens to strike": the word is the other verb's.
            let given = |t: &Told<'a>| {
                t.event.event_type.quad() != QuadClass::MaterialConflict && governs(t.trigger, chosen.trigger)
            };
            let word =
                announced(resolver, mentions, chosen, &event).filter(|_| !told.iter().any(given)).map(|mut word| {
                    let codebook = resolver.knowledge.codebook();
                    word.intensity = codebook.intensity(word.event_type, word.mode).unwrap_or_default();
                    word.when = when_of(resolver, chosen.trigger, Modality::Asserted, Tense::Past, |_| true)
                        .filter(|w| w.scope == Scope::Document);
                    word
                });
            for event in word.into_iter().chain([event]) {
                let trace = trace(&event, chosen, of_trigger);
                told.push(Told { event, trace, trigger: chosen.trigger });
            }
        }
        let mut told = fold(told);
        if let Some(ear) = ear.as_deref_mut() {
            for heard in hear(ear, sentence, mentions, resolver, &mut told, leaning) {
                let trigger = heard.trigger;
                let found = heard_event(resolver, speeches, heard);
                told.extend(found.map(|(event, trace)| Told { event, trace, trigger }));
            }
        }
        told.retain(|t| t.event.confidence >= leaning.least());
        for Told { event, trace, .. } in told {
            let recent = events.len().saturating_sub(TOLD_AGAIN);
            match events[recent..].iter_mut().find(|known| same_happening(known, &event)) {
                Some(known) => merge(known, event),
                None => {
                    events.push(event);
                    traces.push(trace);
                }
            }
        }
    }
    tell_apart(&mut events, &mut traces);
    (events, traces)
}

/// One word may report two events of a type whose parties differ in their words alone: each keeps an id of its own.
fn tell_apart(events: &mut [Event], traces: &mut [Trace]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (event, trace) in events.iter_mut().zip(traces) {
        let before = seen.entry(event.id.clone()).or_default();
        *before += 1;
        if *before > 1 {
            event.id = format!("e-{}", stable_hash(&[&event.id, &before.to_string()]));
            trace.event.clone_from(&event.id);
        }
    }
}

/// Whether a word stands for a party that is none of those whom these fillers stand for.
pub(crate) fn somebody_else<'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    token: Token<'a>,
    others: &[Filler<'a>],
) -> bool {
    let others: Vec<ActorRef> = others.iter().flat_map(|f| mentions.parties(resolver, f.head)).collect();
    mentions.parties(resolver, token).iter().any(|party| !others.iter().any(|other| same(party, other)))
}

/// The first frame of a trigger that makes an event. Words that a more specific row knows as another thing
/// ("bombarded with questions") are not read again by a plainer row of another type.
fn best<'f, 'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    speeches: &[Speech<'a>],
    of_trigger: &'f [Frame<'a>],
) -> Option<(&'f Frame<'a>, Event)> {
    let mut refused: Option<&Frame<'a>> = None;
    for frame in of_trigger {
        let plainer =
            |r: &Frame<'a>| frame.specificity < r.specificity && frame.pattern.event_type() != r.pattern.event_type();
        if refused.is_some_and(plainer) {
            continue;
        }
        match event(resolver, mentions, speeches, frame) {
            Some(event) => return Some((frame, event)),
            None => refused = refused.or(Some(frame)),
        }
    }
    None
}

fn event<'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    speeches: &[Speech<'a>],
    frame: &Frame<'a>,
) -> Option<Event> {
    let pattern = frame.pattern;
    let event_type = pattern.event_type()?;
    let gather = |fillers: &[Filler<'a>]| {
        let mut found: Vec<ActorRef> = Vec::new();
        for filler in fillers {
            for party in mentions.parties(resolver, filler.head) {
                if !found.iter().any(|f| same(f, &party)) {
                    found.push(party);
                }
            }
        }
        found
    };
    let mut actors = gather(&frame.actors);
    let mut recipients = gather(&frame.recipients);
    recipients.retain(|r| !actors.iter().any(|a| same(a, r)));
    if recipients.iter().any(|r| r.code.is_some()) {
        // "sent more troops to Umbar": what is sent is nobody's side of the matter.
        recipients.retain(|r| r.code.is_some() || r.id.is_some() || r.name.is_some());
    }
    if actors.iter().any(|a| a.code.is_some()) {
        // "a Mordorian missile strike": the missile is whose it is.
        actors.retain(|a| a.code.is_some() || !crate::home::weapon(resolver, a));
    }
    if event_type == EventType::Assault && !pattern.reciprocal && frame.trigger.upos() == Upos::Noun {
        // "the Edoras bombing": a capital before the noun is where, not who.
        let inside = frame.actors.iter().all(|f| *f.slot == Slot::Compound);
        let capital = |p: &ActorRef| p.resolved_by.iter().any(|by| by == "capital for its government");
        let (place, acting) = actors.into_iter().partition::<Vec<_>, _>(|p| inside && capital(p));
        actors = acting;
        if recipients.is_empty() {
            recipients = place
                .into_iter()
                .map(|p| ActorRef { sector: Some(Sector::Cvl), id: None, office: None, ..p })
                .collect();
        }
    }
    let standing = standing(frame.trigger, frame.object, resolver.words);
    if pattern.reciprocal {
        actors.append(&mut recipients);
        if actors.len() < 2 {
            for party in involved(resolver, mentions, frame.trigger, &standing, event_type == EventType::Assault) {
                if !actors.iter().any(|a| same(a, &party)) {
                    actors.push(party);
                }
            }
        }
    }
    if mutual(frame.trigger) {
        recipients.clear();
    }
    if event_type == EventType::Threaten && recipients.is_empty() {
        recipients = threatened(resolver, mentions, frame.trigger, &actors);
    }
    let trigger = frame.trigger;
    let force = event_type.quad() == QuadClass::MaterialConflict && event_type != EventType::Sanction;
    let place = {
        let parties: Vec<_> = actors.iter().chain(&recipients).map(|p| p.span).collect();
        let codes: Vec<&str> = actors.iter().chain(&recipients).filter_map(|p| p.code.as_deref()).collect();
        place_of(resolver, trigger, &parties, force.then_some(codes.as_slice()))
    };
    settle(resolver, event_type, place.as_ref(), (&mut actors, &mut recipients));
    if force {
        let said = attribution(resolver, speeches, trigger, None);
        reported(said.as_ref().and_then(|a| a.speaker.as_ref()), &actors, &mut recipients);
    }
    let codebook = resolver.knowledge.codebook();
    let enough = match pattern.needs {
        Needs::Nothing => true,
        Needs::Actor => !actors.is_empty(),
        Needs::Recipient => !recipients.is_empty() || pattern.reciprocal && actors.len() > 1,
        Needs::Both => !actors.is_empty() && (!recipients.is_empty() || pattern.reciprocal && actors.len() > 1),
    };
    if event_type == EventType::Assault
        && recipients.is_empty()
        && !pattern.reciprocal
        && (!actors.is_empty() || enough && trigger.upos() == Upos::Verb)
    {
        recipients.extend(victims(resolver, trigger, place.as_ref(), &actors));
    }
    if event_type == EventType::Protest && actors.is_empty() && trigger.upos() == Upos::Noun {
        actors.extend(protesters(resolver, trigger, place.as_ref()));
    }
    let enough = enough
        || pattern.needs == Needs::Recipient && pattern.weight >= 0.7 && !actors.is_empty() && !recipients.is_empty();
    let required = codebook.event_type(event_type).is_some_and(|t| t.recipient_required);
    // Talk is coded where it is known whose at least one side is; deeds also between people of no known country.
    let verbal = matches!(event_type.quad(), QuadClass::VerbalCooperation | QuadClass::VerbalConflict);
    let somebody =
        |list: &[ActorRef]| list.iter().any(|a| a.code.is_some() || a.id.is_some() || !verbal && a.sector.is_some());
    // Who "contacted" or "arrived at" whom is diplomacy only between those who are known, and never with the press.
    let coded = |list: &[ActorRef]| list.iter().all(|a| a.code.is_some() || a.id.is_some());
    let pressed = |list: &[ActorRef]| !list.is_empty() && list.iter().all(|a| a.sector == Some(Sector::Jrn));
    let talk = matches!(event_type, EventType::Consult | EventType::Request);
    if !enough
        || event_type == EventType::Consult && pattern.weight < 0.65 && !(coded(&actors) && coded(&recipients))
        || talk && pressed(&recipients)
        // "Landed a blow": who does something to something has not come.
        || event_type == EventType::Mobilize
            && pattern.needs == Needs::Both
            && frame.object.is_none()
            && trigger.children().any(|c| c.relation() == "obj")
        // "The 80th anniversary of the bombing": an old deed.
        || trigger.upos() == Upos::Noun
            && trigger.ancestors().take(2).any(|a| resolver.words.anniversary_nouns.has(&a.lemma().to_lowercase()))
        || required && recipients.is_empty() && actors.len() < 2
        || !somebody(&actors) && !somebody(&recipients)
        || actors.is_empty() && event_type.quad().number() != 4 && event_type != EventType::Retreat
        // "Imprisoned journalists received a prize": who they are, not what was done.
        || actors.is_empty()
            && frame.trigger.relation() == "amod"
            && matches!(event_type, EventType::Coerce | EventType::Retreat)
    {
        return None;
    }
    let words = frame.object.map_or(trigger.span(), |o| trigger.span().cover(o.span()));
    let mut grounds = vec![format!("pattern {}", pattern.id)];
    grounds.extend(frame.actors.iter().take(1).map(|f| format!("actor by {}", f.slot)));
    grounds.extend(frame.recipients.iter().take(1).map(|f| format!("recipient by {}", f.slot)));
    if frame.recipients.is_empty() && recipients.iter().any(|r| r.resolved_by == ["place"]) {
        grounds.push("recipient by place".to_string());
    }
    let named = |list: &[ActorRef]| list.iter().any(|a| a.id.is_some());
    let mut confidence = 0.45 + 0.25 * pattern.weight;
    confidence += if named(&actors) { 0.12 } else { 0.0 };
    confidence += if named(&recipients) || pattern.reciprocal && actors.len() > 1 { 0.12 } else { 0.0 };
    confidence += if frame.specificity > 0 { 0.05 } else { 0.0 };
    let act = Act {
        event_type,
        mode: pattern.mode,
        cameo: pattern.cameo.clone(),
        contexts: &pattern.contexts,
        trigger,
        words,
        actors,
        recipients,
        standing,
        place,
        grounds,
        confidence,
    };
    let event = record(resolver, speeches, act);
    (!misread(&event, trigger, resolver)).then_some(event)
}

/// An event before it is written down.
struct Act<'p, 'a> {
    event_type: EventType,
    mode: Option<Mode>,
    cameo: Option<String>,
    contexts: &'p [Context],
    trigger: Token<'a>,
    words: Span,
    actors: Vec<ActorRef>,
    recipients: Vec<ActorRef>,
    standing: Standing,
    place: Option<Place>,
    grounds: Vec<String>,
    confidence: f32,
}

/// Writes an act down, with its time, its speaker and its evidence.
fn record<'a>(resolver: &Resolver<'a>, speeches: &[Speech<'a>], act: Act<'_, 'a>) -> Event {
    let Act { event_type, mode, cameo, trigger, words, actors, recipients, mut standing, place, mut grounds, .. } = act;
    let mut when = when_of(resolver, trigger, standing.modality, standing.tense, |t| says(resolver, t));
    if standing.history {
        // An anniversary is the news; what it recalls has no date unless the text gives one.
        when = when.filter(|w| w.scope != Scope::Document);
    }
    let ahead = |w: &When| w.scope == Scope::Clause && begins_after(w, resolver);
    if standing.modality == Modality::Asserted && standing.tense == Tense::Present && when.as_ref().is_some_and(ahead) {
        // "Theoden meets Elessar next week"
        standing.modality = Modality::Planned;
        standing.grounds.push("a day still to come".to_string());
    }
    let verbal = matches!(event_type.quad(), QuadClass::VerbalCooperation | QuadClass::VerbalConflict);
    let said = attribution(resolver, speeches, trigger, actors.first().filter(|_| verbal));
    let sentence = trigger.sentence().ix().0;
    let mut evidence =
        vec![Evidence { role: Role::Trigger, sentence, span: words, text: resolver.doc.text(words).to_string() }];
    for (role, list) in [(Role::Actor, &actors), (Role::Recipient, &recipients)] {
        evidence.extend(list.iter().map(|p| Evidence {
            role,
            sentence: resolver.doc.sentence_at(p.span.start).map_or(sentence, |s| s.ix().0),
            span: p.span,
            text: p.text.clone(),
        }));
    }
    grounds.extend(standing.grounds.iter().cloned());
    if when.is_some_and(|w| matches!(w.basis, Basis::Stated | Basis::Relative) && w.scope == Scope::Clause) {
        grounds.push("date in the clause".to_string());
    }
    let codebook = resolver.knowledge.codebook();
    let mut contexts: BTreeSet<Context> = act.contexts.iter().copied().collect();
    for token in trigger.sentence().tokens() {
        contexts.extend(codebook.contexts_of(&token.lemma().to_lowercase()));
    }
    let ids: Vec<String> = actors.iter().chain(&recipients).map(key).collect();
    let start = trigger.span().start.to_string();
    let mut parts = vec![resolver.doc.id.0.as_ref(), start.as_str(), event_type.as_str()];
    parts.extend(ids.iter().map(String::as_str));
    Event {
        id: format!("e-{}", stable_hash(&parts)),
        document: resolver.doc.id.clone(),
        sentence,
        event_type,
        mode,
        contexts: contexts.into_iter().collect(),
        cameo,
        quad: event_type.quad(),
        intensity: codebook.intensity(event_type, mode).unwrap_or_default(),
        actors,
        recipients,
        polarity: standing.polarity,
        modality: standing.modality,
        tense: standing.tense,
        attribution: said,
        when,
        place,
        evidence,
        grounds,
        confidence: (act.confidence * 100.0).round() / 100.0,
    }
}

/// The event of a pair that only the typing head joins.
///
/// The head's types are those that PLOVER's rules of conversion give, so that what it calls an agreement, a refusal or
/// a threat stands as such, whatever the standing of the words below it.
fn heard_event<'a>(resolver: &Resolver<'a>, speeches: &[Speech<'a>], heard: Heard<'a>) -> Option<(Event, Trace)> {
    use EventType::{Agree, Reject, Threaten};
    let Heard { event_type, share, actor, recipient, trigger } = heard;
    // "Gondor said that Mordor shelled Edoras": a report is no accusation.
    let reports = resolver.knowledge.lexicon().speech.contains_key(&trigger.lemma().to_lowercase());
    if event_type == EventType::Accuse && reports {
        return None;
    }
    let mut standing = standing(trigger, None, resolver.words);
    let converts = match event_type {
        Agree | Threaten => standing.modality == Modality::Planned && standing.polarity == Polarity::Positive,
        Reject => standing.polarity == Polarity::Negative,
        _ => false,
    };
    if converts {
        (standing.polarity, standing.modality) = (Polarity::Positive, Modality::Asserted);
    }
    let place = place_of(resolver, trigger, &[actor.span, recipient.span], None);
    let (mut actors, mut recipients) = (vec![actor], vec![recipient]);
    if event_type == EventType::Consult {
        actors.append(&mut recipients);
    }
    let act = Act {
        event_type,
        mode: None,
        cameo: None,
        contexts: &[],
        trigger,
        words: trigger.span(),
        actors,
        recipients,
        standing,
        place,
        grounds: vec![format!("head {event_type} {share:.2}"), "no pattern joins the two".to_string()],
        confidence: 0.3 + 0.4 * share,
    };
    let event = record(resolver, speeches, act);
    let trace = Trace {
        event: event.id.clone(),
        pattern: "head".to_string(),
        row: "models/pairs.safetensors".to_string(),
        rejected: Vec::new(),
        candidates: Vec::new(),
    };
    (!misheard(&event, trigger, resolver)).then_some((event, trace))
}

/// Whether a time begins after the day on which the document was written.
fn begins_after(when: &When, resolver: &Resolver<'_>) -> bool {
    let written = crate::timing::anchor(resolver.doc).map(|(day, _)| day);
    written.zip(when.interval.from).is_some_and(|(written, from)| from > written)
}

/// Whether a word is a verb of speech.
pub(crate) fn says(resolver: &Resolver<'_>, token: Token<'_>) -> bool {
    let verb = resolver.knowledge.lexicon().speech.get(&token.lemma().to_lowercase());
    verb.is_some_and(|v| v.kind.as_deref() != Some(crate::attribution::KNOWING))
}

/// Parties of a meeting or agreement that stand outside its slots: "a deal involving China"; and for what is only
/// supposed, those whose doings the sentence says it follows from ("their ties led to speculation about a pact").
fn involved<'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    trigger: Token<'a>,
    standing: &Standing,
    fought: bool,
) -> Vec<ActorRef> {
    let participles = trigger.children().filter(|c| c.deprel() == "acl" && c.has("VerbForm=Ger"));
    let mut found: Vec<ActorRef> =
        participles.flat_map(crate::frame::objects).flat_map(|o| mentions.parties(resolver, o)).collect();
    if fought && trigger.relation() == "obl" && found.is_empty() {
        // "captured a post during clashes with": whoever acts in the clause is the other side.
        let verb = trigger.head().filter(|v| v.upos() == Upos::Verb && !crate::frame::passive(*v));
        let subjects = verb.into_iter().flat_map(|v| crate::frame::subjects(v, 0));
        found.extend(subjects.flat_map(|s| mentions.parties(resolver, s)).filter(|p| p.code.is_some()));
    }
    if standing.modality == Modality::Possible {
        let verb = trigger.ancestors().find(|a| a.upos() == Upos::Verb);
        let subjects = verb.into_iter().flat_map(|v| crate::frame::subjects(v, 0));
        let near = subjects.flat_map(|s| std::iter::once(s).chain(s.children().filter(|c| c.deprel() == "nmod")));
        found.extend(near.flat_map(|t| mentions.parties(resolver, t)).filter(|p| p.code.is_some()));
    }
    found
}

/// Whom a threat without an addressee is meant for: the other party of its condition ("unless Beijing agrees").
fn threatened<'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    trigger: Token<'a>,
    actors: &[ActorRef],
) -> Vec<ActorRef> {
    let conditional = |t: &Token<'a>| {
        t.relation() == "advcl"
            && t.children()
                .any(|m| m.relation() == "mark" && resolver.words.conditional_markers.has(&m.lemma().to_lowercase()))
    };
    let clause = trigger.subtree().into_iter().find(conditional);
    let others = |p: &ActorRef| p.code.is_some() && !actors.iter().any(|a| a.code == p.code);
    let mut found: Vec<ActorRef> = Vec::new();
    for token in clause.map(|c| c.subtree()).unwrap_or_default() {
        for party in mentions.at(token).map(|r| r.refs.clone()).unwrap_or_default() {
            if others(&party) && !found.iter().any(|f| same(f, &party)) {
                found.push(party);
            }
        }
    }
    found.truncate(1);
    found
}

/// "Expelled each other's envoys": both sides do it to both.
fn mutual(trigger: Token<'_>) -> bool {
    let other = |t: Token<'_>| t.lemma() == "other" && t.previous().is_some_and(|e| e.lemma() == "each");
    let down = trigger.children().filter(|c| matches!(c.relation(), "obj" | "obl"));
    down.into_iter().any(|c| other(c) || c.children().any(other))
}

/// What tells one party from another.
pub(crate) fn key(party: &ActorRef) -> String {
    match (&party.id, &party.code) {
        (Some(id), _) => id.to_string(),
        (None, Some(code)) => format!("{code}{}", party.sector.map_or("", |s| s.as_str())),
        (None, None) => party.name.as_ref().unwrap_or(&party.text).to_lowercase(),
    }
}

fn same(a: &ActorRef, b: &ActorRef) -> bool {
    key(a) == key(b)
}

/// Whether two reports are of one happening: type, mode and standing agree, neither date nor place parts them, and the
/// parties of the one are those of the other, or fewer or vaguer ("the raid", "gunmen" for "Haradrim").
fn same_happening(a: &Event, b: &Event) -> bool {
    let vaguer = |p: &ActorRef, q: &ActorRef| {
        let codes = match (&p.code, &q.code) {
            (Some(x), Some(y)) => x == y,
            (None, _) => p.id.is_none() || p.id == q.id,
            _ => false,
        };
        codes && (p.sector.is_none() || q.sector.is_none() || p.sector == q.sector)
    };
    let told = |some: &[ActorRef], all: &[ActorRef]| some.iter().all(|p| all.iter().any(|q| vaguer(p, q)));
    let fewer = |x: &Event, y: &Event| {
        let known = x.actors.iter().chain(&x.recipients).any(|p| p.code.is_some());
        known && told(&x.actors, &y.actors) && told(&x.recipients, &y.recipients)
    };
    let fine = |p: &Place| p.scope != Scope::Paragraph && p.precision != PlacePrecision::Country;
    let places = match (&a.place, &b.place) {
        (Some(x), Some(y)) => x.name == y.name || !fine(x) || !fine(y),
        _ => true,
    };
    let talks = a.event_type == EventType::Consult;
    let modes = a.mode == b.mode || !talks && (a.mode.is_none() || b.mode.is_none());
    let dates = match (&a.when, &b.when) {
        (Some(x), Some(y)) => x.interval.overlaps(&y.interval),
        _ => true,
    };
    a.event_type == b.event_type
        && modes
        && dates
        && (a.polarity, a.modality) == (b.polarity, b.modality)
        && places
        && (fewer(b, a) || fewer(a, b))
}

/// A second telling adds its evidence, and whatever the first left open.
pub(crate) fn merge(known: &mut Event, other: Event) {
    let coded = |list: &[ActorRef]| list.iter().filter(|p| p.code.is_some()).count();
    let explicit = |e: &Event| e.when.is_some_and(|w| w.scope != Scope::Document);
    if !explicit(known) && explicit(&other) {
        known.when = other.when;
    }
    if other.actors.len() >= known.actors.len() && coded(&other.actors) > coded(&known.actors) {
        known.actors = other.actors;
    }
    if other.recipients.len() >= known.recipients.len() && coded(&other.recipients) > coded(&known.recipients) {
        known.recipients = other.recipients;
    }
    known.place = known.place.take().or(other.place);
    known.mode = known.mode.or(other.mode);
    known.attribution = known.attribution.take().or(other.attribution);
    known.evidence.extend(other.evidence);
    if known.sentence != other.sentence && !known.grounds.iter().any(|g| g == "told more than once") {
        known.grounds.push("told more than once".to_string());
        known.confidence = ((known.confidence + 0.05).min(0.99) * 100.0).round() / 100.0;
    }
}

fn trace(event: &Event, chosen: &Frame<'_>, all: &[Frame<'_>]) -> Trace {
    let rejected = all
        .iter()
        .filter(|f| f.pattern.id != chosen.pattern.id)
        .map(|f| {
            let why = if f.specificity < chosen.specificity {
                "less specific"
            } else if f.actors.is_empty() && f.recipients.is_empty() {
                "no party in its slots"
            } else {
                "ranked lower"
            };
            format!("{} ({}): {why}", f.pattern.id, f.pattern.row)
        })
        .collect();
    let candidates = event
        .actors
        .iter()
        .chain(&event.recipients)
        .filter(|p| !p.candidates.is_empty())
        .map(|p| {
            let others: Vec<&str> = p.candidates.iter().map(|c| c.as_str()).collect();
            format!("“{}” could also be {}", p.text, others.join(", "))
        })
        .collect();
    Trace {
        event: event.id.clone(),
        pattern: chosen.pattern.id.clone(),
        row: chosen.pattern.row.to_string(),
        rejected,
        candidates,
    }
}
