//! `demarche code`: the main job.

use super::input::{Faults, Inputs, articles};
use super::output::{self, Format};
use super::{Exit, STOP, explain};
use crate::page::event_day;
use crate::{Coded, Engine};
use anyhow::Result;
use demarche_coder::Leaning;
use demarche_core::{ActorRef, Event};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::civil::Date;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::atomic::Ordering;

/// Arguments of `demarche code`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    inputs: Inputs,
    /// Shape of the output [default: table on a terminal, jsonl in a pipe]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The day of publication, over whatever the articles say
    #[arg(long, value_name = "DATE")]
    published: Option<Date>,
    /// A folder of tables laid over the built-in ones
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Show each sentence with its layers, and why each event was coded
    #[arg(long)]
    explain: bool,
    /// Put the clean text, in which offsets count, into the document lines
    #[arg(long)]
    text: bool,
    /// In tables and CSV also what did not happen: denied, planned, possible, demanded
    #[arg(long)]
    all: bool,
    /// Read every sentence, also those that a look at their words shows to report nothing
    #[arg(long)]
    read_all: bool,
    #[command(flatten)]
    preset: Preset,
    /// Threads [default: all cores]
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// Which way to lean; docs/quality.md has the measured points.
#[derive(clap::Args, Clone, Copy, Debug, Default)]
pub(crate) struct Preset {
    /// Fewer events, more of them right: what a pattern reports and the typing head does not contradict
    #[arg(long, conflicts_with = "recall")]
    precision: bool,
    /// More events, fewer of them right: also what the typing head alone finds likelier than not
    #[arg(long)]
    recall: bool,
}

impl Preset {
    pub(crate) fn leaning(self) -> Leaning {
        match (self.precision, self.recall) {
            (true, _) => Leaning::Precision,
            (_, true) => Leaning::Recall,
            _ => Leaning::Balanced,
        }
    }
}

/// The engine over the built-in tables, or with a folder laid over them.
pub(crate) fn engine(data: Option<&PathBuf>) -> Result<Engine> {
    match data {
        Some(dir) => {
            let engine = Engine::with_data(dir)?;
            engine.ignored().iter().for_each(|line| eprintln!("demarche: {line}"));
            Ok(engine)
        }
        None => Engine::new(),
    }
}

pub(crate) fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1)
}

pub(crate) fn run(args: &Args) -> Result<Exit> {
    // An explanation shows every sentence with its layers, so every one is read.
    let engine = engine(args.data.as_ref())?.reading_all(args.read_all || args.explain).leaning(args.preset.leaning());
    // The end of the process gives the memory back at once; freeing every word of the tables would take a while.
    let engine = std::mem::ManuallyDrop::new(engine);
    let mut faults = Faults::default();
    let articles = articles(&args.inputs, args.published, &mut faults);
    let format = output::format(args.format);
    let mut out = output::stdout();
    let mut csv = (format == Format::Csv && !args.explain).then(|| csv::Writer::from_writer(Vec::new()));
    if let Some(csv) = &mut csv {
        csv.write_record(CSV_HEADER)?;
    }
    let bar = progress(articles.len() as u64);
    let (mut done, mut failure) = (0, None);
    engine.code_all(articles.into_iter(), threads(args.threads), &STOP, |name: String, coded| {
        let written = (|| -> Result<()> {
            if coded.doc.meta.lang != "en" {
                faults.report(format!("{name}: language {}, not coded (hint: only English is)", coded.doc.meta.lang));
            }
            if args.explain {
                return explain::print(&mut out, engine.knowledge(), &coded);
            }
            match &mut csv {
                Some(csv) => {
                    csv_rows(csv, &coded, args.all)?;
                    csv.flush()?;
                    out.write_all(csv.get_ref())?;
                    // What is written is let go, so that memory does not grow with the batch.
                    let fresh = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
                    *csv = fresh;
                }
                None if format == Format::Table => table(&mut out, &coded, args.all)?,
                None => {
                    for record in coded.records(args.text) {
                        output::line(&mut out, &record)?;
                    }
                }
            }
            Ok(())
        })();
        bar.inc(1);
        match written {
            Ok(()) => {
                done += usize::from(coded.doc.meta.lang == "en");
                true
            }
            Err(error) => {
                failure = Some(error);
                false
            }
        }
    });
    bar.finish_and_clear();
    if let Some(error) = failure {
        return Err(error);
    }
    if let Some(mut csv) = csv {
        csv.flush()?;
        out.write_all(csv.get_ref())?;
    }
    out.flush()?;
    if STOP.load(Ordering::Relaxed) {
        faults.report("interrupted: what is printed is complete up to its last document");
    }
    Ok(faults.exit(done))
}

fn progress(len: u64) -> ProgressBar {
    if len < 20 || !std::io::stderr().is_terminal() || std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(len);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} articles, {per_sec}, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// Names with codes: "Scott Bessent (USA GOV)".
pub(crate) fn parties(list: &[ActorRef]) -> String {
    let one = |a: &ActorRef| {
        let name = a.name.as_deref().unwrap_or(&a.text);
        let code: Vec<&str> = a.code.as_deref().into_iter().chain(a.sector.map(|s| s.as_str())).collect();
        if code.is_empty() { name.to_string() } else { format!("{name} ({})", code.join(" ")) }
    };
    list.iter().map(one).collect::<Vec<_>>().join(", ")
}

pub(crate) fn kind(event: &Event) -> String {
    match event.mode {
        Some(mode) => format!("{} {mode}", event.event_type),
        None => event.event_type.to_string(),
    }
}

/// How an event stands, where it is not plainly a fact.
pub(crate) fn standing(event: &Event) -> String {
    use demarche_core::{Modality, Polarity};
    let mut words = Vec::new();
    if event.polarity == Polarity::Negative {
        words.push("not");
    }
    match event.modality {
        Modality::Asserted => {}
        Modality::Planned => words.push("planned"),
        Modality::Possible => words.push("possible"),
        Modality::Conditional => words.push("conditional"),
        Modality::Demanded => words.push("demanded"),
        Modality::Believed => words.push("believed"),
    }
    words.join(", ")
}

fn words(event: &Event) -> String {
    event.evidence.first().map(|e| e.text.clone()).unwrap_or_default()
}

fn table(out: &mut impl Write, coded: &Coded, all: bool) -> Result<()> {
    let meta = &coded.doc.meta;
    let title = meta.title.as_deref().or(meta.article_id.as_deref()).unwrap_or("untitled");
    let published = meta.published.map_or("no date".to_string(), |d| d.to_string());
    writeln!(out, "{}  {}  {}", coded.doc.id, published, output::plain(title))?;
    let rows: Vec<Vec<String>> = coded
        .coding
        .events
        .iter()
        .filter(|e| all || e.counted())
        .map(|e| {
            let place = e.place.as_ref().map(|p| p.name.clone()).unwrap_or_default();
            vec![event_day(e), parties(&e.actors), kind(e), parties(&e.recipients), standing(e), place, words(e)]
        })
        .collect();
    if rows.is_empty() {
        writeln!(out, "no event\n")?;
        return Ok(());
    }
    let header = ["when", "actor", "type", "recipient", "standing", "where", "words"];
    let used: Vec<usize> = (0..header.len()).filter(|&ix| rows.iter().any(|r| !r[ix].is_empty())).collect();
    let header: Vec<&str> = used.iter().map(|&ix| header[ix]).collect();
    let kept: Vec<Vec<String>> = rows.iter().map(|r| used.iter().map(|&ix| r[ix].clone()).collect()).collect();
    output::table(out, &header, &kept, 36)?;
    let rest = coded.coding.events.len() - rows.len();
    if rest > 0 {
        writeln!(out, "and {rest} that did not happen or may not have (--all)")?;
    }
    let checks: Vec<Vec<String>> = coded
        .coding
        .checks
        .iter()
        .map(|c| {
            let reference = c.reference.as_ref().map(|r| r.statement.clone()).unwrap_or_default();
            vec![c.claim.clone(), format!("{:?}", c.verdict).to_lowercase(), reference]
        })
        .collect();
    if !checks.is_empty() {
        writeln!(out)?;
        output::table(out, &["stated", "check", "reference"], &checks, 70)?;
    }
    writeln!(out)?;
    Ok(())
}

const CSV_HEADER: &[&str] = &[
    "document",
    "article_id",
    "published",
    "sentence",
    "event",
    "type",
    "mode",
    "cameo",
    "quad",
    "intensity",
    "actor",
    "actor_id",
    "actor_code",
    "actor_sector",
    "recipient",
    "recipient_id",
    "recipient_code",
    "recipient_sector",
    "polarity",
    "modality",
    "from",
    "until",
    "precision",
    "place",
    "country",
    "lat",
    "lon",
    "speaker",
    "words",
    "start",
    "end",
    "confidence",
];

/// One row for each directed dyad; an event with one side has one row.
fn csv_rows(csv: &mut csv::Writer<Vec<u8>>, coded: &Coded, all: bool) -> Result<()> {
    let text = |o: Option<&str>| o.unwrap_or_default().to_string();
    for event in coded.coding.events.iter().filter(|e| all || e.counted()) {
        let dyads = event.dyads();
        let sides: Vec<(Option<&ActorRef>, Option<&ActorRef>)> = if dyads.is_empty() {
            if event.actors.is_empty() {
                event.recipients.iter().map(|r| (None, Some(r))).collect()
            } else {
                event.actors.iter().map(|a| (Some(a), None)).collect()
            }
        } else {
            dyads.into_iter().map(|(a, b)| (Some(a), Some(b))).collect()
        };
        for (actor, recipient) in sides {
            let party = |p: Option<&ActorRef>| {
                [
                    text(p.map(|p| p.name.as_deref().unwrap_or(&p.text))),
                    text(p.and_then(|p| p.id.as_ref()).map(|i| i.as_str())),
                    text(p.and_then(|p| p.code.as_deref())),
                    text(p.and_then(|p| p.sector).map(|s| s.as_str())),
                ]
            };
            let trigger = event.evidence.first();
            let mut row = vec![
                event.document.to_string(),
                text(coded.doc.meta.article_id.as_deref()),
                coded.doc.meta.published.map(|d| d.to_string()).unwrap_or_default(),
                event.sentence.to_string(),
                event.id.clone(),
                event.event_type.to_string(),
                event.mode.map(|m| m.to_string()).unwrap_or_default(),
                text(event.cameo.as_deref()),
                event.quad.number().to_string(),
                event.intensity.to_string(),
            ];
            row.extend(party(actor));
            row.extend(party(recipient));
            let name = |value: &dyn erased::Name| value.name();
            row.push(name(&event.polarity));
            row.push(name(&event.modality));
            let interval = event.when.map(|w| w.interval);
            row.push(interval.and_then(|i| i.from).map(|d| d.to_string()).unwrap_or_default());
            row.push(interval.and_then(|i| i.until).map(|d| d.to_string()).unwrap_or_default());
            row.push(event.when.map(|w| name(&w.precision)).unwrap_or_default());
            let place = event.place.as_ref();
            row.push(text(place.map(|p| p.name.as_str())));
            row.push(text(place.and_then(|p| p.country.as_deref())));
            row.push(place.and_then(|p| p.lat).map(|v| v.to_string()).unwrap_or_default());
            row.push(place.and_then(|p| p.lon).map(|v| v.to_string()).unwrap_or_default());
            let speaker = event.attribution.as_ref().and_then(|a| a.speaker.as_ref());
            row.push(text(speaker.map(|s| s.name.as_deref().unwrap_or(&s.text))));
            row.push(text(trigger.map(|e| e.text.as_str())));
            row.push(trigger.map(|e| e.span.start.to_string()).unwrap_or_default());
            row.push(trigger.map(|e| e.span.end.to_string()).unwrap_or_default());
            row.push(event.confidence.to_string());
            csv.write_record(&row)?;
        }
    }
    Ok(())
}

/// Names of closed sets as the records write them.
mod erased {
    use demarche_core::{Modality, Polarity, Precision};

    pub(super) trait Name {
        fn name(&self) -> String;
    }
    macro_rules! named {
        ($($t:ty),+) => { $(impl Name for $t {
            fn name(&self) -> String {
                format!("{self:?}").to_lowercase()
            }
        })+ };
    }
    named!(Modality, Polarity, Precision);
}
