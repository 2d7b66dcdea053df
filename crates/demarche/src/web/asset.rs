//! Styles and small scripts of the project's own, within the program.

use super::answer;
use super::site::Site;
use axum::extract::{Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::{Arc, OnceLock};

const ASSETS: &[(&str, &str, &str)] = &[
    ("site.css", "text/css; charset=utf-8", include_str!("../../static/site.css")),
    ("plot.css", "text/css; charset=utf-8", include_str!("../../static/plot.css")),
    ("read.js", "text/javascript; charset=utf-8", include_str!("../../static/read.js")),
    ("site.js", "text/javascript; charset=utf-8", include_str!("../../static/site.js")),
    ("correct.js", "text/javascript; charset=utf-8", include_str!("../../static/correct.js")),
    ("months.js", "text/javascript; charset=utf-8", include_str!("../../static/months.js")),
];

/// What changes whenever one of them does: a part of their addresses, so that they are kept for good.
pub(super) fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let all: Vec<&str> = ASSETS.iter().map(|(_, _, text)| *text).collect();
        demarche_core::stable_hash(&all)
    })
}

/// The address of one.
pub(super) fn address(name: &str) -> String {
    format!("/static/{name}?v={}", version())
}

/// Answers a request for one. The name is taken as it stands: nothing is decoded, nothing is looked up on the disk.
pub(super) async fn asset(site: State<Arc<Site>>, request: Request) -> Response {
    let name = request.uri().path().strip_prefix("/static/").unwrap_or_default();
    match ASSETS.iter().find(|(known, _, _)| *known == name) {
        Some((_, kind, text)) => {
            ([(header::CONTENT_TYPE, *kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")], *text)
                .into_response()
        }
        None => answer::nowhere(site, request).await,
    }
}
