//! A text cut where anything begins or ends that was read in it.
//!
//! What is read overlaps as it likes: a party within a quotation within another's claim. Pages cannot nest that, so the
//! text is cut into stretches of which each bears all that covers it; together they are the text, byte for byte.

use demarche_core::Span;

/// A stretch of the text, and the positions of the marks that cover it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its bytes.
    pub span: Span,
    /// Which marks cover it, in their order.
    pub marks: Vec<usize>,
}

/// The nearest byte at or before `at` at which a character begins, or the end of the text.
fn floor(text: &str, at: u32) -> u32 {
    let mut at = (at as usize).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at as u32
}

/// Cuts `within` at every border of the marks. Marks that reach outside are cut off; of those that begin or end within a
/// character, the border is where the character begins; those that are turned about or empty cover nothing.
pub fn segments(text: &str, within: Span, marks: &[Span]) -> Vec<Segment> {
    let within = Span::new(floor(text, within.start), floor(text, within.end));
    if within.is_empty() {
        return Vec::new();
    }
    let clip = |at: u32| floor(text, at).clamp(within.start, within.end);
    // (where, whether it begins, which)
    let mut borders: Vec<(u32, bool, usize)> = Vec::new();
    for (n, mark) in marks.iter().enumerate() {
        let (start, end) = (clip(mark.start), clip(mark.end));
        if start < end {
            borders.extend([(start, true, n), (end, false, n)]);
        }
    }
    borders.sort_unstable();
    let mut open = std::collections::BTreeSet::new();
    let mut found = Vec::new();
    let mut at = within.start;
    let mut cut = |from: u32, until: u32, open: &std::collections::BTreeSet<usize>| {
        if from < until {
            found.push(Segment { span: Span::new(from, until), marks: open.iter().copied().collect() });
        }
    };
    for (border, begins, n) in borders {
        cut(at, border, &open);
        at = at.max(border);
        if begins {
            open.insert(n);
        } else {
            open.remove(&n);
        }
    }
    cut(at, within.end, &open);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look like chance and are the same every time.
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, most: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) as usize % most
        }
    }

    #[test]
    fn segments_are_the_text_whatever_the_marks() {
        let text =
            "Каир, 1 мая — “Wir sind hier”, said 王毅\u{202e}; l’État\u{0}n’a pas <b>signé</b> 👩\u{200d}🚀 e\u{301}.";
        let mut numbers = Numbers(7);
        for _ in 0..2000 {
            let mut any = || Span::of(numbers.below(text.len() + 9), numbers.below(text.len() + 9));
            let (within, marks) = (any(), [any(), any(), any(), any(), any(), any()]);
            let found = segments(text, within, &marks);
            let joined: String = found.iter().map(|s| &text[s.span.range()]).collect();
            let (from, until) = (floor(text, within.start) as usize, floor(text, within.end) as usize);
            assert_eq!(joined, text.get(from..until).unwrap_or_default());
            for segment in &found {
                assert!(!segment.span.is_empty());
                let covers = |mark: &Span| {
                    floor(text, mark.start) <= segment.span.start && segment.span.end <= floor(text, mark.end)
                };
                let expected: Vec<usize> = (0..marks.len()).filter(|&n| covers(&marks[n])).collect();
                assert_eq!(segment.marks, expected);
            }
        }
        let whole = segments(text, Span::of(0, text.len()), &[]);
        assert_eq!(whole, [Segment { span: Span::of(0, text.len()), marks: vec![] }]);
    }
}
