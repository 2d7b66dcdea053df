//! A WARC file as a source: its pages as articles, with the number of the record as the mark to go on from.

use super::source::{Found, Item};
use super::warc::{Page, Record, Records};
use demarche_store::Mark;
use demarche_text::article::{self, Article, Format, Hint};
use std::collections::VecDeque;
use std::io::BufRead;

/// The pages of an archive, each followed by the mark of how far it is read.
pub struct Archive<R: BufRead> {
    records: Records<R>,
    name: String,
    mark: Mark,
    /// Records that an earlier run has done.
    skip: u64,
    held: VecDeque<Item>,
    over: bool,
}

impl<R: BufRead> Archive<R> {
    /// An archive called `name`; `mark` is what to remember of it, and `skip` how many records were done before.
    pub fn new(records: Records<R>, name: String, mark: Mark, skip: u64) -> Archive<R> {
        Archive { records, name, mark, skip, held: VecDeque::new(), over: false }
    }

    fn item(&self, record: Record) -> Item {
        let place = self.mark.place.clone();
        match record {
            Record::Page(page) => match read(&page) {
                Some(article) => Item::Article(Box::new(Found { article, place })),
                None => Item::Passed { place, why: "no article text found in the page".to_string() },
            },
            Record::PassedOver(why) => Item::Passed { place, why },
            Record::Broken(record, what) => {
                Item::Fault { place, what: format!("{}: record {record}: {what}", self.name) }
            }
        }
    }
}

impl<R: BufRead> Iterator for Archive<R> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.held.pop_front() {
                return Some(item);
            }
            if self.over {
                return None;
            }
            // What cannot be told again cannot be gone on with.
            let lasting = self.mark.fingerprint.is_some();
            match self.records.next() {
                Some(record) => {
                    if self.records.passed() <= self.skip {
                        continue;
                    }
                    self.mark.position = self.records.passed();
                    self.held.push_back(self.item(record));
                }
                None => {
                    self.over = true;
                    self.mark.done = true;
                }
            }
            if lasting {
                self.held.push_back(Item::Mark(Box::new(self.mark.clone())));
            }
        }
    }
}

/// The article in an archived page. Its address is the one that it was fetched from, whatever the page says of itself.
fn read(page: &Page) -> Option<Article> {
    let text = article::decode(&page.body, page.charset.as_deref())?;
    let format = match page.media.as_deref() {
        Some("text/html" | "application/xhtml+xml") => Some(Format::Html),
        Some("text/plain") => Some(Format::Text),
        _ => None,
    };
    let mut found = article::read(text.as_bytes(), Hint { format, ..Hint::default() });
    let mut article = found.pop()?.ok()?;
    article.url = page.url.clone().or(article.url);
    Some(article)
}
