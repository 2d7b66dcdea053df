//! robots.txt: what a site asks its visitors to leave alone (RFC 9309), and how long it asks them to wait.

use std::time::Duration;

/// The name under which a site may speak to this program.
pub(super) const AGENT: &str = "demarche";
/// No more of the file is read (RFC 9309 asks for 500 KiB at least).
pub(super) const LARGEST: u64 = 512 << 10;
/// No site is waited for longer between two requests, whatever it asks for.
const LONGEST_DELAY: f64 = 120.0;

/// What a site asks of this program.
#[derive(Debug, Default, Clone, PartialEq)]
pub(super) struct Robots {
    rules: Vec<Rule>,
    /// The pause that it asks for between requests.
    pub(super) delay: Option<Duration>,
    closed: bool,
}

#[derive(Debug, Clone, PartialEq)]
struct Rule {
    allow: bool,
    path: String,
}

impl Robots {
    /// What a site without the file asks: nothing.
    pub(super) fn open() -> Robots {
        Robots::default()
    }

    /// What a site asks whose file cannot be had because the site is in trouble: everything, for now.
    pub(super) fn closed() -> Robots {
        Robots { closed: true, ..Robots::default() }
    }

    /// Reads the file: the groups that name this program, else those for everybody.
    pub(super) fn read(text: &str) -> Robots {
        let (mut ours, mut everybody) = (Robots::default(), Robots::default());
        let mut named = false;
        // Which of the two the group being read speaks to, and whether its names are still being read.
        let (mut to_us, mut to_all, mut naming) = (false, false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':').map(|(k, v)| (k.trim().to_ascii_lowercase(), v.trim()))
            else {
                continue;
            };
            if key == "user-agent" {
                if !naming {
                    (to_us, to_all) = (false, false);
                }
                naming = true;
                let name = value.split('/').next().unwrap_or_default().trim().to_ascii_lowercase();
                to_us |= name == AGENT;
                to_all |= name == "*";
                named |= to_us;
                continue;
            }
            let add = |robots: &mut Robots| match key.as_str() {
                // An empty rule forbids nothing.
                "allow" | "disallow" if !value.is_empty() => {
                    robots.rules.push(Rule { allow: key == "allow", path: decoded(value) });
                }
                "crawl-delay" => {
                    let seconds = value.parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0);
                    robots.delay = seconds.map(|s| Duration::from_secs_f64(s.min(LONGEST_DELAY)));
                }
                _ => {}
            };
            if matches!(key.as_str(), "allow" | "disallow" | "crawl-delay") {
                naming = false;
                if to_us {
                    add(&mut ours);
                }
                if to_all {
                    add(&mut everybody);
                }
            }
        }
        if named { ours } else { everybody }
    }

    /// Whether a path, with its query, may be asked for: the longest rule that matches decides, for the visitor
    /// where two are as long.
    pub(super) fn allows(&self, path: &str) -> bool {
        let path = decoded(path);
        let longest = self
            .rules
            .iter()
            .filter(|rule| matches(&rule.path, &path))
            .max_by_key(|rule| (rule.path.len(), rule.allow));
        !self.closed && longest.is_none_or(|rule| rule.allow)
    }
}

/// `%41` and `A` are the same; a coded slash stays coded.
fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match pair.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if bytes[at] == b'%' && !matches!(byte, b'/' | b'%' | b'*' | b'$') => {
                plain.push(byte);
                at += 3;
            }
            _ => {
                plain.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

/// Whether a rule's path matches from the beginning; `*` is anything and a last `$` the end.
fn matches(rule: &str, path: &str) -> bool {
    let (rule, whole) = rule.strip_suffix('$').map_or((rule, false), |rule| (rule, true));
    let mut parts = rule.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else { return !whole || rest.is_empty() };
    for part in between {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    if whole { rest.ends_with(last) } else { rest.contains(last) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_of_the_right_group_decides() {
        let robots = Robots::read(
            "User-agent: other\nUser-agent: Demarche/1.0\nDisallow: /private # no\nAllow: /private/press\nDisallow: /*.pdf$\nDisallow:\nCrawl-delay: 2.5\n\nUser-agent: *\nDisallow: /\n",
        );
        for (path, allowed) in [
            ("/", true),
            ("/private/x", false),
            ("/private/press/1", true),
            ("/%70rivate", false),
            ("/a/b.pdf", false),
            ("/a/b.pdf?x=1", true),
        ] {
            assert_eq!(robots.allows(path), allowed, "{path}");
        }
        assert_eq!(robots.delay, Some(Duration::from_millis(2500)));
        let everybody = Robots::read("User-agent: *\nDisallow: /a\nUser-agent: demarchement\nDisallow: /b");
        assert!(!everybody.allows("/a") && everybody.allows("/b"));
        assert!(Robots::open().allows("/a") && !Robots::closed().allows("/a"));
    }
}
