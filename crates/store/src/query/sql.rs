//! A query as SQL over the views: for those who go on in Datasette, DuckDB or R, and want to see what was asked.
//!
//! Everything that a user wrote stands in it as a literal within quotation marks.

use super::Query;
use super::select::{any, by_interval, codes, literal, matching, word_in_any_case};
use crate::dictionary::name;
use crate::error::Result;
use crate::ledger::Ledger;
use crate::write::{id_number, id_text};
use demarche_core::{ActorSet, Designation, Interval};
use jiff::civil::Date;

fn day(date: Date) -> String {
    literal(&date.to_string())
}

fn list(values: impl IntoIterator<Item = String>) -> String {
    values.into_iter().map(|value| literal(&value)).collect::<Vec<_>>().join(", ")
}

/// Bounds on an expression that is an ISO date.
fn within(expression: &str, interval: &Interval) -> Vec<String> {
    let from = interval.from.map(|from| format!("{expression} >= {}", day(from)));
    let until = interval.until.map(|until| format!("{expression} < {}", day(until)));
    from.into_iter().chain(until).collect()
}

/// The day under which an event is filed: its first, or else its last, or else that on which it became known.
fn filed(e: &str) -> String {
    format!("coalesce({e}.\"from\", date({e}.until, '-1 day'), {e}.known)")
}

/// Whether the row `p` of `parties` is of a set; `on` is the day that memberships are asked for.
fn party_of(set: &ActorSet, p: &str, on: &str) -> String {
    let one = |(interval, members): (Interval, Vec<&Designation>)| {
        let mut told = [Vec::new(), Vec::new(), Vec::new()];
        for who in members {
            match who {
                Designation::Code(code) => told[0].push(code.clone()),
                Designation::Id(id) => told[1].push(id.clone()),
                Designation::Name(name) => told[2].push(name.clone()),
            }
        }
        let columns = ["code", "id", "name"].into_iter().zip(told).filter(|(_, values)| !values.is_empty());
        let found = any(columns.map(|(column, values)| format!("{p}.{column} IN ({})", list(values))).collect());
        let mut all = vec![found];
        all.extend(within(on, &interval));
        if all.len() == 1 { all.remove(0) } else { format!("({})", all.join(" AND ")) }
    };
    any(by_interval(set).into_iter().map(one).collect())
}

/// One side of a row of `dyads`.
fn side(list_of: &[(&str, Interval)], column: &str) -> String {
    let one = |(code, interval): &(&str, Interval)| {
        let mut all = vec![format!("{column} = {}", literal(code))];
        all.extend(within("day", interval));
        if all.len() == 1 { all.remove(0) } else { format!("({})", all.join(" AND ")) }
    };
    if list_of.iter().all(|(_, interval)| *interval == Interval::ALWAYS) {
        return format!("{column} IN ({})", list(list_of.iter().map(|(code, _)| (*code).to_string())));
    }
    any(list_of.iter().map(one).collect())
}

fn one_way(source: &ActorSet, target: &ActorSet) -> String {
    if let (Some(sources), Some(targets)) = (codes(source), codes(target)) {
        return format!(
            "SELECT event_key FROM dyads WHERE {} AND {}",
            side(&sources, "source"),
            side(&targets, "target")
        );
    }
    let on = filed("x");
    format!(
        "SELECT p.event_key FROM parties p JOIN parties q ON q.event_key = p.event_key JOIN events x ON x.key = p.event_key
    WHERE p.role = 'actor' AND (q.role = 'recipient' OR (q.role = 'actor' AND q.n <> p.n AND NOT EXISTS
    (SELECT 1 FROM parties r WHERE r.event_key = p.event_key AND r.role = 'recipient')))
    AND {} AND {}",
        party_of(source, "p", &on),
        party_of(target, "q", &on)
    )
}

impl Ledger {
    /// The query as a SELECT over the view `events`, its rows in the order of [`Ledger::keys`].
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn sql(&self, query: &Query) -> Result<String> {
        let mut all = self.sql_conditions(query, "e")?;
        if !query.reports {
            all.push(if query.tells_reports_apart() {
                let mut same = vec![
                    "o.key IN (SELECT key FROM event WHERE story = (SELECT story FROM event WHERE key = e.key))".to_string(),
                ];
                same.extend(self.sql_conditions(query, "o")?);
                format!(
                    "(e.story IS NULL OR e.key = (SELECT o.key FROM events o\n    WHERE {}\n    ORDER BY o.lead DESC, o.key LIMIT 1))",
                    same.join("\n    AND ")
                )
            } else {
                "e.lead = 1".to_string()
            });
        }
        Ok(format!("SELECT e.* FROM events e\nWHERE {}\nORDER BY {}, e.key", all.join("\n  AND "), filed("e")))
    }

    /// The conditions on the row `e` of `events` taken by itself.
    fn sql_conditions(&self, query: &Query, e: &str) -> Result<Vec<String>> {
        let conn = self.conn();
        let mut all = Vec::new();
        if let Some(pair) = &query.pair {
            let mut ways = vec![one_way(&pair.source, &pair.target)];
            ways.extend((!pair.directed).then(|| one_way(&pair.target, &pair.source)));
            all.push(format!("{e}.key IN ({})", ways.join("\n    UNION ")));
        }
        for actor in &query.actors {
            let found = party_of(actor, "p", &filed(e));
            all.push(format!("{e}.key IN (SELECT p.event_key FROM parties p WHERE p.role <> 'speaker' AND {found})"));
        }
        if !query.text.is_empty() {
            let words = literal(&matching(&query.text));
            all.push(format!(
                "{e}.key IN (SELECT key FROM event WHERE sentence IN
    (SELECT rowid FROM sentence_words WHERE sentence_words MATCH {words})
    UNION SELECT event FROM party WHERE actor IN (SELECT rowid FROM actor_words WHERE actor_words MATCH {words}))"
            ));
        }
        all.extend(within(&filed(e), &query.days()));
        if let Some(types) = query.types_left() {
            all.push(format!("{e}.type IN ({})", list(types.iter().map(ToString::to_string))));
        }
        if !query.modes.is_empty() {
            all.push(format!("{e}.mode IN ({})", list(query.modes.iter().map(ToString::to_string))));
        }
        all.extend(query.polarity.as_ref().map(|polarity| format!("{e}.polarity = {}", literal(&name(polarity)))));
        all.extend(query.modality.as_ref().map(|modality| format!("{e}.modality = {}", literal(&name(modality)))));
        all.extend((!query.beyond_counts()).then(|| format!("{e}.counted = 1")));
        if let Some(place) = &query.place {
            let place = literal(place);
            all.push(format!(
                "{e}.key IN (SELECT key FROM event WHERE place IN (SELECT key FROM place
    WHERE name = {place} COLLATE NOCASE OR region = {place} COLLATE NOCASE))"
            ));
        }
        all.extend(query.country.as_ref().map(|country| format!("{e}.country = {}", literal(country))));
        if let Some(publisher) = &query.publisher {
            // As the ledger writes the name, whatever the case of the letters that were asked for.
            let mut written = Vec::new();
            for key in word_in_any_case(conn, publisher)? {
                written.push(
                    conn.query_row("SELECT text FROM word WHERE key = ?1", [key], |row| row.get::<_, String>(0))?,
                );
            }
            if written.is_empty() {
                written.push(publisher.clone());
            }
            all.push(format!("{e}.publisher IN ({})", list(written)));
        }
        all.extend(query.dataset.as_ref().map(|dataset| format!("{e}.dataset = {}", literal(dataset))));
        let id = |letter, id: &str| literal(&id_text(letter, id_number(id)));
        all.extend(query.story.as_ref().map(|story| format!("{e}.story = {}", id('s', story))));
        all.extend(query.document.as_ref().map(|document| format!("{e}.document = {}", id('d', document))));
        let origins = query.min_origins;
        match query.known_on {
            Some(known) => {
                let known = day(known);
                all.push(format!("{e}.known <= {known} AND ({e}.gone IS NULL OR {e}.gone > {known})"));
                if origins > 1 {
                    all.push(format!(
                        "(SELECT count(DISTINCT r.origin) FROM report r JOIN document d ON d.key = r.document
    WHERE r.story = (SELECT story FROM event WHERE key = {e}.key)
    AND date(d.known * 86400, 'unixepoch') <= {known}) >= {origins}"
                    ));
                }
            }
            None => {
                all.push(format!("{e}.gone_run IS NULL"));
                if origins > 1 {
                    all.push(format!("(SELECT origins FROM stories WHERE id = {e}.story) >= {origins}"));
                }
            }
        }
        Ok(all)
    }
}
