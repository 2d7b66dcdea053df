//! Who deals with whom over some time, as a weighted network with the usual centralities.

use super::centrality::{self, Graph};
use super::read::{self, THOUSANDTHS};
use super::series::first_of;
use super::{CLASS_NAMES, CLASSES, Sums};
use crate::days::day_of;
use crate::error::Result;
use crate::format::gexf;
use crate::ledger::Ledger;
use crate::query::Query;
use crate::query::select::word_key;
use demarche_core::EventType;
use jiff::civil::Date;
use petgraph::graph::NodeIndex;
use std::collections::BTreeMap;

/// Somebody in a network.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The code.
    pub code: String,
    /// How it is called.
    pub name: String,
    /// With how many others it deals.
    pub degree: usize,
    /// Events in which it acts, one for each counterpart.
    pub out: u32,
    /// Events in which it is acted on, one for each counterpart.
    pub received: u32,
    /// The share of shortest ways between others that lead through it.
    pub betweenness: f64,
    /// One over the mean way to others.
    pub closeness: f64,
    /// Its value in the principal eigenvector, of the first 1.
    pub eigenvector: f64,
    /// Its community, from 1.
    pub community: usize,
}

/// What one does to another.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Who.
    pub source: String,
    /// To whom.
    pub target: String,
    /// What, over all the time.
    pub sums: Sums,
    /// And month by month.
    pub months: BTreeMap<Date, Sums>,
}

/// A network: nodes by the number of their events, edges by their ends.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// Everybody who deals with somebody.
    pub nodes: Vec<Node>,
    /// Ordered pairs.
    pub edges: Vec<Edge>,
}

/// Who, to whom, when, what: type, events and intensity in thousandths.
type Flow = (String, String, Date, (EventType, u32, i64));

impl Ledger {
    /// The network of the events of a query among those who are named in `names`, by their codes.
    ///
    /// Centralities are those of the network without directions, whose weights are the events of a pair both ways.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn network(&self, query: &Query, names: &BTreeMap<String, String>) -> Result<Network> {
        let mut edges: BTreeMap<(String, String), Edge> = BTreeMap::new();
        for (source, target, day, (event_type, events, thousandths)) in self.flows(query, names)? {
            if source == target {
                continue;
            }
            let edge = edges.entry((source, target)).or_insert_with_key(|(source, target)| Edge {
                source: source.clone(),
                target: target.clone(),
                sums: Sums::default(),
                months: BTreeMap::new(),
            });
            edge.sums.add(event_type, events, thousandths);
            edge.months.entry(day.first_of_month()).or_default().add(event_type, events, thousandths);
        }
        Ok(Network::of(edges.into_values().collect(), names))
    }

    /// Events by ordered pair of those who are named, day or month, and type.
    fn flows(&self, query: &Query, names: &BTreeMap<String, String>) -> Result<Vec<Flow>> {
        let conn = self.conn();
        let types = read::types(conn)?;
        let named: Result<Vec<(i64, &str)>> =
            names.keys().map(|code| Ok((word_key(conn, code)?, code.as_str()))).collect();
        let named: BTreeMap<i64, &str> = named?.into_iter().collect();
        let rollup = query.fits_sums() && query.pair.is_none();
        let sql = if rollup {
            let conditions = self.sum_conditions(query)?;
            format!(
                "SELECT source, target, month, type, events, thousandths FROM month_sum
                 WHERE source > 0 AND target > 0 AND {conditions}"
            )
        } else {
            let (conditions, fine) = (query.conditions(conn)?, read::fine(conn, super::series::Width::Month)?);
            format!(
                "SELECT y.source, y.target, e.from_day, e.type, count(*), {THOUSANDTHS}
                 FROM dyad y JOIN event e ON e.key = y.event WHERE {conditions} AND {fine}
                 GROUP BY y.source, y.target, e.from_day, e.type"
            )
        };
        let mut rows = conn.prepare(&sql)?;
        let mut rows = rows.query([])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (Some(source), Some(target)) = (named.get(&row.get(0)?), named.get(&row.get(1)?)) else { continue };
            let day = if rollup { first_of(row.get(2)?) } else { day_of(row.get(2)?) };
            let Some(day) = day else { continue };
            let event_type = read::type_of(&types, row.get(3)?)?;
            let sums = (event_type, read::count(row.get(4)?), row.get(5)?);
            all.push(((*source).to_string(), (*target).to_string(), day, sums));
        }
        Ok(all)
    }
}

impl Network {
    fn of(edges: Vec<Edge>, names: &BTreeMap<String, String>) -> Network {
        let codes: BTreeMap<&str, usize> =
            edges.iter().flat_map(|e| [e.source.as_str(), e.target.as_str()]).map(|code| (code, 0)).collect();
        let codes: BTreeMap<&str, usize> = codes.into_keys().zip(0..).collect();
        let mut weights: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for edge in &edges {
            let (a, b) = (codes[edge.source.as_str()], codes[edge.target.as_str()]);
            *weights.entry((a.min(b), a.max(b))).or_default() += f64::from(edge.sums.events());
        }
        let mut graph = Graph::with_capacity(codes.len(), weights.len());
        for _ in &codes {
            graph.add_node(());
        }
        for ((a, b), weight) in weights {
            graph.add_edge(NodeIndex::new(a), NodeIndex::new(b), weight);
        }
        let (between, close) = (centrality::betweenness(&graph), centrality::closeness(&graph));
        let (eigen, groups) = (centrality::eigenvector(&graph), centrality::communities(&graph));
        let sum = |of: &dyn Fn(&Edge) -> bool| edges.iter().filter(|e| of(e)).map(|e| e.sums.events()).sum();
        let mut nodes: Vec<Node> = codes
            .iter()
            .map(|(code, &ix)| Node {
                code: (*code).to_string(),
                name: names.get(*code).cloned().unwrap_or_else(|| (*code).to_string()),
                degree: graph.neighbors(NodeIndex::new(ix)).count(),
                out: sum(&|e| e.source == *code),
                received: sum(&|e| e.target == *code),
                betweenness: between[ix],
                closeness: close[ix],
                eigenvector: eigen[ix],
                community: groups[ix],
            })
            .collect();
        nodes.sort_by_key(|node| std::cmp::Reverse(node.out + node.received));
        Network { nodes, edges }
    }

    /// The network as GEXF has it: one edge for each ordered pair and quad class, with its months.
    pub fn gexf(&self) -> gexf::Graph {
        let node = |node: &Node| gexf::Node {
            id: node.code.clone(),
            label: node.name.clone(),
            values: vec![
                Some(node.degree.to_string()),
                Some(format!("{:.6}", node.betweenness)),
                Some(format!("{:.6}", node.closeness)),
                Some(format!("{:.6}", node.eigenvector)),
                Some(node.community.to_string()),
            ],
        };
        let mut edges = Vec::new();
        for edge in &self.edges {
            for (class, name) in CLASSES.into_iter().zip(CLASS_NAMES) {
                let spells = edge.months.iter().filter(|(_, sums)| sums.class(class) > 0);
                let spells: Vec<gexf::Spell> = spells
                    .map(|(start, sums)| gexf::Spell {
                        start: *start,
                        end: start.last_of_month(),
                        events: u64::from(sums.class(class)),
                        intensity: sums.intensity_of(class).unwrap_or_default(),
                    })
                    .collect();
                if !spells.is_empty() {
                    edges.push(gexf::Edge {
                        source: edge.source.clone(),
                        target: edge.target.clone(),
                        kind: name.replace('_', " "),
                        weight: f64::from(edge.sums.class(class)),
                        spells,
                    });
                }
            }
        }
        gexf::Graph {
            node_attributes: vec![
                ("degree", "integer"),
                ("betweenness", "double"),
                ("closeness", "double"),
                ("eigenvector", "double"),
                ("community", "integer"),
            ],
            nodes: self.nodes.iter().map(node).collect(),
            edges,
        }
    }
}
