//! One event with all that the ledger knows of it: what was coded, on what it rests, who made it, who corrected it.

use super::EventRow;
use anyhow::Result;
use demarche_core::{ActorRef, Event, Modality, Polarity};
use demarche_store::{Act, Correction, Ledger, Run, Stored};
use serde::Serialize;

/// An event.
#[derive(Debug, Clone)]
pub struct EventPage {
    /// Itself.
    pub stored: Stored,
    /// The run that wrote it.
    pub run: Option<Run>,
    /// What people said of it.
    pub corrections: Vec<Correction>,
    /// Other events of the same sentence.
    pub beside: Vec<Stored>,
    /// How many documents report its story, and how many of them are independent.
    pub breadth: Option<(u32, u32)>,
}

/// A coded field: its value and what that rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name, as records and corrections have it.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// How it is known; empty where the value says all.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

/// Events of one sentence that are shown beside one.
const BESIDE: usize = 20;

/// A word of a closed set, as records write it.
pub fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        other => other.map_or_else(|_| String::new(), |value| value.to_string()),
    }
}

/// Whether it is said to have happened, in words.
pub fn standing(event: &Event) -> String {
    match (event.polarity, event.modality) {
        (Polarity::Positive, Modality::Asserted) => "said to have happened".to_string(),
        (Polarity::Negative, Modality::Asserted) => "said not to have happened".to_string(),
        (Polarity::Positive, modality) => word(&modality),
        (Polarity::Negative, modality) => format!("{}, and not to happen", word(&modality)),
    }
}

/// What a correction does, in words.
pub fn act(correction: &Correction) -> String {
    match &correction.act {
        Act::Reject => "rejected".to_string(),
        Act::Accept => "accepted".to_string(),
        Act::Change { field, value } => format!("{field} is {value}"),
    }
}

fn party(party: &ActorRef) -> String {
    let name = party.name.as_deref().unwrap_or(&party.text);
    match (&party.code, party.sector) {
        (Some(code), Some(sector)) => format!("{name} ({code}/{sector})"),
        (Some(code), None) => format!("{name} ({code})"),
        _ => name.to_string(),
    }
}

fn resolved(parties: &[ActorRef]) -> String {
    let one = |party: &ActorRef| match party.resolved_by.as_slice() {
        [] => format!("“{}”", party.text),
        by => format!("“{}” by {}", party.text, by.join(", ")),
    };
    parties.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl EventPage {
    /// Of an id, `e-…`.
    pub fn of(ledger: &Ledger, id: &str) -> Result<EventPage> {
        let stored = ledger.event(id)?;
        let run = ledger.runs()?.into_iter().find(|run| run.run == stored.run);
        let corrections = ledger.corrections_behind(&stored)?;
        let beside = ledger.beside(&stored, BESIDE)?;
        let breadth = stored.story.as_deref().map(|story| ledger.breadth(story)).transpose()?;
        Ok(EventPage { stored, run, corrections, beside, breadth })
    }

    /// The coded fields in their order.
    pub fn fields(&self) -> Vec<Field> {
        let event = &self.stored.entry.event;
        let mut all = Vec::new();
        let mut field = |name: &'static str, value: String, basis: String| {
            if !value.is_empty() {
                all.push(Field { field: name, value, basis });
            }
        };
        let plain = String::new;
        let names = |parties: &[ActorRef]| parties.iter().map(party).collect::<Vec<_>>().join("; ");
        field("actors", names(&event.actors), resolved(&event.actors));
        field("type", event.event_type.to_string(), plain());
        field("mode", event.mode.map_or_else(plain, |mode| mode.to_string()), plain());
        field("recipients", names(&event.recipients), resolved(&event.recipients));
        let contexts: Vec<String> = event.contexts.iter().map(ToString::to_string).collect();
        field("contexts", contexts.join("; "), plain());
        field("cameo", event.cameo.clone().unwrap_or_default(), plain());
        field("quad", format!("{}, {}", event.quad.number(), super::quad_name(event.quad)), "of the type".to_string());
        field("intensity", event.intensity.to_string(), "PLOVER's, from -10 to 10, of type and mode".to_string());
        field("polarity", word(&event.polarity), plain());
        field("modality", word(&event.modality), plain());
        field("tense", word(&event.tense), plain());
        if let Some(when) = &event.when {
            let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "open".to_string(), |day| day.to_string());
            let known =
                format!("to the {}; {} time, of the {}", word(&when.precision), word(&when.basis), word(&when.scope));
            field("from", day(when.interval.from), known);
            field("until", day(when.interval.until), "the day after the last".to_string());
        }
        if let Some(place) = &event.place {
            let within = [place.region.clone(), place.country.clone()].into_iter().flatten();
            let value: Vec<String> = std::iter::once(place.name.clone()).chain(within).collect();
            let known = format!("“{}”, to the {}; of the {}", place.text, word(&place.precision), word(&place.scope));
            field("place", value.join(", "), known);
            if let (Some(lat), Some(lon)) = (place.lat, place.lon) {
                field("coordinates", format!("{lat:.3}, {lon:.3}"), "degrees north and east".to_string());
            }
        }
        if let Some(attribution) = &event.attribution {
            let speaker = attribution.speaker.as_ref();
            let by = speaker.map_or_else(plain, |speaker| resolved(std::slice::from_ref(speaker)));
            field("speaker", speaker.map_or_else(plain, party), by);
            field("cue", attribution.cue.clone().unwrap_or_default(), plain());
        }
        field("confidence", format!("{:.2}", event.confidence), "from the grounds".to_string());
        all
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        let corrections: Vec<_> = self
            .corrections
            .iter()
            .map(|c| {
                serde_json::json!({
                    "correction": c.key, "run": c.run, "at": c.at, "author": c.author, "reason": c.reason,
                    "act": act(c), "withdrawn": c.withdrawn,
                })
            })
            .collect();
        serde_json::json!({
            "event": EventRow::of(&self.stored), "fields": self.fields(), "run": self.run,
            "gone": self.stored.gone.map(|(run, day)| serde_json::json!({ "run": run, "day": day })),
            "corrections": corrections, "reports": self.breadth.map(|(reports, _)| reports),
            "origins": self.breadth.map(|(_, origins)| origins),
            "same_sentence": self.beside.iter().map(EventRow::of).collect::<Vec<_>>(),
        })
    }
}
