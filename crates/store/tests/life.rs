//! A ledger over time: stories, recodings, corrections and what a check from end to end says of it all.

mod common;

use common::{Folder, Report, add, day, event, report, spec, time};
use demarche_core::{Event, EventType, Record};
use demarche_store::correct::{FIELDS, value_of};
use demarche_store::story::{self, group};
use demarche_store::{Access, Act, Cause, DiffCursor, DocumentIn, Entry, Ledger, RunKind, Writer};
use std::ops::ControlFlow;

/// Two happenings a week apart: of the first three papers of which one copies another, of the second one.
fn reports() -> Vec<Report> {
    let first = "Arnor imposed sanctions on Gondor over the burning of the mill at Edoras, its steward said on Monday.";
    let copy = "Arnor imposed sanctions on Gondor over the burning of the mill at Edoras, its steward said on Monday, officials added.";
    let other =
        "Sanctions were laid on Gondor by Arnor after the mill of Edoras was burnt; Arnor imposed sanctions at noon.";
    let later =
        "Arnor imposed sanctions on Gondor over grain stolen from barges near Osgiliath, a herald cried on Sunday.";
    let make = |text: &str, on: &str, publisher: &str| {
        let mut one = report(text, ["Arnor", "imposed", "Gondor"], EventType::Sanction, on, None);
        one.record.publisher = Some(publisher.to_string());
        one
    };
    vec![
        make(first, "2001-02-05", "Herald"),
        make(copy, "2001-02-05", "Crier"),
        make(other, "2001-02-06", "Raven"),
        make(later, "2001-02-12", "Herald"),
    ]
}

fn written(folder: &Folder, reports: &[Report]) -> Ledger {
    let ledger = folder.open();
    let mut writer = ledger.writer(&spec(RunKind::Ingest, "2020-01-01")).expect("a writer");
    reports.iter().for_each(|r| {
        add(&mut writer, r);
    });
    writer.group_stories().expect("grouped");
    writer.finish(time("2020-01-01")).expect("it ends");
    ledger
}

fn sound(ledger: &Ledger) {
    let faults: Vec<String> = ledger.verify().expect("it can be read").iter().map(ToString::to_string).collect();
    assert!(faults.is_empty(), "{faults:?}");
}

/// (story, lead, key) of what is in force.
fn in_force(ledger: &Ledger) -> Vec<(String, bool, i64)> {
    let mut reader = ledger.reader();
    let keys = reader.keys_in_force().expect("keys");
    let of = |key: &i64| reader.event(*key).expect("an event");
    let stored = keys.iter().map(of).map(|s| (s.story.unwrap_or_default(), s.lead, s.key));
    stored.collect()
}

#[test]
fn each_happening_counts_once() {
    let folder = Folder::new("stories");
    let ledger = written(&folder, &reports());
    sound(&ledger);
    let events = in_force(&ledger);
    assert!(events[0].0 == events[1].0 && events[1].0 == events[2].0 && events[2].0 != events[3].0, "{events:?}");
    assert_eq!(events[..3].iter().filter(|e| e.1).count(), 1, "one of a story counts for all");
    assert!(events[3].1);
    drop(ledger);
    let conn = rusqlite::Connection::open(folder.file()).expect("opens");
    let counts: (i64, i64) = conn
        .query_row("SELECT reports, origins FROM stories ORDER BY reports DESC LIMIT 1", [], |r| {
            Ok((r.get(0)?, r.get(1)?))
        })
        .expect("a story");
    assert_eq!(counts, (3, 2), "two papers, and the copy of one of them");
    let sum: i64 = conn
        .query_row("SELECT sum(events) FROM monthly WHERE source = 'ARN' AND target = 'GON'", [], |r| r.get(0))
        .expect("a sum");
    assert_eq!(sum, 2, "two happenings, not four reports");
    let why: String =
        conn.query_row("SELECT why FROM reports WHERE copy_of IS NOT NULL", [], |r| r.get(0)).expect("a copy");
    assert!(why.contains("% of its words are those of d-"), "{why}");
}

#[test]
fn stories_do_not_depend_on_the_order_of_arrival() {
    let reports: Vec<story::Report> =
        reports().iter().map(|r| story::Report::of(&r.record, &r.text, &r.records, |_| r.text.clone())).collect();
    let as_sets = |order: &[usize]| {
        let shuffled: Vec<story::Report> = order.iter().map(|&ix| reports[ix].clone()).collect();
        let found = group(&shuffled);
        let mut stories: Vec<_> = found
            .stories
            .iter()
            .map(|s| {
                let lead = order[s.events[0].0];
                let of: std::collections::BTreeSet<usize> = s.events.iter().map(|e| order[e.0]).collect();
                (s.id.clone(), lead, of, s.origins)
            })
            .collect();
        stories.sort();
        stories
    };
    let first = as_sets(&[0, 1, 2, 3]);
    assert_eq!(first.len(), 2);
    for a in 0..4 {
        for b in (0..4).filter(|&b| b != a) {
            for c in (0..4).filter(|&c| c != a && c != b) {
                assert_eq!(as_sets(&[a, b, c, 6 - a - b - c]), first);
            }
        }
    }
}

fn recode(writer: &mut Writer<'_>, document: i64, report: &Report, records: &[Record]) -> demarche_store::Recoded {
    let doc = DocumentIn {
        record: &report.record,
        text: &report.text,
        byline: None,
        dateline: None,
        outlet: None,
        credits: &[],
        sentences: &report.sentences,
        records,
        coded: true,
        place: "test",
    };
    writer.recode(document, &doc).expect("it is coded again")
}

#[test]
fn recoding_supersedes_and_says_why() {
    let folder = Folder::new("recode");
    let reports = reports();
    let ledger = written(&folder, &reports);
    let one = &reports[3];
    let Record::Event(old) = &one.records[0] else { panic!("an event") };
    let mut other = old.clone();
    other.event_type = EventType::Coerce;
    other.quad = other.event_type.quad();
    let new = event(&one.record.id, &one.text, ["Arnor", "stolen", "Gondor"], EventType::Accuse, day("2001-02-12"));
    let mut later = spec(RunKind::Recode, "2020-02-01");
    later.coder = Some("2".to_string());
    let mut writer = ledger.writer(&later).expect("a writer");
    let same = recode(&mut writer, 1, &reports[0], &reports[0].records);
    assert_eq!((same.kept, same.added, same.dropped), (1, 0, 0));
    let done = recode(&mut writer, 4, one, &[Record::Event(other), Record::Event(new)]);
    assert_eq!((done.kept, done.added, done.dropped), (0, 2, 1));
    writer.group_stories().expect("grouped");
    writer.finish(time("2020-02-01")).expect("it ends");
    sound(&ledger);
    let diff = ledger.diff(1, 2).expect("two runs");
    let said: Vec<(Cause, bool, bool, Vec<&str>)> =
        diff.differences.iter().map(|d| (d.cause, d.old.is_some(), d.new.is_some(), d.fields.clone())).collect();
    assert_eq!(said, [(Cause::Coder, true, true, vec!["type"]), (Cause::Coder, false, true, vec![])]);
    let gone = diff.differences[0].old.as_ref().and_then(|o| o.gone);
    assert_eq!(gone, Some((2, day("2020-02-01"))), "it is still known for the days before");
    assert!(ledger.diff(2, 1).is_err() && ledger.diff(1, 9).is_err());
    let held = reports.iter().map(|r| r.records.len() as u64).sum::<u64>();
    assert_eq!(ledger.run_counts(&[1, 2]).expect("counts"), Some(vec![(held, 0), (2, 1)]));
    assert_eq!(ledger.diff_size((1, 2)).expect("sizes"), (2, 1));
    walks_page_by_page(&ledger, (1, 2));
}

/// Whoever goes on from each page's place meets what one walk meets.
fn walks_page_by_page(ledger: &Ledger, between: (i64, i64)) {
    let walk = |after: Option<DiffCursor>, pages: usize| {
        let (mut found, mut seen, mut last) = (Vec::new(), 0, None);
        let walked = ledger.differing(between, after, &mut |one, at| {
            seen += usize::from(last != Some(at));
            found.push(one);
            last = Some(at);
            Ok(if seen < pages { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        });
        walked.expect("it can be read");
        (found, last)
    };
    let (whole, _) = walk(None, usize::MAX);
    let (mut parts, mut after) = (Vec::new(), None);
    loop {
        let (found, last) = walk(after, 1);
        if found.is_empty() {
            break;
        }
        parts.extend(found);
        after = last;
    }
    assert!(!whole.is_empty());
    assert_eq!(parts, whole);
    assert_eq!(ledger.diff(between.0, between.1).expect("runs").differences.len(), whole.len());
}

#[test]
fn every_batch_is_another_state() {
    let folder = Folder::new("state");
    let reports = reports();
    let ledger = written(&folder, &reports);
    let mut seen = vec![ledger.state().expect("a state")];
    let mut writer = ledger.writer(&spec(RunKind::Recode, "2020-02-01")).expect("a writer");
    // Neither batch adds a row: the first ends one, the second changes nothing but that it was done.
    recode(&mut writer, 1, &reports[0], &[]);
    writer.commit().expect("a batch");
    seen.push(ledger.state().expect("a state"));
    recode(&mut writer, 2, &reports[1], &[]);
    writer.commit().expect("a batch");
    seen.push(ledger.state().expect("a state"));
    writer.finish(time("2020-02-01")).expect("it ends");
    seen.push(ledger.state().expect("a state"));
    let other: std::collections::BTreeSet<&String> = seen.iter().collect();
    assert_eq!(other.len(), seen.len(), "{seen:?}");
    walks_page_by_page(&ledger, (1, 2));
}

#[test]
fn what_the_coder_doubts_comes_first_and_goes_once_judged() {
    let folder = Folder::new("doubt");
    let mut reports = reports();
    let ids: Vec<String> = [(3, "head says AID 0.95"), (0, "head agrees 0.95")]
        .into_iter()
        .map(|(n, ground): (usize, _)| {
            let Record::Event(event) = &mut reports[n].records[0] else { panic!("an event") };
            event.grounds.push(ground.to_string());
            event.id.clone()
        })
        .collect();
    let ledger = written(&folder, &reports);
    let doubted = |ledger: &Ledger| -> Vec<String> {
        let (found, next) = ledger.doubtful(10, None).expect("a list");
        assert_eq!(next, None);
        found.into_iter().map(|s| s.entry.event.id).collect()
    };
    assert_eq!(doubted(&ledger), [ids[0].clone()]);
    let mut writer = ledger.writer(&spec(RunKind::Correct, "2020-01-15")).expect("a writer");
    writer.correct(&ids[0], &[Act::Accept], "Faramir", "so it was").expect("accepted");
    writer.finish(time("2020-01-15")).expect("it ends");
    assert_eq!(doubted(&ledger), Vec::<String>::new());
    let log = ledger.corrections_before(None, 10).expect("a log");
    assert_eq!((log.len(), log[0].event.as_str()), (1, ids[0].as_str()));
    assert_eq!(ledger.corrections_before(Some(log[0].key), 10).expect("a log"), []);
    let event = ledger.event_in_force(&ids[0]).expect("read").expect("in force").entry.event;
    for field in FIELDS {
        let same = Act::Change { field: field.to_string(), value: value_of(&event, field) };
        let mut writer = ledger.writer(&spec(RunKind::Correct, "2020-01-16")).expect("a writer");
        writer.correct(&event.id, &[same], "Faramir", "the same").expect(field);
        drop(writer);
    }
}

#[test]
fn a_correction_survives_recoding() {
    let folder = Folder::new("correct");
    let reports = reports();
    let ledger = written(&folder, &reports);
    let Record::Event(old) = &reports[3].records[0] else { panic!("an event") };
    let set = |field: &str, value: &str| Act::Change { field: field.to_string(), value: value.to_string() };
    let mut person = spec(RunKind::Correct, "2020-01-15");
    person.author = Some("Faramir".to_string());
    let mut writer = ledger.writer(&person).expect("a writer");
    for wrong in [set("type", "NONE"), set("colour", "red"), set("actors", "arnor")] {
        let error = writer.correct(&old.id, &[wrong], "Faramir", "x").expect_err("makes no sense");
        assert!(error.to_string().contains("hint"), "{error}");
    }
    writer
        .correct(&old.id, &[set("type", "AID"), set("recipients", "ROH/MIL")], "Faramir", "I was there")
        .expect("corrected");
    writer.group_stories().expect("grouped");
    writer.finish(time("2020-01-15")).expect("it ends");
    sound(&ledger);
    let corrected = |ledger: &Ledger| {
        let mut reader = ledger.reader();
        let keys = reader.keys_in_force().expect("keys");
        let all = keys.iter().map(|&k| reader.event(k).expect("an event")).collect::<Vec<_>>();
        all.into_iter().find(|s| s.correction.is_some()).map(|s| s.entry.event)
    };
    let after = corrected(&ledger).expect("the corrected event");
    assert_eq!((after.event_type, after.recipients[0].code.as_deref()), (EventType::Aid, Some("ROH")));
    assert_eq!(after.evidence, old.evidence);
    // Neither the same coding again nor one that finds nothing takes it away.
    for (run, records) in [("2020-02-01", reports[3].records.as_slice()), ("2020-03-01", &reports[3].records[..0])] {
        let mut writer = ledger.writer(&spec(RunKind::Recode, run)).expect("a writer");
        recode(&mut writer, 4, &reports[3], records);
        writer.group_stories().expect("grouped");
        writer.finish(time(run)).expect("it ends");
        sound(&ledger);
        assert_eq!(corrected(&ledger).as_ref(), Some(&after), "{run}");
    }
    assert!(ledger.diff(1, 2).expect("runs").differences.iter().all(|d| d.cause == Cause::Correction));
    let all = ledger.corrections().expect("corrections");
    assert_eq!((all.len(), all[0].author.as_str(), all[0].reason.as_str()), (2, "Faramir", "I was there"));
}

#[test]
fn an_imported_event_comes_back_when_a_correction_is_taken_back() {
    let folder = Folder::new("imported");
    let ledger = folder.open();
    let reports = reports();
    let Record::Event(came) = &reports[0].records[0] else { panic!("an event") };
    let mut writer = ledger.writer(&spec(RunKind::Import, "2020-01-01")).expect("a writer");
    writer.add_entry(&Entry::bare("other", Event { document: Entry::no_document(), ..came.clone() })).expect("added");
    writer.finish(time("2020-01-01")).expect("it ends");
    let set = Act::Change { field: "type".to_string(), value: "AID".to_string() };
    let standing = |ledger: &Ledger| ledger.event_in_force(&came.id).expect("read").map(|s| s.entry.event.event_type);
    for (act, after) in [(set, Some(EventType::Aid)), (Act::Reject, None)] {
        let mut writer = ledger.writer(&spec(RunKind::Correct, "2020-01-02")).expect("a writer");
        writer.correct(&came.id, &[act], "Faramir", "x").expect("corrected");
        writer.finish(time("2020-01-02")).expect("it ends");
        assert_eq!(standing(&ledger), after);
    }
    for (number, after) in [(2, EventType::Aid), (1, came.event_type)] {
        let mut writer = ledger.writer(&spec(RunKind::Correct, "2020-01-03")).expect("a writer");
        assert_eq!(writer.withdraw(number).expect("taken back"), None);
        writer.finish(time("2020-01-03")).expect("it ends");
        assert_eq!(standing(&ledger), Some(after));
        sound(&ledger);
    }
}

#[test]
fn damage_is_found() {
    let folder = Folder::new("damage");
    let reports = reports();
    for (harm, said) in [
        ("UPDATE proof SET text = 'imposes' WHERE event = 1", "evidence"),
        ("UPDATE month_sum SET events = events + 1", "monthly"),
        ("DELETE FROM dyad WHERE event = 2", "dyad"),
        ("UPDATE event SET lead = 1", "monthly"),
        ("UPDATE story SET origins = 3", "story"),
        ("UPDATE document SET text = replace(text, 'mill', 'well')", "sentence"),
        ("PRAGMA foreign_keys = 0; DELETE FROM word WHERE text = 'Arnor'", "party"),
        ("UPDATE event SET counted = 0 WHERE key = 1", "event 1"),
    ] {
        let _ = std::fs::remove_file(folder.file());
        drop(written(&folder, &reports));
        let conn = rusqlite::Connection::open(folder.file()).expect("opens");
        conn.execute_batch(harm).expect("it is done");
        drop(conn);
        let ledger = Ledger::open(&folder.file(), Access::Read).expect("opens");
        let faults: Vec<String> = ledger.verify().expect("it can be read").iter().map(ToString::to_string).collect();
        assert!(faults.iter().any(|f| f.starts_with(said)), "{harm}: {faults:?}");
    }
}

/// Room is bounded here by the number of pages; a full disk gives SQLite's same answer.
#[test]
fn without_room_nothing_is_lost() {
    let folder = Folder::new("full");
    let reports = reports();
    drop(written(&folder, &reports[..1]));
    let ledger = folder.open();
    ledger.bound_pages(0).expect("bounded");
    let mut writer = ledger.writer(&spec(RunKind::Ingest, "2020-01-02")).expect("a writer");
    let mut failure = None;
    for n in 0..2000 {
        let text = format!("Arnor imposed sanctions on Gondor in the year {n} over the burning of the mill.");
        let one = report(&text, ["Arnor", "imposed", "Gondor"], EventType::Sanction, "2001-02-03", None);
        let doc = DocumentIn {
            record: &one.record,
            text: &one.text,
            byline: None,
            dateline: None,
            outlet: None,
            credits: &[],
            sentences: &one.sentences,
            records: &one.records,
            coded: true,
            place: "test",
        };
        if let Err(error) = writer.add_document(&doc) {
            failure = Some(error);
            break;
        }
    }
    let failure = failure.expect("no room is left");
    assert!(failure.is_full() && failure.to_string().contains("make room"), "{failure}");
    drop(writer);
    assert_eq!(ledger.document_ids().expect("ids").len(), 1);
    sound(&ledger);
}
