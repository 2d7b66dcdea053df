//! Which rows differ between two sets of tables: what an editor changed, so that what it caused can be traced to it.

use crate::{RowRef, Table};
use std::collections::BTreeMap;

/// Rows with one key that differ between two sets of tables.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RowChange {
    /// The first of the old rows; `None` where there was none.
    pub old: Option<RowRef>,
    /// The first of the new rows; `None` where there is none any more.
    pub new: Option<RowRef>,
    /// The ids and words by which a record can name what the rows are about.
    pub words: Vec<String>,
}

impl RowChange {
    /// The row that an editor would look at: the new one, or the old one that is gone.
    pub fn row(&self) -> Option<RowRef> {
        self.new.or(self.old)
    }
}

/// Compares rows by key: `row` gives the key, the words and the place of one, `blank` the row without its place.
pub(crate) fn compare<R: PartialEq>(
    old: &[R],
    new: &[R],
    row: impl Fn(&R) -> (String, Vec<String>, RowRef),
    blank: impl Fn(&R) -> R,
    found: &mut Vec<RowChange>,
) {
    let mut by_key: BTreeMap<String, [Vec<&R>; 2]> = BTreeMap::new();
    for (side, rows) in [old, new].into_iter().enumerate() {
        for r in rows {
            by_key.entry(row(r).0).or_default()[side].push(r);
        }
    }
    for [before, after] in by_key.into_values() {
        let same = before.len() == after.len() && before.iter().zip(&after).all(|(a, b)| blank(a) == blank(b));
        if same {
            continue;
        }
        let mut words: Vec<String> = before.iter().chain(&after).flat_map(|r| row(r).1).collect();
        words.sort();
        words.dedup();
        // Of several rows of a key the one is shown that the other side has not.
        let lone = |rows: &[&R], others: &[&R]| {
            let lone = rows.iter().find(|r| !others.iter().any(|o| blank(o) == blank(r))).or(rows.first());
            lone.map(|r| row(r).2)
        };
        found.push(RowChange { old: lone(&before, &after), new: lone(&after, &before), words });
    }
}

/// A place that stands for none, so that rows are compared by what they say.
pub(crate) const NOWHERE: RowRef = RowRef { table: Table::States, line: 0, overlay: false };
