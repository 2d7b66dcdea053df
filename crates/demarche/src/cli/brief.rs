//! `demarche brief`: a briefing on two parties or on one, in Markdown or HTML.

use super::Exit;
use super::actor::named;
use super::ask::Asking;
use super::output;
use crate::page::brief::{Asked, Brief};
use crate::page::{brief_html, brief_markdown};
use anyhow::{Context, Result};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments of `demarche brief`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asking: Asking,
    /// Shape of the briefing [default: the ending of --output, or Markdown]
    #[arg(long, value_enum)]
    format: Option<Shape>,
    /// A file instead of standard output; the plot of a Markdown file stands beside it, as an SVG file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Happenings of each month
    #[arg(long, value_name = "N", default_value_t = 4)]
    top: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shape {
    Markdown,
    Html,
}

const EXAMPLES: &str = "Examples:
  demarche brief RUS-UKR --from 2025-01
  demarche brief IND-PAK --from 2025-04 --until 2025-07 -o india-pakistan.html
  demarche brief Sudan --from 2025 --top 6 -o sudan.md
  demarche brief ISR-IRN --as-known-on 2025-06-20 --min-origins 2

Every sentence of a briefing is a count of the ledger or the words of a report.";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let opened = args.asking.open()?;
    let line = args.asking.line();
    let whole = opened.names().set(line.trim_matches('"')).is_some();
    let (mut query, one, other) = if whole {
        let (actor, query) = named(&args.asking, &opened)?;
        (query, actor, None)
    } else {
        let query = args.asking.query(&opened)?;
        match query.pair.clone() {
            Some(pair) => (query, pair.source, Some(pair.target)),
            None => {
                let (actor, query) = named(&args.asking, &opened)?;
                (query, actor, None)
            }
        }
    };
    if other.is_none() {
        query.actors = vec![one.clone()];
    }
    let command = format!("demarche brief {}", std::env::args().skip(2).collect::<Vec<_>>().join(" "));
    let asked = Asked { query, one, other, top: args.top.max(1), command };
    let Some(brief) = Brief::of(&opened.ledger, &opened.names(), &asked)? else { return Ok(Exit::NothingFound) };
    let ending = args.output.as_ref().and_then(|path| path.extension()?.to_str());
    let of_file = if matches!(ending, Some("html" | "htm")) { Shape::Html } else { Shape::Markdown };
    let text = match args.format.unwrap_or(of_file) {
        Shape::Html => brief_html::html(&brief),
        Shape::Markdown => {
            let plot = args.output.as_deref().map(|path| path.with_extension("svg"));
            if let Some(path) = &plot {
                write(path, &brief.plot)?;
            }
            let name = plot.as_ref().and_then(|path| path.file_name()?.to_str());
            brief_markdown::markdown(&brief, name)
        }
    };
    match &args.output {
        Some(path) => write(path, &text)?,
        None => {
            let mut out = output::stdout();
            out.write_all(text.as_bytes())?;
            out.flush()?;
        }
    }
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| path.display().to_string())
}
