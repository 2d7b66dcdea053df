//! What texts say stands between two: relations as stated, from the first report to the last.

use crate::days::{day_number, day_of};
use crate::error::{Error, Result};
use crate::ledger::Ledger;
use crate::query::select::party_of;
use demarche_core::{ActorSet, Relation};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// A standing relation as reports state it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Stated {
    /// What stands: `ally`, `sanctions`, `tension`, …
    pub relation: String,
    /// Who, by code or else by id or words.
    pub subject: String,
    /// With, in or over whom.
    pub object: String,
    /// Whether the last report says that it stands.
    pub stands: bool,
    /// The first report.
    pub first: Date,
    /// The last.
    pub last: Date,
    /// How many documents say so.
    pub reports: u32,
    /// The words of the last.
    pub words: String,
    /// Its document.
    pub document: String,
    /// Its publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Ledger {
    /// What reports of some days state to stand between two, or between one and anybody.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn stated(
        &self,
        one: &ActorSet,
        other: Option<&ActorSet>,
        from: Option<Date>,
        until: Option<Date>,
        known_on: Option<Date>,
    ) -> Result<Vec<Stated>> {
        let side = |set: &ActorSet, column: &str| party_of(set, column, "r.known");
        let parties = match other {
            Some(other) => format!(
                "({} AND {} OR {} AND {})",
                side(one, "r.subject"),
                side(other, "r.object"),
                side(other, "r.subject"),
                side(one, "r.object")
            ),
            None => format!("({} OR {})", side(one, "r.subject"), side(one, "r.object")),
        };
        let mut bounds = vec![parties];
        bounds.extend(from.map(|day| format!("r.known >= {}", day_number(day))));
        bounds.extend(until.map(|day| format!("r.known < {}", day_number(day))));
        bounds.push(match known_on.map(day_number) {
            Some(day) => format!("r.known <= {day} AND (r.gone IS NULL OR r.gone > {day})"),
            None => "r.gone_run IS NULL".to_string(),
        });
        let mut rows = self.conn().prepare(&format!(
            "SELECT r.record, r.known, s.text, w.text, d.url FROM relation r JOIN document d ON d.key = r.document
             LEFT JOIN sentence s ON s.document = r.document AND s.n = r.sentence LEFT JOIN word w ON w.key = d.publisher
             WHERE {} ORDER BY r.known, r.key",
            bounds.join(" AND ")
        ))?;
        let mut rows = rows.query([])?;
        let mut all: BTreeMap<(String, String, String), Stated> = BTreeMap::new();
        let mut last_document = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let record: String = row.get(0)?;
            let relation: Relation =
                serde_json::from_str(&record).map_err(|e| Error::corrupt(format!("a relation: {e}")))?;
            let Some(day) = day_of(row.get(1)?) else { continue };
            let kind = crate::dictionary::name(&relation.relation);
            let key = (kind.clone(), called(&relation.subject), called(&relation.object));
            let document = relation.document.to_string();
            let stated = all.entry(key.clone()).or_insert_with(|| Stated {
                relation: kind,
                subject: key.1.clone(),
                object: key.2.clone(),
                stands: true,
                first: day,
                last: day,
                reports: 0,
                words: String::new(),
                document: String::new(),
                publisher: None,
                url: None,
            });
            stated.stands = relation.polarity == demarche_core::Polarity::Positive;
            stated.last = day;
            stated.words = row.get::<_, Option<String>>(2)?.unwrap_or_default();
            stated.publisher = row.get(3)?;
            stated.url = row.get(4)?;
            if last_document.insert(key, document.clone()).as_ref() != Some(&document) {
                stated.reports += 1;
            }
            stated.document = document;
        }
        Ok(all.into_values().collect())
    }
}

/// A state is one, whoever stands for it; others are themselves.
fn called(party: &demarche_core::ActorRef) -> String {
    let id = party.id.as_ref().map(|id| id.to_string());
    // A code of a kind ("IGO") says less than the id.
    let own = party.code.as_deref().is_some_and(|code| id.as_deref() == Some(code));
    if own { id } else { party.name.clone().or(id) }.unwrap_or_else(|| party.text.clone())
}
