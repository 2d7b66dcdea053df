//! `demarche stories`: happenings with their reports, who is independent and who repeats whom.

use super::Exit;
use super::ask::{Asking, Out, Shape, words};
use super::code;
use super::output;
use crate::page::StoryPage;
use anyhow::Result;
use demarche_store::collect::story::StoryFound;
use demarche_store::format::{Cell, Kind};
use std::io::Write;

/// Arguments of `demarche stories`.
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
}

const EXAMPLES: &str = "Examples:
  demarche stories --from 2025-06-13 --until 2025-06-15 ISR-IRN
  demarche stories --min-origins 3 type:SANCTION
  demarche stories story:s-0123456789abcdef --format jsonl

A story is one happening: reports counts its documents, origins those that are independent of each other; each report
says why it is counted so.";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let asked = args.asking.open()?;
    let query = args.asking.query(&asked)?;
    let stories = asked.ledger.stories(&query, args.limit)?;
    if stories.is_empty() {
        return Ok(Exit::NothingFound);
    }
    match args.out.shape() {
        Shape::Table => {
            let mut out = args.out.open()?;
            let rows: Vec<Vec<String>> = stories.iter().map(row).collect();
            output::table(
                &mut out,
                &["first", "story", "what", "reports", "origins", "publishers", "words"],
                &rows,
                44,
            )?;
            out.flush()?;
        }
        Shape::Jsonl => {
            let mut out = args.out.open()?;
            stories.iter().try_for_each(|story| output::line(&mut out, &StoryPage::of(story)))?;
            out.flush()?;
        }
        _ => {
            let columns = [
                ("story", Kind::Text),
                ("first", Kind::Date),
                ("last", Kind::Date),
                ("reports", Kind::Int),
                ("origins", Kind::Int),
                ("lead", Kind::Text),
                ("publishers", Kind::Texts),
                ("words", Kind::Text),
            ];
            args.out.rows(&columns, |push| {
                for s in &stories {
                    push(vec![
                        Cell::Text(s.id.clone()),
                        Cell::Date(s.first),
                        Cell::Date(s.last),
                        Cell::Int(i64::from(s.reports)),
                        Cell::Int(i64::from(s.origins)),
                        Cell::Text(s.lead.entry.event.id.clone()),
                        Cell::Texts(s.sources.iter().map(|r| r.publisher.clone()).collect()),
                        words(s.lead.entry.sentence_text.as_deref()),
                    ])?;
                }
                Ok(())
            })?;
        }
    }
    Ok(Exit::Done)
}

fn row(story: &StoryFound) -> Vec<String> {
    let event = &story.lead.entry.event;
    let mut publishers: Vec<&str> = story.sources.iter().filter_map(|r| r.publisher.as_deref()).collect();
    publishers.dedup();
    let who = [code::parties(&event.actors), code::kind(event), code::parties(&event.recipients)].join(" ");
    vec![
        story.first.to_string(),
        story.id.clone(),
        who,
        story.reports.to_string(),
        story.origins.to_string(),
        publishers.join(", "),
        story.lead.entry.sentence_text.clone().unwrap_or_default(),
    ]
}
