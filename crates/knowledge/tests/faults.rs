//! What the loader says of a folder in which everything is wrong, and of bytes that are no tables at all.

mod common;

use common::{Dice, lines, root};
use demarche_knowledge::{Knowledge, Table, load};
use std::fs;
use std::path::Path;

#[test]
fn every_fault_is_said_once_with_its_place() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let (tables, mut faults) = load(&folder);
    let (_, crossed) = Knowledge::from_tables(tables, None);
    faults.extend(crossed);
    let expected = fs::read_to_string(folder.join("expected.txt")).expect("expected.txt");
    assert_eq!(lines(&faults), expected, "the loader's words differ from tests/broken/expected.txt");
}

#[test]
fn the_built_in_tables_have_no_fault() {
    let (tables, mut faults) = load(&root().join("data"));
    let (_, crossed) = Knowledge::from_tables(tables, None);
    faults.extend(crossed);
    assert_eq!(lines(&faults), "");
}

#[test]
fn an_empty_folder_is_an_empty_overlay() {
    let (tables, faults) = load(Path::new("/nonexistent"));
    assert_eq!((tables, faults.len()), (Default::default(), 0));
}

/// Whatever bytes stand in a folder, the loader says what is wrong and goes on.
#[test]
fn no_bytes_stop_the_loader() {
    let world = root().join("tests/world");
    let scratch = std::env::temp_dir().join(format!("demarche-broken-{}", std::process::id()));
    let mut dice = Dice(7);
    let files: Vec<(String, Vec<u8>)> = Table::all()
        .filter_map(|table| {
            let path = table.path();
            let bytes = fs::read(world.join(&path)).or_else(|_| fs::read(root().join("data").join(&path))).ok()?;
            Some((path, bytes.into_iter().take(6000).collect()))
        })
        .collect();
    for (path, _) in &files {
        let parent = scratch.join(path);
        fs::create_dir_all(parent.parent().expect("a folder")).expect("scratch folder");
    }
    for round in 0..40 {
        for (path, bytes) in &files {
            let mut bytes = bytes.clone();
            for _ in 0..1 + dice.below(6) {
                let at = dice.below(bytes.len());
                match dice.below(4) {
                    0 => bytes[at] = dice.below(256) as u8,
                    1 => bytes.truncate(at.max(1)),
                    2 => drop(bytes.drain(at..(at + 40).min(bytes.len()))),
                    _ => bytes.insert(at, b"\t\n[]\"'=#|,\xff"[dice.below(11)]),
                }
                if bytes.is_empty() {
                    bytes.push(b'#');
                }
            }
            fs::write(scratch.join(path), bytes).expect("scratch file");
        }
        let (tables, _) = load(&scratch);
        let (knowledge, _) = Knowledge::from_tables(tables, None);
        let again = Knowledge::from_bytes(&knowledge.to_bytes());
        assert!(again.is_ok(), "round {round}: {:?}", again.err());
    }
    fs::remove_dir_all(&scratch).expect("scratch folder");
}
