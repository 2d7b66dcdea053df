//! GEXF 1.3, for Gephi: who acts on whom, as edges that change from month to month.
//!
//! One edge for each ordered pair and quad class (1.3 tells parallel edges apart by `kind`), with a value a month;
//! `start` and `end` are inclusive, as the format has them. The network is written and not read.

use super::{Entries, Format, Loss, Outgoing, Target, Written, loss};
use crate::Error;
use demarche_core::{ActorRef, Codes};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Write;
use std::path::Path;

/// A node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its id.
    pub id: String,
    /// How it is called.
    pub label: String,
    /// What is known of it, in the order of [`Graph::node_attributes`]; `None` is left out.
    pub values: Vec<Option<String>>,
}

/// What an edge counts over some days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spell {
    /// First day.
    pub start: Date,
    /// Last day, inclusive.
    pub end: Date,
    /// How many events.
    pub events: u64,
    /// Their mean intensity.
    pub intensity: f64,
}

/// An edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// A node's id.
    pub source: String,
    /// A node's id.
    pub target: String,
    /// What tells it from other edges of the pair.
    pub kind: String,
    /// Its weight as a whole.
    pub weight: f64,
    /// When it is there, in order.
    pub spells: Vec<Spell>,
}

/// A network to be written.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    /// Names and types (`string`, `double`, `integer`) of what is known of nodes.
    pub node_attributes: Vec<(&'static str, &'static str)>,
    /// The nodes.
    pub nodes: Vec<Node>,
    /// The edges.
    pub edges: Vec<Edge>,
}

impl Graph {
    /// Writes it.
    ///
    /// # Errors
    /// Where `out` cannot be written.
    pub fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
        writeln!(out, r#"<gexf xmlns="http://gexf.net/1.3" version="1.3">"#)?;
        writeln!(out, "  <meta><creator>demarche {}</creator></meta>", env!("CARGO_PKG_VERSION"))?;
        writeln!(
            out,
            r#"  <graph mode="dynamic" defaultedgetype="directed" timeformat="date" timerepresentation="interval">"#
        )?;
        if !self.node_attributes.is_empty() {
            writeln!(out, r#"    <attributes class="node" mode="static">"#)?;
            for (name, kind) in &self.node_attributes {
                writeln!(out, r#"      <attribute id="{name}" title="{name}" type="{kind}"/>"#)?;
            }
            writeln!(out, "    </attributes>")?;
        }
        writeln!(out, r#"    <attributes class="edge" mode="dynamic">"#)?;
        writeln!(out, r#"      <attribute id="events" title="events" type="integer"/>"#)?;
        writeln!(out, r#"      <attribute id="intensity" title="intensity" type="double"/>"#)?;
        writeln!(out, "    </attributes>")?;
        writeln!(out, "    <nodes>")?;
        for node in &self.nodes {
            write!(out, r#"      <node id="{}" label="{}""#, Escaped(&node.id), Escaped(&node.label))?;
            let known =
                || self.node_attributes.iter().zip(&node.values).filter_map(|((n, _), v)| Some((n, v.as_ref()?)));
            if known().next().is_none() {
                writeln!(out, "/>")?;
                continue;
            }
            write!(out, "><attvalues>")?;
            for (name, value) in known() {
                write!(out, r#"<attvalue for="{name}" value="{}"/>"#, Escaped(value))?;
            }
            writeln!(out, "</attvalues></node>")?;
        }
        writeln!(out, "    </nodes>\n    <edges>")?;
        for (ix, edge) in self.edges.iter().enumerate() {
            writeln!(
                out,
                r#"      <edge id="{ix}" source="{}" target="{}" kind="{}" weight="{}"><attvalues>"#,
                Escaped(&edge.source),
                Escaped(&edge.target),
                Escaped(&edge.kind),
                edge.weight
            )?;
            for Spell { start, end, events, intensity } in &edge.spells {
                writeln!(out, r#"        <attvalue for="events" value="{events}" start="{start}" end="{end}"/>"#)?;
                writeln!(
                    out,
                    r#"        <attvalue for="intensity" value="{intensity:.2}" start="{start}" end="{end}"/>"#
                )?;
            }
            writeln!(out, "      </attvalues><spells>")?;
            for spell in &edge.spells {
                writeln!(out, r#"        <spell start="{}" end="{}"/>"#, spell.start, spell.end)?;
            }
            writeln!(out, "      </spells></edge>")?;
        }
        writeln!(out, "    </edges>\n  </graph>\n</gexf>")
    }
}

/// Text inside an attribute; characters that XML 1.0 does not allow are left out.
struct Escaped<'t>(&'t str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\t' | '\n' | '\r' => f.write_str(" ")?,
                c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
                c => write!(f, "{c}")?,
            }
        }
        Ok(())
    }
}

/// GEXF.
pub(super) struct Gexf;

impl Format for Gexf {
    fn name(&self) -> &'static str {
        "gexf"
    }
    fn about(&self) -> &'static str {
        "GEXF 1.3, a network that changes by month, for Gephi; written alone"
    }
    fn losses(&self) -> &'static [Loss] {
        const {
            &[
                loss("event", "only counts and mean intensity of each ordered pair, quad class and month"),
                loss("dataset", "not written"),
                loss("source_id", "not written"),
                loss("publisher", "not written"),
                loss("published", "not written, but for the month of an event that has no date"),
                loss("url", "not written"),
                loss("title", "not written"),
                loss("lang", "not written"),
                loss("version", "not written"),
                loss("sentence_text", "not written"),
                loss("extra", "not written"),
            ]
        }
    }
    fn dyadic(&self) -> bool {
        true
    }
    fn read<'a>(&self, _: &Path, _: &'a Codes) -> Option<Result<Entries<'a>, Error>> {
        None
    }
    fn write(&self, entries: &mut Outgoing<'_>, to: Target<'_>, codes: &Codes) -> Result<Written, Error> {
        to.stream(|out| {
            let (graph, written) = network(entries, codes)?;
            let mut out = std::io::BufWriter::new(out);
            graph.write(&mut out).and_then(|()| out.flush()).map_err(Error::output)?;
            Ok(written)
        })
    }
}

const KINDS: [&str; 4] = ["verbal cooperation", "material cooperation", "verbal conflict", "material conflict"];

/// A state is one node, whoever acts for it; others are one by their id or name.
fn node(party: &ActorRef, codes: &Codes) -> (String, String) {
    if let Some(state) = party.code.as_deref().and_then(|code| codes.state(code)) {
        return (state.id.clone(), state.name.clone());
    }
    let name = party.name.as_deref().unwrap_or(&party.text);
    let id = party.id.as_ref().map(|id| id.as_str()).unwrap_or(name);
    (id.to_owned(), name.to_owned())
}

fn network(entries: &mut Outgoing<'_>, codes: &Codes) -> Result<(Graph, Written), Error> {
    let mut written = Written::default();
    let mut labels: BTreeMap<String, String> = BTreeMap::new();
    let mut months: BTreeMap<(String, String, u8), BTreeMap<Date, (u64, f64)>> = BTreeMap::new();
    for entry in entries {
        let entry = entry?;
        let event = &entry.event;
        let dyads = event.dyads();
        let Some(day) = super::first_day(&entry).filter(|_| event.counted() && !dyads.is_empty()) else {
            written.left_out += 1;
            continue;
        };
        written.entries += 1;
        for (source, target) in dyads {
            let ((source, its), (target, other)) = (node(source, codes), node(target, codes));
            labels.entry(source.clone()).or_insert(its);
            labels.entry(target.clone()).or_insert(other);
            let edge = months.entry((source, target, event.quad.number())).or_default();
            let (count, sum) = edge.entry(day.first_of_month()).or_default();
            *count += 1;
            *sum += f64::from(event.intensity);
            written.rows += 1;
        }
    }
    let nodes = labels.into_iter().map(|(id, label)| Node { id, label, values: Vec::new() }).collect();
    let edges = months.into_iter().map(|((source, target, quad), months)| Edge {
        source,
        target,
        kind: KINDS[usize::from(quad) - 1].to_owned(),
        weight: months.values().map(|(count, _)| *count as f64).sum(),
        spells: months
            .into_iter()
            .map(|(start, (events, sum))| Spell {
                start,
                end: start.last_of_month(),
                events,
                intensity: sum / events as f64,
            })
            .collect(),
    });
    Ok((Graph { node_attributes: Vec::new(), nodes, edges: edges.collect() }, written))
}
