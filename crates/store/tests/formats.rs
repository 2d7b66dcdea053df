//! A ledger of every past format opens, is brought up to date and is sound.

mod common;

use common::Folder;
use std::io::Read;
use std::path::Path;

/// Every format, with its documents and the events in force.
const FORMATS: &[(u32, usize, usize)] = &[(1, 4, 5)];

#[test]
fn ledgers_of_every_format_open() {
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/formats");
    let folder = Folder::new("formats");
    for &(format, documents, events) in FORMATS {
        let packed = std::fs::File::open(samples.join(format!("{format}.db.gz"))).expect("the sample");
        let mut bytes = Vec::new();
        flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).expect("a sound file");
        std::fs::write(folder.file(), bytes).expect("written");
        let ledger = folder.open();
        assert_eq!(ledger.document_ids().expect("ids").len(), documents);
        let mut reader = ledger.reader();
        let keys = reader.keys_in_force().expect("keys");
        let read = keys.iter().map(|&key| reader.event(key).expect("an event")).count();
        assert_eq!(read, events);
        assert_eq!(ledger.corrections().expect("corrections").len(), 1);
        let faults = ledger.verify().expect("it can be read");
        // How reports are grouped may change from version to version; all else may not.
        let other: Vec<String> = faults
            .iter()
            .map(ToString::to_string)
            .filter(|f| !f.starts_with("story") && !f.contains("in another story"))
            .collect();
        assert!(other.is_empty(), "{other:?}");
    }
}
