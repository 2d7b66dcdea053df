//! Any bytes are an article, several, or a fault, and what is found in a body lies in it.
#![no_main]

use demarche_fuzz::language;
use demarche_text::article::{self, Format, Hint};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: {
    // The extractor of web pages may panic, and is caught: only a panic that reaches the target is a finding.
    std::panic::set_hook(Box::new(|panic| eprintln!("{panic}")));
}, |bytes: &[u8]| {
    let Some((&kind, bytes)) = bytes.split_first() else { return };
    let format = match kind % 4 {
        0 => None,
        1 => Some(Format::Json),
        2 => Some(Format::Html),
        _ => Some(Format::Text),
    };
    for found in article::read(bytes, Hint { name: "fuzz", format }) {
        match found {
            Ok(mut article) => {
                article.settle(&language().furniture, &language().time);
                let spans = article.captions.iter().map(|c| c.span).chain(article.furniture.iter().map(|f| f.span));
                for span in spans {
                    assert!(article.body.get(span.range()).is_some(), "{span:?} lies outside the body");
                }
            }
            Err(fault) => assert!(!fault.to_string().is_empty()),
        }
    }
});
