//! Statements that add rows by the million: many rows at each call of SQLite, and of numbers only what differs from those
//! that the statement has.

use crate::error::Result;
use rusqlite::types::ToSql;
use rusqlite::{Connection, Statement};

/// Rows that one call adds: SQLite begins and ends a statement for all of them.
const TOGETHER: usize = 16;

/// How rows are added to a table.
#[derive(Debug)]
pub(crate) struct Insert<'l> {
    many: Parameters<'l>,
    one: Parameters<'l>,
}

impl<'l> Insert<'l> {
    /// Into a table and these columns of it, `party (event, role)`; `then` stands behind the values.
    ///
    /// A row that breaks a rule ends the statement and leaves the rows before it: whoever writes gives the batch up then,
    /// and SQLite need not keep what it would take to undo the statement alone.
    pub(crate) fn new(conn: &'l Connection, into: &str, then: &str) -> Result<Insert<'l>> {
        let columns = into.matches(',').count() + 1;
        let row = format!("({})", vec!["?"; columns].join(", "));
        let parameters = |rows: usize| -> Result<Parameters<'l>> {
            let values = vec![row.as_str(); rows].join(", ");
            let statement = conn.prepare(&format!("INSERT OR FAIL INTO {into} VALUES {values} {then}"))?;
            Ok(Parameters { statement, held: vec![None; columns * rows], at: 0 })
        };
        Ok(Insert { many: parameters(TOGETHER)?, one: parameters(1)? })
    }

    /// Adds rows; `give` hands the columns of one over in their order.
    pub(crate) fn all<R>(
        &mut self,
        rows: &[R],
        give: impl Fn(&mut Parameters<'l>, &R) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let (chunks, rest) = rows.as_chunks::<TOGETHER>();
        for chunk in chunks {
            chunk.iter().try_for_each(|row| give(&mut self.many, row))?;
            self.many.run()?;
        }
        for row in rest {
            give(&mut self.one, row)?;
            self.one.run()?;
        }
        Ok(())
    }
}

/// The parameters of a statement, given one after the other. SQLite keeps them from one call to the next,
/// and most columns of most rows of a data set say the same.
#[derive(Debug)]
pub(crate) struct Parameters<'l> {
    statement: Statement<'l>,
    /// The number that each holds; none before the first call and where it is no number.
    held: Vec<Option<Option<i64>>>,
    at: usize,
}

impl Parameters<'_> {
    /// A number.
    pub(crate) fn number(&mut self, number: impl Into<i64>) -> rusqlite::Result<()> {
        self.maybe(Some(number))
    }

    /// A number that may be absent.
    pub(crate) fn maybe(&mut self, number: Option<impl Into<i64>>) -> rusqlite::Result<()> {
        let number = number.map(Into::into);
        if self.held[self.at] == Some(number) {
            self.at += 1;
            return Ok(());
        }
        self.held[self.at] = Some(number);
        self.other(number)
    }

    /// Anything else.
    pub(crate) fn other(&mut self, value: impl ToSql) -> rusqlite::Result<()> {
        self.at += 1;
        self.statement.raw_bind_parameter(self.at, value)
    }

    fn run(&mut self) -> rusqlite::Result<()> {
        self.at = 0;
        self.statement.raw_execute().map(|_| ())
    }
}
