//! Any text has time expressions in order and apart, and each resolves to days in order or to none.
#![no_main]

use demarche_coder::when::resolve;
use demarche_fuzz::language;
use demarche_text::timex::find;
use jiff::civil::date;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut end = 0;
    for timex in find(text, &language().time) {
        assert!(timex.span.start >= end, "{:?} begins before {end}", timex.span);
        assert!(text.get(timex.span.range()).is_some_and(|words| !words.is_empty()));
        end = timex.span.end;
        for published in [None, Some(date(2024, 2, 29)), Some(date(-9999, 1, 1)), Some(date(9999, 12, 31))] {
            for past in [None, Some(true), Some(false)] {
                if let Some((days, ..)) = resolve(&timex.kind, published, past) {
                    assert!(days.from.zip(days.until).is_none_or(|(from, until)| from <= until), "{days:?}");
                }
            }
        }
    }
});
