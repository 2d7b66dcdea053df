//! What goes out comes back, but for what the lists of losses name; and files of other data sets go out as they came in.

use super::*;
use demarche_core::{
    Act, ActorId, Attribution, Context, Evidence, Modality, Place, PlacePrecision, Polarity, Quote, Role, Sector, Span,
    StateCode, Tense,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Numbers from a seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
    fn maybe<T>(&mut self, make: impl FnOnce(&mut Random) -> T) -> Option<T> {
        (self.below(3) > 0).then(|| make(self))
    }
    fn text(&mut self) -> String {
        let words = ["Élysée", "quay; side", "a\\b", "\"so\"", "müde, alt", "two words", "x", "плыть"];
        format!("{} {}", self.one(&words), self.below(100))
    }
    /// Words that may stand in a list of POLECAT's.
    fn plain(&mut self) -> String {
        self.text().replace("; ", " ")
    }
    fn day(&mut self) -> Date {
        Date::new(1995 + self.below(30) as i16, 1 + self.below(12) as i8, 1 + self.below(28) as i8).unwrap()
    }
    /// Written with five decimals, as gazetteers have them.
    fn degrees(&mut self, most: usize) -> f64 {
        format!("-{}.{:05}", self.below(most), self.below(100_000)).parse().unwrap()
    }
    fn tenths(&mut self) -> f32 {
        (self.below(200) as f32 - 100.0) / 10.0
    }
}

fn codes() -> Codes {
    let mut codes = Codes::default();
    for (id, name, cow, fips) in [
        ("ARN", "Arnor", 2, "AR"),
        ("GND", "Gondor", 365, "GO"),
        ("ROH", "Rohan", 710, "RO"),
        ("MDR", "Mordor", 630, "MO"),
    ] {
        let (id, name, fips) = (id.to_owned(), name.to_owned(), Some(fips.to_owned()));
        codes.add_state(StateCode { id, name, interval: Interval::ALWAYS, cow: Some(cow), gw: None, iso2: None, fips });
    }
    let acts = [
        ("010", None, None, 0.0),
        ("042", Some(EventType::Consult), Some(Mode::Visit), 1.9),
        ("061", Some(EventType::Cooperate), None, 6.4),
        ("111", Some(EventType::Accuse), Some(Mode::Disapprove), -2.0),
        ("141", Some(EventType::Protest), Some(Mode::Demo), -6.5),
        ("190", Some(EventType::Assault), None, -10.0),
        ("0831", Some(EventType::Concede), None, 5.0),
    ];
    for (code, event_type, mode, goldstein) in acts {
        let (code, label) = (code.to_owned(), format!("act {code}"));
        codes.add_act(Act { code, label, event_type, mode, contexts: vec![], goldstein: Some(goldstein) });
    }
    for sector in [Sector::Gov, Sector::Mil, Sector::Reb] {
        codes.add_word("cameo-role", sector.as_str(), sector.as_str(), true);
        codes.add_word("icews-sector", &format!("The {sector}"), sector.as_str(), true);
    }
    codes.add_word("cameo-group", "UNO", "UNO", true);
    codes.add_word("icews-country", "Realm of Gondor", "GND", true);
    codes
}

const TABULAR: [&str; 4] = ["polecat", "icews", "gdelt1", "gdelt2"];

fn made_party(random: &mut Random, tabular: bool) -> ActorRef {
    let name = if tabular { Some(random.plain()) } else { random.maybe(Random::text) };
    ActorRef {
        text: if tabular { random.plain() } else { random.text() },
        span: Span::new(random.below(9) as u32, 9 + random.below(90) as u32),
        id: random.maybe(|r| ActorId::from(r.one(&["xi", "putin", "NATO"]))),
        name,
        code: random.maybe(|r| r.one(&["ARN", "GND", "ROH", "MDR", "UNO"]).to_owned()),
        sector: random.maybe(|r| r.one(&[Sector::Gov, Sector::Mil, Sector::Reb])),
        office: random.maybe(|r| if tabular { r.plain() } else { r.text() }),
        resolved_by: random.maybe(|r| vec![r.plain()]).unwrap_or_default(),
        candidates: random.maybe(|_| vec![ActorId::from("other")]).unwrap_or_default(),
    }
}

/// Any entry that the conditions named in the lists of losses ("where absent", "[1..]") do not touch.
fn made(random: &mut Random, format: &dyn Format) -> Entry {
    let tabular = TABULAR.contains(&format.name());
    let dyadic = format.dyadic();
    let act = random.one(&[
        ("042", EventType::Consult),
        ("111", EventType::Accuse),
        ("190", EventType::Assault),
        ("0831", EventType::Concede),
    ]);
    let document = DocId::of(&[&random.plain()]);
    let mut event = event(format!("e-{:016x}", random.next()), document, act.1, None, &codes());
    event.mode = random.maybe(|r| r.one(Mode::ALL));
    event.cameo = if dyadic { Some(act.0.to_owned()) } else { random.maybe(|_| act.0.to_owned()) };
    event.sentence = random.below(20) as u32;
    event.contexts = (0..random.below(3)).map(|_| random.one(Context::ALL)).collect();
    event.intensity = random.tenths();
    let most = if dyadic { 2 } else { 4 };
    event.actors = (0..random.below(most)).map(|_| made_party(random, tabular)).collect();
    event.recipients = (0..random.below(most)).map(|_| made_party(random, tabular)).collect();
    event.tense = random.one(&[Tense::Past, Tense::Present, Tense::Future]);
    if !tabular {
        event.polarity = random.one(&[Polarity::Positive, Polarity::Negative]);
        event.modality = random.one(&[Modality::Asserted, Modality::Planned, Modality::Believed]);
    }
    event.attribution = random.maybe(|r| Attribution {
        speaker: Some(made_party(r, tabular)),
        cue: r.maybe(Random::text),
        quotes: (0..r.below(3)).map(|ix| Quote { text: r.text(), span: Span::new(ix as u32, 40) }).collect(),
    });
    let from = random.day();
    let until = from.checked_add(jiff::Span::new().days(1 + random.below(40) as i64)).unwrap();
    event.when = Some(When {
        interval: Interval { from: Some(from), until: Some(until) },
        precision: random.one(&[Precision::Day, Precision::Week, Precision::Month]),
        basis: random.one(&[Basis::Stated, Basis::Relative, Basis::None]),
        scope: random.one(&[Scope::Clause, Scope::Document]),
    });
    if !tabular && format.name() != "plover" && random.below(4) == 0 {
        event.when = random.maybe(|r| When {
            interval: Interval { from: None, until: Some(r.day()) },
            precision: Precision::Unknown,
            basis: Basis::None,
            scope: Scope::Document,
        });
    }
    let precisions = [
        PlacePrecision::City,
        PlacePrecision::Region,
        PlacePrecision::Country,
        PlacePrecision::Water,
        PlacePrecision::Building,
    ];
    event.place = random.maybe(|r| {
        let precision = r.one(&precisions[..if dyadic { 3 } else { 5 }]);
        Place {
            text: r.text(),
            name: if dyadic && precision == PlacePrecision::Country { "Gondor".to_owned() } else { r.text() },
            country: if dyadic { Some("GND".to_owned()) } else { r.maybe(|_| "GND".to_owned()) },
            region: if dyadic && precision != PlacePrecision::City { None } else { r.maybe(Random::text) },
            lat: r.maybe(|r| r.degrees(90)),
            lon: r.maybe(|r| r.degrees(180)),
            precision,
            scope: r.one(&[Scope::Sentence, Scope::Document]),
        }
    });
    event.evidence = (0..random.below(3))
        .map(|ix| Evidence { role: Role::Trigger, sentence: ix as u32, span: Span::new(2, 5), text: random.text() })
        .collect();
    event.grounds = (0..random.below(3)).map(|_| random.text()).collect();
    event.confidence = random.below(100) as f32 / 100.0;
    let mut entry = Entry::bare(random.one(&["demarche", "other"]), event);
    entry.source_id = random.maybe(Random::text);
    entry.publisher = random.maybe(Random::text);
    entry.published = random.maybe(Random::day);
    entry.url = random.maybe(|r| format!("https://news.example/{}", r.below(1000)));
    entry.title = random.maybe(Random::text);
    entry.lang = random.maybe(|r| r.one(&["en", "es"]).to_owned());
    entry.version = random.maybe(Random::text);
    entry.sentence_text = random.maybe(Random::text);
    entry.extra = (0..random.below(3)).map(|ix| (format!("Column {ix}"), random.text())).collect();
    entry
}

fn tree(entry: &Entry) -> Value {
    let Entry { event, dataset, source_id, publisher, published, url, title, lang, version, sentence_text, extra } =
        entry;
    json!({
        "event": event, "dataset": dataset, "source_id": source_id, "publisher": publisher, "published": published,
        "url": url, "title": title, "lang": lang, "version": version, "sentence_text": sentence_text, "extra": extra,
    })
}

/// Takes a field out, of every element where it lies in a list; gives what was there.
fn take(value: &mut Value, path: &str) -> Option<Value> {
    match value {
        Value::Array(list) => {
            let taken: Vec<Value> = list.iter_mut().filter_map(|value| take(value, path)).collect();
            (!taken.is_empty()).then_some(Value::Array(taken))
        }
        Value::Object(object) => match path.split_once('.') {
            Some((first, rest)) => take(object.get_mut(first)?, rest),
            None => object.remove(path),
        },
        _ => None,
    }
}

fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("demarche-format-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn write_all(format: &dyn Format, entries: &[Entry], path: &std::path::Path) -> Written {
    let mut outgoing = entries.iter().cloned().map(Ok);
    format.write(&mut outgoing, Target::Path(path), &codes()).unwrap()
}

fn read_all(format: &dyn Format, path: &std::path::Path) -> Vec<Entry> {
    let codes = codes();
    let entries: Result<Vec<Entry>, Passed> = format.read(path, &codes).unwrap().unwrap().collect();
    entries.unwrap()
}

#[test]
fn what_goes_out_comes_back_but_for_the_losses() {
    let folder = folder("back");
    for format in FORMATS.iter().filter(|format| !["gexf", "followthemoney"].contains(&format.name())) {
        let mut random = Random(1);
        let entries: Vec<Entry> = (0..300).map(|_| made(&mut random, *format)).collect();
        let path = folder.join(format.name());
        let written = write_all(*format, &entries, &path);
        assert_eq!((written.entries, written.left_out), (300, 0), "{}", format.name());
        let mut back = read_all(*format, &path);
        // A partitioned folder is in another order.
        let id = |entry: &Entry| (entry.event.when.and_then(|w| w.interval.from), entry.event.id.clone());
        let mut entries = entries;
        if format.name() == "parquet" {
            entries.sort_by_key(|e| e.event.id.clone());
            back.sort_by_key(|e| e.event.id.clone());
        } else if back.iter().zip(&entries).any(|(a, b)| id(a).0 != id(b).0) {
            panic!("{}: another order", format.name());
        }
        assert_eq!(back.len(), entries.len());
        let mut lost: BTreeSet<&str> = BTreeSet::new();
        for (back, entry) in back.iter().zip(&entries) {
            let (mut back, mut entry) = (tree(back), tree(entry));
            for loss in format.losses() {
                if take(&mut back, loss.field) != take(&mut entry, loss.field) {
                    lost.insert(loss.field);
                }
            }
            assert_eq!(back, entry, "{}", format.name());
        }
        let conditions = |field: &&str| !field.contains([',', '[']);
        let idle: Vec<&str> =
            format.losses().iter().map(|l| l.field).filter(conditions).filter(|f| !lost.contains(f)).collect();
        // Only what happened is written, so that these two never differ here.
        let idle: Vec<&str> = idle.into_iter().filter(|f| !["event.polarity", "event.modality"].contains(f)).collect();
        assert!(idle.is_empty(), "{}: listed as lost, and kept: {idle:?}", format.name());
    }
}

/// Reads a file and writes it again.
fn again(format: &str, given: &[u8]) -> (Vec<Entry>, String) {
    let folder = folder(&format!("again-{format}-{}", given.len()));
    let (path, out) = (folder.join("in.tsv"), folder.join("out.tsv"));
    std::fs::write(&path, given).unwrap();
    let format = named(format).unwrap();
    let entries = read_all(format, &path);
    write_all(format, &entries, &out);
    (entries, std::fs::read_to_string(&out).unwrap())
}

fn polecat_row(id: &str, changes: &[(&str, &str)]) -> Vec<String> {
    let plain = [
        ("Event ID", id),
        ("Event Date", "2021-03-04"),
        ("Event Type", "ASSAULT"),
        ("Event Mode", "aerial"),
        ("Intensity", "-9.5"),
        ("Quad Code", "4"),
        ("Contexts", "military; territory"),
        ("Actor Name", "Army of Arnor"),
        ("Actor Country", "ARN"),
        ("Actor COW", "2"),
        ("Primary Actor Sector", "MIL"),
        ("Actor Sectors", "MIL; GOV"),
        ("Actor Name Raw", "soldiers"),
        ("Wikipedia Actor ID", "Army of Arnor"),
        ("Recipient Name", "Gondor"),
        ("Recipient Country", "GND"),
        ("Recipient COW", "365"),
        ("Recipient Name Raw", "Gondor"),
        ("Placename", "Osgiliath"),
        ("City", "Osgiliath"),
        ("District", "Ithilien"),
        ("Province", "Anórien"),
        ("Country", "Gondor"),
        ("Latitude", "41.20"),
        ("Longitude", "12.5"),
        ("GeoNames ID", "17"),
        ("Raw Placename", "Osgiliath"),
        ("Feature Type", "PPLA"),
        ("Source", "Herald"),
        ("Publication Date", "2021-03-05"),
        ("Story People", "Denethor; Faramir"),
        ("Language", "English"),
        ("Version", "NGEC_1"),
    ];
    polecat_columns()
        .map(|column| {
            let changed = changes.iter().find(|(name, _)| *name == column);
            let value = changed.or_else(|| plain.iter().find(|(name, _)| *name == column));
            value.map_or("None", |(_, value)| value).to_owned()
        })
        .collect()
}

fn polecat_columns() -> impl Iterator<Item = &'static str> {
    use super::delimited::Layout;
    super::polecat::Polecat.columns().iter().copied()
}

fn sheet(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join("\t") + "\n").collect()
}

#[test]
fn polecat_goes_out_as_it_came_in() {
    let header: Vec<String> = polecat_columns().map(str::to_owned).collect();
    let several = [
        ("Actor Name", "Arnor; Rohan"),
        ("Actor Country", "ARN; ROH"),
        ("Actor COW", "2; 710"),
        ("Primary Actor Sector", "GOV; None"),
        ("Actor Sectors", "GOV; None"),
        ("Actor Name Raw", "Arnor; Rohan"),
    ];
    let odd =
        [("Actor COW", "None"), ("Intensity", "None"), ("Event Mode", "sorcery"), ("Contexts", "military; magic")];
    let given = sheet(&[header, polecat_row("A1", &[]), polecat_row("A2", &several), polecat_row("A3", &odd)]);
    let (entries, out) = again("polecat", given.as_bytes());
    assert_eq!(out, given);
    let first = &entries[0];
    assert_eq!((first.source_id.as_deref(), first.event.quad.number()), (Some("A1"), 4));
    assert_eq!(first.event.actors[0].text, "soldiers");
    assert_eq!(first.event.place.as_ref().and_then(|p| p.country.as_deref()), Some("GND"));
    assert_eq!(first.event.contexts, [Context::Military, Context::Territory]);
    assert_eq!(first.extra.get("Story People").map(String::as_str), Some("Denethor; Faramir"));
    assert_eq!(
        entries[1].event.actors.iter().map(|a| a.code.as_deref()).collect::<Vec<_>>(),
        [Some("ARN"), Some("ROH")]
    );
    assert_eq!(entries[2].event.mode, None);
}

#[test]
fn polecat_files_are_repaired() {
    let mut header: Vec<String> = polecat_columns().map(str::to_owned).collect();
    header[4] = "Event Intensity".to_owned();
    let mut long = header.clone();
    long.insert(34, "Headline".to_owned());
    let row = polecat_row("A1", &[]);
    // A header that names one more column than there are; and one whose column is there.
    let mut with_headline = row.clone();
    with_headline.insert(34, "Fighting at the river".to_owned());
    let (entries, _) = again("polecat", sheet(&[long, row.clone(), with_headline]).as_bytes());
    assert_eq!(entries[0].publisher.as_deref(), Some("Herald"));
    assert_eq!(entries[0].published, entries[1].published);
    assert_eq!(entries[1].title.as_deref(), Some("Fighting at the river"));
    // Stray tabs: behind the header, behind a row, inside a row. A byte order mark. ISO-8859-1.
    let mut stray = row.clone();
    stray.insert(12, String::new());
    let mut text =
        format!("\u{feff}{}\t\t\r\n{}\t\t\r\n{}\n", header.join("\t"), row.join("\t"), stray.join("\t")).into_bytes();
    text.extend(row.join("\t").chars().map(|c| if u32::from(c) < 256 { u32::from(c) as u8 } else { b'?' }));
    let (entries, _) = again("polecat", &text);
    assert_eq!(entries.len(), 3);
    assert!(entries.iter().all(|entry| *entry == entries[0]), "{entries:?}");
    // What cannot be repaired is told with its place, and the rest is read.
    let folder = folder("faults");
    let path = folder.join("bad.tsv");
    let mut short = row.clone();
    short.pop();
    let sheet = sheet(&[
        header,
        short,
        polecat_row("A2", &[("Event Type", "DANCE")]),
        polecat_row("A3", &[("Event Date", "soon")]),
        row,
    ]);
    std::fs::write(&path, sheet).unwrap();
    let codes = codes();
    let read: Vec<_> = named("polecat").unwrap().read(&path, &codes).unwrap().unwrap().collect();
    let faults: Vec<(u64, Option<String>)> = read
        .iter()
        .filter_map(|r| if let Err(Passed::Fault(f)) = r { Some((f.line, f.column.clone())) } else { None })
        .collect();
    assert_eq!(faults, [(2, None), (3, Some("Event Type".into())), (4, Some("Event Date".into()))]);
    assert_eq!(read.iter().filter(|r| r.is_ok()).count(), 1);
}

#[test]
fn icews_keeps_its_codes_and_its_repeated_ids() {
    let header = "Event ID\tEvent Date\tSource Name\tSource Sectors\tSource Country\tEvent Text\tCAMEO Code\tIntensity\tTarget Name\tTarget Sectors\tTarget Country\tStory ID\tSentence Number\tPublisher\tCity\tDistrict\tProvince\tCountry\tLatitude\tLongitude\n";
    let row = |day: &str, code: &str| {
        format!(
            "7\t{day}\tSteward\tCabinet,The GOV\tRealm of Gondor\tact 042\t{code}\t1.9\tRohan\t\tRohan\t99\t2\tHerald\tEdoras\t\t\tRohan\t40\t10.5\n"
        )
    };
    let given = header.to_owned() + &row("2010-01-02", "042") + &row("2011-01-02", "042") + &row("2011-01-03", "42");
    let (entries, out) = again("icews", given.as_bytes());
    assert_eq!(out, given);
    let ids: BTreeSet<&str> = entries.iter().map(|e| e.event.id.as_str()).collect();
    assert_eq!(ids.len(), 3, "an id on another day is another event");
    assert!(
        entries.iter().all(|e| e.event.event_type == EventType::Consult && e.event.cameo.as_deref() == Some("042"))
    );
    assert_eq!(entries[0].event.actors[0].code.as_deref(), Some("GND"));
    assert_eq!(entries[0].event.actors[0].sector, Some(Sector::Gov));
    // The other spelling of the header, and a statement, which is no event.
    let other = header.to_lowercase().replace(' ', "_") + &row("2010-01-02", "010") + &row("2010-01-02", "111");
    let folder = folder("icews");
    std::fs::write(folder.join("x.tab"), other).unwrap();
    let codes = codes();
    let read: Vec<_> = named("icews").unwrap().read(&folder.join("x.tab"), &codes).unwrap().unwrap().collect();
    assert!(matches!(&read[..], [Err(Passed::NoEvent(_)), Ok(_)]), "{read:?}");
}

#[test]
fn gdelt_has_fips_for_places_and_cameo_for_actors() {
    let mut cells = vec![String::new(); 61];
    let filled = [
        (0, "1000"),
        (1, "20150218"),
        (2, "201502"),
        (3, "2015"),
        (4, "2015.1315"),
        (5, "GNDMIL"),
        (6, "GONDOR"),
        (7, "GND"),
        (12, "MIL"),
        (15, "UNO"),
        (16, "UNITED NATIONS"),
        (18, "UNO"),
        (25, "0"),
        (26, "190"),
        (27, "190"),
        (28, "19"),
        (29, "4"),
        (30, "-10"),
        (31, "8"),
        (32, "2"),
        (33, "8"),
        (34, "-3.25"),
        (35, "1"),
        (51, "4"),
        (52, "Pelargir, Lebennin, Gondor"),
        (53, "GO"),
        (54, "GO02"),
        (55, "11"),
        (56, "40.5"),
        (57, "9"),
        (58, "-7"),
        (59, "20150218230000"),
        (60, "https://www.herald.example/a?b=1"),
    ];
    for (ix, text) in filled {
        cells[ix] = text.to_owned();
    }
    let given = cells.join("\t") + "\n";
    let (entries, out) = again("gdelt2", given.as_bytes());
    assert_eq!(out, given);
    let event = &entries[0].event;
    assert_eq!(event.place.as_ref().and_then(|p| p.country.as_deref()), Some("GND"));
    assert_eq!((event.actors[0].code.as_deref(), event.actors[0].sector), (Some("GND"), Some(Sector::Mil)));
    assert_eq!(event.recipients[0].code.as_deref(), Some("UNO"));
    assert_eq!(entries[0].publisher.as_deref(), Some("herald.example"));
    // With the reports of the same quarter of an hour: they are no events of their own.
    let folder = folder("gdelt");
    let mention = |time: &str, source: &str, address: &str, sentence: u32, confidence: u32| {
        format!(
            "1000\t20150218230000\t{time}\t1\t{source}\t{address}\t{sentence}\t1\t2\t3\t1\t{confidence}\t900\t-2\t\t\n"
        )
    };
    let own = "https://www.herald.example/a?b=1";
    let table = mention("20150219000000", "copy.example", "https://copy.example/1", 9, 20)
        + &mention("20150218230000", "Herald", own, 3, 80)
        + "1000\tnot a row\n";
    std::fs::write(folder.join("1.export.CSV"), &given).unwrap();
    std::fs::write(folder.join("1.mentions.CSV"), table).unwrap();
    let format = named("gdelt2").unwrap();
    let told = read_all(format, &folder.join("1.export.CSV"));
    assert_eq!((told.len(), told[0].publisher.as_deref()), (1, Some("Herald")));
    assert_eq!((told[0].event.sentence, told[0].event.confidence), (2, 0.8));
    assert_eq!(told[0].extra["Mentions"], format!("{own} https://copy.example/1"));
    assert!(format.read(&folder.join("1.mentions.CSV"), &codes()).unwrap().is_err());
    // Packed as GDELT packs it; and 1.0 of before April 2013, without the address.
    let mut zip = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    deflated.write_all(given.as_bytes()).unwrap();
    let deflated = deflated.finish().unwrap();
    zip.extend([0; 8]);
    zip.extend((deflated.len() as u32).to_le_bytes());
    zip.extend((given.len() as u32).to_le_bytes());
    zip.extend([5, 0, 0, 0]);
    zip.extend(b"a.CSV");
    zip.extend(deflated);
    zip.extend(b"PK\x01\x02 what stands behind is not read");
    std::fs::write(folder.join("a.CSV.zip"), zip).unwrap();
    assert_eq!(read_all(named("gdelt2").unwrap(), &folder.join("a.CSV.zip")), entries);
    let mut old: Vec<String> =
        cells.iter().enumerate().filter(|(ix, _)| ![39, 47, 55, 60].contains(ix)).map(|(_, c)| c.clone()).collect();
    old[56] = "20150219".to_owned();
    let (_, out) = again("gdelt1", (old.join("\t") + "\n").as_bytes());
    assert_eq!(out, old.join("\t") + "\t\n");
}

#[test]
fn plover_records_keep_keys_that_are_not_ours() {
    let given = r#"{"id":"p1","date":"2020-01-02","enddate":"2020-01-05","actor":[{"code":"ARN","raw_text":"Arnor","gender":"none"}],"event":["ASSAULT","PROTEST"],"mode":["aerial","negation"],"size":12,"event_loc":{"resolved_place":"Dale","geonameid":5},"has_event":true,"comment":"x"}"#;
    let (entries, out) = again("plover", given.as_bytes());
    assert_eq!(serde_json::from_str::<Value>(&out).unwrap(), serde_json::from_str::<Value>(given).unwrap());
    assert_eq!(entries[0].event.polarity, Polarity::Negative);
    assert_eq!(entries[0].event.actors[0].text, "Arnor");
}

#[test]
fn several_parties_are_a_row_for_each_ordered_pair() {
    let codes = codes();
    let mut meeting = made(&mut Random(7), named("csv").unwrap());
    (meeting.event.polarity, meeting.event.modality) = (Polarity::Positive, Modality::Asserted);
    meeting.event.actors = (0..3).map(|_| made_party(&mut Random(3), true)).collect();
    meeting.event.recipients.clear();
    meeting.published = Some(jiff::civil::date(2020, 1, 1));
    let mut denied = meeting.clone();
    denied.event.polarity = Polarity::Negative;
    let mut out = Vec::new();
    let mut entries = [meeting, denied].into_iter().map(Ok);
    let written = named("icews").unwrap().write(&mut entries, Target::Stream(&mut out), &codes).unwrap();
    assert_eq!(written, Written { entries: 1, rows: 6, left_out: 1 });
}

#[test]
fn networks_and_entities_are_well_formed() {
    let mut random = Random(5);
    let format = named("gexf").unwrap();
    let mut entries: Vec<Entry> = (0..60).map(|_| made(&mut random, format)).collect();
    for entry in &mut entries {
        (entry.event.polarity, entry.event.modality) = (Polarity::Positive, Modality::Asserted);
    }
    let codes = codes();
    let mut out = Vec::new();
    let written = format.write(&mut entries.iter().cloned().map(Ok), Target::Stream(&mut out), &codes).unwrap();
    let xml = String::from_utf8(out).unwrap();
    assert_eq!(xml.matches("<spell ").count(), xml.matches(r#"for="events""#).count());
    assert!(written.rows > 5 && xml.matches("<edge ").count() as u64 <= written.rows);
    assert!(xml.contains(r#"<node id="GND" label="Gondor"/>"#), "{xml}");
    for tag in ["gexf", "graph", "nodes", "edges", "edge", "attvalues", "spells"] {
        assert_eq!(
            xml.matches(&format!("<{tag} ")).count() + xml.matches(&format!("<{tag}>")).count(),
            xml.matches(&format!("</{tag}>")).count(),
            "{tag}"
        );
    }
    let mut out = Vec::new();
    named("followthemoney")
        .unwrap()
        .write(&mut entries.iter().cloned().map(Ok), Target::Stream(&mut out), &codes)
        .unwrap();
    let entities: Vec<Value> =
        String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let ids: BTreeSet<&str> = entities.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), entities.len(), "each entity once");
    for entity in &entities {
        for named in ["involved", "proof", "resolved", "document"] {
            for id in entity["properties"][named].as_array().into_iter().flatten() {
                assert!(ids.contains(id.as_str().unwrap()), "{named} {id}");
            }
        }
    }
    assert_eq!(entities.iter().filter(|e| e["schema"] == "Event").count(), 60);
}

#[test]
fn a_ledger_gives_back_what_it_was_given() {
    let folder = folder("ledger");
    let ledger = crate::Ledger::open(&folder.join("x.db"), crate::Access::Write).unwrap();
    let mut random = Random(11);
    let mut given: Vec<Entry> = (0..300).map(|_| made(&mut random, named("csv").unwrap())).collect();
    // The same event twice, as data sets have it: both are kept.
    given.push(given[0].clone());
    let at = "2026-01-01T00:00:00Z".parse().unwrap();
    let (coder, tables, command, author) = (None, None, None, None);
    let run = crate::RunSpec { kind: crate::RunKind::Import, coder, tables, command, author, at };
    let mut writer = ledger.writer(&run).unwrap();
    given.iter().for_each(|entry| writer.add_entry(entry).unwrap());
    writer.finish(at).unwrap();
    let all = crate::Selection { all: true, ..Default::default() };
    let mut back: Vec<Entry> = ledger.entries(&all).unwrap().collect::<Result<_, _>>().unwrap();
    // Of another data set the document and the place within it are not kept.
    let bare = |entry: &Entry| {
        let mut tree = tree(entry);
        take(&mut tree, "event.document");
        take(&mut tree, "event.sentence");
        tree
    };
    back.sort_by_key(|e| e.event.id.clone());
    given.sort_by_key(|e| e.event.id.clone());
    assert_eq!(back.len(), given.len());
    back.iter().zip(&given).for_each(|(back, given)| assert_eq!(bare(back), bare(given)));
    // A selection is what a filter gives.
    let (from, until) = (jiff::civil::date(2003, 1, 1), jiff::civil::date(2011, 6, 1));
    let some = crate::Selection { from: Some(from), until: Some(until), ..Default::default() };
    let day =
        |e: &Entry| e.event.when.and_then(|w| w.interval.from.or(w.interval.until?.yesterday().ok())).or(e.published);
    let wanted =
        given.iter().filter(|e| e.event.counted() && day(e).is_some_and(|day| from <= day && day < until)).count();
    let found: Vec<Entry> = ledger.entries(&some).unwrap().collect::<Result<_, _>>().unwrap();
    assert_eq!(found.len(), wanted);
    assert!(wanted > 5 && found.is_sorted_by_key(day));
}
