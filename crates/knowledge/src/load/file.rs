//! The bytes of one file as text: what a spreadsheet or an old editor leaves behind is said, and read all the same.

use crate::{DataFault, Table};
use std::path::Path;

/// Where faults of one file go.
pub(super) struct Report<'f> {
    pub(super) table: Table,
    path: String,
    /// While a row is read of which the worst has been said already.
    pub(super) muted: bool,
    faults: &'f mut Vec<DataFault>,
}

impl<'f> Report<'f> {
    pub(super) fn new(table: Table, faults: &'f mut Vec<DataFault>) -> Report<'f> {
        Report { table, path: table.path(), muted: false, faults }
    }
    pub(super) fn at(&mut self, line: u32, column: Option<&str>, what: impl Into<String>, hint: impl Into<String>) {
        if self.muted {
            return;
        }
        self.faults.push(DataFault {
            file: self.path.clone(),
            line,
            column: column.map(str::to_owned),
            what: what.into(),
            hint: hint.into(),
        });
    }
}

/// The text of a table; `None` where the folder has no such file.
pub(super) fn read(dir: &Path, report: &mut Report<'_>) -> Option<String> {
    let path = dir.join(report.table.path());
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => {
            report.at(0, None, format!("cannot be read: {error}"), "");
            return None;
        }
    };
    Some(decode(&bytes, report))
}

fn decode(bytes: &[u8], report: &mut Report<'_>) -> String {
    let line_of = |at: usize| 1 + bytes[..at].iter().filter(|&&b| b == b'\n').count() as u32;
    let mut text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let hint = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
                "this is UTF-16: save the file as UTF-8"
            } else {
                "save the file as UTF-8"
            };
            report.at(line_of(error.valid_up_to()), None, "not UTF-8", hint);
            String::from_utf8_lossy(bytes).into_owned()
        }
    };
    if let Some(rest) = text.strip_prefix('\u{feff}') {
        report.at(1, None, "a byte order mark before the first letter", "save the file as UTF-8 without BOM");
        text = rest.to_owned();
    }
    if let Some(at) = text.find('\r') {
        let line = 1 + text[..at].matches('\n').count() as u32;
        report.at(line, None, "lines end in CR LF", "save the file with Unix line ends (LF)");
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(hidden) = line.chars().find(|&c| invisible(c)) {
            report.at(
                number,
                None,
                format!("an invisible character (U+{:04X})", hidden as u32),
                "delete it and type the word again",
            );
        }
    }
    text
}

/// Characters that change what a row says and cannot be seen: odd spaces, joiners, direction marks, controls.
fn invisible(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || c.is_control() && c != '\t'
}
