//! Events of free text against gold records: precision, recall and F1 of whole events and of their parts.
//!
//! Gold: `{"id","date","text","source_set","events":[{"source_code","target_code","cameo","plover"}]}`.
//! One-to-one matching within a record on six keys, from strict (both codes and type) to type alone.

use crate::Engine;
use anyhow::{Context, Result};
use demarche_core::{ActorRef, Event, EventType, first_day};
use demarche_text::Article;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// One gold record.
#[derive(Debug, Clone, Deserialize)]
pub struct GoldRecord {
    /// Its id.
    pub id: String,
    /// Which set it belongs to.
    #[serde(default)]
    pub source_set: String,
    /// Its date, by which actors are resolved.
    pub date: Option<String>,
    /// The sentence or sentences.
    pub text: String,
    /// What is to be coded; empty where nothing is.
    pub events: Vec<GoldEvent>,
    /// Remarks of the set, of which the options under which it was coded count.
    #[serde(default)]
    pub notes: Notes,
}

/// Remarks on a gold record.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Notes {
    /// The options of PETRARCH in force at the record; none where they are its defaults.
    #[serde(default)]
    pub config: Option<BTreeMap<String, String>>,
}

impl GoldRecord {
    /// Whether its gold has no event of one actor alone: PETRARCH's default, `require_dyad`.
    fn dyads_only(&self) -> bool {
        let said = self.notes.config.as_ref().and_then(|options| options.get("require_dyad"));
        self.source_set == UNIT && said.is_none_or(|said| said != "false")
    }
}

/// The set of unit tests of PETRARCH, whose verbs have codes of their own.
const UNIT: &str = "PETRARCH-unit";

/// One gold event.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct GoldEvent {
    /// Words of the source.
    pub source_text: Option<String>,
    /// Words of the target.
    pub target_text: Option<String>,
    /// Code of the source.
    pub source_code: Option<String>,
    /// Code of the target.
    pub target_code: Option<String>,
    /// CAMEO code.
    pub cameo: Option<String>,
    /// PLOVER type.
    pub plover: Option<String>,
}

/// Reads a gold file of JSON Lines.
///
/// # Errors
/// The first line that is no record, with its number.
pub fn read_gold(text: &str) -> Result<Vec<GoldRecord>> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(ix, line)| serde_json::from_str(line).with_context(|| format!("line {}: not a gold record", ix + 1)))
        .collect()
}

type Key = (String, String, String);

/// True positives, predicted, gold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Matched.
    pub hit: usize,
    /// Predicted.
    pub predicted: usize,
    /// In the gold.
    pub gold: usize,
}

impl Counts {
    /// Precision, recall and F1, each 0 to 1.
    pub fn prf(self) -> (f64, f64, f64) {
        let part = |n: usize, of: usize| if of == 0 { 0.0 } else { n as f64 / of as f64 };
        let (p, r) = (part(self.hit, self.predicted), part(self.hit, self.gold));
        (p, r, if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) })
    }
}

/// The figures of one set, and its worst errors.
#[derive(Debug, Clone, Default)]
pub struct Figures {
    /// Records read.
    pub records: usize,
    /// Records without a gold event, and how many of them stayed empty.
    pub quiet: (usize, usize),
    /// By row name.
    pub rows: Vec<(&'static str, Counts)>,
    /// Records whose events are not exactly right: id, gold, predicted, text.
    pub errors: Vec<(String, String, String, String)>,
}

const ROWS: [&str; 6] = ["strict", "country", "actors", "actors_country", "type", "dyad_only_any_order"];

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "records {}  without gold event {}  of these kept quiet {}",
            self.records, self.quiet.0, self.quiet.1
        )?;
        writeln!(f, "{:<22}{:>8}{:>8}{:>8}{:>6}{:>6}{:>6}", "", "P", "R", "F1", "hit", "pred", "gold")?;
        for (name, counts) in &self.rows {
            let (p, r, f1) = counts.prf();
            writeln!(
                f,
                "{name:<22}{:>8.1}{:>8.1}{:>8.1}{:>6}{:>6}{:>6}",
                100.0 * p,
                100.0 * r,
                100.0 * f1,
                counts.hit,
                counts.predicted,
                counts.gold
            )?;
        }
        Ok(())
    }
}

/// Codes every record and scores it against the gold, what is planned or denied under the type that PLOVER gives it.
pub fn score(engine: &Engine, gold: &[GoldRecord]) -> Figures {
    let mut sums = [Counts::default(); 6];
    let mut figures = Figures { records: gold.len(), ..Figures::default() };
    for record in gold {
        let unit = record.source_set == UNIT;
        let predicted = predict(engine, record);
        let gold_keys: Vec<[Key; 6]> = record.events.iter().map(|e| keys(e, unit)).collect();
        let found_keys: Vec<[Key; 6]> = predicted.iter().map(|e| keys(e, unit)).collect();
        if gold_keys.is_empty() {
            figures.quiet.0 += 1;
            figures.quiet.1 += usize::from(found_keys.is_empty());
        }
        for row in 0..ROWS.len() {
            let hit = overlap(gold_keys.iter().map(|k| &k[row]), found_keys.iter().map(|k| &k[row]));
            sums[row].hit += hit;
            sums[row].predicted += found_keys.len();
            sums[row].gold += gold_keys.len();
            if row == 0 && (hit != gold_keys.len() || hit != found_keys.len()) {
                let list = |keys: &[[Key; 6]]| {
                    keys.iter().map(|k| format!("{}>{} {}", k[0].0, k[0].1, k[0].2)).collect::<Vec<_>>().join("; ")
                };
                figures.errors.push((record.id.clone(), list(&gold_keys), list(&found_keys), record.text.clone()));
            }
        }
    }
    figures.rows = ROWS.into_iter().zip(sums).collect();
    figures
}

/// What demarche codes of a record, one row for each directed dyad, in the shape of the gold;
/// rows without two codes only where the record's own options allow them.
pub fn predict(engine: &Engine, record: &GoldRecord) -> Vec<GoldEvent> {
    let mut article = Article::from_text(&record.text);
    article.published = record.date.as_deref().and_then(first_day);
    let coded = engine.code_one(&article);
    let mut found: Vec<GoldEvent> = Vec::new();
    for event in &coded.coding.events {
        let Some(plover) = demarche_coder::plover_type(event) else { continue };
        for (source, target) in pairs(event) {
            for (source_code, target_code) in
                codes(source).into_iter().flat_map(|s| codes(target).into_iter().map(move |t| (s.clone(), t)))
            {
                let row = GoldEvent {
                    source_text: source.map(|a| a.text.clone()),
                    target_text: target.map(|a| a.text.clone()),
                    source_code,
                    target_code,
                    cameo: event.cameo.clone(),
                    plover: Some(plover.as_str().to_string()),
                };
                let same = |k: &GoldEvent| {
                    (&k.source_code, &k.target_code, &k.plover) == (&row.source_code, &row.target_code, &row.plover)
                };
                let whole = row.source_code.is_some() && row.target_code.is_some();
                if (whole || !record.dyads_only()) && !found.iter().any(same) {
                    found.push(row);
                }
            }
        }
    }
    found
}

fn pairs(event: &Event) -> Vec<(Option<&ActorRef>, Option<&ActorRef>)> {
    let dyads = event.dyads();
    if !dyads.is_empty() {
        return dyads.into_iter().map(|(a, b)| (Some(a), Some(b))).collect();
    }
    let alone = event.actors.iter().map(|a| (Some(a), None));
    alone.chain(event.recipients.iter().filter(|_| event.actors.is_empty()).map(|r| (None, Some(r)))).collect()
}

/// The codes of a party, one for each actor that its code names (`FRA/GBR`); `None` alone where it has none.
fn codes(party: Option<&ActorRef>) -> Vec<Option<String>> {
    match party.and_then(code) {
        Some(code) => code.split('/').map(|one| Some(one.to_string())).collect(),
        None => vec![None],
    }
}

/// Country and sector in one, as CAMEO files have it: a state that is named as such without a sector (`FRA`),
/// a sector of no known country after hyphens (`---REB`).
pub(super) fn code(party: &ActorRef) -> Option<String> {
    let code = party.code.as_deref();
    let plain = code.is_some() && party.id.as_ref().map(|id| id.as_str()) == code;
    let sector = party.sector.filter(|_| !plain).map(|s| s.as_str());
    (code.is_some() || sector.is_some()).then(|| format!("{}{}", code.unwrap_or("---"), sector.unwrap_or_default()))
}

fn keys(event: &GoldEvent, unit: bool) -> [Key; 6] {
    let norm = |code: &Option<String>| {
        let code =
            code.as_deref().unwrap_or_default().replace(|c: char| c.is_whitespace() || matches!(c, '"' | '\''), "");
        let code = code.to_uppercase().replace("***", "---");
        let renamed = [("JAP", "JPN"), ("ROM", "ROU"), ("PAL", "PSE")];
        match renamed.iter().find(|(old, _)| code.starts_with(old) && !unit) {
            _ if matches!(code.as_str(), "---" | "NONE" | "NULL") => String::new(),
            Some((old, new)) => code.replacen(old, new, 1),
            None => code,
        }
    };
    let (source, target) = (norm(&event.source_code), norm(&event.target_code));
    let root = match (unit, &event.plover, &event.cameo) {
        (true, _, cameo) => cameo.as_deref().unwrap_or_default().chars().take(2).collect(),
        (false, Some(plover), _) => plover.to_uppercase(),
        (false, None, Some(cameo)) => {
            cameo_root(cameo).map_or(format!("CAMEO{}", &cameo[..2.min(cameo.len())]), |t| t.as_str().to_string())
        }
        (false, None, None) => String::new(),
    };
    let short = |c: &str| c.chars().take(3).collect::<String>();
    let (s3, t3) = (short(&source), short(&target));
    let none = String::new;
    let (low, high) = if s3 <= t3 { (s3.clone(), t3.clone()) } else { (t3.clone(), s3.clone()) };
    [
        (source.clone(), target.clone(), root.clone()),
        (s3.clone(), t3.clone(), root.clone()),
        (source, target, none()),
        (s3, t3, none()),
        (none(), none(), root),
        (low, high, none()),
    ]
}

/// CAMEO root to PLOVER type (PLOVER manual, mapping table); 01 and 02 have none.
fn cameo_root(code: &str) -> Option<EventType> {
    use EventType::*;
    Some(match code.get(..2)? {
        "03" => Agree,
        "04" => Consult,
        "05" => Support,
        "06" => Cooperate,
        "07" => Aid,
        "08" if code.get(..3) >= Some("084") || matches!(code, "0813" | "0814") => Retreat,
        "08" => Concede,
        "09" | "11" => Accuse,
        "10" => Request,
        "12" => Reject,
        "13" => Threaten,
        "14" => Protest,
        "15" => Mobilize,
        "16" => Sanction,
        "17" => Coerce,
        "18" | "19" | "20" => Assault,
        _ => return None,
    })
}

/// How many keys are in both, each used once.
pub(super) fn overlap<'k, K: Ord + 'k>(gold: impl Iterator<Item = &'k K>, found: impl Iterator<Item = &'k K>) -> usize {
    let mut open: BTreeMap<&K, usize> = BTreeMap::new();
    for key in gold {
        *open.entry(key).or_default() += 1;
    }
    found
        .filter(|key| match open.get_mut(*key) {
            Some(n) if *n > 0 => {
                *n -= 1;
                true
            }
            _ => false,
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matching_uses_each_gold_event_once() {
        let key = |s: &str| (s.to_string(), String::new(), String::new());
        let (gold, found) = ([key("a"), key("a"), key("b")], [key("a"), key("c"), key("a"), key("a")]);
        assert_eq!(overlap(gold.iter(), found.iter()), 2);
    }

    #[test]
    fn cameo_roots() {
        assert_eq!(cameo_root("0871"), Some(EventType::Retreat));
        assert_eq!(cameo_root("081"), Some(EventType::Concede));
        assert_eq!(cameo_root("010"), None);
    }
}
