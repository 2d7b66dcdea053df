//! When: civil dates with their precision, and how we know, in fields of their own.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days from `from` up to, not including, `until`; an open side is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Interval {
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The day after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
}

impl Interval {
    /// Open on both sides.
    pub const ALWAYS: Interval = Interval { from: None, until: None };

    /// From two dates as tables write them: a day, a month (`2014-06`) or a year, blank for open.
    /// Both sides mean the first day of what is written. `None` where one is no date.
    pub fn parse(from: &str, until: &str) -> Option<Interval> {
        let side = |text: &str| match text.trim() {
            "" => Some(None),
            text => first_day(text).map(Some),
        };
        Some(Interval { from: side(from)?, until: side(until)? })
    }
    /// Exactly one day.
    pub fn day(day: Date) -> Interval {
        Interval { from: Some(day), until: day.tomorrow().ok() }
    }
    /// Whether the day is inside.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
    /// Whether a day is in both.
    pub fn overlaps(&self, other: &Interval) -> bool {
        let before = |until: Option<Date>, from: Option<Date>| matches!((until, from), (Some(u), Some(f)) if u <= f);
        !before(self.until, other.from) && !before(other.until, self.from)
    }
    /// The days in both; `None` where there is no such day.
    pub fn intersect(&self, other: &Interval) -> Option<Interval> {
        self.overlaps(other).then(|| Interval {
            from: self.from.max(other.from),
            until: match (self.until, other.until) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
        })
    }
}

/// The first day of a date as tables write it (`2014-06-08`, `2014-06`, `2014`); `None` where it is none.
pub fn first_day(text: &str) -> Option<Date> {
    let mut parts = text.split('-');
    let year: i16 = parts.next()?.parse().ok()?;
    let month = parts.next().map_or(Some(1), |m| (m.len() == 2).then(|| m.parse().ok())?)?;
    let day = parts.next().map_or(Some(1), |d| (d.len() == 2).then(|| d.parse().ok())?)?;
    if parts.next().is_some() { None } else { Date::new(year, month, day).ok() }
}

/// How fine a time is.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    Unknown,
}

/// How we know a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The words give the date itself.
    Stated,
    /// The words count from another date ("on Monday", "two days earlier").
    Relative,
    /// The line that opens the report gives it.
    Dateline,
    /// The day of publication, for want of a nearer one.
    Publication,
    /// No publication date was given: the latest full date in the text.
    LatestInText,
    /// Nothing is known.
    None,
}

/// Where in the text a time or place was taken from.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    Clause,
    Sentence,
    Paragraph,
    Document,
}

/// When something happened, as far as the text tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct When {
    /// The days in question.
    #[serde(flatten)]
    pub interval: Interval,
    /// How fine that is.
    pub precision: Precision,
    /// How we know.
    pub basis: Basis,
    /// Where it was read.
    pub scope: Scope,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_dates() {
        assert_eq!(first_day("2014-06"), Date::new(2014, 6, 1).ok());
        assert_eq!(first_day("2014-02-30"), None);
        assert_eq!(first_day("2014-6"), None);
        assert_eq!(first_day("2014-06-08-1"), None);
    }

    #[test]
    fn intersection_agrees_with_membership_of_days() {
        let days: Vec<Option<Date>> = std::iter::once(None).chain((1..6).map(|d| Date::new(2000, 1, d).ok())).collect();
        let all = days.iter().flat_map(|&from| days.iter().map(move |&until| Interval { from, until }));
        let proper: Vec<Interval> =
            all.filter(|i| !matches!((i.from, i.until), (Some(f), Some(u)) if f >= u)).collect();
        for a in &proper {
            for b in &proper {
                let both = a.intersect(b);
                assert_eq!(both.is_some(), a.overlaps(b));
                for day in (1..8).filter_map(|d| Date::new(2000, 1, d).ok()) {
                    assert_eq!(a.contains(day) && b.contains(day), both.is_some_and(|i| i.contains(day)));
                }
            }
        }
    }
}
