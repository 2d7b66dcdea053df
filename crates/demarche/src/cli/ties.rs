//! `demarche ties`: what stands between two, and how what flows between them moves.

use super::Exit;
use super::ask::{Asked, Asking, Out, Shape, words};
use super::output;
use super::series::By;
use crate::ask::Reference;
use crate::page::{FlowRow, flow};
use anyhow::{Result, bail};
use demarche_core::{ActorSet, Interval};
use demarche_store::Query;
use demarche_store::collect::tie::Stated;
use demarche_store::format::{Cell, Kind};
use serde::Serialize;
use std::io::Write;

/// Arguments of `demarche ties`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    out: Out,
    /// The width of a row of the flow
    #[arg(long, value_enum, default_value = "month", value_name = "WIDTH")]
    by: By,
    /// Only what stands
    #[arg(long, conflicts_with = "flow")]
    standing: bool,
    /// Only how the flow moves
    #[arg(long)]
    flow: bool,
}

const EXAMPLES: &str = "Examples:
  demarche ties IND-PAK --from 2025-01
  demarche ties USA-IRN --by week --flow --format csv
  demarche ties RUS-CHN --standing

What stands comes from the tables (pacts, wars, disputes, groups in common) and from what reports state; each row says
which. The flow has cooperation above and conflict below: balance is the one less the other.";

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Line<'a> {
    Reference {
        #[serde(rename = "tie")]
        what: &'a str,
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        from: Option<jiff::civil::Date>,
        #[serde(skip_serializing_if = "Option::is_none")]
        until: Option<jiff::civil::Date>,
        source: &'a str,
    },
    Stated(&'a Stated),
    Flow(&'a FlowRow),
}

/// The two sides of the query's dyad, each with its id where the tables have it.
pub(crate) fn sides(query: &Query) -> Result<(&ActorSet, &ActorSet)> {
    match &query.pair {
        Some(pair) => Ok((&pair.source, &pair.target)),
        None => bail!("ties stand between two (hint: demarche ties IND-PAK)"),
    }
}

/// What the tables say of two sides in the days of a query.
pub(crate) fn reference(asked: &Asked, query: &Query, one: &ActorSet, other: Option<&ActorSet>) -> Vec<Reference> {
    let names = asked.names();
    let during = Interval { from: query.from, until: query.until };
    let Some(one) = names.id(&one.name) else { return Vec::new() };
    match other {
        Some(other) => {
            names.id(&other.name).map(|other| names.reference(&one, Some(&other), during)).unwrap_or_default()
        }
        None => names.reference(&one, None, during),
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let asked = args.asking.open()?;
    let query = args.asking.query(&asked)?;
    let (one, other) = sides(&query)?;
    let reference = reference(&asked, &query, one, Some(other));
    let stated = asked.ledger.stated(one, Some(other), query.from, query.until, query.known_on)?;
    let flow = flow(&asked.ledger.series(&query, args.by.width())?);
    let moving = flow.iter().any(|row| row.events > 0);
    if reference.is_empty() && stated.is_empty() && !moving {
        return Ok(Exit::NothingFound);
    }
    let (standing, flowing) = (!args.flow, !args.standing);
    match args.out.shape() {
        Shape::Jsonl => {
            let mut out = args.out.open()?;
            if standing {
                for r in &reference {
                    let (from, until) = (r.from, r.until);
                    output::line(
                        &mut out,
                        &Line::Reference { what: &r.kind, name: &r.name, from, until, source: &r.source },
                    )?;
                }
                stated.iter().try_for_each(|s| output::line(&mut out, &Line::Stated(s)))?;
            }
            if flowing {
                flow.iter().try_for_each(|row| output::line(&mut out, &Line::Flow(row)))?;
            }
            out.flush()?;
        }
        Shape::Table => {
            let mut out = args.out.open()?;
            if standing && !(reference.is_empty() && stated.is_empty()) {
                let mut rows: Vec<Vec<String>> = reference.iter().map(of_reference).collect();
                rows.extend(stated.iter().map(of_stated));
                output::table(&mut out, &["what stands", "name", "from", "until", "according to"], &rows, 60)?;
                writeln!(out)?;
            }
            if flowing {
                let rows: Vec<Vec<String>> = flow.iter().map(of_flow).collect();
                let header =
                    ["from", "events", "cooperation", "conflict", "verbal", "material", "balance", "intensity"];
                output::table(&mut out, &header, &rows, 60)?;
            }
            out.flush()?;
        }
        // Two tables do not fit one: columns of numbers are for the flow, unless only what stands is asked for.
        _ if args.standing => {
            let columns = [
                ("tie", Kind::Text),
                ("name", Kind::Text),
                ("from", Kind::Date),
                ("until", Kind::Date),
                ("reports", Kind::Int),
                ("source", Kind::Text),
                ("words", Kind::Text),
            ];
            let date = |day: Option<jiff::civil::Date>| day.map_or(Cell::Null, Cell::Date);
            args.out.rows(&columns, |push| {
                for r in &reference {
                    let cells = [words(Some(&*r.kind)), words(Some(&*r.name)), date(r.from), date(r.until), Cell::Null];
                    push(cells.into_iter().chain([words(Some(&*r.source)), Cell::Null]).collect())?;
                }
                for s in &stated {
                    let name = format!("{} – {}", s.subject, s.object);
                    let reports = Cell::Int(i64::from(s.reports));
                    let cells =
                        [words(Some(&*s.relation)), words(Some(name)), date(Some(s.first)), Cell::Null, reports];
                    push(cells.into_iter().chain([words(s.publisher.as_deref()), words(Some(&*s.words))]).collect())?;
                }
                Ok(())
            })?;
        }
        _ => {
            let numbers = ["events", "cooperation", "conflict", "verbal", "material", "balance"];
            let mut columns = vec![("from", Kind::Date), ("until", Kind::Date)];
            columns.extend(numbers.map(|name| (name, Kind::Int)));
            columns.push(("intensity", Kind::Real));
            args.out.rows(&columns, |push| {
                for row in &flow {
                    let numbers = [row.events, row.cooperation, row.conflict, row.verbal, row.material].map(i64::from);
                    let mut cells = vec![Cell::Date(row.from), Cell::Date(row.until)];
                    cells.extend(numbers.into_iter().chain([row.balance]).map(Cell::Int));
                    cells.push(row.intensity.map_or(Cell::Null, Cell::Real));
                    push(cells)?;
                }
                Ok(())
            })?;
        }
    }
    Ok(Exit::Done)
}

fn of_reference(r: &Reference) -> Vec<String> {
    let day = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    vec![r.kind.clone(), r.name.clone(), day(r.from), day(r.until), format!("the tables ({})", r.source)]
}

fn of_stated(s: &Stated) -> Vec<String> {
    let not = if s.stands { "" } else { "no " };
    let reports = if s.reports == 1 { "1 report".to_string() } else { format!("{} reports", s.reports) };
    let last = s.publisher.as_deref().map_or(String::new(), |p| format!(", last {p}"));
    vec![
        format!("{not}{}", s.relation),
        format!("{} – {}", s.subject, s.object),
        s.first.to_string(),
        String::new(),
        reports + &last,
    ]
}

fn of_flow(row: &FlowRow) -> Vec<String> {
    let numbers = [row.events, row.cooperation, row.conflict, row.verbal, row.material].map(|n| n.to_string());
    let mut cells = vec![row.from.to_string()];
    cells.extend(numbers);
    cells.push(format!("{:+}", row.balance));
    cells.push(row.intensity.map(|i| format!("{i:+.1}")).unwrap_or_default());
    cells
}
