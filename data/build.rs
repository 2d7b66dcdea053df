//! Checks the tables and packs them, so that a slip in a row stops the build and never a reader.
//!
//! Every fault is printed as `file:line: what (hint)`, all at once.
// A build script speaks to cargo by printing.
#![allow(clippy::print_stdout)]

use demarche_knowledge::{Knowledge, load};
use demarche_text::language::{FILES, Language, WORDS, pack};
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR"));
    let models = data.join("../models");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo names no OUT_DIR"))?;
    let out = Path::new(&out);
    watch(data, &models)?;

    let (tables, mut faults) = load(data);
    let (knowledge, crossed) = Knowledge::from_tables(tables, None);
    faults.extend(crossed);
    let mut said: Vec<String> = faults.iter().map(|fault| format!("data/{fault}")).collect();

    let mut words: Vec<(String, String)> = FILES
        .iter()
        .filter_map(|name| {
            Some((format!("data/language/{name}"), fs::read_to_string(data.join("language").join(name)).ok()?))
        })
        .collect();
    words.push((WORDS.to_string(), dictionary(&knowledge)));
    let language = Language::read(&words).unwrap_or_else(|faults| {
        said.extend(faults.iter().map(ToString::to_string));
        Language::default()
    });
    for line in &said {
        println!("cargo::error={line}");
    }
    if !said.is_empty() {
        return Ok(());
    }

    let weights = fs::read(models.join("english.safetensors"))?;
    let pairs = fs::read(models.join("pairs.safetensors"))?;
    let segmenter = fs::read(models.join("segmenter.bin"))?;
    let text = pack(&weights, &pairs, &segmenter, &language);
    println!("cargo::rustc-env=DEMARCHE_TABLES={}", knowledge.version());
    println!("cargo::rustc-env=DEMARCHE_MODEL={}", sum(&text));
    fs::write(out.join("knowledge.bin"), knowledge.to_bytes())?;
    fs::write(out.join("text.bin"), text)
}

/// The dictionary forms that the tables are written in, so that the reader spells lemmas as the tables do.
fn dictionary(knowledge: &Knowledge) -> String {
    let patterns = knowledge.patterns().all.iter().chain(&knowledge.relations().all);
    let of_patterns = patterns.flat_map(|p| {
        let under = p.preposition_object.iter().flat_map(|(_, heads)| heads);
        p.lemmas.iter().chain(&p.object).chain(&p.complement).chain(under)
    });
    let lexicon = knowledge.lexicon();
    let words = of_patterns.chain(lexicon.speech.keys()).chain(lexicon.lists.values().flatten());
    let plain = |w: &&String| w.chars().all(|c| c.is_ascii_lowercase());
    let sorted: std::collections::BTreeSet<&str> = words.filter(plain).map(String::as_str).collect();
    sorted.into_iter().collect::<Vec<_>>().join("\n")
}

/// Has cargo come back when a table or a model changes, appears or goes; code of this crate it watches itself.
fn watch(data: &Path, models: &Path) -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", models.display());
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        let folder = path.is_dir() && !path.ends_with("src");
        if folder || path.extension().is_some_and(|ending| ending == "tsv" || ending == "toml") {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
    Ok(())
}

/// Sixteen hex digits of the bytes (FNV-1a).
fn sum(bytes: &[u8]) -> String {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}
