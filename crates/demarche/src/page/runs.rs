//! The runs of a ledger, and what changed between two of them.

use super::EventRow;
use anyhow::Result;
use demarche_core::{Event, Place, When};
use demarche_store::correct::{FIELDS, value_of};
use demarche_store::{Cause, Change, DiffCursor, Difference, Ledger, Run};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A run with what it did.
#[derive(Debug, Clone, Serialize)]
pub struct RunRow {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// Events that came with it; absent where the ledger was last written by a version that did not count them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_added: Option<u64>,
    /// Events that it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events_ended: Option<u64>,
    /// The run before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<i64>,
}

/// Runs, the latest first.
#[derive(Debug, Clone, Serialize)]
pub struct RunsPage {
    /// How many the ledger has.
    pub all: usize,
    /// Some of them.
    pub runs: Vec<RunRow>,
    /// Where they go on.
    #[serde(skip)]
    pub next: Option<i64>,
}

impl RunsPage {
    /// The latest before one of them.
    pub fn of(ledger: &Ledger, before: Option<i64>, limit: usize) -> Result<RunsPage> {
        let all = ledger.runs()?;
        let earlier: Vec<&Run> = all.iter().rev().filter(|r| before.is_none_or(|before| r.run < before)).collect();
        let shown: Vec<&Run> = earlier.iter().copied().take(limit).collect();
        let numbers: Vec<i64> = shown.iter().map(|r| r.run).collect();
        let counts = ledger.run_counts(&numbers)?;
        let row = |(n, run): (usize, &&Run)| RunRow {
            run: (*run).clone(),
            events_added: counts.as_ref().map(|counts| counts[n].0),
            events_ended: counts.as_ref().map(|counts| counts[n].1),
            previous: earlier.get(n + 1).map(|r| r.run),
        };
        let runs = shown.iter().enumerate().map(row).collect();
        let next = numbers.last().copied().filter(|_| earlier.len() > shown.len());
        Ok(RunsPage { all: all.len(), runs, next })
    }
}

/// What is asked of two runs.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The earlier run.
    pub old: i64,
    /// The later one.
    pub new: i64,
    /// Only differences of this kind.
    pub change: Option<Change>,
    /// Only differences for this cause.
    pub cause: Option<Cause>,
    /// Only differences in this field.
    pub field: Option<String>,
    /// Differences of the list, up to the end of the page that the last of them is of.
    pub limit: usize,
    /// Where the list goes on.
    pub before: Option<DiffCursor>,
}

/// How many events differ in one way for one cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Group {
    /// How.
    pub change: Change,
    /// Because of what.
    pub cause: Cause,
    /// How many.
    pub events: u64,
}

/// What changed between two codings.
#[derive(Debug, Clone)]
pub struct DiffPage {
    /// The earlier run.
    pub old: Run,
    /// The later one.
    pub new: Run,
    /// Events in force after the later run alone, and after the earlier one alone: what changed is among both.
    pub sides: Option<(u64, u64)>,
    /// How many events differ how and why.
    pub groups: Vec<Group>,
    /// Whether all differences were counted, and not the first [`COUNTED`] alone.
    pub whole: bool,
    /// How many of the changed ones changed in which field.
    pub fields: Vec<(&'static str, u64)>,
    /// Whether all changed ones were read for that, and not the first [`READ`] alone.
    pub fields_whole: bool,
    /// The list.
    pub shown: Vec<Difference>,
    /// Where it goes on.
    pub next: Option<DiffCursor>,
}

/// Differences that are counted one by one.
pub const COUNTED: u64 = 50_000;
/// Changed events that are read for the sake of their fields.
pub const READ: u64 = 2_000;

impl DiffPage {
    /// Of two runs.
    pub fn of(ledger: &Ledger, asked: &Asked) -> Result<DiffPage> {
        let between = (asked.old, asked.new);
        let (old, new) = ledger.two_runs(asked.old, asked.new)?;
        let sides = ledger.run_counts(&[])?.is_some().then(|| ledger.diff_size(between)).transpose()?;
        let mut reader = ledger.reader();
        let mut groups: BTreeMap<(Change, Cause), u64> = BTreeMap::new();
        let mut fields: BTreeMap<&'static str, u64> = BTreeMap::new();
        let (mut counted, mut read) = (0, 0);
        ledger.differing(between, None, &mut |one, _| {
            counted += 1;
            *groups.entry((one.change(), one.cause)).or_default() += 1;
            if one.change() == Change::Changed {
                read += 1;
                if read <= READ {
                    for field in reader.difference(one)?.fields {
                        *fields.entry(field).or_default() += 1;
                    }
                }
            }
            Ok(if counted < COUNTED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        })?;
        let (shown, next) = list(ledger, asked)?;
        let mut fields: Vec<(&'static str, u64)> = fields.into_iter().collect();
        fields.sort_by_key(|(name, events)| (std::cmp::Reverse(*events), *name));
        let groups = groups.into_iter().map(|((change, cause), events)| Group { change, cause, events });
        Ok(DiffPage {
            old,
            new,
            sides,
            groups: groups.collect(),
            whole: counted < COUNTED,
            fields,
            fields_whole: read <= READ,
            shown,
            next,
        })
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        let event =
            |stored: &Option<demarche_store::Stored>| stored.as_ref().map(|s| serde_json::json!(EventRow::of(s)));
        let difference = |d: &Difference| {
            serde_json::json!({
                "change": d.change(), "cause": d.cause, "fields": d.fields, "old": event(&d.old), "new": event(&d.new),
            })
        };
        let fields: serde_json::Map<String, serde_json::Value> =
            self.fields.iter().map(|(name, events)| ((*name).to_string(), (*events).into())).collect();
        serde_json::json!({
            "old": self.old, "new": self.new,
            "in_force_after_new_alone": self.sides.map(|s| s.0), "in_force_after_old_alone": self.sides.map(|s| s.1),
            "groups": self.groups, "groups_of_all": self.whole,
            "fields": fields, "fields_of_all": self.fields_whole,
            "differences": self.shown.iter().map(difference).collect::<Vec<_>>(),
        })
    }
}

/// The differences that are asked for, from a place on, page by page.
fn list(ledger: &Ledger, asked: &Asked) -> Result<(Vec<Difference>, Option<DiffCursor>)> {
    let mut reader = ledger.reader();
    let (mut shown, mut next) = (Vec::new(), None);
    let (mut looked_at, mut last, mut full) = (0, None, false);
    ledger.differing((asked.old, asked.new), asked.before, &mut |one, at| {
        if last.is_some_and(|last| last != at) && (shown.len() >= asked.limit || looked_at >= COUNTED) {
            full = true;
        }
        if full {
            next = last;
            return Ok(ControlFlow::Break(()));
        }
        last = Some(at);
        looked_at += 1;
        let wanted = asked.change.is_none_or(|c| c == one.change()) && asked.cause.is_none_or(|c| c == one.cause);
        // A field is of what changed alone.
        if wanted && (asked.field.is_none() || one.change() == Change::Changed) {
            let difference = reader.difference(one)?;
            if asked.field.as_deref().is_none_or(|field| difference.fields.contains(&field)) {
                shown.push(difference);
            } else {
                // Reading costs as much as looking at many.
                looked_at += 20;
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((shown, next))
}

/// A field of an event in words.
pub fn field_in_words(event: &Event, field: &str) -> String {
    let none = || "none".to_string();
    let names = |list: &[demarche_core::ActorRef]| {
        let one = |p: &demarche_core::ActorRef| {
            let name = p.name.as_deref().unwrap_or(&p.text);
            p.code.as_deref().map_or_else(|| name.to_string(), |code| format!("{name} ({code})"))
        };
        if list.is_empty() { none() } else { list.iter().map(one).collect::<Vec<_>>().join(", ") }
    };
    match field {
        "actors" => names(&event.actors),
        "recipients" => names(&event.recipients),
        "contexts" if event.contexts.is_empty() => none(),
        "contexts" => event.contexts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        "attribution" => match &event.attribution {
            None => none(),
            Some(a) => {
                let speaker = a.speaker.as_ref().map(|s| s.name.as_deref().unwrap_or(&s.text));
                let said: Vec<&str> = speaker.into_iter().chain(a.cue.as_deref()).collect();
                if said.is_empty() { "quoted".to_string() } else { said.join(", ") }
            }
        },
        "when" => event.when.map_or_else(none, |when: When| {
            let day = |day: Option<jiff::civil::Date>| day.map_or_else(|| "…".to_string(), |day| day.to_string());
            format!("{} to {} ({})", day(when.interval.from), day(when.interval.until), word(&when.basis))
        }),
        "place" => event.place.as_ref().map_or_else(none, |place: &Place| place.name.clone()),
        "evidence" => event.evidence.iter().map(|e| format!("“{}”", e.text)).collect::<Vec<_>>().join(" "),
        "grounds" => event.grounds.join("; "),
        "confidence" => event.confidence.to_string(),
        _ if FIELDS.contains(&field) => value_of(event, field),
        _ => none(),
    }
}

/// A value of a closed set as records write it.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_string)).unwrap_or_default()
}
