//! Who is who, against three kinds of gold: coded phrases, linked names, and visits of leaders.
//!
//! - **Phrases** (JSON Lines `{"id","date","text","mention","codes"}`): the codes of all whom the words stand for.
//! - **Links** (JSON Lines `{"date","text","links":[{"text","page"}]}`): the words of a link are given, and the page that
//!   it leads to says who is meant, by a key of pages and ids. The words are resolved in their sentence, on the date.
//! - **Visits and travels** (CSV with `visitor` and `from`, or with `office` and `name`): a name as it stands in the
//!   list, on the first day of the visit, by itself: the state that the person then served, and an office there.

use crate::Engine;
use anyhow::{Context, Result, bail};
use demarche_coder::Coder;
use demarche_core::{ActorRef, Span};
use demarche_knowledge::{Knowledge, OfficeKind};
use demarche_text::Article;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;

/// Hits of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Right.
    pub right: usize,
    /// Of all.
    pub of: usize,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = if self.of == 0 { 0.0 } else { 100.0 * self.right as f64 / self.of as f64 };
        write!(f, "{percent:>6.1} {:>6} of {:>6}", self.right, self.of)
    }
}

/// What was measured; prints as a table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Figures {
    /// By what was counted.
    pub rows: Vec<(String, Share)>,
    /// Wrong answers, each on a line of its own.
    pub misses: Vec<String>,
}

impl Figures {
    fn count(&mut self, row: &str, right: bool) {
        match self.rows.iter_mut().find(|(name, _)| name == row) {
            Some((_, share)) => share.count(right),
            None => self.rows.push((row.to_string(), Share { right: usize::from(right), of: 1 })),
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.iter().try_for_each(|(name, share)| writeln!(f, "{name:<28}{share}"))
    }
}

/// Pages and whom they are about, as `bench/gold/links.tsv` gives them; a page that is about none of our actors has `-`.
pub type Key = BTreeMap<String, String>;

/// Reads such a key.
///
/// # Errors
/// A line that has not two cells, or an id that nobody has, by its number.
pub fn read_key(text: &str, knowledge: &Knowledge) -> Result<Key> {
    let mut key = Key::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty()) {
        let (page, id) =
            line.split_once('\t').with_context(|| format!("line {number}: not a page, a tab and an id"))?;
        if (page, id) == ("page", "id") {
            continue;
        }
        if id != "-" && knowledge.actor(id).is_none() && knowledge.office(id).is_none() {
            bail!("line {number}: nobody and no office has the id {id}");
        }
        key.insert(page.to_string(), id.to_string());
    }
    Ok(key)
}

#[derive(Deserialize)]
struct Phrase {
    id: String,
    date: Date,
    text: String,
    mention: String,
    codes: Vec<String>,
}

#[derive(Deserialize)]
struct Linked {
    date: Date,
    text: String,
    links: Vec<Link>,
}

#[derive(Deserialize)]
struct Link {
    text: String,
    page: String,
}

/// Scores a file of any of the kinds; which it is shows in its first line.
///
/// # Errors
/// A line that is not what the gold's lines are, by its number; linked names without a key.
pub fn score(engine: &Engine, gold: &str, key: Option<&Key>) -> Result<Figures> {
    let first = gold.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
    let object: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(first).ok();
    match object {
        Some(object) if object.contains_key("mention") => phrases(engine, gold),
        Some(object) if object.contains_key("links") => links(
            engine,
            gold,
            key.context("linked names need the key of their pages (hint: --key bench/gold/links.tsv)")?,
        ),
        Some(_) => bail!("line 1: neither a phrase with its codes nor a text with its links"),
        None => visits(engine, gold),
    }
}

fn records<'g, T: Deserialize<'g>>(gold: &'g str) -> impl Iterator<Item = Result<T>> {
    let lines = (1..).zip(gold.lines()).filter(|(_, line)| !line.trim().is_empty());
    lines.map(|(number, line)| serde_json::from_str(line).with_context(|| format!("line {number}")))
}

fn article(text: &str, on: Date) -> Article {
    let mut article = Article::from_text(text);
    article.set_published(on);
    article
}

fn phrases(engine: &Engine, gold: &str) -> Result<Figures> {
    let mut figures = Figures::default();
    let coder = Coder::new(engine.knowledge());
    let mut worker = engine.analyzer().worker();
    for phrase in records::<Phrase>(gold) {
        let phrase = phrase?;
        let doc = worker.analyze(&article(&phrase.text, phrase.date));
        let start =
            doc.text.find(&phrase.mention).with_context(|| format!("{}: the mention is not in the text", phrase.id))?;
        let found = coder.resolve(&doc, &[Span::of(start, start + phrase.mention.len())]).concat();
        let mut open: Vec<String> = found.iter().filter_map(super::events::code).collect();
        let ours = open.join(" ");
        let all = phrase.codes.iter().all(|gold| {
            let at = open.iter().position(|code| same_code(engine.knowledge(), code, gold));
            at.map(|at| open.remove(at)).is_some()
        });
        let right = all && open.is_empty();
        figures.count("phrases", right);
        if !right {
            let (id, words, codes) = (&phrase.id, &phrase.mention, phrase.codes.join(" "));
            figures.misses.push(format!("{id}  {words} ({})  gold {codes}  found {ours}", phrase.date));
        }
    }
    Ok(figures)
}

/// Whether a code is the gold's. Where it is that of no state, CAMEO has further letters for which organisation it is,
/// which PLOVER dropped: there the first three count.
fn same_code(knowledge: &Knowledge, code: &str, gold: &str) -> bool {
    code == gold
        || code.get(..3).is_some_and(|head| {
            !head.starts_with('-')
                && knowledge.actor(head).is_none_or(|a| a.id.as_str() != head || a.state.is_none())
                && gold.starts_with(head)
        })
}

fn links(engine: &Engine, gold: &str, key: &Key) -> Result<Figures> {
    let knowledge = engine.knowledge();
    let coder = Coder::new(knowledge);
    let mut worker = engine.analyzer().worker();
    let (mut known, mut in_key, mut answered) = (Share::default(), Share::default(), Share::default());
    let mut all = Share::default();
    let mut kinds: BTreeMap<&str, (Share, Share)> = BTreeMap::new();
    let mut figures = Figures::default();
    for record in records::<Linked>(gold) {
        let record = record?;
        let doc = worker.analyze(&article(&record.text, record.date));
        let mut at = 0;
        let mut spans = Vec::with_capacity(record.links.len());
        for link in &record.links {
            // Links stand in the order of the text; one that does not is looked for from the beginning.
            let found = doc.text[at..].find(&link.text).map(|start| at + start).or_else(|| doc.text.find(&link.text));
            spans.push(found.map(|start| Span::of(start, start + link.text.len())));
            at = found.map_or(at, |start| start + link.text.len());
        }
        let given: Vec<Span> = spans.iter().flatten().copied().collect();
        let mut resolved = coder.resolve(&doc, &given).into_iter();
        for (link, span) in record.links.iter().zip(&spans) {
            let found = span.and_then(|_| resolved.next()).unwrap_or_default();
            let has_id = found.iter().any(|party| party.id.is_some());
            known.count(has_id);
            let id = key.get(&link.page);
            in_key.count(id.is_some());
            let Some(id) = id.filter(|id| *id != "-") else { continue };
            let right = found.iter().any(|party| means(knowledge, party, id, record.date));
            all.count(right);
            answered.count(has_id);
            let kind = knowledge.actor(id).map_or("office", |actor| actor.kind.as_str());
            let of_kind = kinds.entry(kind).or_default();
            of_kind.0.count(right);
            of_kind.1.count(has_id);
            if !right {
                let ours: Vec<String> = found
                    .iter()
                    .map(|p| {
                        p.id.as_ref().map_or_else(|| super::events::code(p).unwrap_or_default(), ToString::to_string)
                    })
                    .collect();
                let around = span.map(|s| near(&doc.text, s)).unwrap_or_default();
                figures.misses.push(format!("{}  {id}  found {}  {around}", link.text, ours.join(" ")));
            }
        }
    }
    figures.rows.push(("links with an id".into(), known));
    figures.rows.push(("links in the key".into(), in_key));
    figures.rows.push(("id right".into(), all));
    figures.rows.push(("  any id given".into(), answered));
    for (kind, (right, given)) in kinds {
        figures.rows.push((format!("{kind}: id right"), right));
        figures.rows.push((format!("{kind}: any id given"), given));
    }
    Ok(figures)
}

/// Whether a party is the one of this id, or holds or held the office of this id on the day ("former president").
fn means(knowledge: &Knowledge, party: &ActorRef, id: &str, on: Date) -> bool {
    party.id.as_ref().is_some_and(|found| {
        let begun = |from: Option<Date>| from.is_none_or(|from| from <= on);
        let tenures = knowledge.tenures_of(found.as_str());
        found.as_str() == id || tenures.iter().any(|(office, held)| office.id == id && begun(held.interval.from))
    })
}

/// The words with some before and after.
fn near(text: &str, span: Span) -> String {
    let from = text[..span.start as usize].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let until = text[span.end as usize..].char_indices().nth(60).map_or(text.len(), |(at, _)| span.end as usize + at);
    format!("{}[{}]{}", &text[from..span.start as usize], &text[span.range()], &text[span.end as usize..until])
}

#[derive(Deserialize)]
struct Visit {
    start: Date,
    /// Who came.
    visitor: Option<String>,
    /// From which country.
    from: Option<String>,
    /// Who travelled.
    name: Option<String>,
    /// As what.
    office: Option<String>,
}

/// The first year of the visits that are scored: that from which the tables promise every leader.
const SINCE: i16 = 1945;

fn visits(engine: &Engine, gold: &str) -> Result<Figures> {
    let knowledge = engine.knowledge();
    let coder = Coder::new(knowledge);
    let mut figures = Figures::default();
    for (number, row) in (2..).zip(csv::Reader::from_reader(gold.as_bytes()).deserialize::<Visit>()) {
        let visit = row.with_context(|| format!("line {number}"))?;
        if visit.start.year() < SINCE {
            continue;
        }
        let (name, states, foreign) = match (&visit.visitor, &visit.from, &visit.name, &visit.office) {
            (Some(visitor), Some(from), _, _) => (visitor, country(&coder, from, visit.start), false),
            (_, _, Some(name), Some(office)) => (name, Vec::new(), office != "president"),
            _ => bail!("line {number}: neither a visitor and a country nor a name and an office"),
        };
        let who = coder.who(name, visit.start, None);
        // Whoever is elected holds the office within the year.
        let elect = name.to_lowercase().contains("elect");
        let until = if elect { visit.start.saturating_add(jiff::Span::new().years(1)) } else { visit.start };
        let offices = who.iter().flat_map(|w| {
            let held = knowledge.tenures_of(w.id.as_str()).into_iter();
            held.filter(move |(_, t)| {
                t.interval.contains(visit.start)
                    || elect && t.interval.from.is_some_and(|f| visit.start < f && f <= until)
            })
        });
        let state_of = |owner: &str| knowledge.actor(owner).and_then(|a| a.state.clone());
        let held: Vec<(OfficeKind, String, Option<String>)> =
            offices.map(|(office, _)| (office.kind, office.title.to_lowercase(), state_of(&office.owner))).collect();
        let own = who.as_ref().and_then(|w| knowledge.actor(w.id.as_str())).and_then(|a| a.state.clone());
        let ours = |state: &Option<String>| states.is_empty() || state.as_ref().is_some_and(|s| states.contains(s));
        let state = who.is_some() && (ours(&own) || held.iter().any(|(_, _, state)| ours(state)));
        let leads = |kind: &OfficeKind| matches!(kind, OfficeKind::HeadOfState | OfficeKind::HeadOfGovernment);
        let office = held.iter().any(|(kind, title, state)| {
            // The visits are those of heads of state and government, and of some others by their title.
            let right = if visit.name.is_some() && foreign {
                *kind == OfficeKind::Foreign
            } else {
                leads(kind) || name.to_lowercase().contains(title)
            };
            right && ours(state)
        });
        figures.count("name known", who.is_some());
        figures.count("state right", state);
        figures.count("state and office right", state && office);
        if !(state && office) {
            let found = who.map_or_else(String::new, |w| w.id.to_string());
            let from = visit.from.as_deref().or(visit.office.as_deref()).unwrap_or_default();
            let titles: Vec<String> = held.into_iter().map(|(_, title, _)| title).collect();
            figures.misses.push(format!(
                "{}  {name}  {from} {states:?}  found {found} ({})",
                visit.start,
                titles.join(", ")
            ));
        }
    }
    Ok(figures)
}

/// The states that a label of the list means: "China, People's Republic of", "Democratic Republic of the Congo (Zaire)".
fn country(coder: &Coder<'_>, label: &str, on: Date) -> Vec<String> {
    let (outer, inner) = label.strip_suffix(')').and_then(|l| l.split_once(" (")).unwrap_or((label, ""));
    let turned = outer.split_once(", ").map(|(name, rest)| format!("{rest} {name}")).unwrap_or_default();
    let plain = outer.split_once(", ").map_or(outer, |(name, _)| name);
    let forms = [label, outer, &turned, inner, plain];
    let states = forms.iter().filter(|f| !f.is_empty()).map(|form| coder.states_named(form, on));
    states.into_iter().find(|s| !s.is_empty()).unwrap_or_default()
}
