//! All places as a few stretches of bytes: tens of thousands of rows that cost nothing until one is looked up.

use crate::pack::Bytes;
use crate::phrase::walk;
use crate::place::{Place, PlaceKind, PlaceRow};
use crate::{RowRef, Table, fold};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Bytes of one row.
const WIDTH: usize = 28;
/// Degrees are kept to a metre.
const DEGREE: f64 = 1e5;
/// Other spellings of one place; a spelling's number must fit in a byte.
pub(crate) const MOST_ALIASES: usize = 255;
/// The tables that a row can stand in.
const TABLES: [Table; 5] = [Table::Places, Table::Regions, Table::Countries, Table::Features, Table::States];
const OVERLAY: u8 = 0x80;
const NOTHING: u32 = u32::MAX;

/// Places by number, and their spellings by folded letters.
#[derive(Clone, Default)]
pub(crate) struct Gazetteer {
    rows: Bytes,
    /// The spellings of each row after those of the one before, a tab after each.
    words: Cow<'static, str>,
    /// Countries, regions and sources, each once.
    terms: Vec<String>,
    /// A lone bearer itself, or where in `shared` the bearers stand.
    map: Option<fst::Map<Bytes>>,
    /// How many bearers, and then the bearers, in little-endian numbers of four bytes.
    shared: Bytes,
}

/// The same as bytes that need no rebuilding.
#[derive(Serialize, Deserialize)]
pub(crate) struct PackedPlaces<'p> {
    rows: &'p [u8],
    words: &'p [u8],
    #[serde(borrow)]
    terms: Vec<&'p str>,
    map: &'p [u8],
    shared: &'p [u8],
}

/// A row and which of its spellings: what a spelling leads to.
fn bearer(row: u32, spelling: usize) -> u32 {
    row << 8 | spelling as u32
}

impl Gazetteer {
    /// The rows of the tables, then the states; rows that only give a state's middle are found by no name.
    pub(crate) fn new<'r>(rows: impl Iterator<Item = &'r PlaceRow>) -> Gazetteer {
        let (mut packed, mut words, mut terms) = (Vec::new(), String::new(), Vec::new());
        let mut numbers: BTreeMap<&'r str, u16> = BTreeMap::new();
        let mut by_key: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (number, row) in (0..).zip(rows) {
            let mut term = |word: &'r str| {
                *numbers.entry(word).or_insert_with(|| {
                    terms.push(word.to_owned());
                    terms.len() as u16 - 1
                })
            };
            let degrees = |side: Option<f64>| side.map_or(i32::MIN, |side| (side * DEGREE).round() as i32);
            let table = TABLES.iter().position(|&table| table == row.row.table).unwrap_or(0) as u8;
            let kind = PlaceKind::ALL.iter().position(|&kind| kind == row.kind).unwrap_or(0) as u8;
            let (country, admin) =
                (term(row.country.as_deref().unwrap_or("")), term(row.admin.as_deref().unwrap_or("")));
            let source = term(&row.source);
            for part in [
                words.len() as u32,
                degrees(row.lat) as u32,
                degrees(row.lon) as u32,
                row.population.unwrap_or(NOTHING),
                row.row.line,
            ] {
                packed.extend(part.to_le_bytes());
            }
            for part in [country, admin, source] {
                packed.extend(part.to_le_bytes());
            }
            packed.extend([kind, table | if row.row.overlay { OVERLAY } else { 0 }]);
            let spellings = std::iter::once(&row.name).chain(&row.aliases).take(MOST_ALIASES + 1);
            for (spelling, word) in spellings.enumerate() {
                words.push_str(word);
                words.push('\t');
                let key = fold::key(word);
                if !key.is_empty() && row.row.table != Table::Countries {
                    by_key.entry(key).or_default().push(bearer(number, spelling));
                }
            }
        }
        let mut shared = Vec::new();
        let entries = by_key.into_iter().map(|(key, bearers)| match bearers[..] {
            [only] => (key, u64::from(only) << 1 | 1),
            _ => {
                let at = shared.len() as u64;
                shared.extend((bearers.len() as u32).to_le_bytes());
                bearers.iter().for_each(|bearer| shared.extend(bearer.to_le_bytes()));
                (key, at << 1)
            }
        });
        // The keys come sorted and once each, which is all that could fail here.
        let map = fst::Map::from_iter(entries).and_then(|map| map.map_data(Cow::Owned)).ok();
        Gazetteer { rows: packed.into(), words: words.into(), terms, map, shared: shared.into() }
    }

    pub(crate) fn pack(&self) -> PackedPlaces<'_> {
        PackedPlaces {
            rows: &self.rows,
            words: self.words.as_bytes(),
            terms: self.terms.iter().map(String::as_str).collect(),
            map: self.map.as_ref().map_or(&[], |map| map.as_fst().as_bytes()),
            shared: &self.shared,
        }
    }
    /// `None` where the bytes are no gazetteer.
    pub(crate) fn unpack<'p>(packed: &PackedPlaces<'p>, keep: impl Fn(&'p [u8]) -> Bytes) -> Option<Gazetteer> {
        let map = if packed.map.is_empty() { None } else { Some(fst::Map::new(keep(packed.map)).ok()?) };
        let words = match keep(packed.words) {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok()?.into(),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok()?.into(),
        };
        Some(Gazetteer {
            rows: keep(packed.rows),
            words,
            terms: packed.terms.iter().map(|term| (*term).to_owned()).collect(),
            map,
            shared: keep(packed.shared),
        })
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len() / WIDTH
    }

    /// The place with this number under one of its spellings.
    pub(crate) fn place(&self, number: u32, spelling: usize) -> Option<Place<'_>> {
        let at = number as usize * WIDTH;
        let row = self.rows.get(at..at + WIDTH)?;
        let four = |at: usize| u32::from_le_bytes([row[at], row[at + 1], row[at + 2], row[at + 3]]);
        let term = |at: usize| {
            let number = u16::from_le_bytes([row[at], row[at + 1]]);
            self.terms.get(number as usize).map(String::as_str).unwrap_or_default()
        };
        let degrees = |at: usize| Some(four(at) as i32).filter(|&d| d != i32::MIN).map(|d| f64::from(d) / DEGREE);
        let known = |word| Some(word).filter(|word: &&str| !word.is_empty());
        let mut spellings = self.words.get(four(0) as usize..)?.split('\t');
        let name = spellings.next()?;
        let table = TABLES.get((row[27] & !OVERLAY) as usize).copied()?;
        Some(Place {
            name,
            spelling: if spelling == 0 { name } else { spellings.nth(spelling - 1)? },
            country: known(term(20)),
            admin: known(term(22)),
            lat: degrees(4),
            lon: degrees(8),
            kind: PlaceKind::ALL.get(row[26] as usize).copied()?,
            population: Some(four(12)).filter(|&people| people != NOTHING),
            source: term(24),
            row: RowRef { table, line: four(16), overlay: row[27] & OVERLAY != 0 },
            number,
        })
    }

    /// Every spelling of a place, its usual name first.
    pub(crate) fn spellings(&self, number: u32) -> impl Iterator<Item = &str> {
        let from = |number: u32| {
            let at = number as usize * WIDTH;
            let row = self.rows.get(at..at + 4)?;
            Some(u32::from_le_bytes([row[0], row[1], row[2], row[3]]) as usize)
        };
        let end = from(number + 1).unwrap_or(self.words.len());
        let words = from(number).and_then(|start| self.words.get(start..end)).unwrap_or_default();
        words.split_terminator('\t')
    }

    /// The rows as tables have them; those of the states are made anew from the tables.
    pub(crate) fn table_rows(&self) -> Vec<PlaceRow> {
        let places = (0..self.len() as u32).filter_map(|number| self.place(number, 0));
        places
            .filter(|place| place.row.table != Table::States)
            .map(|place| PlaceRow {
                name: place.name.to_owned(),
                aliases: self.spellings(place.number).skip(1).map(str::to_owned).collect(),
                country: place.country.map(str::to_owned),
                admin: place.admin.map(str::to_owned),
                lat: place.lat,
                lon: place.lon,
                kind: place.kind,
                population: place.population,
                source: place.source.to_owned(),
                row: place.row,
            })
            .collect()
    }

    /// Every spelling that begins at this byte and ends at the end of a word, shortest first, with its bearers.
    pub(crate) fn starting_at(&self, text: &str, start: usize) -> Vec<(usize, u64)> {
        self.map.as_ref().map(|map| walk(map, text, start)).unwrap_or_default()
    }

    /// The places that a found value stands for.
    pub(crate) fn bearers(&self, found: u64) -> impl Iterator<Item = Place<'_>> {
        let lone = (found & 1 == 1).then_some((found >> 1) as u32);
        let at = (found >> 1) as usize;
        let four = |at: usize| {
            let bytes = self.shared.get(at..at + 4)?;
            Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        };
        let count = if lone.is_some() { 0 } else { four(at).unwrap_or(0) as usize };
        let many = (0..count).filter_map(move |ix| four(at + 4 + ix * 4));
        lone.into_iter().chain(many).filter_map(|bearer| self.place(bearer >> 8, (bearer & 0xff) as usize))
    }
}
