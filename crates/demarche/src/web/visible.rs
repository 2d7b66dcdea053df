//! Text of others, as it may be shown: what would turn the direction of a line, or has no look of its own, is spelled out.

use maud::{Markup, html};

/// Whether a character has no look of its own, or changes that of others.
fn hidden(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        // Marks, embeddings, overrides and isolates of direction; invisible spaces, joiners of words, tags.
        // What joins letters (U+200C, U+200D) has its place in Persian and in emoji.
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        c => c.is_control(),
    }
}

/// A text with what is hidden in it shown: `⟨U+202E⟩`.
pub(super) fn visible(text: &str) -> Markup {
    if !text.contains(hidden) {
        return html! { (text) };
    }
    html! {
        // Each piece ends with what is hidden, but for the last.
        @for piece in text.split_inclusive(hidden) {
            @match piece.chars().next_back().filter(|c| hidden(*c)) {
                Some(c) => {
                    (piece[..piece.len() - c.len_utf8()])
                    span.hidden title="a character that is not seen" { "⟨U+" (format!("{:04X}", u32::from(c))) "⟩" }
                }
                None => (piece),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_spelled_out_and_markup_stays_text() {
        let shown = visible("a\u{202e}<b>\u{0}\u{200d}é\n").into_string();
        let tag =
            |code: &str| format!("<span class=\"hidden\" title=\"a character that is not seen\">⟨U+{code}⟩</span>");
        assert_eq!(shown, format!("a{}&lt;b&gt;{}\u{200d}é\n", tag("202E"), tag("0000")));
        assert_eq!(visible("plain & simple").into_string(), "plain &amp; simple");
    }
}
