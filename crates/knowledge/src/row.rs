//! Where a fact stands: every answer can name the file and the line that an editor would change.

use demarche_core::EventType;
use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! tables {
    ($($(#[$doc:meta])* $variant:ident = $path:literal),+ $(,)?) => {
        /// A file of the data folder.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Table {
            $($(#[$doc])* $variant,)+
            /// `patterns/<type>.toml`
            Patterns(EventType),
            /// An actor or agent dictionary of the PETRARCH family, laid over the tables as it is.
            Dictionary,
        }
        impl Table {
            /// Every table that is not a file of patterns.
            pub const PLAIN: &[Table] = &[$(Table::$variant),+];

            fn plain_path(self) -> Option<&'static str> {
                match self { $(Table::$variant => Some($path),)+ Table::Patterns(_) | Table::Dictionary => None }
            }
        }
    };
}

tables! {
    /// States and how long they existed.
    States = "actors/states.tsv",
    /// Further names of states, groups, bodies and non-state actors.
    Names = "actors/names.tsv",
    /// Organisations and blocs of states.
    Groups = "actors/groups.tsv",
    /// Who belonged to which group, and how.
    Memberships = "actors/memberships.tsv",
    /// Organs and organisations of one state.
    Bodies = "actors/bodies.tsv",
    /// Armed groups, movements, firms, media, churches.
    NonState = "actors/nonstate.tsv",
    /// Persons.
    Persons = "actors/persons.tsv",
    /// Offices.
    Offices = "actors/offices.tsv",
    /// Who held which office.
    Tenures = "actors/tenures.tsv",
    /// Common nouns that give a sector.
    Agents = "agents.tsv",
    /// Words that change the sector of such a noun.
    AgentModifiers = "agent-modifiers.tsv",
    /// Dated happenings that later events refer to.
    Occasions = "occasions.tsv",
    /// Pacts, wars, rivalries, disputes, broken relations.
    Ties = "ties.tsv",
    /// Towns.
    Places = "places/cities.tsv",
    /// First-level regions.
    Regions = "places/regions.tsv",
    /// The middle of each state.
    Countries = "places/countries.tsv",
    /// Seas, rivers, mountains, islands, bases, buildings, regions in dispute.
    Features = "places/features.tsv",
    /// The outlines of states, for maps.
    Borders = "places/borders.tsv",
    /// Publishers and agencies.
    Publishers = "sources.tsv",
    /// The event types.
    Types = "codebook/types.toml",
    /// The modes of each type.
    Modes = "codebook/modes.toml",
    /// The contexts and the words that show them.
    Contexts = "codebook/contexts.toml",
    /// CAMEO's codes and the types that they correspond to.
    Cameo = "codebook/cameo.tsv",
    /// How other data sets write what has a code here.
    Crosswalk = "codebook/crosswalk.tsv",
    /// Verbs of saying.
    SpeechVerbs = "language/speech-verbs.tsv",
    /// Words that deny, plan, demand, doubt.
    Factuality = "language/factuality.toml",
    /// Words that refer back, count and carry.
    References = "language/references.toml",
    /// Words of sport, accidents and disasters.
    Registers = "language/registers.toml",
    /// Words that state what stands between actors.
    Relations = "patterns/relations.toml",
}

impl Table {
    /// The path below the data folder.
    pub fn path(self) -> String {
        match self {
            Table::Patterns(event_type) => format!("patterns/{}.toml", event_type.as_str().to_ascii_lowercase()),
            Table::Dictionary => "dictionary".to_owned(),
            plain => plain.plain_path().unwrap_or_default().to_owned(),
        }
    }
    /// Every table, patterns included.
    pub fn all() -> impl Iterator<Item = Table> {
        Table::PLAIN.iter().copied().chain(EventType::ALL.iter().map(|&event_type| Table::Patterns(event_type)))
    }
}

/// One row: a table, a line, and whether it is the user's own row or a built-in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowRef {
    /// The file.
    pub table: Table,
    /// The line, from 1.
    pub line: u32,
    /// Whether it comes from a folder laid over the built-in tables.
    pub overlay: bool,
}

impl fmt::Display for RowRef {
    /// `actors/names.tsv:12`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.table.path(), self.line)
    }
}
