//! Events as they come out again: the record that went in, with what is known of its report.

use crate::days::day_of;
use crate::document::OWN;
use crate::entry::Entry;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::write::{id_number, id_text};
use demarche_core::{
    ActorId, ActorRef, Attribution, Context, DocId, Event, EventType, Evidence, Interval, Mode, Place,
};
use demarche_core::{PlacePrecision, QuadClass, Quote, Sector, Span, When};
use rusqlite::{Connection, OptionalExtension, Row};
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::sync::Arc;

/// Reads events by their key; what repeats is looked up once.
#[derive(Debug)]
pub struct Reader<'l> {
    conn: &'l Connection,
    words: HashMap<i64, Arc<str>>,
    actors: HashMap<i64, Known>,
}

/// What a party was found to be.
#[derive(Debug, Clone)]
struct Known {
    id: Option<ActorId>,
    name: Option<String>,
    code: Option<String>,
    sector: Option<Sector>,
    office: Option<String>,
}

/// An event of the ledger with what the ledger knows of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    /// The event and its report.
    pub entry: Entry,
    /// The number of its row.
    pub key: i64,
    /// The number of its document's row.
    pub document: Option<i64>,
    /// The story that it belongs to, `s-…`.
    pub story: Option<String>,
    /// Whether it is the one event of its story that counts.
    pub lead: bool,
    /// The run that wrote it.
    pub run: i64,
    /// The day from which it was known.
    pub known: jiff::civil::Date,
    /// The run that ended it, and the day from which it was no longer known.
    pub gone: Option<(i64, jiff::civil::Date)>,
    /// The correction that changed it.
    pub correction: Option<i64>,
}

/// A value of a closed set from how records write it.
pub(crate) fn parsed<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text.to_string()))
        .map_err(|e| Error::corrupt(format!("a word that records do not have: {e}")))
}

/// A number as it was before the column widened it.
fn narrow(number: f64) -> f32 {
    number as f32
}

fn split(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.into_iter().flat_map(|list| list.split("; "))
}

impl Ledger {
    /// A reader of events.
    pub fn reader(&self) -> Reader<'_> {
        Reader { conn: self.conn(), words: HashMap::new(), actors: HashMap::new() }
    }

    /// An event by its id, `e-…`: as it is in force, or else as it was last.
    ///
    /// # Errors
    /// Where there is none, or the ledger cannot be read.
    pub fn event(&self, id: &str) -> Result<Stored> {
        let mut one = self
            .conn()
            .prepare_cached("SELECT key FROM event WHERE hash = ?1 ORDER BY gone_run IS NULL DESC, key DESC LIMIT 1")?;
        let key: Option<i64> = one.query_row([id_number(id)], |row| row.get(0)).optional()?;
        let key =
            key.ok_or_else(|| Error::asked(format!("{id}: no such event (hint: `demarche events` shows ids)")))?;
        self.reader().event(key)
    }

    /// The other events in force of the same sentence, at most `limit`.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn beside(&self, event: &Stored, limit: usize) -> Result<Vec<Stored>> {
        let mut keys = self.conn().prepare_cached(
            "SELECT o.key FROM event e JOIN event o ON o.sentence = e.sentence
             WHERE e.key = ?1 AND o.key <> e.key AND o.hash <> e.hash AND o.gone_run IS NULL ORDER BY o.key LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let keys: Vec<i64> = keys.query_map([event.key, limit], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        self.stored(&keys)
    }
}

impl Reader<'_> {
    /// The keys of all events in force, in the order in which they were written.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn keys_in_force(&self) -> Result<Vec<i64>> {
        let mut all = self.conn.prepare_cached("SELECT key FROM event WHERE gone_run IS NULL ORDER BY key")?;
        Ok(all.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    fn word(&mut self, key: i64) -> Result<Arc<str>> {
        if let Some(word) = self.words.get(&key) {
            return Ok(Arc::clone(word));
        }
        let word: String = self
            .conn
            .prepare_cached("SELECT text FROM word WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .map_err(|_| Error::corrupt(format!("word {key} is missing")))?;
        let word: Arc<str> = word.into();
        self.words.insert(key, Arc::clone(&word));
        Ok(word)
    }

    fn word_at(&mut self, row: &Row<'_>, column: usize) -> Result<Option<Arc<str>>> {
        match row.get(column)? {
            Some(key) => self.word(key).map(Some),
            None => Ok(None),
        }
    }

    fn text_at(&mut self, row: &Row<'_>, column: usize) -> Result<Option<String>> {
        Ok(self.word_at(row, column)?.map(|w| w.to_string()))
    }

    fn parsed_at<T: DeserializeOwned>(&mut self, row: &Row<'_>, column: usize) -> Result<Option<T>> {
        self.word_at(row, column)?.map(|w| parsed(&w)).transpose()
    }

    fn must<T: DeserializeOwned>(&mut self, row: &Row<'_>, column: usize) -> Result<T> {
        self.parsed_at(row, column)?.ok_or_else(|| Error::corrupt("an event without one of its words"))
    }

    fn known(&mut self, key: i64) -> Result<Known> {
        if let Some(known) = self.actors.get(&key) {
            return Ok(known.clone());
        }
        let known = self
            .conn
            .prepare_cached("SELECT id, name, code, sector, office FROM actor WHERE key = ?1")?
            .query_row([key], |row| {
                let (id, sector): (Option<String>, Option<String>) = (row.get(0)?, row.get(3)?);
                Ok(Known {
                    id: id.as_deref().map(ActorId::from),
                    name: row.get(1)?,
                    code: row.get(2)?,
                    sector: sector.as_deref().and_then(Sector::parse),
                    office: row.get(4)?,
                })
            })
            .map_err(|_| Error::corrupt(format!("actor {key} is missing")))?;
        self.actors.insert(key, known.clone());
        Ok(known)
    }

    /// One event.
    ///
    /// # Errors
    /// Where there is none with this key, or the ledger cannot be read.
    pub fn event(&mut self, key: i64) -> Result<Stored> {
        let conn = self.conn;
        let mut select = conn.prepare_cached(
            "SELECT e.hash, d.hash, s.n, e.dataset, e.type, e.mode, e.contexts, e.cameo, e.quad, e.intensity, e.polarity,
             e.modality, e.tense, e.cue, e.from_day, e.until_day, e.precision, e.basis, e.scope, e.place, e.place_text,
             e.place_scope, e.confidence, e.grounds, e.lead, st.hash, e.correction, e.run, e.known, e.gone_run, e.gone,
             e.document, s.text, d.published, d.publisher, d.url, d.title, d.lang, r.coder
             FROM event e LEFT JOIN document d ON d.key = e.document LEFT JOIN sentence s ON s.key = e.sentence
             LEFT JOIN story st ON st.key = e.story JOIN run r ON r.key = e.run WHERE e.key = ?1",
        )?;
        let mut rows = select.query([key])?;
        let row = rows.next()?.ok_or_else(|| Error::asked(format!("no event with the key {key}")))?;
        let dataset = self.text_at(row, 3)?.unwrap_or_default();
        let event_type = self.word_at(row, 4)?.and_then(|w| EventType::parse(&w));
        let event_type = event_type.ok_or_else(|| Error::corrupt("an event without a type"))?;
        let contexts = self.word_at(row, 6)?;
        let document: Option<i64> = row.get(1)?;
        let grounds: Option<String> = row.get(23)?;
        let interval = Interval {
            from: row.get::<_, Option<i32>>(14)?.and_then(day_of),
            until: row.get::<_, Option<i32>>(15)?.and_then(day_of),
        };
        let when = match self.parsed_at(row, 16)? {
            Some(precision) => {
                Some(When { interval, precision, basis: self.must(row, 17)?, scope: self.must(row, 18)? })
            }
            None => None,
        };
        let place = match row.get::<_, Option<i64>>(19)? {
            Some(place) => {
                let text = self.text_at(row, 20)?.unwrap_or_default();
                let scope = self.must(row, 21)?;
                Some(self.place(place, text, scope)?)
            }
            None => None,
        };
        let (quotes, evidence) = self.evidence(key)?;
        let [actors, recipients, speakers] = self.parties(key)?;
        let cue = self.text_at(row, 13)?;
        let speaker = speakers.into_iter().next();
        let attribution =
            (cue.is_some() || speaker.is_some() || !quotes.is_empty()).then_some(Attribution { speaker, cue, quotes });
        let event = Event {
            id: id_text('e', row.get(0)?),
            document: document.map_or_else(Entry::no_document, |d| DocId(id_text('d', d).into())),
            sentence: row.get::<_, Option<u32>>(2)?.unwrap_or(0),
            event_type,
            mode: self.word_at(row, 5)?.and_then(|w| Mode::parse(&w)),
            contexts: split(contexts.as_deref()).filter_map(Context::parse).collect(),
            cameo: self.text_at(row, 7)?,
            quad: quad(row.get(8)?)?,
            intensity: narrow(row.get(9)?),
            actors,
            recipients,
            polarity: self.must(row, 10)?,
            modality: self.must(row, 11)?,
            tense: self.must(row, 12)?,
            attribution,
            when,
            place,
            evidence,
            grounds: match grounds {
                Some(list) => serde_json::from_str(&list).map_err(|e| Error::corrupt(format!("grounds: {e}")))?,
                None => Vec::new(),
            },
            confidence: narrow(row.get(22)?),
        };
        let day = |number: i32| day_of(number).ok_or_else(|| Error::corrupt("a day beyond the calendar"));
        let gone = match row.get::<_, Option<i64>>(29)? {
            Some(run) => Some((run, day(row.get(30)?)?)),
            None => None,
        };
        let mut entry = Entry { sentence_text: row.get(32)?, ..Entry::bare(dataset, event) };
        if entry.dataset == OWN {
            entry.published = row.get::<_, Option<i32>>(33)?.and_then(day_of);
            entry.publisher = self.text_at(row, 34)?;
            entry.url = row.get(35)?;
            entry.title = row.get(36)?;
            entry.lang = self.text_at(row, 37)?;
            entry.version = row.get(38)?;
        }
        let stored = Stored {
            key,
            document: row.get(31)?,
            story: row.get::<_, Option<i64>>(25)?.map(|hash| id_text('s', hash)),
            lead: row.get(24)?,
            run: row.get(27)?,
            known: day(row.get(28)?)?,
            gone,
            correction: row.get(26)?,
            entry,
        };
        drop(rows);
        self.with_import(stored)
    }

    /// What came with an event of another data set.
    fn with_import(&mut self, mut stored: Stored) -> Result<Stored> {
        let conn = self.conn;
        let mut select = conn.prepare_cached(
            "SELECT source_id, published, publisher, url, title, lang, version, extra FROM imported WHERE event = ?1",
        )?;
        let mut rows = select.query([stored.key])?;
        if let Some(row) = rows.next()? {
            let entry = &mut stored.entry;
            entry.source_id = row.get(0)?;
            entry.published = row.get::<_, Option<i32>>(1)?.and_then(day_of);
            entry.publisher = self.text_at(row, 2)?;
            entry.url = row.get(3)?;
            entry.title = row.get(4)?;
            entry.lang = self.text_at(row, 5)?;
            entry.version = self.text_at(row, 6)?;
            if let Some(extra) = row.get::<_, Option<String>>(7)? {
                entry.extra = serde_json::from_str(&extra).map_err(|e| Error::corrupt(format!("extra: {e}")))?;
            }
        }
        Ok(stored)
    }

    fn place(&self, key: i64, text: String, scope: demarche_core::Scope) -> Result<Place> {
        let (place, precision) = self
            .conn
            .prepare_cached("SELECT name, country, region, lat, lon, precision FROM place WHERE key = ?1")?
            .query_row([key], |row| {
                let place = Place {
                    text,
                    name: row.get(0)?,
                    country: row.get(1)?,
                    region: row.get(2)?,
                    lat: row.get(3)?,
                    lon: row.get(4)?,
                    precision: PlacePrecision::Unknown,
                    scope,
                };
                Ok((place, row.get::<_, String>(5)?))
            })
            .map_err(|_| Error::corrupt(format!("place {key} is missing")))?;
        Ok(Place { precision: parsed(&precision)?, ..place })
    }

    fn parties(&mut self, event: i64) -> Result<[Vec<ActorRef>; 3]> {
        let conn = self.conn;
        let mut select = conn.prepare_cached(
            "SELECT role, actor, text, start, \"end\", resolved_by, candidates FROM party WHERE event = ?1
             ORDER BY role, n",
        )?;
        let mut rows = select.query([event])?;
        let mut all = [Vec::new(), Vec::new(), Vec::new()];
        while let Some(row) = rows.next()? {
            let known = match row.get::<_, Option<i64>>(1)? {
                Some(actor) => self.known(actor)?,
                None => Known { id: None, name: None, code: None, sector: None, office: None },
            };
            let (resolved_by, candidates) = (self.word_at(row, 5)?, self.word_at(row, 6)?);
            let party = ActorRef {
                text: self.text_at(row, 2)?.unwrap_or_default(),
                span: Span::new(row.get(3)?, row.get(4)?),
                id: known.id,
                name: known.name,
                code: known.code,
                sector: known.sector,
                office: known.office,
                resolved_by: split(resolved_by.as_deref()).map(str::to_string).collect(),
                candidates: split(candidates.as_deref()).map(ActorId::from).collect(),
            };
            let role: usize = row.get::<_, u8>(0)?.into();
            all.get_mut(role).ok_or_else(|| Error::corrupt("a party in no role"))?.push(party);
        }
        Ok(all)
    }

    fn evidence(&mut self, event: i64) -> Result<(Vec<Quote>, Vec<Evidence>)> {
        let conn = self.conn;
        let mut select =
            conn.prepare_cached("SELECT role, sentence, start, \"end\", text FROM proof WHERE event = ?1 ORDER BY n")?;
        let mut rows = select.query([event])?;
        let (mut quotes, mut evidence) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next()? {
            let span = Span::new(row.get(2)?, row.get(3)?);
            let text: String = row.get(4)?;
            match row.get::<_, Option<u32>>(1)? {
                None => quotes.push(Quote { text, span }),
                Some(sentence) => {
                    let role = self.must(row, 0)?;
                    evidence.push(Evidence { role, sentence, span, text });
                }
            }
        }
        Ok((quotes, evidence))
    }
}

fn quad(number: u8) -> Result<QuadClass> {
    serde_json::from_value(serde_json::Value::from(number)).map_err(|e| Error::corrupt(e.to_string()))
}
