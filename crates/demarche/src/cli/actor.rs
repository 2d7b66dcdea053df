//! `demarche actor`: one actor, as the tables and the ledger know it.

use super::Exit;
use super::ask::{Asked, Asking, Out, Shape};
use super::output;
use crate::page::actor::{ActorPage, itself};
use anyhow::{Result, bail};
use demarche_core::ActorSet;
use demarche_store::Query;
use std::io::Write;

/// Arguments of `demarche actor`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    out: Out,
    /// Rows of each list
    #[arg(long, value_name = "N", default_value_t = 10)]
    top: usize,
}

const EXAMPLES: &str = "Examples:
  demarche actor RUS --from 2025
  demarche actor \"Marco Rubio\"
  demarche actor NATO --from 2025-06 --until 2025-07 --format jsonl";

/// A query that is a name and nothing else: that actor.
pub(crate) fn named(asking: &Asking, asked: &Asked) -> Result<(ActorSet, Query)> {
    let line = asking.line();
    let whole = asked.names().set(line.trim_matches('"'));
    let mut query = match &whole {
        // The options are still the query's.
        Some(_) => asking.without_words().query(asked)?,
        None => asking.query(asked)?,
    };
    let mut actors = std::mem::take(&mut query.actors);
    match (whole, actors.pop()) {
        (Some(actor), _) => Ok((actor, query)),
        (None, Some(actor)) if actors.is_empty() => Ok((actor, query)),
        _ => bail!("nobody known as {line} (hint: one name, code or id; `demarche who` finds them)"),
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let asked = args.asking.open()?;
    let (actor, query) = named(&args.asking, &asked)?;
    let actor = itself(actor);
    let page = ActorPage::of(&asked.ledger, &asked.names(), &actor, &query, args.top, false)?;
    if page.first.is_none() && page.statements.is_empty() {
        return Ok(Exit::NothingFound);
    }
    match args.out.shape() {
        Shape::Jsonl => {
            let mut out = args.out.open()?;
            output::line(&mut out, &page)?;
            out.flush()?;
        }
        Shape::Table => table(args, &page)?,
        _ => bail!("an actor is no table (hint: --format jsonl; `demarche events actor:{}` gives rows)", actor.name),
    }
    Ok(Exit::Done)
}

fn table(args: &Args, page: &ActorPage) -> Result<()> {
    let mut out = args.out.open()?;
    let id = page.id.as_ref().map_or(String::new(), |id| format!(" ({id})"));
    writeln!(out, "{}{id}{}", page.name, page.is.map_or(String::new(), |kind| format!(", {kind}")))?;
    let mut list = |what: &str, items: Vec<String>| -> Result<()> {
        if !items.is_empty() {
            writeln!(out, "{what}: {}", output::plain(&items.join("; ")))?;
        }
        Ok(())
    };
    list("called", page.called.iter().map(|(words, n)| format!("{words} {n}")).collect())?;
    list("offices", page.offices.clone())?;
    list("belongs to", page.memberships.clone())?;
    list("ties", page.ties.iter().map(|t| format!("{}: {}", t.kind, t.name)).collect())?;
    let mix = |sums: &std::collections::BTreeMap<&str, u32>| -> Vec<String> {
        let mut all: Vec<_> = sums.iter().collect();
        all.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
        all.into_iter().map(|(name, n)| format!("{name} {n}")).collect()
    };
    list("does", mix(&page.does))?;
    list("receives", mix(&page.receives))?;
    for (partners, what) in [(&page.partners, "partner"), (&page.others, "other partner")] {
        if partners.is_empty() {
            continue;
        }
        writeln!(out)?;
        let row = |p: &crate::page::actor::PartnerRow| {
            let numbers = [p.out, p.received, p.cooperation, p.conflict].map(|n| n.to_string());
            [vec![p.name.clone(), p.id.clone().unwrap_or_default()], numbers.to_vec()].concat()
        };
        let rows: Vec<Vec<String>> = partners.iter().map(row).collect();
        output::table(&mut out, &[what, "id", "toward", "from", "cooperation", "conflict"], &rows, 40)?;
    }
    if !page.statements.is_empty() {
        writeln!(out)?;
        let row = |s: &crate::page::actor::Saying| vec![s.day.to_string(), s.speaker.clone(), s.said.clone()];
        let rows: Vec<Vec<String>> = page.statements.iter().map(row).collect();
        output::table(&mut out, &["day", "speaker", "says"], &rows, 80)?;
    }
    Ok(out.flush()?)
}
