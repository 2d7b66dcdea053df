//! `demarche events`: the events of a query, each with its words.

use super::Exit;
use super::ask::{Asking, Out, Shape};
use super::code;
use super::output;
use crate::page::EventRow;
use anyhow::Result;
use demarche_core::Codes;
use demarche_store::Stored;
use demarche_store::format::{Target, named};
use std::io::Write;

/// Arguments of `demarche events`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    out: Out,
    /// The latest N alone
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How many there are, and nothing else
    #[arg(long)]
    count: bool,
}

const EXAMPLES: &str = "Examples:
  demarche events RUS-UKR --from 2025-06 --until 2025-07
  demarche events 'USA>CHN' type:SANCTION,THREATEN
  demarche events actor:NATO class:material-conflict country:UKR --format csv
  demarche events '\"peace talks\" actor:\"Marco Rubio\"' --min-origins 2
  demarche events IND-PAK --as-known-on 2025-05-10";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let asked = args.asking.open()?;
    let query = args.asking.query(&asked)?;
    if args.count {
        let count = asked.ledger.count(&query)?;
        writeln!(output::stdout(), "{count}")?;
        return Ok(if count == 0 { Exit::NothingFound } else { Exit::Done });
    }
    let rows = asked.ledger.rows(&query, args.limit)?;
    if rows.is_empty() {
        return Ok(Exit::NothingFound);
    }
    let mut out = args.out.open()?;
    match args.out.shape() {
        Shape::Table => {
            let cells: Vec<Vec<String>> = rows.iter().map(row).collect();
            output::table(&mut out, &["date", "who", "did", "to whom", "place", "publisher", "words"], &cells, 44)?;
        }
        Shape::Jsonl => {
            for stored in &rows {
                output::line(&mut out, &EventRow::of(stored))?;
            }
        }
        shape => {
            let name = if shape == Shape::Csv { "csv" } else { "parquet" };
            let format = named(name).ok_or_else(|| anyhow::anyhow!("no format {name}"))?;
            let mut entries = rows.into_iter().map(|stored| Ok::<_, demarche_store::Error>(stored.entry));
            format.write(&mut entries, Target::Stream(&mut out), &Codes::default())?;
        }
    }
    out.flush()?;
    Ok(Exit::Done)
}

fn row(stored: &Stored) -> Vec<String> {
    let event = &stored.entry.event;
    let day = event.when.and_then(|w| w.interval.from).map(|d| d.to_string()).unwrap_or_default();
    vec![
        day,
        code::parties(&event.actors),
        code::kind(event),
        code::parties(&event.recipients),
        event.place.as_ref().map(|p| p.name.clone()).unwrap_or_default(),
        stored.entry.publisher.clone().unwrap_or_default(),
        stored.entry.sentence_text.clone().unwrap_or_default(),
    ]
}
