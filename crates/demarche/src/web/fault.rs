//! What went wrong, in one shape for people and for programs.

use axum::http::StatusCode;
use std::fmt::Display;
use std::path::Path;

/// Why there is no answer.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub status: StatusCode,
    /// In a sentence.
    pub what: String,
    /// Each single fault, where there are several.
    pub each: Vec<String>,
}

impl Fault {
    fn new(status: StatusCode, what: impl Into<String>) -> Fault {
        Fault { status, what: what.into(), each: Vec::new() }
    }
    /// What is asked for is not there.
    pub(crate) fn nowhere(what: impl Into<String>) -> Fault {
        Fault::new(StatusCode::NOT_FOUND, what)
    }
    /// The question makes no sense.
    pub(crate) fn asked(each: Vec<String>) -> Fault {
        let what = match each.as_slice() {
            [one] => one.clone(),
            _ => format!("{} faults in what was asked", each.len()),
        };
        Fault { each, ..Fault::new(StatusCode::BAD_REQUEST, what) }
    }
    /// The address has no such way of asking.
    pub(crate) fn method(what: impl Into<String>) -> Fault {
        Fault::new(StatusCode::METHOD_NOT_ALLOWED, what)
    }
    /// A text that is longer than a page reads.
    pub(crate) fn too_long(what: impl Into<String>) -> Fault {
        Fault::new(StatusCode::PAYLOAD_TOO_LARGE, what)
    }
    /// Whoever asks may not.
    pub(crate) fn forbidden(what: impl Into<String>) -> Fault {
        Fault::new(StatusCode::FORBIDDEN, what)
    }
    /// Whoever asks has not said who they are.
    pub(crate) fn unknown(what: impl Into<String>) -> Fault {
        Fault::new(StatusCode::UNAUTHORIZED, what)
    }
    /// Not now.
    pub(crate) fn busy(what: impl Into<String>) -> Fault {
        Fault::new(StatusCode::SERVICE_UNAVAILABLE, what)
    }
    /// Too often.
    pub(crate) fn too_often() -> Fault {
        Fault::new(StatusCode::TOO_MANY_REQUESTS, "too many requests from this address; wait a moment")
    }
    /// The program or its ledger failed.
    pub(crate) fn own(what: impl Display) -> Fault {
        Fault::new(StatusCode::INTERNAL_SERVER_ERROR, what.to_string())
    }

    /// The same without the folder of the ledger, which is nobody's business but its owner's.
    pub(crate) fn without(&self, ledger: Option<&Path>) -> Fault {
        let folder = ledger.and_then(Path::parent).map(|folder| folder.display().to_string());
        let Some(folder) = folder.filter(|folder| !folder.is_empty()) else { return self.clone() };
        let short = |text: &String| text.replace(&format!("{}/", folder.trim_end_matches('/')), "");
        Fault { status: self.status, what: short(&self.what), each: self.each.iter().map(short).collect() }
    }

    /// `{"ok": false, "error": …, "errors": […], "status": …}`.
    pub(crate) fn json(&self) -> serde_json::Value {
        let each = if self.each.is_empty() { vec![self.what.clone()] } else { self.each.clone() };
        serde_json::json!({ "ok": false, "error": self.what, "errors": each, "status": self.status.as_u16() })
    }
}

impl From<demarche_store::Error> for Fault {
    fn from(error: demarche_store::Error) -> Fault {
        if error.is_about_what_was_asked() {
            Fault::nowhere(error.to_string())
        } else if error.is_interrupted() {
            Fault::busy("the question took too long and was ended (hint: a shorter period, or a narrower question)")
        } else if error.is_locked() || error.is_missing() {
            Fault::busy(error.to_string())
        } else {
            Fault::own(error)
        }
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Fault {
        match error.downcast::<demarche_store::Error>() {
            Ok(error) => error.into(),
            Err(error) => Fault::own(format!("{error:#}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_the_ledger_lies_is_not_told() {
        let fault = Fault::busy("/home/a/b/news.db: another demarche is writing this ledger");
        let told = fault.without(Some(Path::new("/home/a/b/news.db")));
        assert_eq!(told.what, "news.db: another demarche is writing this ledger");
        assert_eq!(fault.without(Some(Path::new("news.db"))).what, fault.what);
    }
}
