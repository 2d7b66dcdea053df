//! What the verbs that ask have in common: the query, whom its names stand for, and the shapes of the answer.

use super::ledger::{Bounds, LedgerFile};
use super::output;
use crate::Engine;
use crate::ask::Names;
use anyhow::{Context, Result, bail};
use demarche_knowledge::Knowledge;
use demarche_store::format::{Cell, Column, write_parquet_table};
use demarche_store::{Ledger, Query};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

/// What to find.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct Asking {
    /// Words, a dyad (RUS-CHN both ways, 'RUS>CHN' one way), and key:value (actor, type, mode, class, country, place,
    /// publisher, story, …)
    #[arg(value_name = "QUERY")]
    words: Vec<String>,
    #[command(flatten)]
    ledger: LedgerFile,
    #[command(flatten)]
    pub(crate) bounds: Bounds,
    /// Every report, and not each happening once
    #[arg(long)]
    reports: bool,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// A ledger and what is known besides.
pub(crate) struct Asked {
    pub(crate) ledger: Ledger,
    pub(crate) knowledge: Knowledge,
}

impl Asked {
    pub(crate) fn names(&self) -> Names<'_> {
        Names::new(&self.knowledge, &self.ledger)
    }
}

/// The tables alone: no text is read here.
pub(crate) fn knowledge(data: Option<&PathBuf>) -> Result<Knowledge> {
    match data {
        Some(dir) => Ok(Engine::with_data(dir)?.knowledge().clone()),
        None => Knowledge::from_static(demarche_data::KNOWLEDGE).context("the built-in tables cannot be read"),
    }
}

impl Asking {
    pub(crate) fn open(&self) -> Result<Asked> {
        Ok(Asked { ledger: self.ledger.read()?, knowledge: knowledge(self.data.as_ref())? })
    }

    /// The query as it was written, options apart.
    pub(crate) fn line(&self) -> String {
        self.words.join(" ")
    }

    /// The options alone.
    pub(crate) fn without_words(&self) -> Asking {
        Asking { words: Vec::new(), ..self.clone() }
    }

    /// The query, its options added.
    pub(crate) fn query(&self, asked: &Asked) -> Result<Query> {
        let line = self.line();
        let names = asked.names();
        let query = match Query::parse(&line, &|name| names.set(name)) {
            Ok(query) => query,
            Err(faults) => {
                let faults: Vec<String> =
                    faults.iter().map(|f| format!("query: {f}\n  {line}\n  {:>1$}", "^", f.column)).collect();
                bail!("{}", faults.join("\n"));
            }
        };
        let mut query = query.bounded(&self.bounds.selection());
        query.reports |= self.reports;
        if let (Some(from), Some(until)) = (query.from, query.until)
            && from >= until
        {
            bail!("--from {from} is not before --until {until} (hint: until is the first day after)");
        }
        Ok(query)
    }
}

/// The shapes of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Shape {
    /// For reading on a terminal
    Table,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated, with a header
    Csv,
    /// Typed columns, packed
    Parquet,
}

/// Where an answer goes and in which shape.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct Out {
    /// Shape of the answer [default: the ending of --output, or a table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Shape>,
    /// A file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Out {
    pub(crate) fn shape(&self) -> Shape {
        let ending = self.output.as_ref().and_then(|path| path.extension()?.to_str());
        let of_file = match ending {
            Some("csv") => Some(Shape::Csv),
            Some("parquet") => Some(Shape::Parquet),
            Some("jsonl" | "ndjson") => Some(Shape::Jsonl),
            _ => None,
        };
        let terminal = self.output.is_none() && std::io::stdout().is_terminal();
        self.format.or(of_file).unwrap_or(if terminal { Shape::Table } else { Shape::Jsonl })
    }

    pub(crate) fn open(&self) -> Result<Box<dyn Write + Send>> {
        Ok(match &self.output {
            Some(path) => {
                let file = std::fs::File::create(path).with_context(|| path.display().to_string())?;
                Box::new(std::io::BufWriter::with_capacity(1 << 16, file))
            }
            None if self.shape() == Shape::Parquet && std::io::stdout().is_terminal() => {
                bail!("Parquet is nothing to read on a terminal (hint: -o FILE.parquet)")
            }
            None => Box::new(std::io::BufWriter::with_capacity(1 << 16, std::io::stdout())),
        })
    }

    /// Writes rows of these columns as they come; gives their number.
    pub(crate) fn rows(
        &self,
        columns: &[Column<'_>],
        produce: impl FnOnce(&mut dyn FnMut(Vec<Cell>) -> std::io::Result<()>) -> Result<()>,
    ) -> Result<u64> {
        let mut out = self.open()?;
        let mut count = 0;
        match self.shape() {
            Shape::Parquet => {
                let about = [("version", format!("demarche {}", env!("CARGO_PKG_VERSION")))];
                let gone = || std::io::Error::other("the file cannot be written");
                std::thread::scope(|scope| -> Result<()> {
                    let (sender, receiver) = std::sync::mpsc::sync_channel::<Vec<Vec<Cell>>>(8);
                    let writer = scope.spawn(move || {
                        let mut rows = receiver.into_iter().flatten().map(Ok::<_, demarche_store::Error>);
                        write_parquet_table(columns, &mut rows, &about, &mut out)
                            .and_then(|_| out.flush().map_err(demarche_store::Error::from))
                    });
                    let mut parcel = Vec::new();
                    let produced = produce(&mut |row| {
                        count += 1;
                        parcel.push(row);
                        if parcel.len() < 1024 {
                            Ok(())
                        } else {
                            sender.send(std::mem::take(&mut parcel)).map_err(|_| gone())
                        }
                    });
                    let rest = sender.send(parcel).map_err(|_| gone());
                    drop(sender);
                    match writer.join() {
                        Ok(written) => written?,
                        Err(_) => bail!("the file cannot be written"),
                    }
                    produced?;
                    Ok(rest?)
                })?;
                return Ok(count);
            }
            Shape::Jsonl => produce(&mut |row| {
                count += 1;
                let fields = columns.iter().zip(row).filter(|(_, cell)| *cell != Cell::Null);
                let object: serde_json::Map<String, serde_json::Value> =
                    fields.map(|((name, _), cell)| ((*name).to_string(), json(cell))).collect();
                serde_json::to_writer(&mut out, &object)?;
                out.write_all(b"\n")
            })?,
            Shape::Csv => {
                let mut csv = csv::Writer::from_writer(&mut out);
                csv.write_record(columns.iter().map(|(name, _)| name))?;
                produce(&mut |row| {
                    count += 1;
                    csv.write_record(row.into_iter().map(text)).map_err(std::io::Error::from)
                })?;
                csv.flush()?;
            }
            Shape::Table => {
                let header: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
                let mut rows = Vec::new();
                produce(&mut |row| {
                    count += 1;
                    rows.push(row.into_iter().map(text).collect::<Vec<String>>());
                    Ok(())
                })?;
                if !rows.is_empty() {
                    output::table(&mut out, &header, &rows, 60)?;
                }
            }
        }
        out.flush()?;
        Ok(count)
    }
}

fn json(cell: Cell) -> serde_json::Value {
    match cell {
        Cell::Null => serde_json::Value::Null,
        Cell::Text(text) => text.into(),
        Cell::Int(int) => int.into(),
        Cell::Real(real) => real.into(),
        Cell::Date(date) => date.to_string().into(),
        Cell::Texts(list) => list.into(),
        Cell::Ints(list) => list.into(),
    }
}

fn text(cell: Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) => text,
        Cell::Int(int) => int.to_string(),
        Cell::Real(real) => real.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Texts(list) => list.into_iter().map(Option::unwrap_or_default).collect::<Vec<_>>().join("; "),
        Cell::Ints(list) => {
            list.iter().map(|n| n.map_or(String::new(), |n| n.to_string())).collect::<Vec<_>>().join("; ")
        }
    }
}

/// A cell that may be empty.
pub(crate) fn words(text: Option<impl Into<String>>) -> Cell {
    text.map_or(Cell::Null, |text| Cell::Text(text.into()))
}
