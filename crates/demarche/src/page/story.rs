//! One happening: its reports in time, who copies whom, and in what they disagree.
//!
//! Disagreements are told by simple rules over what was coded and over the numbers in the sentences; each says which
//! report gives which, and none says who is right.

use super::{EventRow, StoryPage};
use anyhow::Result;
use demarche_core::{ActorRef, Basis, Event, Polarity, Precision, Role};
use demarche_store::collect::story::{Report, StoryFound};
use demarche_store::{Ledger, Stored};
use jiff::civil::Date;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A happening with the events of its reports.
#[derive(Debug, Clone)]
pub struct StoryView {
    /// Itself.
    pub story: StoryFound,
    /// Its events, and after them others of the same documents, each with the position of its report.
    pub events: Vec<(usize, Stored)>,
    /// The reports as a tree: origins, and under each what goes back to it.
    pub lineage: Vec<Branch>,
    /// In what the reports disagree.
    pub disagreements: Vec<Disagreement>,
}

/// A report and those that go back to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Branch {
    /// Which report, by its position.
    pub report: usize,
    /// What copies it, credits what it credits, or comes from its house.
    pub below: Vec<Branch>,
}

/// In what reports disagree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// `figures`, `blame`, `date`, `whether`.
    pub about: &'static str,
    /// What is counted, or done.
    pub what: String,
    /// The versions, that of the most reports first.
    pub versions: Vec<Version>,
}

/// What some of the reports say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// In a few words.
    pub says: String,
    /// By the position of the report, with the event.
    pub by: BTreeMap<usize, String>,
}

/// A number in a sentence, with what stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// "at least 12 people were".
    pub says: String,
    /// The number alone, without commas.
    pub number: String,
    /// The word after it.
    pub counted: String,
}

/// Reports whose events are shown and compared.
const REPORTS: usize = 200;
/// Events of them.
const EVENTS: usize = 1000;

impl StoryView {
    /// Of an id, `s-…`.
    pub fn of(ledger: &Ledger, id: &str) -> Result<StoryView> {
        let story = ledger.story(id)?;
        let documents: Vec<&str> = story.sources.iter().take(REPORTS).map(|r| r.document.as_str()).collect();
        let found = ledger.reported(&documents, story.lead.story.as_deref(), EVENTS)?;
        let mut events = Vec::new();
        for stored in found {
            let document = stored.entry.event.document.to_string();
            if let Some(report) = documents.iter().position(|known| *known == document) {
                events.push((report, stored));
            }
        }
        if events.is_empty() {
            events.push((0, story.lead.clone()));
        }
        let lineage = lineage(&story.sources);
        let disagreements = disagreements(&story, &events);
        Ok(StoryView { story, events, lineage, disagreements })
    }

    /// Whether an event is one of the story's own.
    pub fn own(&self, stored: &Stored) -> bool {
        stored.key == self.story.lead.key || (stored.story.is_some() && stored.story == self.story.lead.story)
    }

    /// The story's own events of a report.
    pub fn events_of(&self, report: usize) -> impl Iterator<Item = &Stored> {
        self.events.iter().filter(move |(of, stored)| *of == report && self.own(stored)).map(|(_, stored)| stored)
    }

    /// For programs.
    pub fn json(&self) -> serde_json::Value {
        let own = self.events.iter().filter(|(_, stored)| self.own(stored));
        serde_json::json!({
            "story": StoryPage::of(&self.story), "lineage": self.lineage, "disagreements": self.disagreements,
            "events": own.map(|(_, stored)| EventRow::of(stored)).collect::<Vec<_>>(),
        })
    }
}

/// The reports as a tree, each under what it copies or, failing that, under its origin.
pub fn lineage(reports: &[Report]) -> Vec<Branch> {
    let at: BTreeMap<&str, usize> = reports.iter().zip(0..).map(|(r, n)| (r.document.as_str(), n)).collect();
    let above = |report: &Report| {
        let copied = report.copy_of.as_deref().and_then(|id| at.get(id));
        copied.or_else(|| at.get(report.goes_back_to.as_deref()?)).copied()
    };
    let parents: Vec<Option<usize>> = reports.iter().zip(0..).map(|(r, n)| above(r).filter(|&a| a != n)).collect();
    fn branch(report: usize, parents: &[Option<usize>], seen: &mut BTreeSet<usize>) -> Branch {
        seen.insert(report);
        let below: Vec<usize> =
            (0..parents.len()).filter(|&n| parents[n] == Some(report) && !seen.contains(&n)).collect();
        Branch { report, below: below.into_iter().map(|n| branch(n, parents, seen)).collect() }
    }
    let mut seen = BTreeSet::new();
    let roots = (0..reports.len()).filter(|&n| parents[n].is_none());
    let mut all: Vec<Branch> = roots.map(|n| branch(n, &parents, &mut seen)).collect();
    // Two that name each other have no root.
    for n in 0..reports.len() {
        if !seen.contains(&n) {
            all.push(branch(n, &parents, &mut seen));
        }
    }
    all
}

/// The numbers of a sentence that count something: no years, no days of a month, no parts of names ("F-16", "24th").
pub fn figures(text: &str, without: &[&str]) -> Vec<Figure> {
    // Words with where they begin and end; commas within a number are its own.
    let mut words: Vec<(usize, &str)> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_whitespace(), start) {
            (false, None) => start = Some(at),
            (true, Some(from)) => {
                words.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    let bare = |word: &'_ str| word.trim_matches(|c: char| !c.is_alphanumeric() && c != '%').to_string();
    let months: Vec<[String; 2]> = (1..=12)
        .filter_map(|month| Date::new(2000, month, 1).ok())
        .map(|day| ["%B", "%b"].map(|form| day.strftime(form).to_string()))
        .collect();
    let month = |word: Option<&(usize, &str)>| {
        word.is_some_and(|(_, word)| months.iter().flatten().any(|name| *name == bare(word)))
    };
    let skipped: Vec<std::ops::Range<usize>> = without
        .iter()
        .filter(|words| !words.is_empty())
        .filter_map(|words| text.find(*words).map(|at| at..at + words.len()))
        .collect();
    let mut all = Vec::new();
    for (n, &(at, word)) in words.iter().enumerate() {
        let number = bare(word).replace(',', "");
        let digits = number.trim_end_matches('%');
        let counts = !digits.is_empty()
            && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
            && digits.parse::<f64>().is_ok();
        let year =
            !word.contains([',', '%']) && digits.len() == 4 && (1900..=2100).contains(&digits.parse().unwrap_or(0));
        let date = month(words.get(n + 1)) || n.checked_sub(1).is_some_and(|before| month(words.get(before)));
        if !counts || year || date || skipped.iter().any(|range| range.contains(&at)) {
            continue;
        }
        let counted = if number.ends_with('%') {
            "%".to_string()
        } else {
            words.get(n + 1).map_or_else(String::new, |(_, w)| bare(w))
        };
        let (first, last) = (n.saturating_sub(2), (n + 2).min(words.len() - 1));
        let says = text[words[first].0..words[last].0 + words[last].1.len()].to_string();
        all.push(Figure { says, number: digits.to_string(), counted });
    }
    all
}

/// Versions by what tells them apart, where more than one report gives them and they are more than one.
fn between(
    about: &'static str,
    what: String,
    versions: BTreeMap<String, (String, BTreeMap<usize, String>)>,
) -> Option<Disagreement> {
    let reports: BTreeSet<usize> = versions.values().flat_map(|(_, by)| by.keys().copied()).collect();
    if versions.len() < 2 || reports.len() < 2 {
        return None;
    }
    let mut versions: Vec<Version> = versions.into_values().map(|(says, by)| Version { says, by }).collect();
    versions.sort_by_key(|version| std::cmp::Reverse(version.by.len()));
    Some(Disagreement { about, what, versions })
}

type Versions = BTreeMap<String, (String, BTreeMap<usize, String>)>;

fn add(versions: &mut Versions, key: String, says: &str, report: usize, event: &Event) {
    let version = versions.entry(key).or_insert_with(|| (says.to_string(), BTreeMap::new()));
    version.1.entry(report).or_insert_with(|| event.id.clone());
}

/// A party of a comparison: its state or kind where it has a code, or else itself.
fn key(party: &ActorRef) -> String {
    let id = || party.id.as_ref().map(|id| id.to_string());
    party.code.clone().or_else(id).unwrap_or_else(|| party.text.to_lowercase())
}

fn keys(parties: &[ActorRef]) -> BTreeSet<String> {
    parties.iter().map(key).collect()
}

fn called(parties: &[ActorRef]) -> String {
    let name = |party: &ActorRef| party.name.clone().unwrap_or_else(|| party.text.clone());
    parties.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// In what the reports of a story disagree.
pub fn disagreements(story: &StoryFound, events: &[(usize, Stored)]) -> Vec<Disagreement> {
    let lead = &story.lead.entry.event;
    let own =
        |stored: &Stored| stored.key == story.lead.key || (stored.story.is_some() && stored.story == story.lead.story);
    let ours: Vec<(usize, &Stored)> = events.iter().filter(|(_, s)| own(s)).map(|(n, s)| (*n, s)).collect();
    let mut all = in_figures(&ours);
    // Blame: the same deed done to the same, by others. An event of another day is another deed.
    let near = |event: &Event| {
        let day = event.when.and_then(|when| when.interval.from);
        let (first, last) = (story.first.yesterday().ok(), story.last.tomorrow().ok());
        day.is_none_or(|day| first.is_none_or(|first| first <= day) && last.is_none_or(|last| day <= last))
    };
    let alike = |event: &Event| event.event_type == lead.event_type && near(event);
    let mut blame = Versions::new();
    for (report, stored) in events {
        let event = &stored.entry.event;
        let same = !keys(&event.recipients).is_disjoint(&keys(&lead.recipients));
        if alike(event) && event.counted() && same && !event.actors.is_empty() {
            let actors = keys(&event.actors);
            // Who stands in a version already joins it: "Russia" and "Russia, Belarus" are no two accounts.
            let met = blame.keys().find(|known| known.split('\u{1}').any(|one| actors.contains(one))).cloned();
            let version = met.unwrap_or_else(|| actors.iter().cloned().collect::<Vec<_>>().join("\u{1}"));
            add(&mut blame, version, &called(&event.actors), *report, event);
        }
    }
    all.extend(between("blame", format!("{} toward {}", lead.event_type, called(&lead.recipients)), blame));
    // Dates that the texts themselves give.
    let mut dates = Versions::new();
    for (report, stored) in &ours {
        if let Some(when) = stored.entry.event.when
            && let Some(day) = when.interval.from
            && matches!(when.basis, Basis::Stated | Basis::Relative)
            && matches!(when.precision, Precision::Hour | Precision::Day)
        {
            add(&mut dates, day.to_string(), &super::brief::day_name(day), *report, &stored.entry.event);
        }
    }
    all.extend(between("date", "the day".to_string(), dates));
    // One reports, one denies.
    let mut whether = Versions::new();
    for (report, stored) in events {
        let event = &stored.entry.event;
        let sides =
            |event: &Event| keys(&event.actors).into_iter().chain(keys(&event.recipients)).collect::<BTreeSet<_>>();
        let same = sides(event).intersection(&sides(lead)).count() >= sides(lead).len().min(2);
        if alike(event) && same && (event.counted() || event.polarity == Polarity::Negative) {
            let says = if event.polarity == Polarity::Negative { "it did not happen" } else { "it happened" };
            add(&mut whether, says.to_string(), says, *report, event);
        }
    }
    all.extend(between("whether", lead.event_type.to_string(), whether));
    all
}

/// Numbers before the same word that differ; and, where sentences have one number each, these.
fn in_figures(ours: &[(usize, &Stored)]) -> Vec<Disagreement> {
    let mut by_word: BTreeMap<String, (String, Versions)> = BTreeMap::new();
    let mut of_report: BTreeMap<usize, Vec<(Figure, &Event)>> = BTreeMap::new();
    let mut read: BTreeSet<(usize, u32)> = BTreeSet::new();
    for (report, stored) in ours {
        let event = &stored.entry.event;
        let Some(text) = stored.entry.sentence_text.as_deref() else { continue };
        if !read.insert((*report, event.sentence)) {
            continue;
        }
        let times: Vec<&str> =
            event.evidence.iter().filter(|e| e.role == Role::Time).map(|e| e.text.as_str()).collect();
        for figure in figures(text, &times) {
            if !figure.counted.is_empty() {
                let (_, versions) = by_word
                    .entry(figure.counted.to_lowercase())
                    .or_insert_with(|| (figure.counted.clone(), Versions::new()));
                add(versions, figure.number.clone(), &figure.says, *report, event);
            }
            of_report.entry(*report).or_default().push((figure, event));
        }
    }
    // A report that gives both numbers of a word does not contradict itself: what all who differ give is left out.
    let mut all: Vec<Disagreement> = by_word
        .into_values()
        .filter_map(|(word, versions)| {
            let reports: BTreeSet<usize> = versions.values().flat_map(|(_, by)| by.keys().copied()).collect();
            let apart = versions.into_iter().filter(|(_, (_, by))| by.len() < reports.len()).collect();
            between("figures", word, apart)
        })
        .collect();
    let told: BTreeSet<usize> = all.iter().flat_map(|d| &d.versions).flat_map(|v| v.by.keys().copied()).collect();
    let mut single = Versions::new();
    for (report, figures) in &of_report {
        if let [(figure, event)] = figures.as_slice()
            && !told.contains(report)
        {
            add(&mut single, figure.number.clone(), &figure.says, *report, event);
        }
    }
    all.extend(between("figures", "the one number of the sentence".to_string(), single));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<(String, String)> {
        figures(text, &["9 a.m. on 4 May"]).into_iter().map(|f| (f.number, f.counted)).collect()
    }

    #[test]
    fn a_figure_counts_something_and_is_no_date_and_no_name() {
        let pair = |number: &str, word: &str| (number.to_string(), word.to_string());
        assert_eq!(
            numbers("At least 12 people were killed, 1,200 others fled."),
            [pair("12", "people"), pair("1200", "others")]
        );
        assert_eq!(numbers("In 2024 on March 9 (and 10 April), F-16 jets hit the 24th brigade."), Vec::new());
        assert_eq!(
            numbers("At 9 a.m. on 4 May some 3.5 million left; 20% stayed."),
            [pair("3.5", "million"), pair("20", "%")]
        );
        assert_eq!(figures("Officials said at least 12 people were killed", &[])[0].says, "at least 12 people were");
    }

    fn report(document: &str, copy_of: Option<&str>, goes_back_to: Option<&str>) -> Report {
        Report {
            document: document.to_string(),
            published: None,
            publisher: None,
            title: None,
            url: None,
            origin: goes_back_to.is_none(),
            goes_back_to: goes_back_to.map(str::to_string),
            copy_of: copy_of.map(str::to_string),
            credit: None,
            why: String::new(),
        }
    }

    #[test]
    fn every_report_stands_once_in_the_lineage() {
        let leaf = |report| Branch { report, below: Vec::new() };
        let reports = [
            report("a", None, None),
            report("b", Some("a"), Some("a")),
            report("c", Some("b"), Some("a")),
            report("d", None, Some("a")),
            report("e", None, None),
        ];
        let under_b = Branch { report: 1, below: vec![leaf(2)] };
        assert_eq!(lineage(&reports), [Branch { report: 0, below: vec![under_b, leaf(3)] }, leaf(4)]);
        // A ring, as no grouping makes it.
        let ring = [report("a", Some("b"), None), report("b", Some("a"), None)];
        assert_eq!(lineage(&ring), [Branch { report: 0, below: vec![leaf(1)] }]);
    }

    /// Report `n` tells that one did something to another, in these words, on a day that the text gives.
    fn told(n: usize, [who, whom]: [&str; 2], polarity: Polarity, words: &str, day: &str) -> (usize, Stored) {
        let party = |name: &str| ActorRef {
            code: Some(name.to_string()),
            ..ActorRef::bare(name, demarche_core::Span::new(0, 0))
        };
        let event = Event {
            id: format!("e-{n}"),
            document: demarche_core::DocId::of(&[&n.to_string()]),
            sentence: 0,
            event_type: demarche_core::EventType::Assault,
            mode: None,
            contexts: Vec::new(),
            cameo: None,
            quad: demarche_core::EventType::Assault.quad(),
            intensity: -9.0,
            actors: vec![party(who)],
            recipients: vec![party(whom)],
            polarity,
            modality: demarche_core::Modality::Asserted,
            tense: demarche_core::Tense::Past,
            attribution: None,
            when: Some(demarche_core::When {
                interval: demarche_core::Interval::day(day.parse().unwrap()),
                precision: Precision::Day,
                basis: Basis::Stated,
                scope: demarche_core::Scope::Clause,
            }),
            place: None,
            evidence: Vec::new(),
            grounds: Vec::new(),
            confidence: 0.9,
        };
        let mut entry = demarche_store::Entry::bare("demarche".to_string(), event);
        entry.sentence_text = Some(words.to_string());
        let known = day.parse().unwrap();
        let story = Some("s-1".to_string());
        let stored = Stored {
            entry,
            key: n as i64,
            document: Some(n as i64),
            story,
            lead: n == 0,
            run: 1,
            known,
            gone: None,
            correction: None,
        };
        (n, stored)
    }

    fn versions(events: &[(usize, Stored)]) -> Vec<(&'static str, String, Vec<(String, Vec<usize>)>)> {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let story = StoryFound {
            id: "s-1".to_string(),
            first: day("2025-05-03"),
            last: day("2025-05-04"),
            reports: 3,
            origins: 3,
            lead: events[0].1.clone(),
            sources: Vec::new(),
        };
        let one = |d: Disagreement| {
            let versions = d.versions.into_iter().map(|v| (v.says, v.by.into_keys().collect()));
            (d.about, d.what, versions.collect())
        };
        disagreements(&story, events).into_iter().map(one).collect()
    }

    #[test]
    fn reports_that_say_the_same_do_not_disagree() {
        let words = ["Arnor killed 12 people.", "Twelve fell; 12 people, police said."];
        let two = [0, 1].map(|n| told(n, ["ARN", "GON"], Polarity::Positive, words[n], "2025-05-03"));
        assert_eq!(versions(&two), Vec::new());
        // One report that has two numbers does not contradict itself, nor do two that both have both.
        let both = [0, 1]
            .map(|n| told(n, ["ARN", "GON"], Polarity::Positive, "12 people, then 14 people died.", "2025-05-03"));
        assert_eq!(versions(&both[..1]), Vec::new());
        assert_eq!(versions(&both), Vec::new());
    }

    #[test]
    fn figures_blame_date_and_denial_are_told_with_who_gives_which() {
        let yes = Polarity::Positive;
        let events = [
            told(0, ["ARN", "GON"], yes, "At least 12 people were killed.", "2025-05-03"),
            told(1, ["ARN", "GON"], yes, "Arnor killed 20 people.", "2025-05-04"),
            told(2, ["MOR", "GON"], yes, "Mordor killed 12 people.", "2025-05-03"),
            told(3, ["ARN", "GON"], Polarity::Negative, "Arnor did not strike.", "2025-05-03"),
        ];
        let found = versions(&events);
        let about: Vec<(&str, &str)> = found.iter().map(|(about, what, _)| (*about, what.as_str())).collect();
        assert_eq!(
            about,
            [("figures", "people"), ("blame", "ASSAULT toward GON"), ("date", "the day"), ("whether", "ASSAULT")]
        );
        assert_eq!(
            found[0].2,
            [("At least 12 people were".to_string(), vec![0, 2]), ("Arnor killed 20 people.".to_string(), vec![1])]
        );
        assert_eq!(found[1].2, [("ARN".to_string(), vec![0, 1]), ("MOR".to_string(), vec![2])]);
        assert_eq!(found[2].2, [("3 May 2025".to_string(), vec![0, 2, 3]), ("4 May 2025".to_string(), vec![1])]);
        assert_eq!(found[3].2, [("it happened".to_string(), vec![0, 1]), ("it did not happen".to_string(), vec![3])]);
        // "12 people" and "20 killed": one number in each sentence.
        let two = [
            told(0, ["ARN", "GON"], yes, "At least 12 people were killed.", "2025-05-03"),
            told(1, ["ARN", "GON"], yes, "Arnor left 20 killed.", "2025-05-03"),
        ];
        let found = versions(&two);
        assert_eq!((found.len(), found[0].1.as_str()), (1, "the one number of the sentence"));
    }
}
