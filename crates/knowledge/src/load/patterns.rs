//! Patterns: entries of a TOML file, with what they leave out filled in.

use super::entry::{Entry, each};
use super::file::Report;
use crate::{Needs, Pattern, Reports, Slot, Table, TriggerKind, hint};
use demarche_core::{Context, Mode, RelationKind};

const KEYS: &[&str] = &[
    "id",
    "verb",
    "noun",
    "adjective",
    "particle",
    "object",
    "preposition_object",
    "complement",
    "modifier",
    "actor",
    "recipient",
    "reciprocal",
    "swap",
    "mode",
    "cameo",
    "contexts",
    "needs",
    "weight",
    "source",
    "matches",
    "not",
];

const RELATION_KEYS: &[&str] = &[
    "id",
    "relation",
    "negative",
    "verb",
    "noun",
    "adjective",
    "particle",
    "object",
    "preposition_object",
    "complement",
    "modifier",
    "actor",
    "recipient",
    "reciprocal",
    "swap",
    "needs",
    "weight",
    "source",
    "matches",
    "not",
];

/// The words that name a slot which is no preposition.
const PLAIN: &[&str] = &["subject", "object", "indirect", "possessive", "compound"];

/// The prepositions that may name a slot; others are more likely a slip.
const PREPOSITIONS: &[&str] = &[
    "about",
    "across",
    "after",
    "against",
    "along",
    "alongside",
    "among",
    "around",
    "as",
    "at",
    "before",
    "behind",
    "beside",
    "between",
    "by",
    "for",
    "from",
    "in",
    "inside",
    "into",
    "near",
    "of",
    "off",
    "on",
    "onto",
    "outside",
    "over",
    "through",
    "to",
    "toward",
    "towards",
    "under",
    "upon",
    "via",
    "with",
    "within",
    "without",
];

/// The patterns of one file.
pub(super) fn read(text: &str, report: &mut Report<'_>) -> Vec<Pattern> {
    let table = report.table;
    let keys = if table == Table::Relations { RELATION_KEYS } else { KEYS };
    let mut patterns = Vec::new();
    each(text, "pattern", keys, report, |entry| patterns.extend(pattern(table, entry)));
    patterns
}

fn pattern(table: Table, e: &mut Entry<'_, '_>) -> Option<Pattern> {
    let id = e.need("id", "every pattern has a name of its own");
    let reports = match table {
        Table::Patterns(event_type) => {
            let prefix = format!("{}-", event_type.as_str().to_ascii_lowercase());
            if !id.is_empty() && !id.starts_with(&prefix) {
                e.fault(
                    "id",
                    format!("{id} does not begin with {prefix}"),
                    "an id is the type's name, a hyphen and words",
                );
            }
            Some(Reports::Event(event_type))
        }
        _ => relation(e),
    };
    let trigger = trigger(e);
    let (actor, recipient) = (slots(e, "actor"), slots(e, "recipient"));
    let (cameo, weight) = (e.maybe("cameo"), weight(e));
    let contexts = e.list("contexts");
    let contexts = contexts.iter().filter_map(|word| e.known_word("contexts", word, Context::ALL, Context::as_str));
    let contexts = contexts.collect();
    let mode = e.one("mode", Mode::ALL, Mode::as_str);
    let needs = e.one("needs", &[Needs::Actor, Needs::Recipient, Needs::Both], |needs| match needs {
        Needs::Actor => "actor",
        Needs::Recipient => "recipient",
        Needs::Both => "both",
        Needs::Nothing => "",
    });
    let source = e.need("source", "every pattern says where it comes from");
    let (matches, not) = (sentences(e, "matches"), sentences(e, "not"));
    let (trigger, lemmas) = trigger?;
    let reports = reports?;
    if id.is_empty() {
        return None;
    }
    Some(Pattern {
        id,
        reports,
        trigger,
        lemmas,
        particle: e.maybe("particle"),
        object: e.list("object"),
        preposition_object: e.lists("preposition_object"),
        complement: e.list("complement"),
        modifier: e.list("modifier"),
        actor: actor.unwrap_or_else(|| usual_actor(trigger)),
        recipient: recipient.unwrap_or_else(|| usual_recipient(trigger)),
        reciprocal: e.flag("reciprocal"),
        swap: e.flag("swap"),
        mode,
        cameo,
        contexts,
        needs: needs.unwrap_or_default(),
        weight,
        source,
        matches,
        not,
        row: e.row(),
    })
}

fn relation(e: &mut Entry<'_, '_>) -> Option<Reports> {
    use RelationKind::*;
    if !e.has("relation") {
        e.lacks("relation is missing", "relation = \"member\"");
        return None;
    }
    let known = [Member, Ally, Alignment, Tension, Trade, Recognition, Occupies, Sanctions, Office];
    let kind = e.one("relation", &known, |kind| match kind {
        Member => "member",
        Ally => "ally",
        Alignment => "alignment",
        Tension => "tension",
        Trade => "trade",
        Recognition => "recognition",
        Occupies => "occupies",
        Sanctions => "sanctions",
        Office => "office",
    })?;
    Some(Reports::Relation { kind, negative: e.flag("negative") })
}

/// The words that set the pattern off: verbs, nouns or adjectives, one kind an entry.
fn trigger(e: &mut Entry<'_, '_>) -> Option<(TriggerKind, Vec<String>)> {
    let kinds = [("verb", TriggerKind::Verb), ("noun", TriggerKind::Noun), ("adjective", TriggerKind::Adjective)];
    let mut given = kinds.into_iter().filter(|(key, _)| e.has(key)).collect::<Vec<_>>().into_iter();
    let Some((key, kind)) = given.next() else {
        e.lacks("nothing sets it off", "one of verb, noun, adjective must be there");
        return None;
    };
    for (other, _) in given {
        e.fault(
            other,
            format!("{key} and {other} in one entry"),
            "write an entry for each: their parties stand in different places",
        );
    }
    let lemmas = e.list(key);
    if lemmas.is_empty() {
        e.fault(key, "no words", format!("{key} = [\"…\"]"));
        return None;
    }
    Some((kind, lemmas))
}

fn weight(e: &mut Entry<'_, '_>) -> f32 {
    let weight = e.number("weight").unwrap_or(1.0);
    if !(0.0..=1.0).contains(&weight) {
        e.fault("weight", format!("{weight} is not between 0 and 1"), "1 is sure, 0.4 is a word with other senses");
    }
    weight.clamp(0.0, 1.0)
}

fn sentences(e: &mut Entry<'_, '_>, key: &str) -> Vec<String> {
    if !e.has(key) {
        let hint = if key == "matches" {
            "a sentence that it must match"
        } else {
            "a sentence in which it must count nothing"
        };
        e.lacks(format!("{key} is missing"), hint);
    }
    e.list(key)
}

fn slots(e: &mut Entry<'_, '_>, key: &str) -> Option<Vec<Slot>> {
    if !e.has(key) {
        return None;
    }
    let words = e.list(key);
    Some(
        words
            .iter()
            .filter_map(|word| {
                let slot = slot(word);
                if slot.is_none() {
                    e.fault(key, format!("no such slot: {word}"), slot_hint(word));
                }
                slot
            })
            .collect(),
    )
}

fn slot(word: &str) -> Option<Slot> {
    match word.split_once('.') {
        None => match word {
            "subject" => Some(Slot::Subject),
            "object" => Some(Slot::Object),
            "indirect" => Some(Slot::Indirect),
            "possessive" => Some(Slot::Possessive),
            "compound" => Some(Slot::Compound),
            word => PREPOSITIONS.contains(&word).then(|| Slot::Preposition(word.to_owned())),
        },
        Some(("object", inner)) => match slot(inner)? {
            inner @ (Slot::Possessive | Slot::Compound | Slot::Preposition(_)) => {
                Some(Slot::ObjectSlot(Box::new(inner)))
            }
            _ => None,
        },
        Some(("complement", "subject")) => Some(Slot::ComplementSubject),
        Some(("complement", "object")) => Some(Slot::ComplementObject),
        Some(("complement", word)) => {
            PREPOSITIONS.contains(&word).then(|| Slot::ComplementPreposition(word.to_owned()))
        }
        Some(_) => None,
    }
}

fn slot_hint(word: &str) -> String {
    let (before, last) = word.rsplit_once('.').map_or(("", word), |(before, last)| (before, last));
    if before == "complement" {
        return "complement.subject, complement.object or complement. and a preposition".to_owned();
    }
    let near = hint::nearest(last, PLAIN.iter().chain(PREPOSITIONS).copied());
    if near.is_empty() { format!("{}, a preposition, object.… or complement.…", PLAIN.join(", ")) } else { near }
}

fn prepositions(words: &[&str]) -> Vec<Slot> {
    words.iter().map(|word| Slot::Preposition((*word).to_owned())).collect()
}

/// Where the actor stands when the entry does not say.
fn usual_actor(trigger: TriggerKind) -> Vec<Slot> {
    match trigger {
        TriggerKind::Verb | TriggerKind::Adjective => vec![Slot::Subject],
        TriggerKind::Noun => {
            let of = |word: &str| Slot::Preposition(word.to_owned());
            vec![Slot::Possessive, of("by"), Slot::Compound, of("of")]
        }
    }
}

/// Where the recipient stands when the entry does not say.
fn usual_recipient(trigger: TriggerKind) -> Vec<Slot> {
    match trigger {
        TriggerKind::Verb => vec![Slot::Object],
        TriggerKind::Noun | TriggerKind::Adjective => prepositions(&["on", "against", "of", "with", "to", "toward"]),
    }
}
