//! What was true on that day? Actors, their names, offices and memberships, each with its dates and its row.
//!
//! Three types to know: [`Knowledge`] (frozen; ask it), [`Tables`] (the plain rows of a data folder) and
//! [`DataFault`] (what is wrong with a row, said to the person who edits it).
//!
//! ```
//! use demarche_knowledge::{Knowledge, load};
//! let (tables, faults) = load("../../tests/world".as_ref());
//! assert!(faults.is_empty());
//! let (world, _) = Knowledge::from_tables(tables, None);
//! let (end, names) = &world.names_at("Arnor’s president spoke.", 0)[0];
//! assert_eq!((*end, names[0].actor.as_str()), (5, "ARN"));
//! let holders = world.holders("ARN", jiff::civil::date(1950, 3, 2));
//! let president = holders.iter().find(|(office, _)| office.title == "President").unwrap();
//! assert_eq!(president.1.person, "elessar");
//! ```
//!
//! It reads no article, and knows no today: whoever asks brings the date.

pub mod actor;
pub mod agent;
pub mod border;
mod change;
mod check;
pub mod codebook;
mod derive;
mod fault;
mod fold;
mod gazetteer;
pub mod group;
mod hint;
mod knowledge;
pub mod lexicon;
mod likeness;
mod load;
pub mod name;
pub mod occasion;
pub mod office;
mod pack;
pub mod pattern;
mod phrase;
pub mod place;
pub mod publisher;
pub mod row;
mod tables;
pub mod tie;

pub use actor::{Actor, ActorKind, Body, NonState, Person, State};
pub use agent::{Agent, AgentKind, AgentModifier};
pub use border::{Border, BorderRow, Borders};
pub use change::RowChange;
pub use codebook::Codebook;
pub use fault::DataFault;
pub use group::{Group, GroupKind, Membership, Status};
pub use knowledge::Knowledge;
pub use lexicon::{Lexicon, SpeechVerb};
pub use likeness::Likeness;
pub use load::{dictionaries, load};
pub use name::{Name, NameKind, NameRow};
pub use occasion::{Occasion, Point};
pub use office::{Office, OfficeKind, Tenure};
pub use pack::PackFault;
pub use pattern::{Needs, Pattern, PatternIx, Patterns, Reports, Slot, TriggerKind};
pub use place::{Place, PlaceKind, PlaceRow, kilometres};
pub use publisher::Publisher;
pub use row::{RowRef, Table};
pub use tables::Tables;
pub use tie::{Tie, TieKind};
