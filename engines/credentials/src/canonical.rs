//! From JSON-LD to canonical N-Quads (RDFC-1.0), within bounds; it must never pass over a member that makes no statement.

use std::collections::{BTreeMap, HashMap, HashSet};

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm};
use oxrdf::{Dataset, NamedOrBlankNode, Quad, Term};
use serde_json::{Value, json};

use crate::contexts::pinned;
use crate::quoted;

/// What members and types no context defines are read as, and addresses that lack a beginning.
const UNDEFINED: &str = "hiec-undefined:";
const RELATIVE: &str = "hiec-relative://none/";
/// How many nodes may look alike at first sight, and how many such may hang on one node: the canonical form of look-alikes
/// costs as many tries as they have orders.
const MOST_ALIKE: usize = 24;
const MOST_ALIKE_TOGETHER: usize = 4;

/// The canonical statements of a document, one a line. The document's form and contexts must have been checked.
///
/// # Errors
/// A sentence: a member or type that no context defines, a value that makes no statement, or look-alikes without end.
pub fn statements(document: &Value) -> Result<String, String> {
    let quads = quads(document)?;
    every_text_is_stated(document, &quads)?;
    few_look_alike(&quads)?;
    let mut dataset: Dataset = quads.into_iter().collect();
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm: CanonicalizationHashAlgorithm::Sha256 });
    let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort_unstable();
    Ok(lines.concat())
}

fn quads(document: &Value) -> Result<Vec<Quad>, String> {
    let mut contexts = vec![json!({ "@vocab": UNDEFINED })];
    match document.get("@context") {
        Some(Value::Array(listed)) => contexts.extend(listed.iter().cloned()),
        _ => return Err("The credential has no list of contexts.".to_owned()),
    }
    let mut read = document.clone();
    read["@context"] = Value::Array(contexts);
    let text = serde_json::to_vec(&read).map_err(|error| error.to_string())?;
    let parser = JsonLdParser::new().with_base_iri(RELATIVE).map_err(|error| error.to_string())?;
    let parser = parser.for_slice(&text).with_load_document_callback(|address, _| match pinned(address) {
        Some(text) => Ok(JsonLdRemoteDocument { document: text.as_bytes().to_vec(), document_url: address.to_owned() }),
        None => Err("contexts are never fetched".into()),
    });
    let mut quads = Vec::new();
    for quad in parser {
        let quad = quad.map_err(|error| format!("Its JSON-LD cannot be read: {error}."))?;
        is_defined(&quad)?;
        quads.push(quad);
    }
    Ok(quads)
}

fn is_defined(quad: &Quad) -> Result<(), String> {
    if let Some(name) = quad.predicate.as_str().strip_prefix(UNDEFINED) {
        return Err(format!(
            "The member {} is in none of its contexts, so the signature does not cover it: anybody could have added it.",
            quoted(name)
        ));
    }
    let addresses = [
        match &quad.subject {
            NamedOrBlankNode::NamedNode(node) => Some(node.as_str()),
            NamedOrBlankNode::BlankNode(_) => None,
        },
        match &quad.object {
            Term::NamedNode(node) => Some(node.as_str()),
            _ => None,
        },
    ];
    for address in addresses.into_iter().flatten() {
        if let Some(name) = address.strip_prefix(UNDEFINED) {
            return Err(format!("The type or term {} is in none of its contexts, so it means nothing.", quoted(name)));
        }
        if address.starts_with("hiec-relative:") {
            let name = address.strip_prefix(RELATIVE).unwrap_or(address);
            return Err(format!(
                "{} stands where a whole address must, so the signature does not cover it.",
                quoted(name)
            ));
        }
    }
    Ok(())
}

/// JSON-LD passes over some values in silence, such as addresses with a space in them. Each text must turn up somewhere.
fn every_text_is_stated(document: &Value, quads: &[Quad]) -> Result<(), String> {
    let mut stated: HashSet<&str> = HashSet::new();
    for quad in quads {
        if let NamedOrBlankNode::NamedNode(node) = &quad.subject {
            stated.insert(node.as_str());
        }
        match &quad.object {
            Term::NamedNode(node) => {
                let address = node.as_str();
                stated.insert(address);
                // A term of the contexts stands for its address: assertionMethod, a type.
                stated.extend(address.rfind(['#', '/', ':']).and_then(|place| address.get(place + 1..)));
            }
            Term::Literal(literal) => {
                stated.insert(literal.value());
            }
            Term::BlankNode(_) => {}
        }
    }
    let mut rest = vec![document];
    while let Some(value) = rest.pop() {
        match value {
            Value::String(text) if !stated.contains(text.as_str()) => {
                return Err(format!(
                    "The value {} is not covered by the signature: it is no usable address.",
                    quoted(text)
                ));
            }
            Value::Array(items) => rest.extend(items),
            Value::Object(members) => {
                let texts = members.iter().filter(|(name, _)| !["@context", "@language"].contains(&name.as_str()));
                rest.extend(texts.map(|(_, value)| value));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Refuses graphs whose canonical form would take for ever. Nodes without an id hang as a tree, since none is named
/// in the text; the cost is in look-alikes under one parent, and in look-alikes of look-alikes.
fn few_look_alike(quads: &[Quad]) -> Result<(), String> {
    let mut faces: HashMap<&str, Vec<String>> = HashMap::new();
    let mut links: Vec<(&str, &str)> = Vec::new();
    for quad in quads {
        let subject = match &quad.subject {
            NamedOrBlankNode::BlankNode(node) => Some(node.as_str()),
            NamedOrBlankNode::NamedNode(_) => None,
        };
        let object = match &quad.object {
            Term::BlankNode(node) => Some(node.as_str()),
            _ => None,
        };
        if let Some(node) = subject {
            let value = if object.is_some() { "_".to_owned() } else { quad.object.to_string() };
            faces.entry(node).or_default().push(format!("> {} {value}", quad.predicate));
        }
        if let Some(node) = object {
            let from = if subject.is_some() { "_".to_owned() } else { quad.subject.to_string() };
            faces.entry(node).or_default().push(format!("< {} {from}", quad.predicate));
        }
        if let (Some(subject), Some(object)) = (subject, object) {
            links.push((subject, object));
        }
    }
    let mut alike: BTreeMap<Vec<String>, Vec<&str>> = BTreeMap::new();
    for (node, mut face) in faces {
        face.sort_unstable();
        alike.entry(face).or_default().push(node);
    }
    let doubtful: HashSet<&str> = alike.into_values().filter(|nodes| nodes.len() > 1).flatten().collect();
    let mut under: HashMap<&str, usize> = HashMap::new();
    for (parent, child) in links {
        if doubtful.contains(child) {
            *under.entry(parent).or_default() += 1;
        }
    }
    if doubtful.len() > MOST_ALIKE || under.values().any(|count| *count > MOST_ALIKE_TOGETHER) {
        return Err("It repeats too many parts that cannot be told from each other; checking it could take for ever."
            .to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contexts::{CREDENTIALS, OPEN_BADGES};
    use std::time::Instant;

    fn credential(extra: Value) -> Value {
        let mut document = json!({
            "@context": [CREDENTIALS, OPEN_BADGES],
            "id": "urn:uuid:a", "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "issuer": {"id": "did:example:b", "type": ["Profile"]}, "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {"type": ["AchievementSubject"], "id": "did:example:c"}
        });
        for (name, value) in extra.as_object().unwrap() {
            document[name] = value.clone();
        }
        document
    }

    #[test]
    fn statements_are_sorted_and_named_in_canonical_order() {
        let text = statements(&credential(json!({"evidence": [{"type": ["Evidence"], "narrative": "one"}]}))).unwrap();
        assert!(text.contains("_:c14n0 <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "), "{text}");
        assert!(
            text.contains("<urn:uuid:a> <https://www.w3.org/2018/credentials#issuer> <did:example:b> .\n"),
            "{text}"
        );
        assert!(text.lines().is_sorted());
    }

    #[test]
    fn what_makes_no_statement_is_refused() {
        for (extra, words) in [
            (json!({"note": "x"}), "in none of its contexts"),
            (json!({"type": ["VerifiableCredential", "OpenBadgeCredential", "Invented"]}), "in none of its contexts"),
            (json!({"image": {"id": "picture.png", "type": "Image"}}), "whole address"),
            (json!({"id": ""}), "whole address"),
            (json!({"image": {"id": "https://a b/", "type": "Image"}}), ""),
            (json!({"achievement": "x"}), "in none of its contexts"),
        ] {
            let error = statements(&credential(extra.clone())).unwrap_err();
            assert!(error.contains(words), "{extra}: {error}");
        }
    }

    #[test]
    fn look_alikes_are_bounded_in_time() {
        let same = |count: usize| vec![json!({"type": ["Evidence"], "narrative": "same"}); count];
        assert!(statements(&credential(json!({ "evidence": same(3) }))).is_ok());
        let begun = Instant::now();
        let inner = json!({"type": ["Alignment"], "alignment": vec![json!({"type": ["Alignment"]}); 4]});
        let _ = statements(&credential(json!({ "credentialSubject": {"type": ["AchievementSubject"], "result":
            vec![json!({"type": ["Result"], "alignment": vec![inner; 4]}); 4] } })));
        let _ = statements(&credential(json!({ "credentialSubject": {"type": ["AchievementSubject"], "result":
            vec![json!({"type": ["Result"], "alignment": vec![json!({"type": ["Alignment"]}); 4]}); 4] } })));
        assert!(
            statements(&credential(json!({ "credentialSubject": {"type": ["AchievementSubject"],
            "result": vec![json!({"type": ["Result"]}); 12] } })))
            .is_err()
        );
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }
}
