//! Opening a ledger: who may write, who only reads, and what is said when neither works.

use crate::error::{Error, Kind, Result};
use crate::schema;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What a ledger is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To ask; any number of processes at once, also while one writes.
    Read,
    /// To write; makes the file where there is none. One process at a time.
    Write,
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    conn: Connection,
    path: PathBuf,
    /// Held as long as the ledger is open for writing; the system lets go of it when the process ends, however it ends.
    _lock: Option<File>,
}

/// Ends what a ledger is being asked.
pub struct Interrupter(rusqlite::InterruptHandle);

impl Interrupter {
    /// The question in hand fails with an error that [`Error::is_interrupted`] tells; later ones are answered.
    pub fn interrupt(&self) {
        self.0.interrupt();
    }
}

/// How long to wait for another program that holds the file for a moment.
const PATIENCE: Duration = Duration::from_secs(5);

/// Memory for pages, in KiB (negative, as SQLite has it).
pub(crate) const CACHE: i64 = -64_000;

impl Ledger {
    /// Opens a ledger.
    ///
    /// # Errors
    /// Where there is none to read, it is another program's file, damaged or of a later version, where it or its folder
    /// cannot be written, or where another process writes it.
    pub fn open(path: &Path, access: Access) -> Result<Ledger> {
        match access {
            Access::Read => Ledger::read(path),
            Access::Write => Ledger::write(path),
        }
        .map_err(|e| e.context(path.display()))
    }

    fn read(path: &Path) -> Result<Ledger> {
        if !path.is_file() {
            return Err(Error::new(Kind::Missing, "no such ledger (hint: `demarche ingest` makes one)"));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let conn = Connection::open_with_flags(path, flags)?;
        conn.busy_timeout(PATIENCE)?;
        let conn = match schema::version(&conn) {
            // On a medium that cannot be written there is no shared memory beside the file, nor can anybody change it.
            Err(error) if !beside(path, "-wal").exists() && !error.is_foreign() && !error.is_newer_format() => {
                let conn = Connection::open_with_flags(still(path), flags)?;
                schema::version(&conn)?;
                conn
            }
            version => {
                version?;
                conn
            }
        };
        if schema::version(&conn)? < schema::VERSION {
            return Err(Error::asked(if schema::version(&conn)? == 0 {
                "an empty file, not a ledger (hint: `demarche ingest` makes one)"
            } else {
                "of an earlier format (hint: any verb that writes, such as `demarche verify`, brings it up to date)"
            }));
        }
        Ledger::settled(conn, path, None)
    }

    fn write(path: &Path) -> Result<Ledger> {
        let lock = lock(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let conn = Connection::open_with_flags(path, flags).map_err(|error| {
            let missing = path.parent().is_some_and(|dir| !dir.as_os_str().is_empty() && !dir.is_dir());
            if missing { Error::new(Kind::Missing, "no such folder") } else { Error::from(error) }
        })?;
        conn.busy_timeout(PATIENCE)?;
        schema::version(&conn)?;
        if path.metadata().is_ok_and(|m| m.permissions().readonly()) {
            return Err(Error::new(Kind::ReadOnly, "the file cannot be written (hint: check its permissions)"));
        }
        let _: String = conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        conn.pragma_update(None, "synchronous", "normal")?;
        // Whoever adds a row here adds its words to the full-text index too. The triggers are for rows that are added by
        // hand: at each of them SQLite writes the words in hand out, one by one.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
        schema::migrate(&conn)?;
        Ledger::settled(conn, path, Some(lock))
    }

    fn settled(conn: Connection, path: &Path, lock: Option<File>) -> Result<Ledger> {
        conn.pragma_update(None, "foreign_keys", true)?;
        // A plan that does not look at values: otherwise SQLite plans anew at each value that a query is given.
        conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        conn.pragma_update(None, "cache_size", CACHE)?;
        conn.set_prepared_statement_cache_capacity(128);
        Ok(Ledger { conn, path: path.to_path_buf(), _lock: lock })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lets the file grow by no more than `pages` pages: what a full disk does, for those who try it out.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn bound_pages(&self, pages: i64) -> Result<()> {
        let held: i64 = self.conn.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let _: i64 = self.conn.pragma_update_and_check(None, "max_page_count", held + pages, |row| row.get(0))?;
        Ok(())
    }

    /// Asks several things of one and the same state, whatever is written meanwhile.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn snapshot<T>(&self, ask: impl FnOnce(&Ledger) -> T) -> Result<T> {
        let reading = self.conn.unchecked_transaction()?;
        let answer = ask(self);
        reading.finish()?;
        Ok(answer)
    }

    /// What changes with every batch that is written: the same text, the same answers.
    ///
    /// # Errors
    /// Where the ledger cannot be read.
    pub fn state(&self) -> Result<String> {
        let mut ask = self.conn.prepare_cached(
            "SELECT (SELECT value FROM state WHERE name = ?1), (SELECT max(key) FROM run),
             (SELECT ended FROM run ORDER BY key DESC LIMIT 1), (SELECT max(key) FROM event),
             (SELECT max(key) FROM document)",
        )?;
        let number = |n: Option<i64>| n.unwrap_or(0);
        Ok(ask.query_row([crate::write::BATCHES], |row| {
            // Batches are counted; the rest tells ledgers apart of before they were.
            let (batches, ended): (Option<String>, Option<String>) = (row.get(0)?, row.get(2)?);
            let (run, event, document) = (number(row.get(1)?), number(row.get(3)?), number(row.get(4)?));
            let [batches, ended] = [batches, ended].map(Option::unwrap_or_default);
            Ok(format!("{batches}-{run}-{event}-{document}-{ended}"))
        })?)
    }

    /// What ends a question that takes too long, from another thread.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(self.conn.get_interrupt_handle())
    }

    /// SQLite's own door, for queries of this crate.
    pub(crate) fn conn(&self) -> &Connection {
        &self.conn
    }
}

/// Of the whole process, and gone with it: SQLite's own locks are held for one transaction, this one for one run.
fn lock(path: &Path) -> Result<File> {
    let lock = beside(path, "-lock");
    let opened = File::options().create(true).truncate(false).write(true).open(&lock);
    let file = opened.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::new(Kind::Missing, "no such folder"),
        std::io::ErrorKind::StorageFull => Error::new(Kind::Full, "the disk is full"),
        _ => Error::new(Kind::ReadOnly, format!("its folder cannot be written: {error}")),
    })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::new(
            Kind::Locked,
            "another demarche is writing this ledger (hint: wait for it to end; asking is possible meanwhile)",
        )),
        Err(std::fs::TryLockError::Error(error)) => Err(Error::new(Kind::Other, format!("cannot be locked: {error}"))),
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The address under which SQLite takes a file for one that nobody changes.
fn still(path: &Path) -> String {
    let path = path.to_string_lossy();
    let quoted: String = path
        .chars()
        .map(|c| match c {
            '%' => "%25".to_string(),
            '?' => "%3f".to_string(),
            '#' => "%23".to_string(),
            c => c.to_string(),
        })
        .collect();
    format!("file:{quoted}?immutable=1")
}
