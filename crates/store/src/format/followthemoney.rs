//! FollowTheMoney entities, one JSON object a line, for Aleph and OpenSanctions' tools.
//!
//! Its Event has no roles: who did what to whom goes into `summary`, and every party under `involved`.
//! Written and not read.

use super::{Entries, Format, Loss, Outgoing, Target, Written, loss};
use crate::{Entry, Error};
use demarche_core::{ActorRef, Codes, stable_hash};
use serde_json::{Map, Value, json};
use std::collections::HashSet;
use std::io::Write;
use std::path::Path;

/// FollowTheMoney.
pub(super) struct FollowTheMoney;

impl Format for FollowTheMoney {
    fn name(&self) -> &'static str {
        "followthemoney"
    }
    fn about(&self) -> &'static str {
        "FollowTheMoney entities, one JSON object a line: Event, Person, Organization, Article, Mention; written alone"
    }
    fn losses(&self) -> &'static [Loss] {
        const {
            &[
                loss("event.actors", "who acts and who is acted on is in the summary's words alone; all are involved"),
                loss(
                    "event.recipients",
                    "who acts and who is acted on is in the summary's words alone; all are involved",
                ),
                loss("event.type", "in the summary's words alone"),
                loss("event.mode", "in the summary's words alone"),
                loss("event.contexts", "as keywords"),
                loss("event.cameo", "not written"),
                loss("event.quad", "not written"),
                loss("event.intensity", "not written"),
                loss("event.polarity", "only what happened is written"),
                loss("event.modality", "only what happened is written"),
                loss("event.tense", "not written"),
                loss("event.attribution", "not written"),
                loss("event.when.precision", "not written"),
                loss("event.evidence", "not written, but for the sentence"),
                loss("event.grounds", "not written"),
                loss("event.confidence", "not written"),
                loss("extra", "not written"),
            ]
        }
    }
    fn read<'a>(&self, _: &Path, _: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        None
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, codes: &Codes) -> Result<Written, Error> {
        to.stream(|out| {
            let mut out =
                Entities { out: std::io::BufWriter::with_capacity(1 << 18, out), seen: HashSet::new(), codes };
            let mut written = Written::default();
            for entry in entries {
                let entry = entry?;
                if !entry.event.counted() {
                    written.left_out += 1;
                    continue;
                }
                out.entry(&entry).map_err(Error::output)?;
                written.entries += 1;
            }
            out.out.flush().map_err(Error::output)?;
            written.rows = written.entries;
            Ok(written)
        })
    }
}

/// Entities on their way out, each said once.
struct Entities<'o, W: Write> {
    out: W,
    seen: HashSet<String>,
    codes: &'o Codes,
}

/// The properties of an entity: lists of strings, absent where there is none.
struct Properties(Map<String, Value>);

impl Properties {
    fn add(&mut self, name: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            let list = self.0.entry(name).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                list.push(Value::String(value.into()));
            }
        }
    }
}

impl<W: Write> Entities<'_, W> {
    fn put(&mut self, id: &str, schema: &str, fill: impl FnOnce(&mut Properties)) -> std::io::Result<()> {
        if !self.seen.insert(id.to_owned()) {
            return Ok(());
        }
        let mut properties = Properties(Map::new());
        fill(&mut properties);
        serde_json::to_writer(&mut self.out, &json!({ "id": id, "schema": schema, "properties": properties.0 }))?;
        self.out.write_all(b"\n")
    }

    /// ISO 3166 alpha-2 in small letters, as the format writes countries.
    fn country(&self, code: Option<&str>) -> Option<String> {
        Some(self.codes.state(code?)?.iso2.as_ref()?.to_lowercase())
    }

    fn party(&mut self, party: &ActorRef) -> std::io::Result<String> {
        let name = party.name.as_deref().unwrap_or(&party.text);
        let id = match &party.id {
            Some(id) => format!("actor-{id}"),
            None => format!("actor-{}", stable_hash(&[name, party.code.as_deref().unwrap_or_default()])),
        };
        // Only a person holds an office or is known by a surname.
        let person = party.office.is_some() || party.resolved_by.iter().any(|by| by == "surname");
        let country = self.country(party.code.as_deref());
        self.put(&id, if person { "Person" } else { "Organization" }, |p| {
            p.add("name", Some(name));
            p.add("country", country);
            p.add(if person { "position" } else { "keywords" }, party.office.as_deref());
        })?;
        Ok(id)
    }

    fn entry(&mut self, entry: &Entry) -> std::io::Result<()> {
        let event = &entry.event;
        let mut involved = Vec::new();
        for party in event.actors.iter().chain(&event.recipients) {
            involved.push(self.party(party)?);
        }
        let article = event.document.to_string();
        let known = entry.url.is_some() || entry.title.is_some() || entry.publisher.is_some();
        if known {
            self.put(&article, "Article", |p| {
                p.add("title", entry.title.as_deref());
                p.add("publisher", entry.publisher.as_deref());
                p.add("publishedAt", entry.published.map(|day| day.to_string()));
                p.add("sourceUrl", entry.url.as_deref());
                p.add("language", entry.lang.as_deref());
            })?;
        }
        let names = |side: &[ActorRef]| {
            let names: Vec<&str> = side.iter().map(|p| p.name.as_deref().unwrap_or(&p.text)).collect();
            names.join(", ")
        };
        let mut kind = event.event_type.to_string();
        if let Some(mode) = event.mode {
            kind = format!("{kind} ({mode})");
        }
        let summary = [names(&event.actors), kind, names(&event.recipients)];
        let summary = summary.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" — ");
        let interval = event.when.map(|when| when.interval);
        let last = interval.and_then(|i| i.until?.yesterday().ok());
        let place = event.place.as_ref();
        let country = self.country(place.and_then(|p| p.country.as_deref()));
        // Ids of other data sets repeat; entities' ids may not.
        let mut id = event.id.clone();
        for n in 2.. {
            if !self.seen.contains(&id) {
                break;
            }
            id = format!("{}-{n}", event.id);
        }
        self.put(&id, "Event", |p| {
            p.add("name", Some(&summary));
            p.add("summary", entry.sentence_text.as_deref().or(Some(&summary)));
            match (interval.and_then(|i| i.from), last) {
                (Some(day), Some(last)) if day == last => p.add("date", Some(day.to_string())),
                (first, last) => {
                    p.add("startDate", first.map(|day| day.to_string()));
                    p.add("endDate", last.map(|day| day.to_string()));
                }
            }
            p.add("location", place.map(|place| place.name.as_str()));
            p.add("country", country);
            involved.iter().for_each(|id| p.add("involved", Some(id)));
            event.contexts.iter().for_each(|context| p.add("keywords", Some(context.as_str())));
            p.add("recordId", entry.source_id.as_deref().or(Some(&event.id)));
            p.add("sourceUrl", entry.url.as_deref());
            p.add("publisher", entry.publisher.as_deref());
            p.add("proof", known.then_some(&article));
        })?;
        for (party, party_id) in event.actors.iter().chain(&event.recipients).zip(&involved) {
            let mention = format!("mention-{}", stable_hash(&[&id, party_id]));
            self.put(&mention, "Mention", |p| {
                p.add("name", Some(&party.text));
                p.add("resolved", Some(party_id));
                p.add("document", known.then_some(&article));
                p.add("recordId", Some(&id));
            })?;
        }
        Ok(())
    }
}
