//! What a page or an answer shows, as plain values: the command line prints them, the web pages will draw them.

pub mod actor;
pub mod brief;
pub mod brief_html;
pub mod brief_markdown;
pub mod corrections;
pub mod dyad;
pub mod event;
pub mod months;
pub mod network;
pub mod reader;
pub mod runs;
pub mod search;
pub mod segment;
pub mod sources;
pub mod start;
pub mod story;
pub mod why;
pub mod world;

use demarche_core::{Event, QuadClass};
use demarche_store::Stored;
use demarche_store::collect::series::Bin;
use demarche_store::collect::story::{Report, StoryFound};
use jiff::civil::Date;
use serde::Serialize;

/// An event with its report.
#[derive(Debug, Clone, Serialize)]
pub struct EventRow<'a> {
    kind: &'static str,
    /// The event, as `demarche code` prints it.
    #[serde(flatten)]
    pub event: &'a Event,
    /// The data set.
    pub dataset: &'a str,
    /// The sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<&'a str>,
    /// When the report was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<Date>,
    /// By whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<&'a str>,
    /// Under which title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<&'a str>,
    /// The story that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<&'a str>,
    /// The day from which the ledger knew it.
    pub known: Date,
}

impl<'a> EventRow<'a> {
    /// Of an event of the ledger.
    pub fn of(stored: &'a Stored) -> EventRow<'a> {
        let entry = &stored.entry;
        EventRow {
            kind: "event",
            event: &entry.event,
            dataset: &entry.dataset,
            words: entry.sentence_text.as_deref(),
            published: entry.published,
            publisher: entry.publisher.as_deref(),
            title: entry.title.as_deref(),
            url: entry.url.as_deref(),
            story: stored.story.as_deref(),
            known: stored.known,
        }
    }
}

/// A happening with its reports.
#[derive(Debug, Clone, Serialize)]
pub struct StoryPage<'a> {
    kind: &'static str,
    /// `s-…`.
    pub id: &'a str,
    /// Its first day.
    pub first: Date,
    /// Its last.
    pub last: Date,
    /// How many documents report it.
    pub reports: u32,
    /// How many of them are independent.
    pub origins: u32,
    /// The event that stands for it.
    pub lead: EventRow<'a>,
    /// The reports, by date.
    pub sources: &'a [Report],
}

impl<'a> StoryPage<'a> {
    /// Of a story of the ledger.
    pub fn of(story: &'a StoryFound) -> StoryPage<'a> {
        StoryPage {
            kind: "story",
            id: &story.id,
            first: story.first,
            last: story.last,
            reports: story.reports,
            origins: story.origins,
            lead: EventRow::of(&story.lead),
            sources: &story.sources,
        }
    }
}

/// How much passed between two in some days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FlowRow {
    /// First day.
    pub from: Date,
    /// The day after the last.
    pub until: Date,
    /// All events.
    pub events: u32,
    /// Of these, cooperation.
    pub cooperation: u32,
    /// And conflict.
    pub conflict: u32,
    /// In words.
    pub verbal: u32,
    /// In deeds.
    pub material: u32,
    /// Cooperation less conflict.
    pub balance: i64,
    /// PLOVER's mean intensity, -10 to 10.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intensity: Option<f64>,
    /// Documents read.
    pub documents: u64,
}

/// The day of an event as fine as it is known: "2014-06-08", "2014-06", "2014", "before 2014-06-08".
pub fn event_day(event: &Event) -> String {
    use demarche_core::Precision;
    let Some(when) = event.when else { return String::new() };
    let Some(from) = when.interval.from else {
        return when.interval.until.map_or(String::new(), |u| format!("before {u}"));
    };
    match when.precision {
        Precision::Year => format!("{:04}", from.year()),
        Precision::Month => format!("{:04}-{:02}", from.year(), from.month()),
        Precision::Decade => format!("{:04}s", from.year()),
        _ => from.to_string(),
    }
}

/// "Russia → Ukraine: assault (drone)".
pub fn who_did_what(event: &Event) -> String {
    let side = |parties: &[demarche_core::ActorRef]| {
        let names: Vec<&str> = parties.iter().map(|party| party.name.as_deref().unwrap_or(&party.text)).collect();
        match names.as_slice() {
            [one, other, _, ..] => format!("{one}, {other} and others"),
            few => few.join(", "),
        }
    };
    let mut words = side(&event.actors);
    if !event.recipients.is_empty() {
        words += &format!("{}→ {}", if words.is_empty() { "" } else { " " }, side(&event.recipients));
    }
    words += &format!(": {}", event.event_type.as_str().to_lowercase());
    if let Some(mode) = event.mode {
        words += &format!(" ({mode})");
    }
    words
}

/// A quad class in words.
pub fn quad_name(class: QuadClass) -> &'static str {
    match class {
        QuadClass::VerbalCooperation => "cooperation in words",
        QuadClass::MaterialCooperation => "cooperation in deeds",
        QuadClass::VerbalConflict => "conflict in words",
        QuadClass::MaterialConflict => "conflict in deeds",
    }
}

/// A series as a flow.
pub fn flow(bins: &[Bin]) -> Vec<FlowRow> {
    let row = |bin: &Bin| {
        let [verbal_good, material_good, verbal_bad, material_bad] = bin.sums.classes();
        FlowRow {
            from: bin.from,
            until: bin.until,
            events: bin.sums.events(),
            cooperation: bin.sums.cooperation(),
            conflict: bin.sums.conflict(),
            verbal: verbal_good + verbal_bad,
            material: material_good + material_bad,
            balance: i64::from(bin.sums.cooperation()) - i64::from(bin.sums.conflict()),
            intensity: bin.sums.intensity(),
            documents: bin.exposure.documents,
        }
    };
    bins.iter().map(row).collect()
}
