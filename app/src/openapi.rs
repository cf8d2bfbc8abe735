//! The OpenAPI 3.1 document, made from the same registry as the router; it never describes a route that is not there.

use std::sync::LazyLock;

use hiec_web::{Capability, Route};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::program;

/// The document as served.
pub fn text() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| document(&program::capabilities()).to_string());
    &TEXT
}

/// The document of these capabilities.
pub fn document(capabilities: &[Capability]) -> Value {
    let mut generator = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator();
    let mut paths: Map<String, Value> = Map::new();
    for capability in capabilities {
        for route in &capability.routes {
            let path = plain(route.path);
            let entry = paths.entry(path).or_insert_with(|| json!({}));
            if let Some(methods) = entry.as_object_mut() {
                methods.insert(route.method.as_str().to_lowercase(), operation(capability.name, route, &mut generator));
            }
        }
    }
    let health = json!({ "get": {
        "summary": "Whether the service and its database answer",
        "operationId": "get-health",
        "tags": ["operations"],
        "security": [],
        "responses": {
            "200": { "description": "Both answer" },
            "503": { "description": "The database does not answer" }
        }
    }});
    paths.insert("/health".into(), health);
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Problem".into(), problem());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "hiec",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Every page has a machine twin: send Accept: application/json. A change answers 200 or 201 with the address to go on to; \
                a refusal answers application/problem+json. A person makes tokens on the account page; `read` lets a program read, `write` change. \
                The extension x-action names the action the policies decide on (see /policies).",
            "license": { "name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later" }
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "A token made on the account page: hiec_…" }
            }
        }
    })
}

/// `/assets/{*name}` as OpenAPI spells it.
fn plain(path: &str) -> String {
    path.replace("{*", "{")
}

fn operation(capability: &str, route: &Route, generator: &mut SchemaGenerator) -> Value {
    let is_get = route.method == http::Method::GET;
    let parameters: Vec<Value> = path_parameters(route.path)
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let refused = |description: &str| {
        json!({
            "description": description,
            "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
        })
    };
    let mut responses = json!({
        "401": refused("A token is needed, or the one sent is not known"),
        "404": refused("Not there, or not yours to see"),
    });
    let mut operation = json!({
        "summary": route.summary,
        "operationId": operation_id(route),
        "tags": [capability],
        "x-action": route.action,
        "parameters": parameters,
    });
    if let (Some(responses), Some(fields)) = (responses.as_object_mut(), operation.as_object_mut()) {
        if is_get {
            responses.insert("200".into(), json!({ "description": "The page, or its data as JSON", "content": { "application/json": {}, "text/html": {} } }));
        } else {
            responses.insert(
                "200".into(),
                json!({ "description": "Done; `location` says where to go on", "content": { "application/json": {} } }),
            );
            responses.insert(
                "201".into(),
                json!({ "description": "Made; `location` says where it is", "content": { "application/json": {} } }),
            );
            responses.insert("403".into(), refused("Seen, but not yours to do"));
            responses.insert("409".into(), refused("The state of things does not allow it now"));
            responses.insert("422".into(), refused("A field is missing or wrong"));
        }
        if let Some(input) = route.input {
            let schema = input(generator);
            let body = json!({ "required": true, "content": {
                "application/json": { "schema": schema },
                "application/x-www-form-urlencoded": { "schema": schema }
            }});
            fields.insert("requestBody".into(), body);
        }
        if route.takes_file {
            let schema = json!({
                "type": "object",
                "properties": { "file": { "type": "string", "format": "binary" } },
                "required": ["file"],
            });
            let body = json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } });
            fields.insert("requestBody".into(), body);
        }
        if route.action.starts_with("public.") {
            fields.insert("security".into(), json!([]));
        }
    }
    operation["responses"] = responses;
    operation
}

/// The names in braces.
pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|part| part.split('}').next()).map(|name| name.trim_start_matches('*'))
}

/// `post-bids-bid-submission`: stable as long as method and path are.
fn operation_id(route: &Route) -> String {
    let words: Vec<&str> =
        route.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let place = if words.is_empty() { "home".to_owned() } else { words.join("-") };
    format!("{}-{place}", route.method.as_str().to_lowercase())
}

fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["title", "detail", "status"],
        "properties": {
            "type": { "type": "string" },
            "title": { "type": "string", "description": "What happened" },
            "detail": { "type": "string", "description": "What to do next" },
            "status": { "type": "integer" },
            "kind": { "type": "string" },
            "errors": {
                "type": "array",
                "description": "Every field to correct, in the order of the form",
                "items": { "type": "object", "properties": { "field": { "type": "string" }, "message": { "type": "string" } } }
            },
            "reference": { "type": "string", "description": "To be quoted to the operator" }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_route_is_described_once_and_every_reference_leads_somewhere() {
        let capabilities = program::capabilities();
        let document = document(&capabilities);
        let mut ids = BTreeSet::new();
        for route in capabilities.iter().flat_map(|capability| &capability.routes) {
            let method = route.method.as_str().to_lowercase();
            let operation = &document["paths"][plain(route.path)][&method];
            assert_eq!(operation["summary"], route.summary, "{method} {}", route.path);
            assert!(ids.insert(operation["operationId"].to_string()), "{} twice", operation["operationId"]);
            assert_eq!(operation["parameters"].as_array().unwrap().len(), path_parameters(route.path).count());
            let file = &operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]["file"];
            assert_eq!(file.is_object(), route.takes_file, "{}", route.path);
        }
        let text = document.to_string();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(document["components"]["schemas"].get(name).is_some(), "{name}");
        }
        assert_eq!(document["openapi"], "3.1.0");
    }
}
