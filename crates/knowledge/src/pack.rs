//! Knowledge as bytes: read once when the program is built, opened in a blink when it starts.

use crate::gazetteer::{Gazetteer, PackedPlaces};
use crate::knowledge::Index;
use crate::phrase::{PackedPhrases, Phrases};
use crate::{Knowledge, Tables};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The layout's number stands in the mark: other layouts are refused, not misread.
const MARK: &[u8] = b"demarche knowledge 3\n";

/// Why bytes are no knowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackFault {
    /// They were not written by this version, or not by this program.
    Foreign,
    /// They are cut short or changed.
    Damaged(String),
}

impl fmt::Display for PackFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PackFault::Foreign => f.write_str("these bytes are not packed knowledge of this version"),
            PackFault::Damaged(why) => write!(f, "the packed knowledge is damaged: {why}"),
        }
    }
}
impl std::error::Error for PackFault {}

#[derive(Serialize, Deserialize)]
struct Packed<'t> {
    tables: std::borrow::Cow<'t, Tables>,
    names: PackedPhrases,
    #[serde(borrow)]
    places: PackedPlaces<'t>,
    occasions: PackedPhrases,
}

impl Knowledge {
    /// Everything as bytes, for [`Knowledge::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let tables = self.clone().without_places();
        let packed = Packed {
            tables: std::borrow::Cow::Owned(tables),
            names: self.index.names.pack(),
            places: self.index.places.pack(),
            occasions: self.index.occasions.pack(),
        };
        let body = postcard::to_allocvec(&packed).unwrap_or_default();
        [MARK, fingerprint(&body).as_bytes(), b"\n", &body].concat()
    }

    /// What [`Knowledge::to_bytes`] wrote.
    ///
    /// # Errors
    /// Where the bytes are of another version or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Knowledge, PackFault> {
        let damaged = |why: &str| PackFault::Damaged(why.to_owned());
        let rest = bytes.strip_prefix(MARK).ok_or(PackFault::Foreign)?;
        let (mark, body) = rest.split_at_checked(17).ok_or_else(|| damaged("cut short"))?;
        if mark.strip_suffix(b"\n") != Some(fingerprint(body).as_bytes()) {
            return Err(damaged("the sum does not agree"));
        }
        let packed: Packed<'_> = postcard::from_bytes(body).map_err(|error| PackFault::Damaged(error.to_string()))?;
        let index = || {
            Some(Index {
                names: Phrases::unpack(packed.names)?,
                places: Gazetteer::unpack(&packed.places)?,
                occasions: Phrases::unpack(packed.occasions)?,
            })
        };
        let index = index().ok_or_else(|| damaged("no index"))?;
        Ok(Knowledge::derived(packed.tables.into_owned(), index))
    }

    /// Sixteen hex digits that change with any row: the version of the tables, for records of a run.
    pub fn version(&self) -> String {
        postcard::to_allocvec(&self.clone().into_tables()).map(|bytes| fingerprint(&bytes)).unwrap_or_default()
    }
}

/// FNV-1a over eight bytes at a time: the whole pack is summed at each start, so the sum must be quick.
fn fingerprint(bytes: &[u8]) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325 ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word)).wrapping_mul(0x0000_0100_0000_01b3);
        hash ^= hash >> 29;
    }
    format!("{hash:016x}")
}

/// A date as one number: text would be read slowly, and there are tens of thousands.
pub(crate) mod date {
    use jiff::civil::Date;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(crate) fn number(date: Date) -> i32 {
        i32::from(date.year()) * 512 + i32::from(date.month()) * 32 + i32::from(date.day())
    }
    pub(crate) fn from_number(number: i32) -> Option<Date> {
        let day = number.rem_euclid(32);
        let month = number.div_euclid(32).rem_euclid(16);
        Date::new(i16::try_from(number.div_euclid(512)).ok()?, month as i8, day as i8).ok()
    }
    pub(crate) fn serialize<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
        number(*date).serialize(serializer)
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let number = i32::deserialize(deserializer)?;
        from_number(number).ok_or_else(|| D::Error::custom("no date"))
    }
}

/// An interval as two such numbers; its own form leaves out what is open, which only self-describing formats can read.
pub(crate) mod interval {
    use super::date::{from_number, number};
    use demarche_core::Interval;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(interval: &Interval, serializer: S) -> Result<S::Ok, S::Error> {
        (interval.from.map(number), interval.until.map(number)).serialize(serializer)
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Interval, D::Error> {
        let (from, until) = <(Option<i32>, Option<i32>)>::deserialize(deserializer)?;
        Ok(Interval { from: from.and_then(from_number), until: until.and_then(from_number) })
    }
}
