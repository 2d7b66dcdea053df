//! When an event happened: from the clause, then the sentence, the paragraph, and the day of publication (or of the
//! dateline, where the article has no other).
//!
//! Each look goes back a bounded way in the text, so that the cost of a long one stays linear.

use crate::Coder;
use crate::factuality::tense_of;
use crate::occasion::{BASIS, occasion_at, occasions};
use crate::resolve::Resolver;
use crate::when::Teller;
use crate::words::Words;
use demarche_core::{Basis, Interval, Modality, Precision, Scope, SentenceIx, Span, Tense, When};
use demarche_text::{Document, Sentence, SentenceKind, TimexKind, Token, Upos};

/// So many times before a sentence may give what its own count from.
const TIMES_BACK: usize = 8;
/// So many sentences back a paragraph may have told the time.
const SENTENCES_BACK: u32 = 3;
/// So many characters of a line may stand before the day of a dateline.
const DATELINE: usize = 60;
/// So many words of a phrase are looked at for the name of a happening.
const PHRASE: usize = 8;

/// The day by which relative times count, and how it is known.
pub(crate) fn anchor(doc: &Document) -> Option<(jiff::civil::Date, Basis)> {
    doc.meta.published.map(|day| (day, doc.meta.published_basis.unwrap_or(Basis::Stated)))
}

/// The latest full date that the text itself names, for articles that come without one.
pub fn latest_date(doc: &Document) -> Option<jiff::civil::Date> {
    doc.timexes
        .iter()
        .filter_map(|t| match t.kind {
            TimexKind::Date { year: Some(year), month, day } => jiff::civil::Date::new(year, month, day).ok(),
            _ => None,
        })
        .max()
}

/// The line that opens a report, and its day: "GENEVA, March 3 (Reuters) —".
pub(crate) struct Dateline {
    /// The words of the date.
    span: Span,
    day: jiff::civil::Date,
}

/// Every dateline that gives a day, the article's own and those of reports below it.
pub(crate) fn datelines(doc: &Document) -> Vec<Dateline> {
    let mut found = Vec::new();
    for timex in doc.timexes.iter().filter(|t| matches!(t.kind, TimexKind::Date { .. })) {
        let (before, after) = (&doc.text[..timex.span.start as usize], &doc.text[timex.span.end as usize..]);
        let far = before.char_indices().rev().take(DATELINE).find(|&(_, c)| c == '\n').map(|(at, _)| at + 1);
        let Some(start) = far.or((before.chars().take(DATELINE + 1).count() <= DATELINE).then_some(0)) else {
            continue;
        };
        let place = before[start..].split(',').next().unwrap_or_default();
        let after = after.trim_start();
        let after = after.strip_prefix('(').and_then(|agency| agency.split_once(')')).map_or(after, |(_, rest)| rest);
        let opens = ["—", "–", "- ", "-- "].iter().any(|dash| after.trim_start().starts_with(dash));
        let capitals =
            place.chars().filter(|c| c.is_uppercase()).count() >= 3 && !place.chars().any(char::is_lowercase);
        if !opens || !capitals {
            continue;
        }
        let days = Teller::new(doc.meta.published).next(&timex.kind, Some(true));
        if let Some(day) = days.and_then(|(interval, ..)| interval.from) {
            found.push(Dateline { span: timex.span, day });
        }
    }
    found
}

/// A time in a sentence, with the word by which it hangs in the tree.
struct Dated<'d> {
    head: Option<Token<'d>>,
    when: When,
}

/// The times of a sentence, seen with a tense.
fn times_of<'d>(resolver: &Resolver<'d>, sentence: Sentence<'d>, past: Option<bool>) -> Vec<Dated<'d>> {
    let doc = resolver.doc;
    let span = sentence.span();
    let first = doc.timexes.partition_point(|t| t.span.start < span.start);
    if doc.timexes.get(first).is_none_or(|t| t.span.start >= span.end) {
        return Vec::new();
    }
    let mut teller = Teller::new(doc.meta.published);
    let mut here = None;
    let mut found = Vec::new();
    for timex in doc.timexes[first.saturating_sub(TIMES_BACK)..].iter().take_while(|t| t.span.start < span.end) {
        let ix = doc.sentence_at(timex.span.start).map(Sentence::ix);
        if here != Some(ix) {
            teller.sentence();
            here = Some(ix);
        }
        let own = span.contains(timex.span);
        let Some((interval, precision, basis)) = teller.next(&timex.kind, if own { past } else { None }) else {
            continue;
        };
        if own && !resolver.datelines.iter().any(|line| line.span == timex.span) {
            let head = top(doc, timex.span);
            found.push(Dated { head, when: When { interval, precision, basis, scope: Scope::Sentence } });
        }
    }
    found
}

/// The word of a span that hangs from one outside it.
fn top(doc: &Document, span: Span) -> Option<Token<'_>> {
    doc.tokens_in(span).find(|t| t.head().is_none_or(|h| !span.contains(h.span())))
}

/// Whether a time hangs from the main verb of its sentence, and so holds for all of it.
fn of_the_sentence(time: Option<Token<'_>>, sentence: Sentence<'_>, saying: impl Fn(Token<'_>) -> bool) -> bool {
    let verb = time.and_then(|h| h.ancestors().find(|a| a.upos() == Upos::Verb || a.relation() == "root"));
    verb.is_some_and(|v| Some(v) == sentence.root() && !saying(v))
}

/// The time of the act that this word reports.
///
/// `saying` tells verbs of speech: a day that hangs from one is the day of the utterance alone.
pub(crate) fn when_of<'a>(
    resolver: &Resolver<'a>,
    trigger: Token<'a>,
    modality: Modality,
    tense: Tense,
    saying: impl Fn(Token<'_>) -> bool,
) -> Option<When> {
    let doc = resolver.doc;
    let past = match (modality, tense) {
        (_, Tense::Future) => Some(false),
        (Modality::Asserted, Tense::Past) => Some(true),
        (Modality::Planned | Modality::Conditional | Modality::Demanded, _) => Some(false),
        _ => None,
    };
    let sentence = trigger.sentence();
    let dated = times_of(resolver, sentence, past);
    let clause = dated.iter().filter(|d| d.head.is_some_and(|h| belongs(h, trigger))).min_by_key(|d| d.when.precision);
    if let Some(Dated { when, .. }) = clause {
        return Some(When { scope: Scope::Clause, ..*when });
    }
    if let Some(when) = by_occasion(resolver, trigger) {
        return Some(when);
    }
    // A date that hangs from the main verb, or a caption's only date, holds for the sentence.
    let caption = sentence.kind() == SentenceKind::Caption;
    let near = |verb| trigger.ancestors().take(4).any(|a| Some(a) == verb);
    let whole = dated
        .iter()
        .find(|d| of_the_sentence(d.head, sentence, &saying) && near(sentence.root()) || caption && dated.len() == 1);
    if let Some(Dated { when, .. }) = whole.or(if caption { dated.first() } else { None }) {
        return Some(*when);
    }
    if modality != Modality::Asserted || tense == Tense::Future {
        return None;
    }
    if let Some(when) = told_before(resolver, trigger, &saying) {
        return Some(when);
    }
    let (day, basis) = anchor(doc)?;
    let line = resolver.datelines.iter().rev().find(|line| line.span.end <= trigger.span().start);
    let (day, basis) = match line.filter(|line| line.day != day) {
        Some(line) => (line.day, Basis::Dateline),
        None if basis == Basis::LatestInText => (day, basis),
        None => (day, Basis::Publication),
    };
    if had_happened(trigger, &saying) {
        let interval = Interval { from: None, until: day.tomorrow().ok() };
        return Some(When { interval, precision: Precision::Unknown, basis, scope: Scope::Document });
    }
    Some(When { interval: Interval::day(day), precision: Precision::Day, basis, scope: Scope::Document })
}

/// "Japan invaded during World War II": the time of a happening that is over.
fn by_occasion(resolver: &Resolver<'_>, trigger: Token<'_>) -> Option<When> {
    let carrier = trigger.head().filter(|h| trigger.upos() != Upos::Verb && h.upos() == Upos::Verb);
    let phrases = trigger.children().chain(carrier.into_iter().flat_map(Token::children));
    phrases.filter(|c| matches!(c.relation(), "obl" | "nmod")).find_map(|phrase| {
        let preposition = phrase.children().find(|c| c.relation() == "case")?;
        if !resolver.words.time_prepositions.has(&preposition.lemma().to_lowercase()) {
            return None;
        }
        let mut at = Some(preposition);
        for _ in 0..PHRASE {
            let token = at?;
            let found = occasion_at(resolver.knowledge, &resolver.doc.text, token.span().start as usize);
            if let Some((span, interval, precision)) = found {
                let over = span.contains(phrase.span()) && interval.from.is_some() && interval.until.is_some();
                return over.then_some(When { interval, precision, basis: BASIS, scope: Scope::Clause });
            }
            at = token.next();
        }
        None
    })
}

/// The time that the paragraph gave before, for a sentence that goes on telling in the past.
fn told_before<'d>(resolver: &Resolver<'d>, trigger: Token<'d>, saying: &impl Fn(Token<'_>) -> bool) -> Option<When> {
    let doc = resolver.doc;
    let sentence = trigger.sentence();
    let root = sentence.root()?;
    let chain = || std::iter::once(trigger).chain(trigger.ancestors().take(4));
    if !told_past(root) || !chain().any(|t| t == root) || chain().any(saying) {
        return None;
    }
    let first = sentence.ix().0;
    for ix in (first.saturating_sub(SENTENCES_BACK)..first).rev() {
        let before = doc.sentence(SentenceIx(ix));
        if before.paragraph() != sentence.paragraph() || !before.analyzed() {
            return None;
        }
        let main = before.root()?;
        // What somebody said then is another story.
        if saying(main) || !told_past(main) {
            return None;
        }
        let times = times_of(resolver, before, Some(true));
        let closed = |d: &&Dated<'_>| d.when.interval.from.is_some() && d.when.interval.until.is_some();
        let holds = times.iter().filter(closed).filter(|d| of_the_sentence(d.head, before, saying));
        if let Some(Dated { when, .. }) = holds.min_by_key(|d| d.when.precision) {
            return Some(When { scope: Scope::Paragraph, ..*when });
        }
    }
    None
}

/// Whether a verb tells in the past, with no auxiliary of the present ("has fallen").
fn told_past(verb: Token<'_>) -> bool {
    let mut auxiliaries = verb.children().filter(|c| c.relation() == "aux" && c.has("VerbForm=Fin")).peekable();
    if auxiliaries.peek().is_some() {
        return auxiliaries.all(|aux| aux.has("Tense=Past"));
    }
    verb.has("Tense=Past") && verb.has("VerbForm=Fin")
}

/// Whether an act is told in the past perfect and not in reported speech, where that is a plain past.
fn had_happened(trigger: Token<'_>, saying: &impl Fn(Token<'_>) -> bool) -> bool {
    let had =
        |verb: Token<'_>| verb.children().any(|c| c.relation() == "aux" && c.lemma() == "have" && c.has("Tense=Past"));
    trigger.upos() == Upos::Verb && had(trigger) && !trigger.ancestors().take(6).any(saying)
}

/// A time that a text names.
#[derive(Debug, Clone, PartialEq)]
pub struct TimeTold {
    /// Its words.
    pub span: Span,
    /// The days, how fine that is and how it is known; `None` for a duration, a time of day,
    /// or words that count from what is not given.
    pub days: Option<(Interval, Precision, Basis)>,
}

impl Coder<'_> {
    /// The times that a document names, in its order: time expressions and dated happenings.
    ///
    /// Each is seen with the tense of its verb and counts from the times before it.
    pub fn times(&self, doc: &Document) -> Vec<TimeTold> {
        let mut teller = Teller::new(doc.meta.published);
        let mut here = None;
        let mut told = Vec::new();
        for timex in &doc.timexes {
            let ix = doc.sentence_at(timex.span.start).map(Sentence::ix);
            if here != Some(ix) {
                teller.sentence();
                here = Some(ix);
            }
            let past = top(doc, timex.span).and_then(|head| past_at(head, self.words()));
            told.push(TimeTold { span: timex.span, days: teller.next(&timex.kind, past) });
        }
        let words = told.len();
        for (span, interval, precision) in occasions(self.knowledge(), &doc.text) {
            let next = told[..words].partition_point(|t| t.span.end <= span.start);
            if told[..words].get(next).is_none_or(|t| t.span.start >= span.end) {
                told.push(TimeTold { span, days: Some((interval, precision, BASIS)) });
            }
        }
        told.sort_by_key(|t| t.span.start);
        told
    }
}

/// Whether the verb above a time tells of the past or the future, as far as its form says so.
fn past_at(time: Token<'_>, words: &Words) -> Option<bool> {
    let verb = std::iter::once(time).chain(time.ancestors()).find(|t| t.upos() == Upos::Verb)?;
    let past = |t: Token<'_>| t.has("Tense=Past");
    match tense_of(verb, words) {
        Tense::Future => Some(false),
        _ if verb.children().any(|c| c.relation() == "aux" && past(c)) || past(verb) => Some(true),
        _ => None,
    }
}

/// Whether a time hangs from the trigger, or from the verb that carries it, with no other verb between.
fn belongs(time: Token<'_>, trigger: Token<'_>) -> bool {
    // "Said on Tuesday that …": the clause of the act begins after the time, wherever that was hung.
    if trigger.children().any(|c| c.relation() == "mark" && time.span().start < c.span().start) {
        return false;
    }
    if matches!(time.relation(), "compound" | "nummod" | "amod") || time.deprel() == "nmod:poss" {
        // "the 1948 invasion": the year is the invasion's, whatever was said of it.
        return time.head() == Some(trigger);
    }
    for ancestor in time.ancestors().take(6) {
        if ancestor == trigger {
            return true;
        }
        if ancestor.upos() == Upos::Verb {
            // "the talks were held on Monday": the time hangs from the carrying verb.
            return trigger.head() == Some(ancestor) && trigger.upos() != Upos::Verb
                || ancestor.head() == Some(trigger) && matches!(ancestor.relation(), "acl" | "xcomp");
        }
    }
    false
}
