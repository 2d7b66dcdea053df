//! Anniversaries and ages: "the 80th anniversary of the end of World War II", "the 10-year-old civil war".

use super::{Claim, elsewhen, evidence, verdict};
use crate::resolve::Resolver;
use demarche_core::{Check, CheckObject, Polarity, Reference, Span, Verdict};
use demarche_knowledge::{ActorKind, Occasion, Point, Tie, TieKind};
use demarche_text::{Token, Upos};

/// "the 80th anniversary of the end of World War II".
pub(super) fn anniversary(resolver: &Resolver<'_>, token: Token<'_>) -> Option<Check> {
    if !resolver.words.anniversary_nouns.has(&token.lemma().to_lowercase()) {
        return None;
    }
    let ordinal = token.children().find_map(|c| ordinal(c.text()).or_else(|| resolver.words.number(c.text())))?;
    let phrase = token.subtree();
    let (span, occasions) = phrase.iter().find_map(|t| {
        let (end, found) = resolver.knowledge.occasions(&resolver.doc.text, t.span().start as usize)?;
        Some((Span::of(t.span().start as usize, end), found))
    })?;
    let lemmas: Vec<String> = phrase.iter().map(|t| t.lemma().to_lowercase()).collect();
    let wants = |point: Point| match point {
        Point::End => lemmas.iter().any(|l| resolver.words.end_words.has(l)),
        Point::Start => lemmas.iter().any(|l| resolver.words.start_words.has(l)),
        Point::On => true,
    };
    let year = i64::from(resolver.on.year()) - ordinal;
    let chosen: &Occasion = occasions
        .iter()
        .find(|o| o.point != Point::On && wants(o.point))
        .or_else(|| occasions.iter().find(|o| o.point == Point::On))
        .or_else(|| occasions.iter().find(|o| i64::from(o.date.year()) == year))
        .or_else(|| occasions.first())?;
    let done = match chosen.point {
        Point::Start => "began",
        Point::End => "ended",
        Point::On => "was",
    };
    let claim = Claim {
        sentence: token.sentence().ix().0,
        words: format!("{} {done} {ordinal} years before {}", chosen.name, resolver.on.year()),
        subject: None,
        object: Some(CheckObject::Number { number: ordinal }),
        polarity: Polarity::Positive,
        evidence: vec![evidence(resolver, token.span().cover(span))],
    };
    let reference = Reference {
        statement: format!("{} {done} on {}", chosen.name, chosen.date),
        since: Some(chosen.date),
        row: chosen.row.to_string(),
        source: Some(chosen.source.clone()),
    };
    let off = (i64::from(chosen.date.year()) - year).abs();
    // "next year's anniversary", "the anniversary in January": a day beyond the turn of the year is another year's.
    let other_year = off == 1 && (elsewhen(resolver, token) || matches!(resolver.on.month(), 1 | 12));
    let judged = match off {
        0 => Verdict::Supported,
        _ if other_year || off > 1 && elsewhen(resolver, token) => Verdict::Unknown,
        _ => Verdict::Contradicted,
    };
    Some(verdict(resolver, claim, judged, Some(reference)))
}

/// "80th" is 80.
fn ordinal(text: &str) -> Option<i64> {
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = &text[digits.len()..];
    (!digits.is_empty() && rest.len() == 2 && rest.chars().all(|c| c.is_ascii_alphabetic()))
        .then(|| digits.parse().ok())?
}

/// "the 10-year-old Syrian civil war", "Sudan's two-year war".
pub(super) fn war(resolver: &Resolver<'_>, token: Token<'_>) -> Option<Check> {
    if token.upos() != Upos::Noun || !resolver.words.war_nouns.has(&token.lemma().to_lowercase()) {
        return None;
    }
    let phrase: Vec<Token<'_>> = token.subtree().into_iter().filter(|t| t.ix() < token.ix()).collect();
    let (number, first) = phrase.iter().find_map(|t| age(resolver, *t))?;
    // Whose war it is: the states that the phrase names.
    let states: Vec<&str> = phrase
        .iter()
        .chain(token.children().filter(|c| c.deprel() == "nmod").collect::<Vec<_>>().iter())
        .filter_map(|t| resolver.names.at(*t))
        .filter_map(|m| resolver.knowledge.actor(m.names[0].actor.as_str()))
        .filter(|a| a.kind == ActorKind::State)
        .map(|a| a.id.as_str())
        .collect();
    let mut wars: Vec<&Tie> = resolver
        .knowledge
        .ties_of(states.first()?)
        .filter(|tie| matches!(tie.kind, TieKind::War | TieKind::CivilWar))
        .filter(|tie| tie.interval.contains(resolver.on) && tie.interval.from.is_some())
        .filter(|tie| states.iter().all(|state| tie.concerns(state)))
        .collect();
    wars.sort_by_key(|tie| (tie.interval.from, tie.id.as_str()));
    let years =
        |tie: &Tie| tie.interval.from.map_or(0.0, |from| super::days_between(resolver.on, from) as f64 / 365.25);
    // "10-year-old" is said from half a year before to the day before the eleventh.
    let fits = |tie: &&&Tie| (number as f64 - 0.5..=number as f64 + 1.1).contains(&years(tie));
    let chosen = wars.iter().find(fits).or(if wars.len() == 1 { wars.first() } else { None })?;
    let agrees = fits(&chosen);
    let from = chosen.interval.from?;
    let claim = Claim {
        sentence: token.sentence().ix().0,
        words: format!("{} is {number} years old", chosen.name),
        subject: None,
        object: Some(CheckObject::Number { number }),
        polarity: Polarity::Positive,
        evidence: vec![evidence(resolver, first.cover(token.span()))],
    };
    let reference = Reference {
        statement: format!("{} began on {from}", chosen.name),
        since: Some(from),
        row: chosen.row.to_string(),
        source: Some(chosen.source.clone()),
    };
    let judged = match agrees {
        true => Verdict::Supported,
        // Where a war began is itself in dispute: only a number far off is wrong.
        false if (years(chosen) - number as f64).abs() < 2.0 || elsewhen(resolver, token) => Verdict::Unknown,
        false => Verdict::Contradicted,
    };
    Some(verdict(resolver, claim, judged, Some(reference)))
}

/// The number of "10-year-old" or "two-year", however the hyphens were cut, and where it begins.
fn age(resolver: &Resolver<'_>, token: Token<'_>) -> Option<(i64, Span)> {
    let text = &resolver.doc.text[token.span().start as usize..];
    let word = text.split_whitespace().next()?;
    let (number, rest) = word.split_once(['-', '–'])?;
    let unit = rest.split(['-', '–']).next()?;
    let years = resolver.words.year_nouns.has(&unit.to_lowercase());
    years.then(|| Some((resolver.words.number(number)?, token.span())))?
}
