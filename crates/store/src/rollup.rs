//! Monthly sums of what is in force, kept current in the transaction that changes them,
//! so that a series costs the months that it spans and not the events behind them.

use crate::days::{month_number, within_a_month};
use crate::error::Result;
use crate::insert::Insert;
use demarche_core::When;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// What one event adds, apart from its pairs of codes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    pub(crate) dataset: i64,
    pub(crate) month: i32,
    pub(crate) event_type: i64,
    pub(crate) counted: bool,
    /// Intensity in thousandths: sums of whole numbers do not depend on their order.
    pub(crate) thousandths: i64,
}

/// The month under which a time is counted: none where it is open at its beginning or coarser than a month.
pub(crate) fn month(when: Option<&When>) -> Option<i32> {
    let when = when?;
    when.interval.from.filter(|_| within_a_month(when.precision)).map(month_number)
}

pub(crate) fn thousandths(intensity: f64) -> i64 {
    (intensity * 1000.0).round() as i64
}

/// The ordered pairs of codes of an event (0 where a party has none), each once; one side alone is paired with 0.
/// Who acts on whom, or everybody with everybody else where nobody receives, as [`demarche_core::Event::dyads`] has it.
pub(crate) fn pairs(actors: &[i64], recipients: &[i64], into: &mut Vec<(i64, i64)>) {
    into.clear();
    if recipients.is_empty() {
        for (i, &a) in actors.iter().enumerate() {
            into.extend(actors.iter().enumerate().filter(|&(j, _)| i != j).map(|(_, &b)| (a, b)));
        }
        if let [only] = actors {
            into.push((*only, 0));
        }
    } else if actors.is_empty() {
        into.extend(recipients.iter().map(|&b| (0, b)));
    } else {
        for &a in actors {
            into.extend(recipients.iter().map(|&b| (a, b)));
        }
    }
    into.sort_unstable();
    into.dedup();
    into.retain(|&pair| pair != (0, 0));
}

/// Anybody, as source or target of a sum.
pub(crate) const ANYBODY: i64 = -1;

/// Source, target, data set, month, type, counted, mutual.
pub(crate) type Key = (i64, i64, i64, i32, i64, bool, bool);

/// The table and its columns, in the order in which they are given.
pub(crate) const INTO: &str = "month_sum (source, target, dataset, month, type, counted, mutual, events, thousandths)";

/// What becomes of a sum that is there.
pub(crate) const ADDING: &str =
    "ON CONFLICT DO UPDATE SET events = events + excluded.events, thousandths = thousandths + excluded.thousandths";

/// Changes that are not in the table yet. Most keys come once: they are put in order and summed up now and then, which costs
/// less than to look each one up.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    all: Vec<(Key, (i64, i64))>,
    /// How many of them were in order and summed up when this was last done.
    summed: usize,
}

/// Below so many changes nothing is summed up.
const FEW: usize = 1 << 18;

impl Changes {
    /// Adds an event (`sign` 1) or takes it away (−1).
    pub(crate) fn add(&mut self, pairs: &[(i64, i64)], share: &Share, sign: i64) {
        let mut one = |source, target, mutual| {
            let key = (source, target, share.dataset, share.month, share.event_type, share.counted, mutual);
            self.all.push((key, (sign, sign * share.thousandths)));
        };
        one(ANYBODY, ANYBODY, false);
        // Pairs come sorted by source; there are few of them.
        for (n, &(source, target)) in pairs.iter().enumerate() {
            one(source, target, pairs.contains(&(target, source)));
            if source != 0 && (n == 0 || pairs[n - 1].0 != source) {
                one(source, ANYBODY, pairs.iter().any(|pair| pair.1 == source));
            }
            if target != 0 && pairs[..n].iter().all(|pair| pair.1 != target) {
                one(ANYBODY, target, pairs.iter().any(|pair| pair.0 == target));
            }
        }
        if self.all.len() > 2 * self.summed.max(FEW) {
            self.sum_up();
        }
    }

    /// Each key once, in order.
    fn sum_up(&mut self) {
        self.all.sort_unstable_by_key(|&(key, _)| key);
        self.all.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 = (kept.1.0 + next.1.0, kept.1.1 + next.1.1);
            }
            same
        });
        self.summed = self.all.len();
    }

    /// All that was added and not taken away: where nothing was written, the sums themselves.
    pub(crate) fn into_sums(mut self) -> BTreeMap<Key, (i64, i64)> {
        self.sum_up();
        self.all.into_iter().filter(|&(_, sums)| sums.0 != 0).collect()
    }

    /// Writes them.
    pub(crate) fn flush(&mut self, conn: &Connection, to: &mut Insert<'_>) -> Result<()> {
        self.sum_up();
        self.all.retain(|&(_, sums)| sums != (0, 0));
        to.all(
            &self.all,
            |to, &((source, target, dataset, month, event_type, counted, mutual), (events, thousandths))| {
                to.number(source)?;
                to.number(target)?;
                to.number(dataset)?;
                to.number(month)?;
                to.number(event_type)?;
                to.number(counted)?;
                to.number(mutual)?;
                to.number(events)?;
                to.number(thousandths)
            },
        )?;
        let mut drop = conn.prepare_cached(
            "DELETE FROM month_sum WHERE source = ?1 AND target = ?2 AND dataset = ?3 AND month = ?4 AND type = ?5
             AND counted = ?6 AND mutual = ?7 AND events = 0",
        )?;
        for (key, _) in self.all.iter().filter(|(_, (events, _))| *events < 0) {
            let (source, target, dataset, month, event_type, counted, mutual) = key;
            drop.execute(params![source, target, dataset, month, event_type, counted, mutual])?;
        }
        self.all.clear();
        self.summed = 0;
        Ok(())
    }
}
