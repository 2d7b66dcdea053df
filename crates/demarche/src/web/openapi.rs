//! The site described for programs, OpenAPI 3.1, from the same entries that make its router.

use super::page::{Kind, Method, Page, Param, Place};
use super::pages::PAGES;
use serde_json::{Map, Value, json};

fn schema(kind: Kind) -> Value {
    match kind {
        Kind::Text => json!({ "type": "string" }),
        Kind::Day => json!({ "type": "string", "pattern": r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$" }),
        Kind::Number(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::Flag => json!({ "type": "string", "enum": ["yes"] }),
        Kind::OneOf(all) => json!({ "type": "string", "enum": all }),
    }
}

fn parameter(param: &Param) -> Value {
    let mut parameter = json!({
        "name": param.name,
        "in": if param.place == Place::Path { "path" } else { "query" },
        "required": param.place == Place::Path,
        "description": param.about,
        "schema": schema(param.kind),
        "example": param.example,
    });
    // A form sends the fields that were left empty too.
    if param.place == Place::Query {
        parameter["allowEmptyValue"] = true.into();
    }
    parameter
}

fn operation(page: &Page, shape: &str) -> Value {
    let params: Vec<Value> = page.all_params().filter(|p| p.place != Place::Body).map(parameter).collect();
    let good = match shape {
        "csv" => json!({ "text/csv": { "schema": { "type": "string" } } }),
        _ => json!({ "application/json": { "schema": {
            "type": "object",
            "required": ["ok", "page"],
            "properties": {
                "ok": { "const": true },
                "page": { "const": page.name },
                "next": { "type": "string", "description": "the value of `before` for the rest of the list" },
                "next_url": { "type": "string" }
            }
        } } }),
    };
    let fault = json!({
        "description": "no answer",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Fault" } } }
    });
    let mut operation = json!({
        "operationId": format!("{}-{shape}", page.name),
        "summary": page.about,
        "parameters": params,
        "responses": {
            "200": { "description": page.about, "content": good },
            "303": { "description": "the answer is at another address of this site, in the same shape" },
            "default": fault,
        },
    });
    let body: Map<String, Value> = page
        .all_params()
        .filter(|p| p.place == Place::Body)
        .map(|p| {
            let mut schema = schema(p.kind);
            schema["description"] = p.about.into();
            (p.name.to_string(), schema)
        })
        .collect();
    if page.method == Method::Post {
        let schema = json!({ "type": "object", "properties": body, "additionalProperties": false });
        operation["requestBody"] = json!({ "content": {
            "application/json": { "schema": schema },
            "application/x-www-form-urlencoded": { "schema": schema },
        } });
    }
    operation
}

/// The whole description.
pub(super) fn description() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for page in PAGES {
        for shape in ["json", "csv"] {
            let stem = if page.path == "/" { "/index" } else { page.path };
            let method = if page.method == Method::Get { "get" } else { "post" };
            let path = paths.entry(format!("{stem}.{shape}")).or_insert_with(|| json!({}));
            path[method] = operation(page, shape);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "demarche",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "What a ledger of political events holds, and what an article says. Every page is at the same address without the ending.",
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "paths": paths,
        "components": { "schemas": { "Fault": {
            "type": "object",
            "required": ["ok", "error", "errors", "status"],
            "properties": {
                "ok": { "const": false },
                "error": { "type": "string" },
                "errors": { "type": "array", "items": { "type": "string" } },
                "status": { "type": "integer" }
            }
        } } },
    })
}
