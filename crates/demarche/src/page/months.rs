//! Whole months: what the monthly sums of a ledger can answer at once, whatever its size.

use anyhow::Result;
use demarche_core::Interval;
use demarche_store::Ledger;
use demarche_store::collect::series::Width;
use jiff::ToSpan;
use jiff::civil::Date;

/// The months of a question, and those that the ledger is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Months {
    /// The first day of the first month.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
    /// The first month of the ledger.
    pub first: Date,
    /// The day after its last.
    pub end: Date,
}

/// Months that are shown where none are asked for.
const USUAL: i32 = 12;

impl Months {
    /// The days asked for, widened to whole months; where none are, the last year of the ledger.
    /// `None` where the ledger is about no time at all.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn of(ledger: &Ledger, from: Option<Date>, until: Option<Date>) -> Result<Option<Months>> {
        Ok(ledger.months()?.map(|(first, end)| Months::within(first, end, from, until)))
    }

    fn within(first: Date, end: Date, from: Option<Date>, until: Option<Date>) -> Months {
        let whole = |until: Date| if until.day() == 1 { until } else { Width::Month.next(until.first_of_month()) };
        let from = from.map(Date::first_of_month);
        let (from, until) = match (from, until.map(whole)) {
            (None, None) => (back(end, USUAL).max(first), end),
            (from, until) => {
                let from = from.unwrap_or(first);
                // What begins after the last month ends with its own.
                (from, until.unwrap_or(end).max(Width::Month.next(from)))
            }
        };
        Months { from, until, first, end }
    }

    /// As days.
    pub fn interval(&self) -> Interval {
        Interval { from: Some(self.from), until: Some(self.until) }
    }

    /// How many there are.
    pub fn count(&self) -> i32 {
        number(self.until) - number(self.from)
    }

    /// How the period is called: "October 2026", "2026", "November 2025 to October 2026".
    pub fn name(&self) -> String {
        called(self.from, self.until)
    }

    /// The last months of the ledger, up to so many.
    pub fn last(&self, many: i32) -> (Date, Date) {
        (back(self.end, many).max(self.first), self.end)
    }

    /// The bins of a width that the period touches, cut to it.
    pub fn by(&self, width: Width) -> Vec<(Date, Date)> {
        bins(self.from, self.until, width)
    }

    /// The years that the ledger is about.
    pub fn years(&self) -> Vec<(Date, Date)> {
        bins(self.first, self.end, Width::Year)
            .into_iter()
            .map(|(from, _)| (from.first_of_year(), Width::Year.next(from.first_of_year())))
            .collect()
    }
}

/// A period of whole months in words.
pub fn called(from: Date, until: Date) -> String {
    let last = back(until, 1);
    let form = |day: Date, form: &str| day.strftime(form).to_string();
    if from == last {
        form(from, "%B %Y")
    } else if from.month() == 1 && until == Width::Year.next(from) {
        form(from, "%Y")
    } else if from.month() == 1 && last.month() == 12 {
        format!("{} to {}", from.year(), last.year())
    } else {
        format!("{} to {}", form(from, "%B %Y"), form(last, "%B %Y"))
    }
}

fn bins(from: Date, until: Date, width: Width) -> Vec<(Date, Date)> {
    let mut all = Vec::new();
    let mut at = from;
    while at < until {
        let next = width.next(width.start(at)).min(until);
        if next <= at {
            break;
        }
        all.push((at, next));
        at = next;
    }
    all
}

/// So many months earlier.
fn back(day: Date, months: i32) -> Date {
    day.checked_sub(months.months()).unwrap_or(day)
}

fn number(day: Date) -> i32 {
    i32::from(day.year()) * 12 + i32::from(day.month()) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn days_become_whole_months_within_sense() {
        let (first, end) = (day("2024-03-01"), day("2026-11-01"));
        let of = |from: Option<&str>, until: Option<&str>| {
            let months = Months::within(first, end, from.map(day), until.map(day));
            (months.from.to_string(), months.until.to_string(), months.count(), months.name())
        };
        let told = |from: &str, until: &str, count, name: &str| (from.into(), until.into(), count, name.to_string());
        assert_eq!(of(None, None), told("2025-11-01", "2026-11-01", 12, "November 2025 to October 2026"));
        assert_eq!(of(Some("2025-02-15"), Some("2025-02-20")), told("2025-02-01", "2025-03-01", 1, "February 2025"));
        assert_eq!(of(Some("2025-01-01"), Some("2026-01-01")), told("2025-01-01", "2026-01-01", 12, "2025"));
        assert_eq!(of(None, Some("2024-05-01")), told("2024-03-01", "2024-05-01", 2, "March 2024 to April 2024"));
        assert_eq!(of(Some("2030-05-01"), None), told("2030-05-01", "2030-06-01", 1, "May 2030"));
        let young = Months::within(day("2026-10-01"), end, None, None);
        assert_eq!((young.from, young.count()), (day("2026-10-01"), 1));
        let quarters = Months::within(first, end, Some(day("2024-11-01")), Some(day("2025-05-01"))).by(Width::Quarter);
        let named: Vec<String> = quarters.into_iter().map(|(from, until)| called(from, until)).collect();
        assert_eq!(named, ["November 2024 to December 2024", "January 2025 to March 2025", "April 2025"]);
    }
}
