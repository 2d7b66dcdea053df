//! The one place where addresses are made.

use std::fmt;

/// An address of this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Url {
    path: String,
    query: Vec<(String, String)>,
}

/// A part of a path or a value, with everything that would mean something in an address written otherwise.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What [`encoded`] wrote.
pub(crate) fn decoded(text: &str) -> String {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::new(), 0);
    while let Some(&byte) = bytes.get(at) {
        let pair = bytes.get(at + 1).and_then(digit).zip(bytes.get(at + 2).and_then(digit));
        match pair.filter(|_| byte == b'%') {
            Some((high, low)) => {
                out.push(high * 16 + low);
                at += 3;
            }
            None => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl Url {
    /// To a path whose parts are encoded already.
    pub(crate) fn to(path: impl Into<String>) -> Url {
        Url { path: path.into(), query: Vec::new() }
    }
    /// The same with a value, in place of one of that name.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: impl fmt::Display) -> Url {
        self.query.retain(|(known, _)| known != name);
        self.query.push((name.to_string(), value.to_string()));
        self
    }
    /// The same without a value.
    #[must_use]
    pub(crate) fn without(mut self, name: &str) -> Url {
        self.query.retain(|(known, _)| known != name);
        self
    }
    /// The same in another shape: `json`, `csv`.
    #[must_use]
    pub(crate) fn shaped(mut self, shape: &str) -> Url {
        let stem = if self.path == "/" { "/index" } else { self.path.as_str() };
        self.path = format!("{stem}.{shape}");
        self
    }

    /// Who does what: an actor's page.
    pub(crate) fn actor(name: &str) -> Url {
        Url::to(format!("/actor/{}", encoded(name)))
    }
    /// Two parties.
    pub(crate) fn dyad(one: &str, other: &str) -> Url {
        Url::to(format!("/dyad/{}/{}", encoded(one), encoded(other)))
    }
    /// One event, `e-…`.
    pub(crate) fn event(id: &str) -> Url {
        Url::to(format!("/event/{}", encoded(id)))
    }
    /// One happening, `s-…`.
    pub(crate) fn story(id: &str) -> Url {
        Url::to(format!("/story/{}", encoded(id)))
    }
    /// A document, `d-…`, at a sentence.
    pub(crate) fn source(document: &str, sentence: Option<u32>) -> Url {
        let sentence = sentence.map_or(String::new(), |n| format!("#s{n}"));
        Url::to(format!("/source/{}{sentence}", encoded(document)))
    }
    /// What changed between two runs.
    pub(crate) fn diff(old: i64, new: i64) -> Url {
        Url::to(format!("/runs/{old}/{new}"))
    }
    /// The form for one event, `e-…`.
    pub(crate) fn correction(event: &str) -> Url {
        Url::to("/corrections").with("event", event)
    }
    /// All runs.
    pub(crate) fn runs() -> Url {
        Url::to("/runs")
    }
    /// What one publisher has.
    pub(crate) fn publisher(name: &str) -> Url {
        Url::to("/sources").with("publisher", name)
    }
    /// What is found for a query.
    pub(crate) fn search(query: &str) -> Url {
        Url::to("/search").with("q", query)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, mark) = match self.path.split_once('#') {
            Some((path, mark)) => (path, Some(mark)),
            None => (self.path.as_str(), None),
        };
        f.write_str(path)?;
        for (n, (name, value)) in self.query.iter().enumerate() {
            write!(f, "{}{}={}", if n == 0 { '?' } else { '&' }, encoded(name), encoded(value))?;
        }
        mark.map_or(Ok(()), |mark| write!(f, "#{mark}"))
    }
}

impl maud::Render for Url {
    fn render_to(&self, buffer: &mut String) {
        self.to_string().render_to(buffer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_name_holds_stays_within_its_part() {
        assert_eq!(Url::actor("a/b?c#d é").to_string(), "/actor/a%2Fb%3Fc%23d%20%C3%A9");
        let url = Url::source("d-1", Some(3)).with("from", "2025-01").with("from", "2026&x=1");
        assert_eq!(url.to_string(), "/source/d-1?from=2026%26x%3D1#s3");
        for text in ["Éowyn of Rohan; x=1", "100%", "%4", "%zz", ""] {
            assert_eq!(decoded(&encoded(text)), text);
        }
        assert_eq!(decoded("%4%zz%"), "%4%zz%", "what nobody encoded is left as it is");
        assert_eq!(Url::to("/").shaped("json").to_string(), "/index.json");
    }
}
