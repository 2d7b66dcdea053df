//! What goes in comes out equal; the same document twice is one; a changed page is a version; nothing is half written.

mod common;

use common::{Folder, Report, add, day, event, party, report, spec, time};
use demarche_core::{Attribution, Context, EventType, Mode, Place, PlacePrecision, Quote, Scope, Span};
use demarche_store::bulk::Parcel;
use demarche_store::format::Passed;
use demarche_store::{Access, Added, Entry, Ledger, Mark, RunKind, Writer};
use std::ops::ControlFlow;

#[test]
fn what_goes_in_comes_out() {
    let folder = Folder::new("round");
    let ledger = folder.open();
    let text = "Arnor accused Gondor of spying, Rohan said.";
    let mut full =
        event(&Entry::no_document(), text, ["Arnor", "accused", "Gondor"], EventType::Accuse, day("2001-02-03"));
    full.mode = Some(Mode::Allege);
    full.contexts = vec![Context::Intelligence, Context::Diplomatic];
    full.intensity = -2.3;
    full.confidence = 0.87;
    let speaker = Some(party("Rohan", text));
    let quotes = vec![Quote { text: "spying".into(), span: Span::new(24, 30) }];
    full.attribution = Some(Attribution { speaker, cue: Some("said".into()), quotes });
    full.place = Some(Place {
        text: "the city".into(),
        name: "Edoras".into(),
        country: None,
        region: Some("Rohan".into()),
        lat: Some(-0.25),
        lon: Some(179.999),
        precision: PlacePrecision::City,
        scope: Scope::Clause,
    });
    let mut bare = full.clone();
    (bare.mode, bare.attribution, bare.place, bare.when, bare.cameo) = (None, None, None, None, None);
    bare.actors[0].id = None;
    bare.actors[0].office = Some("Steward".into());
    bare.recipients = Vec::new();
    let of = |event, n: u32| Entry {
        event,
        dataset: "icews".into(),
        source_id: Some(n.to_string()),
        publisher: Some("Herald".into()),
        published: Some(day("2001-02-04")),
        url: (n == 1).then(|| "http://x".into()),
        title: None,
        lang: None,
        version: Some("1".into()),
        sentence_text: (n == 1).then(|| text.into()),
        extra: if n == 1 { [("Story ID".to_string(), "7".to_string())].into() } else { Default::default() },
    };
    let entries = [of(full, 1), of(bare, 2)];
    let mut writer = ledger.writer(&spec(RunKind::Import, "2020-01-01")).expect("a writer");
    for entry in &entries {
        writer.add_entry(entry).expect("it is written");
    }
    writer.finish(time("2020-01-01")).expect("it ends");
    let mut reader = ledger.reader();
    let keys = reader.keys_in_force().expect("keys");
    let read: Vec<Entry> = keys.iter().map(|&k| reader.event(k).expect("an event").entry).collect();
    assert_eq!(read, entries);
}

#[test]
fn many_events_at_once_are_those_of_one_at_a_time() {
    let rows: Vec<Entry> = (0..2500)
        .map(|n| {
            let (actor, recipient) = (format!("Actor {}", n % 7), format!("Thing {}", n % 90));
            let text = format!("{actor} accused {recipient}.");
            let words = [actor.as_str(), "accused", recipient.as_str()];
            let mut event = event(&Entry::no_document(), &text, words, EventType::Accuse, day("2001-02-03"));
            event.id = format!("e-{n:016x}");
            event.cameo = (n % 3 > 0).then(|| (n % 5).to_string());
            event.when = event.when.filter(|_| n % 11 > 0);
            if n % 4 == 0 {
                event.evidence.clear();
            }
            // Three events come from each sentence, but for those without one.
            let sentence_text = (n % 10 > 0).then(|| format!("Sentence {}.", n / 3));
            Entry { source_id: (n % 6 > 0).then(|| n.to_string()), sentence_text, ..Entry::bare("plover", event) }
        })
        .collect();
    let one = Folder::new("one");
    let ledger = one.open();
    let mut writer = ledger.writer(&spec(RunKind::Import, "2020-01-01")).expect("a writer");
    rows.iter().for_each(|row| writer.add_entry(row).expect("it is written"));
    writer.finish(time("2020-01-01")).expect("it ends");

    let many = Folder::new("many");
    let interrupted = many.open();
    let mut writer = interrupted.writer(&spec(RunKind::Import, "2020-01-01")).expect("a writer");
    let mut taken = 0;
    for last in [ControlFlow::Break(()), ControlFlow::Continue(())] {
        // What was read beyond the break is read again.
        let no_event = std::iter::once(Err(Passed::NoEvent("none")));
        let left = no_event.chain(rows[taken..].iter().cloned().map(Ok));
        let mut passed = 0;
        let after = |_: &mut Writer<'_>, parcel: Parcel| {
            assert_eq!(parcel.rows as usize, parcel.ids.len() + parcel.passed.len());
            taken += parcel.ids.len();
            passed += parcel.passed.len();
            Ok(last)
        };
        writer.add_entries(left, after).expect("they are written");
        assert_eq!((last.is_break(), passed), (taken < rows.len(), 1));
    }
    writer.finish(time("2020-01-01")).expect("it ends");
    let read = |ledger: &Ledger| -> Vec<Entry> {
        let mut reader = ledger.reader();
        let keys = reader.keys_in_force().expect("keys");
        keys.iter().map(|&key| reader.event(key).expect("an event").entry).collect()
    };
    assert_eq!(read(&interrupted), rows);
    assert_eq!(read(&ledger), rows);
    assert_eq!(interrupted.verify().expect("it can be read"), []);
}

#[test]
fn a_document_is_one_and_a_changed_page_a_version() {
    let folder = Folder::new("versions");
    let ledger = folder.open();
    let url = Some("http://x/1");
    let old = report("Arnor accused Gondor.", ["Arnor", "accused", "Gondor"], EventType::Accuse, "2001-02-03", url);
    let new = report("Arnor thanked Gondor.", ["Arnor", "thanked", "Gondor"], EventType::Support, "2001-02-05", url);
    let other = report("Rohan met Gondor.", ["Rohan", "met", "Gondor"], EventType::Consult, "2001-02-03", None);
    let mut states = Vec::new();
    for (n, order) in [[&old, &new, &other], [&new, &other, &old]].into_iter().enumerate() {
        let folder = Folder::new(&format!("versions{n}"));
        let ledger = folder.open();
        let mut writer = ledger.writer(&spec(RunKind::Ingest, "2020-01-01")).expect("a writer");
        let added: Vec<Added> = order.iter().map(|r| add(&mut writer, r)).collect();
        assert_eq!(added.iter().filter(|&&a| a == Added::Version).count(), 1);
        assert_eq!(add(&mut writer, &old), Added::Known);
        writer.finish(time("2020-01-01")).expect("it ends");
        let mut reader = ledger.reader();
        let keys = reader.keys_in_force().expect("keys");
        let mut types: Vec<EventType> =
            keys.iter().map(|&k| reader.event(k).expect("an event").entry.event.event_type).collect();
        types.sort();
        states.push(types);
        let gone = (1..4).filter_map(|k| reader.event(k).expect("an event").gone).collect::<Vec<_>>();
        assert_eq!(gone, [(1, day("2001-02-05"))]);
        let found = |report: &Report, known: Option<&str>| {
            ledger.document(&report.record.id.to_string(), known.map(day)).expect("a document")
        };
        let (before, after) = (found(&old, Some("2001-02-04")), found(&old, None));
        assert_eq!((before.events.len(), after.events.len(), found(&new, None).events.len()), (1, 0, 1));
        assert_eq!((before.stored.text.as_str(), before.sentences.len()), (old.text.as_str(), 1));
        let current: Vec<(String, bool)> = after.versions.iter().map(|v| (v.document.clone(), v.current)).collect();
        let mut all = vec![(old.record.id.to_string(), false), (new.record.id.to_string(), true)];
        all.sort_by_key(|(id, _)| order.iter().position(|r| r.record.id.to_string() == *id));
        assert_eq!(current, all, "versions in the order of their arrival");
        for strange in ["d-0000000000000000", "d-1", "e-0000000000000000", "d-zzzzzzzzzzzzzzzz"] {
            assert!(ledger.document(strange, None).expect_err("none").is_about_what_was_asked());
        }
    }
    assert_eq!(states, [[EventType::Consult, EventType::Support]; 2].map(Vec::from));
    let mut writer = ledger.writer(&spec(RunKind::Ingest, "2020-01-01")).expect("a writer");
    add(&mut writer, &old);
    drop(writer);
    assert!(ledger.document_ids().expect("ids").is_empty(), "what is not committed is taken back");
}

#[test]
fn marks_go_with_what_they_mark() {
    let folder = Folder::new("marks");
    let ledger = folder.open();
    let mark = |position| Mark { place: "p".into(), kind: "file".into(), position, ..Mark::default() };
    let mut writer = ledger.writer(&spec(RunKind::Ingest, "2020-01-01")).expect("a writer");
    writer.set_mark(&mark(1)).expect("written");
    writer.commit().expect("committed");
    writer.set_mark(&mark(2)).expect("written");
    drop(writer);
    assert_eq!(ledger.marks().expect("marks")["p"], mark(1));
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = Folder::new("open");
    let missing = Ledger::open(&folder.file(), Access::Read).expect_err("none there");
    assert!(missing.is_missing() && missing.to_string().contains("demarche ingest"), "{missing}");
    std::fs::write(folder.file(), "no database at all, but long enough for a header of one hundred bytes ".repeat(9))
        .expect("a file");
    for access in [Access::Read, Access::Write] {
        let foreign = Ledger::open(&folder.file(), access).expect_err("no ledger");
        assert!(foreign.is_foreign(), "{foreign}");
    }
    std::fs::remove_file(folder.file()).expect("gone");
    let ledger = folder.open();
    let second = Ledger::open(&folder.file(), Access::Write).expect_err("one writes already");
    assert!(second.is_locked() && second.to_string().contains("another demarche"), "{second}");
    Ledger::open(&folder.file(), Access::Read).expect("reading goes on");
    drop(ledger);
    folder.open();
}
