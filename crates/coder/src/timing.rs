//! When an event happened: from the clause, then the sentence, then the day of publication.

use crate::when::resolve;
use demarche_core::{Basis, Interval, Modality, Precision, Scope, Tense, When};
use demarche_text::{Document, SentenceKind, Timex, TimexKind, Token, Upos};

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

/// The time of the act that this word reports.
///
/// `saying` tells verbs of speech: a day that hangs from one is the day of the utterance alone.
pub(crate) fn when_of(
    doc: &Document,
    trigger: Token<'_>,
    modality: Modality,
    tense: Tense,
    saying: impl Fn(Token<'_>) -> bool,
) -> Option<When> {
    let published = doc.meta.published;
    let past = match (modality, tense) {
        (_, Tense::Future) => Some(false),
        (Modality::Asserted, Tense::Past) => Some(true),
        (Modality::Planned | Modality::Conditional | Modality::Demanded, _) => Some(false),
        _ => None,
    };
    let sentence = trigger.sentence();
    let dated: Vec<(&Timex, Option<Token<'_>>, When)> = doc
        .timexes
        .iter()
        .filter(|t| sentence.span().contains(t.span))
        .filter_map(|timex| {
            let (interval, precision, basis) = resolve(&timex.kind, published, past)?;
            let head = doc.tokens_in(timex.span).find(|t| t.head().is_none_or(|h| !timex.span.contains(h.span())));
            Some((timex, head, When { interval, precision, basis, scope: Scope::Sentence }))
        })
        .collect();
    let clause = dated
        .iter()
        .filter(|(_, head, _)| head.is_some_and(|h| belongs(h, trigger)))
        .min_by_key(|(_, _, w)| w.precision);
    if let Some((_, _, when)) = clause {
        return Some(When { scope: Scope::Clause, ..*when });
    }
    // A date that hangs from the main verb, or a caption's only date, holds for the sentence.
    let caption = sentence.kind() == SentenceKind::Caption;
    let whole = dated.iter().find(|(_, head, _)| {
        head.is_some_and(|h| {
            let verb = h.ancestors().find(|a| a.upos() == Upos::Verb || a.relation() == "root");
            verb.is_some_and(|v| {
                !saying(v) && Some(v) == sentence.root() && trigger.ancestors().take(4).any(|a| a == v)
            })
        }) || caption && dated.len() == 1
    });
    if let Some((_, _, when)) = whole.or(if caption { dated.first() } else { None }) {
        return Some(*when);
    }
    if modality != Modality::Asserted || tense == Tense::Future {
        return None;
    }
    let (day, basis) = anchor(doc)?;
    let basis = if basis == Basis::LatestInText { basis } else { Basis::Publication };
    Some(When { interval: Interval::day(day), precision: Precision::Day, basis, scope: Scope::Document })
}

/// Whether a time hangs from the trigger, or from the verb that carries it, with no other verb between.
fn belongs(time: Token<'_>, trigger: Token<'_>) -> bool {
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
