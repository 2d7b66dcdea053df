//! `demarche series`: how many events a day, week, month, quarter or year.

use super::Exit;
use super::ask::{Asking, Out};
use anyhow::Result;
use demarche_core::EventType;
use demarche_store::collect::series::{Bin, Width};
use demarche_store::collect::{CLASS_NAMES, Sums};
use demarche_store::format::{Cell, Column, Kind};

/// Arguments of `demarche series`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    out: Out,
    /// The width of a row
    #[arg(long, value_enum, default_value = "month", value_name = "WIDTH")]
    by: By,
    /// What is counted
    #[arg(long, value_enum, default_value = "quad", value_name = "WHAT")]
    measure: Measure,
}

const EXAMPLES: &str = "Examples:
  demarche series RUS-UKR --from 2025-01 --until 2026-01
  demarche series 'CHN>TWN' --by week --format csv
  demarche series actor:NATO class:verbal --by quarter -o nato.parquet
  demarche series --by year --measure type

A month without an event is a row of zeros; documents and sentences say how much was read in it.";

/// Widths of rows.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum By {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl By {
    pub(crate) fn width(self) -> Width {
        match self {
            By::Day => Width::Day,
            By::Week => Width::Week,
            By::Month => Width::Month,
            By::Quarter => Width::Quarter,
            By::Year => Width::Year,
        }
    }
}

/// What rows count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Measure {
    /// The four quad classes
    Quad,
    /// PLOVER's sixteen types
    Type,
}

impl Measure {
    /// Columns of sums, each with this before its name.
    pub(crate) fn columns(self, before: &str) -> Vec<(String, Kind)> {
        let counted: Vec<String> = match self {
            Measure::Quad => CLASS_NAMES.iter().map(|name| (*name).to_string()).collect(),
            Measure::Type => EventType::ALL.iter().map(|t| t.as_str().to_lowercase()).collect(),
        };
        let counts =
            std::iter::once("events".to_string()).chain(counted).map(|name| (format!("{before}{name}"), Kind::Int));
        let intensity = ["intensity", "intensity_sum"].map(|name| (format!("{before}{name}"), Kind::Real));
        counts.chain(intensity).collect()
    }

    /// Their cells; the mean intensity of nothing is absent.
    pub(crate) fn cells(self, sums: &Sums) -> impl Iterator<Item = Cell> {
        let counted: Vec<u32> = match self {
            Measure::Quad => sums.classes().to_vec(),
            Measure::Type => EventType::ALL.iter().map(|&t| sums.of(t)).collect(),
        };
        let counts = std::iter::once(sums.events()).chain(counted).map(|n| Cell::Int(i64::from(n)));
        counts.chain([sums.intensity().map_or(Cell::Null, Cell::Real), Cell::Real(sums.intensity_sum())])
    }
}

/// Names borrowed, as the writers take them.
pub(crate) fn borrowed(columns: &[(String, Kind)]) -> Vec<Column<'_>> {
    columns.iter().map(|(name, kind)| (name.as_str(), *kind)).collect()
}

pub(crate) fn count(number: u64) -> Cell {
    Cell::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let asked = args.asking.open()?;
    let query = args.asking.query(&asked)?;
    let bins = asked.ledger.series(&query, args.by.width())?;
    if bins.iter().all(|bin| bin.sums.events() == 0) {
        return Ok(Exit::NothingFound);
    }
    let mut columns = vec![("from".to_string(), Kind::Date), ("until".to_string(), Kind::Date)];
    columns.extend(args.measure.columns(""));
    columns.extend(["documents", "sentences"].map(|name| (name.to_string(), Kind::Int)));
    let row = |bin: &Bin| -> Vec<Cell> {
        let read = [count(bin.exposure.documents), count(bin.exposure.sentences)];
        [Cell::Date(bin.from), Cell::Date(bin.until)]
            .into_iter()
            .chain(args.measure.cells(&bin.sums))
            .chain(read)
            .collect()
    };
    args.out.rows(&borrowed(&columns), |push| Ok(bins.iter().try_for_each(|bin| push(row(bin)))?))?;
    Ok(Exit::Done)
}
