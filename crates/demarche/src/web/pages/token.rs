//! Where a person shows that they may write, or over a network read.

use super::field;
use crate::web::ask::Ask;
use crate::web::fault::Fault;
use crate::web::guard::{COOKIE, same, set_cookie};
use crate::web::page::{Method, Page, Param, Reply, Sheet, View};
use maud::{Markup, html};

pub(in crate::web) const PAGE: Page = Page {
    name: "token",
    method: Method::Get,
    path: "/token",
    about: "Where the token is entered that `demarche serve --token` was given",
    params: &[],
    answer: asked,
};

const PARAMS: &[Param] = &[field("token", "The token", "")];

pub(in crate::web) const ENTERED: Page = Page {
    name: "token-entered",
    method: Method::Post,
    path: "/token",
    about: "Takes the token and remembers it in a cookie of this browser",
    params: &[PARAMS],
    answer: entered,
};

fn asked(ask: &Ask<'_>) -> Result<Reply, Fault> {
    Ok(Reply::View(Box::new(Token { trusted: ask.trusted, wanted: ask.site.token().is_some() })))
}

fn entered(ask: &Ask<'_>) -> Result<Reply, Fault> {
    let given = ask.get("token").unwrap_or_default();
    if !ask.site.token().is_some_and(|token| same(given, token)) {
        return Err(Fault::unknown("that is not the token"));
    }
    Ok(Reply::See("/token".to_string(), Some(set_cookie(COOKIE, given, None))))
}

struct Token {
    trusted: bool,
    wanted: bool,
}

impl View for Token {
    fn title(&self) -> String {
        "Token".to_string()
    }

    fn html(&self, _ask: &Ask<'_>) -> Markup {
        html! {
            h1 { "Token" }
            @if self.trusted {
                p { "This browser has shown the token: it may write corrections." }
            } @else if self.wanted {
                form method="post" {
                    label.field { span { "Token" } input type="password" name="token" required autocomplete="current-password"; }
                    button { "Enter" }
                }
            } @else {
                p { "This site was started without a token, so that nothing can be written here. " code { "demarche serve LEDGER --token WORD" } " lets corrections be entered." }
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        serde_json::json!({ "trusted": self.trusted, "wanted": self.wanted })
    }

    fn sheet(&self) -> Sheet {
        Sheet {
            columns: vec!["trusted", "wanted"],
            rows: vec![vec![self.trusted.to_string(), self.wanted.to_string()]],
        }
    }
}
