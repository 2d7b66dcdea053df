//! What HTTP wraps around a page: chunks, compression, and the header lines that say so.

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// Header lines as they came, names in any case.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Headers(Vec<(String, String)>);

impl Headers {
    /// Reads `Name: value` lines up to an empty one; a line that begins with a space goes on with the one before.
    /// Gives the headers and how many bytes they took.
    pub(super) fn read(bytes: &[u8]) -> (Headers, usize) {
        let mut headers = Headers::default();
        let mut at = 0;
        while at < bytes.len() {
            let end = bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |n| at + n + 1);
            let line = String::from_utf8_lossy(&bytes[at..end]).trim_end().to_string();
            at = end;
            if line.is_empty() {
                break;
            }
            headers.add(&line);
        }
        (headers, at)
    }

    /// Adds one line.
    pub(super) fn add(&mut self, line: &str) {
        match line.split_once(':') {
            _ if line.starts_with([' ', '\t']) => {
                if let Some((_, value)) = self.0.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            }
            Some((name, value)) => self.0.push((name.trim().to_ascii_lowercase(), value.trim().to_string())),
            None => {}
        }
    }

    /// The first value of a name in lower case; blank is absent.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The media type without its parameters, in lower case.
    pub(super) fn media(&self) -> Option<String> {
        self.get("content-type").map(|t| t.split(';').next().unwrap_or_default().trim().to_ascii_lowercase())
    }

    /// The charset that the content type declares.
    pub(super) fn charset(&self) -> Option<String> {
        let mut parts = self.get("content-type")?.split(';').skip(1);
        parts.find_map(|part| {
            let (key, value) = part.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']);
            (key.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_string())
        })
    }
}

/// A body as the publisher wrote it: chunks joined, compression undone, no larger than `limit`.
///
/// Archives often keep the headers of the transfer over a body that was unwrapped already, so a body is unwrapped
/// only where it shows that it is wrapped.
pub(super) fn unwrap(headers: &Headers, body: Vec<u8>, limit: u64) -> Result<Vec<u8>, String> {
    let chunked = headers.get("transfer-encoding").is_some_and(|t| t.to_ascii_lowercase().contains("chunked"));
    let mut body = match dechunk(&body) {
        Some(joined) if chunked => joined,
        _ => body,
    };
    let codings = headers.get("content-encoding").unwrap_or_default().to_ascii_lowercase();
    for coding in codings.split(',').map(str::trim).rev() {
        let mut plain = Vec::new();
        let read = match coding {
            "" | "identity" => continue,
            "gzip" | "x-gzip" if body.starts_with(&[0x1f, 0x8b]) => {
                MultiGzDecoder::new(&body[..]).take(limit + 1).read_to_end(&mut plain)
            }
            "gzip" | "x-gzip" => continue,
            "deflate" if body.first().is_some_and(|b| b & 0xf == 8) => {
                ZlibDecoder::new(&body[..]).take(limit + 1).read_to_end(&mut plain)
            }
            "deflate" => DeflateDecoder::new(&body[..]).take(limit + 1).read_to_end(&mut plain),
            // An archive that names Brotli over a page in clear has unwrapped it.
            _ if body.trim_ascii_start().starts_with(b"<") => continue,
            other => return Err(format!("content encoding {other:?} is not read")),
        };
        match read {
            // A cut page is better than none.
            Err(error) if plain.is_empty() => return Err(format!("broken {coding}: {error}")),
            _ => body = plain,
        }
    }
    if body.len() as u64 > limit { Err(format!("larger than {limit} bytes when unpacked")) } else { Ok(body) }
}

/// Unpacks what is packed by itself and not for the transfer: a sitemap kept as `.xml.gz`.
pub(super) fn gunzip(bytes: &[u8], limit: u64) -> Result<Vec<u8>, String> {
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(limit + 1).read_to_end(&mut plain);
    match read {
        Err(error) => Err(format!("not a sound gzip file: {error}")),
        Ok(_) if plain.len() as u64 > limit => Err(format!("larger than {limit} bytes when unpacked")),
        Ok(_) => Ok(plain),
    }
}

/// The chunks of a chunked body joined; `None` where the bytes are no row of chunks.
fn dechunk(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut joined = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    loop {
        let end = rest.iter().take(64).position(|&b| b == b'\n')?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(joined);
        }
        joined.extend_from_slice(rest.get(..size)?);
        rest = &rest[size..];
        rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        // A body that was cut off ends here.
        rest = match rest.strip_prefix(b"\n") {
            Some(rest) => rest,
            None if rest.is_empty() => return Some(joined),
            None => return None,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn bodies_are_unwrapped_where_they_are_wrapped() {
        let lines = b"Content-Type: text/html;\r\n charset=\"windows-1251\"\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\nrest";
        let (headers, used) = Headers::read(lines);
        assert_eq!(
            (&lines[used..], headers.media().as_deref(), headers.charset().as_deref()),
            (&b"rest"[..], Some("text/html"), Some("windows-1251"))
        );
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(b"<p>A report of the talks.</p>").expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        let (a, b) = packed.split_at(11);
        let mut chunked = Vec::new();
        for part in [a, b, b""] {
            chunked.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
            chunked.extend_from_slice(part);
            chunked.extend_from_slice(b"\r\n");
        }
        for body in [chunked, packed.clone(), b"<p>A report of the talks.</p>".to_vec()] {
            assert_eq!(unwrap(&headers, body, 1000).as_deref(), Ok(&b"<p>A report of the talks.</p>"[..]));
        }
        assert!(unwrap(&headers, packed, 10).is_err());
    }
}
