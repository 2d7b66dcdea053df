//! One act that one sentence tells by two words: "airstrikes killed nine", "opened fire, wounding two", "sentenced him after
//! finding him guilty".
//!
//! The two make one event with the evidence of both.

use crate::code::{Trace, key, merge};
use demarche_core::{ActorRef, Event, EventType};
use demarche_text::Token;
use std::collections::BTreeSet;

/// An event with the word that reports it.
pub(crate) struct Told<'a> {
    pub(crate) event: Event,
    pub(crate) trace: Trace,
    pub(crate) trigger: Token<'a>,
}

/// Joins the events of one sentence that are one act.
pub(crate) fn fold<'a>(told: Vec<Told<'a>>) -> Vec<Told<'a>> {
    let mut kept: Vec<Told<'a>> = Vec::new();
    for next in told {
        match kept.iter_mut().find(|k| one_act(k, &next)) {
            Some(known) => join(known, next),
            None => kept.push(next),
        }
    }
    kept
}

fn one_act(a: &Told<'_>, b: &Told<'_>) -> bool {
    let (x, y) = (&a.event, &b.event);
    if x.event_type != y.event_type
        || (x.polarity, x.modality) != (y.polarity, y.modality)
        || a.trigger == b.trigger
        || !(hangs(a.trigger, b.trigger) || hangs(b.trigger, a.trigger))
    {
        return false;
    }
    let harm = x.event_type == EventType::Assault;
    let below = if hangs(b.trigger, a.trigger) { b } else { a };
    // A participle without a subject of its own ("killing two") has that of the act above, whatever the parse says.
    let subjectless = below.trigger.has("VerbForm=Ger") && !below.trigger.children().any(|c| c.relation() == "nsubj");
    let actors = agree(&x.actors, &y.actors) || harm && subjectless;
    actors && (harm || agree(&x.recipients, &y.recipients))
}

/// Whether one word depends on the other as its subject, circumstance or participle, with at most one verb between.
fn hangs(lower: Token<'_>, upper: Token<'_>) -> bool {
    let down = |t: Token<'_>| {
        matches!(t.relation(), "nsubj" | "obl" | "nmod" | "advcl" | "xcomp" | "acl" | "obj")
            && t.deprel() != "acl:relcl"
    };
    let mut token = lower;
    for _ in 0..2 {
        let Some(head) = token.head().filter(|_| down(token)) else { return false };
        if head == upper {
            return true;
        }
        token = head;
    }
    false
}

/// Whether two sides can be the same: one names nobody, or no country of one is missing in the other.
fn agree(a: &[ActorRef], b: &[ActorRef]) -> bool {
    let sides =
        [a, b].map(|list| list.iter().map(|p| p.code.clone().unwrap_or_else(|| key(p))).collect::<BTreeSet<_>>());
    let [x, y] = &sides;
    x.is_subset(y) || y.is_subset(x)
}

fn join<'a>(known: &mut Told<'a>, mut other: Told<'a>) {
    let event = &mut known.event;
    if event.actors.is_empty() {
        event.actors = std::mem::take(&mut other.event.actors);
    }
    let named = |list: &[ActorRef]| {
        list.iter()
            .any(|p| !p.resolved_by.iter().any(|by| by == "place") || p.sector != Some(demarche_core::Sector::Cvl))
    };
    if event.recipients.is_empty() || !named(&event.recipients) && !other.event.recipients.is_empty() {
        event.recipients = std::mem::take(&mut other.event.recipients);
    } else {
        for party in std::mem::take(&mut other.event.recipients) {
            let new = !event.recipients.iter().chain(&event.actors).any(|p| key(p) == key(&party));
            if new && party.code.is_some() {
                event.recipients.push(party);
            }
        }
    }
    let pattern = other.event.grounds.first().cloned();
    merge(event, other.event);
    event.grounds.extend(pattern.map(|p| format!("and {p}")));
}
