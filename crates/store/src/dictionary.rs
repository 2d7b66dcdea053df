//! Strings, actors and places that repeat are kept once and known by number. One process writes at a time,
//! so what is here is all there is: numbers are given without asking the ledger, and what is new is written in one go.

use crate::error::Result;
use demarche_core::{ActorRef, Basis, EventType, Modality, Mode, Place, PlacePrecision, Polarity, Precision};
use demarche_core::{Role, Scope, Tense};
use rusqlite::{Connection, params};
use serde::Serialize;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Whom a party was found to be, by number: the finding, and its code as a word (0 where there is none).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) actor: i64,
    pub(crate) code: i64,
}

type Numbered<T> = HashMap<Box<str>, T, BuildHasherDefault<Quick>>;

/// A hash for short strings that nobody chooses to collide: a multiplication for eight bytes (FxHash, as in Firefox).
#[derive(Debug, Default)]
struct Quick(u64);

impl Quick {
    fn mix(&mut self, number: u64) {
        self.0 = (self.0.rotate_left(5) ^ number).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.mix(u64::from_le_bytes(chunk.try_into().unwrap_or_default()));
        }
        let mut rest = [0; 8];
        rest[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
        self.mix(u64::from_le_bytes(rest));
    }
    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number));
    }
    fn finish(&self) -> u64 {
        // The table looks at the upper bits, where a multiplication gathers what it mixed, and at the lower ones.
        self.0.rotate_left(26)
    }
}

/// Rows that have a number and are not in the ledger yet.
#[derive(Debug, Default)]
pub(crate) struct News {
    words: Vec<(i64, Box<str>)>,
    actors: Vec<(i64, ActorRef)>,
    places: Vec<(i64, Place)>,
    /// Sentences of imported events.
    sentences: Vec<(i64, String)>,
}

impl News {
    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.actors.is_empty() && self.places.is_empty() && self.sentences.is_empty()
    }

    /// Writes them.
    pub(crate) fn write(&mut self, conn: &Connection) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let mut add = conn.prepare_cached("INSERT INTO word (key, text) VALUES (?1, ?2)")?;
        for (key, text) in self.words.drain(..) {
            add.execute(params![key, text])?;
        }
        let mut add = conn.prepare_cached(
            "INSERT INTO actor (key, id, name, code, sector, office) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let mut name = conn.prepare_cached("INSERT INTO actor_words (rowid, name, office) VALUES (?1, ?2, ?3)")?;
        for (key, actor) in self.actors.drain(..) {
            let [id, named, code, sector, office] = fields(&actor);
            add.execute(params![key, id, named, code, sector, office])?;
            name.execute(params![key, named, office])?;
        }
        let mut add = conn.prepare_cached(
            "INSERT INTO place (key, name, country, region, lat, lon, precision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        for (key, place) in self.places.drain(..) {
            let precision = place_precision(place.precision);
            add.execute(params![key, place.name, place.country, place.region, place.lat, place.lon, precision])?;
        }
        let mut add = conn.prepare_cached("INSERT INTO sentence (key, text) VALUES (?1, ?2)")?;
        for (key, text) in self.sentences.drain(..) {
            add.execute(params![key, text])?;
            search(conn, key, &text)?;
        }
        Ok(())
    }
}

/// Makes the words of a sentence findable.
pub(crate) fn search(conn: &Connection, sentence: i64, text: &str) -> Result<()> {
    conn.prepare_cached("INSERT INTO sentence_words (rowid, text) VALUES (?1, ?2)")?
        .execute(params![sentence, text])?;
    Ok(())
}

/// The last number given in a table.
#[derive(Debug, Default)]
pub(crate) struct Last(i64);

impl Last {
    fn of(conn: &Connection, table: &str) -> Result<Last> {
        Ok(Last(conn.query_row(&format!("SELECT coalesce(max(key), 0) FROM {table}"), [], |row| row.get(0))?))
    }

    /// The next one.
    pub(crate) fn next(&mut self) -> i64 {
        self.0 += 1;
        self.0
    }
}

/// Everything that has a number, with the numbers of closed sets at hand.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    words: Numbered<i64>,
    actors: Numbered<Found>,
    places: Numbered<i64>,
    spelt: String,
    /// What was given a number and is to be written before anything that refers to it.
    pub(crate) news: News,
    last_word: Last,
    last_actor: Last,
    last_place: Last,
    pub(crate) last_sentence: Last,
    pub(crate) last_event: Last,
    pub(crate) types: Vec<i64>,
    pub(crate) modes: Vec<i64>,
    pub(crate) polarities: Vec<i64>,
    pub(crate) modalities: Vec<i64>,
    pub(crate) tenses: Vec<i64>,
    pub(crate) precisions: Vec<i64>,
    pub(crate) bases: Vec<i64>,
    pub(crate) scopes: Vec<i64>,
    pub(crate) roles: Vec<i64>,
}

/// A value of a closed set as records write it.
pub(crate) fn name(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => text,
        _ => String::new(),
    }
}

impl Dictionary {
    /// What the ledger holds.
    pub(crate) fn load(conn: &Connection) -> Result<Dictionary> {
        let mut all = Dictionary {
            last_word: Last::of(conn, "word")?,
            last_actor: Last::of(conn, "actor")?,
            last_place: Last::of(conn, "place")?,
            last_sentence: Last::of(conn, "sentence")?,
            last_event: Last::of(conn, "event")?,
            ..Dictionary::default()
        };
        let mut rows = conn.prepare("SELECT key, text FROM word")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            all.words.insert(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.into(), row.get(0)?);
        }
        let types: Vec<String> = EventType::ALL.iter().map(name).collect();
        all.types = all.closed(&types);
        let modes: Vec<String> = Mode::ALL.iter().map(name).collect();
        all.modes = all.closed(&modes);
        let polarities = [Polarity::Positive, Polarity::Negative];
        all.polarities = all.closed(&polarities.each_ref().map(name));
        use Modality::{Asserted, Believed, Conditional, Demanded, Planned, Possible};
        let modalities = [Asserted, Planned, Possible, Conditional, Demanded, Believed];
        all.modalities = all.closed(&modalities.each_ref().map(name));
        let tenses = [Tense::Past, Tense::Present, Tense::Future];
        all.tenses = all.closed(&tenses.each_ref().map(name));
        use Precision::{Day, Decade, Hour, Month, Quarter, Unknown, Week, Year};
        let precisions = [Hour, Day, Week, Month, Quarter, Year, Decade, Unknown];
        all.precisions = all.closed(&precisions.each_ref().map(name));
        let bases =
            [Basis::Stated, Basis::Relative, Basis::Dateline, Basis::Publication, Basis::LatestInText, Basis::None];
        all.bases = all.closed(&bases.each_ref().map(name));
        let scopes = [Scope::Clause, Scope::Sentence, Scope::Paragraph, Scope::Document];
        all.scopes = all.closed(&scopes.each_ref().map(name));
        let roles = [Role::Trigger, Role::Actor, Role::Recipient, Role::Time, Role::Place, Role::Cue, Role::Claim];
        all.roles = all.closed(&roles.each_ref().map(name));

        let mut rows = conn.prepare("SELECT key, id, name, code, sector, office FROM actor")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let field = |ix| row.get_ref(ix).and_then(|v| Ok(v.as_str_or_null()?));
            let fields = [field(1)?, field(2)?, field(3)?, field(4)?, field(5)?];
            spell(&mut all.spelt, &fields);
            let code = fields[2].and_then(|code| all.words.get(code).copied()).unwrap_or(0);
            all.actors.insert(all.spelt.as_str().into(), Found { actor: row.get(0)?, code });
        }
        let mut rows = conn.prepare("SELECT key, name, country, region, lat, lon, precision FROM place")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let text = |ix| row.get_ref(ix).and_then(|v| Ok(v.as_str_or_null()?));
            let (lat, lon): (Option<f64>, Option<f64>) = (row.get(4)?, row.get(5)?);
            spell(&mut all.spelt, &[text(1)?, text(2)?, text(3)?, text(6)?]);
            spell_degrees(&mut all.spelt, [lat, lon]);
            all.places.insert(all.spelt.as_str().into(), row.get(0)?);
        }
        all.news.write(conn)?;
        Ok(all)
    }

    fn closed(&mut self, names: &[String]) -> Vec<i64> {
        names.iter().map(|name| self.word(name)).collect()
    }

    /// The number of a string.
    pub(crate) fn word(&mut self, text: &str) -> i64 {
        if let Some(&key) = self.words.get(text) {
            return key;
        }
        let key = self.last_word.next();
        self.words.insert(text.into(), key);
        self.news.words.push((key, text.into()));
        key
    }

    /// The number of a string that may be absent.
    pub(crate) fn word_of(&mut self, text: Option<&str>) -> Option<i64> {
        text.map(|text| self.word(text))
    }

    /// The number of several strings joined as POLECAT joins them; `None` where there are none.
    pub(crate) fn list<S: AsRef<str>>(&mut self, list: impl IntoIterator<Item = S>) -> Option<i64> {
        let mut joined = String::new();
        for item in list {
            if !joined.is_empty() {
                joined.push_str("; ");
            }
            joined.push_str(item.as_ref());
        }
        if joined.is_empty() { None } else { Some(self.word(&joined)) }
    }

    /// The number of what a party was found to be; `None` where nothing is known of it.
    pub(crate) fn actor(&mut self, party: &ActorRef) -> Option<Found> {
        let fields = fields(party);
        if fields.iter().all(Option::is_none) {
            return None;
        }
        spell(&mut self.spelt, &fields);
        if let Some(&found) = self.actors.get(self.spelt.as_str()) {
            return Some(found);
        }
        let code = self.word_of(fields[2]).unwrap_or(0);
        let found = Found { actor: self.last_actor.next(), code };
        self.actors.insert(self.spelt.as_str().into(), found);
        self.news.actors.push((found.actor, party.clone()));
        Some(found)
    }

    /// The number of a place.
    pub(crate) fn place(&mut self, place: &Place) -> i64 {
        let precision = place_precision(place.precision);
        let fields = [Some(place.name.as_str()), place.country.as_deref(), place.region.as_deref(), Some(precision)];
        spell(&mut self.spelt, &fields);
        spell_degrees(&mut self.spelt, [place.lat, place.lon]);
        if let Some(&key) = self.places.get(self.spelt.as_str()) {
            return key;
        }
        let key = self.last_place.next();
        self.places.insert(self.spelt.as_str().into(), key);
        self.news.places.push((key, place.clone()));
        key
    }

    /// A number for the sentence of an imported event.
    pub(crate) fn sentence(&mut self, text: &str) -> i64 {
        let key = self.last_sentence.next();
        self.news.sentences.push((key, text.to_owned()));
        key
    }
}

/// What a party was found to be, in the order of the table.
fn fields(party: &ActorRef) -> [Option<&str>; 5] {
    [
        party.id.as_ref().map(|id| id.as_str()),
        party.name.as_deref(),
        party.code.as_deref(),
        party.sector.map(|s| s.as_str()),
        party.office.as_deref(),
    ]
}

/// Fields in one string that no other fields give; absence differs from emptiness.
fn spell(into: &mut String, fields: &[Option<&str>]) {
    into.clear();
    for field in fields {
        match field {
            Some(text) => {
                into.push_str(text);
                into.push('\u{1}');
            }
            None => into.push('\u{2}'),
        }
    }
}

fn spell_degrees(into: &mut String, degrees: [Option<f64>; 2]) {
    for degree in degrees {
        match degree {
            Some(degree) => into.extend(degree.to_bits().to_le_bytes().map(char::from)),
            None => into.push('\u{2}'),
        }
    }
}

fn place_precision(precision: PlacePrecision) -> &'static str {
    match precision {
        PlacePrecision::Building => "building",
        PlacePrecision::City => "city",
        PlacePrecision::Region => "region",
        PlacePrecision::Country => "country",
        PlacePrecision::Water => "water",
        PlacePrecision::Unknown => "unknown",
    }
}
