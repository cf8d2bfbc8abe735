//! Attachments of statements: matched with what their statements say of them, kept in the file store once for each content, given back by their hash.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Bytes;
use hiec_files::{FileKey, FileStore};
use hiec_kernel::people::Actor;
use hiec_kernel::{PersonId, Problem, ProblemKind};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, files, values};
use hiec_web::AppState;
use hiec_web::uploads::row;
use ring::digest::{SHA256, digest};
use uuid::Uuid;

use super::mixed::Part;
use super::store::Provider;
use crate::elearning::statement::Checked;

/// The most one attachment may have.
const LARGEST: u64 = 10 * 1024 * 1024;
/// The most a request with attachments may have.
pub(crate) const LARGEST_REQUEST: usize = 25 * 1024 * 1024;
/// The most that is given back in one answer.
const MOST_GIVEN: u64 = 50 * 1024 * 1024;

/// An attachment that came along.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Came {
    pub sha2: String,
    pub content_type: String,
    pub content: Bytes,
}

fn sha256(content: &[u8]) -> String {
    digest(&SHA256, content).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What came along, matched with what the statements say of it (xAPI 1.0.3, part 3, section 1.5.2), or why it does not fit.
pub(crate) fn matched(checked: &[Checked], parts: &[Part<'_>]) -> Result<Vec<Came>, String> {
    let described: BTreeMap<&str, _> =
        checked.iter().flat_map(|one| &one.attachments).map(|one| (one.sha2.as_str(), one)).collect();
    let mut came = Vec::new();
    let mut seen = BTreeSet::new();
    for part in parts {
        if part.header("content-transfer-encoding") != Some("binary") {
            return Err("An attachment came without Content-Transfer-Encoding: binary".to_owned());
        }
        let said = part.header("x-experience-api-hash").ok_or("An attachment came without X-Experience-API-Hash")?;
        let said = said.to_lowercase();
        let of = described.get(said.as_str()).ok_or_else(|| format!("No statement speaks of the attachment {said}"))?;
        if sha256(part.content) != said {
            return Err(format!("The attachment {said} is another than its hash says"));
        }
        if part.content.len() as u64 != of.length {
            return Err(format!("The attachment {said} is longer or shorter than its statement says"));
        }
        if part.content.len() as u64 > LARGEST {
            return Err("An attachment is larger than 10 MB".to_owned());
        }
        if seen.insert(said.clone()) {
            let content = Bytes::copy_from_slice(part.content);
            came.push(Came { sha2: said, content_type: of.content_type.clone(), content });
        }
    }
    match described.values().find(|one| !one.has_address && !seen.contains(&one.sha2)) {
        Some(one) => Err(format!(
            "The attachment {} did not come along: send multipart/mixed with its content, or give its fileUrl",
            one.sha2
        )),
        None => Ok(came),
    }
}

#[derive(FromQueryResult)]
struct Kept {
    file_key: Uuid,
    content_type: String,
    bytes: i64,
}

async fn kept(reads: &impl Reads, provider: Uuid, sha2: &str) -> Result<Option<Kept>, StoreError> {
    let sql =
        "SELECT file_key, content_type, bytes FROM education_xapi_attachment WHERE provider_id = $1 AND sha2 = $2";
    reads.one(sql, values![provider, sha2]).await
}

/// The ending that goes with what a statement says an attachment is; whether it is that, its content shows.
fn ending(content_type: &str) -> &'static str {
    match content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/pdf" => "pdf",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "text/csv" => "csv",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.oasis.opendocument.text" => "odt",
        _ => "txt",
    }
}

/// Puts what came into the file store, before the unit that keeps the statements. What an attachment is, is judged by its content: kinds no
/// file here may have are refused.
pub(crate) async fn put(
    state: &AppState,
    provider: &Provider,
    came: Vec<Came>,
) -> Result<Result<Vec<(String, String, files::FileRow)>, String>, Problem> {
    let mut put = Vec::new();
    for one in came {
        if kept(&state.database(), provider.id, &one.sha2).await?.is_some() {
            continue;
        }
        let store = state.service::<FileStore>()?;
        let key = FileKey(state.begin(Actor::System("xAPI attachment".into())).await?.new_id());
        let name = format!("attachment-{}.{}", one.sha2.get(..12).unwrap_or_default(), ending(&one.content_type));
        match store.put_bytes(key, &name, one.content, LARGEST).await.map_err(Problem::from) {
            Ok(stored) => put.push((one.sha2, one.content_type, row(stored))),
            Err(problem) if matches!(problem.kind, ProblemKind::Invalid | ProblemKind::TooLarge) => {
                return Ok(Err(format!("The attachment {} cannot be kept: {}", one.sha2, problem.title)));
            }
            Err(problem) => return Err(problem),
        }
    }
    Ok(Ok(put))
}

/// Notes what lies in the file store. Whoever let the provider in answers for it.
pub(crate) async fn note(
    unit: &Unit,
    provider: &Provider,
    put: &[(String, String, files::FileRow)],
) -> Result<(), Problem> {
    for (sha2, content_type, file) in put {
        let by = provider.made_by.ok_or_else(|| Problem::internal("a provider nobody let in sent an attachment"))?;
        files::add(unit, file, &format!("xapi_provider:{}", provider.id), PersonId(by)).await?;
        unit.execute(
            "INSERT INTO education_xapi_attachment (provider_id, sha2, file_key, content_type, bytes, stored_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (provider_id, sha2) DO NOTHING",
            values![provider.id, sha2.as_str(), file.id, content_type.as_str(), file.bytes, unit.now()],
        )
        .await?;
    }
    Ok(())
}

/// The contents of these attachments that lie here, each once.
pub(crate) async fn given(
    state: &AppState,
    provider: Uuid,
    wanted: &BTreeSet<String>,
) -> Result<Result<Vec<Came>, String>, Problem> {
    let mut given = Vec::new();
    let mut all: u64 = 0;
    for sha2 in wanted {
        let Some(kept) = kept(&state.database(), provider, sha2).await? else {
            continue;
        };
        all = all.saturating_add(u64::try_from(kept.bytes).unwrap_or(0));
        if all > MOST_GIVEN {
            return Ok(Err(
                "Their attachments are more than 50 MB together: ask for fewer statements by limit".to_owned()
            ));
        }
        let content =
            state.service::<FileStore>()?.read(FileKey(kept.file_key), LARGEST).await.map_err(Problem::from)?;
        given.push(Came { sha2: sha2.clone(), content_type: kept.content_type, content });
    }
    Ok(Ok(given))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::elearning::statement;

    #[test]
    fn what_comes_along_is_what_its_statement_says() {
        let content = b"A certificate".as_slice();
        let sum = sha256(content);
        let checked = |length: usize, address: bool| {
            let mut one = json!({"usageType": "https://example.org/c", "display": {"en": "C"}, "contentType": "text/plain", "length": length, "sha2": sum});
            if address {
                one["fileUrl"] = json!("https://example.org/c.txt");
            }
            vec![
                statement::check(
                    &json!({"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "https://example.org/v"},
                "object": {"id": "https://example.org/o"}, "attachments": [one]}),
                )
                .unwrap(),
            ]
        };
        let part = |hash: &str, encoding: &str| Part {
            headers: vec![
                ("x-experience-api-hash".into(), hash.into()),
                ("content-transfer-encoding".into(), encoding.into()),
            ],
            content,
        };
        let good = part(&sum.to_uppercase(), "binary");
        assert_eq!(matched(&checked(13, false), std::slice::from_ref(&good)).unwrap()[0].sha2, sum);
        assert_eq!(matched(&checked(13, true), &[]).unwrap(), vec![], "it lies elsewhere");
        for (length, parts, says) in [
            (13, vec![], "did not come along"),
            (12, vec![good.clone()], "longer or shorter"),
            (13, vec![part(&sum, "base64")], "without Content-Transfer-Encoding"),
            (13, vec![good.clone(), part(&"0".repeat(64), "binary")], "No statement speaks"),
            (13, vec![Part { content: b"Another one..", ..good.clone() }], "another than its hash"),
        ] {
            let why = matched(&checked(length, false), &parts).unwrap_err();
            assert!(why.contains(says), "{why}");
        }
    }
}
