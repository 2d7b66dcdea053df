//! A ledger checked from end to end: the file itself, every reference, every piece of evidence against the text,
//! the monthly sums and the stories against a recount.

use crate::days::{day_of, month_number};
use crate::error::Result;
use crate::ledger::Ledger;
use crate::rollup::{self, Changes, Key, Share};
use crate::stories::rows_of;
use crate::story::group;
use crate::write::id_text;
use rusqlite::params;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The table and row.
    pub place: String,
    /// What is wrong.
    pub what: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// So many faults of one kind are told one by one.
const TOLD: usize = 20;

struct Check<'l> {
    ledger: &'l Ledger,
    faults: Vec<Fault>,
}

impl Ledger {
    /// Every fault of the ledger; none where all is well.
    ///
    /// # Errors
    /// Where the ledger cannot be read at all.
    pub fn verify(&self) -> Result<Vec<Fault>> {
        let mut check = Check { ledger: self, faults: Vec::new() };
        check.file()?;
        if check.faults.is_empty() {
            check.words()?;
            check.texts()?;
            check.force()?;
            check.sums()?;
            check.stories()?;
        }
        Ok(check.faults)
    }
}

impl Check<'_> {
    fn fault(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.faults.push(Fault { place: place.into(), what: what.into() });
    }

    /// Tells what a query finds: a place and what is wrong there.
    fn all(&mut self, sql: &str) -> Result<()> {
        let found: Vec<(String, String)> = {
            let mut select = self.ledger.conn().prepare(sql)?;
            select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?
        };
        let more = found.len().saturating_sub(TOLD);
        for (place, what) in found.into_iter().take(TOLD) {
            self.fault(place, what);
        }
        if more > 0 {
            self.fault("", format!("and {more} more of this kind"));
        }
        Ok(())
    }

    fn file(&mut self) -> Result<()> {
        let said: Vec<String> = {
            let mut check = self.ledger.conn().prepare("PRAGMA integrity_check(20)")?;
            check.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
        };
        for line in said.into_iter().filter(|line| line != "ok") {
            self.fault("file", line);
        }
        let broken: Vec<(String, Option<i64>, String)> = {
            let mut check = self.ledger.conn().prepare("PRAGMA foreign_key_check")?;
            check
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                .take(TOLD)
                .collect::<rusqlite::Result<_>>()?
        };
        for (table, row, parent) in broken {
            let row = row.map_or(String::new(), |r| format!(" {r}"));
            self.fault(format!("{table}{row}"), format!("refers to a row of {parent} that is not there"));
        }
        Ok(())
    }

    /// Full-text search in step with what it searches. SQLite's own check writes, so this one compares counts and words.
    fn words(&mut self) -> Result<()> {
        for (index, table, column) in [("sentence_words", "sentence", "text"), ("actor_words", "actor", "name")] {
            // A row of the search index exists for each row, and the words of the newest and oldest rows are found in it.
            self.all(&format!(
                "SELECT '{table} ' || t.key, 'is not in the full-text index'
                 FROM {table} t LEFT JOIN {index}_docsize i ON i.id = t.key WHERE i.id IS NULL AND t.{column} IS NOT NULL"
            ))?;
            self.all(&format!(
                "SELECT '{index} ' || i.id, 'stands for a row that is not there'
                 FROM {index}_docsize i LEFT JOIN {table} t ON t.key = i.id WHERE t.key IS NULL"
            ))?;
        }
        Ok(())
    }

    /// Every span against the bytes of its text.
    fn texts(&mut self) -> Result<()> {
        let is = |span: &str, text: &str| {
            format!(
                "CAST(substr(CAST(d.text AS BLOB), {span}start + 1, {span}\"end\" - {span}start) AS TEXT) IS NOT {text}"
            )
        };
        self.all(&format!(
            "SELECT 'evidence ' || printf('e-%016x', e.hash) || ' ' || p.n, 'is not what the text has at its place: ' || p.text
             FROM proof p JOIN event e ON e.key = p.event JOIN document d ON d.key = e.document WHERE {}",
            is("p.", "p.text")
        ))?;
        // Whom a person named has no place in the text.
        self.all(&format!(
            "SELECT 'party ' || printf('e-%016x', e.hash) || ' ' || p.role || ' ' || p.n, 'is not what the text has at its place: ' || w.text
             FROM party p JOIN event e ON e.key = p.event JOIN document d ON d.key = e.document JOIN word w ON w.key = p.text
             WHERE p.\"end\" > p.start AND {}",
            is("p.", "w.text")
        ))?;
        self.all(&format!(
            "SELECT 'sentence ' || s.key, 'is not what the text has at its place' FROM sentence s
             JOIN document d ON d.key = s.document WHERE {}",
            is("s.", "s.text")
        ))?;
        self.all(&format!(
            "SELECT 'statement ' || printf('t-%016x', s.hash), 'is not what the text has at its place' FROM statement s
             JOIN document d ON d.key = s.document WHERE {}",
            is("s.", "json_extract(s.record, '$.content.text')")
        ))
    }

    /// What is in force, and what not, agrees with versions, runs and the dates.
    fn force(&mut self) -> Result<()> {
        for table in ["event", "statement", "relation", "finding", "remark"] {
            self.all(&format!(
                "SELECT '{table} ' || t.key, 'is in force although its document has a newer version' FROM {table} t
                 JOIN document d ON d.key = t.document WHERE d.newer IS NOT NULL AND t.gone_run IS NULL"
            ))?;
            self.all(&format!(
                "SELECT '{table} ' || key, 'ended before it was known, or half' FROM {table}
                 WHERE (gone_run IS NULL) <> (gone IS NULL) OR gone < known OR gone_run < run"
            ))?;
        }
        self.all(
            "SELECT 'document ' || printf('d-%016x', d.hash), 'is marked as coded, but no run coded it' FROM document d
             WHERE d.coded = 1 AND NOT EXISTS (SELECT 1 FROM coding c WHERE c.document = d.key)",
        )?;
        self.all(
            "SELECT 'event ' || e.key, 'counts, although it is not said to have happened, or the other way' FROM event e
             JOIN word p ON p.key = e.polarity JOIN word m ON m.key = e.modality
             WHERE e.counted <> (p.text = 'positive' AND m.text = 'asserted')",
        )
    }

    /// Pairs and monthly sums against a recount of all events.
    fn sums(&mut self) -> Result<()> {
        let mut counted = Changes::default();
        let mut missing = Vec::new();
        let mut pairs_in_all = 0i64;
        {
            let conn = self.ledger.conn();
            let mut events = conn.prepare(
                "SELECT e.key, e.dataset, e.from_day, p.text, e.type, e.counted, e.intensity, e.day,
                 e.gone_run IS NULL AND e.lead = 1, e.hash FROM event e LEFT JOIN word p ON p.key = e.precision ORDER BY e.key",
            )?;
            let mut parties = conn.prepare(
                "SELECT p.role, coalesce(w.key, 0) FROM party p LEFT JOIN actor a ON a.key = p.actor
                 LEFT JOIN word w ON w.text = a.code WHERE p.event = ?1 AND p.role < 2 ORDER BY p.role, p.n",
            )?;
            let mut dyad = conn
                .prepare("SELECT count(*) FROM dyad WHERE source = ?1 AND target = ?2 AND day = ?3 AND event = ?4")?;
            let mut pairs = Vec::new();
            let mut rows = events.query([])?;
            while let Some(row) = rows.next()? {
                let key: i64 = row.get(0)?;
                let (mut actors, mut recipients) = (Vec::new(), Vec::new());
                let mut of_event = parties.query([key])?;
                while let Some(party) = of_event.next()? {
                    let (role, code): (i64, i64) = (party.get(0)?, party.get(1)?);
                    if role == 0 { actors.push(code) } else { recipients.push(code) }
                }
                rollup::pairs(&actors, &recipients, &mut pairs);
                pairs_in_all += pairs.len() as i64;
                let day: i32 = row.get(7)?;
                for &(source, target) in &pairs {
                    let there: i64 = dyad.query_row(params![source, target, day, key], |r| r.get(0))?;
                    if there == 0 && missing.len() < TOLD {
                        missing.push(id_text('e', row.get(9)?));
                    }
                }
                let fine = row.get::<_, Option<String>>(3)?;
                let fine = matches!(fine.as_deref(), Some("hour" | "day" | "week" | "month"));
                let from = row.get::<_, Option<i32>>(2)?.and_then(day_of).filter(|_| fine);
                if let (Some(from), true) = (from, row.get::<_, bool>(8)?) {
                    let share = Share {
                        dataset: row.get(1)?,
                        month: month_number(from),
                        event_type: row.get(4)?,
                        counted: row.get(5)?,
                        thousandths: rollup::thousandths(row.get(6)?),
                    };
                    counted.add(&pairs, &share, 1);
                }
            }
        }
        for event in missing {
            self.fault(format!("dyad {event}"), "a pair of its codes is not there");
        }
        let dyads: i64 = self.ledger.conn().query_row("SELECT count(*) FROM dyad", [], |row| row.get(0))?;
        if dyads != pairs_in_all {
            self.fault("dyad", format!("{dyads} rows where the events have {pairs_in_all} pairs"));
        }
        let held: Vec<(Key, (i64, i64))> = {
            let mut select = self.ledger.conn().prepare(
                "SELECT source, target, dataset, month, type, counted, mutual, events, thousandths FROM month_sum",
            )?;
            let sums = |row: &rusqlite::Row<'_>| {
                let key = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?, row.get(6)?);
                Ok((key, (row.get(7)?, row.get(8)?)))
            };
            select.query_map([], sums)?.collect::<rusqlite::Result<_>>()?
        };
        let mut counted = counted.into_sums();
        let mut wrong = 0;
        for (key, sums) in held {
            wrong += usize::from(counted.remove(&key) != Some(sums));
        }
        wrong += counted.len();
        if wrong > 0 {
            self.fault("monthly", format!("{wrong} sums differ from a recount of the events"));
        }
        self.all(
            "SELECT 'reading ' || date(r.day * 86400, 'unixepoch'), 'differs from a recount of the documents'
             FROM reading r WHERE r.documents <> (SELECT count(*) FROM document d WHERE d.known = r.day AND d.coded = 1)",
        )
    }

    /// Stories against a fresh grouping.
    fn stories(&mut self) -> Result<()> {
        if self.ledger.stories_stale()? {
            // An interrupted run leaves its grouping to the next one that ends.
            return Ok(());
        }
        let held = self.ledger.held()?;
        let (stories, events) = rows_of(&held, &group(&held.reports));
        let (held_stories, held_events) = self.ledger.story_rows()?;
        let differ = stories.iter().filter(|(hash, rows)| held_stories.get(*hash) != Some(*rows));
        let told: Vec<String> = differ
            .map(|(hash, _)| *hash)
            .chain(held_stories.keys().filter(|hash| !stories.contains_key(*hash)).copied())
            .map(|hash| id_text('s', hash))
            .collect();
        for id in told.iter().take(TOLD) {
            self.fault(format!("story {id}"), "differs from a fresh grouping");
        }
        let otherwise =
            events.iter().filter(|(key, (story, lead))| held_events.get(*key) != Some(&(Some(*story), *lead))).count();
        if otherwise > 0 || held_events.len() != events.len() {
            self.fault("event", format!("{otherwise} events are in another story than a fresh grouping puts them in"));
        }
        Ok(())
    }
}
