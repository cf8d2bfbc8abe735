//! The standards' own schemas as judges; they never reach the network, and the good and bad samples prove that they judge.

use std::sync::LazyLock;

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

const GRANT: &str = include_str!("../schemas/360giving/360-giving-schema.json");
const PACKAGE: &str = include_str!("../schemas/360giving/360-giving-package-schema.json");
const RELEASE: &str = include_str!("../schemas/ocds/release-schema.json");
const RELEASE_PACKAGE: &str = include_str!("../schemas/ocds/release-package-schema.json");

static THREE_SIXTY: LazyLock<Validator> = LazyLock::new(|| {
    let (mut grant, mut package) = (parsed(GRANT), parsed(PACKAGE));
    // Two slips of the published files, see schemas/README.md.
    for schema in [&mut grant, &mut package] {
        schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    }
    let id = grant["$id"].as_str().unwrap().to_owned();
    package["properties"]["grants"]["items"]["$ref"] = json!(id);
    built(&id, grant, &package)
});

static OCDS_RELEASE: LazyLock<Validator> =
    LazyLock::new(|| jsonschema::options().should_validate_formats(true).build(&parsed(RELEASE)).unwrap());

static OCDS_PACKAGE: LazyLock<Validator> = LazyLock::new(|| {
    let package = parsed(RELEASE_PACKAGE);
    let id = package["properties"]["releases"]["items"]["$ref"].as_str().unwrap().to_owned();
    built(&id, parsed(RELEASE), &package)
});

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn built(id: &str, referenced: Value, whole: &Value) -> Validator {
    let registry = Registry::new().add(id, referenced).unwrap().prepare().unwrap();
    jsonschema::options().with_registry(&registry).should_validate_formats(true).build(whole).unwrap()
}

fn errors(judge: &Validator, value: &Value) -> Vec<String> {
    judge.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

pub fn three_sixty_errors(package: &Value) -> Vec<String> {
    errors(&THREE_SIXTY, package)
}

/// Release by release, as the sample's count of errors is meant.
pub fn ocds_release_errors(package: &Value) -> Vec<String> {
    package["releases"].as_array().unwrap().iter().flat_map(|release| errors(&OCDS_RELEASE, release)).collect()
}

pub fn ocds_errors(package: &Value) -> Vec<String> {
    errors(&OCDS_PACKAGE, package)
}

#[test]
fn the_judges_pass_the_good_and_fail_the_bad() {
    let good = parsed(include_str!("../samples/good-360giving.json"));
    let bad = parsed(include_str!("../samples/bad-360giving.json"));
    assert_eq!(three_sixty_errors(&good), Vec::<String>::new());
    // The grant lacks its date (which the schema's "one of" reports as one), its amount is a text, its funder has no id.
    let found = three_sixty_errors(&bad);
    assert_eq!(found.len(), 3, "{found:#?}");

    let good = parsed(include_str!("../samples/good-ocds.json"));
    let bad = parsed(include_str!("../samples/bad-ocds.json"));
    assert_eq!(ocds_release_errors(&good), Vec::<String>::new());
    assert_eq!(ocds_errors(&good), Vec::<String>::new());
    let found = ocds_release_errors(&bad);
    assert_eq!(found.len(), 4, "{found:#?}");
    assert!(!ocds_errors(&bad).is_empty());
}
