//! Documents with all that was read in them: the same document twice is one document,
//! a page that changed is a new version of itself, and what an older version said is kept but no longer counts.

use crate::dictionary::{Dictionary, name, search};
use crate::error::Result;
use crate::rollup::{self, Share};
use crate::rows::Filing;
use crate::write::{Added, DocumentIn, Writer, id_number, json, known};
use demarche_core::{ActorRef, DocumentRecord, Record};
use rusqlite::{OptionalExtension, params};
use std::collections::BTreeMap;

/// The data set of the project's own coding.
pub(crate) const OWN: &str = "demarche";

/// Where a record of a document is filed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) document: i64,
    pub(crate) known: i32,
    pub(crate) gone: Option<i32>,
}

impl Writer<'_> {
    /// Adds a document with its records.
    ///
    /// # Errors
    /// Where the ledger cannot be written; the batch is to be given up then.
    pub fn add_document(&mut self, doc: &DocumentIn<'_>) -> Result<Added> {
        self.ensure()?;
        let conn = self.ledger.conn();
        let hash = id_number(&doc.record.id.to_string());
        let same =
            conn.prepare_cached("SELECT 1 FROM document WHERE hash = ?1")?.query_row([hash], |_| Ok(())).optional()?;
        if same.is_some() {
            return Ok(Added::Known);
        }
        self.stale()?;
        let earlier = self.earlier(doc)?;
        let known = known(doc.record.published, self.day);
        let key = self.add_row(doc, hash, known, earlier.as_ref())?;
        // An older version that arrives late is of no account from its first day.
        let late = earlier.as_ref().filter(|e| known < e.known).map(|e| e.known);
        for sentence in (0..).zip(doc.sentences) {
            self.add_sentence(key, doc.text, sentence)?;
        }
        let place = Place { document: key, known, gone: late };
        self.add_records(doc.records, &place)?;
        if doc.coded {
            self.conn()
                .prepare_cached("INSERT INTO coding (document, run) VALUES (?1, ?2)")?
                .execute([key, self.run])?;
            self.conn()
                .prepare_cached(
                    "INSERT INTO reading (day, documents, sentences) VALUES (?1, 1, ?2)
                     ON CONFLICT DO UPDATE SET documents = documents + 1, sentences = sentences + excluded.sentences",
                )?
                .execute(params![known, doc.sentences.len() as i64])?;
        }
        match earlier {
            None => return Ok(Added::New),
            Some(earlier) if late.is_some() => {
                self.conn()
                    .prepare_cached("UPDATE document SET newer = ?2 WHERE key = ?1")?
                    .execute([key, earlier.key])?;
            }
            Some(earlier) => {
                self.conn()
                    .prepare_cached("UPDATE document SET newer = ?2 WHERE key = ?1")?
                    .execute([earlier.key, key])?;
                self.retire_document(earlier.key, known)?;
            }
        }
        Ok(Added::Version)
    }

    /// The version of the same page that counts so far: of the same address, or of the same article id from the same
    /// publisher; where no publisher is given, from the same file.
    fn earlier(&self, doc: &DocumentIn<'_>) -> Result<Option<Earlier>> {
        let found =
            |row: &rusqlite::Row<'_>| Ok(Earlier { key: row.get(0)?, known: row.get(1)?, version: row.get(2)? });
        // The number of versions so far is that of the latest arrival, which need not be the one that counts.
        const VERSIONS: &str =
            "SELECT d.key, d.known, (SELECT max(v.version) FROM document v WHERE v.key = d.key OR v.newer = d.key)
             FROM document d";
        let record = doc.record;
        if let Some(url) = &record.url {
            return Ok(self
                .conn()
                .prepare_cached(&format!("{VERSIONS} WHERE d.url = ?1 AND d.newer IS NULL"))?
                .query_row([url], found)
                .optional()?);
        }
        let Some(id) = &record.article_id else { return Ok(None) };
        let both = "d.article_id = ?1 AND d.url IS NULL AND d.newer IS NULL";
        Ok(match &record.publisher {
            Some(publisher) => self
                .conn()
                .prepare_cached(&format!("{VERSIONS} JOIN word w ON w.key = d.publisher WHERE {both} AND w.text = ?2"))?
                .query_row([id, publisher], found)
                .optional()?,
            None => self
                .conn()
                .prepare_cached(&format!(
                    "{VERSIONS} JOIN word w ON w.key = d.place WHERE {both} AND d.publisher IS NULL AND w.text = ?2"
                ))?
                .query_row([id.as_str(), doc.place], found)
                .optional()?,
        })
    }

    fn add_row(&mut self, doc: &DocumentIn<'_>, hash: i64, known: i32, earlier: Option<&Earlier>) -> Result<i64> {
        let record = doc.record;
        let words = &mut self.numbers.words;
        let basis = record.published_basis.map(|b| words.bases[b as usize]);
        let publisher = words.word_of(record.publisher.as_deref());
        let lang = words.word(&record.lang);
        let place = words.word(doc.place);
        self.write_news()?;
        let conn = self.ledger.conn();
        let bare = DocumentRecord { clean_text: None, ..record.clone() };
        conn.prepare_cached(
            "INSERT INTO document (hash, article_id, url, title, byline, dateline, published, published_basis, publisher,
             lang, coded, place, run, known, version, record, text, outlet, credit)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
        )?
        .execute(params![
            hash,
            record.article_id,
            record.url,
            record.title,
            doc.byline,
            doc.dateline,
            record.published.map(crate::days::day_number),
            basis,
            publisher,
            lang,
            doc.coded,
            place,
            self.run,
            known,
            earlier.map_or(1, |e| e.version + 1),
            json(&bare)?,
            doc.text,
            doc.outlet,
            (!doc.credits.is_empty()).then(|| doc.credits.join("; "))
        ])?;
        Ok(conn.last_insert_rowid())
    }

    pub(crate) fn add_sentence(
        &mut self,
        document: i64,
        text: &str,
        (n, sentence): (i64, &crate::SentenceSpan),
    ) -> Result<()> {
        let kind = self.numbers.words.word(sentence.kind);
        let key = self.numbers.words.last_sentence.next();
        self.write_news()?;
        let conn = self.ledger.conn();
        let said = text.get(sentence.span.range()).unwrap_or_default();
        conn.prepare_cached(
            "INSERT INTO sentence (key, document, n, start, \"end\", kind, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![key, document, n, sentence.span.start, sentence.span.end, kind, said])?;
        search(conn, key, said)
    }

    /// Adds the records of a first coding in their order.
    pub(crate) fn add_records(&mut self, records: &[Record], place: &Place) -> Result<()> {
        let dataset = self.numbers.words.word(OWN);
        let sentences = self.sentence_keys(place.document)?;
        for record in records {
            match record {
                Record::Event(event) => {
                    let filing = Filing {
                        document: Some(place.document),
                        sentence: sentences.get(&i64::from(event.sentence)).copied(),
                        dataset,
                        known: place.known,
                        gone: place.gone,
                        correction: None,
                    };
                    self.add_event(event, filing)?;
                }
                other => self.add_other(other, place)?,
            }
        }
        Ok(())
    }

    /// The keys of a document's sentences by their numbers; of two with one number, the one that was cut last.
    pub(crate) fn sentence_keys(&self, document: i64) -> Result<BTreeMap<i64, i64>> {
        let mut keys = self.conn().prepare_cached("SELECT n, key FROM sentence WHERE document = ?1 ORDER BY key")?;
        Ok(keys.query_map([document], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
    }

    /// A statement, a relation, a check or a note.
    pub(crate) fn add_other(&mut self, record: &Record, place: &Place) -> Result<()> {
        let conn = self.ledger.conn();
        let words = &mut self.numbers.words;
        let run = self.run;
        let gone_run = place.gone.map(|_| run);
        let actor = |words: &mut Dictionary, party: &ActorRef| words.actor(party).map(|f| f.actor);
        match record {
            Record::Statement(s) => {
                let speaker = s.speaker.as_ref().and_then(|party| actor(words, party));
                words.news.write(conn)?;
                conn.prepare_cached(
                    "INSERT INTO statement (hash, document, sentence, speaker, start, \"end\", run, known, gone_run, gone,
                     record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                )?
                .execute(params![
                    id_number(&s.id),
                    place.document,
                    s.sentence,
                    speaker,
                    s.content.span.start,
                    s.content.span.end,
                    run,
                    place.known,
                    gone_run,
                    place.gone,
                    json(s)?
                ])?;
            }
            Record::Relation(r) => {
                let (subject, object) = (actor(words, &r.subject), actor(words, &r.object));
                let relation = words.word(&name(&r.relation));
                words.news.write(conn)?;
                conn.prepare_cached(
                    "INSERT INTO relation (hash, document, sentence, relation, subject, object, run, known, gone_run, gone,
                     record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                )?
                .execute(params![
                    id_number(&r.id),
                    place.document,
                    r.sentence,
                    relation,
                    subject,
                    object,
                    run,
                    place.known,
                    gone_run,
                    place.gone,
                    json(r)?
                ])?;
            }
            Record::Check(c) => {
                let subject = c.subject.as_ref().and_then(|party| actor(words, party));
                let verdict = words.word(&name(&c.verdict));
                words.news.write(conn)?;
                conn.prepare_cached(
                    "INSERT INTO finding (hash, document, sentence, subject, verdict, run, known, gone_run, gone, record)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                )?
                .execute(params![
                    id_number(&c.id),
                    place.document,
                    c.sentence,
                    subject,
                    verdict,
                    run,
                    place.known,
                    gone_run,
                    place.gone,
                    json(c)?
                ])?;
            }
            Record::Note(n) => {
                conn.prepare_cached(
                    "INSERT INTO remark (document, sentence, run, known, gone_run, gone, record)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                )?
                .execute(params![
                    place.document,
                    n.sentence,
                    run,
                    place.known,
                    gone_run,
                    place.gone,
                    json(n)?
                ])?;
            }
            Record::Document(_) | Record::Event(_) => {}
        }
        Ok(())
    }

    /// All that a document says ends to be in force on `day`.
    pub(crate) fn retire_document(&mut self, document: i64, day: i32) -> Result<()> {
        let keys: Vec<i64> = {
            let mut all =
                self.conn().prepare_cached("SELECT key FROM event WHERE document = ?1 AND gone_run IS NULL")?;
            all.query_map([document], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
        };
        for key in keys {
            self.retire_event(key, day)?;
        }
        for table in ["statement", "relation", "finding", "remark"] {
            self.conn()
                .prepare_cached(&format!(
                    "UPDATE {table} SET gone_run = ?2, gone = ?3 WHERE document = ?1 AND gone_run IS NULL"
                ))?
                .execute(params![document, self.run, day])?;
        }
        Ok(())
    }

    /// One event ends to be in force on `day`; it stays, as known until then.
    pub(crate) fn retire_event(&mut self, key: i64, day: i32) -> Result<()> {
        self.share_of(key, -1)?;
        self.conn()
            .prepare_cached("UPDATE event SET gone_run = ?2, gone = max(known, ?3) WHERE key = ?1")?
            .execute(params![key, self.run, day])?;
        Ok(())
    }

    /// Adds an event's share to the monthly sums, or takes it away, where it is in force and leads its story.
    pub(crate) fn share_of(&mut self, key: i64, sign: i64) -> Result<()> {
        let conn = self.ledger.conn();
        let row = conn
            .prepare_cached(
                "SELECT e.dataset, e.from_day, w.text, e.type, e.counted, e.intensity FROM event e
                 LEFT JOIN word w ON w.key = e.precision
                 WHERE e.key = ?1 AND e.gone_run IS NULL AND e.lead = 1 AND e.from_day IS NOT NULL",
            )?
            .query_row([key], |row| {
                let precision: Option<String> = row.get(2)?;
                let from: i32 = row.get(1)?;
                Ok((row.get(0)?, from, precision, row.get(3)?, row.get(4)?, row.get::<_, f64>(5)?))
            })
            .optional()?;
        let Some((dataset, from, precision, event_type, counted, intensity)) = row else { return Ok(()) };
        let fine = matches!(precision.as_deref(), Some("hour" | "day" | "week" | "month"));
        let Some(date) = crate::days::day_of(from).filter(|_| fine) else { return Ok(()) };
        let (mut actors, mut recipients, mut pairs) = (Vec::new(), Vec::new(), Vec::new());
        let mut parties = conn.prepare_cached(
            "SELECT p.role, coalesce(w.key, 0) FROM party p LEFT JOIN actor a ON a.key = p.actor
             LEFT JOIN word w ON w.text = a.code WHERE p.event = ?1 AND p.role < 2 ORDER BY p.role, p.n",
        )?;
        let mut rows = parties.query([key])?;
        while let Some(row) = rows.next()? {
            let (role, code): (i64, i64) = (row.get(0)?, row.get(1)?);
            if role == 0 { actors.push(code) } else { recipients.push(code) }
        }
        rollup::pairs(&actors, &recipients, &mut pairs);
        let share = Share {
            dataset,
            month: crate::days::month_number(date),
            event_type,
            counted,
            thousandths: rollup::thousandths(intensity),
        };
        self.changes.add(&pairs, &share, sign);
        Ok(())
    }
}

struct Earlier {
    key: i64,
    known: i32,
    version: i64,
}
