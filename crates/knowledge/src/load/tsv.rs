//! Tables of rows: a header, cells between tabs, and every fault of a row said at once.

use super::file::Report;
use crate::{RowRef, hint};
use demarche_core::{Interval, Sector, time::first_day};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// What a table must look like.
pub(super) struct Layout {
    /// The columns, in order.
    pub(super) columns: &'static [&'static str],
    /// Those of them that a table may do without.
    pub(super) optional: &'static [&'static str],
    /// The columns that no two rows may have alike.
    pub(super) key: &'static [&'static str],
}

/// One row while it is read.
pub(super) struct Cells<'c, 'f> {
    report: &'c mut Report<'f>,
    line: u32,
    columns: &'c BTreeMap<&'c str, usize>,
    cells: &'c [&'c str],
}

/// Reads a table: `row` makes a row of its cells, or `None` where they cannot make one.
pub(super) fn read<R>(
    text: &str,
    layout: &Layout,
    report: &mut Report<'_>,
    row: impl Fn(&mut Cells<'_, '_>) -> Option<R>,
) -> Vec<R> {
    let lines = (1..).zip(text.lines());
    let mut lines = lines.filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let Some((header_line, header)) = lines.next() else {
        report.at(1, None, "no header", format!("the first line names the columns: {}", layout.columns.join("\t")));
        return Vec::new();
    };
    // Cells are counted by the header as it is written, so that a fault in it is not said again on each row.
    let width = header.split('\t').count();
    let columns = header_of(header_line, header, layout, report);
    if columns.is_empty() {
        return Vec::new();
    }
    let mut rows = Vec::new();
    let mut seen: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    let mut before: Option<(String, Option<Date>)> = None;
    for (line, words) in lines {
        let mut cells: Vec<&str> = words.split('\t').collect();
        if cells.len() != width {
            let what = format!("{} cells where the header has {width} columns", cells.len());
            report.at(line, None, what, width_hint(words, cells.len(), width));
            if cells.len() == 1 {
                continue;
            }
            // The row is read for those who refer to it; what else is wrong with it follows from the first.
            cells.resize(width, "");
            report.muted = true;
        }
        tidy(line, &mut cells, &columns, report);
        let mut reader = Cells { report, line, columns: &columns, cells: &cells };
        reader.in_order(layout, &mut before);
        reader.once(layout, &mut seen);
        rows.extend(row(&mut reader));
        report.muted = false;
    }
    rows
}

/// The columns by name; empty where the header is none.
fn header_of<'h>(line: u32, header: &'h str, layout: &Layout, report: &mut Report<'_>) -> BTreeMap<&'h str, usize> {
    let written: Vec<&str> = header.split('\t').map(str::trim).collect();
    if !written.iter().any(|name| layout.columns.contains(name)) {
        let hint = if layout.columns.iter().filter(|name| header.contains(*name)).count() > 1 {
            "columns are parted by tabs, not spaces".to_owned()
        } else {
            format!("the first line names the columns: {}", layout.columns.join(", "))
        };
        report.at(line, None, "no header", hint);
        return BTreeMap::new();
    }
    let mut columns = BTreeMap::new();
    for (ix, name) in written.iter().enumerate() {
        if !layout.columns.contains(name) {
            report.at(line, Some(name), "no such column", hint::one_of(name, layout.columns));
        }
        if columns.insert(*name, ix).is_some() {
            report.at(line, Some(name), "the column stands twice", "");
        }
    }
    let absent = layout.columns.iter().copied().filter(|name| !columns.contains_key(name));
    let missing: Vec<&str> = absent.filter(|name| !layout.optional.contains(name)).collect();
    for name in &missing {
        report.at(line, Some(name), "the column is missing", "leave its cells blank where nothing is known");
    }
    let in_order: Vec<&str> = layout.columns.iter().copied().filter(|name| columns.contains_key(name)).collect();
    if missing.is_empty() && written.len() == in_order.len() && written != in_order {
        report.at(line, None, "the columns stand in another order", in_order.join(", "));
    }
    columns
}

fn width_hint(words: &str, found: usize, wanted: usize) -> String {
    if found < wanted && words.contains("  ") {
        "columns are parted by one tab, not by spaces".to_owned()
    } else if found < wanted {
        format!(
            "{} tab{} missing; a blank cell still needs its tab",
            wanted - found,
            if wanted - found == 1 { " is" } else { "s are" }
        )
    } else {
        "take out the tabs that are too many".to_owned()
    }
}

/// Spaces around a cell, and words for nothing.
fn tidy(line: u32, cells: &mut [&str], columns: &BTreeMap<&str, usize>, report: &mut Report<'_>) {
    let name = |ix: usize| columns.iter().find(|(_, at)| **at == ix).map(|(name, _)| *name);
    for (ix, cell) in cells.iter_mut().enumerate() {
        if cell.trim() != *cell {
            report.at(line, name(ix), "a space before or after the words", "delete it");
            *cell = cell.trim();
        }
        if matches!(*cell, "None" | "none" | "NULL" | "N/A" | "n/a" | "nan" | "NaN" | "-" | "?") {
            report.at(line, name(ix), format!("\u{201c}{cell}\u{201d} for nothing"), "leave the cell blank");
            *cell = "";
        }
    }
}

impl Cells<'_, '_> {
    fn cell(&self, column: &str) -> &str {
        self.columns.get(column).and_then(|&ix| self.cells.get(ix)).copied().unwrap_or_default()
    }

    pub(super) fn fault(&mut self, column: &str, what: impl Into<String>, hint: impl Into<String>) {
        self.report.at(self.line, Some(column), what, hint);
    }

    fn in_order(&mut self, layout: &Layout, before: &mut Option<(String, Option<Date>)>) {
        let Some(first) = layout.columns.first() else { return };
        let from = first_day(self.cell("from"));
        let here = (self.cell(first).to_owned(), from);
        let what = match before {
            Some((word, _)) if *word > here.0 => Some(format!("{} stands after {word}", here.0)),
            Some((word, date)) if *word == here.0 && *date > from => {
                Some("an earlier date stands after a later one".to_owned())
            }
            _ => None,
        };
        if let Some(what) = what {
            self.report.at(
                self.line,
                None,
                what,
                format!("rows are sorted by {first}, capitals before small letters, then by from"),
            );
        }
        *before = Some(here);
    }

    fn once(&mut self, layout: &Layout, seen: &mut BTreeMap<Vec<String>, u32>) {
        let key: Vec<String> = layout.key.iter().map(|column| self.cell(column).to_owned()).collect();
        if let Some(first) = seen.get(&key) {
            let what = format!("the same {} as in line {first}", layout.key.join(", "));
            self.report.at(self.line, None, what, "keep one of the two");
        } else {
            seen.insert(key, self.line);
        }
    }

    pub(super) fn row(&self) -> RowRef {
        RowRef { table: self.report.table, line: self.line, overlay: false }
    }

    /// Words, or nothing.
    pub(super) fn maybe(&mut self, column: &str) -> Option<String> {
        let cell = self.cell(column);
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    /// Words that must be there; an empty string and a fault where they are not.
    pub(super) fn text(&mut self, column: &str) -> String {
        self.maybe(column).unwrap_or_else(|| {
            let hint = if column == "source" {
                "every row says where its fact comes from; general = general knowledge"
            } else {
                ""
            };
            self.fault(column, "the cell is blank", hint);
            String::new()
        })
    }

    /// The words that a row cannot be without.
    pub(super) fn id(&mut self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|id| !id.is_empty())
    }

    /// Words parted by `|`.
    pub(super) fn list(&mut self, column: &str) -> Vec<String> {
        let cell = self.cell(column).to_owned();
        let parts: Vec<String> =
            cell.split('|').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        if !cell.is_empty() && parts.join("|") != cell {
            self.fault(column, "a space or nothing between two bars", "write A|B|C");
        }
        parts
    }

    /// A number, or nothing.
    pub(super) fn number<N: std::str::FromStr>(&mut self, column: &str) -> Option<N> {
        let cell = self.cell(column).to_owned();
        if cell.is_empty() {
            return None;
        }
        let number = cell.parse().ok();
        if number.is_none() {
            self.fault(column, format!("{cell} is no number here"), "digits only, a point for fractions");
        }
        number
    }

    /// One of the words that the column knows, or nothing.
    pub(super) fn maybe_one<T: Copy>(&mut self, column: &str, known: &[(&str, T)]) -> Option<T> {
        let cell = self.cell(column).to_owned();
        if cell.is_empty() {
            return None;
        }
        let found = known.iter().find(|(word, _)| *word == cell).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            self.fault(column, format!("no such {column}: {cell}"), hint::one_of(&cell, &words));
        }
        found
    }

    /// One of the words that the column knows; the first of them, and a fault, where it is none.
    pub(super) fn one<T: Copy>(&mut self, column: &str, known: &[(&str, T)]) -> Option<T> {
        if self.cell(column).is_empty() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            self.fault(column, "the cell is blank", format!("one of: {}", words.join(" ")));
            return known.first().map(|(_, value)| *value);
        }
        self.maybe_one(column, known).or_else(|| known.first().map(|(_, value)| *value))
    }

    /// A sector, or nothing.
    pub(super) fn sector(&mut self, column: &str) -> Option<Sector> {
        let known: Vec<(&str, Sector)> = Sector::ALL.iter().map(|&sector| (sector.as_str(), sector)).collect();
        self.maybe_one(column, &known)
    }

    /// A date; nothing, and a fault, where it is none.
    pub(super) fn date(&mut self, column: &str) -> Option<Date> {
        let cell = self.cell(column).to_owned();
        let date = first_day(&cell);
        if date.is_none() {
            self.fault(
                column,
                format!("{} is no date", if cell.is_empty() { "a blank cell" } else { &cell }),
                "2014-06-08, 2014-06 or 2014",
            );
        }
        date
    }

    /// `from` and `until`.
    pub(super) fn interval(&mut self) -> Interval {
        let mut side = |column: &str| if self.cell(column).is_empty() { None } else { self.date(column) };
        let (from, until) = (side("from"), side("until"));
        if let (Some(first), Some(end)) = (from, until)
            && first >= end
        {
            self.fault(
                "until",
                format!("{} is not after {}", self.cell("until"), self.cell("from")),
                "until is the first day on which it was no longer so",
            );
            return Interval { from, until: None };
        }
        Interval { from, until }
    }
}
