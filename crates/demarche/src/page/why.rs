//! Why an event was coded as it was: the rule or the head that made it, what it rests on, the rows of the tables that
//! say who the parties are, who else could be meant, what lost.

use demarche_coder::Trace;
use demarche_core::{ActorRef, Event};
use demarche_knowledge::Knowledge;
use jiff::civil::Date;
use serde::Serialize;

/// The grounds of an event begin with the pattern that made it or the head that did.
const PATTERN: &str = "pattern ";
/// What the coder calls events that no pattern made.
const HEAD: &str = "head";

/// Why an event was coded as it was.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Why {
    /// What made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// What changed its parties, its standing and its confidence.
    pub grounds: Vec<String>,
    /// Who its parties were found to be, and by what.
    pub parties: Vec<Found>,
    /// Who else they could be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<String>,
    /// Other patterns of the same words, and why each lost.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<String>,
}

/// A pattern, or the typing head.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Rule {
    /// Its name; `head` for the head.
    pub name: String,
    /// Its file and line; of the head the file, where a trace tells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    /// Where the pattern comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// A sentence that it must match.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub matches: Option<String>,
    /// A sentence in which it must count nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not: Option<String>,
    /// Whether the row was looked up in today's tables, for want of a trace of the coding itself.
    pub today: bool,
}

/// A party with what it was found by.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Found {
    /// Its words.
    pub text: String,
    /// Whom they were found to mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// `name`, `office`, `coreference: pronoun`, …
    pub by: Vec<String>,
    /// The rows of the tables that say so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<KnownBy>,
}

/// A row of the tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownBy {
    /// What it says.
    pub says: String,
    /// Its file and line.
    pub row: String,
    /// Where the fact comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Why {
    /// Of an event that was coded just now, with its trace; or of one that was stored, whose pattern is looked up in the
    /// tables as they are. `day` is that of the document: offices and names are dated.
    pub fn of(knowledge: &Knowledge, event: &Event, trace: Option<&Trace>, day: Option<Date>) -> Why {
        let named = event.grounds.iter().find_map(|ground| ground.strip_prefix(PATTERN));
        let rule = match trace {
            Some(trace) => Some(Rule::new(knowledge, &trace.pattern, Some(&trace.row))),
            None => match named {
                Some(pattern) => knowledge.patterns().by_id(pattern).map(|_| Rule::new(knowledge, pattern, None)),
                // The head speaks first where it speaks alone.
                None => event
                    .grounds
                    .first()
                    .and_then(|ground| ground.split(' ').next())
                    .filter(|word| *word == HEAD)
                    .map(|head| Rule::new(knowledge, head, None)),
            },
        };
        Why {
            rule,
            grounds: event.grounds.clone(),
            parties: event.actors.iter().chain(&event.recipients).map(|p| Found::of(knowledge, p, day)).collect(),
            candidates: trace.map_or_else(|| others(event), |trace| trace.candidates.clone()),
            rejected: trace.map(|trace| trace.rejected.clone()).unwrap_or_default(),
        }
    }
}

/// Who else the parties could be, as their records have it.
fn others(event: &Event) -> Vec<String> {
    let doubtful = event.actors.iter().chain(&event.recipients).filter(|p| !p.candidates.is_empty());
    doubtful
        .map(|p| {
            let others: Vec<&str> = p.candidates.iter().map(|c| c.as_str()).collect();
            format!("“{}” could also be {}", p.text, others.join(", "))
        })
        .collect()
}

impl Rule {
    fn new(knowledge: &Knowledge, name: &str, row: Option<&str>) -> Rule {
        let pattern = knowledge.patterns().by_id(name);
        let first = |sentences: &[String]| sentences.first().cloned();
        Rule {
            name: name.to_string(),
            row: row.map(str::to_string).or_else(|| pattern.map(|p| p.row.to_string())),
            source: pattern.map(|p| p.source.clone()),
            matches: pattern.and_then(|p| first(&p.matches)),
            not: pattern.and_then(|p| first(&p.not)),
            today: row.is_none() && pattern.is_some(),
        }
    }

    /// Whether the head alone made the event, and no pattern.
    pub fn is_head(&self) -> bool {
        self.name == HEAD
    }
}

impl Found {
    fn of(knowledge: &Knowledge, party: &ActorRef, day: Option<Date>) -> Found {
        Found {
            text: party.text.clone(),
            name: party.name.clone(),
            by: party.resolved_by.clone(),
            rows: rows(knowledge, party, day),
        }
    }
}

/// The row of the name, that of whom it names, and that of the office held on the day.
fn rows(knowledge: &Knowledge, party: &ActorRef, day: Option<Date>) -> Vec<KnownBy> {
    let Some(actor) = party.id.as_ref().and_then(|id| knowledge.actor(id.as_str())) else { return Vec::new() };
    let id = actor.id.as_str();
    let mut rows = Vec::new();
    let holds = |interval: &demarche_core::Interval| day.is_none_or(|day| interval.contains(day));
    let mut names = knowledge.names_of(id).filter(|name| name.text.eq_ignore_ascii_case(&party.text));
    if let Some(name) = names.find(|name| holds(&name.interval)) {
        let says = format!("“{}” names {}", name.text, actor.name);
        rows.push(KnownBy { says, row: name.row.to_string(), source: None });
    }
    let of = actor.state.as_deref().filter(|state| *state != id).map(|state| format!(" of {state}"));
    rows.push(KnownBy {
        says: format!("{}: {}{}", actor.name, actor.kind.as_str(), of.unwrap_or_default()),
        row: actor.row.to_string(),
        source: Some(actor.source.clone()),
    });
    if let (Some(title), Some(day)) = (&party.office, day) {
        let held = knowledge.offices_of(id, day).into_iter().find(|(office, _)| office.title == *title);
        if let Some((office, tenure)) = held {
            let since = tenure.interval.from.map(|from| format!(" since {from}")).unwrap_or_default();
            rows.push(KnownBy {
                says: format!("{}: {} of {}{since}", actor.name, office.title, office.owner),
                row: tenure.row.to_string(),
                source: Some(tenure.source.clone()),
            });
        }
    }
    // A name that stands in the row of its bearer is one row.
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|known| seen.insert(known.row.clone()));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Engine;
    use demarche_text::Article;

    #[test]
    fn what_is_stored_is_explained_as_far_as_it_goes() {
        let engine = Engine::new().expect("the built-in tables");
        let mut article = Article::from_text("French President Emmanuel Macron criticised Turkey on Monday.");
        article.set_published(jiff::civil::date(2023, 5, 2));
        let coded = engine.code_one(&article);
        let (event, trace) = (&coded.coding.events[0], &coded.coding.traces[0]);
        let day = coded.doc.meta.published;
        let fresh = Why::of(engine.knowledge(), event, Some(trace), day);
        let stored = Why::of(engine.knowledge(), event, None, day);
        let (rule, again) = (fresh.rule.as_ref().expect("a rule"), stored.rule.as_ref().expect("the same rule"));
        assert_eq!((&rule.name, &rule.row, rule.today), (&again.name, &again.row, false));
        assert!(again.today && rule.matches.is_some());
        assert_eq!((&fresh.grounds, &fresh.parties), (&stored.grounds, &stored.parties));
        let rows: Vec<&str> = fresh.parties[0].rows.iter().map(|known| known.row.as_str()).collect();
        assert!(rows.iter().any(|row| row.starts_with("actors/tenures.tsv:")), "{rows:?}");
        assert!(fresh.parties[0].rows.iter().any(|known| known.says.contains("President of FRA since")), "{fresh:?}");
    }
}
