//! How results are written: tables for people, JSON Lines and CSV for programs.

use anyhow::Result;
use std::io::{IsTerminal, Write};
use unicode_width::UnicodeWidthStr;

/// The shapes of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For reading on a terminal
    Table,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated, with a header
    Csv,
}

/// The format asked for, or the one that fits where the output goes.
pub(crate) fn format(asked: Option<Format>) -> Format {
    asked.unwrap_or(if std::io::stdout().is_terminal() { Format::Table } else { Format::Jsonl })
}

/// Standard output behind a buffer.
pub(crate) fn stdout() -> std::io::BufWriter<std::io::StdoutLock<'static>> {
    std::io::BufWriter::with_capacity(1 << 16, std::io::stdout().lock())
}

/// Whether an error is only that the reader went away.
pub(crate) fn closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
            || cause
                .downcast_ref::<serde_json::Error>()
                .is_some_and(|e| e.io_error_kind() == Some(std::io::ErrorKind::BrokenPipe))
            || cause.downcast_ref::<csv::Error>().is_some_and(
                |e| matches!(e.kind(), csv::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::BrokenPipe),
            )
    })
}

/// News text is hostile input too: control characters never reach a terminal.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// One JSON object on a line of its own.
pub(crate) fn line(out: &mut impl Write, value: &impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")?;
    Ok(())
}

/// Rows under a header, each column as wide as it must be and none wider than `limit`.
pub(crate) fn table(out: &mut impl Write, header: &[&str], rows: &[Vec<String>], limit: usize) -> Result<()> {
    let cut = |text: &str| -> String {
        let text = plain(text);
        if text.width() <= limit {
            return text;
        }
        let mut kept = String::new();
        for c in text.chars() {
            if kept.width() + 1 >= limit {
                break;
            }
            kept.push(c);
        }
        kept + "…"
    };
    let rows: Vec<Vec<String>> = rows.iter().map(|r| r.iter().map(|c| cut(c)).collect()).collect();
    let widths: Vec<usize> = (0..header.len())
        .map(|ix| rows.iter().map(|r| r[ix].width()).chain([header[ix].width()]).max().unwrap_or(0))
        .collect();
    let mut put = |cells: &[String]| -> Result<()> {
        let mut text = String::new();
        for (cell, width) in cells.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width + 2 - cell.width().min(*width)));
        }
        writeln!(out, "{}", text.trim_end())?;
        Ok(())
    };
    put(&header.iter().map(|h| (*h).to_string()).collect::<Vec<_>>())?;
    rows.iter().try_for_each(|r| put(r))
}
