//! An article reaches us as a crawler, an agency or a person left it: JSON Lines, a web page, plain text,
//! in any charset, perhaps gzipped. This module makes an [`Article`] of it, and says of what it cannot read
//! where it stands and what is wrong.
//!
//! Reading needs no word lists; what lies in the body besides the report (share buttons, captions, a dateline)
//! is found afterwards by [`Article::settle`], which does.

mod blocks;
mod caption;
mod charset;
mod dateline;
mod furniture;
mod html;
mod json;
mod lang;
mod plain;
mod vote;

pub use furniture::{CaptionWords, CreditWords, FurnitureLists, LineWords};
pub use plain::speaker_of_turn;

use crate::timex::{TimeWords, TimexKind};
use demarche_core::{Basis, Caption, Furniture};
use jiff::civil::Date;
use std::fmt;
use std::io::Read;

/// What a file may grow to when it is unpacked: enough for any collection, too little for a trap.
const UNPACKED: u64 = 1 << 30;

/// An article as published. Offsets count in `body`, which is clean: paragraphs with one empty line between.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Article {
    /// The id that came with it.
    pub article_id: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Its title; not part of the body.
    pub title: Option<String>,
    /// Who signs it.
    pub byline: Option<String>,
    /// The words that open the report ("BEIJING, Sept 2 (Reuters)").
    pub dateline: Option<String>,
    /// The day of publication.
    pub published: Option<Date>,
    /// How that day is known.
    pub published_basis: Option<Basis>,
    /// The publisher as given.
    pub publisher: Option<String>,
    /// ISO 639-1 code of the language.
    pub lang: String,
    /// The clean text.
    pub body: String,
    /// Photo captions in the body.
    pub captions: Vec<Caption>,
    /// Stretches of the body that are no part of the report.
    pub furniture: Vec<Furniture>,
}

impl Article {
    /// An article of plain text with nothing around it.
    pub fn from_text(text: &str) -> Article {
        let mut article = Article { body: plain::paragraphs(text), ..Article::default() };
        article.detect_language(None);
        article
    }

    /// An article of markup that holds the report and nothing around it, as feeds carry it.
    pub fn from_fragment(markup: &str) -> Article {
        let mut article = Article { body: blocks::body(&blocks::blocks(markup)), ..Article::default() };
        article.detect_language(None);
        article
    }

    /// Finds furniture, captions and dateline in the body and, where no day of publication came with the article,
    /// takes the dateline's or the latest full date of the text.
    pub fn settle(&mut self, lists: &FurnitureLists, words: &TimeWords) {
        self.captions = caption::find(&self.body, lists, words);
        let found = dateline::find(&self.body, lists);
        self.dateline = found
            .map(|span| self.body[span.range()].trim_end_matches([' ', '-', '–', '—']).to_string())
            .or(self.dateline.take());
        self.furniture = furniture::find(&self.body, lists, &self.captions);
        if let Some(span) = found {
            self.furniture.push(Furniture { span, why: "dateline".into() });
            self.furniture.sort_by_key(|f| f.span);
        }
        if self.published.is_none() {
            let dated = |text: &str, basis| latest_date(text, words).map(|date| (date, basis));
            let line = self.dateline.as_deref().and_then(|line| dated(line, Basis::Dateline));
            if let Some((date, basis)) = line.or_else(|| dated(&self.body, Basis::LatestInText)) {
                self.published = Some(date);
                self.published_basis = Some(basis);
            }
        }
    }

    /// Sets the publication day that came with the article.
    pub fn set_published(&mut self, day: Date) {
        self.published = Some(day);
        self.published_basis = Some(Basis::Stated);
    }

    fn detect_language(&mut self, declared: Option<&str>) {
        self.lang = lang::of(&self.body, declared);
    }
}

/// The latest day that a text gives in full.
fn latest_date(text: &str, words: &TimeWords) -> Option<Date> {
    fn full(kind: &TimexKind) -> Option<Date> {
        match kind {
            TimexKind::Date { year: Some(year), month, day } => Date::new(*year, *month, *day).ok(),
            TimexKind::Range { from, until } => full(until).max(full(from)),
            TimexKind::Bound { of, .. } => full(of),
            _ => None,
        }
    }
    crate::timex::find(text, words).iter().filter_map(|t| full(&t.kind)).max()
}

/// The text of some bytes in any charset; `None` where they are no text. `label` is the charset that came with them,
/// if one did: it is believed only where the bytes are no Unicode.
pub fn decode<'b>(bytes: &'b [u8], label: Option<&str>) -> Option<std::borrow::Cow<'b, str>> {
    charset::decode(bytes, label)
}

/// How the bytes are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON object a line, or one over the whole file.
    Json,
    /// A web page.
    Html,
    /// Plain text, perhaps with `Key: value` lines at its head.
    Text,
}

/// What is known of the bytes besides themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hint<'a> {
    /// The file's name; its ending counts where the content leaves it open.
    pub name: &'a str,
    /// The format, where it is known.
    pub format: Option<Format>,
}

/// Something that could not be read as an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleFault {
    /// The file.
    pub name: String,
    /// The line, from 1, where it is one.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
    /// The article follows all the same (a date that does not exist costs the date alone).
    pub kept: bool,
}

impl fmt::Display for ArticleFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.name, self.what),
            None => write!(f, "{}: {}", self.name, self.what),
        }
    }
}
impl std::error::Error for ArticleFault {}

impl ArticleFault {
    fn new(hint: &Hint<'_>, line: Option<usize>, what: impl Into<String>) -> ArticleFault {
        ArticleFault { name: hint.name.to_string(), line, what: what.into(), kept: false }
    }
}

/// Reads whatever the bytes hold: articles in order, and a fault in the place of each that could not be read.
pub fn read(bytes: &[u8], hint: Hint<'_>) -> Vec<Result<Article, ArticleFault>> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        let read = flate2::read::MultiGzDecoder::new(bytes).take(UNPACKED).read_to_end(&mut unpacked);
        let fault_of = |error| ArticleFault::new(&hint, None, format!("not a sound gzip file: {error}"));
        return match read {
            Err(error) if unpacked.is_empty() => vec![Err(fault_of(error))],
            read => {
                let name = hint.name.strip_suffix(".gz").unwrap_or(hint.name);
                let mut all = read_plain(&unpacked, Hint { name, ..hint });
                all.extend(read.err().map(|error| Err(fault_of(error))));
                all
            }
        };
    }
    read_plain(bytes, hint)
}

fn read_plain(bytes: &[u8], hint: Hint<'_>) -> Vec<Result<Article, ArticleFault>> {
    let fault = |what: &str| vec![Err(ArticleFault::new(&hint, None, what))];
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return fault("empty");
    }
    let Some(text) = charset::decode(bytes, None) else {
        return fault("not text");
    };
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return fault("empty");
    }
    match hint.format.unwrap_or_else(|| format_of(text, hint.name)) {
        Format::Json => json::read(text, &hint),
        Format::Html => {
            vec![html::read(text).ok_or_else(|| ArticleFault::new(&hint, None, "no article text found in the page"))]
        }
        Format::Text => plain::read(text, &hint),
    }
}

/// Content first, the name where the content leaves it open.
fn format_of(text: &str, name: &str) -> Format {
    let name = name.to_ascii_lowercase();
    let named = |endings: &[&str]| endings.iter().any(|e| name.ends_with(e));
    let start = text.trim_start();
    let head: String = start.chars().take(1024).collect::<String>().to_ascii_lowercase();
    if head.starts_with('{') || head.starts_with('[') && named(&[".json", ".jsonl", ".ndjson"]) {
        return Format::Json;
    }
    if head.starts_with("[{") || named(&[".json", ".jsonl", ".ndjson"]) && !head.starts_with('<') {
        return Format::Json;
    }
    let page = ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| head.contains(tag));
    let tags = head.starts_with('<')
        && ["<p", "<div", "<article", "<?xml", "<!--", "<meta", "<title"].iter().any(|t| head.contains(t));
    if page && head.starts_with('<') || tags || named(&[".html", ".htm", ".xhtml"]) {
        Format::Html
    } else {
        Format::Text
    }
}

/// A day as publishers write it: an ISO date with or without a time, `20250902`, an RFC 2822 date, seconds since 1970.
pub fn parse_day(text: &str) -> Option<Date> {
    let text = text.trim();
    let digits = |from: usize, to: usize| {
        text.get(from..to).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?.parse::<i16>().ok()
    };
    let date = |y: i16, m: i16, d: i16| Date::new(y, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok();
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && matches!(bytes[4], b'-' | b'/' | b'.') && bytes[7] == bytes[4] {
        let ends = bytes.get(10).is_none_or(|b| matches!(b, b'T' | b't' | b' ' | b'Z' | b'+'));
        return ends.then(|| date(digits(0, 4)?, digits(5, 7)?, digits(8, 10)?))?;
    }
    if bytes.len() == 8 {
        return date(digits(0, 4)?, digits(4, 6)?, digits(6, 8)?);
    }
    if let Ok(number) = text.parse::<i64>() {
        let seconds = if number.abs() > 100_000_000_000 { number / 1000 } else { number };
        let time = jiff::Timestamp::from_second(seconds).ok()?;
        return (bytes.len() >= 9).then(|| time.to_zoned(jiff::tz::TimeZone::UTC).date());
    }
    jiff::fmt::rfc2822::DateTimeParser::new().parse_zoned(text).ok().map(|zoned| zoned.date())
}

/// A text field; blank is absent.
fn given(text: &str) -> Option<String> {
    let line = crate::clean::one_line(text);
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use std::io::Write;

    fn one(bytes: &[u8]) -> Article {
        let mut all = read(bytes, Hint::default());
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0).expect("it can be read")
    }

    fn settled(text: &str) -> Article {
        let mut article = Article::from_text(text);
        let language = Language::for_tests();
        article.settle(&language.furniture, &language.time);
        article
    }

    const NEWS: &str = "Title: A caf\u{e9} in Arnor\nDate: 2025-09-02\n\nThe d\u{e9}l\u{e9}gation met in the caf\u{e9} on Monday. It was the first meeting of the year.\n";

    #[test]
    fn any_charset_reads_the_same() {
        let plain = one(NEWS.as_bytes());
        assert_eq!(plain.title.as_deref(), Some("A café in Arnor"));
        assert_eq!(plain.published, Some(jiff::civil::date(2025, 9, 2)));
        let latin: Vec<u8> = NEWS.chars().map(|c| c as u8).collect();
        let utf16 = |bytes: fn(u16) -> [u8; 2]| NEWS.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let marked = [&[0xff, 0xfe][..], &utf16(u16::to_le_bytes)].concat();
        for bytes in [
            latin,
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            marked,
            [&[0xef, 0xbb, 0xbf], NEWS.as_bytes()].concat(),
        ] {
            assert_eq!(one(&bytes), plain);
        }
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(NEWS.as_bytes()).expect("memory takes it");
        assert_eq!(one(&packed.finish().expect("memory takes it")), plain);
    }

    #[test]
    fn what_is_no_article_says_why() {
        let what = |bytes: &[u8]| read(bytes, Hint::default()).remove(0).expect_err("no article").what;
        assert_eq!(what(b""), "empty");
        assert_eq!(what(b" \n\t\n"), "empty");
        let mut state = 9u32;
        let noise: Vec<u8> = (0..5000)
            .map(|_| {
                state = state.wrapping_mul(1664525).wrapping_add(1013904223);
                (state >> 24) as u8
            })
            .collect();
        assert_eq!(what(&noise), "not text");
    }

    #[test]
    fn a_broken_line_costs_that_line() {
        let lines = concat!(
            "{\"id\":\"a\",\"text\":\"One.\",\"published\":\"2025-09-02T10:00:00Z\"}\n{broken\n\n",
            "{\"id\":7,\"paragraphs\":[\"Two.\",\"Three.\"],\"date\":\"2025-02-30\"}\n[1]\n{\"title\":\"x\"}"
        );
        let all = read(lines.as_bytes(), Hint { name: "f.jsonl", format: None });
        let articles: Vec<&Article> = all.iter().flatten().collect();
        assert_eq!(articles.len(), 2);
        assert_eq!(articles[0].published, Some(jiff::civil::date(2025, 9, 2)));
        assert_eq!(
            (articles[1].article_id.as_deref(), articles[1].body.as_str(), articles[1].published),
            (Some("7"), "Two.\n\nThree.", None)
        );
        let faults: Vec<(Option<usize>, bool)> =
            all.iter().filter_map(|r| r.as_ref().err()).map(|f| (f.line, f.kept)).collect();
        assert_eq!(faults, [(Some(2), false), (Some(4), true), (Some(5), false), (Some(6), false)]);
    }

    #[test]
    fn a_page_gives_its_report_and_what_it_says_of_itself() {
        let filler = "The ministers of Arnor and Gondor met in the old palace and agreed on a new border treaty after long talks. ".repeat(4);
        let page = format!(
            "<!doctype html><html lang=en><head><title>Treaty signed</title><meta property=\"og:title\" content=\"Treaty signed\">\
             <meta property=\"og:site_name\" content=\"The Herald\"><meta property=\"article:published_time\" content=\"2025-09-02T08:00:00Z\">\
             </head><body><nav><a href=/>Home</a><a href=/world>World</a></nav><article><h1>Treaty signed</h1><p>{filler}</p><p>{filler}</p></article>\
             <footer>All rights reserved</footer></body></html>"
        );
        let article = one(page.as_bytes());
        assert_eq!(article.title.as_deref(), Some("Treaty signed"));
        assert_eq!(article.publisher.as_deref(), Some("The Herald"));
        assert_eq!(article.published, Some(jiff::civil::date(2025, 9, 2)));
        assert!(article.body.starts_with("The ministers") && !article.body.contains("reserved"), "{}", article.body);
        assert_eq!(article.body.matches("\n\n").count(), 1);
    }

    #[test]
    fn deep_and_broken_pages_are_read() {
        let deep = format!("<html><body>{}A report.{}", "<div>".repeat(100_000), "</div>".repeat(100_000));
        assert_eq!(one(deep.as_bytes()).body, "A report.");
        for page in ["<html><body><p>A report", "<html><!-- never closed", "<html><p>&#xFFFFFFFF;&amp x", "<html><"] {
            read(page.as_bytes(), Hint::default());
        }
    }

    /// As many tags as go to the extractors, and far more: each page is read within a bound that only a cost that
    /// grows faster than the page could break.
    #[test]
    fn hostile_markup_ends_soon() {
        for piece in [
            "<p>Gondor and Arnor met.</p>",
            "<div><a href=/x>More</a></div>",
            "<table><tr><td>1</td></tr></table>",
            "<p><b>a<i>b</b>c</i>",
            "<br>",
            "<li>x",
            "<script>if(a<b){}</script>",
            "</div>",
        ] {
            for size in [300_000, 5 << 20] {
                let page = format!("<html><body>{}", piece.repeat(size / piece.len()));
                let begun = std::time::Instant::now();
                read(page.as_bytes(), Hint::default());
                let seconds = begun.elapsed().as_secs();
                assert!(seconds < 30, "{piece} {size}: {seconds} s");
            }
        }
    }

    #[test]
    fn furniture_captions_and_dateline_are_told_apart() {
        let text = "Share this article\n\nMINAS TIRITH, Sept 2 (Reuters) - Gondor recalled its envoy from Arnor on Tuesday, officials said.\n\n\
            Steward Denethor greets Elessar of Arnor at the White Tower, in Minas Tirith, Gondor, March 3, 2020. (Herald via REUTERS)\n\n\
            The envoy had served since 2019.\n\nSign up for our newsletter\n\nReporting by A. B.; Editing by C. D.";
        let article = settled(text);
        let shown = |span: demarche_core::Span| &article.body[span.range()];
        assert_eq!(article.dateline.as_deref(), Some("MINAS TIRITH, Sept 2 (Reuters)"));
        assert_eq!(article.captions.len(), 1);
        assert!(shown(article.captions[0].span).starts_with("Steward"));
        assert_eq!(article.captions[0].credit.as_deref(), Some("Herald via REUTERS"));
        let marked: Vec<&str> = article.furniture.iter().map(|f| shown(f.span)).collect();
        assert_eq!(marked.len(), 4, "{marked:?}");
        assert!(marked[1].starts_with("MINAS TIRITH") && marked[1].ends_with("- "));
        assert_eq!(
            (article.published, article.published_basis),
            (Some(jiff::civil::date(2020, 3, 3)), Some(Basis::LatestInText))
        );
    }

    #[test]
    fn lines_that_were_ended_on_purpose_are_paragraphs() {
        let lines = |text: &str| plain::paragraphs(text).split("\n\n").map(str::to_string).collect::<Vec<_>>();
        for apart in [
            "Mordor shells Edoras\nElessar, Theoden to meet in Minas Tirith\nGondor rejects demand",
            "Q: Will you attack Mordor and all of its allies?\nTHE PRESIDENT: We will see what happens.",
            "State | Attacks | Killed\nGondor | 23 | 114\nMordor | 12 | 45",
            "- Mordor shelled Edoras on Tuesday\n- Gondor condemned Umbar for it",
        ] {
            assert_eq!(lines(apart).len(), apart.lines().count(), "{:?}", lines(apart));
        }
        for prose in [
            "The envoys of Gondor met those of Mordor at\nthe border on Tuesday.",
            "THE ENVOYS OF GONDOR MET THOSE OF MORDOR AT\nEDORAS ON TUESDAY AND SPOKE OF THE SHELLING\nTHERE.",
            "THE ENVOYS OF GONDOR\nMET THOSE OF MORDOR AT\nEDORAS ON TUESDAY AND\nSPOKE OF THE SHELLING\nTHERE, BUT NOT OF THE\nPRISONERS.",
        ] {
            assert_eq!(lines(prose).len(), 1, "{:?}", lines(prose));
        }
    }

    #[test]
    fn what_is_no_report_is_marked() {
        let marked = |text: &str| settled(text).furniture.into_iter().map(|f| f.why).collect::<Vec<_>>();
        assert_eq!(marked("State | Attacks | Killed\nGondor | 23 | 114"), ["table", "table"]);
        let song = "O Rohan, thou hast marched upon the field,\nAnd Gondor fell before thy sword so bright;\n\
            The king of Umbar threatened from afar,\nAnd winter killed them in the night.";
        assert_eq!(marked(song), ["verse"; 4]);
        assert_eq!(marked("Tbe arrny sbelled Ed0ras 0n M0nday, kil1ing tbree."), ["unreadable"]);
        assert!(marked("In 1950, on 2 March, 114 died.\n\nThe 5th and 7th fell at 9am.").is_empty());
    }

    #[test]
    fn a_report_is_no_caption() {
        for text in [
            "The minister told Reuters that talks would resume. He spoke to AFP.",
            "Gondor meets Arnor on Monday.",
            "The group founded the European Policy Alliance (EPA)",
            "Watch out, says Elessar.",
        ] {
            let article = settled(text);
            assert!(article.captions.is_empty() && article.furniture.is_empty(), "{article:?}");
        }
    }

    #[test]
    fn languages_are_told() {
        assert_eq!(Article::from_text("Президент встретился с председателем во вторник.").lang, "ru");
        assert_eq!(Article::from_text("Xi met Putin.").lang, "en");
        let french = "Le président de la République a rencontré le chancelier allemand mardi pour parler de la défense européenne et de la guerre, selon son entourage, qui n’a rien dit de plus.";
        assert_eq!(Article::from_text(french).lang, "fr");
    }

    /// Ten megabytes on one line take a moment, not minutes; any bytes at all are read or refused.
    #[test]
    fn long_lines_and_odd_bytes() {
        for text in ["Putin met Xi on Tuesday. ", ".", "Home\n", "a\u{301}", "- ", "("] {
            assert_eq!(settled(&text.repeat(2_000_000 / text.len())).captions.len(), 0);
        }
        for c in ["<", "{", "[", "(", "a", "&", "é", "- "] {
            let article = read(c.repeat(1_000_000 / c.len()).as_bytes(), Hint::default());
            assert_eq!(article.len(), 1);
        }
        let mut state = 3u64;
        for length in 0..400 {
            let bytes: Vec<u8> = (0..length)
                .map(|_| {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    let byte = (state >> 56) as u8;
                    if state & 1 == 0 { b"<p>{}[]\":,\n -\x1f\x8b"[usize::from(byte) % 15] } else { byte }
                })
                .collect();
            for format in [None, Some(Format::Json), Some(Format::Html), Some(Format::Text)] {
                for mut article in read(&bytes, Hint { name: "x", format }).into_iter().flatten() {
                    let language = Language::for_tests();
                    article.settle(&language.furniture, &language.time);
                }
            }
        }
    }
}
