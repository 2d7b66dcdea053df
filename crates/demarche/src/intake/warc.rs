//! WARC: the archives that crawlers write (ISO 28500), CC-NEWS among them. Each record of such a file is commonly a
//! gzip member of its own, a file of a gigabyte is usual, and some files are damaged: records are read one by one, and
//! after a broken member or record the reading goes on at the next.

use super::content::{self, Headers};
use super::members::Members;
use std::io::{self, BufRead, BufReader, Read};

/// No page of news is larger; a larger record is passed over.
const LARGEST: u64 = 32 << 20;
/// No header line is longer.
const LONGEST_LINE: u64 = 1 << 16;
/// No record has more header lines.
const MOST_LINES: usize = 1000;

/// A page out of an archive.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Which record of the file, from 1.
    pub record: u64,
    /// Its address.
    pub url: Option<String>,
    /// When it was crawled, as the archive writes it.
    pub crawled: Option<String>,
    /// Its media type, in lower case.
    pub media: Option<String>,
    /// The charset that came with it.
    pub charset: Option<String>,
    /// Its bytes, unwrapped.
    pub body: Vec<u8>,
}

/// What stands at a place of an archive.
#[derive(Debug, PartialEq)]
pub enum Record {
    /// A page.
    Page(Page),
    /// Something that is no page, and why it is passed over: "status 404", "image/png", "revisit".
    PassedOver(String),
    /// Something broken: which record, from 1, and what is wrong.
    Broken(u64, String),
}

/// The records of an archive, in order; warcinfo, request and metadata records are not among them.
pub struct Records<R: BufRead> {
    from: BufReader<Plain<R>>,
    passed: u64,
    /// The reading left the row of records and looks for the next.
    lost: bool,
    over: bool,
}

impl<R: BufRead> Records<R> {
    /// Opens an archive, gzipped or plain.
    pub fn new(mut from: R) -> io::Result<Records<R>> {
        let packed = from.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        let plain = if packed { Plain::Members(Members::new(from)) } else { Plain::Whole(from) };
        Ok(Records { from: BufReader::with_capacity(1 << 16, plain), passed: 0, lost: false, over: false })
    }

    /// How many records were passed so far, pages and others.
    pub fn passed(&self) -> u64 {
        self.passed
    }

    fn line(&mut self) -> io::Result<Vec<u8>> {
        let mut line = Vec::new();
        (&mut self.from).take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        Ok(line)
    }

    /// One record, or what is broken; `None` for one that is passed over in silence.
    fn record(&mut self) -> io::Result<Option<Record>> {
        let line = self.line()?;
        if line.is_empty() {
            self.over = true;
            return Ok(None);
        }
        if !line.starts_with(b"WARC/") {
            let first = !self.lost && !line.trim_ascii().is_empty();
            self.lost |= first;
            return Ok(first.then(|| Record::Broken(self.passed + 1, "no WARC record where one should begin".into())));
        }
        self.lost = false;
        self.passed += 1;
        let mut headers = Headers::default();
        for _ in 0..MOST_LINES {
            let line = self.line()?;
            let line = String::from_utf8_lossy(&line).trim_end().to_string();
            if line.is_empty() {
                break;
            }
            headers.add(&line);
        }
        let Some(length) = headers.get("content-length").and_then(|n| n.parse::<u64>().ok()) else {
            self.lost = true;
            return Ok(Some(Record::Broken(self.passed, "a record without a length".into())));
        };
        let kind = headers.get("warc-type").unwrap_or_default().to_ascii_lowercase();
        let wanted = matches!(kind.as_str(), "response" | "resource" | "conversion");
        if !wanted || length > LARGEST {
            let passed = io::copy(&mut (&mut self.from).take(length), &mut io::sink())?;
            return Ok(if passed < length {
                Some(Record::Broken(self.passed, "the file ends within a record".into()))
            } else if wanted {
                Some(Record::PassedOver(format!("larger than {} MiB", LARGEST >> 20)))
            } else {
                (kind == "revisit").then(|| Record::PassedOver("revisit".into()))
            });
        }
        let mut block = Vec::new();
        (&mut self.from).take(length).read_to_end(&mut block)?;
        if (block.len() as u64) < length {
            return Ok(Some(Record::Broken(self.passed, "the file ends within a record".into())));
        }
        Ok(Some(self.page(&headers, &kind, block)))
    }

    fn page(&self, headers: &Headers, kind: &str, block: Vec<u8>) -> Record {
        let url = headers.get("warc-target-uri").map(|u| u.trim_matches(['<', '>']).to_string());
        let crawled = headers.get("warc-date").map(str::to_string);
        let about = headers.media().unwrap_or_default();
        let (headers, body) = if kind == "response" && (about == "application/http" || about.is_empty()) {
            let (status, rest) = match status(&block) {
                Some(found) => found,
                None => return Record::Broken(self.passed, "no HTTP response in a record that should hold one".into()),
            };
            if status != 200 {
                return Record::PassedOver(format!("status {status}"));
            }
            let (headers, used) = Headers::read(rest);
            let body = rest[used..].to_vec();
            (headers, body)
        } else {
            (headers.clone(), block)
        };
        let media = headers.media();
        if let Some(other) = media.as_deref().filter(|m| !readable(m)) {
            return Record::PassedOver(other.to_string());
        }
        match content::unwrap(&headers, body, LARGEST) {
            Ok(body) if body.trim_ascii().is_empty() => Record::PassedOver("empty".into()),
            Ok(body) => {
                Record::Page(Page { record: self.passed, url, crawled, charset: headers.charset(), media, body })
            }
            Err(what) => Record::Broken(self.passed, what),
        }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        while !self.over {
            match self.record() {
                Ok(Some(record)) => return Some(record),
                Ok(None) => {}
                Err(error) => {
                    self.lost = true;
                    // A broken member is met once, and the next read goes on behind it; any other error would not end.
                    self.over = error.kind() != io::ErrorKind::InvalidData;
                    return Some(Record::Broken(self.passed.max(1), error.to_string()));
                }
            }
        }
        None
    }
}

/// Whether pages of a media type can hold an article.
fn readable(media: &str) -> bool {
    matches!(media, "text/html" | "application/xhtml+xml" | "text/plain" | "application/octet-stream")
}

/// The status of an HTTP response and what follows its first line.
fn status(block: &[u8]) -> Option<(u16, &[u8])> {
    let end = block.iter().position(|&b| b == b'\n')?;
    let line = std::str::from_utf8(&block[..end]).ok().filter(|line| line.starts_with("HTTP/"))?;
    Some((line.split_whitespace().nth(1)?.parse().ok()?, &block[end + 1..]))
}

/// The bytes of the archive, unpacked where it is packed.
enum Plain<R: BufRead> {
    Whole(R),
    Members(Members<R>),
}

impl<R: BufRead> Read for Plain<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Plain::Whole(from) => from.read(buffer),
            Plain::Members(members) => members.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn record(kind: &str, about: &str, block: &[u8]) -> Vec<u8> {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2025-09-02T10:00:00Z\r\nWARC-Target-URI: <https://p.example/{kind}>\r\nContent-Type: {about}\r\nContent-Length: {}\r\n\r\n",
            block.len()
        );
        [head.as_bytes(), block, b"\r\n\r\n"].concat()
    }
    fn response(status: &str, head: &str, body: &[u8]) -> Vec<u8> {
        let block = [format!("HTTP/1.1 {status}\r\n{head}\r\n\r\n").as_bytes(), body].concat();
        record("response", "application/http; msgtype=response", &block)
    }
    fn packed(plain: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(plain).expect("memory takes it");
        packed.finish().expect("memory takes it")
    }
    fn records(bytes: &[u8]) -> Vec<Record> {
        Records::new(BufReader::with_capacity(100, bytes)).expect("memory gives it").collect()
    }
    fn parts() -> Vec<Vec<u8>> {
        vec![
            record("warcinfo", "application/warc-fields", b"software: x\r\n"),
            record("request", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
            response("200 OK", "Content-Type: text/html; charset=windows-1251", b"<html><body>\xcf\xf0</body></html>"),
            response("404 Not Found", "Content-Type: text/html", b"no"),
            response("200 OK", "Content-Type: image/png", b"\x89PNG"),
            record("metadata", "application/warc-fields", b"fetchTimeMs: 1\r\n"),
            response("200 OK", "content-type: TEXT/HTML\r\ntransfer-encoding: chunked\r\ncontent-encoding: gzip", &{
                let body = packed(b"<html><body>Two.</body></html>");
                [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat()
            }),
        ]
    }

    #[test]
    fn pages_are_found_among_the_records_whatever_the_packing() {
        let plain = parts().concat();
        let read = records(&plain);
        let Record::Page(first) = &read[0] else { panic!("{read:?}") };
        assert_eq!((first.record, first.url.as_deref()), (3, Some("https://p.example/response")));
        assert_eq!(
            (first.charset.as_deref(), first.body.as_slice()),
            (Some("windows-1251"), &b"<html><body>\xcf\xf0</body></html>"[..])
        );
        assert_eq!(read[1], Record::PassedOver("status 404".into()));
        assert_eq!(read[2], Record::PassedOver("image/png".into()));
        let Record::Page(last) = &read[3] else { panic!("{read:?}") };
        assert_eq!(last.body, b"<html><body>Two.</body></html>");
        assert_eq!(read.len(), 4);
        let members: Vec<u8> = parts().iter().flat_map(|part| packed(part)).collect();
        assert_eq!(records(&members), read);
        assert_eq!(records(&packed(&plain)), read);
    }

    #[test]
    fn a_broken_member_costs_its_record_alone() {
        let mut members: Vec<Vec<u8>> = parts().iter().map(|part| packed(part)).collect();
        let half = members[3].len() / 2;
        members[3].truncate(half);
        let read = records(&members.concat());
        assert!(matches!(read[1], Record::Broken(..)) && read[2] == Record::PassedOver("image/png".into()), "{read:?}");
        assert_eq!((read.len(), read.iter().filter(|r| matches!(r, Record::Page(_))).count()), (4, 2));
        let mut plain = parts();
        plain[3] = b"WARC/1.0\r\nWARC-Type: response\r\n\r\nlost\r\nwords\r\n".to_vec();
        let read = records(&plain.concat());
        assert_eq!(read[1], Record::Broken(4, "a record without a length".into()));
        assert_eq!(read.iter().filter(|r| matches!(r, Record::Page(_))).count(), 2);
        let cut = parts().concat();
        let read = records(&cut[..cut.len() - 30]);
        assert_eq!(read.last(), Some(&Record::Broken(7, "the file ends within a record".into())));
    }
}
