//! Entries of a TOML file, each key with its line, so that a fault in a long file can be found.

use super::file::Report;
use crate::{RowRef, hint};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Reads a file whose entries all stand under `[[name]]`, and hands each over.
///
/// Each entry is read by itself, so that a forgotten bracket costs one entry and not the file.
pub(super) fn each(
    text: &str,
    name: &str,
    keys: &'static [&'static str],
    report: &mut Report<'_>,
    mut entry: impl FnMut(&mut Entry<'_, '_>),
) {
    for (first, part) in parts(text) {
        let (document, errors) = DeTable::parse_recoverable(part);
        if let Some(error) = errors.first() {
            // What follows the first slip of an entry is mostly its echo.
            syntax(error, part, first, report);
            continue;
        }
        for (key, value) in document.get_ref() {
            let line = first + line_of(part, key.span().start) - 1;
            let found = value.get_ref().as_array().and_then(|entries| entries.first()?.get_ref().as_table());
            match found.filter(|_| key.get_ref() == name) {
                Some(table) => {
                    let mut reader = Entry { report, text: part, first, line, table };
                    reader.known(keys);
                    entry(&mut reader);
                }
                None => report.at(line, Some(key.get_ref()), "no such table", format!("entries begin with [[{name}]]")),
            }
        }
    }
}

/// The file cut before each line that opens an entry, each part with the number of its first line.
fn parts(text: &str) -> Vec<(u32, &str)> {
    let mut parts = Vec::new();
    let (mut at, mut begin, mut first) = (0, 0, 1);
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        if line.starts_with("[[") && at > begin {
            parts.push((first, &text[begin..at]));
            (begin, first) = (at, number);
        }
        at += line.len();
    }
    parts.push((first, &text[begin..]));
    parts
}

/// The document as far as it can be read, and its first slip.
pub(super) fn parse<'t>(text: &'t str, report: &mut Report<'_>) -> Spanned<DeTable<'t>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if let Some(error) = errors.first() {
        syntax(error, text, 1, report);
    }
    document
}

fn syntax(error: &toml::de::Error, text: &str, first: u32, report: &mut Report<'_>) {
    let line = error.span().map_or(first, |span| first + line_of(text, span.start) - 1);
    report.at(
        line,
        None,
        error.message().to_owned(),
        "TOML: text in double quotes, lists in [ ] with commas, one key a line",
    );
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> u32 {
    1 + text.as_bytes()[..at.min(text.len())].iter().filter(|&&b| b == b'\n').count() as u32
}

/// One entry while it is read.
pub(super) struct Entry<'e, 'f> {
    report: &'e mut Report<'f>,
    /// The entry's own lines.
    text: &'e str,
    /// The line of the file where they begin.
    first: u32,
    /// The line of its brackets.
    line: u32,
    table: &'e DeTable<'e>,
}

impl<'e> Entry<'e, '_> {
    pub(super) fn row(&self) -> RowRef {
        RowRef { table: self.report.table, line: self.line, overlay: false }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The line where a key stands; the entry's where it does not.
    fn line(&self, key: &str) -> u32 {
        self.table.get_key_value(key).map_or(self.line, |(key, _)| self.line_at(key.span().start))
    }

    fn line_at(&self, at: usize) -> u32 {
        self.first + line_of(self.text, at) - 1
    }

    pub(super) fn fault(&mut self, key: &str, what: impl Into<String>, hint: impl Into<String>) {
        let line = self.line(key);
        self.report.at(line, Some(key), what, hint);
    }

    /// A fault of the entry as a whole.
    pub(super) fn lacks(&mut self, what: impl Into<String>, hint: impl Into<String>) {
        self.report.at(self.line, None, what, hint);
    }

    fn known(&mut self, keys: &[&str]) {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !keys.contains(&name) {
                let line = self.line_at(key.span().start);
                self.report.at(line, Some(name), "no such key", hint::one_of(name, keys));
            }
        }
    }

    fn value(&self, key: &str) -> Option<&'e DeValue<'e>> {
        self.table.get(key).map(Spanned::get_ref)
    }

    /// Text, or nothing.
    pub(super) fn maybe(&mut self, key: &str) -> Option<String> {
        let value = self.value(key)?;
        match value.as_str() {
            Some(text) if text.trim() == text && !text.is_empty() => Some(text.to_owned()),
            Some(text) => {
                self.fault(key, "blank, or a space before or after the words", "delete it");
                Some(text.trim().to_owned()).filter(|text| !text.is_empty())
            }
            None => {
                self.fault(key, "no text", format!("{key} = \"…\""));
                None
            }
        }
    }

    /// Text that must be there; an empty string and a fault where it is not.
    pub(super) fn need(&mut self, key: &str, hint: &str) -> String {
        if !self.has(key) {
            self.lacks(format!("{key} is missing"), hint);
            return String::new();
        }
        self.maybe(key).unwrap_or_default()
    }

    /// A list of texts, or one text; empty where the key is absent.
    pub(super) fn list(&mut self, key: &str) -> Vec<String> {
        let Some(value) = self.value(key) else { return Vec::new() };
        match texts(value) {
            Some(list) if list.iter().all(|text| !text.is_empty() && text.trim() == text) => list,
            Some(list) => {
                self.fault(key, "a blank text, or a space before or after the words", "delete it");
                list.iter().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect()
            }
            None => {
                self.fault(key, "no list of texts", format!("{key} = [\"…\", \"…\"]"));
                Vec::new()
            }
        }
    }

    /// Lists under keys of their own: `{ to = ["aid"] }`.
    pub(super) fn lists(&mut self, key: &str) -> Vec<(String, Vec<String>)> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let lists = value.as_table().map(|table| {
            table
                .iter()
                .map(|(key, value)| Some((key.get_ref().to_string(), texts(value.get_ref())?)))
                .collect::<Option<Vec<_>>>()
        });
        match lists.flatten() {
            Some(lists) => lists,
            None => {
                self.fault(key, "no lists under keys", format!("{key} = {{ to = [\"…\"] }}"));
                Vec::new()
            }
        }
    }

    /// `true` or `false`; `false` where the key is absent.
    pub(super) fn flag(&mut self, key: &str) -> bool {
        let Some(value) = self.value(key) else { return false };
        value.as_bool().unwrap_or_else(|| {
            self.fault(key, "neither true nor false", format!("{key} = true, without quotes"));
            false
        })
    }

    /// A number, or nothing.
    pub(super) fn number(&mut self, key: &str) -> Option<f32> {
        let value = self.value(key)?;
        let digits = value.as_float().map(|f| f.as_str()).or_else(|| value.as_integer().map(|i| i.as_str()));
        let number = digits.and_then(|digits| digits.replace('_', "").parse().ok());
        if number.is_none() {
            self.fault(key, "no number", format!("{key} = 0.5, without quotes"));
        }
        number
    }

    /// A word that `parse` knows, or nothing.
    pub(super) fn one<T: Copy>(&mut self, key: &str, known: &[T], word: impl Fn(T) -> &'static str) -> Option<T> {
        let written = self.maybe(key)?;
        self.known_word(key, &written, known, word)
    }

    /// A word of those that `word` gives for the known values.
    pub(super) fn known_word<T: Copy>(
        &mut self,
        key: &str,
        written: &str,
        known: &[T],
        word: impl Fn(T) -> &'static str,
    ) -> Option<T> {
        let found = known.iter().copied().find(|&value| word(value) == written);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|&value| word(value)).collect();
            self.fault(key, format!("no such word here: {written}"), hint::one_of(written, &words));
        }
        found
    }
}

/// A text or a list of texts; `None` for anything else.
pub(super) fn texts(value: &DeValue<'_>) -> Option<Vec<String>> {
    match value {
        DeValue::String(text) => Some(vec![text.to_string()]),
        DeValue::Array(list) => list.iter().map(|value| value.get_ref().as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}
