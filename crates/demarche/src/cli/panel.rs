//! `demarche panel`: states or ordered pairs of states by month or year, with explicit zeros, for statistics.

use super::Exit;
use super::ask::{Asked, Asking, Out};
use super::series::{Measure, borrowed, count};
use anyhow::{Result, bail};
use demarche_core::{Designation, Interval};
use demarche_store::collect::panel::{PanelRow, PanelSpec, Unit};
use demarche_store::collect::series::Width;
use demarche_store::format::{Cell, Kind};
use std::collections::BTreeMap;

/// Arguments of `demarche panel`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    out: Out,
    /// What has a row
    #[arg(long, value_enum, default_value = "dyad-month")]
    unit: Of,
    /// How states are written
    #[arg(long, value_enum, default_value = "iso3")]
    codes: Codes,
    /// What is counted
    #[arg(long, value_enum, default_value = "quad", value_name = "WHAT")]
    measure: Measure,
    /// Only these states, or the members of these groups: RUS,UKR,NATO
    #[arg(long, value_name = "LIST", value_delimiter = ',')]
    states: Vec<String>,
}

const EXAMPLES: &str = "Examples:
  demarche panel --unit dyad-month --codes cow --from 2010 --until 2025 --measure quad -o panel.parquet
  demarche panel --unit country-month --codes gw --format csv
  demarche panel --states G7,BRICS --unit dyad-year type:SANCTION

Rows are directed: France to Germany is another row than Germany to France. A state has rows for the time in which it
existed, and a zero is a row. documents, sentences and all_events say how much was read at all.";

/// What has a row.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Of {
    DyadMonth,
    DyadYear,
    CountryMonth,
    CountryYear,
}

/// How states are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Codes {
    /// ISO 3166 alpha-3
    Iso3,
    /// Numbers of the Correlates of War project
    Cow,
    /// Numbers of Gleditsch and Ward
    Gw,
}

impl Codes {
    /// The column's name, as R's packages have it.
    fn column(self) -> &'static str {
        match self {
            Codes::Iso3 => "iso3c",
            Codes::Cow => "ccode",
            Codes::Gw => "gwcode",
        }
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let asked = args.asking.open()?;
    let mut query = args.asking.query(&asked)?;
    // News speaks of distant years too; a panel is of the time that was read, unless another is asked for.
    if let Some((first, last)) = asked.ledger.read_span()? {
        query.from = query.from.or(Some(first.first_of_month()));
        query.until = query.until.or(last.last_of_month().tomorrow().ok());
    }
    if query.pair.is_some() || !query.actors.is_empty() {
        bail!("a panel has all states (hint: --states RUS,UKR narrows it; a dyad alone is a series)");
    }
    let dyads = matches!(args.unit, Of::DyadMonth | Of::DyadYear);
    let monthly = matches!(args.unit, Of::DyadMonth | Of::CountryMonth);
    let width = if monthly { Width::Month } else { Width::Year };
    let spec = PanelSpec { units: units(args, &asked, query.from)?, dyads, width };
    let number = if args.codes == Codes::Iso3 { Kind::Text } else { Kind::Int };
    let code = args.codes.column();
    let mut columns = Vec::new();
    if dyads {
        columns.extend([1, 2].map(|n| (format!("{code}{n}"), number)));
    } else {
        columns.push((code.to_string(), number));
    }
    columns.push(("year".to_string(), Kind::Int));
    if monthly {
        columns.push(("month".to_string(), Kind::Int));
    }
    columns.extend(args.measure.columns(""));
    if !dyads {
        columns.extend(args.measure.columns("received_"));
    }
    columns.extend(["documents", "sentences", "all_events"].map(|name| (name.to_string(), Kind::Int)));
    let written = |code: &str| match number {
        Kind::Int => code.parse().map_or(Cell::Null, Cell::Int),
        _ => Cell::Text(code.to_string()),
    };
    let cells = |row: &PanelRow<'_>| -> Vec<Cell> {
        let mut cells = vec![written(row.source)];
        cells.extend(row.target.map(written));
        cells.push(Cell::Int(i64::from(row.from.year())));
        cells.extend(monthly.then(|| Cell::Int(i64::from(row.from.month()))));
        cells.extend(args.measure.cells(row.sums));
        cells.extend(row.received.into_iter().flat_map(|sums| args.measure.cells(sums)));
        cells.extend([count(row.exposure.documents), count(row.exposure.sentences), count(row.all_events)]);
        cells
    };
    let rows = args
        .out
        .rows(&borrowed(&columns), |push| Ok(asked.ledger.panel(&query, &spec, &mut |row| push(cells(row)))?))?;
    Ok(if rows == 0 { Exit::NothingFound } else { Exit::Done })
}

/// The states of the panel by their code, in its order. One that the scheme has no number for has no row.
fn units(args: &Args, asked: &Asked, from: Option<jiff::civil::Date>) -> Result<Vec<Unit>> {
    let names = asked.names();
    let mut wanted: BTreeMap<String, Interval> = BTreeMap::new();
    for name in &args.states {
        let Some(set) = names.set(name) else { bail!("--states: nobody known as {name}") };
        for member in set.members {
            let current = member.interval.until.is_none_or(|until| from.is_none_or(|from| from < until));
            if let Designation::Code(code) = member.who
                && current
            {
                wanted.insert(code, member.interval);
            }
        }
    }
    let mut units: BTreeMap<(u16, String), Unit> = BTreeMap::new();
    let mut left_out = Vec::new();
    for state in &asked.knowledge.tables().states {
        // Membership in a group bounds the rows of its members only where one left before the panel begins.
        if !args.states.is_empty() && !wanted.contains_key(&state.id) {
            continue;
        }
        let number = match args.codes {
            Codes::Iso3 => None,
            Codes::Cow => state.cow,
            Codes::Gw => state.gw,
        };
        // Territories, which no list of states numbers, are no units of a panel unless asked for by name.
        let sovereign = state.cow.is_some() || state.gw.is_some() || !args.states.is_empty();
        let key = match (args.codes, number) {
            (Codes::Iso3, _) if sovereign => (0, state.id.clone()),
            (Codes::Iso3, _) => continue,
            (_, Some(number)) => (number, String::new()),
            (_, None) => {
                if !args.states.is_empty() {
                    left_out.push(state.id.as_str());
                }
                continue;
            }
        };
        let code = if key.1.is_empty() { key.0.to_string() } else { key.1.clone() };
        let unit = units.entry(key).or_insert_with(|| Unit { code, states: Vec::new() });
        unit.states.push((state.id.clone(), state.interval));
    }
    if !left_out.is_empty() {
        eprintln!("demarche: without a number in this scheme, and so without a row: {}", left_out.join(" "));
    }
    if units.is_empty() {
        bail!("--states: none of them is a state with a code in this scheme");
    }
    Ok(units.into_values().collect())
}
