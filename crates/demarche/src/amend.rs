//! What a person says of an event, written into the ledger: one way for the command line and the pages.

use crate::Engine;
use crate::intake::ingest::Ingest;
use crate::intake::recode::Summary;
use anyhow::Result;
use demarche_core::Event;
use demarche_store::correct::{FIELDS, value_of};
use demarche_store::{Act, Ledger, RunKind, RunSpec};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What is said.
pub enum Amendment<'a> {
    /// Of an event, by its id.
    Correct {
        /// `e-…`.
        event: &'a str,
        /// What of it; all are checked before anything is written.
        acts: &'a [Act],
    },
    /// That an earlier correction is taken back: what the coder said comes back by coding the document again.
    Withdraw {
        /// The number of the correction.
        number: i64,
        /// Who codes again.
        engine: &'a Engine,
        /// Set to end early.
        stop: &'a AtomicBool,
    },
}

/// When reports are grouped into stories anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// In the same breath.
    Now,
    /// With the next run that writes: over a large ledger it takes longer than a person waits.
    Later,
}

/// Writes it as a run of its own.
///
/// # Errors
/// Where no such event is in force, a value makes no sense, or the ledger cannot be written; nothing is written then.
pub fn amend(ledger: &Ledger, what: &Amendment<'_>, author: &str, reason: &str, grouping: Grouping) -> Result<()> {
    let spec = RunSpec {
        kind: RunKind::Correct,
        coder: None,
        tables: None,
        command: Some(reason.to_string()),
        author: Some(author.to_string()),
        at: jiff::Timestamp::now(),
    };
    let mut writer = ledger.writer(&spec)?;
    match what {
        Amendment::Correct { event, acts } => writer.correct(event, acts, author, reason)?,
        Amendment::Withdraw { number, engine, stop } => {
            if let Some(document) = writer.withdraw(*number)? {
                let ingest = Ingest { engine, ledger, command: String::new(), threads: 1, stop };
                ingest.round(&mut writer, &[document], &mut Summary::default(), &mut |_: &str| {}, &mut || {})?;
            }
        }
    }
    if grouping == Grouping::Now {
        writer.group_stories()?;
    }
    writer.finish(jiff::Timestamp::now())?;
    Ok(())
}

/// What of an event is otherwise than given: a field that is given as it stands is no change.
pub fn changes<'v>(event: &Event, given: impl Fn(&str) -> Option<&'v str>) -> Vec<Act> {
    let mut acts = Vec::new();
    for field in FIELDS {
        let Some(value) = given(field).map(str::trim) else { continue };
        if value != value_of(event, field) {
            acts.push(Act::Change { field: field.to_string(), value: value.to_string() });
        }
    }
    acts
}

/// The command that says the same.
pub fn command(ledger: Option<&Path>, event: &str, acts: &[Act], author: Option<&str>, reason: Option<&str>) -> String {
    let mut line = format!("demarche correct {event}");
    for act in acts {
        match act {
            Act::Accept => line += " --accept",
            Act::Reject => line += " --reject",
            Act::Change { field, value } => line += &format!(" --set {}", quoted(&format!("{field}={value}"))),
        }
    }
    line + &ending(ledger, author, reason)
}

/// The command that takes a correction back.
pub fn withdrawal(ledger: Option<&Path>, number: i64, author: Option<&str>, reason: Option<&str>) -> String {
    format!("demarche correct --withdraw {number}{}", ending(ledger, author, reason))
}

fn ending(ledger: Option<&Path>, author: Option<&str>, reason: Option<&str>) -> String {
    let mut line = format!(" --reason {}", quoted(reason.unwrap_or("why")));
    if let Some(author) = author {
        line += &format!(" --author {}", quoted(author));
    }
    let name = ledger.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    if let Some(name) = name.filter(|name| name != "demarche.db") {
        line += &format!(" --ledger {}", quoted(&name));
    }
    line
}

/// As one word of a shell, whatever it holds.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:+,@".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_string();
    }
    // A line that is pasted must not end early.
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_one_line_whatever_was_typed() {
        let acts = [Act::Change { field: "actors".to_string(), value: "USA/GOV, CHN".to_string() }];
        let line = command(Some(Path::new("/a/b.db")), "e-1", &acts, Some("O'Hara"), Some("two\nlines; $(rm)"));
        let set = "demarche correct e-1 --set 'actors=USA/GOV, CHN'";
        assert_eq!(line, format!(r"{set} --reason 'two lines; $(rm)' --author 'O'\''Hara' --ledger b.db"));
    }
}
