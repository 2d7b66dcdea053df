//! Who is read: documents by publisher and month, in which languages, and how many of them yield events.

use anyhow::Result;
use demarche_core::Interval;
use demarche_store::Ledger;
use demarche_store::collect::source::{Coverage, Listed, Published, Yield};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Who is read.
#[derive(Debug, Clone, Serialize)]
pub struct SourcesPage {
    /// The days, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The day after the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Whether the days are those of the page and not those that were asked for.
    pub latest: bool,
    /// Whether earlier documents are left out.
    pub earlier: bool,
    /// The months, in order; none for what has no day of publication.
    pub months: Vec<Option<Date>>,
    /// Publishers, those with the most documents first.
    pub publishers: Vec<PublisherRow>,
    /// All of them together.
    pub total: PublisherRow,
    /// Over how many of the latest documents events are counted; absent where over all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampled: Option<usize>,
    /// Documents of the one publisher that was asked for, the latest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<Listed>,
    /// Where they go on.
    #[serde(skip)]
    pub next: Option<(i32, i64)>,
}

/// One publisher.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PublisherRow {
    /// Its name, where it is known.
    pub publisher: Option<String>,
    /// Documents, of each page the latest version.
    pub documents: u64,
    /// Those that were coded.
    pub coded: u64,
    /// Documents by language.
    pub languages: BTreeMap<String, u64>,
    /// Documents by month, as the page has the months.
    pub by_month: Vec<u64>,
    /// Documents that were looked at for events.
    pub looked_at: u64,
    /// Those of them with events.
    pub with_events: u64,
    /// Events in force.
    pub events: u64,
}

impl PublisherRow {
    /// The share of documents with events, 0 to 1.
    pub fn share(&self) -> Option<f64> {
        (self.looked_at > 0).then(|| self.with_events as f64 / self.looked_at as f64)
    }
}

/// Months that are shown where no days are asked for.
const MONTHS: i64 = 12;
/// Documents over which events are counted.
const SAMPLE: usize = 20_000;
/// The name under which documents without a publisher are asked for.
pub const NOBODY: &str = "-";

impl SourcesPage {
    /// Of some days, or else of the latest year; of all publishers, or one with its documents.
    pub fn of(
        ledger: &Ledger,
        publisher: Option<&str>,
        (from, until): (Option<Date>, Option<Date>),
        limit: usize,
        before: Option<(i32, i64)>,
    ) -> Result<SourcesPage> {
        let by = match publisher {
            None => Published::ByAnybody,
            Some(NOBODY) => Published::ByNobody,
            Some(name) => Published::By(name),
        };
        let span = ledger.published_span()?;
        let mut days = Interval { from, until };
        let latest = days == Interval::ALWAYS && publisher.is_none();
        if let (true, Some((_, last))) = (latest, span) {
            days.from = last.first_of_month().checked_sub((MONTHS - 1).months()).ok();
        }
        let earlier = span.zip(days.from).is_some_and(|((first, _), from)| first < from);
        // Within the year there may be none without a day; with no earlier ones all are shown.
        if latest && !earlier {
            days.from = None;
        }
        let coverage = ledger.coverage(by, &days)?;
        let months = months(&coverage);
        let yields = ledger.yields(by, &days, SAMPLE)?;
        let publishers = rows(&coverage, &months, &yields);
        let total = total(&publishers, months.len());
        let sampled = (total.looked_at < total.documents).then_some(SAMPLE);
        let (documents, next) = match publisher {
            Some(_) => ledger.listed(by, &days, limit, before)?,
            None => (Vec::new(), None),
        };
        Ok(SourcesPage {
            from: days.from,
            until: days.until,
            latest,
            earlier,
            months,
            publishers,
            total,
            sampled,
            documents,
            next,
        })
    }
}

/// Every month from the first to the last, also those without a document.
fn months(coverage: &[Coverage]) -> Vec<Option<Date>> {
    let there: BTreeSet<Option<Date>> = coverage.iter().map(|c| c.month).collect();
    let mut all = Vec::new();
    if there.contains(&None) {
        all.push(None);
    }
    let (first, last) = (there.iter().flatten().min(), there.iter().flatten().max());
    if let (Some(&first), Some(&last)) = (first, last) {
        let mut month = first;
        while month <= last {
            all.push(Some(month));
            match month.checked_add(1.month()) {
                Ok(next) => month = next,
                Err(_) => break,
            }
        }
    }
    all
}

fn rows(coverage: &[Coverage], months: &[Option<Date>], yields: &BTreeMap<Option<String>, Yield>) -> Vec<PublisherRow> {
    let mut all: BTreeMap<Option<String>, PublisherRow> = BTreeMap::new();
    for one in coverage {
        let row = all.entry(one.publisher.clone()).or_insert_with(|| PublisherRow {
            publisher: one.publisher.clone(),
            by_month: vec![0; months.len()],
            ..PublisherRow::default()
        });
        row.documents += one.documents;
        row.coded += one.coded;
        *row.languages.entry(one.lang.clone()).or_default() += one.documents;
        if let Some(month) = months.iter().position(|month| *month == one.month) {
            row.by_month[month] += one.documents;
        }
    }
    for (publisher, found) in yields {
        if let Some(row) = all.get_mut(publisher) {
            (row.looked_at, row.with_events, row.events) = (found.documents, found.with_events, found.events);
        }
    }
    let mut all: Vec<PublisherRow> = all.into_values().collect();
    all.sort_by_key(|row| std::cmp::Reverse(row.documents));
    all
}

fn total(rows: &[PublisherRow], months: usize) -> PublisherRow {
    let mut all = PublisherRow { by_month: vec![0; months], ..PublisherRow::default() };
    for row in rows {
        all.documents += row.documents;
        all.coded += row.coded;
        all.looked_at += row.looked_at;
        all.with_events += row.with_events;
        all.events += row.events;
        all.by_month.iter_mut().zip(&row.by_month).for_each(|(sum, n)| *sum += n);
        for (lang, n) in &row.languages {
            *all.languages.entry(lang.clone()).or_default() += n;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(publisher: Option<&str>, month: Option<&str>, lang: &str, documents: u64) -> Coverage {
        Coverage {
            publisher: publisher.map(str::to_string),
            month: month.map(|m| m.parse().unwrap()),
            lang: lang.to_string(),
            documents,
            coded: documents / 2,
        }
    }

    #[test]
    fn months_without_a_document_stand_between_those_with_some_and_totals_are_sums() {
        let coverage = [
            covered(None, None, "en", 2),
            covered(Some("Herald"), Some("2025-11-01"), "en", 4),
            covered(Some("Herald"), Some("2026-01-01"), "fr", 6),
        ];
        let months = months(&coverage);
        let day = |text: &str| Some(text.parse::<Date>().unwrap());
        assert_eq!(months, [None, day("2025-11-01"), day("2025-12-01"), day("2026-01-01")]);
        let found = Yield { documents: 10, with_events: 5, events: 9 };
        let rows = rows(&coverage, &months, &BTreeMap::from([(Some("Herald".to_string()), found)]));
        assert_eq!((rows[0].documents, rows[0].coded, rows[0].by_month.as_slice()), (10, 5, [0, 4, 0, 6].as_slice()));
        assert_eq!(rows[0].share(), Some(0.5));
        let total = total(&rows, 4);
        assert_eq!((total.documents, total.by_month, rows[1].share()), (12, vec![2, 4, 0, 6], None));
        assert_eq!(total.languages, BTreeMap::from([("en".to_string(), 6), ("fr".to_string(), 6)]));
    }
}
