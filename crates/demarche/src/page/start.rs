//! Where one begins: what the ledger holds and what moves in it.

use super::EventRow;
use crate::ask::Names;
use anyhow::Result;
use demarche_store::{Ledger, Query, Stored};
use jiff::civil::Date;

/// The start.
#[derive(Debug, Clone)]
pub struct StartPage {
    /// Documents, events, stories, statements.
    pub holds: [u64; 4],
    /// The first and the last day on which something was read.
    pub read: Option<(Date, Date)>,
    /// The pairs that moved most in the last whole month.
    pub moved: Vec<Moved>,
    /// The latest happenings.
    pub latest: Vec<Stored>,
}

/// A pair that moved.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Moved {
    /// The one, by code.
    pub one: String,
    /// The other.
    pub other: String,
    /// Its name.
    pub one_name: String,
    /// The other's.
    pub other_name: String,
    /// The month.
    pub month: Date,
    /// Events in it.
    pub now: u32,
    /// Events on average in a month of the year before.
    pub mean: f64,
}

/// How many pairs and happenings are shown.
const SHOWN: usize = 12;

impl StartPage {
    /// Of a ledger.
    pub fn of(ledger: &Ledger, names: &Names<'_>, query: &Query) -> Result<StartPage> {
        let states = names.states();
        let moved = ledger.moved(query, &|code| states.contains_key(code), SHOWN)?;
        let called = |code: &str| states.get(code).cloned().unwrap_or_else(|| code.to_string());
        let moved = moved.into_iter().map(|m| Moved {
            one_name: called(&m.one),
            other_name: called(&m.other),
            one: m.one,
            other: m.other,
            month: m.month,
            now: m.now,
            mean: m.mean,
        });
        let read = ledger.read_span()?;
        // What is promised "by 2035" is not the latest.
        let until = query.until.or_else(|| read.and_then(|(_, last)| last.tomorrow().ok()));
        let (latest, _) = ledger.rows_before(&Query { until, ..query.clone() }, SHOWN, None)?;
        Ok(StartPage { holds: ledger.holds()?, read, moved: moved.collect(), latest })
    }

    /// The counts with their names.
    pub fn holds(&self) -> [(&'static str, u64); 4] {
        let [documents, events, stories, statements] = self.holds;
        [("documents", documents), ("events", events), ("stories", stories), ("statements", statements)]
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        let holds: serde_json::Map<String, serde_json::Value> =
            self.holds().into_iter().map(|(name, n)| (name.to_string(), n.into())).collect();
        serde_json::json!({
            "holds": holds, "read": self.read, "moved": self.moved,
            "latest": self.latest.iter().map(EventRow::of).collect::<Vec<_>>(),
        })
    }
}
