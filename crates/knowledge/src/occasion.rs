//! Dated happenings that other events refer to: anniversaries, "since the war", parades.

use crate::RowRef;
use demarche_core::{Interval, Precision};
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};

/// Which day of the happening a row dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Point {
    /// Its first day.
    Start,
    /// Its last day.
    End,
    /// The day itself.
    On,
}

/// A row of `occasions.tsv`; a happening has a row for each name and each dated point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occasion {
    /// The name as news writes it.
    pub name: String,
    /// Our id, shared by its names.
    pub id: String,
    /// Which point is dated.
    pub point: Point,
    /// The date, its first day where only the month or year is known.
    #[serde(with = "crate::pack::date")]
    pub date: Date,
    /// How much of the date is known: the day, the month or the year.
    pub precision: Precision,
    /// The states that it was between.
    pub parties: Vec<String>,
    /// Where the fact comes from.
    pub source: String,
    /// The row.
    pub row: RowRef,
}

impl Occasion {
    /// The day, month or year that the row dates.
    pub fn days(&self) -> Interval {
        let length = match self.precision {
            Precision::Year => Span::new().years(1),
            Precision::Month => Span::new().months(1),
            _ => Span::new().days(1),
        };
        Interval { from: Some(self.date), until: self.date.checked_add(length).ok() }
    }
}
