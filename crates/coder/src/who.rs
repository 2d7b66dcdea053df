//! Who a name is on a date: the look-up behind `demarche who`.

use crate::coder::Coder;
use demarche_core::{ActorId, Interval, Sector};
use demarche_knowledge::{Actor, ActorKind, Tie, TieKind};
use jiff::civil::Date;
use serde::Serialize;

/// An office with the days that it was held.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfficeHeld {
    /// The office's title.
    pub title: String,
    /// The state or organisation.
    pub of: String,
    /// From the first day up to the day after the last.
    #[serde(flatten)]
    pub interval: Interval,
}

/// A membership with its days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Belonging {
    /// The group.
    pub group: String,
    /// Member, observer, partner …
    pub status: String,
    /// From the first day up to the day after the last.
    #[serde(flatten)]
    pub interval: Interval,
}

/// A tie to others with its days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tied {
    /// Our id of the tie.
    pub id: String,
    /// Defence pact, war, rivalry …
    pub kind: String,
    /// The usual name of the pact, war or dispute.
    pub name: String,
    /// The others: of the other side, or of the same where there are no sides.
    pub with: Vec<String>,
    /// From the first day up to the day after the last.
    #[serde(flatten)]
    pub interval: Interval,
}

/// The numbers and codes by which data sets know a state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StateIds {
    /// ISO 3166 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iso2: Option<String>,
    /// ISO 3166 alpha-3, or three letters of our own for states that are gone.
    pub iso3: String,
    /// Correlates of War.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cow: Option<u16>,
    /// Gleditsch and Ward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gw: Option<u16>,
    /// FIPS 10-4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fips: Option<String>,
    /// Wikidata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wikidata: Option<String>,
}

/// What is known of an actor on a date.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Who {
    /// Usual name.
    pub name: String,
    /// Our id.
    pub id: ActorId,
    /// State, group, body, person …
    pub kind: String,
    /// ISO 3166 alpha-3 or PLOVER's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Code and sector in one, as PLOVER and CAMEO files write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plover_code: Option<String>,
    /// Sector on that date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<Sector>,
    /// Offices held on that date.
    pub offices: Vec<OfficeHeld>,
    /// Memberships on that date.
    pub memberships: Vec<Belonging>,
    /// Pacts, wars, rivalries, disputes on that date.
    pub ties: Vec<Tied>,
    /// Of a state, the ids of other data sets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ids: Option<StateIds>,
    /// Others of that name, the likeliest first.
    pub candidates: Vec<ActorId>,
    /// The rows and where they come from.
    pub sources: Vec<String>,
}

impl Coder<'_> {
    /// Who bears this name on this day; `None` where no row has the name.
    /// Of several the one in office, then the one in force, comes first.
    pub fn who(&self, name: &str, on: Date) -> Option<Who> {
        let knowledge = self.knowledge();
        let name = name.trim();
        let bare = name.strip_prefix("the ").or(name.strip_prefix("The ")).unwrap_or(name);
        let mut actors: Vec<&Actor> = knowledge.actor(name).into_iter().collect();
        for text in [name, bare] {
            for (end, names) in knowledge.names_at(text, 0) {
                if end == text.len() {
                    actors.extend(
                        names
                            .iter()
                            .filter(|n| n.interval.contains(on))
                            .filter_map(|n| knowledge.actor(n.actor.as_str())),
                    );
                    actors.extend(names.iter().filter_map(|n| knowledge.actor(n.actor.as_str())));
                }
            }
        }
        let rank = |a: &Actor| {
            let office = knowledge.offices_of(a.id.as_str(), on).len().min(1);
            (office, usize::from(a.interval.contains(on)), usize::from(a.kind == ActorKind::State))
        };
        let mut seen: Vec<&Actor> = Vec::new();
        for actor in actors {
            if !seen.iter().any(|s| s.id == actor.id) {
                seen.push(actor);
            }
        }
        seen.sort_by_key(|a| std::cmp::Reverse(rank(a)));
        let actor = *seen.first()?;
        let offices = knowledge.offices_of(actor.id.as_str(), on);
        let memberships = knowledge.memberships_of(actor.id.as_str(), on);
        let id = actor.id.as_str();
        let groups: Vec<&str> = memberships.iter().map(|m| m.group.as_str()).collect();
        let ties: Vec<&Tie> = knowledge
            .tables()
            .ties
            .iter()
            .filter(|tie| tie.interval.contains(on))
            .filter(|tie| {
                tie.concerns(id) || tie.kind == TieKind::DefencePact && groups.iter().any(|g| tie.concerns(g))
            })
            .collect();
        let mut code = actor.code.clone().or_else(|| actor.state.clone());
        let mut sector = actor.sector;
        if let Some((office, _)) = offices.first() {
            sector = Some(office.sector);
            if let Some(owner) = knowledge.actor(&office.owner) {
                code = owner.code.clone().or_else(|| owner.state.clone());
            }
        } else if actor.kind == ActorKind::Person
            && sector.is_none()
            && !knowledge.tenures_of(actor.id.as_str()).is_empty()
        {
            sector = Some(Sector::Eli);
        } else if actor.kind == ActorKind::State {
            sector = Some(Sector::Gov);
        }
        let mut sources = vec![format!("{} ({})", actor.row, actor.source)];
        sources.extend(offices.iter().map(|(_, t)| format!("{} ({})", t.row, t.source)));
        sources.extend(memberships.iter().map(|m| format!("{} ({})", m.row, m.source)));
        sources.extend(ties.iter().map(|t| format!("{} ({})", t.row, t.source)));
        Some(Who {
            name: actor.name.clone(),
            id: actor.id.clone(),
            kind: actor.kind.as_str().to_string(),
            plover_code: code.as_ref().map(|c| format!("{c}{}", sector.map_or("", |s| s.as_str()))),
            code,
            sector,
            offices: offices
                .iter()
                .map(|(o, t)| OfficeHeld { title: o.title.clone(), of: o.owner.clone(), interval: t.interval })
                .collect(),
            memberships: memberships
                .iter()
                .map(|m| Belonging {
                    group: m.group.clone(),
                    status: m.status.as_str().to_string(),
                    interval: m.interval,
                })
                .collect(),
            ties: ties
                .iter()
                .map(|t| Tied {
                    id: t.id.clone(),
                    kind: t.kind.as_str().to_string(),
                    name: t.name.clone(),
                    with: t.others(id).into_iter().map(str::to_string).collect(),
                    interval: t.interval,
                })
                .collect(),
            ids: knowledge.state(id).map(|s| StateIds {
                iso2: s.iso2.clone(),
                iso3: s.id.clone(),
                cow: s.cow,
                gw: s.gw,
                fips: s.fips.clone(),
                wikidata: s.wikidata.clone(),
            }),
            candidates: seen.iter().skip(1).map(|a| a.id.clone()).collect(),
            sources,
        })
    }
}
