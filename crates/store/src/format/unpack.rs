//! Files as data sets ship them: plain, gzipped, or a zip with one table in it.

use crate::Error;
use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

const BUFFER: usize = 1 << 18;

/// The bytes of a file, unpacked; `-` is standard input.
pub(super) fn open(path: &Path) -> Result<Box<dyn BufRead + Send>, Error> {
    let raw: Box<dyn Read + Send> = if path.as_os_str() == "-" {
        Box::new(std::io::stdin())
    } else {
        Box::new(std::fs::File::open(path).map_err(|error| Error::io(path, error))?)
    };
    let mut bytes = BufReader::with_capacity(BUFFER, raw);
    let head = bytes.fill_buf().map_err(|error| Error::io(path, error))?;
    if head.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(bytes))));
    }
    if head.starts_with(b"PK\x03\x04") {
        return zipped(bytes).map_err(|error| Error::io(path, error));
    }
    Ok(Box::new(bytes))
}

/// The first file of a zip. Its local header is enough: what stands behind the first file is never read.
fn zipped(mut bytes: BufReader<Box<dyn Read + Send>>) -> std::io::Result<Box<dyn BufRead + Send>> {
    let mut header = [0; 30];
    bytes.read_exact(&mut header)?;
    let number = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
    let size = u32::from_le_bytes([header[18], header[19], header[20], header[21]]);
    let mut names = vec![0; usize::from(number(26)) + usize::from(number(28))];
    bytes.read_exact(&mut names)?;
    match number(8) {
        0 => Ok(Box::new(BufReader::new(bytes.take(u64::from(size))))),
        8 => Ok(Box::new(BufReader::with_capacity(BUFFER, DeflateDecoder::new(bytes)))),
        other => Err(std::io::Error::other(format!("a zip packed by method {other}; unpack it first"))),
    }
}

/// How messages call a file.
pub(super) fn name(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() }
}
