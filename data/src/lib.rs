//! The tables and the trained weights as bytes, so that the program is one file that needs no other.
//!
//! What a person edits lies beside this crate's `Cargo.toml` and is explained in `README.md`; `build.rs` checks
//! and packs it. Nothing is done here at run time.

/// Bytes that begin where a vector register may read them.
#[repr(C, align(64))]
struct Aligned<B: ?Sized>(B);

static KNOWLEDGE_ALIGNED: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/knowledge.bin")));
static TEXT_ALIGNED: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/text.bin")));

/// Actors, names, offices, patterns: for `demarche_knowledge::Knowledge::from_bytes`.
pub static KNOWLEDGE: &[u8] = &KNOWLEDGE_ALIGNED.0;

/// The weights, the segmenter and the words of the language: for `demarche_text::Analyzer::from_bytes`.
pub static TEXT: &[u8] = &TEXT_ALIGNED.0;

/// The release that the tables belong to.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Sixteen hex digits that change with any row of the tables; the same on every machine.
pub const TABLES: &str = env!("DEMARCHE_TABLES");

/// Sixteen hex digits that change with the weights, the segmenter or the words of the language.
pub const MODEL: &str = env!("DEMARCHE_MODEL");
