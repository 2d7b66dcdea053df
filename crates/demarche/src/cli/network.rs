//! `demarche network`: who deals with whom, with centralities and communities.

use super::Exit;
use super::ask::{Asking, Out, Shape};
use anyhow::Result;
use demarche_store::collect::CLASS_NAMES;
use demarche_store::format::{Cell, Kind};
use std::io::Write;

/// Arguments of `demarche network`.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    asking: Asking,
    #[command(flatten)]
    out: Out,
    /// Edges and not nodes
    #[arg(long)]
    edges: bool,
    /// GEXF 1.3 for Gephi, with an edge for each ordered pair and quad class and its months
    #[arg(long)]
    gexf: bool,
}

const EXAMPLES: &str = "Examples:
  demarche network --from 2025 --until 2026
  demarche network class:cooperation --from 2025 --edges --format csv
  demarche network class:conflict --gexf -o conflict.gexf

Nodes are states, the UN and the EU. Centralities are of the network without directions, weighted by events.";

pub(crate) fn run(args: &Args) -> Result<Exit> {
    let asked = args.asking.open()?;
    let query = args.asking.query(&asked)?;
    let network = asked.ledger.network(&query, &asked.names().states())?;
    if network.edges.is_empty() {
        return Ok(Exit::NothingFound);
    }
    if args.gexf {
        let mut out = args.out.open()?;
        network.gexf().write(&mut out)?;
        out.flush()?;
        return Ok(Exit::Done);
    }
    let int = |n: u32| Cell::Int(i64::from(n));
    if args.edges {
        let mut columns = vec![("source", Kind::Text), ("target", Kind::Text), ("events", Kind::Int)];
        columns.extend(CLASS_NAMES.map(|name| (name, Kind::Int)));
        columns.push(("intensity", Kind::Real));
        args.out.rows(&columns, |push| {
            for edge in &network.edges {
                let mut cells =
                    vec![Cell::Text(edge.source.clone()), Cell::Text(edge.target.clone()), int(edge.sums.events())];
                cells.extend(edge.sums.classes().map(int));
                cells.push(edge.sums.intensity().map_or(Cell::Null, Cell::Real));
                push(cells)?;
            }
            Ok(())
        })?;
        return Ok(Exit::Done);
    }
    let columns = [
        ("code", Kind::Text),
        ("name", Kind::Text),
        ("degree", Kind::Int),
        ("out", Kind::Int),
        ("received", Kind::Int),
        ("betweenness", Kind::Real),
        ("closeness", Kind::Real),
        ("eigenvector", Kind::Real),
        ("community", Kind::Int),
    ];
    // Six digits say all that there is in such numbers.
    let short = |number: f64| Cell::Real((number * 1e6).round() / 1e6);
    let shape = args.out.shape();
    args.out.rows(&columns, |push| {
        for node in &network.nodes {
            let number = |n: usize| Cell::Int(i64::try_from(n).unwrap_or(i64::MAX));
            let real = |n: f64| if shape == Shape::Table { Cell::Text(format!("{n:.3}")) } else { short(n) };
            push(vec![
                Cell::Text(node.code.clone()),
                Cell::Text(node.name.clone()),
                number(node.degree),
                int(node.out),
                int(node.received),
                real(node.betweenness),
                real(node.closeness),
                real(node.eigenvector),
                number(node.community),
            ])?;
        }
        Ok(())
    })?;
    Ok(Exit::Done)
}
