//! The world over some months: a measure by country, the strongest dyads, the towns where deeds were done.

use super::months::Months;
use crate::ask::Names;
use anyhow::Result;
use demarche_core::QuadClass;
use demarche_store::collect::series::Width;
use demarche_store::collect::world::{Located, Sides};
use demarche_store::collect::{CLASSES, Sums};
use demarche_store::{Ledger, Query};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What is measured.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    Events,
    Cooperation,
    Conflict,
    MaterialConflict,
    /// Cooperation less conflict over both, from −1 to 1.
    Balance,
    /// Per cent of the events.
    ConflictShare,
}

/// On which side a country is counted.
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    Both,
    Actor,
    Recipient,
    Place,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// When.
    pub months: Months,
    /// What.
    pub measure: Measure,
    /// On which side.
    pub counted: Counted,
    /// How many dyads.
    pub dyads: usize,
}

/// A country.
#[derive(Debug, Clone)]
pub struct Country {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its events.
    pub sums: Sums,
    /// The measure; `None` where there are too few events for a share of them.
    pub value: Option<f64>,
}

/// Two countries.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The codes of both.
    pub codes: [String; 2],
    /// Their names.
    pub names: [String; 2],
    /// What passes between them, of what is measured.
    pub sums: Sums,
}

/// The world.
#[derive(Debug, Clone)]
pub struct WorldPage {
    /// What was asked.
    pub asked: Asked,
    /// All events of these months, whoever is in them.
    pub events: u64,
    /// What was read in them.
    pub documents: u64,
    /// The countries, by the measure.
    pub countries: Vec<Country>,
    /// The dyads with most of what is measured.
    pub dyads: Vec<Pair>,
    /// Where events happened, of the latest of them.
    pub located: Located,
}

/// Fewer events say little of how they are shared out.
pub const LEAST: u32 = 5;
/// Events that are looked at for towns, and for countries by place: places have no sums.
const WALKED: u32 = 3_000;
const WALKED_BY_PLACE: u32 = 10_000;
/// Towns on the map.
pub const TOWNS: usize = 300;

impl Measure {
    /// Every measure in the order in which it is offered.
    pub const ALL: [Measure; 6] = [
        Measure::Events,
        Measure::Cooperation,
        Measure::Conflict,
        Measure::MaterialConflict,
        Measure::Balance,
        Measure::ConflictShare,
    ];

    /// As addresses write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Measure::Events => "events",
            Measure::Cooperation => "cooperation",
            Measure::Conflict => "conflict",
            Measure::MaterialConflict => "material-conflict",
            Measure::Balance => "balance",
            Measure::ConflictShare => "conflict-share",
        }
    }
    /// In words, after a number.
    pub const fn words(self) -> &'static str {
        match self {
            Measure::Events => "events",
            Measure::Cooperation => "events of cooperation",
            Measure::Conflict => "events of conflict",
            Measure::MaterialConflict => "events of material conflict",
            Measure::Balance => "balance",
            Measure::ConflictShare => "% conflict",
        }
    }
    /// From an address.
    pub fn parse(text: &str) -> Option<Measure> {
        Measure::ALL.into_iter().find(|measure| measure.as_str() == text)
    }
    /// The quad classes that it is about.
    pub const fn classes(self) -> &'static [QuadClass] {
        match self {
            Measure::Events | Measure::Balance | Measure::ConflictShare => &CLASSES,
            Measure::Cooperation => &[QuadClass::VerbalCooperation, QuadClass::MaterialCooperation],
            Measure::Conflict => &[QuadClass::VerbalConflict, QuadClass::MaterialConflict],
            Measure::MaterialConflict => &[QuadClass::MaterialConflict],
        }
    }
    /// Of some sums.
    pub fn of(self, sums: &Sums) -> Option<f64> {
        let (good, bad, all) = (sums.cooperation(), sums.conflict(), sums.events());
        let enough = |value: f64| (all >= LEAST).then_some(value);
        match self {
            Measure::Balance => enough((f64::from(good) - f64::from(bad)) / f64::from(all.max(1))),
            Measure::ConflictShare => enough(f64::from(bad) * 100.0 / f64::from(all.max(1))),
            _ => Some(f64::from(sums.only(self.classes()).events())),
        }
    }
}

impl Counted {
    /// Every way in the order in which it is offered.
    pub const ALL: [Counted; 4] = [Counted::Both, Counted::Actor, Counted::Recipient, Counted::Place];

    /// As addresses write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Counted::Both => "both",
            Counted::Actor => "actor",
            Counted::Recipient => "recipient",
            Counted::Place => "place",
        }
    }
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Counted::Both => "in which the country or somebody of it acts or is acted on",
            Counted::Actor => "in which the country or somebody of it acts",
            Counted::Recipient => "in which the country or somebody of it is acted on",
            Counted::Place => "that happened in the country",
        }
    }
    /// From an address.
    pub fn parse(text: &str) -> Option<Counted> {
        Counted::ALL.into_iter().find(|counted| counted.as_str() == text)
    }
}

/// A country as programs see it.
#[derive(Serialize)]
struct CountryRow<'a> {
    code: &'a str,
    name: &'a str,
    events: u32,
    classes: BTreeMap<&'static str, u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    intensity: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<f64>,
}

fn classes(sums: &Sums) -> BTreeMap<&'static str, u32> {
    demarche_store::collect::CLASS_NAMES.into_iter().zip(sums.classes()).collect()
}

impl WorldPage {
    /// Of a ledger.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn of(ledger: &Ledger, names: &Names<'_>, asked: Asked) -> Result<WorldPage> {
        let query = Query::default().during(Some(asked.months.from), Some(asked.months.until));
        let bins = ledger.series(&query, Width::Month)?;
        let states: BTreeMap<&str, &str> =
            names.knowledge().tables().states.iter().map(|state| (state.id.as_str(), state.name.as_str())).collect();
        let codes: BTreeSet<&str> = states.keys().copied().collect();
        let sides = ledger.by_code(&query, &codes)?;
        let by_place = asked.counted == Counted::Place;
        let located = ledger.located(&query, if by_place { WALKED_BY_PLACE } else { WALKED }, TOWNS)?;
        let counted: Vec<(&str, Sums)> = if by_place {
            located.countries.iter().map(|(code, sums)| (code.as_str(), *sums)).collect()
        } else {
            let side = |sides: &Sides| match asked.counted {
                Counted::Actor => sides.acts,
                Counted::Recipient => sides.receives,
                Counted::Both | Counted::Place => sides.either,
            };
            sides.iter().map(|(code, sides)| (code.as_str(), side(sides))).collect()
        };
        let name = |code: &str| states.get(code).map_or_else(|| code.to_string(), |name| (*name).to_string());
        let mut countries: Vec<Country> = counted
            .into_iter()
            .filter(|(_, sums)| sums.events() > 0)
            .map(|(code, sums)| Country {
                code: code.to_string(),
                name: name(code),
                value: asked.measure.of(&sums),
                sums,
            })
            .collect();
        let least = |country: &Country| country.value.unwrap_or(f64::NEG_INFINITY);
        countries.sort_by(|a, b| least(b).total_cmp(&least(a)).then_with(|| a.name.cmp(&b.name)));

        let classes = asked.measure.classes();
        let narrow = |sums: &Sums| sums.only(classes);
        let measured: BTreeMap<String, Sides> = sides
            .iter()
            .map(|(code, s)| {
                let of = Sides { acts: narrow(&s.acts), receives: narrow(&s.receives), either: narrow(&s.either) };
                (code.clone(), of)
            })
            .collect();
        let query = if classes.len() < CLASSES.len() { Query { classes: classes.to_vec(), ..query } } else { query };
        let dyads = ledger.strongest(&query, &measured, asked.dyads)?;
        let dyads = dyads.into_iter().map(|dyad| Pair {
            names: [name(&dyad.one), name(&dyad.other)],
            codes: [dyad.one, dyad.other],
            sums: dyad.sums,
        });
        Ok(WorldPage {
            asked,
            events: bins.iter().map(|bin| u64::from(bin.sums.events())).sum(),
            documents: bins.iter().map(|bin| bin.exposure.documents).sum(),
            countries,
            dyads: dyads.collect(),
            located,
        })
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        let country = |c: &Country| {
            let Country { code, name, sums, value } = c;
            let (events, intensity) = (sums.events(), sums.intensity());
            serde_json::json!(CountryRow { code, name, events, classes: classes(sums), intensity, value: *value })
        };
        let dyad = |pair: &Pair| {
            serde_json::json!({
                "one": pair.codes[0], "other": pair.codes[1], "events": pair.sums.events(), "classes": classes(&pair.sums),
            })
        };
        let town = |town: &demarche_store::collect::world::Town| {
            serde_json::json!({
                "name": town.name, "country": town.country, "lat": town.lat, "lon": town.lon,
                "events": town.sums.events(), "classes": classes(&town.sums), "latest": town.latest,
            })
        };
        serde_json::json!({
            "from": self.asked.months.from, "until": self.asked.months.until,
            "measure": self.asked.measure.as_str(), "as": self.asked.counted.as_str(),
            "events": self.events, "documents": self.documents,
            "countries": self.countries.iter().map(country).collect::<Vec<_>>(),
            "dyads": self.dyads.iter().map(dyad).collect::<Vec<_>>(),
            "places": { "looked_at": self.located.looked, "all": self.located.whole },
            "towns": self.located.towns.iter().map(town).collect::<Vec<_>>(),
        })
    }
}
