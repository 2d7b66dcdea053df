//! Who deals with whom over some months: the ties of those who deal most, their blocs, and both from time to time.

use super::months::Months;
use crate::ask::Names;
use anyhow::Result;
use demarche_core::{Interval, QuadClass};
use demarche_store::collect::network::{Network, Node};
use demarche_store::collect::series::Width;
use demarche_store::collect::{CLASS_NAMES, CLASSES, Sums};
use demarche_store::{Ledger, Query};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// What makes a tie.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    Events,
    Cooperation,
    Conflict,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// When.
    pub months: Months,
    /// What makes a tie.
    pub measure: Measure,
    /// How many actors, those with the most events.
    pub top: usize,
    /// Events that a tie has at least, both ways.
    pub weight: u32,
}

/// A part of the time.
#[derive(Debug, Clone)]
pub struct Part {
    /// Its first day.
    pub from: Date,
    /// The day after its last.
    pub until: Date,
    /// What passes between those shown.
    pub sums: Sums,
    /// The two with the most between them, by code, and how much.
    pub strongest: Option<(String, String, u32)>,
    /// Who belonged together, by code, the largest bloc first.
    pub blocs: Vec<Vec<String>>,
}

/// A network over some months.
#[derive(Debug, Clone)]
pub struct NetworkPage {
    /// What was asked.
    pub asked: Asked,
    /// Who and what, with centralities.
    pub network: Network,
    /// The bloc of each, by code, from 0; who is in none alone or with nobody is missing.
    pub blocs: BTreeMap<String, usize>,
    /// The parts of the time.
    pub parts: Vec<Part>,
}

impl Measure {
    /// Every measure in the order in which it is offered.
    pub const ALL: [Measure; 3] = [Measure::Events, Measure::Cooperation, Measure::Conflict];

    /// As addresses write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Measure::Events => "events",
            Measure::Cooperation => "cooperation",
            Measure::Conflict => "conflict",
        }
    }
    /// From an address.
    pub fn parse(text: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|measure| measure.as_str() == text)
    }
    /// The quad classes that it counts.
    pub const fn classes(self) -> &'static [QuadClass] {
        match self {
            Measure::Events => &CLASSES,
            Measure::Cooperation => &[QuadClass::VerbalCooperation, QuadClass::MaterialCooperation],
            Measure::Conflict => &[QuadClass::VerbalConflict, QuadClass::MaterialConflict],
        }
    }
    /// The quad classes by which actors belong together: those who only quarrel with each other are no bloc.
    const fn binding(self) -> &'static [QuadClass] {
        match self {
            Measure::Events | Measure::Cooperation => Measure::Cooperation.classes(),
            Measure::Conflict => Measure::Conflict.classes(),
        }
    }
    /// What a bloc is.
    pub const fn bloc(self) -> &'static str {
        match self {
            Measure::Events | Measure::Cooperation => {
                "Blocs are those between whom more cooperation passes than chance would have it (greedy modularity)."
            }
            Measure::Conflict => {
                "Groups are those between whom more conflict passes than chance would have it (greedy modularity): adversaries, not allies."
            }
        }
    }
}

impl NetworkPage {
    /// Of a ledger.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn of(ledger: &Ledger, names: &Names<'_>, asked: Asked) -> Result<NetworkPage> {
        let all = names.states();
        let codes: BTreeSet<&str> = all.keys().map(String::as_str).collect();
        let mut query = Query::default().during(Some(asked.months.from), Some(asked.months.until));
        if asked.measure != Measure::Events {
            query.classes = asked.measure.classes().to_vec();
        }
        let mut most: Vec<(u32, String)> =
            ledger.by_code(&query, &codes)?.into_iter().map(|(code, sides)| (sides.either.events(), code)).collect();
        most.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        most.truncate(asked.top);
        let shown: BTreeMap<String, String> = most
            .into_iter()
            .filter_map(|(_, code)| all.get_key_value(&code))
            .map(|(c, n)| (c.clone(), n.clone()))
            .collect();
        let found = ledger.network(&query, &shown)?;
        let binding = asked.measure.binding();
        let blocs = belonging(&found, binding, &asked.months.interval(), asked.weight);
        let width = match asked.months.count() {
            ..=3 => Width::Month,
            4..=36 => Width::Quarter,
            _ => Width::Year,
        };
        let part = |(from, until): (Date, Date)| {
            let days = Interval { from: Some(from), until: Some(until) };
            let pairs = found.pairs(asked.measure.classes(), &days);
            let mut sums = Sums::default();
            pairs.values().for_each(|pair| sums.add_all(pair));
            let strongest = pairs.iter().rev().max_by_key(|(_, sums)| sums.events());
            let strongest =
                strongest.map(|((one, other), sums)| ((*one).to_string(), (*other).to_string(), sums.events()));
            // A part has a part of the events: the least weight of a tie is that of the whole time.
            let blocs = grouped(&belonging(&found, binding, &days, 1), &found.nodes);
            Part { from, until, sums, strongest, blocs }
        };
        let parts: Vec<(Date, Date)> = asked.months.by(width);
        let parts = if parts.len() > 1 { parts.into_iter().map(part).collect() } else { Vec::new() };
        let mut network = if asked.weight > 1 { found.narrowed(asked.measure.classes(), asked.weight) } else { found };
        let place = |node: &Node| blocs.get(&node.code).copied().unwrap_or(usize::MAX);
        network.nodes.sort_by_key(|node| (place(node), std::cmp::Reverse(node.out + node.received)));
        Ok(NetworkPage { asked, network, blocs, parts })
    }

    /// The blocs by number, each with its members, those with the most events first.
    pub fn members(&self) -> Vec<Vec<&Node>> {
        let many = self.blocs.values().max().map_or(0, |last| last + 1);
        let of = |bloc: usize| self.network.nodes.iter().filter(move |node| self.blocs.get(&node.code) == Some(&bloc));
        (0..many).map(|bloc| of(bloc).collect()).filter(|members: &Vec<&Node>| !members.is_empty()).collect()
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        let classes = |sums: &Sums| -> BTreeMap<&str, u32> { CLASS_NAMES.into_iter().zip(sums.classes()).collect() };
        let node = |node: &Node| {
            serde_json::json!({
                "code": node.code, "name": node.name, "bloc": self.blocs.get(&node.code).map(|bloc| bloc + 1),
                "out": node.out, "received": node.received, "degree": node.degree,
                "betweenness": node.betweenness, "closeness": node.closeness, "eigenvector": node.eigenvector,
            })
        };
        let edge = |edge: &demarche_store::collect::network::Edge| {
            serde_json::json!({
                "source": edge.source, "target": edge.target, "events": edge.sums.events(),
                "classes": classes(&edge.sums), "intensity": edge.sums.intensity(),
            })
        };
        let part = |part: &Part| {
            serde_json::json!({
                "from": part.from, "until": part.until, "events": part.sums.events(), "classes": classes(&part.sums),
                "strongest": part.strongest, "blocs": part.blocs,
            })
        };
        serde_json::json!({
            "from": self.asked.months.from, "until": self.asked.months.until,
            "measure": self.asked.measure.as_str(), "top": self.asked.top, "weight": self.asked.weight,
            "nodes": self.network.nodes.iter().map(node).collect::<Vec<_>>(),
            "edges": self.network.edges.iter().map(edge).collect::<Vec<_>>(),
            "times": self.parts.iter().map(part).collect::<Vec<_>>(),
        })
    }
}

/// The bloc of each, from 0; one alone is none.
fn belonging(network: &Network, classes: &[QuadClass], days: &Interval, weight: u32) -> BTreeMap<String, usize> {
    let all = Network::blocs(&network.pairs(classes, days), weight);
    let size = |bloc: usize| all.values().filter(|other| **other == bloc).count();
    all.iter().filter(|(_, bloc)| size(**bloc) > 1).map(|(code, bloc)| (code.clone(), bloc - 1)).collect()
}

/// The members of each bloc by code, in the order of the nodes.
fn grouped(blocs: &BTreeMap<String, usize>, nodes: &[Node]) -> Vec<Vec<String>> {
    let mut all: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for node in nodes {
        if let Some(bloc) = blocs.get(&node.code) {
            all.entry(*bloc).or_default().push(node.code.clone());
        }
    }
    all.into_values().collect()
}
