//! What can go wrong with a ledger, in one type: callers ask what kind it is, people read what it says.

use std::fmt;

/// A result of the store.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a ledger could not be opened, read or written; what was committed before is kept.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    what: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Missing,
    Foreign,
    Newer,
    Locked,
    ReadOnly,
    Full,
    Corrupt,
    Asked,
    Interrupted,
    Other,
}

impl Error {
    pub(crate) fn new(kind: Kind, what: impl Into<String>) -> Error {
        Error { kind, what: what.into(), source: None }
    }
    /// Something asked for that the ledger does not hold or that makes no sense.
    pub(crate) fn asked(what: impl Into<String>) -> Error {
        Error::new(Kind::Asked, what)
    }
    pub(crate) fn corrupt(what: impl Into<String>) -> Error {
        Error::new(Kind::Corrupt, what)
    }
    /// A file of another data set that cannot be opened or read.
    pub(crate) fn io(path: &std::path::Path, source: std::io::Error) -> Error {
        Error::output(source).context(path.display())
    }
    /// A file that is not of the format that it was said to be.
    pub(crate) fn not_of_format(file: &str, what: &str) -> Error {
        Error::new(Kind::Asked, format!("{file}: {what}"))
    }
    /// Something that cannot be written.
    pub(crate) fn output(source: std::io::Error) -> Error {
        use std::io::ErrorKind;
        let kind = match source.kind() {
            ErrorKind::NotFound => Kind::Missing,
            ErrorKind::StorageFull => Kind::Full,
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => Kind::ReadOnly,
            _ => Kind::Other,
        };
        Error { kind, what: source.to_string(), source: Some(source.into()) }
    }
    /// The same, with what was being done before it.
    #[must_use]
    pub fn context(mut self, doing: impl fmt::Display) -> Error {
        self.what = format!("{doing}: {}", self.what);
        self
    }
    /// What was asked for is not there or makes no sense; the ledger itself is well.
    pub fn is_about_what_was_asked(&self) -> bool {
        self.kind == Kind::Asked
    }
    /// There is no such file.
    pub fn is_missing(&self) -> bool {
        self.kind == Kind::Missing
    }
    /// The file is none of ours.
    pub fn is_foreign(&self) -> bool {
        self.kind == Kind::Foreign
    }
    /// A later version of the program wrote it.
    pub fn is_newer_format(&self) -> bool {
        self.kind == Kind::Newer
    }
    /// Another process writes it.
    pub fn is_locked(&self) -> bool {
        self.kind == Kind::Locked
    }
    /// The file, its folder or the medium does not let itself be written.
    pub fn is_read_only(&self) -> bool {
        self.kind == Kind::ReadOnly
    }
    /// No room is left.
    pub fn is_full(&self) -> bool {
        self.kind == Kind::Full
    }
    /// The question was ended from outside.
    pub fn is_interrupted(&self) -> bool {
        self.kind == Kind::Interrupted
    }
    /// The file is damaged.
    pub fn is_corrupt(&self) -> bool {
        self.kind == Kind::Corrupt
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}
impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|e| e as _)
    }
}

impl From<std::io::Error> for Error {
    fn from(source: std::io::Error) -> Error {
        Error::output(source)
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Error {
        use rusqlite::ffi;
        let extended = source.sqlite_error().map_or(0, |e| e.extended_code);
        let (kind, what) = match extended {
            // No room for the shared memory file reads as an input or output error.
            ffi::SQLITE_IOERR_SHMSIZE => (Kind::Full, FULL.to_string()),
            code => match code & 0xff {
                ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => {
                    (Kind::Locked, "another program is writing this ledger (hint: wait for it to end)".to_string())
                }
                ffi::SQLITE_FULL => (Kind::Full, FULL.to_string()),
                ffi::SQLITE_READONLY | ffi::SQLITE_PERM => {
                    (Kind::ReadOnly, "the file or its folder cannot be written".to_string())
                }
                ffi::SQLITE_CORRUPT => (Kind::Corrupt, format!("the file is damaged: {source}")),
                ffi::SQLITE_INTERRUPT => (Kind::Interrupted, "the question was ended".to_string()),
                ffi::SQLITE_NOTADB => (Kind::Foreign, "not a ledger of demarche".to_string()),
                _ => (Kind::Other, source.to_string()),
            },
        };
        Error { kind, what, source: Some(source.into()) }
    }
}

const FULL: &str = "the disk is full; what was committed is kept (hint: make room and give the same command again)";
