//! PLOVER's JSON record (manual of 2021), one object a line.
//!
//! What an event is not is said by PLOVER's auxiliary modes: `negation`, `future`, `hypothetical`.

use super::delimited::Trouble;
use super::{
    Entries, Fault, Format, Loss, Outgoing, Passed, Target, Written, event_id, first_day, loss, party, unpack,
};
use crate::{Entry, Error};
use demarche_core::{
    ActorId, ActorRef, Codes, Context, DocId, EventType, Interval, Modality, Mode, Place, PlacePrecision, Polarity,
    Scope, Sector,
};
use serde_json::{Map, Value, json};
use std::io::{BufRead, Write};
use std::path::Path;

/// PLOVER JSON.
pub(super) struct Plover;

const DATASET: &str = "plover";

impl Format for Plover {
    fn name(&self) -> &'static str {
        DATASET
    }
    fn about(&self) -> &'static str {
        "PLOVER's JSON record, one object a line, or one array"
    }
    fn losses(&self) -> &'static [Loss] {
        LOSSES
    }
    fn read<'a>(&self, path: &Path, codes: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        Some(read(path, codes))
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, _: &Codes) -> Result<Written, Error> {
        to.stream(|out| {
            let mut out = std::io::BufWriter::with_capacity(1 << 18, out);
            let mut written = Written::default();
            for entry in entries {
                let entry = entry?;
                if first_day(&entry).is_none() {
                    written.left_out += 1;
                    continue;
                }
                let mut record = record(&entry);
                if entry.dataset == DATASET {
                    for (key, text) in &entry.extra {
                        // A key that was not there is kept as a blank.
                        match serde_json::from_str(text) {
                            Ok(value) => record.insert(key.clone(), value),
                            Err(_) => record.remove(key),
                        };
                    }
                }
                serde_json::to_writer(&mut out, &record).map_err(|error| Error::output(error.into()))?;
                out.write_all(b"\n").map_err(Error::output)?;
                written.entries += 1;
                written.rows += 1;
            }
            out.flush().map_err(Error::output)?;
            Ok(written)
        })
    }
}

const LOSSES: &[Loss] = &[
    loss("dataset", "comes back as plover"),
    loss("source_id", "that of another data set gives way to the event's id"),
    loss("extra", "columns of another data set have no place"),
    loss("event.document", "follows the link"),
    loss("event.sentence", "no key"),
    loss("event.cameo", "no key"),
    loss("event.modality", "planned is future; possible, conditional, demanded and believed are all hypothetical"),
    loss("event.tense", "no key"),
    loss("event.attribution", "no key"),
    loss("event.when.precision", "a day, or several"),
    loss("event.when.basis", "no key"),
    loss("event.when.scope", "no key"),
    loss(
        "event.when, where absent or open",
        "the day of publication stands for it; an entry with neither is left out; an open end is a day",
    ),
    loss("event.place.scope", "no key"),
    loss("event.evidence", "no key"),
    loss("event.grounds", "no key"),
    loss("event.confidence", "no key"),
    loss("event.actors.start", "no key"),
    loss("event.actors.end", "no key"),
    loss("event.actors.resolved_by", "no key"),
    loss("event.actors.candidates", "no key"),
    loss("event.recipients.start", "no key"),
    loss("event.recipients.end", "no key"),
    loss("event.recipients.resolved_by", "no key"),
    loss("event.recipients.candidates", "no key"),
];

const NEGATION: &str = "negation";
const FUTURE: &str = "future";
const HYPOTHETICAL: &str = "hypothetical";

/// PLOVER's grades of a place, 5 the finest.
const RESOLUTIONS: [(u8, PlacePrecision); 4] = [
    (1, PlacePrecision::Country),
    (2, PlacePrecision::Region),
    (4, PlacePrecision::City),
    (5, PlacePrecision::Building),
];

fn put(object: &mut Map<String, Value>, key: &str, value: impl Into<Option<Value>>) {
    if let Some(value) = value.into() {
        object.insert(key.to_owned(), value);
    }
}

fn text(value: Option<&str>) -> Option<Value> {
    value.map(Value::from)
}

/// A number of 32 bits by way of its shortest decimal, so that 0.9 stays 0.9.
fn real(value: f32) -> Option<Value> {
    value.to_string().parse::<f64>().ok().map(Value::from)
}

fn record(entry: &Entry) -> Map<String, Value> {
    let event = &entry.event;
    let mut out = Map::new();
    let id = entry.source_id.as_deref().filter(|_| entry.dataset == DATASET).unwrap_or(&event.id);
    put(&mut out, "id", text(Some(id)));
    put(&mut out, "has_event", Value::from(true));
    put(&mut out, "date", first_day(entry).map(|day| Value::from(day.to_string())));
    let last = event.when.and_then(|when| when.interval.until?.yesterday().ok());
    put(
        &mut out,
        "enddate",
        last.filter(|last| Some(*last) != first_day(entry)).map(|day| Value::from(day.to_string())),
    );
    put(&mut out, "actor", Value::from(event.actors.iter().map(actor).collect::<Vec<_>>()));
    put(&mut out, "recipient", Value::from(event.recipients.iter().map(actor).collect::<Vec<_>>()));
    put(&mut out, "event", json!([event.event_type]));
    put(&mut out, "event_loc", event.place.as_ref().map(place));
    put(&mut out, "quad_code", json!(event.quad));
    put(&mut out, "event_scale", real(event.intensity));
    let mut modes: Vec<&str> = event.mode.map(Mode::as_str).into_iter().collect();
    modes.extend((event.polarity == Polarity::Negative).then_some(NEGATION));
    modes.extend(match event.modality {
        Modality::Asserted => None,
        Modality::Planned => Some(FUTURE),
        Modality::Possible | Modality::Conditional | Modality::Demanded | Modality::Believed => Some(HYPOTHETICAL),
    });
    put(&mut out, "mode", Value::from(modes));
    put(&mut out, "context", json!(event.contexts));
    put(&mut out, "link", text(entry.url.as_deref()));
    put(&mut out, "text", text(entry.sentence_text.as_deref()));
    put(&mut out, "text_info", entry.lang.as_ref().map(|lang| json!({ "language": lang })));
    let mut cite = Map::new();
    put(&mut cite, "publisher", text(entry.publisher.as_deref()));
    put(&mut cite, "date", entry.published.map(|day| Value::from(day.to_string())));
    put(&mut cite, "title", text(entry.title.as_deref()));
    put(&mut out, "cite_info", Some(Value::from(cite)).filter(|cite| cite.as_object().is_some_and(|c| !c.is_empty())));
    put(&mut out, "coder", text(entry.version.as_deref()));
    out
}

fn actor(party: &ActorRef) -> Value {
    let mut out = Map::new();
    put(&mut out, "code", text(party.code.as_deref()));
    put(&mut out, "sector", text(party.sector.map(Sector::as_str)));
    put(&mut out, "entity_text", text(Some(&party.text)));
    put(&mut out, "identifier_id", text(party.id.as_ref().map(ActorId::as_str)));
    put(&mut out, "identifier_text", text(party.name.as_deref()));
    put(&mut out, "office", text(party.office.as_deref()));
    Value::from(out)
}

fn place(place: &Place) -> Value {
    let mut out = Map::new();
    put(&mut out, "extracted_place", text(Some(&place.text)));
    put(&mut out, "resolved_place", text(Some(&place.name)));
    put(&mut out, "lat", place.lat.map(Value::from));
    put(&mut out, "lon", place.lon.map(Value::from));
    put(&mut out, "province", text(place.region.as_deref()));
    put(&mut out, "country_code", text(place.country.as_deref()));
    let resolution = RESOLUTIONS.iter().find(|(_, precision)| *precision == place.precision);
    put(&mut out, "resolution", resolution.map(|(grade, _)| Value::from(*grade)));
    // Waters have no grade of their own.
    put(&mut out, "feature_class", (place.precision == PlacePrecision::Water).then(|| Value::from("H")));
    Value::from(out)
}

/// The string of a key, where there is one.
fn string<'v>(object: &'v Value, key: &str) -> Option<&'v str> {
    object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The members of a list, or the one value that stands for a list.
fn list<'v>(object: &'v Map<String, Value>, key: &str) -> Vec<&'v Value> {
    match object.get(key) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(one) => vec![one],
    }
}

fn party_of(value: &Value) -> ActorRef {
    // The manual's worked example names the same fields otherwise.
    let first = |keys: [&str; 2]| keys.into_iter().find_map(|key| string(value, key));
    let name = first(["identifier_text", "entity_name"]);
    let text = first(["entity_text", "raw_text"]).or(name).or_else(|| string(value, "code"));
    ActorRef {
        id: first(["identifier_id", "wikidata_id"]).map(ActorId::from),
        name: name.map(str::to_owned),
        code: string(value, "code").map(str::to_owned),
        sector: first(["sector", "sector_code"]).and_then(Sector::parse),
        office: string(value, "office").map(str::to_owned),
        ..party(text.or_else(|| value.as_str()).unwrap_or_default())
    }
}

fn place_of(value: &Value) -> Option<Place> {
    let name = string(value, "resolved_place").or_else(|| string(value, "extracted_place"))?;
    let grade = value.get("resolution").and_then(Value::as_u64);
    let precision = RESOLUTIONS.iter().find(|(known, _)| Some(u64::from(*known)) == grade).map(|(_, p)| *p);
    Some(Place {
        text: string(value, "extracted_place").unwrap_or(name).to_owned(),
        name: name.to_owned(),
        country: string(value, "country_code").map(str::to_owned),
        region: string(value, "province").map(str::to_owned),
        lat: value.get("lat").and_then(Value::as_f64),
        lon: value.get("lon").and_then(Value::as_f64),
        precision: match string(value, "feature_class") {
            Some("H") => PlacePrecision::Water,
            _ => precision.unwrap_or(PlacePrecision::Unknown),
        },
        scope: Scope::Document,
    })
}

/// The keys of a record by their position, for faults.
const KEYS: [&str; 4] = ["id", "date", "event", "enddate"];

fn entry_of(record: &Map<String, Value>, codes: &Codes) -> Result<Entry, Trouble> {
    let value = |key: &str| record.get(key).filter(|value| !value.is_null());
    let id = match value("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err(Trouble::Cell(0, "no id".to_owned(), "id, date, actor and event are required")),
    };
    let date = |ix: usize| match value(KEYS[ix]) {
        None => Ok(None),
        Some(Value::String(text)) if super::day(text).is_some() => Ok(super::day(text)),
        Some(other) => Err(Trouble::Cell(ix, format!("{other} is no day"), "2024-03-01")),
    };
    let Some(day) = date(1)? else {
        if value("has_event") == Some(&Value::Bool(false)) {
            return Err(Trouble::NoEvent("records that say that there is no event"));
        }
        return Err(Trouble::Cell(1, "no date".to_owned(), "id, date, actor and event are required"));
    };
    if value("has_event") == Some(&Value::Bool(false)) {
        return Err(Trouble::NoEvent("records that say that there is no event"));
    }
    let types = list(record, "event");
    let Some(event_type) = types.iter().find_map(|word| EventType::parse(word.as_str()?)) else {
        let found: Vec<String> = types.iter().map(|word| word.to_string()).collect();
        let what = format!("no event type: {}", found.join(", "));
        return Err(Trouble::Cell(2, what, "one of PLOVER's sixteen, in capitals"));
    };
    let modes: Vec<&str> = list(record, "mode").into_iter().filter_map(Value::as_str).collect();
    let mode = modes.iter().find_map(|word| Mode::parse(word));
    let document = DocId::of(&[DATASET, value("link").and_then(Value::as_str).unwrap_or(&id)]);
    let mut event = super::event(event_id(DATASET, &id, Some(day)), document, event_type, mode, codes);
    if modes.contains(&NEGATION) {
        event.polarity = Polarity::Negative;
    }
    if modes.contains(&FUTURE) {
        event.modality = Modality::Planned;
    } else if modes.contains(&HYPOTHETICAL) {
        event.modality = Modality::Possible;
    }
    if let Some(scale) = value("event_scale").and_then(Value::as_f64) {
        event.intensity = scale as f32;
    }
    let words = list(record, "context").into_iter().filter_map(Value::as_str);
    event.contexts = words.filter_map(Context::parse).collect();
    event.actors = list(record, "actor").into_iter().map(party_of).collect();
    event.recipients = list(record, "recipient").into_iter().map(party_of).collect();
    let mut when = super::on(day);
    if let Some(end) = date(3)? {
        when.interval = Interval { from: Some(day), until: end.tomorrow().ok() };
        when.precision = demarche_core::Precision::Unknown;
    }
    event.when = Some(when);
    event.place = value("event_loc").and_then(place_of);
    let mut entry = Entry::bare(DATASET, event);
    entry.source_id = Some(id);
    entry.url = value("link").and_then(Value::as_str).map(str::to_owned);
    entry.sentence_text = value("text").and_then(Value::as_str).map(str::to_owned);
    entry.lang = value("text_info").and_then(|info| string(info, "language")).map(str::to_owned);
    if let Some(cite) = value("cite_info") {
        entry.publisher = string(cite, "publisher").map(str::to_owned);
        entry.published = string(cite, "date").and_then(super::day);
        entry.title = string(cite, "title").map(str::to_owned);
    }
    entry.version = value("coder").and_then(Value::as_str).map(str::to_owned);
    // What would not come out as it came in is kept, key by key.
    let again = self::record(&entry);
    for (key, given) in record {
        if again.get(key) != Some(given) {
            entry.extra.insert(key.clone(), given.to_string());
        }
    }
    for key in again.keys().filter(|key| !record.contains_key(*key)) {
        entry.extra.insert(key.clone(), String::new());
    }
    Ok(entry)
}

fn read<'a>(path: &Path, codes: &'a Codes) -> Result<Entries<'a>, Error> {
    let file = unpack::name(path);
    let mut bytes = unpack::open(path)?;
    let failed = |error| Error::io(path, error);
    let first = bytes.fill_buf().map_err(failed)?.iter().copied().find(|byte| !byte.is_ascii_whitespace());
    if first.is_some_and(|byte| byte != b'{' && byte != b'[' && byte != 0xef) {
        return Err(Error::not_of_format(&file, "no JSON (hint: one object a line, or one array of objects)"));
    }
    let whole = first == Some(b'[');
    let records: Box<dyn Iterator<Item = (u64, serde_json::Result<Map<String, Value>>)> + Send> = if whole {
        let list: Vec<Map<String, Value>> =
            serde_json::from_reader(bytes).map_err(|error| Error::not_of_format(&file, &error.to_string()))?;
        Box::new(list.into_iter().enumerate().map(|(ix, record)| (ix as u64 + 1, Ok(record))))
    } else {
        let lines = bytes.split(b'\n').enumerate().filter_map(|(ix, line)| {
            let record = match line {
                Ok(line) => {
                    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&line);
                    if line.iter().all(u8::is_ascii_whitespace) {
                        return None;
                    }
                    serde_json::from_slice(line)
                }
                Err(error) => Err(serde_json::Error::io(error)),
            };
            Some((ix as u64 + 1, record))
        });
        Box::new(lines)
    };
    let mut broken = false;
    Ok(Box::new(records.map_while(move |(line, record)| {
        if broken {
            return None;
        }
        let fault = |column: Option<&str>, what: String, hint: &str| {
            let column = column.map(str::to_owned);
            Passed::Fault(Fault { file: file.clone(), line, column, what, hint: hint.to_owned() })
        };
        Some(match record {
            Ok(record) => entry_of(&record, codes).map_err(|trouble| match trouble {
                Trouble::Cell(ix, what, hint) => fault(Some(KEYS[ix]), what, hint),
                Trouble::NoEvent(why) => Passed::NoEvent(why),
            }),
            Err(error) if error.is_io() => {
                broken = true;
                Err(Passed::Broken(Error::not_of_format(&file, &error.to_string())))
            }
            Err(error) => Err(fault(None, error.to_string(), "one JSON object a line")),
        })
    })))
}
