//! Wars and other dated happenings as times: "during World War II" says when, by the table of occasions.

use demarche_core::{Basis, Interval, Precision, Span};
use demarche_knowledge::{Knowledge, Occasion, Point};

/// The happenings that a text names and the days that they took; those whose end is not known are open.
pub fn occasions(knowledge: &Knowledge, text: &str) -> Vec<(Span, Interval, Precision)> {
    let mut found: Vec<(Span, Interval, Precision)> = Vec::new();
    let (mut inside, mut end) = (false, 0);
    for (at, c) in text.char_indices() {
        let begins = c.is_alphanumeric() && !inside;
        inside = c.is_alphanumeric();
        if !begins || at < end {
            continue;
        }
        if let Some((span, interval, precision)) = occasion_at(knowledge, text, at) {
            end = span.end as usize;
            found.push((span, interval, precision));
        }
    }
    found
}

/// The happening whose name begins at this byte.
pub(crate) fn occasion_at(knowledge: &Knowledge, text: &str, at: usize) -> Option<(Span, Interval, Precision)> {
    let (end, rows) = knowledge.occasions(text, at)?;
    let id = &rows.first()?.id;
    let dated = |point: Point| rows.iter().copied().find(|row: &&Occasion| row.point == point && row.id == *id);
    let (interval, precision) = match (dated(Point::On), dated(Point::Start), dated(Point::End)) {
        (Some(on), _, _) => (on.days(), on.precision),
        (None, Some(start), end) => {
            let until = end.and_then(|end| end.days().until);
            (Interval { from: Some(start.date), until }, Precision::Unknown)
        }
        _ => return None,
    };
    Some((Span::of(at, end), interval, precision))
}

/// What is known by its occasion is said by no words of time.
pub(crate) const BASIS: Basis = Basis::Relative;
