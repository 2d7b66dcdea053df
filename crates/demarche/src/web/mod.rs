//! Pages on this machine: what the ledger holds and what an article says, as HTML for people and as JSON and CSV for
//! programs, at one and the same address.
//!
//! A page is an entry of [`pages::PAGES`]: its address, what it takes, and a function from [`Ask`] to a [`View`].
//! The router, the description for programs (`/openapi.json`) and the page that lists them are made from these entries.
//! Pages are plain functions: threads, time limits, caching and everything about HTTP is [`answer`]'s and [`guard`]'s.

mod answer;
mod ask;
mod asset;
mod fault;
mod frame;
mod guard;
mod listen;
mod markdown;
mod memo;
mod openapi;
mod page;
mod pages;
mod parts;
mod reader;
mod site;
#[cfg(test)]
mod tests;
mod url;
mod visible;

pub use listen::{Options, serve};
pub use site::Site;

use axum::Router;
use axum::routing::{MethodFilter, get, on};
use page::Method;
use std::sync::Arc;

/// The whole site.
pub fn app(site: Arc<Site>) -> Router {
    let mut router = Router::new();
    for page in pages::PAGES {
        let method = match page.method {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
        };
        for path in page.paths() {
            router = router.route(&path, on(method, move |site, request| answer::answer(site, page, request)));
        }
    }
    router
        .route("/static/{name}", get(asset::asset))
        .fallback(answer::nowhere)
        // How long a body may be is the business of what reads it.
        .layer(axum::extract::DefaultBodyLimit::disable())
        .method_not_allowed_fallback(answer::otherwise)
        .layer(axum::middleware::from_fn_with_state(Arc::clone(&site), guard::guard))
        .with_state(site)
}
