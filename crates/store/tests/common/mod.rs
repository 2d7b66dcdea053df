//! Records over the invented world, and ledgers in a folder that goes when the test ends.

#![allow(dead_code)]

use demarche_core::{
    ActorRef, Basis, DocId, DocumentRecord, Event, EventType, Evidence, Interval, Modality, Polarity, Precision,
    Record, Role, Scope, Sector, Span, Tense, When, stable_hash,
};
use demarche_store::{Access, Added, DocumentIn, Ledger, RunKind, RunSpec, SentenceSpan, Writer};
use jiff::civil::Date;
use std::path::PathBuf;

/// A folder of its own.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("demarche-store-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder");
        Folder(path)
    }
    pub(crate) fn file(&self) -> PathBuf {
        self.0.join("test.db")
    }
    pub(crate) fn open(&self) -> Ledger {
        Ledger::open(&self.file(), Access::Write).expect("a ledger")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn spec(kind: RunKind, at: &str) -> RunSpec {
    let text = |t: &str| Some(t.to_string());
    RunSpec { kind, coder: text("1"), tables: text("1"), command: text("test"), author: None, at: time(at) }
}

pub(crate) fn time(at: &str) -> jiff::Timestamp {
    format!("{at}T12:00:00Z").parse().expect("a time")
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A party by its words, which are its name too; the code is the first three letters.
pub(crate) fn party(text: &str, body: &str) -> ActorRef {
    let start = body.find(text).unwrap_or(0);
    ActorRef {
        id: Some(text.to_lowercase().replace(' ', "-").as_str().into()),
        name: Some(text.to_string()),
        code: Some(text[..3].to_uppercase()),
        sector: Some(Sector::Gov),
        resolved_by: vec!["name".to_string()],
        ..ActorRef::bare(text, Span::of(start, start + text.len()))
    }
}

/// A report of one sentence on one event: `"Arnor sanctioned Gondor"` of a type.
pub(crate) struct Report {
    pub(crate) record: DocumentRecord,
    pub(crate) text: String,
    pub(crate) sentences: Vec<SentenceSpan>,
    pub(crate) records: Vec<Record>,
    pub(crate) dateline: Option<String>,
    pub(crate) credits: Vec<String>,
}

pub(crate) fn event(document: &DocId, text: &str, words: [&str; 3], event_type: EventType, on: Date) -> Event {
    let [actor, trigger, recipient] = words;
    let start = text.find(trigger).expect("the trigger is in the text");
    let span = Span::of(start, start + trigger.len());
    Event {
        id: format!("e-{}", stable_hash(&[&document.to_string(), trigger, actor, recipient])),
        document: document.clone(),
        sentence: 0,
        event_type,
        mode: None,
        contexts: Vec::new(),
        cameo: Some("042".to_string()),
        quad: event_type.quad(),
        intensity: -2.5,
        actors: vec![party(actor, text)],
        recipients: if recipient.is_empty() { Vec::new() } else { vec![party(recipient, text)] },
        polarity: Polarity::Positive,
        modality: Modality::Asserted,
        tense: Tense::Past,
        attribution: None,
        when: Some(When {
            interval: Interval::day(on),
            precision: Precision::Day,
            basis: Basis::Publication,
            scope: Scope::Document,
        }),
        place: None,
        evidence: vec![Evidence { role: Role::Trigger, sentence: 0, span, text: trigger.to_string() }],
        grounds: vec!["pattern x".to_string()],
        confidence: 0.9,
    }
}

pub(crate) fn report(text: &str, words: [&str; 3], event_type: EventType, on: &str, url: Option<&str>) -> Report {
    let on = day(on);
    let id = DocId::of(&[text, url.unwrap_or_default(), &on.to_string()]);
    let event = event(&id, text, words, event_type, on);
    let record = DocumentRecord {
        id,
        article_id: None,
        title: None,
        url: url.map(str::to_string),
        published: Some(on),
        published_basis: Some(Basis::Stated),
        publisher: Some("Herald".to_string()),
        lang: "en".to_string(),
        sentences: 1,
        clean_text: None,
        actors: Vec::new(),
        furniture: Vec::new(),
        captions: Vec::new(),
    };
    Report {
        record,
        text: text.to_string(),
        sentences: vec![SentenceSpan { span: Span::of(0, text.len()), kind: "body" }],
        records: vec![Record::Event(event)],
        dateline: None,
        credits: Vec::new(),
    }
}

pub(crate) fn add(writer: &mut Writer<'_>, report: &Report) -> Added {
    let doc = DocumentIn {
        record: &report.record,
        text: &report.text,
        byline: None,
        dateline: report.dateline.as_deref(),
        outlet: None,
        credits: &report.credits,
        sentences: &report.sentences,
        records: &report.records,
        coded: true,
        place: "test",
    };
    writer.add_document(&doc).expect("it is written")
}
