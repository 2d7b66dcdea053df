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
use crate::query::select::{numbers, word_key};
use demarche_core::{Interval, QuadClass};
use jiff::civil::Date;
use petgraph::graph::NodeIndex;
use std::collections::{BTreeMap, BTreeSet};

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
    /// What of it the two do to each other, as in a meeting: it is in the edge the other way too.
    pub mutual: BTreeMap<Date, Sums>,
}

/// A network: nodes by the number of their events, edges by their ends.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// Everybody who deals with somebody.
    pub nodes: Vec<Node>,
    /// Ordered pairs.
    pub edges: Vec<Edge>,
}

impl Ledger {
    /// The network of the events of a query among those who are named in `names`, by their codes.
    ///
    /// Centralities are those of the network without directions, whose weights are the events of a pair both ways.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn network(&self, query: &Query, names: &BTreeMap<String, String>) -> Result<Network> {
        let conn = self.conn();
        let types = read::types(conn)?;
        let named: Result<Vec<(i64, &str)>> =
            names.keys().map(|code| Ok((word_key(conn, code)?, code.as_str()))).collect();
        let named: BTreeMap<i64, &str> = named?.into_iter().collect();
        let rollup = query.fits_sums() && query.pair.is_none();
        let sql = if rollup {
            // Sought by code: of few among many the sums of the others are not read.
            let (list, bounds) = (numbers(&named.keys().copied().collect::<Vec<_>>()), self.sum_bounds(query)?);
            format!(
                "SELECT source, target, month, type, events, thousandths, mutual FROM month_sum
                 WHERE source IN ({list}) AND target IN ({list}) AND {bounds}"
            )
        } else {
            let (conditions, fine) = (query.conditions(conn)?, read::fine(conn, super::series::Width::Month)?);
            format!(
                "SELECT y.source, y.target, e.from_day, e.type, count(*), {THOUSANDTHS}, z.event IS NOT NULL
                 FROM dyad y JOIN event e ON e.key = y.event LEFT JOIN dyad z
                 ON z.source = y.target AND z.target = y.source AND z.day = y.day AND z.event = y.event
                 WHERE {conditions} AND {fine} GROUP BY y.source, y.target, e.from_day, e.type, z.event IS NOT NULL"
            )
        };
        let mut rows = conn.prepare(&sql)?;
        let mut rows = rows.query([])?;
        let mut edges: BTreeMap<(&str, &str), Edge> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let (Some(source), Some(target)) = (named.get(&row.get(0)?), named.get(&row.get(1)?)) else { continue };
            let day = if rollup { first_of(row.get(2)?) } else { day_of(row.get(2)?) };
            let Some(day) = day.filter(|_| source != target) else { continue };
            let edge = edges.entry((source, target)).or_insert_with(|| Edge::between(source, target));
            let of = (read::type_of(&types, row.get(3)?)?, row.get(4)?, row.get(5)?);
            read::gather(&mut edge.months, day.first_of_month(), of);
            if row.get(6)? {
                read::gather(&mut edge.mutual, day.first_of_month(), of);
            }
        }
        Ok(Network::of(edges.into_values().map(Edge::summed).collect(), names))
    }
}

impl Edge {
    fn between(source: &str, target: &str) -> Edge {
        let (months, mutual) = (BTreeMap::new(), BTreeMap::new());
        Edge { source: source.to_string(), target: target.to_string(), sums: Sums::default(), months, mutual }
    }

    /// With the sums of its months.
    fn summed(mut self) -> Edge {
        self.sums = Sums::default();
        self.months.values().for_each(|month| self.sums.add_all(month));
        self
    }

    /// Its ends, the earlier in the alphabet first.
    fn pair(&self) -> (&str, &str) {
        let (source, target) = (self.source.as_str(), self.target.as_str());
        (source.min(target), source.max(target))
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

    /// What is between each two of some quad classes and months, both ways, the mutual once; the earlier in the alphabet
    /// first.
    pub fn pairs(&self, classes: &[QuadClass], days: &Interval) -> BTreeMap<(&str, &str), Sums> {
        let mut pairs: BTreeMap<(&str, &str), Sums> = BTreeMap::new();
        for edge in &self.edges {
            let pair = pairs.entry(edge.pair()).or_default();
            let shown = |months: &'_ BTreeMap<Date, Sums>| -> Vec<Sums> {
                let months = months.iter().filter(|(month, _)| days.contains(**month));
                months.map(|(_, sums)| sums.only(classes)).collect()
            };
            shown(&edge.months).iter().for_each(|sums| pair.add_all(sums));
            if edge.source > edge.target {
                shown(&edge.mutual).iter().for_each(|sums| pair.take_all(sums));
            }
        }
        pairs.retain(|_, sums| sums.events() > 0);
        pairs
    }

    /// Who belongs together by what passes between them, [`Network::pairs`] with at least `weight` events: the number of
    /// each one's community, from 1 by their size.
    pub fn blocs(pairs: &BTreeMap<(&str, &str), Sums>, weight: u32) -> BTreeMap<String, usize> {
        let strong = || pairs.iter().filter(|(_, sums)| sums.events() >= weight.max(1));
        let codes: BTreeSet<&str> = strong().flat_map(|((one, other), _)| [*one, *other]).collect();
        let places: BTreeMap<&str, usize> = codes.into_iter().zip(0..).collect();
        let mut graph = Graph::with_capacity(places.len(), pairs.len());
        for _ in &places {
            graph.add_node(());
        }
        for ((one, other), sums) in strong() {
            graph.add_edge(NodeIndex::new(places[one]), NodeIndex::new(places[other]), f64::from(sums.events()));
        }
        let groups = centrality::communities(&graph);
        places.into_iter().map(|(code, place)| (code.to_string(), groups[place])).collect()
    }

    /// The network of what is of some quad classes, of pairs with at least `weight` such events, its centralities anew.
    #[must_use]
    pub fn narrowed(&self, classes: &[QuadClass], weight: u32) -> Network {
        let left = |months: &BTreeMap<Date, Sums>| -> BTreeMap<Date, Sums> {
            let months = months.iter().map(|(month, sums)| (*month, sums.only(classes)));
            months.filter(|(_, sums)| sums.events() > 0).collect()
        };
        let mut strong = self.pairs(classes, &Interval::ALWAYS);
        strong.retain(|_, sums| sums.events() >= weight.max(1));
        let mut edges = Vec::new();
        for edge in self.edges.iter().filter(|edge| strong.contains_key(&edge.pair())) {
            let (months, mutual) = (left(&edge.months), left(&edge.mutual));
            if !months.is_empty() {
                edges.push(Edge { months, mutual, ..Edge::between(&edge.source, &edge.target) }.summed());
            }
        }
        let names = self.nodes.iter().map(|node| (node.code.clone(), node.name.clone())).collect();
        Network::of(edges, &names)
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
