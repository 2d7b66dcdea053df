//! Who a name is on a date: the look-up behind `demarche who`.

use crate::coder::Coder;
use crate::resolve::office_rank;
use demarche_core::{ActorId, Interval, Sector};
use demarche_knowledge::{Actor, ActorKind, AgentKind, Likeness, Name, NameKind, Tie, TieKind};
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

/// Somebody who may be meant, and how well the words fit.
struct Candidate<'k> {
    actor: &'k Actor,
    /// Less is closer: an id, the very name, a fuller or shorter form of it, a surname with a title before it.
    distance: usize,
    /// What stands before the name.
    title: String,
}

impl Coder<'_> {
    /// Who bears this name on this day; `None` where no row has the name.
    ///
    /// The name may have a title before it ("Prime Minister Eric E. Williams").
    /// Of several bearers those of the `country` (an id or a name) come first, then those whose office is the title,
    /// then those in the highest office on the day; a name in force goes before one that is not.
    pub fn who(&self, name: &str, on: Date, country: Option<&str>) -> Option<Who> {
        let knowledge = self.knowledge();
        let mut found = self.candidates(name.trim(), on);
        let states: Vec<String> = country.map(|c| self.states_named(c, on)).unwrap_or_default();
        let rank = |c: &Candidate<'_>| {
            let offices = knowledge.offices_of(c.actor.id.as_str(), on);
            let highest = offices.iter().map(|(office, _)| office_rank(office)).max().unwrap_or(0);
            let titled = offices.iter().any(|(office, _)| titled(&c.title, &office.title));
            let of = |owner: &str| knowledge.actor(owner).and_then(|a| a.state.clone());
            let mut home: Vec<String> = offices.iter().filter_map(|(office, _)| of(&office.owner)).collect();
            home.extend(c.actor.state.clone());
            let ever = knowledge.tenures_of(c.actor.id.as_str()).len().min(1);
            (
                home.iter().any(|s| states.contains(s)),
                std::cmp::Reverse(c.distance > 0),
                titled,
                highest,
                c.actor.interval.contains(on),
                std::cmp::Reverse(c.distance),
                c.actor.kind == ActorKind::State,
                ever,
            )
        };
        found.sort_by_cached_key(|c| std::cmp::Reverse(rank(c)));
        let mut seen: Vec<&Actor> = Vec::new();
        for candidate in &found {
            if !seen.iter().any(|s| s.id == candidate.actor.id) {
                seen.push(candidate.actor);
            }
        }
        self.describe(&seen, on)
    }

    /// Every state that a name or an id means on a day.
    pub fn states_named(&self, name: &str, on: Date) -> Vec<String> {
        let states = self.candidates(name, on).into_iter().filter(|c| c.actor.kind == ActorKind::State);
        states.map(|c| c.actor.id.to_string()).collect()
    }

    /// Everybody whom a name may mean, in any order.
    fn candidates(&self, name: &str, on: Date) -> Vec<Candidate<'_>> {
        let knowledge = self.knowledge();
        let bare = name.strip_prefix("the ").or(name.strip_prefix("The ")).unwrap_or(name);
        let candidate = |actor, distance| Candidate { actor, distance, title: String::new() };
        let mut found: Vec<Candidate<'_>> = knowledge.actor(name).map(|a| candidate(a, 0)).into_iter().collect();
        let bearers = |text: &str, start: usize| {
            let names = knowledge.names_at(text, start).into_iter().find(|(end, _)| *end == text.len());
            let mut names = names.map(|(_, names)| names).unwrap_or_default();
            names.sort_by_key(|n| !n.interval.contains(on));
            names
        };
        let actor = |n: &Name| knowledge.actor(n.actor.as_str());
        found.extend(bearers(bare, 0).into_iter().filter_map(actor).map(|a| candidate(a, 1)));
        if !found.is_empty() {
            return found;
        }
        // A title, then a name; the longest name counts.
        for (start, _) in bare.char_indices().filter(|&(at, _)| at == 0 || bare[..at].ends_with(' ')) {
            let title = bare[..start].trim().to_lowercase();
            let persons = bearers(bare, start);
            // "Eric Stone" is not any Stone: a surname alone has nothing before it, or a title.
            let alone = title.is_empty() || self.is_title(&title);
            let persons = persons.iter().filter(|n| n.kind == NameKind::Person || n.kind == NameKind::Surname && alone);
            found.extend(persons.filter_map(|n| actor(n)).map(|a| Candidate {
                actor: a,
                distance: 2,
                title: title.clone(),
            }));
            let like = knowledge.persons_like(&bare[start..]);
            found.extend(like.into_iter().filter_map(|(l, n)| {
                Some(Candidate {
                    actor: actor(n)?,
                    distance: 3 + usize::from(l == Likeness::Inside),
                    title: title.clone(),
                })
            }));
            if !found.is_empty() {
                return found;
            }
        }
        found
    }

    /// Whether words end in a noun that names a person's part: "prime minister", "russian president".
    fn is_title(&self, words: &str) -> bool {
        let starts = words.char_indices().filter(|&(at, _)| at == 0 || words[..at].ends_with(' '));
        starts.into_iter().any(|(at, _)| {
            let kind = self.knowledge().agent(&words[at..]).map(|agent| agent.kind);
            kind == Some(AgentKind::Person)
        })
    }

    /// All that is known on a day of the first of these; the others are its candidates.
    fn describe(&self, seen: &[&Actor], on: Date) -> Option<Who> {
        let knowledge = self.knowledge();
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

/// Whether a title as written is that of an office, or a part of it: "Prime Minister", "president".
fn titled(written: &str, title: &str) -> bool {
    let title = title.to_lowercase();
    !written.is_empty() && (written.contains(&title) || title.contains(written))
}
