//! Knowledge as bytes: read once when the program is built, opened in a blink when it starts.

use crate::gazetteer::{Gazetteer, PackedPlaces};
use crate::knowledge::{Index, Orders};
use crate::phrase::{PackedPhrases, Phrases};
use crate::{Actor, Knowledge, Name, NameKind, RowRef, Tables};
use demarche_core::{ActorId, Interval};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// The layout's number stands in the mark: other layouts are refused, not misread.
const MARK: &[u8] = b"demarche knowledge 5\n";

/// What is searched or read as bytes, in the program's own image or in memory.
pub(crate) type Bytes = Cow<'static, [u8]>;

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
    /// What is looked up as it is.
    tables: Cow<'t, Tables>,
    /// The rest, behind its length, so that opening steps over it.
    named: &'t [u8],
    actors: Cow<'t, [Actor]>,
    #[serde(borrow)]
    names: Vec<PackedName<'t>>,
    by_name: PackedPhrases<'t>,
    places: PackedPlaces<'t>,
    occasions: PackedPhrases<'t>,
    orders: Cow<'t, Orders>,
}

/// A name with its actor by number, so that they share one id.
#[derive(Serialize, Deserialize)]
struct PackedName<'t> {
    text: &'t str,
    /// The position among the actors, or an id that is nobody's.
    #[serde(borrow)]
    actor: Result<u32, &'t str>,
    kind: NameKind,
    #[serde(with = "interval")]
    interval: Interval,
    row: RowRef,
}

impl<'t> PackedName<'t> {
    fn new(name: &'t Name, actors: &[Actor]) -> PackedName<'t> {
        let actor = actors.binary_search_by(|actor| actor.id.cmp(&name.actor));
        PackedName {
            text: &name.text,
            actor: actor.map(|ix| ix as u32).map_err(|_| name.actor.as_str()),
            kind: name.kind,
            interval: name.interval,
            row: name.row,
        }
    }
    /// `None` where there is no such actor.
    fn unpack(self, actors: &[Actor]) -> Option<Name> {
        Some(Name {
            text: self.text.to_owned(),
            actor: match self.actor {
                Ok(ix) => actors.get(ix as usize)?.id.clone(),
                Err(id) => ActorId::from(id),
            },
            kind: self.kind,
            interval: self.interval,
            row: self.row,
        })
    }
}

/// Rows as bytes that [`unpacked_rows`] reads.
pub(crate) fn rows(tables: &Tables) -> Vec<u8> {
    postcard::to_allocvec(tables).unwrap_or_default()
}

/// What [`rows`] wrote; nothing where it did not, against which the pack's sum stands.
pub(crate) fn unpacked_rows(bytes: &[u8]) -> Tables {
    postcard::from_bytes(bytes).unwrap_or_default()
}

impl Knowledge {
    /// Everything as bytes, for [`Knowledge::from_bytes`].
    pub fn to_bytes(&self) -> Vec<u8> {
        let packed = Packed {
            tables: Cow::Owned(self.clone().looked_up()),
            named: &self.named,
            actors: Cow::Borrowed(self.actors()),
            names: self.names().iter().map(|name| PackedName::new(name, self.actors())).collect(),
            by_name: self.index.names.pack(),
            places: self.index.places.pack(),
            occasions: self.index.occasions.pack(),
            orders: Cow::Borrowed(&self.index.orders),
        };
        let body = postcard::to_allocvec(&packed).unwrap_or_default();
        [MARK, fingerprint(&body).as_bytes(), b"\n", &body].concat()
    }

    /// What [`Knowledge::to_bytes`] wrote.
    ///
    /// # Errors
    /// Where the bytes are of another version or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Knowledge, PackFault> {
        Knowledge::open(bytes, |part| Cow::Owned(part.to_vec()))
    }

    /// The same of bytes that are part of the program: what is only searched stays where it is, and so does what is
    /// not asked for.
    ///
    /// # Errors
    /// Where the bytes are of another version or damaged.
    pub fn from_static(bytes: &'static [u8]) -> Result<Knowledge, PackFault> {
        Knowledge::open(bytes, Cow::Borrowed)
    }

    fn open<'b>(bytes: &'b [u8], keep: impl Fn(&'b [u8]) -> Bytes) -> Result<Knowledge, PackFault> {
        let damaged = |why: &str| PackFault::Damaged(why.to_owned());
        let rest = bytes.strip_prefix(MARK).ok_or(PackFault::Foreign)?;
        let (mark, body) = rest.split_at_checked(17).ok_or_else(|| damaged("cut short"))?;
        if mark.strip_suffix(b"\n") != Some(fingerprint(body).as_bytes()) {
            return Err(damaged("the sum does not agree"));
        }
        let packed: Packed<'_> = postcard::from_bytes(body).map_err(|error| PackFault::Damaged(error.to_string()))?;
        let (tables, actors) = (packed.tables.into_owned(), packed.actors.into_owned());
        let names = packed.names.into_iter().map(|name| name.unpack(&actors)).collect::<Option<Vec<Name>>>();
        let names = names.ok_or_else(|| damaged("a name of no actor"))?;
        let index = || {
            Some(Index {
                names: Phrases::unpack(packed.by_name, &keep)?,
                places: Gazetteer::unpack(&packed.places, &keep)?,
                occasions: Phrases::unpack(packed.occasions, &keep)?,
                orders: Some(packed.orders.into_owned()).filter(|orders| orders.fit(&tables))?,
            })
        };
        let index = index().ok_or_else(|| damaged("no index"))?;
        Ok(Knowledge::assembled(tables, keep(packed.named), actors, names, index))
    }

    /// Sixteen hex digits that change with any row: the version of the tables, for records of a run.
    pub fn version(&self) -> String {
        postcard::to_allocvec(&self.clone().into_tables()).map(|bytes| fingerprint(&bytes)).unwrap_or_default()
    }
}

/// FNV-1a over eight bytes at a time in four interleaved sums, which do not wait for each other: the whole pack is
/// summed at each start, so the sum must be quick.
fn fingerprint(bytes: &[u8]) -> String {
    fn stir(sum: u64, word: u64) -> u64 {
        let sum = (sum ^ word).wrapping_mul(0x0000_0100_0000_01b3);
        sum ^ sum >> 29
    }
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let mut sums = [START; 4];
    let (blocks, rest) = bytes.as_chunks::<32>();
    let mut last = [0; 32];
    last[..rest.len()].copy_from_slice(rest);
    blocks.iter().chain([&last]).for_each(|block| {
        for (sum, word) in sums.iter_mut().zip(block.as_chunks().0) {
            *sum = stir(*sum, u64::from_le_bytes(*word));
        }
    });
    let whole = sums.into_iter().fold(stir(START, bytes.len() as u64), stir);
    format!("{whole:016x}")
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
