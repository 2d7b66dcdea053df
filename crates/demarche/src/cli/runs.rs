//! `demarche diff`: what changed between two runs of a ledger, and because of what.

use super::Exit;
use super::code::{kind, parties, standing};
use super::ledger::LedgerFile;
use super::output::{self, Format};
use anyhow::Result;
use demarche_store::{Difference, Run, RunDiff, Stored};
use std::collections::BTreeMap;
use std::io::Write;

/// Arguments of `demarche diff`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The earlier run, and the later one; without them, the runs of the ledger are shown
    #[arg(value_name = "RUN", num_args = 0..=2)]
    runs: Vec<i64>,
    #[command(flatten)]
    ledger: LedgerFile,
    /// Shape of the output [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// How many examples of each kind a table shows
    #[arg(long, value_name = "N", default_value_t = 5)]
    examples: usize,
}

const EXAMPLES: &str = "Examples:
  demarche diff                           the runs, with the versions behind each
  demarche diff 1 2                       counts by cause, with examples
  demarche diff 1 2 --format jsonl        every event that came, ended or changed";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let ledger = args.ledger.read()?;
    let format = output::format(args.format);
    let mut out = output::stdout();
    let [from, to] = args.runs[..] else {
        if args.runs.len() == 1 {
            anyhow::bail!("two runs are wanted, the earlier one first (hint: `demarche diff` without any shows them)");
        }
        let runs = ledger.runs()?;
        list(&mut out, &runs, format)?;
        out.flush()?;
        return Ok(if runs.is_empty() { Exit::NothingFound } else { Exit::Done });
    };
    let diff = ledger.diff(from, to)?;
    match format {
        Format::Table => table(&mut out, &diff, args.examples)?,
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(["change", "cause", "event", "document", "fields", "old", "new"])?;
            for d in &diff.differences {
                csv.write_record(cells(d))?;
            }
            csv.flush()?;
        }
        _ => {
            for d in &diff.differences {
                output::line(&mut out, &json(d))?;
            }
        }
    }
    out.flush()?;
    Ok(if diff.differences.is_empty() { Exit::NothingFound } else { Exit::Done })
}

fn list(out: &mut impl Write, runs: &[Run], format: Format) -> Result<()> {
    if format == Format::Jsonl {
        return runs.iter().try_for_each(|run| output::line(out, run));
    }
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|r| {
            let ended = r.ended.clone().unwrap_or("interrupted".to_string());
            let who = if r.author.is_some() { text(&r.author) } else { text(&r.command) };
            vec![r.run.to_string(), r.kind.clone(), r.started.clone(), ended, text(&r.coder), text(&r.tables), who]
        })
        .collect();
    output::table(out, &["run", "kind", "started", "ended", "coder", "tables", "command or author"], &rows, 40)
}

/// "China (CHN GOV) SANCTION restrict United States (USA GOV) [planned]".
fn shown(stored: Option<&Stored>) -> String {
    let Some(stored) = stored else { return String::new() };
    let event = &stored.entry.event;
    let standing = standing(event);
    let standing = if standing.is_empty() { standing } else { format!("[{standing}]") };
    let parts = [parties(&event.actors), kind(event), parties(&event.recipients), standing];
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
}

fn cells(d: &Difference) -> [String; 7] {
    let one = d.new.as_ref().or(d.old.as_ref());
    let of = |field: fn(&Stored) -> String| one.map(field).unwrap_or_default();
    [
        d.change().as_str().to_string(),
        d.cause.as_str().to_string(),
        of(|s| s.entry.event.id.clone()),
        of(|s| s.entry.event.document.to_string()),
        d.fields.join("; "),
        shown(d.old.as_ref()),
        shown(d.new.as_ref()),
    ]
}

fn json(d: &Difference) -> serde_json::Value {
    let event = |s: &Option<Stored>| s.as_ref().map(|s| &s.entry.event).map(|e| serde_json::json!(e));
    let mut all = serde_json::Map::new();
    all.insert("kind".into(), "difference".into());
    all.insert("change".into(), d.change().as_str().into());
    all.insert("cause".into(), d.cause.as_str().into());
    if !d.fields.is_empty() {
        all.insert("fields".into(), serde_json::json!(d.fields));
    }
    for (name, side) in [("old", &d.old), ("new", &d.new)] {
        if let Some(event) = event(side) {
            all.insert(name.into(), event);
        }
    }
    all.into()
}

fn table(out: &mut impl Write, diff: &RunDiff, examples: usize) -> Result<()> {
    let mut groups: BTreeMap<(&str, &str), Vec<&Difference>> = BTreeMap::new();
    for d in &diff.differences {
        groups.entry((d.change().as_str(), d.cause.as_str())).or_default().push(d);
    }
    if groups.is_empty() {
        writeln!(out, "no event differs between run {} and run {}", diff.from.run, diff.to.run)?;
        return Ok(());
    }
    let rows: Vec<Vec<String>> = groups
        .iter()
        .map(|((change, cause), all)| vec![(*change).to_string(), (*cause).to_string(), all.len().to_string()])
        .collect();
    output::table(out, &["change", "cause", "events"], &rows, 40)?;
    for ((change, cause), all) in &groups {
        writeln!(out, "\n{change} because of {cause}")?;
        for d in all.iter().take(examples) {
            let [_, _, id, _, fields, old, new] = cells(d).map(|c| output::plain(&c));
            let what = match (&d.old, &d.new) {
                (Some(_), Some(_)) if old == new => format!("{new} ({fields})"),
                (Some(_), Some(_)) => format!("{old}  →  {new} ({fields})"),
                _ => format!("{old}{new}"),
            };
            writeln!(out, "  {id}  {what}")?;
            let words = d.new.as_ref().or(d.old.as_ref()).and_then(|s| s.entry.sentence_text.as_deref());
            if let Some(words) = words {
                writeln!(out, "      {}", output::plain(words))?;
            }
        }
        if all.len() > examples {
            writeln!(out, "  and {} more", all.len() - examples)?;
        }
    }
    Ok(())
}
