//! `demarche who`: a name, resolved on a date.

use super::Exit;
use super::code::engine;
use super::output::{self, Format};
use anyhow::Result;
use demarche_coder::{Coder, StateIds, Who};
use jiff::civil::Date;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `demarche who`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A name as news writes it, or one of our ids
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    /// The day that is asked for
    #[arg(long, value_name = "DATE")]
    on: Date,
    /// The state that the name is met with: of several bearers its own come first
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// Shape of the output [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let engine = engine(args.data.as_ref())?;
    let coder = Coder::new(engine.knowledge());
    let mut out = output::stdout();
    let format = output::format(args.format);
    let mut missing = 0;
    let mut rows = Vec::new();
    for name in &args.names {
        match coder.who(name, args.on, args.country.as_deref()) {
            Some(who) if format == Format::Jsonl => output::line(&mut out, &who)?,
            Some(who) => rows.push(row(&who)),
            None => {
                missing += 1;
                eprintln!("demarche: {name}: no such name in the tables");
            }
        }
    }
    const HEADER: [&str; 9] = ["name", "id", "kind", "code", "offices", "memberships", "others", "ids", "ties"];
    match format {
        Format::Table if !rows.is_empty() => output::table(&mut out, &HEADER, &rows, 60)?,
        Format::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(HEADER)?;
            rows.iter().try_for_each(|r| csv.write_record(r))?;
            csv.flush()?;
        }
        _ => {}
    }
    out.flush()?;
    Ok(if missing == args.names.len() { Exit::NothingFound } else { Exit::Done })
}

/// "IR COW 630 GW 630 FIPS IR Q794".
fn ids(ids: &StateIds) -> String {
    let number = |scheme: &str, n: Option<u16>| n.map(|n| format!("{scheme} {n}"));
    let fips = ids.fips.as_ref().map(|code| format!("FIPS {code}"));
    let parts = [ids.iso2.clone(), number("COW", ids.cow), number("GW", ids.gw), fips, ids.wikidata.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn row(who: &Who) -> Vec<String> {
    let open = |d: Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
    vec![
        who.name.clone(),
        who.id.to_string(),
        who.kind.clone(),
        who.plover_code.clone().unwrap_or_default(),
        who.offices
            .iter()
            .map(|o| format!("{} of {} {}–{}", o.title, o.of, open(o.interval.from), open(o.interval.until)))
            .collect::<Vec<_>>()
            .join("; "),
        who.memberships.iter().map(|m| m.group.clone()).collect::<Vec<_>>().join(" "),
        who.candidates.iter().map(|c| c.to_string()).collect::<Vec<_>>().join(" "),
        who.ids.as_ref().map_or_else(String::new, ids),
        who.ties.iter().map(|t| format!("{} {}", t.kind, t.name)).collect::<Vec<_>>().join("; "),
    ]
}
