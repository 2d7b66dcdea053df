//! Standing facts that the text states: memberships, alliances, tensions, trade.
//!
//! Rows of `data/patterns/relations.toml` name the words; the slots are found as for events.

use crate::attribution::{Speech, attribution};
use crate::code::somebody_else;
use crate::coref::Mentions;
use crate::factuality::standing;
use crate::frame::{Filler, Frame, frames, subjects};
use crate::resolve::Resolver;
use demarche_core::{ActorRef, Event, Evidence, Modality, Polarity, Relation, RelationKind, Role, stable_hash};
use demarche_knowledge::ActorKind;
use demarche_text::{SentenceKind, Token, Upos};

/// Every standing fact that the document states, each once.
pub(crate) fn relations<'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    speeches: &[Speech<'a>],
    events: &[Event],
) -> Vec<Relation> {
    let mut all: Vec<Relation> = Vec::new();
    for sentence in resolver.doc.sentences().filter(|s| s.kind() != SentenceKind::Furniture && s.analyzed()) {
        let known = |t, others: &[_]| somebody_else(resolver, mentions, t, others);
        for of_trigger in frames(sentence, resolver.knowledge.relations(), resolver.words, known) {
            for frame in &of_trigger {
                let found = stated(resolver, mentions, speeches, events, frame);
                if found.is_empty() {
                    continue;
                }
                for relation in found {
                    if !all.iter().any(|k| k.id == relation.id) {
                        all.push(relation);
                    }
                }
                break;
            }
        }
    }
    all
}

fn stated<'a>(
    resolver: &Resolver<'a>,
    mentions: &Mentions,
    speeches: &[Speech<'a>],
    events: &[Event],
    frame: &Frame<'a>,
) -> Vec<Relation> {
    let Some(kind) = frame.pattern.relation() else { return Vec::new() };
    let standing = standing(frame.trigger, frame.object, resolver.words);
    if standing.modality != Modality::Asserted {
        return Vec::new();
    }
    let gather = |fillers: &[Filler<'a>]| -> Vec<ActorRef> {
        fillers
            .iter()
            .flat_map(|f| mentions.parties(resolver, f.head))
            .filter(|p| p.id.is_some() || p.code.is_some())
            .collect()
    };
    let mut subjects_found = gather(&frame.actors);
    let mut objects = gather(&frame.recipients);
    if subjects_found.is_empty() {
        subjects_found = owner_from_context(resolver, mentions, frame.trigger);
    }
    let symmetric = matches!(kind, RelationKind::Ally | RelationKind::Alignment | RelationKind::Tension);
    if symmetric && objects.is_empty() && subjects_found.len() > 1 {
        objects = subjects_found.split_off(1);
    }
    if kind == RelationKind::Member {
        let group = |p: &ActorRef| {
            p.id.as_ref()
                .and_then(|id| resolver.knowledge.actor(id.as_str()))
                .is_some_and(|a| matches!(a.kind, ActorKind::Group | ActorKind::Bloc))
        };
        objects.retain(&group);
        subjects_found.retain(|p| p.code.is_some() && !group(p));
    }
    let polarity = match (standing.polarity, frame.pattern.negative()) {
        (Polarity::Positive, false) | (Polarity::Negative, true) => Polarity::Positive,
        _ => Polarity::Negative,
    };
    let according_to = attribution(resolver, speeches, frame.trigger, None)
        .and_then(|a| a.speaker)
        .filter(|s| s.id.is_some() || s.code.is_some() || s.sector.is_some() || s.name.is_some())
        .or_else(|| accuser(frame.trigger, events));
    let sentence = frame.trigger.sentence().ix().0;
    let mut found = Vec::new();
    for subject in &subjects_found {
        for object in &objects {
            let (subject, object) = (as_state(resolver, subject, kind), as_state(resolver, object, kind));
            if subject.code == object.code && subject.id == object.id {
                continue;
            }
            let mut sides = [key(&subject), key(&object)];
            if symmetric {
                sides.sort();
            }
            let said = if polarity == Polarity::Positive { "is" } else { "is not" };
            let kind_name = format!("{kind:?}");
            let id = format!("r-{}", stable_hash(&[&resolver.doc.id.0, &kind_name, said, &sides[0], &sides[1]]));
            let evidence =
                [(Role::Trigger, frame.trigger.span()), (Role::Actor, subject.span), (Role::Recipient, object.span)]
                    .map(|(role, span)| Evidence {
                        role,
                        sentence: resolver.doc.sentence_at(span.start).map_or(sentence, |s| s.ix().0),
                        span,
                        text: resolver.doc.text(span).to_string(),
                    });
            found.push(Relation {
                id,
                document: resolver.doc.id.clone(),
                sentence,
                relation: kind,
                subject,
                object,
                polarity,
                according_to: according_to.clone(),
                from: None,
                until: None,
                evidence: evidence.to_vec(),
            });
        }
    }
    found
}

/// Standing relations are between states and groups: a leader stands for the country.
fn as_state(resolver: &Resolver<'_>, party: &ActorRef, kind: RelationKind) -> ActorRef {
    let person = party
        .id
        .as_ref()
        .and_then(|id| resolver.knowledge.actor(id.as_str()))
        .is_some_and(|a| matches!(a.kind, ActorKind::Person | ActorKind::Body));
    if !person || kind == RelationKind::Office {
        return party.clone();
    }
    party
        .code
        .as_deref()
        .and_then(|code| resolver.actor_ref(&party.text, party.span, code, party.resolved_by.clone()))
        .unwrap_or_else(|| party.clone())
}

/// "tensions with Europe persist": where the noun names one side only, the other is the subject of the main clause,
/// or the owner of what it depends on ("their status as purchasers of").
fn owner_from_context<'a>(resolver: &Resolver<'a>, mentions: &Mentions, trigger: Token<'a>) -> Vec<ActorRef> {
    let mut token = trigger;
    for _ in 0..4 {
        let Some(head) = token.head() else { return Vec::new() };
        if head.upos() == Upos::Noun {
            let owners: Vec<ActorRef> = head
                .children()
                .filter(|c| c.deprel() == "nmod:poss")
                .flat_map(|c| mentions.parties(resolver, c))
                .collect();
            if !owners.is_empty() {
                return owners;
            }
        } else if head.upos() == Upos::Verb {
            let main = if token.relation() == "nsubj" { head.head().unwrap_or(head) } else { head };
            let found: Vec<ActorRef> = subjects(main, 0)
                .into_iter()
                .filter(|s| *s != token)
                .flat_map(|s| mentions.parties(resolver, s))
                .filter(|p| p.code.is_some())
                .collect();
            return found.into_iter().take(1).collect();
        }
        token = head;
    }
    Vec::new()
}

/// The one whose accusation or praise the fact is a part of.
fn accuser(trigger: Token<'_>, events: &[Event]) -> Option<ActorRef> {
    let verbal = |e: &&Event| matches!(e.quad.number(), 1 | 3) && e.recipients.iter().len() > 0;
    events
        .iter()
        .filter(verbal)
        .find(|e| {
            e.evidence.iter().any(|v| v.role == Role::Trigger && trigger.ancestors().any(|a| v.span.contains(a.span())))
        })
        .and_then(|e| e.actors.first().cloned())
}

fn key(party: &ActorRef) -> String {
    party.id.as_ref().map(|i| i.to_string()).or_else(|| party.code.clone()).unwrap_or_default()
}
