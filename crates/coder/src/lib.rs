//! What does this text report? A [`Document`](demarche_text::Document) and dated knowledge become coded events.
//!
//! Three types to know: [`Coder`] (frozen, made once over the knowledge), [`Coding`] (all that one document yields)
//! and [`Trace`] (why an event was coded as it was).
//! Pure: no file, no clock, no network, no threads; the coder never sees another article.

mod announce;
mod attribution;
mod check;
mod code;
mod coder;
mod convert;
mod coref;
mod factuality;
mod fold;
mod frame;
mod given;
mod glance;
mod hear;
mod home;
mod mention;
mod note;
mod occasion;
mod pair;
mod place;
mod register;
mod relation;
mod resolve;
mod timing;
mod toponym;
pub mod when;
mod who;
mod words;

pub use code::Trace;
pub use coder::{Coder, Coding, records};
pub use convert::plover_type;
pub use factuality::Standing;
pub use given::Saying;
pub use glance::{CheapLook, Looking};
pub use hear::{Ear, Leaning};
pub use occasion::occasions;
pub use pair::PairCoding;
pub use place::FoundPlace;
pub use timing::{TimeTold, latest_date};
pub use who::{Belonging, OfficeHeld, StateIds, Tied, Who};
