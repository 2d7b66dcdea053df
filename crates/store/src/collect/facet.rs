//! What events have in common: how many of them are of each type, class, standing, publisher, state and year.

use crate::error::Result;
use crate::ledger::Ledger;
use crate::query::select::numbers;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// How often each value of some columns comes among events; the most frequent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facets {
    /// PLOVER's types.
    pub types: Vec<(String, u64)>,
    /// Quad classes, 1 to 4.
    pub classes: Vec<(u8, u64)>,
    /// Polarity and modality together, as records write them.
    pub standings: Vec<((String, String), u64)>,
    /// Who published the report.
    pub publishers: Vec<(String, u64)>,
    /// The states in which they happened.
    pub countries: Vec<(String, u64)>,
    /// The years under which they are filed, the latest first.
    pub years: Vec<(i16, u64)>,
}

fn by_number<K: Ord>(counts: BTreeMap<K, u64>) -> Vec<(K, u64)> {
    let mut all: Vec<(K, u64)> = counts.into_iter().collect();
    all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    all
}

impl Ledger {
    /// The facets of some events.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn facets(&self, keys: &[i64]) -> Result<Facets> {
        let mut rows = self.conn().prepare(&format!(
            "SELECT t.text, e.quad, polarity.text, modality.text, publisher.text, place.country, e.day
             FROM event e JOIN word t ON t.key = e.type JOIN word polarity ON polarity.key = e.polarity
             JOIN word modality ON modality.key = e.modality LEFT JOIN document d ON d.key = e.document
             LEFT JOIN imported i ON i.event = e.key
             LEFT JOIN word publisher ON publisher.key = coalesce(d.publisher, i.publisher)
             LEFT JOIN place ON place.key = e.place WHERE e.key IN ({})",
            numbers(keys)
        ))?;
        let mut rows = rows.query([])?;
        let (mut types, mut classes, mut standings) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let (mut publishers, mut countries, mut years) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        while let Some(row) = rows.next()? {
            *types.entry(row.get::<_, String>(0)?).or_default() += 1;
            *classes.entry(row.get::<_, u8>(1)?).or_default() += 1;
            *standings.entry((row.get::<_, String>(2)?, row.get::<_, String>(3)?)).or_default() += 1;
            if let Some(publisher) = row.get::<_, Option<String>>(4)? {
                *publishers.entry(publisher).or_default() += 1;
            }
            if let Some(country) = row.get::<_, Option<String>>(5)? {
                *countries.entry(country).or_default() += 1;
            }
            if let Some(year) = crate::days::day_of(row.get(6)?).map(Date::year) {
                *years.entry(year).or_default() += 1;
            }
        }
        Ok(Facets {
            types: by_number(types),
            classes: by_number(classes),
            standings: by_number(standings),
            publishers: by_number(publishers),
            countries: by_number(countries),
            years: years.into_iter().rev().collect(),
        })
    }
}
