//! Lists of words under keys, as deep as their file nests them.

use super::entry::{line_of, parse, texts};
use super::file::Report;
use std::collections::BTreeMap;
use toml::de::DeTable;

/// Adds the lists of a file, by dotted key.
pub(super) fn read(text: &str, report: &mut Report<'_>, lists: &mut BTreeMap<String, Vec<String>>) {
    let document = parse(text, report);
    gather(text, "", document.get_ref(), report, lists);
}

fn gather(
    text: &str,
    prefix: &str,
    table: &DeTable<'_>,
    report: &mut Report<'_>,
    lists: &mut BTreeMap<String, Vec<String>>,
) {
    for (key, value) in table {
        let name = if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        let line = line_of(text, key.span().start);
        if let Some(inner) = value.get_ref().as_table() {
            gather(text, &name, inner, report, lists);
            continue;
        }
        let Some(words) = texts(value.get_ref()) else {
            report.at(line, Some(&name), "no list of words", format!("{name} = [\"…\", \"…\"]"));
            continue;
        };
        if let Some(word) = words.iter().find(|word| word.is_empty() || word.trim() != *word) {
            report.at(
                line,
                Some(&name),
                format!("\u{201c}{word}\u{201d} is blank or has a space before or after"),
                "delete it",
            );
        }
        if lists.insert(name.clone(), words).is_some() {
            report.at(line, Some(&name), "another file has a list of this name", "give one of the two another name");
        }
    }
}
