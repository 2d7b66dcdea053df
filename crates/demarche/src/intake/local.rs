//! Files as a source: JSON Lines one line at a time and WARC one record at a time, so that memory does not grow with an
//! archive; everything else whole. A feed kept as a file is read as it is: nothing is fetched for it.

use super::archive::Archive;
use super::feed;
use super::source::{Found, Item, Marks, Source};
use super::warc::Records;
use demarche_store::Mark;
use demarche_text::article::{self, ArticleFault, Format, Hint};
use flate2::read::MultiGzDecoder;
use jiff::civil::Date;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// How much of each end of a file tells whether it is still the same.
const ENDS: u64 = 1 << 16;

/// A file or standard input (`-`) as a source; `published` stands over whatever the articles say.
pub fn file(path: PathBuf, published: Option<Date>, marks: Marks) -> Source {
    let place = if path.as_os_str() == "-" { "standard input".to_string() } else { place_of(&path) };
    let opened = if path.as_os_str() == "-" { open(std::io::stdin()) } else { File::open(&path).and_then(open) };
    let fault = |what: String| -> Source {
        let place = place.clone();
        Box::new(std::iter::once(Item::Fault { place, what }))
    };
    let mut reader = match opened {
        Ok(reader) => reader,
        Err(error) => return fault(format!("{}: {error}", path.display())),
    };
    let fingerprint = fingerprint(&path).ok();
    let mark = Mark { place: place.clone(), kind: "file".to_string(), fingerprint, ..Mark::default() };
    let before = marks.get(&place).filter(|m| m.fingerprint.is_some() && m.fingerprint == mark.fingerprint);
    if before.is_some_and(|m| m.done) {
        return Box::new(std::iter::once(Item::Passed { place, why: "file taken before".to_string() }));
    }
    let done = before.map_or(0, |m| m.position);
    let name = path.display().to_string();
    let name = if name == "-" { place.clone() } else { name };
    if reader.fill_buf().is_ok_and(|head| head.starts_with(b"WARC/")) {
        // The reader of archives unpacks by itself: it goes on behind a broken member.
        let packed = File::open(&path).map(|file| Box::new(BufReader::with_capacity(1 << 16, file)) as Reader);
        let mark = Mark { kind: "warc".to_string(), ..mark };
        return match Records::new(packed.unwrap_or(reader)) {
            Ok(records) => Box::new(Archive::new(records, name, mark, done)),
            Err(error) => fault(format!("{name}: {error}")),
        };
    }
    match articles(reader, name.clone()) {
        Err(error) => fault(format!("{name}: {error}")),
        Ok(articles) => Box::new(Steps { articles, published, mark, skip: done, held: None, over: false }),
    }
}

/// A file's full path: the same file is the same source from wherever it is named.
fn place_of(path: &Path) -> String {
    path.canonicalize().unwrap_or_else(|_| path.to_path_buf()).display().to_string()
}

/// The size of a file and a hash of both its ends.
pub(crate) fn fingerprint(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut ends = Vec::new();
    (&mut file).take(ENDS).read_to_end(&mut ends)?;
    if size > 2 * ENDS {
        file.seek(SeekFrom::End(-(ENDS as i64)))?;
    }
    file.take(ENDS).read_to_end(&mut ends)?;
    // Bytes as letters: the hash of the project is one of texts.
    let letters: String = ends.iter().map(|&b| char::from(b)).collect();
    Ok(format!("{size}-{}", demarche_core::stable_hash(&[&letters])))
}

type Reader = Box<dyn BufRead + Send>;

fn open(file: impl Read + Send + 'static) -> std::io::Result<Reader> {
    let mut file = BufReader::with_capacity(1 << 16, file);
    if file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
        return Ok(Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(file))));
    }
    Ok(Box::new(file))
}

type Articles = Box<dyn Iterator<Item = Result<demarche_text::Article, ArticleFault>> + Send>;

/// What a reader holds. JSON Lines are told by a first line that is an object by itself.
fn articles(mut reader: Reader, name: String) -> std::io::Result<Articles> {
    let mut head = Vec::new();
    loop {
        let before = head.len();
        (&mut reader).take(LONGEST).read_until(b'\n', &mut head)?;
        let line = &head[before..];
        if line.is_empty() || !line.iter().all(u8::is_ascii_whitespace) {
            let object = serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).is_ok();
            // A feed in JSON is an object, too, and holds its items within.
            let feed = line.windows(20).any(|part| part == b"jsonfeed.org/version");
            if object && !feed && line.ends_with(b"\n") {
                let number = head.split(|&b| b == b'\n').count() - 2;
                let line = line.to_vec();
                return Ok(Box::new(Lines { reader, name, number, first: Some(line), waiting: Vec::new() }));
            }
            break;
        }
    }
    reader.take(LONGEST).read_to_end(&mut head)?;
    if let Some(feed) = feed::read(&head, None) {
        return Ok(Box::new(items(&feed, &name).into_iter()));
    }
    let all = article::read(&head, Hint { name: name.trim_end_matches(".gz"), format: None });
    Ok(Box::new(all.into_iter().map(move |one| {
        one.map_err(|mut fault| {
            fault.name.clone_from(&name);
            fault
        })
    })))
}

/// The items of a feed, and what is wrong with it at the end.
fn items(feed: &feed::Feed, name: &str) -> Vec<Result<demarche_text::Article, ArticleFault>> {
    let fault = |what: String| ArticleFault { name: name.to_string(), line: None, what, kept: false };
    let one = |(n, item): (usize, &feed::Item)| {
        let article = item.article(feed);
        if article.body.is_empty() { Err(fault(format!("item {}: no text", n + 1))) } else { Ok(article) }
    };
    let items = feed.items.iter().enumerate().map(one);
    items.chain(feed.broken.clone().map(|what| Err(fault(what)))).collect()
}

/// No article is longer: what a packed file may grow to, or one line of an archive.
const LONGEST: u64 = 1 << 30;

struct Lines {
    reader: Reader,
    name: String,
    /// Lines read before the next.
    number: usize,
    first: Option<Vec<u8>>,
    /// What the last line held besides its first result, last first.
    waiting: Vec<Result<demarche_text::Article, ArticleFault>>,
}

impl Iterator for Lines {
    type Item = Result<demarche_text::Article, ArticleFault>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(waiting) = self.waiting.pop() {
                return Some(waiting);
            }
            let mut line = self.first.take().unwrap_or_default();
            if line.is_empty() {
                match (&mut self.reader).take(LONGEST).read_until(b'\n', &mut line) {
                    Ok(0) => return None,
                    Ok(_) => {}
                    Err(error) => {
                        self.reader = Box::new(std::io::empty());
                        let line = Some(self.number + 1);
                        let what = format!("cannot be read any further: {error}");
                        return Some(Err(ArticleFault { name: self.name.clone(), line, what, kept: false }));
                    }
                }
            }
            self.number += 1;
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            self.waiting = article::read(&line, Hint { name: &self.name, format: Some(Format::Json) });
            for result in &mut self.waiting {
                if let Err(fault) = result {
                    fault.line = Some(self.number);
                }
            }
            self.waiting.reverse();
        }
    }
}

/// Articles, each followed by the mark of how far the file is read.
struct Steps {
    articles: Articles,
    published: Option<Date>,
    mark: Mark,
    /// Items that an earlier run has done.
    skip: u64,
    held: Option<Item>,
    over: bool,
}

impl Iterator for Steps {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        if let Some(item) = self.held.take() {
            return Some(item);
        }
        loop {
            let place = self.mark.place.clone();
            let item = match self.articles.next() {
                None if self.over || self.mark.fingerprint.is_none() => return None,
                None => {
                    self.over = true;
                    self.mark.done = true;
                    return Some(Item::Mark(Box::new(self.mark.clone())));
                }
                Some(Ok(mut article)) => {
                    if let Some(day) = self.published {
                        article.set_published(day);
                    }
                    Item::Article(Box::new(Found { article, place }))
                }
                Some(Err(fault)) => Item::Fault { place, what: fault.to_string() },
            };
            self.mark.position += 1;
            if self.mark.position > self.skip {
                // What cannot be told again cannot be gone on with.
                let lasting = self.mark.fingerprint.is_some();
                self.held = lasting.then(|| Item::Mark(Box::new(self.mark.clone())));
                return Some(item);
            }
        }
    }
}
