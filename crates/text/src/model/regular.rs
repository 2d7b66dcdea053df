//! The dictionary form of a regular verb, where the network's edit made no word of it ("urged" to "urg").
//!
//! The vocabulary of word pieces serves as the dictionary: of the ways in which English spells the ending,
//! the one that leaves a known word is taken, and where none does, the spelling decides.

/// The lemma of a lower-case verb form, given what the network made of it; `None` where that may stand.
pub(super) fn verb(form: &str, predicted: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    if known(predicted) || !form.is_ascii() {
        return None;
    }
    let stem = |ending: &str| form.strip_suffix(ending).filter(|s| s.len() >= 2);
    let ies = stem("ied").or_else(|| stem("ies"));
    if let Some(stem) = ies {
        return Some(format!("{stem}y"));
    }
    if let Some(stem) = stem("ed").or_else(|| stem("ing")) {
        let with_e = format!("{stem}e");
        let single = doubled(stem).then(|| stem[..stem.len() - 1].to_string());
        let candidates = [Some(stem.to_string()), single.clone(), Some(with_e.clone())];
        let mut words = candidates.into_iter().flatten().filter(|c| known(c));
        let first = words.next();
        return match (first, words.next()) {
            // "hop" and "hope": one consonant after one vowel takes the e.
            (Some(_), Some(second)) if second == with_e && !doubled(stem) => Some(second),
            (Some(word), _) => Some(word),
            (None, _) if silent_e(stem) => Some(with_e),
            (None, _) => Some(single.unwrap_or_else(|| stem.to_string())),
        };
    }
    let plural = stem("s").filter(|s| !s.ends_with('s'))?;
    let short = stem("es").filter(|s| s.ends_with(['s', 'x', 'z']) || s.ends_with("ch") || s.ends_with("sh"));
    Some(short.filter(|s| known(s) || !known(plural)).unwrap_or(plural).to_string())
}

/// The singular of a lower-case plural, given what the network made of it; `None` where that may stand.
pub(super) fn noun(form: &str, predicted: &str, known: impl Fn(&str) -> bool) -> Option<String> {
    if known(predicted) || predicted == form || !form.is_ascii() {
        return None;
    }
    candidates(form, false).find(|c| known(c))
}

/// Every way to take a regular ending off, the likelier first.
pub(super) fn candidates(form: &str, verb: bool) -> impl Iterator<Item = String> {
    let stem = |ending: &str| form.strip_suffix(ending).filter(|s| s.len() >= 2 && form.is_ascii());
    let mut found: Vec<String> = Vec::new();
    found.extend(stem("ies").map(|s| format!("{s}y")));
    found.extend(stem("men").filter(|_| !verb).map(|s| format!("{s}man")));
    if verb {
        found.extend(stem("ied").map(|s| format!("{s}y")));
        for stem in stem("ed").into_iter().chain(stem("ing")) {
            found.push(format!("{stem}e"));
            found.push(stem.to_string());
            found.extend(doubled(stem).then(|| stem[..stem.len() - 1].to_string()));
        }
    }
    found.extend(stem("s").map(str::to_string));
    found.extend(stem("es").map(str::to_string));
    found.push(form.to_string());
    found.into_iter()
}

/// Whether a form cannot be of this lemma, which would have doubled its last consonant: "raped" is not of "rap".
pub(super) fn misspelt(form: &str, lemma: &str) -> bool {
    let vowel = |c: u8| matches!(c, b'a' | b'e' | b'i' | b'o' | b'u');
    let closed = match lemma.as_bytes() {
        [rest @ .., one, last] => {
            rest.len() <= 2
                && !rest.is_empty()
                && !rest.iter().any(|c| vowel(*c))
                && vowel(*one)
                && !vowel(*last)
                && !matches!(last, b'w' | b'x' | b'y' | b's')
        }
        _ => false,
    };
    closed && form.strip_prefix(lemma).is_some_and(|ending| ending == "ed" || ending == "ing")
}

/// "stopp", "bann": a consonant that the ending doubled.
fn doubled(stem: &str) -> bool {
    let b = stem.as_bytes();
    b.len() >= 4
        && b[b.len() - 1] == b[b.len() - 2]
        && !matches!(b[b.len() - 1], b'a' | b'e' | b'i' | b'o' | b'u' | b's' | b'z')
}

/// Whether a stem is spelt with a final e: "recognis", "ceas", "forg", "resolv", "continu".
fn silent_e(stem: &str) -> bool {
    let b = stem.as_bytes();
    let vowel = |c: u8| matches!(c, b'a' | b'e' | b'i' | b'o' | b'u');
    match b {
        [.., b'c' | b'v' | b'u' | b'z'] => true,
        [.., b'd' | b'r', b'g'] => true,
        [.., before, b's'] => *before != b's',
        [.., b'a', b't'] => true,
        [.., before, b'l'] => matches!(before, b'b' | b'c' | b'd' | b'f' | b'g' | b'k' | b'p' | b't'),
        [.., two, one, last] => {
            !vowel(*two) && vowel(*one) && matches!(last, b'k' | b'm' | b'r' | b'g' | b'p') && b.len() <= 4
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{misspelt, verb};

    #[test]
    fn short_verbs_double_their_last_letter() {
        assert!(misspelt("raped", "rap") && misspelt("hoping", "hop"));
        assert!(!misspelt("rapped", "rap") && !misspelt("vowed", "vow") && !misspelt("helped", "help"));
    }

    #[test]
    fn endings_come_off_as_they_were_spelt() {
        let known = |w: &str| {
            ["urge", "praise", "thank", "ban", "hop", "hope", "vow", "deny", "clash", "release", "offer"].contains(&w)
        };
        for (form, wrong, lemma) in [
            ("urged", "urg", "urge"),
            ("praising", "prais", "praise"),
            ("thanked", "thanke", "thank"),
            ("banned", "bann", "ban"),
            ("vowed", "vowe", "vow"),
            ("denied", "denie", "deny"),
            ("clashes", "clashe", "clash"),
            ("releases", "releas", "release"),
            ("recognised", "recognis", "recognise"),
            ("ratified", "ratifie", "ratify"),
            ("compensated", "compensat", "compensate"),
            ("lobbied", "lobbie", "lobby"),
        ] {
            assert_eq!(verb(form, wrong, known).as_deref(), Some(lemma), "{form}");
        }
        assert_eq!(verb("offered", "offer", known), None);
    }
}
