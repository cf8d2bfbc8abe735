//! The `openbadges:credential` element of an SVG image; it must never follow an entity or a document type.

use roxmltree::{Document, Node, ParsingOptions};

use crate::{LARGEST_TEXT, Unusable};

const NAMESPACE: &str = "https://purl.imsglobal.org/ob/v3p0";
/// How many nodes an image may have.
const MOST_NODES: u32 = 200_000;

pub fn bake(image: &[u8], credential: &str) -> Result<String, Unusable> {
    if credential.len() > LARGEST_TEXT {
        return Err(Unusable::new("the credential is too large to be baked into an image"));
    }
    let text = text(image)?;
    let document = parse(text)?;
    let root = document.root_element();
    let mut rest = text.to_owned();
    // From the end, so that places before stay right.
    let earlier: Vec<_> = root.children().filter(is_badge).map(|node| node.range()).collect();
    for range in earlier.into_iter().rev() {
        rest.replace_range(range, "");
    }
    let document = parse(&rest)?;
    let root = document.root_element();
    let element = element(credential);
    let range = root.range();
    let baked = match root.first_child() {
        Some(child) => {
            let place = child.range().start;
            format!("{}{element}{}", &rest[..place], &rest[place..])
        }
        None => {
            let whole = &rest[range.clone()];
            let name: String =
                whole.chars().skip(1).take_while(|letter| !letter.is_whitespace() && !"/>".contains(*letter)).collect();
            let open = match whole.strip_suffix("/>") {
                Some(open) => open,
                None => whole
                    .rfind("></")
                    .and_then(|place| whole.get(..place))
                    .ok_or_else(|| damaged("its end is missing"))?,
            };
            format!("{}{open}>{element}</{name}>{}", &rest[..range.start], &rest[range.end..])
        }
    };
    // The picture must still be one.
    parse(&baked)?;
    Ok(baked)
}

pub fn unbake(image: &[u8]) -> Result<String, Unusable> {
    let document = parse(text(image)?)?;
    let mut badges = document.root_element().children().filter(is_badge);
    let badge = badges.next().ok_or_else(|| {
        Unusable::new("the image holds no badge (openbadges:credential). Programs that convert pictures take it out: use the file as it was sent")
    })?;
    if badges.next().is_some() {
        return Err(Unusable::new("the image holds two badges, and nothing says which one counts"));
    }
    let credential = match badge.attribute("verify") {
        Some(token) => token.trim().to_owned(),
        None => {
            badge.children().filter(Node::is_text).filter_map(|node| node.text()).collect::<String>().trim().to_owned()
        }
    };
    if credential.is_empty() {
        return Err(damaged("the badge in it is empty"));
    }
    Ok(credential)
}

fn element(credential: &str) -> String {
    let opening = format!("<openbadges:credential xmlns:openbadges=\"{NAMESPACE}\"");
    if credential.starts_with('{') {
        // In JSON, these three stand only inside text, where the last can be escaped.
        let text = credential.replace("]]>", "]]\\u003e");
        format!("{opening}><![CDATA[{text}]]></openbadges:credential>")
    } else {
        let token = credential.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        format!("{opening} verify=\"{token}\"/>")
    }
}

fn is_badge(node: &Node<'_, '_>) -> bool {
    node.has_tag_name((NAMESPACE, "credential"))
}

fn text(image: &[u8]) -> Result<&str, Unusable> {
    std::str::from_utf8(image).map_err(|_| damaged("it is not UTF-8 text"))
}

fn parse(text: &str) -> Result<Document<'_>, Unusable> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| damaged(&error.to_string()))?;
    if document.root_element().tag_name().name() != "svg" {
        return Err(Unusable::new("the file is XML but no SVG image"));
    }
    Ok(document)
}

fn damaged(how: &str) -> Unusable {
    Unusable(format!("the SVG image is damaged: {how}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_baked_in_comes_out_and_a_second_baking_replaces_the_first() {
        for image in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>",
            "<?xml version=\"1.0\"?>\n<!-- a > b -->\n<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"a>b\">\n<g/>text</svg>\n",
            "<s:svg xmlns:s=\"http://www.w3.org/2000/svg\"><s:g/></s:svg>",
            "<s:svg xmlns:s=\"http://www.w3.org/2000/svg\" />",
        ] {
            let once = bake(image.as_bytes(), "a.b.c").unwrap();
            assert_eq!(unbake(once.as_bytes()).as_deref(), Ok("a.b.c"), "{once}");
            let json = r#"{"a": "x]]>y & <z>"}"#;
            let twice = bake(once.as_bytes(), json).unwrap();
            let out: serde_json::Value = serde_json::from_str(&unbake(twice.as_bytes()).unwrap()).unwrap();
            assert_eq!(out, serde_json::from_str::<serde_json::Value>(json).unwrap(), "{twice}");
        }
    }

    #[test]
    fn bad_images_are_refused() {
        for (image, words) in [
            ("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "holds no badge"),
            ("<svg><a></svg>", "damaged"),
            ("<html/>", "no SVG"),
            ("<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>&a;</svg>", "damaged"),
        ] {
            let error = unbake(image.as_bytes()).unwrap_err();
            assert!(error.0.contains(words), "{image}: {error}");
        }
    }
}
