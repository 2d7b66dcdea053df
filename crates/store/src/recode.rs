//! The past coded again: what a new coding says anew is added, what it no longer says ends, what it says again stays.

use crate::document::{OWN, Place};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::rows::Filing;
use crate::write::{DocumentIn, Writer, json};
use demarche_core::{DocumentRecord, Event, Record};
use rusqlite::{OptionalExtension, params};
use std::collections::{BTreeMap, HashMap};

/// A document as the ledger keeps it, with what is needed to read it again.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDocument {
    /// The number of its row.
    pub key: i64,
    /// What is known of it, as it was last coded.
    pub record: DocumentRecord,
    /// Its clean text.
    pub text: String,
    /// Who signs it.
    pub byline: Option<String>,
    /// The words that open the report.
    pub dateline: Option<String>,
    /// Where it was taken from.
    pub place: String,
}

/// What a recoding of one document came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recoded {
    /// Events that stay.
    pub kept: u64,
    /// Events that came.
    pub added: u64,
    /// Events that ended.
    pub dropped: u64,
}

impl Ledger {
    /// The keys of the documents that can be coded again: the current version of each that was coded.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn coded_documents(&self) -> Result<Vec<i64>> {
        let mut all = self.conn().prepare("SELECT key FROM document WHERE coded = 1 AND newer IS NULL ORDER BY key")?;
        Ok(all.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    /// One document.
    ///
    /// # Errors
    /// Where there is none with this key, or the ledger cannot be read.
    pub fn stored_document(&self, key: i64) -> Result<StoredDocument> {
        let found = self
            .conn()
            .prepare_cached(
                "SELECT d.record, d.text, d.byline, d.dateline, p.text FROM document d
                 LEFT JOIN word p ON p.key = d.place WHERE d.key = ?1",
            )?
            .query_row([key], |row| {
                let place: Option<String> = row.get(4)?;
                Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?, place.unwrap_or_default()))
            })
            .optional()?;
        let (record, text, byline, dateline, place) =
            found.ok_or_else(|| Error::asked(format!("no document with the key {key}")))?;
        let record =
            serde_json::from_str(&record).map_err(|e| Error::corrupt(format!("the record of document {key}: {e}")))?;
        Ok(StoredDocument { key, record, text, byline, dateline, place })
    }
}

impl Writer<'_> {
    /// Whether this run, before it was interrupted, coded a document already.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn has_coded(&self, document: i64) -> Result<bool> {
        Ok(self
            .conn()
            .prepare_cached("SELECT 1 FROM coding WHERE document = ?1 AND run = ?2")?
            .query_row([document, self.run], |_| Ok(()))
            .optional()?
            .is_some())
    }

    /// Lays a new coding of a document over the one in force, corrections over both.
    ///
    /// # Errors
    /// Where the new coding reads another text than the one that is kept, or the ledger cannot be written.
    pub fn recode(&mut self, document: i64, doc: &DocumentIn<'_>) -> Result<Recoded> {
        self.ensure()?;
        let stored = self.ledger.stored_document(document)?;
        if stored.text != doc.text {
            return Err(Error::asked(format!(
                "{}: this version reads another text in it than the one that is kept",
                stored.record.id
            )));
        }
        self.refresh_sentences(document, doc)?;
        let place = Place { document, known: self.day, gone: None };
        let events: Vec<Event> = doc
            .records
            .iter()
            .filter_map(|r| match r {
                Record::Event(event) => Some(event.clone()),
                _ => None,
            })
            .collect();
        let wanted = self.overlaid(events, &place)?;
        let recoded = self.exchange_events(wanted, &place)?;
        self.exchange_others(doc.records, &place)?;
        let bare = json(&DocumentRecord { clean_text: None, ..doc.record.clone() })?;
        self.conn()
            .prepare_cached("UPDATE document SET record = ?2, outlet = ?3, credit = ?4 WHERE key = ?1")?
            .execute(params![document, bare, doc.outlet, (!doc.credits.is_empty()).then(|| doc.credits.join("; "))])?;
        self.conn()
            .prepare_cached("INSERT OR IGNORE INTO coding (document, run) VALUES (?1, ?2)")?
            .execute([document, self.run])?;
        self.stale()?;
        Ok(recoded)
    }

    /// Sentences that a new reader cuts otherwise are added; events of old point at the old ones.
    fn refresh_sentences(&mut self, document: i64, doc: &DocumentIn<'_>) -> Result<()> {
        let held: BTreeMap<i64, (u32, u32)> = {
            let mut select = self
                .conn()
                .prepare_cached("SELECT n, start, \"end\" FROM sentence WHERE document = ?1 ORDER BY key")?;
            select
                .query_map([document], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))?
                .collect::<rusqlite::Result<_>>()?
        };
        for (n, sentence) in (0..).zip(doc.sentences) {
            if held.get(&n) != Some(&(sentence.span.start, sentence.span.end)) {
                self.add_sentence(document, doc.text, (n, sentence))?;
            }
        }
        Ok(())
    }

    fn exchange_events(&mut self, wanted: Vec<(Event, Option<i64>)>, place: &Place) -> Result<Recoded> {
        let conn = self.ledger.conn();
        let dataset = self.numbers.words.word(OWN);
        let keys: Vec<i64> = {
            let mut select =
                conn.prepare_cached("SELECT key FROM event WHERE document = ?1 AND gone_run IS NULL ORDER BY key")?;
            select.query_map([place.document], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
        };
        let mut reader = self.ledger.reader();
        let mut held = Vec::new();
        for key in keys {
            let stored = reader.event(key)?;
            held.push((key, stored.entry.event, stored.correction));
        }
        let mut done = Recoded::default();
        let mut new = Vec::new();
        for (event, correction) in wanted {
            match held.iter().position(|(_, e, c)| *e == event && *c == correction) {
                Some(at) => {
                    held.remove(at);
                    done.kept += 1;
                }
                None => new.push((event, correction)),
            }
        }
        for (key, ..) in held {
            self.retire_event(key, self.day)?;
            done.dropped += 1;
        }
        let sentences = self.sentence_keys(place.document)?;
        for (event, correction) in new {
            let sentence = sentences.get(&i64::from(event.sentence)).copied();
            let document = Some(place.document);
            let filing = Filing { document, sentence, dataset, known: place.known, gone: None, correction };
            self.add_event(&event, filing)?;
            done.added += 1;
        }
        Ok(done)
    }

    /// Statements, relations, checks and notes: whole records are compared.
    fn exchange_others(&mut self, records: &[Record], place: &Place) -> Result<()> {
        let mut wanted: HashMap<(&'static str, String), Vec<usize>> = HashMap::new();
        for (n, record) in records.iter().enumerate() {
            let found = match record {
                Record::Statement(s) => ("statement", json(s)?),
                Record::Relation(r) => ("relation", json(r)?),
                Record::Check(c) => ("finding", json(c)?),
                Record::Note(n) => ("remark", json(n)?),
                Record::Document(_) | Record::Event(_) => continue,
            };
            wanted.entry(found).or_default().push(n);
        }
        for table in ["statement", "relation", "finding", "remark"] {
            let held: Vec<(i64, String)> = {
                let mut select = self.conn().prepare_cached(&format!(
                    "SELECT key, record FROM {table} WHERE document = ?1 AND gone_run IS NULL ORDER BY key"
                ))?;
                select
                    .query_map([place.document], |row| Ok((row.get(0)?, row.get(1)?)))?
                    .collect::<rusqlite::Result<_>>()?
            };
            for (key, record) in held {
                let stays = wanted.get_mut(&(table, record)).and_then(Vec::pop).is_some();
                if !stays {
                    self.conn()
                        .prepare_cached(&format!(
                            "UPDATE {table} SET gone_run = ?2, gone = max(known, ?3) WHERE key = ?1"
                        ))?
                        .execute(params![key, self.run, self.day])?;
                }
            }
        }
        // What is left is new; it goes in in the order of the coding.
        let mut new: Vec<usize> = wanted.into_values().flatten().collect();
        new.sort_unstable();
        for n in new {
            self.add_other(&records[n], place)?;
        }
        Ok(())
    }
}

/// How a record differs from another, by the names of its fields.
pub(crate) fn fields_changed(old: &Event, new: &Event) -> Vec<&'static str> {
    let mut changed = Vec::new();
    let mut field = |differs: bool, name: &'static str| {
        if differs {
            changed.push(name);
        }
    };
    let parties = |list: &[demarche_core::ActorRef]| -> Vec<(Option<String>, Option<String>, String)> {
        list.iter().map(|p| (p.id.as_ref().map(ToString::to_string), p.code.clone(), p.text.clone())).collect()
    };
    field(old.event_type != new.event_type, "type");
    field(old.mode != new.mode, "mode");
    field(old.contexts != new.contexts, "contexts");
    field(old.cameo != new.cameo, "cameo");
    field(old.intensity != new.intensity, "intensity");
    field(parties(&old.actors) != parties(&new.actors), "actors");
    field(parties(&old.recipients) != parties(&new.recipients), "recipients");
    field(old.polarity != new.polarity, "polarity");
    field(old.modality != new.modality, "modality");
    field(old.tense != new.tense, "tense");
    field(old.attribution != new.attribution, "attribution");
    field(old.when != new.when, "when");
    field(old.place != new.place, "place");
    field(old.evidence != new.evidence, "evidence");
    field(old.grounds != new.grounds, "grounds");
    field(old.confidence != new.confidence, "confidence");
    changed
}
