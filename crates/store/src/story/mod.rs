//! Many reports, one happening: reports are brought together by their words, actors, deeds and dates; the events in them
//! by type, parties, date and place. What comes out depends on the set of reports and not on the order of their arrival.
//!
//! [`group`] is a pure function: the ledger calls it with what it holds, tests and scorers with what they like.

mod cluster;
pub mod copy;
mod likeness;
mod lineage;

pub use lineage::ReportIn;

use crate::days::{day_number, within_a_month};
use crate::write::{id_number, id_text};
use cluster::{average_link, take_in};
use copy::Runs;
use demarche_core::{ActorRef, Basis, DocumentRecord, Event, EventType, Mode, QuadClass, Record};
use lineage::Copied;
use std::collections::{BTreeMap, BTreeSet};

/// A report, with what grouping looks at.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The number behind the document's id.
    pub hash: i64,
    /// The day on which it became known, since 1970-01-01.
    pub day: i32,
    /// Its clean text, the title first.
    pub text: String,
    /// Its publisher as given.
    pub publisher: Option<String>,
    /// The publisher's id, where it is known.
    pub outlet: Option<String>,
    /// Ids of the publishers that it credits, the head of the chain first.
    pub credits: Vec<String>,
    /// Ids of the actors that it names.
    pub actors: Vec<String>,
    /// What it reports.
    pub happenings: Vec<Happening>,
}

/// A party, as grouping sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Party {
    /// Whom it is found to be.
    pub id: Option<String>,
    /// To which state or kind of organisation it belongs.
    pub code: Option<String>,
}

/// An event of a report.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// The number behind the event's id.
    pub hash: i64,
    /// Its type.
    pub event_type: EventType,
    /// Its mode.
    pub mode: Option<Mode>,
    /// Whether it is said to have happened.
    pub counted: bool,
    /// Who.
    pub actors: Vec<Party>,
    /// To whom.
    pub recipients: Vec<Party>,
    /// Its first day, and the day after its last.
    pub days: Option<(i32, i32)>,
    /// Whether the text gives its time, and no finer than the day of publication would.
    pub dated: bool,
    /// Whether its time is finer than a year.
    pub fine: bool,
    /// The place's name, where it is finer than a state.
    pub place: Option<String>,
    /// Its sentence, from 0.
    pub sentence: u32,
    /// The words of that sentence.
    pub words: String,
}

/// One happening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// `s-` and a hash of its smallest event.
    pub id: String,
    /// Its events: report and happening, by position; the first is the lead, which counts for all.
    pub events: Vec<(usize, usize)>,
    /// Its reports, in the order of publication.
    pub reports: Vec<ReportIn>,
    /// How many of them are independent of each other.
    pub origins: usize,
}

/// What grouping finds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grouping {
    /// For each report the cluster of reports on the same news that it is in, numbered from 0 in the order of the input.
    pub clusters: Vec<usize>,
    /// Every event is in one story.
    pub stories: Vec<Story>,
}

/// Reports further apart than this are not on the same news, in days.
const REACH: i32 = 3;
/// Mean likeness from which reports are on the same news: of summaries of different topics within three days
/// (Wikipedia's current events of early 2025, 68,902 pairs) one pair in three hundred is as like as that.
const SAME_NEWS: f64 = 0.16;
/// Mean likeness from which a report that stands alone is on the news of `SEVERAL` reports: of summaries of other topics
/// (the same ones, some 8,000 pairs of a summary and a cluster) one in two hundred is as like as that.
const ALSO_ON: f64 = 0.1;
/// Reports whose mean says more than one pair.
const SEVERAL: usize = 3;
/// How many times as like to that news as to any other.
const CLEARLY: f64 = 1.5;
/// Share of runs of words, in the shorter text, from which a report is a copy.
const COPY: f64 = 0.6;
/// Likeness of events from which they are one happening.
const SAME_EVENT: f64 = 0.5;
/// Likeness of sentences from which events of different news are one happening, when all else agrees.
const SAME_WORDS: f64 = 0.4;

impl Party {
    fn of(party: &ActorRef) -> Party {
        Party { id: party.id.as_ref().map(|id| id.to_string()), code: party.code.clone() }
    }
    /// The code, or else the id: parties of one state are at one, whoever speaks for it.
    fn key(&self) -> &str {
        self.code.as_deref().or(self.id.as_deref()).unwrap_or("?")
    }
}

impl Happening {
    /// What grouping looks at in an event.
    pub fn of(event: &Event, words: &str) -> Happening {
        let when = event.when;
        let days = when.and_then(|w| {
            let from = w.interval.from.map(day_number)?;
            Some((from, w.interval.until.map_or(from + 1, day_number)))
        });
        let place = event.place.as_ref().filter(|p| p.precision != demarche_core::PlacePrecision::Country);
        Happening {
            hash: id_number(&event.id),
            event_type: event.event_type,
            mode: event.mode,
            counted: event.counted(),
            actors: event.actors.iter().map(Party::of).collect(),
            recipients: event.recipients.iter().map(Party::of).collect(),
            days,
            dated: when.is_some_and(|w| matches!(w.basis, Basis::Stated | Basis::Relative)),
            fine: when.is_some_and(|w| within_a_month(w.precision)),
            place: place.map(|p| p.name.clone()),
            sentence: event.sentence,
            words: words.to_string(),
        }
    }
}

impl Report {
    /// What grouping looks at in a coded document; `sentence` gives the words of a sentence by its number.
    pub fn of(record: &DocumentRecord, text: &str, records: &[Record], sentence: impl Fn(u32) -> String) -> Report {
        let happenings = records.iter().filter_map(|r| match r {
            Record::Event(event) => Some(Happening::of(event, &sentence(event.sentence))),
            _ => None,
        });
        Report {
            hash: id_number(&record.id.to_string()),
            day: record.published.map_or(0, day_number),
            text: text.to_string(),
            publisher: record.publisher.clone(),
            outlet: None,
            credits: Vec::new(),
            actors: record.actors.iter().filter_map(|a| a.id.as_ref()).map(|id| id.to_string()).collect(),
            happenings: happenings.collect(),
        }
    }

    fn house(&self) -> Option<&str> {
        self.outlet.as_deref().or(self.publisher.as_deref())
    }
    fn id_text(&self) -> String {
        id_text('d', self.hash)
    }
    /// The day of what it reports: of its first event whose time the text gives near the day of publication, or else
    /// that of publication; and whether the text gives it.
    fn main_day(&self) -> (i32, bool) {
        let main = self.happenings.iter().filter(|h| h.counted && h.dated && h.fine).find_map(|h| {
            let (from, until) = h.days?;
            (until - from <= 2 && (self.day - from).abs() <= REACH).then_some(from)
        });
        main.map_or((self.day, false), |day| (day, true))
    }
}

/// Groups reports into news and their events into stories.
pub fn group(reports: &[Report]) -> Grouping {
    // Everything below works in an order of its own, so that the order of the input is of no account.
    let mut order: Vec<usize> = (0..reports.len()).collect();
    order.sort_by_key(|&ix| (reports[ix].day, reports[ix].hash, ix));
    let sorted: Vec<&Report> = order.iter().map(|&ix| &reports[ix]).collect();
    let copies = copies(&sorted);
    let news = news(&sorted, &copies);
    let mut stories = stories(&sorted, &news, &copies);
    for story in &mut stories {
        story.events.iter_mut().for_each(|(report, _)| *report = order[*report]);
        for report in &mut story.reports {
            report.report = order[report.report];
            report.origin = order[report.origin];
            report.copy_of = report.copy_of.map(|of| order[of]);
        }
    }
    let mut of_input = vec![0; reports.len()];
    for (place, &ix) in order.iter().enumerate() {
        of_input[ix] = news[place];
    }
    let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
    let clusters = of_input
        .iter()
        .map(|cluster| {
            let next = numbers.len();
            *numbers.entry(*cluster).or_insert(next)
        })
        .collect();
    Grouping { clusters, stories }
}

/// Which reports copy which earlier ones.
fn copies(reports: &[&Report]) -> BTreeMap<usize, Vec<Copied>> {
    let runs: Vec<Runs> = reports.iter().map(|r| Runs::of(&r.text)).collect();
    let mut found: BTreeMap<usize, Vec<Copied>> = BTreeMap::new();
    for (a, b) in copy::candidates(&runs) {
        let share = runs[a].containment(&runs[b]);
        let near = (reports[a].day - reports[b].day).abs() <= REACH;
        if near && share >= COPY && same_numbers(&reports[a].text, &reports[b].text) {
            found.entry(b).or_default().push(Copied { of: a, share });
        }
    }
    found
}

/// Whether the shorter text has no number that the longer lacks: daily reports of one make differ in nothing else.
fn same_numbers(a: &str, b: &str) -> bool {
    let numbers = |text: &str| -> BTreeSet<String> {
        copy::words(text).filter(|w| w.starts_with(|c: char| c.is_ascii_digit())).collect()
    };
    let (a, b) = if a.len() <= b.len() { (numbers(a), numbers(b)) } else { (numbers(b), numbers(a)) };
    a.is_subset(&b)
}

/// Clusters of reports on the same news.
fn news(reports: &[&Report], copies: &BTreeMap<usize, Vec<Copied>>) -> Vec<usize> {
    let days: Vec<(i32, bool)> = reports.iter().map(|r| r.main_day()).collect();
    // How much of a likeness remains at a distance in time: less where both texts give the day themselves.
    let near = |a: usize, b: usize| {
        let ((day_a, given_a), (day_b, given_b)) = (days[a], days[b]);
        match ((day_a - day_b).abs(), given_a && given_b) {
            (0, _) => 1.0,
            (1, false) => 0.9,
            (1, true) => 0.6,
            (2, false) => 0.7,
            (3, false) => 0.4,
            (2, true) => 0.2,
            _ => 0.0,
        }
    };
    let mut edges = likeness::pairs(reports, REACH, near);
    // A copy is as like its original as can be; pairs are in order.
    for (&b, copied) in copies {
        for copied in copied {
            match edges.binary_search_by_key(&(copied.of, b), |&(a, b, _)| (a, b)) {
                Ok(at) => edges[at].2 = 1.0,
                Err(at) => edges.insert(at, (copied.of, b, 1.0)),
            }
        }
    }
    let owners: Vec<usize> = (0..reports.len()).collect();
    let mut clusters = average_link(&owners, &edges, SAME_NEWS);
    take_in(&mut clusters, &edges, SEVERAL, ALSO_ON, CLEARLY);
    clusters
}

/// Stories out of the events of all reports.
fn stories(reports: &[&Report], news: &[usize], copies: &BTreeMap<usize, Vec<Copied>>) -> Vec<Story> {
    let mut items: Vec<(usize, usize)> = Vec::new();
    for (r, report) in reports.iter().enumerate() {
        let mut of_report: Vec<usize> = (0..report.happenings.len()).collect();
        of_report.sort_by_key(|&h| (report.happenings[h].hash, h));
        items.extend(of_report.into_iter().map(|h| (r, h)));
    }
    let happening = |item: usize| {
        let (r, h): (usize, usize) = items[item];
        &reports[r].happenings[h]
    };
    // Within one piece of news events need less in common than across.
    let mut blocks: BTreeMap<(usize, bool, QuadClass), Vec<usize>> = BTreeMap::new();
    let mut history: BTreeMap<(EventType, Option<Mode>, Vec<&str>, Vec<&str>, bool), Vec<usize>> = BTreeMap::new();
    for item in 0..items.len() {
        let h = happening(item);
        blocks.entry((news[items[item].0], h.counted, h.event_type.quad())).or_default().push(item);
        let mut sides = h.actors.iter().chain(&h.recipients);
        if sides.clone().count() >= 2 && sides.all(|p| p.code.is_some()) && h.fine {
            history
                .entry((h.event_type, h.mode, side(&h.actors), side(&h.recipients), h.counted))
                .or_default()
                .push(item);
        }
    }
    let mut edges: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for block in blocks.values() {
        for (n, &a) in block.iter().enumerate() {
            for &b in block[n + 1..].iter().filter(|&&b| items[b].0 != items[a].0) {
                let likeness = likeness_of_events(happening(a), happening(b));
                if likeness > 0.0 {
                    edges.insert((a.min(b), a.max(b)), likeness);
                }
            }
        }
    }
    for mut block in history.into_values() {
        block.sort_by_key(|&item| (happening(item).days, item));
        for (n, &a) in block.iter().enumerate() {
            let from = happening(a).days.map_or(0, |d| d.0);
            let near = |b: &usize| happening(*b).days.is_some_and(|d| d.0 - from <= 1);
            for &b in block[n + 1..].iter().take_while(|b| near(b)).take(256) {
                let same = items[a].0 == items[b].0 || edges.contains_key(&(a.min(b), a.max(b)));
                if !same && one_happening(happening(a), happening(b)) {
                    edges.insert((a.min(b), a.max(b)), SAME_EVENT + 0.1);
                }
            }
        }
    }
    let edges: Vec<(usize, usize, f64)> = edges.into_iter().map(|((a, b), likeness)| (a, b, likeness)).collect();
    let owners: Vec<usize> = items.iter().map(|&(report, _)| report).collect();
    let clusters = average_link(&owners, &edges, SAME_EVENT);
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (item, &cluster) in clusters.iter().enumerate() {
        members.entry(cluster).or_default().push(item);
    }
    members.into_values().map(|members| story(reports, &items, &members, copies)).collect()
}

fn story(
    reports: &[&Report],
    items: &[(usize, usize)],
    members: &[usize],
    copies: &BTreeMap<usize, Vec<Copied>>,
) -> Story {
    // Items are in the order of publication: the first report's event leads.
    let events: Vec<(usize, usize)> = members.iter().map(|&m| items[m]).collect();
    let smallest = events.iter().map(|&(r, h)| reports[r].happenings[h].hash).min().unwrap_or(0);
    let of_story: BTreeSet<usize> = events.iter().map(|&(r, _)| r).collect();
    let (in_story, origins) = lineage::of(reports, &of_story.into_iter().collect::<Vec<_>>(), copies);
    let id = format!("s-{}", demarche_core::stable_hash(&["story", &id_text('e', smallest)]));
    Story { id, events, reports: in_story, origins }
}

/// The codes of one side, in order.
fn side(parties: &[Party]) -> Vec<&str> {
    let mut keys: Vec<&str> = parties.iter().map(Party::key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// How alike two events of one piece of news are, 0 to 1: type, parties, time and place, and at last their words.
fn likeness_of_events(a: &Happening, b: &Happening) -> f64 {
    let kind = match (a.event_type == b.event_type, a.mode == b.mode || a.mode.is_none() || b.mode.is_none()) {
        (true, true) => 1.0,
        (true, false) => 0.8,
        // Of one quad class: what one reporter calls an agreement another calls talks.
        (false, _) => 0.6,
    };
    let parties = parties(a, b);
    let time = match (a.days, b.days) {
        (Some((a_from, a_until)), Some((b_from, b_until))) if a_from < b_until && b_from < a_until => 1.0,
        (Some((a_from, _)), Some((b_from, _))) => match (a_from - b_from).abs() {
            1 if a.dated && b.dated => 0.6,
            0 | 1 => 0.9,
            2 if !(a.dated && b.dated) => 0.7,
            _ => 0.0,
        },
        _ => 0.9,
    };
    let place = match (&a.place, &b.place) {
        (Some(a), Some(b)) if a != b => 0.8,
        _ => 1.0,
    };
    let words = 0.75 + 0.5 * likeness::overlap(&a.words, &b.words).min(0.5);
    (kind * parties * time * place * words).min(1.0)
}

/// How far the parties agree: each side with its like, or both taken together where one report knows no recipient.
fn parties(a: &Happening, b: &Happening) -> f64 {
    let jaccard = |a: &[&str], b: &[&str]| {
        let both = a.iter().filter(|key| **key != "?" && b.contains(key)).count();
        let either = a.len() + b.len() - both;
        if either == 0 { 1.0 } else { both as f64 / either as f64 }
    };
    let all = |h| -> Vec<&str> {
        let Happening { actors, recipients, .. }: &Happening = h;
        let keys: BTreeSet<&str> = actors.iter().chain(recipients).map(Party::key).collect();
        keys.into_iter().collect()
    };
    let together = jaccard(&all(a), &all(b));
    if a.recipients.is_empty() != b.recipients.is_empty() || a.recipients.is_empty() {
        return together;
    }
    let sides =
        (jaccard(&side(&a.actors), &side(&b.actors)) + jaccard(&side(&a.recipients), &side(&b.recipients))) / 2.0;
    sides.max(together * 0.6)
}

/// Whether events of different news are one happening: type, mode and parties agree already; so must the time that both
/// texts give, the place and the words.
fn one_happening(a: &Happening, b: &Happening) -> bool {
    let time = match (a.days, b.days) {
        (Some(x), Some(y)) => x == y && a.dated && b.dated || x.0.abs_diff(y.0) <= 1 && !(a.dated && b.dated),
        _ => false,
    };
    let place = !matches!((&a.place, &b.place), (Some(a), Some(b)) if a != b);
    time && place && likeness::overlap(&a.words, &b.words) >= SAME_WORDS
}
