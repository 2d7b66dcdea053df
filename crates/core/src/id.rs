//! Identities that stay the same from run to run, on every machine.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// An actor's readable id: `FRA`, `NATO`, `hamas`, `xi-jinping`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActorId(pub Arc<str>);

impl ActorId {
    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl From<&str> for ActorId {
    fn from(text: &str) -> ActorId {
        ActorId(Arc::from(text))
    }
}
impl fmt::Display for ActorId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A document's id, `d-` and sixteen hex digits: the hash of its clean text, its address and its date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocId(pub Arc<str>);

impl DocId {
    /// The id of a document with these parts.
    pub fn of(parts: &[&str]) -> DocId {
        DocId(Arc::from(["d-", &stable_hash(parts)].concat()))
    }
}
impl fmt::Display for DocId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Sixteen hex digits that depend on the parts and their order alone (FNV-1a over 128 bits, folded to 64).
///
/// A separator byte that UTF-8 never holds stands between parts, so `["ab","c"]` and `["a","bc"]` differ.
pub fn stable_hash(parts: &[&str]) -> String {
    const PRIME: u128 = 0x0000000001000000000000000000013B;
    let mut hash: u128 = 0x6c62272e07bb014262b821756295c58d;
    for part in parts {
        for &byte in part.as_bytes().iter().chain(&[0xff]) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }
    let hash = (hash >> 64) as u64 ^ hash as u64;
    let digit = |n: u32| char::from_digit((hash >> (4 * n)) as u32 & 15, 16);
    (0..16).rev().filter_map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hash_depends_on_parts_and_their_borders() {
        assert_eq!(stable_hash(&["ab", "c"]), stable_hash(&["ab", "c"]));
        assert_ne!(stable_hash(&["ab", "c"]), stable_hash(&["a", "bc"]));
        assert_ne!(stable_hash(&["a"]), stable_hash(&["a", ""]));
    }
}
