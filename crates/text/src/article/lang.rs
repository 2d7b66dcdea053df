//! Only English is coded; this module says what a text is written in.

use whatlang::{Lang, Script};

/// Enough letters to tell a language by.
const ENOUGH: usize = 100;
/// No language needs more.
const SAMPLE: usize = 6000;

/// ISO 639-1 code of a text's language, from what it shows and, in doubt, from what came with it.
pub(super) fn of(text: &str, declared: Option<&str>) -> String {
    let declared = declared.and_then(|d| {
        let code = d.split(['-', '_']).next().unwrap_or_default().trim().to_ascii_lowercase();
        matches!(code.len(), 2 | 3).then_some(code)
    });
    let end = text.char_indices().nth(SAMPLE).map_or(text.len(), |(at, _)| at);
    let sample = &text[..end];
    let letters = sample.chars().filter(|c| c.is_alphabetic()).count();
    // Names of people and places lead the detector astray; an article of English prose is known by its article.
    let words = sample.split_whitespace().count();
    let english = sample.split_whitespace().filter(|w| w.eq_ignore_ascii_case("the")).count() * 50 > words;
    let shown = whatlang::detect(sample).filter(|info| {
        info.script() != Script::Latin
            || letters >= ENOUGH && info.is_reliable() && (!english || info.lang() == Lang::Eng)
    });
    match (shown, declared) {
        (Some(info), _) => code(info.lang()),
        (None, Some(declared)) => declared,
        (None, None) => "en".into(),
    }
}

/// The two letters of a language, or its three where it has no two.
fn code(lang: Lang) -> String {
    /// ISO 639-3 with 639-1, for the languages that the detector knows.
    const CODES: &str = "afr:af aka:ak amh:am ara:ar aze:az bel:be ben:bn bul:bg cat:ca ces:cs cmn:zh cym:cy dan:da deu:de ell:el \
        eng:en epo:eo est:et fin:fi fra:fr guj:gu heb:he hin:hi hrv:hr hun:hu hye:hy ind:id ita:it jav:jv jpn:ja kan:kn kat:ka \
        khm:km kor:ko lat:la lav:lv lit:lt mal:ml mar:mr mkd:mk mya:my nep:ne nld:nl nob:no ori:or pan:pa pes:fa pol:pl por:pt \
        ron:ro rus:ru sin:si slk:sk slv:sl sna:sn spa:es srp:sr swe:sv tam:ta tel:te tgl:tl tha:th tuk:tk tur:tr ukr:uk urd:ur \
        uzb:uz vie:vi yid:yi zul:zu";
    let three = lang.code();
    CODES
        .split_whitespace()
        .filter_map(|pair| pair.split_once(':'))
        .find(|(long, _)| *long == three)
        .map_or(three, |(_, two)| two)
        .to_string()
}
