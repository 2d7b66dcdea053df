//! Any bytes as a table give rows and faults, never a crash, and what was read packs and unpacks the same.
#![no_main]

use demarche_knowledge::{Knowledge, Table, load};
use libfuzzer_sys::fuzz_target;
use std::fs;

fuzz_target!(|input: &[u8]| {
    let Some((&which, bytes)) = input.split_first() else { return };
    let dir = std::env::temp_dir().join(format!("demarche-fuzz-{}", std::process::id()));
    let tables: Vec<Table> = Table::all().collect();
    let path = dir.join(tables[usize::from(which) % tables.len()].path());
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the table");
    fs::write(&path, bytes).expect("a table");
    let (read, faults) = load(&dir);
    fs::remove_file(&path).expect("the table goes");
    assert!(faults.iter().all(|fault| !fault.what.is_empty()));
    let (knowledge, _) = Knowledge::from_tables(read, None);
    let packed = knowledge.to_bytes();
    let back = Knowledge::from_bytes(&packed).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(back.to_bytes(), packed);
    // Whatever else begins like a pack is refused or read, and never a crash.
    let _ = Knowledge::from_bytes(bytes);
});
