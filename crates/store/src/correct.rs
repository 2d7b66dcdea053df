//! What a person says of an event: an overlay over what the coder said, with author, time and reason.
//! Evidence is never changed, and the overlay survives recoding: it is laid over whatever a later coder says.

use crate::document::Place;
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::Cursor;
use crate::read::{Stored, parsed};
use crate::rows::Filing;
use crate::write::{Writer, id_number, id_text, json, stamp};
use demarche_core::{ActorRef, Event, EventType, Mode, Role, Sector, first_day};
use rusqlite::{OptionalExtension, params};

/// Events that [`Ledger::doubtful`] looks at for one list.
pub const LOOKED_AT: usize = 20_000;
/// Below this the coder is unsure.
const UNSURE: f64 = 0.5;

/// The coder's typing head contradicts its patterns where it gives another type so great a share.
const CLEAR: f64 = 0.5;

/// Whether grounds, a JSON list, hold a clear "head says AID 0.91".
fn contradicted(grounds: &str) -> bool {
    let mut said = grounds.split("\"head says ").skip(1).filter_map(|rest| rest.split('"').next());
    said.any(|said| {
        said.rsplit(' ').next().and_then(|share| share.parse().ok()).is_some_and(|share: f64| share >= CLEAR)
    })
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// It did not happen as coded; it no longer counts.
    Reject,
    /// It is right; it stays even where a later coder does not find it.
    Accept,
    /// One field is otherwise.
    Change {
        /// `type`, `mode`, `cameo`, `intensity`, `polarity`, `modality`, `tense`, `from`, `until`, `actors`, `recipients`.
        field: String,
        /// The value as records write it; `none` for a field that is to be absent; parties as `USA/GOV, CHN`.
        value: String,
    },
}

impl std::fmt::Display for Act {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Act::Reject => f.write_str("reject"),
            Act::Accept => f.write_str("accept"),
            Act::Change { field, value } => write!(f, "{field}={value}"),
        }
    }
}

/// A correction as the ledger keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Correction {
    /// Its number.
    pub key: i64,
    /// The run that it is.
    pub run: i64,
    /// When, ISO 8601.
    pub at: String,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// What.
    pub act: Act,
    /// The event, `e-…`.
    pub event: String,
    /// The number of its document's row.
    pub document: Option<i64>,
    /// The event as it was coded.
    pub before: Event,
    /// The run that took the correction back.
    pub withdrawn: Option<i64>,
}

impl Ledger {
    /// All corrections in the order in which they were made.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn corrections(&self) -> Result<Vec<Correction>> {
        self.corrections_where("1 = ?1 ORDER BY key", 1)
    }

    /// The corrections of one event in the order in which they were made.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn corrections_of(&self, event: &str) -> Result<Vec<Correction>> {
        self.corrections_where("event = ?1 ORDER BY key", id_number(event))
    }

    /// The latest corrections before one of them, the latest first.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn corrections_before(&self, before: Option<i64>, limit: usize) -> Result<Vec<Correction>> {
        self.corrections_where(&format!("key < ?1 ORDER BY key DESC LIMIT {limit}"), before.unwrap_or(i64::MAX))
    }

    /// The event in force with this id, `e-…`.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn event_in_force(&self, id: &str) -> Result<Option<Stored>> {
        match self.key_in_force(id)? {
            Some(key) => self.reader().event(key).map(Some),
            None => Ok(None),
        }
    }

    fn key_in_force(&self, id: &str) -> Result<Option<i64>> {
        Ok(self
            .conn()
            .prepare_cached("SELECT key FROM event WHERE hash = ?1 AND gone_run IS NULL ORDER BY key LIMIT 1")?
            .query_row([id_number(id)], |row| row.get(0))
            .optional()?)
    }

    /// Events that a person had best look at, the latest first: of those that count, such as the coder is unsure of or
    /// its head reads otherwise than its patterns, and that nobody has judged. The place from which to go on is `None`
    /// where there are no more. It looks at no more than [`LOOKED_AT`] events, so that a list may be short and go on.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn doubtful(&self, limit: usize, before: Option<Cursor>) -> Result<(Vec<Stored>, Option<Cursor>)> {
        // What is promised "by 2035" is not the latest.
        let start = match before {
            Some(cursor) => cursor,
            None => {
                let read = self.read_span()?.map(|(_, last)| crate::days::day_number(last));
                Cursor { day: read.map_or(i32::MAX, |day| day.saturating_add(1)), key: 0 }
            }
        };
        let mut select = self.conn().prepare_cached(
            "SELECT day, key, confidence, iif(gone_run IS NULL AND counted AND lead AND correction IS NULL, grounds, NULL)
             FROM event WHERE day <= ?1 AND (day, key) < (?1, ?2) ORDER BY day DESC, key DESC LIMIT ?3",
        )?;
        let looked_at = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
        let mut rows = select.query(params![start.day, start.key, looked_at])?;
        let (mut keys, mut seen, mut next) = (Vec::new(), 0, None);
        while let Some(row) = rows.next()? {
            seen += 1;
            let cursor = Cursor { day: row.get(0)?, key: row.get(1)? };
            let grounds: Option<String> = row.get(3)?;
            let confidence: f64 = row.get(2)?;
            if grounds.is_some_and(|grounds| confidence < UNSURE || contradicted(&grounds)) {
                keys.push(cursor.key);
            }
            if keys.len() == limit || seen == LOOKED_AT {
                next = Some(cursor);
                break;
            }
        }
        drop(rows);
        Ok((self.stored(&keys)?, next))
    }

    /// The place of an event in the order of events by day.
    ///
    /// # Errors
    /// Where there is none with this key, or the ledger cannot be read.
    pub fn cursor_of(&self, key: i64) -> Result<Cursor> {
        let day = self
            .conn()
            .prepare_cached("SELECT day FROM event WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        let day = day.ok_or_else(|| Error::asked(format!("no event with the key {key}")))?;
        Ok(Cursor { day, key })
    }

    /// Those of one event, and the one that made it what it is, in the order in which they were made.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn corrections_behind(&self, event: &crate::read::Stored) -> Result<Vec<Correction>> {
        let made = event.correction.unwrap_or(0);
        self.corrections_where(&format!("event = ?1 OR key = {made} ORDER BY key"), id_number(&event.entry.event.id))
    }

    fn corrections_where(&self, condition: &str, value: i64) -> Result<Vec<Correction>> {
        let mut select = self.conn().prepare(&format!(
            "SELECT key, run, at, author, reason, act, field, value, event, document, before, withdrawn FROM correction
             WHERE {condition}"
        ))?;
        let mut rows = select.query([value])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (act, before): (String, String) = (row.get(5)?, row.get(10)?);
            let act = match act.as_str() {
                "reject" => Act::Reject,
                "accept" => Act::Accept,
                _ => Act::Change { field: row.get(6)?, value: row.get(7)? },
            };
            all.push(Correction {
                key: row.get(0)?,
                run: row.get(1)?,
                at: row.get(2)?,
                author: row.get(3)?,
                reason: row.get(4)?,
                act,
                event: id_text('e', row.get(8)?),
                document: row.get(9)?,
                before: serde_json::from_str(&before)
                    .map_err(|e| Error::corrupt(format!("the event of a correction: {e}")))?,
                withdrawn: row.get(11)?,
            });
        }
        Ok(all)
    }
}

impl Writer<'_> {
    /// Corrects the event in force with this id. All acts are checked before anything is written.
    ///
    /// # Errors
    /// Where no such event is in force, a field or value makes no sense, or the ledger cannot be written.
    pub fn correct(&mut self, event: &str, acts: &[Act], author: &str, reason: &str) -> Result<()> {
        let key = self.ledger.key_in_force(event)?.ok_or_else(|| {
            Error::asked(format!("{event}: no such event in force (hint: `demarche events` shows ids)"))
        })?;
        let stored = self.ledger.reader().event(key)?;
        let mut changed = Some(stored.entry.event.clone());
        for act in acts {
            changed = changed.map(|event| apply(event, act)).transpose()?.flatten();
        }
        self.ensure()?;
        let conn = self.ledger.conn();
        let mut last = 0;
        for act in acts {
            let (name, field, value) = match act {
                Act::Reject => ("reject", None, None),
                Act::Accept => ("accept", None, None),
                Act::Change { field, value } => ("change", Some(field), Some(value)),
            };
            conn.prepare_cached(
                "INSERT INTO correction (run, at, author, reason, act, field, value, event, document, before)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                self.run,
                stamp(self.at()),
                author,
                reason,
                name,
                field,
                value,
                id_number(event),
                stored.document,
                json(&stored.entry.event)?
            ])?;
            last = conn.last_insert_rowid();
        }
        match changed {
            Some(event) if event == stored.entry.event => {
                conn.prepare_cached("UPDATE event SET correction = ?2 WHERE key = ?1")?.execute([key, last])?;
            }
            changed => {
                self.retire_event(key, self.day)?;
                self.replace(key, changed, Some(last))?;
            }
        }
        Ok(())
    }

    /// Takes a correction back: it counts no more. What the coder said comes back by coding its document again; an event
    /// of another data set stands again as it came, but for what else was said of it.
    ///
    /// # Errors
    /// Where there is no such correction, or the ledger cannot be written. Gives the document to be coded again.
    pub fn withdraw(&mut self, correction: i64) -> Result<Option<i64>> {
        self.ensure()?;
        let conn = self.ledger.conn();
        let changed = conn
            .prepare_cached("UPDATE correction SET withdrawn = ?2 WHERE key = ?1 AND withdrawn IS NULL")?
            .execute([correction, self.run])?;
        if changed == 0 {
            return Err(Error::asked(format!("{correction}: no such correction (hint: `demarche correct --list`)")));
        }
        let (document, event): (Option<i64>, i64) = conn
            .prepare_cached("SELECT document, event FROM correction WHERE key = ?1")?
            .query_row([correction], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if document.is_none() {
            self.overlay_again(event)?;
        }
        Ok(document)
    }

    /// An imported event as it came, with what is still said of it laid over it.
    fn overlay_again(&mut self, hash: i64) -> Result<()> {
        let all = self.ledger.corrections_of(&id_text('e', hash))?;
        let Some(first) = all.first() else { return Ok(()) };
        let (mut event, mut last) = (Some(first.before.clone()), None);
        for correction in all.iter().filter(|c| c.withdrawn.is_none()) {
            event = event.map(|event| apply(event, &correction.act)).transpose()?.flatten();
            last = Some(correction.key);
        }
        let (key, gone): (i64, bool) = self
            .ledger
            .conn()
            .prepare_cached("SELECT key, gone_run IS NOT NULL FROM event WHERE hash = ?1 ORDER BY key DESC LIMIT 1")?
            .query_row([hash], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if !gone {
            self.retire_event(key, self.day)?;
        }
        self.replace(key, event, last)
    }

    /// A new row in place of one that ended.
    fn replace(&mut self, key: i64, event: Option<Event>, correction: Option<i64>) -> Result<()> {
        if let Some(event) = event {
            let filing = self.filing_of(key, correction)?;
            let new = self.add_event(&event, filing)?;
            // What came with it from another data set is still true of it.
            self.conn()
                .prepare_cached(
                    "INSERT INTO imported SELECT ?2, source_id, published, publisher, url, title, lang, version, extra
                     FROM imported WHERE event = ?1",
                )?
                .execute([key, new])?;
        }
        self.stale()
    }

    /// How a new row for the same event is filed.
    fn filing_of(&self, key: i64, correction: Option<i64>) -> Result<Filing> {
        let known = self.day;
        Ok(self.conn().prepare_cached("SELECT document, sentence, dataset FROM event WHERE key = ?1")?.query_row(
            [key],
            |row| {
                let (document, sentence, dataset) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(Filing { document, sentence, dataset, known, gone: None, correction })
            },
        )?)
    }

    /// The events of a coding with the overlay of their document laid over them.
    pub(crate) fn overlaid(&self, events: Vec<Event>, place: &Place) -> Result<Vec<(Event, Option<i64>)>> {
        let corrections =
            self.ledger.corrections_where("withdrawn IS NULL AND document = ?1 ORDER BY key", place.document)?;
        let mut all: Vec<(Option<Event>, Option<i64>)> = events.into_iter().map(|e| (Some(e), None)).collect();
        let mut own: Vec<(String, usize)> = Vec::new();
        for correction in &corrections {
            // Later corrections of one event go on where the earlier ones left it.
            let met = own.iter().find(|(id, _)| *id == correction.event).map(|&(_, at)| at);
            let at = met.or_else(|| counterpart(&all, &correction.before)).unwrap_or_else(|| {
                // The coder no longer finds it: the person's word stands.
                all.push((Some(correction.before.clone()), None));
                all.len() - 1
            });
            own.push((correction.event.clone(), at));
            let changed = all[at].0.take().map(|event| apply(event, &correction.act)).transpose()?.flatten();
            all[at] = (changed, Some(correction.key));
        }
        Ok(all.into_iter().filter_map(|(event, key)| Some((event?, key))).collect())
    }
}

/// The event of a new coding that an old one speaks of: of the same id, or of the same words.
fn counterpart(all: &[(Option<Event>, Option<i64>)], before: &Event) -> Option<usize> {
    let trigger = |e: &Event| e.evidence.iter().find(|e| e.role == Role::Trigger).map(|e| e.span);
    let of = |event: &Option<Event>| event.as_ref().is_some_and(|e| e.id == before.id);
    all.iter().position(|(event, _)| of(event)).or_else(|| {
        let words = trigger(before)?;
        all.iter().position(|(event, _)| event.as_ref().and_then(trigger).is_some_and(|span| span.overlaps(words)))
    })
}

/// An event after one act; `None` where it is rejected.
pub(crate) fn apply(mut event: Event, act: &Act) -> Result<Option<Event>> {
    let (field, value) = match act {
        Act::Reject => return Ok(None),
        Act::Accept => return Ok(Some(event)),
        Act::Change { field, value } => (field.as_str(), value.trim()),
    };
    let given = (value != "none" && !value.is_empty()).then_some(value);
    let wrong = |hint: &str| Error::asked(format!("{field}: not a value: {value:?} (hint: {hint})"));
    let date = || given.map(|v| first_day(v).ok_or_else(|| wrong("an ISO date"))).transpose();
    match field {
        "type" => {
            event.event_type = given
                .and_then(|v| EventType::parse(&v.to_uppercase()))
                .ok_or_else(|| wrong("one of PLOVER's sixteen types, such as SANCTION"))?;
            event.quad = event.event_type.quad();
        }
        "mode" => {
            event.mode = given.map(|v| Mode::parse(v).ok_or_else(|| wrong("one of PLOVER's modes"))).transpose()?
        }
        "cameo" => event.cameo = given.map(str::to_string),
        "intensity" => {
            let number: Option<f32> = given.and_then(|v| v.parse().ok());
            event.intensity =
                number.filter(|n| (-10.0..=10.0).contains(n)).ok_or_else(|| wrong("a number from -10 to 10"))?;
        }
        "polarity" => event.polarity = parsed(value).map_err(|_| wrong("positive or negative"))?,
        "modality" => {
            event.modality =
                parsed(value).map_err(|_| wrong("asserted, planned, possible, conditional, demanded or believed"))?;
        }
        "tense" => event.tense = parsed(value).map_err(|_| wrong("past, present or future"))?,
        "from" | "until" => {
            let date = date()?;
            let when = event.when.as_mut().ok_or_else(|| wrong("the event has no time to change"))?;
            if field == "from" {
                when.interval.from = date;
                if when.interval.until.is_none_or(|until| date.is_some_and(|from| from >= until)) {
                    when.interval.until = date.and_then(|d| d.tomorrow().ok());
                }
            } else {
                when.interval.until = date;
            }
        }
        "actors" => event.actors = parties(given, &event.actors)?,
        "recipients" => event.recipients = parties(given, &event.recipients)?,
        _ => {
            return Err(Error::asked(format!(
                "{field}: no such field (hint: type, mode, cameo, intensity, polarity, modality, tense, from, until, \
                 actors, recipients)"
            )));
        }
    }
    Ok(Some(event))
}

/// The fields that a correction can change, in the order of records.
pub const FIELDS: [&str; 11] =
    ["type", "mode", "cameo", "intensity", "actors", "recipients", "polarity", "modality", "tense", "from", "until"];

/// A field of an event as [`Act::Change`] takes it; `none` where it is absent or there is no such field.
pub fn value_of(event: &Event, field: &str) -> String {
    let parties = |list: &[ActorRef]| {
        let one = |p: &ActorRef| {
            let code = p.code.as_deref().unwrap_or("?");
            p.sector.map_or_else(|| code.to_string(), |sector| format!("{code}/{sector}"))
        };
        (!list.is_empty()).then(|| list.iter().map(one).collect::<Vec<_>>().join(", "))
    };
    let when = event.when.map(|w| w.interval);
    let value = match field {
        "type" => Some(event.event_type.to_string()),
        "mode" => event.mode.map(|m| m.to_string()),
        "cameo" => event.cameo.clone(),
        "intensity" => Some(crate::write::exact(event.intensity).to_string()),
        "polarity" => Some(crate::dictionary::name(&event.polarity)),
        "modality" => Some(crate::dictionary::name(&event.modality)),
        "tense" => Some(crate::dictionary::name(&event.tense)),
        "from" => when.and_then(|w| w.from).map(|d| d.to_string()),
        "until" => when.and_then(|w| w.until).map(|d| d.to_string()),
        "actors" => parties(&event.actors),
        "recipients" => parties(&event.recipients),
        _ => None,
    };
    value.unwrap_or_else(|| "none".to_string())
}

/// Parties from `USA/GOV, CHN`; one whose code was there before is kept whole.
fn parties(value: Option<&str>, before: &[ActorRef]) -> Result<Vec<ActorRef>> {
    let mut all = Vec::new();
    for (n, one) in value.into_iter().flat_map(|v| v.split(',')).map(str::trim).enumerate() {
        let (code, sector) = one.split_once('/').map_or((one, None), |(code, sector)| (code, Some(sector)));
        let sector = sector
            .map(|s| Sector::parse(s).ok_or_else(|| Error::asked(format!("{s}: no such sector (hint: GOV, MIL, …)"))))
            .transpose()?;
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::asked(format!("{code}: not a code (hint: three capitals, such as USA or IGO)")));
        }
        let same = before.iter().find(|p| p.code.as_deref() == Some(code));
        let mut party = match (same, before.get(n)) {
            (Some(same), _) => same.clone(),
            // The words stay where they are; whom they mean is what changes.
            (None, Some(there)) => ActorRef {
                id: None,
                name: None,
                office: None,
                sector: None,
                resolved_by: vec![PERSON.into()],
                ..there.clone()
            },
            (None, None) => {
                ActorRef { resolved_by: vec![PERSON.into()], ..ActorRef::bare(code, demarche_core::Span::new(0, 0)) }
            }
        };
        party.code = Some(code.to_string());
        party.sector = sector.or(party.sector);
        all.push(party);
    }
    Ok(all)
}

/// What a party rests on that a person named.
const PERSON: &str = "correction";
