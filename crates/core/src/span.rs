//! Spans exist so that every claim can point at the words behind it.

use serde::{Deserialize, Serialize};

/// Bytes of one frozen text, half-open: `start` is the first byte, `end` the one after the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from `start` up to, not including, `end`.
    pub const fn new(start: u32, end: u32) -> Span {
        Span { start, end }
    }
    /// A span from `usize` offsets; texts beyond 4 GiB are cut when they are read, so this cannot wrap.
    pub const fn of(start: usize, end: usize) -> Span {
        Span { start: start as u32, end: end as u32 }
    }
    /// The same as a range that slices a `str`.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
    /// Length in bytes.
    pub const fn len(self) -> usize {
        (self.end - self.start) as usize
    }
    /// Whether no byte is inside.
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }
    /// Whether `other` lies wholly inside.
    pub const fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }
    /// Whether at least one byte is in both.
    pub const fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
    /// The smallest span that contains both.
    pub fn cover(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// The position of a sentence in its document, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SentenceIx(pub u32);

/// The position of a token in its document, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TokenIx(pub u32);
