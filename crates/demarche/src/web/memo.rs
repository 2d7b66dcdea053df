//! Answers that were given already: the same question of the same state of the ledger costs nothing twice.

use axum::body::Bytes;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::collections::{HashMap, VecDeque};

/// What an answer is made of, in one shape.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// Its content type.
    pub kind: &'static str,
    pub body: Bytes,
    /// A header besides: where the list goes on, or under which name a file is kept.
    pub beside: Option<(HeaderName, HeaderValue)>,
}

impl IntoResponse for Written {
    fn into_response(self) -> Response {
        let mut response = ([(header::CONTENT_TYPE, self.kind)], self.body).into_response();
        response.headers_mut().extend(self.beside);
        response
    }
}

/// Bytes held.
const ROOM: usize = 32 << 20;
/// What an answer costs beside its body.
const BESIDE: usize = 256;

/// Answers by their tag, which is of the state, the address, its shape and who asks. The oldest go first.
#[derive(Debug)]
pub(super) struct Memo {
    held: HashMap<String, Written>,
    order: VecDeque<String>,
    bytes: usize,
    room: usize,
}

impl Default for Memo {
    fn default() -> Memo {
        Memo { held: HashMap::new(), order: VecDeque::new(), bytes: 0, room: ROOM }
    }
}

impl Memo {
    pub(super) fn get(&self, tag: &str) -> Option<Written> {
        self.held.get(tag).cloned()
    }

    /// One that takes a great part of the room is not kept.
    pub(super) fn keep(&mut self, tag: &str, written: &Written) {
        let cost = |written: &Written| written.body.len() + BESIDE;
        if cost(written) > self.room / 8 || self.held.contains_key(tag) {
            return;
        }
        self.bytes += cost(written);
        self.held.insert(tag.to_string(), written.clone());
        self.order.push_back(tag.to_string());
        while self.bytes > self.room {
            let Some(oldest) = self.order.pop_front() else { break };
            self.bytes -= self.held.remove(&oldest).as_ref().map_or(0, cost);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_answers_go_first_and_room_is_kept() {
        let mut memo = Memo { room: 80_000, ..Memo::default() };
        let written = |n: usize| Written { kind: "text/plain", body: vec![b'x'; n].into(), beside: None };
        for n in 0..20 {
            memo.keep(&n.to_string(), &written(9_000));
            assert!(memo.bytes <= memo.room);
        }
        assert!(memo.get("0").is_none() && memo.get("19").is_some());
        assert_eq!((memo.held.len(), memo.order.len()), (8, 8));
        memo.keep("large", &written(20_000));
        assert!(memo.get("large").is_none() && memo.get("19").is_some());
    }
}
