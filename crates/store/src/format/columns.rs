//! An entry as one flat row of typed columns: what CSV, Parquet and SQLite share.
//!
//! Parties, quotes and evidence are lists that run in parallel: the second `actor_code` belongs to the second
//! `actor_text`. `source` and `target`, the codes of the first ordered pair, are written for those who count and are
//! not read.

use super::{Trouble, event, is_ours, party};
use crate::Entry;
use demarche_core::{
    ActorId, ActorRef, Attribution, Basis, Codes, Context, DocId, EventType, Evidence, Interval, Modality, Mode, Place,
    PlacePrecision, Polarity, Precision, Quote, Role, Scope, Sector, Span, Tense, When,
};
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// A whole number.
    Int,
    /// A number.
    Real,
    /// A day.
    Date,
    /// Words, several.
    Texts,
    /// Whole numbers, several.
    Ints,
}

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Absent.
    Null,
    /// Words.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number.
    Real(f64),
    /// A day.
    Date(Date),
    /// Words, several.
    Texts(Vec<Option<String>>),
    /// Whole numbers, several.
    Ints(Vec<Option<i64>>),
}

/// A column: its name and type.
pub type Column<'c> = (&'c str, Kind);

/// The columns of events, in their order.
pub(super) const EVENTS: &[Column<'static>] = &[
    ("id", Kind::Text),
    ("dataset", Kind::Text),
    ("source_id", Kind::Text),
    ("document", Kind::Text),
    ("sentence", Kind::Int),
    ("date", Kind::Date),
    ("until", Kind::Date),
    ("precision", Kind::Text),
    ("basis", Kind::Text),
    ("time_scope", Kind::Text),
    ("source", Kind::Text),
    ("target", Kind::Text),
    ("type", Kind::Text),
    ("mode", Kind::Text),
    ("contexts", Kind::Texts),
    ("cameo", Kind::Text),
    ("quad", Kind::Int),
    ("intensity", Kind::Real),
    ("polarity", Kind::Text),
    ("modality", Kind::Text),
    ("tense", Kind::Text),
    ("actor_text", Kind::Texts),
    ("actor_start", Kind::Ints),
    ("actor_end", Kind::Ints),
    ("actor_id", Kind::Texts),
    ("actor_name", Kind::Texts),
    ("actor_code", Kind::Texts),
    ("actor_sector", Kind::Texts),
    ("actor_office", Kind::Texts),
    ("recipient_text", Kind::Texts),
    ("recipient_start", Kind::Ints),
    ("recipient_end", Kind::Ints),
    ("recipient_id", Kind::Texts),
    ("recipient_name", Kind::Texts),
    ("recipient_code", Kind::Texts),
    ("recipient_sector", Kind::Texts),
    ("recipient_office", Kind::Texts),
    ("place_text", Kind::Text),
    ("place", Kind::Text),
    ("country", Kind::Text),
    ("region", Kind::Text),
    ("lat", Kind::Real),
    ("lon", Kind::Real),
    ("place_precision", Kind::Text),
    ("place_scope", Kind::Text),
    ("speaker_text", Kind::Text),
    ("speaker_start", Kind::Int),
    ("speaker_end", Kind::Int),
    ("speaker_id", Kind::Text),
    ("speaker_name", Kind::Text),
    ("speaker_code", Kind::Text),
    ("speaker_sector", Kind::Text),
    ("speaker_office", Kind::Text),
    ("cue", Kind::Text),
    ("quote_text", Kind::Texts),
    ("quote_start", Kind::Ints),
    ("quote_end", Kind::Ints),
    ("evidence_role", Kind::Texts),
    ("evidence_sentence", Kind::Ints),
    ("evidence_start", Kind::Ints),
    ("evidence_end", Kind::Ints),
    ("evidence_text", Kind::Texts),
    ("grounds", Kind::Texts),
    ("confidence", Kind::Real),
    ("publisher", Kind::Text),
    ("published", Kind::Date),
    ("url", Kind::Text),
    ("title", Kind::Text),
    ("lang", Kind::Text),
    ("version", Kind::Text),
    ("sentence_text", Kind::Text),
    ("extra", Kind::Text),
];

/// What these columns do not hold.
pub(super) const LOSSES: &[super::Loss] = &[
    super::loss("event.actors.resolved_by", "no column"),
    super::loss("event.actors.candidates", "no column"),
    super::loss("event.recipients.resolved_by", "no column"),
    super::loss("event.recipients.candidates", "no column"),
    super::loss("event.attribution.speaker.resolved_by", "no column"),
    super::loss("event.attribution.speaker.candidates", "no column"),
];

/// The word that JSON has for a value of a closed set.
fn word(value: &impl Serialize) -> Cell {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Cell::Text(text),
        _ => Cell::Null,
    }
}

fn of_word<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}

fn text(value: Option<&str>) -> Cell {
    value.filter(|text| !text.is_empty()).map_or(Cell::Null, |text| Cell::Text(text.to_owned()))
}

fn real32(value: f32) -> Cell {
    // By way of its shortest decimal, so that 0.9 stays 0.9.
    value.to_string().parse().map_or(Cell::Null, Cell::Real)
}

fn texts<'x>(values: impl Iterator<Item = Option<&'x str>>) -> Cell {
    Cell::Texts(values.map(|value| value.filter(|text| !text.is_empty()).map(str::to_owned)).collect())
}

fn ints(values: impl Iterator<Item = u32>) -> Cell {
    Cell::Ints(values.map(|value| Some(i64::from(value))).collect())
}

/// An entry as a row of [`EVENTS`].
pub(super) fn row(entry: &Entry) -> Vec<Cell> {
    let event = &entry.event;
    let day = |day: Option<Date>| day.map_or(Cell::Null, Cell::Date);
    let number = |number: Option<u32>| number.map_or(Cell::Null, |n| Cell::Int(i64::from(n)));
    let mut cells = Vec::with_capacity(EVENTS.len());
    cells.push(text(Some(&event.id)));
    cells.push(text(Some(&entry.dataset)));
    cells.push(text(entry.source_id.as_deref()));
    cells.push(text(Some(&event.document.0)));
    cells.push(Cell::Int(i64::from(event.sentence)));
    let when = event.when.as_ref();
    cells.push(day(when.and_then(|w| w.interval.from)));
    cells.push(day(when.and_then(|w| w.interval.until)));
    cells.push(when.map_or(Cell::Null, |w| word(&w.precision)));
    cells.push(when.map_or(Cell::Null, |w| word(&w.basis)));
    cells.push(when.map_or(Cell::Null, |w| word(&w.scope)));
    let dyads = event.dyads();
    let (source, target) = match dyads.first() {
        Some(&(source, target)) => (Some(source), Some(target)),
        None => (event.actors.first(), event.recipients.first()),
    };
    cells.push(text(source.and_then(|party| party.code.as_deref())));
    cells.push(text(target.and_then(|party| party.code.as_deref())));
    cells.push(text(Some(event.event_type.as_str())));
    cells.push(text(event.mode.map(Mode::as_str)));
    cells.push(texts(event.contexts.iter().map(|context| Some(context.as_str()))));
    cells.push(text(event.cameo.as_deref()));
    cells.push(Cell::Int(i64::from(event.quad.number())));
    cells.push(real32(event.intensity));
    cells.extend([word(&event.polarity), word(&event.modality), word(&event.tense)]);
    for side in [&event.actors, &event.recipients] {
        cells.push(texts(side.iter().map(|p| Some(p.text.as_str()))));
        cells.push(ints(side.iter().map(|p| p.span.start)));
        cells.push(ints(side.iter().map(|p| p.span.end)));
        cells.push(texts(side.iter().map(|p| p.id.as_ref().map(ActorId::as_str))));
        cells.push(texts(side.iter().map(|p| p.name.as_deref())));
        cells.push(texts(side.iter().map(|p| p.code.as_deref())));
        cells.push(texts(side.iter().map(|p| p.sector.map(Sector::as_str))));
        cells.push(texts(side.iter().map(|p| p.office.as_deref())));
    }
    let place = event.place.as_ref();
    cells.push(text(place.map(|p| p.text.as_str())));
    cells.push(text(place.map(|p| p.name.as_str())));
    cells.push(text(place.and_then(|p| p.country.as_deref())));
    cells.push(text(place.and_then(|p| p.region.as_deref())));
    cells.push(place.and_then(|p| p.lat).map_or(Cell::Null, Cell::Real));
    cells.push(place.and_then(|p| p.lon).map_or(Cell::Null, Cell::Real));
    cells.push(place.map_or(Cell::Null, |p| word(&p.precision)));
    cells.push(place.map_or(Cell::Null, |p| word(&p.scope)));
    let attribution = event.attribution.as_ref();
    let speaker = attribution.and_then(|a| a.speaker.as_ref());
    cells.push(text(speaker.map(|p| p.text.as_str())));
    cells.push(number(speaker.map(|p| p.span.start)));
    cells.push(number(speaker.map(|p| p.span.end)));
    cells.push(text(speaker.and_then(|p| p.id.as_ref()).map(ActorId::as_str)));
    cells.push(text(speaker.and_then(|p| p.name.as_deref())));
    cells.push(text(speaker.and_then(|p| p.code.as_deref())));
    cells.push(text(speaker.and_then(|p| p.sector).map(Sector::as_str)));
    cells.push(text(speaker.and_then(|p| p.office.as_deref())));
    cells.push(text(attribution.and_then(|a| a.cue.as_deref())));
    let quotes = attribution.map(|a| a.quotes.as_slice()).unwrap_or_default();
    cells.push(texts(quotes.iter().map(|q| Some(q.text.as_str()))));
    cells.push(ints(quotes.iter().map(|q| q.span.start)));
    cells.push(ints(quotes.iter().map(|q| q.span.end)));
    cells.push(Cell::Texts(
        event.evidence.iter().map(|e| if let Cell::Text(role) = word(&e.role) { Some(role) } else { None }).collect(),
    ));
    cells.push(ints(event.evidence.iter().map(|e| e.sentence)));
    cells.push(ints(event.evidence.iter().map(|e| e.span.start)));
    cells.push(ints(event.evidence.iter().map(|e| e.span.end)));
    cells.push(texts(event.evidence.iter().map(|e| Some(e.text.as_str()))));
    cells.push(texts(event.grounds.iter().map(|ground| Some(ground.as_str()))));
    cells.push(real32(event.confidence));
    cells.push(text(entry.publisher.as_deref()));
    cells.push(day(entry.published));
    for value in [&entry.url, &entry.title, &entry.lang, &entry.version, &entry.sentence_text] {
        cells.push(text(value.as_deref()));
    }
    let extra = (!entry.extra.is_empty()).then(|| serde_json::to_string(&entry.extra).ok()).flatten();
    cells.push(extra.map_or(Cell::Null, Cell::Text));
    cells
}

/// Takes the cells of a row of [`EVENTS`] in their order.
struct Taken<'r> {
    cells: std::slice::IterMut<'r, Cell>,
    at: usize,
}

impl Taken<'_> {
    fn next(&mut self) -> Cell {
        self.at += 1;
        self.cells.next().map_or(Cell::Null, |cell| std::mem::replace(cell, Cell::Null))
    }
    fn text(&mut self) -> Option<String> {
        if let Cell::Text(text) = self.next() { Some(text) } else { None }
    }
    fn date(&mut self) -> Option<Date> {
        if let Cell::Date(day) = self.next() { Some(day) } else { None }
    }
    fn real(&mut self) -> Option<f64> {
        match self.next() {
            Cell::Real(real) => Some(real),
            Cell::Int(int) => Some(int as f64),
            _ => None,
        }
    }
    fn int(&mut self) -> Option<u32> {
        if let Cell::Int(int) = self.next() { int.try_into().ok() } else { None }
    }
    fn texts(&mut self) -> Vec<Option<String>> {
        if let Cell::Texts(list) = self.next() { list } else { Vec::new() }
    }
    fn ints(&mut self) -> Vec<u32> {
        let Cell::Ints(list) = self.next() else { return Vec::new() };
        list.into_iter().map(|n| n.and_then(|n| n.try_into().ok()).unwrap_or_default()).collect()
    }
    /// A word of a closed set.
    fn word<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Trouble> {
        let Some(text) = self.text() else { return Ok(None) };
        match of_word(&text) {
            Some(value) => Ok(Some(value)),
            None => Err(Trouble::Cell(self.at - 1, format!("{text} is not known here"), "see docs/records.md")),
        }
    }
    fn parties(&mut self) -> Vec<ActorRef> {
        let (text, start, end) = (self.texts(), self.ints(), self.ints());
        let (mut id, mut name, mut code) = (self.texts(), self.texts(), self.texts());
        let (sector, mut office) = (self.texts(), self.texts());
        let nth = |list: &mut Vec<Option<String>>, ix: usize| list.get_mut(ix).and_then(Option::take);
        text.into_iter()
            .enumerate()
            .map(|(ix, text)| ActorRef {
                span: Span::new(at(&start, ix), at(&end, ix)),
                id: nth(&mut id, ix).as_deref().map(ActorId::from),
                name: nth(&mut name, ix),
                code: nth(&mut code, ix),
                sector: sector.get(ix).and_then(|s| Sector::parse(s.as_deref()?)),
                office: nth(&mut office, ix),
                ..party(&text.unwrap_or_default())
            })
            .collect()
    }
}

fn at(list: &[u32], ix: usize) -> u32 {
    list.get(ix).copied().unwrap_or_default()
}

/// A row of [`EVENTS`] as an entry; the cells are used up.
pub(super) fn of_row(cells: &mut [Cell], codes: &Codes) -> Result<Entry, Trouble> {
    let mut next = Taken { cells: cells.iter_mut(), at: 0 };
    let Some(id) = next.text() else {
        return Err(Trouble::Cell(0, "the cell is blank".to_owned(), "every event has an id of its own"));
    };
    let dataset = next.text().unwrap_or_else(|| "demarche".to_owned());
    let source_id = next.text();
    let document = next.text().map_or_else(|| DocId::of(&[&dataset, &id]), |doc| DocId(doc.into()));
    let sentence = next.int().unwrap_or_default();
    let (from, until) = (next.date(), next.date());
    let precision: Option<Precision> = next.word()?;
    let basis: Option<Basis> = next.word()?;
    let scope: Option<Scope> = next.word()?;
    next.next();
    next.next();
    let column = next.at;
    let Some(event_type) = next.text().as_deref().and_then(EventType::parse) else {
        return Err(Trouble::Cell(column, "no event type".to_owned(), "one of PLOVER's sixteen, in capitals"));
    };
    let mode: Option<Mode> = next.word()?;
    let kept = if is_ours(&id) { id } else { super::event_id(&dataset, &id, from) };
    let mut event = event(kept, document, event_type, mode, codes);
    event.sentence = sentence;
    let interval = Interval { from, until: until.or_else(|| from.filter(|_| precision.is_none())?.tomorrow().ok()) };
    event.when = (precision.is_some() || from.is_some()).then(|| When {
        interval,
        precision: precision.unwrap_or(Precision::Day),
        basis: basis.unwrap_or(Basis::None),
        scope: scope.unwrap_or(Scope::Document),
    });
    event.contexts = next.texts().iter().flatten().filter_map(|word| Context::parse(word)).collect();
    event.cameo = next.text();
    next.next();
    if let Some(intensity) = next.real() {
        event.intensity = intensity as f32;
    }
    event.polarity = next.word()?.unwrap_or(Polarity::Positive);
    event.modality = next.word()?.unwrap_or(Modality::Asserted);
    event.tense = next.word()?.unwrap_or(Tense::Past);
    event.actors = next.parties();
    event.recipients = next.parties();
    let (place_text, place) = (next.text(), next.text());
    let (country, region, lat, lon) = (next.text(), next.text(), next.real(), next.real());
    let (place_precision, place_scope): (Option<PlacePrecision>, Option<Scope>) = (next.word()?, next.word()?);
    event.place = place.or_else(|| place_text.clone()).map(|name| Place {
        text: place_text.unwrap_or_else(|| name.clone()),
        name,
        country,
        region,
        lat,
        lon,
        precision: place_precision.unwrap_or(PlacePrecision::Unknown),
        scope: place_scope.unwrap_or(Scope::Document),
    });
    let speaker = next.text();
    let (start, end) = (next.int().unwrap_or_default(), next.int().unwrap_or_default());
    let (id, name, code) = (next.text(), next.text(), next.text());
    let (sector, office) = (next.text(), next.text());
    let speaker = speaker.map(|text| ActorRef {
        span: Span::new(start, end),
        id: id.as_deref().map(ActorId::from),
        name,
        code,
        sector: sector.as_deref().and_then(Sector::parse),
        office,
        ..party(&text)
    });
    let cue = next.text();
    let (text, start, end) = (next.texts(), next.ints(), next.ints());
    let quotes: Vec<Quote> = text
        .into_iter()
        .enumerate()
        .map(|(ix, text)| Quote { text: text.unwrap_or_default(), span: Span::new(at(&start, ix), at(&end, ix)) })
        .collect();
    if speaker.is_some() || cue.is_some() || !quotes.is_empty() {
        event.attribution = Some(Attribution { speaker, cue, quotes });
    }
    let (roles, sentences) = (next.texts(), next.ints());
    let (start, end, mut words) = (next.ints(), next.ints(), next.texts());
    for (ix, role) in roles.iter().enumerate() {
        let Some(role) = role.as_deref().and_then(of_word::<Role>) else { continue };
        let text = words.get_mut(ix).and_then(Option::take).unwrap_or_default();
        let span = Span::new(at(&start, ix), at(&end, ix));
        event.evidence.push(Evidence { role, sentence: at(&sentences, ix), span, text });
    }
    event.grounds = next.texts().into_iter().flatten().collect();
    if let Some(confidence) = next.real() {
        event.confidence = confidence as f32;
    }
    let mut entry = Entry::bare(&dataset, event);
    entry.source_id = source_id;
    entry.publisher = next.text();
    entry.published = next.date();
    entry.url = next.text();
    entry.title = next.text();
    entry.lang = next.text();
    entry.version = next.text();
    entry.sentence_text = next.text();
    if let Some(extra) = next.text() {
        entry.extra = serde_json::from_str(&extra).map_err(|error| {
            Trouble::Cell(EVENTS.len() - 1, format!("not a JSON object: {error}"), "{\"column\":\"value\"}")
        })?;
    }
    Ok(entry)
}
