//! `demarche correct`: what a person says of an event, kept beside what the coder said.

use super::code::{engine, kind, parties};
use super::ledger::LedgerFile;
use super::output::{self, Format};
use super::{Exit, STOP};
use crate::amend::{Amendment, Grouping, amend};
use anyhow::{Result, bail};
use demarche_core::{ActorRef, Basis, Event};
use demarche_store::{Act, Correction, Ledger};
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `demarche correct`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The event
    #[arg(value_name = "EVENT")]
    event: Option<String>,
    #[command(flatten)]
    ledger: LedgerFile,
    /// It did not happen as coded: it no longer counts
    #[arg(long, conflicts_with_all = ["accept", "set"])]
    reject: bool,
    /// It is right: it stays, whatever a later coder finds
    #[arg(long)]
    accept: bool,
    /// One field is otherwise; may be given several times
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who says so [default: the name of the user]
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Show all corrections
    #[arg(long, conflicts_with = "event")]
    list: bool,
    /// Take a correction back, by its number
    #[arg(long, value_name = "N", conflicts_with = "event")]
    withdraw: Option<i64>,
    /// Write the corrected sentences as a golden page for tests
    #[arg(long, conflicts_with = "event")]
    golden: bool,
    /// A folder of tables laid over the built-in ones, for --withdraw
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Shape of the list [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
}

const EXAMPLES: &str = "Examples:
  demarche correct e-54b29fe592919ed3 --reject --reason 'a film review'
  demarche correct e-54b29fe592919ed3 --set type=AID --set mode=none --set recipients=UKR/GOV --reason 'the loan'
  demarche correct --list
  demarche correct --golden > corrections.md

Fields: type, mode, cameo, intensity, polarity, modality, tense, from, until, actors, recipients.";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    if args.list || args.golden {
        let ledger = args.ledger.read()?;
        let all = ledger.corrections()?;
        let mut out = output::stdout();
        if args.golden {
            golden(&mut out, &ledger, &all)?
        } else {
            list(&mut out, &all, output::format(args.format))?
        }
        out.flush()?;
        return Ok(if all.is_empty() { Exit::NothingFound } else { Exit::Done });
    }
    let author = args.author.clone().or_else(|| std::env::var("USER").ok().filter(|name| !name.is_empty()));
    let Some(author) = author else { bail!("who says so? (hint: --author NAME)") };
    let Some(reason) = args.reason.clone().filter(|r| !r.trim().is_empty()) else {
        bail!("why? (hint: --reason TEXT; a correction without a reason helps nobody)")
    };
    let ledger = args.ledger.change()?;
    if let Some(number) = args.withdraw {
        let engine = std::mem::ManuallyDrop::new(engine(args.data.as_ref())?);
        let what = Amendment::Withdraw { number, engine: &engine, stop: &STOP };
        amend(&ledger, &what, &author, &reason, Grouping::Now)?;
        return Ok(Exit::Done);
    }
    let Some(event) = &args.event else { bail!("which event? (hint: `demarche events` shows their ids)") };
    let mut acts = Vec::new();
    if args.reject {
        acts.push(Act::Reject);
    }
    for set in &args.set {
        let Some((field, value)) = set.split_once('=') else { bail!("{set}: FIELD=VALUE is wanted") };
        acts.push(Act::Change { field: field.trim().to_string(), value: value.to_string() });
    }
    if args.accept {
        acts.push(Act::Accept);
    }
    if acts.is_empty() {
        bail!("what of it? (hint: --reject, --accept or --set FIELD=VALUE)");
    }
    amend(&ledger, &Amendment::Correct { event, acts: &acts }, &author, &reason, Grouping::Now)?;
    Ok(Exit::Done)
}

fn list(out: &mut impl Write, all: &[Correction], format: Format) -> Result<()> {
    if format == Format::Jsonl {
        for c in all {
            let line = serde_json::json!({
                "kind": "correction", "number": c.key, "run": c.run, "at": c.at, "author": c.author,
                "reason": c.reason, "act": c.act.to_string(), "event": c.event, "before": c.before, "withdrawn": c.withdrawn,
            });
            output::line(out, &line)?;
        }
        return Ok(());
    }
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|c| {
            let before = format!("{} {} {}", parties(&c.before.actors), kind(&c.before), parties(&c.before.recipients));
            let withdrawn = if c.withdrawn.is_some() { " (withdrawn)" } else { "" };
            let act = format!("{}{withdrawn}", c.act);
            vec![c.key.to_string(), c.at.clone(), c.author.clone(), c.event.clone(), act, before, c.reason.clone()]
        })
        .collect();
    output::table(out, &["number", "at", "author", "event", "act", "was", "reason"], &rows, 40)
}

/// The corrected events as golden pages have them: the sentence, and what is expected of it.
fn golden(out: &mut impl Write, ledger: &Ledger, all: &[Correction]) -> Result<()> {
    writeln!(out, "# Corrections\n\nSentences whose coding a person corrected, and what is expected of them.")?;
    let mut seen = std::collections::BTreeSet::new();
    for c in all.iter().filter(|c| c.withdrawn.is_none()) {
        let (Some(document), true) = (c.document, seen.insert(c.event.clone())) else { continue };
        let stored = ledger.stored_document(document)?;
        let sentence = c.before.evidence.first().map(|e| e.span).and_then(|span| sentence(&stored.text, span.start));
        let date = stored.record.published.map(|d| format!(" date={d}")).unwrap_or_default();
        let in_force = ledger.event_in_force(&c.event)?.filter(|stored| stored.correction.is_some());
        let expected = in_force.map_or("none".to_string(), |stored| line(&stored.entry.event));
        writeln!(
            out,
            "\n{} ({}, {}).\n\n```article{date}\n{}\n```",
            c.reason,
            c.author,
            c.at,
            sentence.unwrap_or_default()
        )?;
        writeln!(out, "\n```events\n{expected}\n```")?;
    }
    Ok(())
}

/// The paragraph's sentence around a byte, as far as stops tell.
fn sentence(text: &str, at: u32) -> Option<&str> {
    let at = at as usize;
    let before = text.get(..at)?;
    let start = before.rfind(['\n']).map_or(0, |p| p + 1).max(before.rfind(". ").map_or(0, |p| p + 2));
    let rest = &text[at..];
    let end = at + rest.find(". ").map_or(rest.len(), |p| p + 1).min(rest.find('\n').unwrap_or(rest.len()));
    Some(text[start..end].trim())
}

/// One line of a golden page's `events` block.
fn line(event: &Event) -> String {
    let party = |a: &ActorRef| {
        let code = a.code.as_deref().unwrap_or("?");
        a.sector.map_or(code.to_string(), |sector| format!("{code}/{sector}"))
    };
    let side = |list: &[ActorRef]| {
        if list.is_empty() { "-".to_string() } else { list.iter().map(party).collect::<Vec<_>>().join("+") }
    };
    let mode = event.mode.map(|m| format!(".{m}")).unwrap_or_default();
    let mut text = format!("{} {}{mode} {}", side(&event.actors), event.event_type, side(&event.recipients));
    if let Some(when) = event.when.filter(|w| !matches!(w.basis, Basis::Publication | Basis::LatestInText)) {
        let from = when.interval.from.map_or("..".to_string(), |d| d.to_string());
        text += &format!("  when={from}({:?},{:?})", when.precision, when.basis);
    }
    if let Some(place) = &event.place {
        text += &format!(" in={}", place.name.replace(' ', "_"));
    }
    if let Some(speaker) = event.attribution.as_ref().and_then(|a| a.speaker.as_ref()) {
        text += &format!(" said-by={}", party(speaker));
    }
    let trigger = event.evidence.first().map_or("", |e| e.text.as_str());
    text + &format!("  {}  \"{trigger}\"", format!("{:?} {:?}", event.polarity, event.modality).to_lowercase())
}
