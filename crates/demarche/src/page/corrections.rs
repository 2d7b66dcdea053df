//! What a person had best look at, and what persons said of events so far.

use super::EventRow;
use anyhow::Result;
use demarche_core::Event;
use demarche_store::{Correction, Cursor, Ledger, Stored};
use serde_json::{Value, json};

/// The queue and the log.
#[derive(Debug, Clone)]
pub struct CorrectionsPage {
    /// Events that a person had best look at, the latest first.
    pub queue: Vec<Stored>,
    /// Where the queue goes on.
    pub next: Option<Cursor>,
    /// Corrections, the latest first.
    pub log: Vec<Correction>,
    /// Where the log goes on.
    pub earlier: Option<i64>,
}

/// One event under judgement.
#[derive(Debug, Clone)]
pub struct EventCase {
    /// Its id.
    pub id: String,
    /// As it is in force; absent where it was rejected.
    pub stored: Option<Stored>,
    /// What was said of it, in order.
    pub log: Vec<Correction>,
    /// The next of the queue.
    pub next: Option<String>,
}

/// Corrections of the log that are shown at once.
const LOG: usize = 50;

impl CorrectionsPage {
    /// The queue from a place on, and the log before one of its corrections.
    pub fn of(ledger: &Ledger, limit: usize, before: Option<Cursor>, log: Option<i64>) -> Result<CorrectionsPage> {
        let (queue, next) = ledger.doubtful(limit, before)?;
        let mut log = ledger.corrections_before(log, LOG + 1)?;
        let more = log.len() > LOG;
        log.truncate(LOG);
        let earlier = log.last().map(|c| c.key).filter(|_| more);
        Ok(CorrectionsPage { queue, next, log, earlier })
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let queue = |stored: &Stored| json!({ "doubts": doubts(&stored.entry.event), "event": EventRow::of(stored) });
        json!({
            "queue": self.queue.iter().map(queue).collect::<Vec<_>>(),
            "log": self.log.iter().map(correction_json).collect::<Vec<_>>(),
            "log_next": self.earlier,
        })
    }
}

impl EventCase {
    /// Of an event of the ledger, in force or not; `None` where there is and was none.
    pub fn of(ledger: &Ledger, id: &str) -> Result<Option<EventCase>> {
        let stored = ledger.event_in_force(id)?;
        let log = ledger.corrections_of(id)?;
        if stored.is_none() && log.is_empty() {
            return Ok(None);
        }
        let after = stored.as_ref().map(|s| ledger.cursor_of(s.key)).transpose()?;
        let (next, _) = ledger.doubtful(1, after)?;
        let next = next.into_iter().next().map(|s| s.entry.event.id).filter(|next| next != id);
        let id = stored.as_ref().map_or_else(|| id.to_string(), |s| s.entry.event.id.clone());
        Ok(Some(EventCase { id, stored, log, next }))
    }

    /// The event as it is, or as it was before it was rejected.
    pub fn event(&self) -> Option<&Event> {
        self.stored.as_ref().map(|s| &s.entry.event).or_else(|| self.log.last().map(|c| &c.before))
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({
            "event": self.stored.as_ref().map(EventRow::of),
            "doubts": self.stored.as_ref().map(|s| doubts(&s.entry.event)),
            "corrections": self.log.iter().map(correction_json).collect::<Vec<_>>(),
            "next_in_queue": self.next,
        })
    }
}

/// A correction as `demarche correct --list` writes it.
pub fn correction_json(c: &Correction) -> Value {
    json!({
        "kind": "correction", "number": c.key, "run": c.run, "at": c.at, "author": c.author, "reason": c.reason,
        "act": c.act.to_string(), "event": c.event, "before": c.before, "withdrawn": c.withdrawn,
    })
}

/// Why an event is worth a look: how unsure the coder is, and what its head reads in it.
pub fn doubts(event: &Event) -> Vec<String> {
    let sure = format!("confidence {}", event.confidence);
    let head = event.grounds.iter().filter(|ground| ground.starts_with("head says "));
    std::iter::once(sure).chain(head.cloned()).collect()
}
