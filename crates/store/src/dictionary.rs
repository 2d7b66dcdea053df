//! Strings, actors and places that repeat are kept once and known by number. One process writes at a time,
//! so what is here is all there is.

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
pub(crate) struct Quick(u64);

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
    fn write_i64(&mut self, number: i64) {
        self.mix(number.cast_unsigned());
    }
    fn write_i32(&mut self, number: i32) {
        self.mix(u64::from(number.cast_unsigned()));
    }
    fn write_u8(&mut self, number: u8) {
        self.mix(u64::from(number));
    }
    fn finish(&self) -> u64 {
        // The table looks at the upper bits, where a multiplication gathers what it mixed, and at the lower ones.
        self.0.rotate_left(26)
    }
}

/// Everything that has a number, with the numbers of closed sets at hand.
#[derive(Debug)]
pub(crate) struct Dictionary {
    words: Numbered<i64>,
    actors: Numbered<Found>,
    places: Numbered<i64>,
    spelt: String,
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
            words: Numbered::default(),
            actors: Numbered::default(),
            places: Numbered::default(),
            spelt: String::new(),
            types: Vec::new(),
            modes: Vec::new(),
            polarities: Vec::new(),
            modalities: Vec::new(),
            tenses: Vec::new(),
            precisions: Vec::new(),
            bases: Vec::new(),
            scopes: Vec::new(),
            roles: Vec::new(),
        };
        let mut rows = conn.prepare("SELECT key, text FROM word")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            all.words.insert(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?.into(), row.get(0)?);
        }
        let types: Vec<String> = EventType::ALL.iter().map(name).collect();
        all.types = all.closed(conn, &types)?;
        let modes: Vec<String> = Mode::ALL.iter().map(name).collect();
        all.modes = all.closed(conn, &modes)?;
        let polarities = [Polarity::Positive, Polarity::Negative];
        all.polarities = all.closed(conn, &polarities.each_ref().map(name))?;
        use Modality::{Asserted, Believed, Conditional, Demanded, Planned, Possible};
        let modalities = [Asserted, Planned, Possible, Conditional, Demanded, Believed];
        all.modalities = all.closed(conn, &modalities.each_ref().map(name))?;
        let tenses = [Tense::Past, Tense::Present, Tense::Future];
        all.tenses = all.closed(conn, &tenses.each_ref().map(name))?;
        use Precision::{Day, Decade, Hour, Month, Quarter, Unknown, Week, Year};
        let precisions = [Hour, Day, Week, Month, Quarter, Year, Decade, Unknown];
        all.precisions = all.closed(conn, &precisions.each_ref().map(name))?;
        let bases =
            [Basis::Stated, Basis::Relative, Basis::Dateline, Basis::Publication, Basis::LatestInText, Basis::None];
        all.bases = all.closed(conn, &bases.each_ref().map(name))?;
        let scopes = [Scope::Clause, Scope::Sentence, Scope::Paragraph, Scope::Document];
        all.scopes = all.closed(conn, &scopes.each_ref().map(name))?;
        let roles = [Role::Trigger, Role::Actor, Role::Recipient, Role::Time, Role::Place, Role::Cue, Role::Claim];
        all.roles = all.closed(conn, &roles.each_ref().map(name))?;

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
        Ok(all)
    }

    fn closed(&mut self, conn: &Connection, names: &[String]) -> Result<Vec<i64>> {
        names.iter().map(|name| self.word(conn, name)).collect()
    }

    /// The number of a string.
    pub(crate) fn word(&mut self, conn: &Connection, text: &str) -> Result<i64> {
        if let Some(&key) = self.words.get(text) {
            return Ok(key);
        }
        conn.prepare_cached("INSERT INTO word (text) VALUES (?1)")?.execute([text])?;
        let key = conn.last_insert_rowid();
        self.words.insert(text.into(), key);
        Ok(key)
    }

    /// The number of a string that may be absent.
    pub(crate) fn word_of(&mut self, conn: &Connection, text: Option<&str>) -> Result<Option<i64>> {
        text.map(|text| self.word(conn, text)).transpose()
    }

    /// The number of several strings joined as POLECAT joins them; `None` where there are none.
    pub(crate) fn list<S: AsRef<str>>(
        &mut self,
        conn: &Connection,
        list: impl IntoIterator<Item = S>,
    ) -> Result<Option<i64>> {
        let mut joined = String::new();
        for item in list {
            if !joined.is_empty() {
                joined.push_str("; ");
            }
            joined.push_str(item.as_ref());
        }
        if joined.is_empty() { Ok(None) } else { self.word(conn, &joined).map(Some) }
    }

    /// The number of what a party was found to be; `None` where nothing is known of it.
    pub(crate) fn actor(&mut self, conn: &Connection, party: &ActorRef) -> Result<Option<Found>> {
        let fields = [
            party.id.as_ref().map(|id| id.as_str()),
            party.name.as_deref(),
            party.code.as_deref(),
            party.sector.map(|s| s.as_str()),
            party.office.as_deref(),
        ];
        if fields.iter().all(Option::is_none) {
            return Ok(None);
        }
        spell(&mut self.spelt, &fields);
        if let Some(&found) = self.actors.get(self.spelt.as_str()) {
            return Ok(Some(found));
        }
        let spelt = Box::from(self.spelt.as_str());
        let code = self.word_of(conn, fields[2])?.unwrap_or(0);
        let [id, name, code_text, sector, office] = fields;
        conn.prepare_cached("INSERT INTO actor (id, name, code, sector, office) VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![id, name, code_text, sector, office])?;
        let found = Found { actor: conn.last_insert_rowid(), code };
        self.actors.insert(spelt, found);
        Ok(Some(found))
    }

    /// The number of a place.
    pub(crate) fn place(&mut self, conn: &Connection, place: &Place) -> Result<i64> {
        let precision = place_precision(place.precision);
        let fields = [Some(place.name.as_str()), place.country.as_deref(), place.region.as_deref(), Some(precision)];
        spell(&mut self.spelt, &fields);
        spell_degrees(&mut self.spelt, [place.lat, place.lon]);
        if let Some(&key) = self.places.get(self.spelt.as_str()) {
            return Ok(key);
        }
        conn.prepare_cached(
            "INSERT INTO place (name, country, region, lat, lon, precision) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![place.name, place.country, place.region, place.lat, place.lon, precision])?;
        let key = conn.last_insert_rowid();
        self.places.insert(self.spelt.as_str().into(), key);
        Ok(key)
    }
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
