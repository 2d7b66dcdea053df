//! Events on their way out of a ledger, in the order of their days: what every export is written from.

use crate::days::day_number;
use crate::entry::Entry;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::read::Reader;
use jiff::civil::Date;
use rusqlite::{Connection, params};

/// Which events go out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// First day.
    pub from: Option<Date>,
    /// The day after the last.
    pub until: Option<Date>,
    /// As the ledger knew it on this day; what came or went later is not seen.
    pub known_on: Option<Date>,
    /// Those of happenings that at least so many independent origins report; 0 or 1 for all.
    pub min_origins: u32,
    /// Also what did not happen: denied, planned, possible, demanded.
    pub all: bool,
    /// Each happening once: of a story the event that leads it.
    pub once: bool,
    /// Of these data sets; empty for all.
    pub datasets: Vec<String>,
}

/// How many events are looked up at once.
const PAGE: usize = 4096;

/// The events of a selection; see [`Ledger::entries`].
#[derive(Debug)]
pub struct Entries<'l> {
    conn: &'l Connection,
    reader: Reader<'l>,
    query: String,
    last: (i64, i64),
    page: std::vec::IntoIter<i64>,
    done: bool,
}

impl Ledger {
    /// The events of a selection, by day and then in the order in which they came in.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn entries(&self, selection: &Selection) -> Result<Entries<'_>> {
        let conn = self.conn();
        Ok(Entries {
            conn,
            reader: self.reader(),
            query: query(conn, selection)?,
            last: (i64::MIN, i64::MIN),
            page: Vec::new().into_iter(),
            done: false,
        })
    }
}

/// All bounds are numbers, so that none can be more than a number.
fn query(conn: &Connection, selection: &Selection) -> Result<String> {
    let mut bounds = vec!["(day, key) > (?1, ?2)".to_owned()];
    bounds.extend(selection.from.map(|from| format!("day >= {}", day_number(from))));
    bounds.extend(selection.until.map(|until| format!("day < {}", day_number(until))));
    bounds.push(match selection.known_on.map(day_number) {
        Some(day) => format!("known <= {day} AND (gone IS NULL OR gone > {day})"),
        None => "gone_run IS NULL".to_owned(),
    });
    if selection.min_origins > 1 {
        bounds.push(format!("(SELECT origins FROM story WHERE story.key = event.story) >= {}", selection.min_origins));
    }
    bounds.extend((!selection.all).then(|| "counted".to_owned()));
    bounds.extend(selection.once.then(|| "lead".to_owned()));
    if !selection.datasets.is_empty() {
        let mut key = conn.prepare("SELECT key FROM word WHERE text = ?1")?;
        let mut keys = Vec::new();
        for dataset in &selection.datasets {
            let found = key.query_map([dataset], |row| row.get::<_, i64>(0))?;
            keys.extend(found.collect::<rusqlite::Result<Vec<_>>>()?);
        }
        let keys: Vec<String> = keys.iter().map(i64::to_string).collect();
        bounds.push(format!("dataset IN ({})", keys.join(", ")));
    }
    Ok(format!("SELECT day, key FROM event WHERE {} ORDER BY day, key LIMIT {PAGE}", bounds.join(" AND ")))
}

impl Entries<'_> {
    fn fill(&mut self) -> Result<()> {
        let mut query = self.conn.prepare_cached(&self.query)?;
        let found = query.query_map(params![self.last.0, self.last.1], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let found: Vec<(i64, i64)> = found.collect::<rusqlite::Result<_>>()?;
        self.done = found.len() < PAGE;
        self.last = found.last().copied().unwrap_or(self.last);
        self.page = found.into_iter().map(|(_, key)| key).collect::<Vec<_>>().into_iter();
        Ok(())
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry>;

    fn next(&mut self) -> Option<Result<Entry>> {
        if self.page.len() == 0
            && !self.done
            && let Err(error) = self.fill()
        {
            self.done = true;
            return Some(Err(error));
        }
        let key = self.page.next()?;
        Some(self.reader.event(key).map(|stored| stored.entry))
    }
}
