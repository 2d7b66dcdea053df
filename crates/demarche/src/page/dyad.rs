//! Two parties: how what passes between them moves, what stands between them, what each claims.

use super::actor::Saying;
use super::brief::claims_of;
use super::{EventRow, FlowRow, flow};
use crate::ask::{Names, Reference};
use anyhow::Result;
use demarche_core::{ActorSet, Interval};
use demarche_store::collect::series::{Bin, Width};
use demarche_store::collect::tie::Stated;
use demarche_store::{Cursor, Ledger, Query, Stored};
use jiff::civil::Date;

/// What is asked of two.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The one.
    pub one: ActorSet,
    /// The other.
    pub other: ActorSet,
    /// The bounds.
    pub query: Query,
    /// How wide the bins are.
    pub width: Width,
    /// Events of the list.
    pub limit: usize,
    /// Where the list goes on.
    pub before: Option<Cursor>,
}

/// One of the two.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Side {
    /// As it was asked for.
    pub asked: String,
    /// Its id, where the tables know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its name.
    pub name: String,
}

/// A bin with more events than those around it, and the event of it that weighs most.
#[derive(Debug, Clone)]
pub struct Peak {
    /// Which bin of the series.
    pub bin: usize,
    /// The event.
    pub main: Stored,
}

/// Two parties.
#[derive(Debug, Clone)]
pub struct DyadPage {
    /// The one.
    pub one: Side,
    /// The other.
    pub other: Side,
    /// How wide the bins are.
    pub width: Width,
    /// What the one does to the other, the mutual included.
    pub there: Vec<Bin>,
    /// What the other does to the one.
    pub back: Vec<Bin>,
    /// Both, each happening once.
    pub both: Vec<Bin>,
    /// The highest bins of both.
    pub peaks: Vec<Peak>,
    /// What the tables say stands or stood between them in these days.
    pub reference: Vec<Reference>,
    /// What reports state.
    pub stated: Vec<Stated>,
    /// What each claims, where the other stands in its words.
    pub claims: [Vec<Saying>; 2],
    /// Events, the latest first.
    pub events: Vec<Stored>,
    /// Where they go on.
    pub next: Option<Cursor>,
}

/// What sort of thing stands between two.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stood {
    Against,
    Together,
    Group,
}

/// What a reference is, and how much its kind says: the less the number, the more.
fn stood(kind: &str) -> (Stood, usize) {
    use demarche_knowledge::TieKind as Kind;
    const AGAINST: [Kind; 7] = [
        Kind::War,
        Kind::CivilWar,
        Kind::Occupation,
        Kind::NoRelations,
        Kind::TerritorialDispute,
        Kind::Rivalry,
        Kind::NonRecognition,
    ];
    if let Some(rank) = AGAINST.iter().position(|known| known.as_str() == kind) {
        return (Stood::Against, rank);
    }
    let known = Kind::ALL.iter().position(|known| known.as_str() == kind);
    known.map_or((Stood::Group, usize::MAX), |rank| (Stood::Together, AGAINST.len() + rank))
}

/// How many peaks are marked.
const PEAKS: usize = 4;
/// Events of a peak that are weighed.
const WEIGHED: usize = 40;

impl DyadPage {
    /// Of two.
    pub fn of(ledger: &Ledger, names: &Names<'_>, asked: &Asked) -> Result<DyadPage> {
        let side = |set: &ActorSet| {
            let id = names.id(&set.name);
            let name = id.as_deref().map_or_else(|| set.name.clone(), |id| names.name_of(id));
            Side { asked: set.name.clone(), id, name }
        };
        let (one, other) = (side(&asked.one), side(&asked.other));
        let way = |source: &ActorSet, target: &ActorSet, directed| Query {
            pair: Query::between(source.clone(), target.clone(), directed).pair,
            ..asked.query.clone()
        };
        let query = way(&asked.one, &asked.other, false);
        let both = ledger.series(&query, asked.width)?;
        let both = trimmed(both, &asked.query);
        // The two ways over the same bins as both together.
        let (first, last) = (both.first().map(|bin| bin.from), both.last().map(|bin| bin.until));
        let within = |query: Query| query.during(first, last);
        let (there, back) = match first {
            Some(_) => (
                ledger.series(&within(way(&asked.one, &asked.other, true)), asked.width)?,
                ledger.series(&within(way(&asked.other, &asked.one, true)), asked.width)?,
            ),
            None => (Vec::new(), Vec::new()),
        };
        let peaks = peaks(ledger, &query, &both)?;
        let during = Interval { from: first, until: last };
        let reference = match (&one.id, &other.id) {
            (Some(one), Some(other)) => names.reference(one, Some(other), during),
            _ => Vec::new(),
        };
        let stated =
            ledger.stated(&asked.one, Some(&asked.other), asked.query.from, asked.query.until, asked.query.known_on)?;
        let claims = |who: &ActorSet, of: &Side| {
            let words = of.id.as_deref().map(|id| names.words_for(id));
            claims_of(ledger, who, &asked.query, words.as_deref())
        };
        let claims = [claims(&asked.one, &other)?, claims(&asked.other, &one)?];
        let (events, next) = ledger.rows_before(&query, asked.limit, asked.before)?;
        Ok(DyadPage {
            one,
            other,
            width: asked.width,
            there,
            back,
            both,
            peaks,
            reference,
            stated,
            claims,
            events,
            next,
        })
    }

    /// The first and the last day of the series.
    pub fn days(&self) -> Option<(Date, Date)> {
        let (first, last) = (self.both.first()?, self.both.last()?);
        Some((first.from, last.until.yesterday().ok()?))
    }

    /// What the tables say stood between the two, the most telling first: wars before broken relations, then pacts, then groups
    /// in common, the small before the large.
    pub fn telling(&self) -> Vec<(&Reference, Stood)> {
        let mut all: Vec<(&Reference, (Stood, usize))> =
            self.reference.iter().map(|one| (one, stood(&one.kind))).collect();
        all.sort_by_key(|(one, (_, rank))| (*rank, one.members, one.from));
        all.into_iter().map(|(one, (stood, _))| (one, stood)).collect()
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        let events: Vec<EventRow<'_>> = self.events.iter().map(EventRow::of).collect();
        let flows: [Vec<FlowRow>; 3] = [flow(&self.both), flow(&self.there), flow(&self.back)];
        serde_json::json!({
            "one": self.one, "other": self.other, "bin": self.width.as_str(),
            "both": flows[0], "there": flows[1], "back": flows[2],
            "peaks": self.peaks.iter().map(|p| serde_json::json!({
                "from": self.both[p.bin].from, "event": EventRow::of(&p.main),
            })).collect::<Vec<_>>(),
            "reference": self.reference, "stated": self.stated, "claims": self.claims, "events": events,
        })
    }
}

/// Without the bins before the first and after the last that has anything, unless the days were asked for:
/// news speaks of distant years too.
pub(super) fn trimmed(mut bins: Vec<Bin>, query: &Query) -> Vec<Bin> {
    let empty = |bin: &Bin| bin.sums.events() == 0 && bin.exposure.documents == 0;
    if query.until.is_none() {
        while bins.last().is_some_and(empty) {
            bins.pop();
        }
    }
    if query.from.is_none() {
        let read = bins.iter().position(|bin| bin.exposure.documents > 0);
        let first = read.or_else(|| bins.iter().position(|bin| !empty(bin))).unwrap_or(bins.len());
        bins.drain(..first);
    }
    bins
}

/// The highest bins, each with what weighs most in it.
fn peaks(ledger: &Ledger, query: &Query, bins: &[Bin]) -> Result<Vec<Peak>> {
    let mut order: Vec<usize> = (0..bins.len()).filter(|&n| bins[n].sums.events() > 1).collect();
    order.sort_by_key(|&n| (std::cmp::Reverse(bins[n].sums.events()), n));
    let mut all: Vec<Peak> = Vec::new();
    for n in order {
        if all.len() == PEAKS {
            break;
        }
        // Neighbours of a peak belong to it.
        if all.iter().any(|peak| peak.bin.abs_diff(n) < 2) {
            continue;
        }
        let days = query.clone().during(Some(bins[n].from), Some(bins[n].until));
        let (events, _) = ledger.rows_before(&days, WEIGHED, None)?;
        let mut heaviest: Option<(f64, Stored)> = None;
        for stored in events {
            let weight = weight(ledger, &stored)?;
            if heaviest.as_ref().is_none_or(|(most, _)| weight > *most) {
                heaviest = Some((weight, stored));
            }
        }
        all.extend(heaviest.map(|(_, main)| Peak { bin: n, main }));
    }
    all.sort_by_key(|peak| peak.bin);
    Ok(all)
}

/// How much an event says: how widely it is reported, whether it is a deed, how strong it is.
fn weight(ledger: &Ledger, stored: &Stored) -> Result<f64> {
    let event = &stored.entry.event;
    let (reports, origins) = match &stored.story {
        Some(story) => ledger.breadth(story)?,
        None => (1, 1),
    };
    let named = event.actors.iter().chain(&event.recipients).filter(|party| party.office.is_some()).count();
    Ok(f64::from(origins).ln() * 2.0
        + f64::from(reports).ln()
        + f64::from(event.intensity.abs()) / 5.0
        + named.min(2) as f64 * 0.5)
}
