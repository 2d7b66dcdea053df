//! Reading a data folder: every file that is there, every fault at once.

mod codebook;
mod dictionary;
mod entry;
mod file;
mod lists;
mod patterns;
mod rows;
mod tsv;

pub use dictionary::dictionaries;

use crate::{DataFault, Table, Tables, hint};
use file::Report;
use std::collections::BTreeSet;
use std::path::Path;

/// Reads every table of a folder; a file that is absent gives no rows, so a folder may hold one file only.
///
/// Nothing stops at a fault: a row is kept as far as it can be read, so that one slip is said once and not
/// again wherever the row is referred to. What only the whole shows, [`Knowledge::from_tables`] says.
///
/// [`Knowledge::from_tables`]: crate::Knowledge::from_tables
pub fn load(dir: &Path) -> (Tables, Vec<DataFault>) {
    let mut tables = Tables::default();
    let mut faults = Vec::new();
    for table in Table::all() {
        let mut report = Report::new(table, &mut faults);
        let Some(text) = file::read(dir, &mut report) else { continue };
        match table {
            Table::Patterns(_) => tables.patterns.extend(patterns::read(&text, &mut report)),
            Table::Relations => tables.relations = patterns::read(&text, &mut report),
            Table::Types | Table::Modes | Table::Contexts => codebook::table(&text, &mut report, &mut tables),
            Table::Factuality | Table::References | Table::Registers => {
                lists::read(&text, &mut report, &mut tables.lexicon.lists)
            }
            _ => rows::table(&text, &mut report, &mut tables),
        }
    }
    strangers(dir, &mut faults);
    faults.sort();
    (tables, faults)
}

/// Files that no table is: a misspelt name would otherwise be silence.
fn strangers(dir: &Path, faults: &mut Vec<DataFault>) {
    let known: BTreeSet<String> = Table::all().map(Table::path).collect();
    for (folder, endings) in [
        ("", &["tsv"][..]),
        ("actors", &["tsv", "toml", "csv", "txt"]),
        ("codebook", &["tsv", "toml", "csv", "txt"]),
        ("patterns", &["tsv", "toml", "csv", "txt"]),
        ("places", &["tsv", "toml", "csv", "txt"]),
        ("language", &["tsv", "toml", "csv", "txt"]),
    ] {
        let Ok(entries) = std::fs::read_dir(dir.join(folder)) else { continue };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
            if !endings.contains(&ending) || known.contains(&path) {
                continue;
            }
            let near = hint::nearest(&path, known.iter().map(String::as_str));
            if near.is_empty() && folder == "language" {
                // Words for reading text, which are not tables of this crate.
                continue;
            }
            let hint = if near.is_empty() { "data/README.md lists the tables".to_owned() } else { near };
            faults.push(DataFault {
                file: path,
                line: 0,
                column: None,
                what: "no table has this name".to_owned(),
                hint,
            });
        }
    }
}
