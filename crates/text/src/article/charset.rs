//! Bytes to characters: what the bytes declare, else what they show.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// How far into a page its charset may be declared.
const DECLARED_WITHIN: usize = 4096;

/// The text of some bytes; `None` where they are no text. What came with them (an HTTP header) may name their
/// charset: it is believed where the bytes do not show that they are Unicode, before what the page says of itself.
pub(super) fn decode<'b>(bytes: &'b [u8], label: Option<&str>) -> Option<Cow<'b, str>> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return sound(encoding.decode_with_bom_removal(bytes).0);
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return sound(encoding.decode_without_bom_handling(bytes).0);
    }
    let sample = &bytes[..bytes.len().min(1 << 16)];
    let controls = sample.iter().filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0xc | 0x1b)).count();
    if controls * 50 > sample.len() {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(Cow::Borrowed(text));
    }
    if mostly_utf8(bytes) {
        return Some(String::from_utf8_lossy(bytes));
    }
    let label = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let encoding =
        label.filter(|&e| e != UTF_8).or_else(|| declared(bytes)).filter(|&e| e != UTF_8).unwrap_or_else(|| {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(None, Utf8Detection::Allow)
        });
    sound(encoding.decode_without_bom_handling(bytes).0)
}

/// Text that decodes to many signs of failure is none.
fn sound(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let mut all = 0usize;
    let mut bad = 0usize;
    for c in text.chars().take(1 << 16) {
        all += 1;
        bad += usize::from(
            c == '\u{fffd}' || c.is_control() && !c.is_whitespace() || ('\u{e000}'..='\u{f8ff}').contains(&c),
        );
    }
    (bad * 50 <= all).then_some(text)
}

/// UTF-16 of a western text shows as every other byte zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(4096) & !1];
    if sample.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |side: usize| sample.iter().skip(side).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
    match (even * 10 > half * 6 && odd * 20 < half, odd * 10 > half * 6 && even * 20 < half) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// Whether a text is UTF-8 with a few broken places: a cut or a stray byte must not spoil the rest.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| *b >= 0xc0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good >= 10 * bad || good > 0 && bad <= 1
}

/// The charset that a page or an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARED_WITHIN)].to_ascii_lowercase();
    ["charset=", "encoding="].iter().find_map(|key| {
        let at = head.windows(key.len()).position(|w| w == key.as_bytes())? + key.len();
        let label: Vec<u8> = head[at..]
            .iter()
            .copied()
            .skip_while(|b| matches!(b, b'"' | b'\'' | b' '))
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
            .collect();
        Encoding::for_label(&label)
    })
}
