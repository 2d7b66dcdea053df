//! What is wrong with the data, said to the person who edits it.

use std::fmt;

/// One thing wrong in a data folder, with its place and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DataFault {
    /// The file, relative to the data folder.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: u32,
    /// The column or key in question.
    pub column: Option<String>,
    /// What is wrong.
    pub what: String,
    /// What would be right; empty where nothing more helps.
    pub hint: String,
}

impl fmt::Display for DataFault {
    /// `file:line: column: what (hint)`, as far as each is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: ", self.file)?,
            line => write!(f, "{}:{line}: ", self.file)?,
        }
        if let Some(column) = &self.column {
            write!(f, "{column}: ")?;
        }
        f.write_str(&self.what)?;
        if self.hint.is_empty() { Ok(()) } else { write!(f, " ({})", self.hint) }
    }
}
impl std::error::Error for DataFault {}
