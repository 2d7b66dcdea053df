//! The tables of a ledger and their versions: made anew in an empty file, brought up to date in an older one.

use crate::error::{Error, Kind, Result};
use rusqlite::Connection;

/// "dema" in SQLite's application id: how a ledger is told from any other database.
const APPLICATION: i32 = 0x6465_6d61;

/// What brings a file from each version to the next, beginning with the empty file.
const STEPS: [&str; 1] = [include_str!("schema/1.sql")];

/// Indices that a bulk import takes away while it runs.
pub(crate) const INDICES: &str = include_str!("schema/1-indices.sql");

/// Their names.
pub(crate) const BULK_INDICES: [&str; 4] = ["event_hash", "event_day", "event_sentence", "party_actor"];

/// The version that this program writes.
pub(crate) const VERSION: usize = STEPS.len();

fn pragma(conn: &Connection, name: &str) -> Result<i32> {
    Ok(conn.pragma_query_value(None, name, |row| row.get(0))?)
}

/// The version of an open file; 0 where nothing is in it.
///
/// # Errors
/// Where the file holds another program's tables, or a later version's.
pub(crate) fn version(conn: &Connection) -> Result<usize> {
    let (application, version) = (pragma(conn, "application_id")?, pragma(conn, "user_version")?);
    if application == APPLICATION {
        let version = usize::try_from(version).unwrap_or(0);
        if version > VERSION {
            return Err(Error::new(
                Kind::Newer,
                format!(
                    "written by a later version of demarche (format {version}, this one knows up to {VERSION}; \
                     hint: use that version)"
                ),
            ));
        }
        return Ok(version);
    }
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 && application == 0 {
        return Ok(0);
    }
    Err(Error::new(Kind::Foreign, "a database of another program, not a ledger of demarche"))
}

/// Makes the tables, or brings them up to date, all or nothing; puts back indices that an interrupted import took away.
pub(crate) fn migrate(conn: &Connection) -> Result<()> {
    if version(conn)? < VERSION {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let done: Result<()> = (|| {
            // Another process may have done it in the meantime.
            for step in &STEPS[version(conn)?..] {
                conn.execute_batch(step)?;
            }
            conn.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}"))?;
            Ok(conn.execute_batch("COMMIT")?)
        })();
        if done.is_err() {
            let _ = conn.execute_batch("ROLLBACK");
        }
        done?;
    }
    Ok(conn.execute_batch(INDICES)?)
}
