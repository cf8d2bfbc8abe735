//! Status lists: where each badge has its bit, and the signed list, made once for every change and kept. It never gives two badges one place.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};

use bytes::Bytes;
use hiec_credentials::{Purpose, SMALLEST_LIST, StatusEntry, StatusList, sign_data_integrity, sign_jwt};
use hiec_kernel::{Problem, Timestamp};
use hiec_store::database::StoreError;
use hiec_store::{FromQueryResult, Reads, Unit, values};
use hiec_web::AppState;
use uuid::Uuid;

use super::keys;

/// How many badges a list takes; the rest of its places stays empty, so that a free one is found at once.
const FULL: i64 = 100_000;

#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct ListRow {
    pub id: Uuid,
    pub number: i64,
    pub issuer: String,
    /// Where it stands, but for the purpose at its end. Badges name it so for good, wherever the installation moves.
    pub address: String,
    pub used: i64,
    pub changes: i64,
    pub changed_at: Timestamp,
}

const LIST: &str = "SELECT id, number, issuer, address, used, changes, changed_at FROM education_status_list";

/// A place for a new badge of this issuer: the list and the number in it.
pub(crate) async fn place(state: &AppState, unit: &Unit, issuer: &str) -> Result<(ListRow, i64), Problem> {
    let lock = unit.dialect().for_update();
    let sql = format!("{LIST} WHERE issuer = $1 AND used < $2 ORDER BY number{lock}");
    let lists: Vec<ListRow> = unit.all(&sql, values![issuer, FULL]).await?;
    // A list that was begun where the installation was found before stays there; what is awarded now names where it is found now.
    let is_here = |list: &ListRow| list.address == address(state, list.number);
    let list = match lists.into_iter().find(is_here) {
        Some(list) => list,
        None => begin(state, unit, issuer).await?,
    };
    let length = u128::try_from(SMALLEST_LIST).map_err(Problem::internal)?;
    // Scattered, so that a place does not tell when a badge was awarded. A quarter of the list is always free.
    for _ in 0..100 {
        // The last bits of an id are random; the first are the time.
        let candidate = i64::try_from(unit.new_id().as_u128() % length).map_err(Problem::internal)?;
        let sql = "SELECT COUNT(*) AS n FROM education_credential WHERE list_id = $1 AND list_index = $2";
        if unit.count(sql, values![list.id, candidate]).await? == 0 {
            unit.execute("UPDATE education_status_list SET used = used + 1 WHERE id = $1", values![list.id]).await?;
            return Ok((list, candidate));
        }
    }
    Err(Problem::internal("no free place in a status list"))
}

fn address(state: &AppState, number: i64) -> String {
    state.site().link(&format!("/credentials/status/{number}"))
}

async fn begin(state: &AppState, unit: &Unit, issuer: &str) -> Result<ListRow, StoreError> {
    let number = unit.count("SELECT COALESCE(MAX(number), 0) + 1 AS n FROM education_status_list", values![]).await?;
    let list = ListRow {
        id: unit.new_id(),
        number,
        issuer: issuer.to_owned(),
        address: address(state, number),
        used: 0,
        changes: 0,
        changed_at: unit.now(),
    };
    unit.execute(
        "INSERT INTO education_status_list (id, number, issuer, address, used, changes, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![list.id, list.number, issuer, list.address.as_str(), list.used, list.changes, list.changed_at],
    )
    .await?;
    Ok(list)
}

/// What a badge says of where its standing is looked up.
pub(crate) fn entries(list: &ListRow, index: i64) -> Result<Vec<StatusEntry>, Problem> {
    let index = usize::try_from(index).map_err(Problem::internal)?;
    let entry = |purpose| StatusEntry { list: list.address(purpose), index, purpose };
    Ok(vec![entry(Purpose::Revocation), entry(Purpose::Suspension)])
}

/// The same as a badge has it in its text.
pub(crate) fn written(list: &ListRow, index: i64) -> Result<serde_json::Value, Problem> {
    Ok(entries(list, index)?.iter().map(StatusEntry::document).collect())
}

impl ListRow {
    fn address(&self, purpose: Purpose) -> String {
        format!("{}-{}", self.address, purpose.as_str())
    }
}

/// The list changed: it will be signed anew.
pub(crate) async fn touch(unit: &Unit, list: Uuid) -> Result<(), StoreError> {
    let sql = "UPDATE education_status_list SET changes = changes + 1, changed_at = $2 WHERE id = $1";
    unit.execute(sql, values![list, unit.now()]).await?;
    Ok(())
}

/// How a list is signed.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Form {
    Token,
    Proof,
}

#[derive(PartialEq, Eq, Hash)]
struct Kept {
    list: Uuid,
    purpose: Purpose,
    form: Form,
}

/// A signed list as it is kept: the changes it holds, and when it was signed.
#[derive(Clone)]
struct Signed {
    changes: i64,
    at: Timestamp,
    bytes: Bytes,
}

type Shelf = HashMap<Kept, Signed>;

/// Signed lists. A list's id is its own in every database.
static SHELF: LazyLock<Mutex<Shelf>> = LazyLock::new(Mutex::default);

/// A list as it stands now, signed; nothing where there is none of this number.
pub(crate) async fn signed(
    state: &AppState,
    number: i64,
    purpose: Purpose,
    form: Form,
) -> Result<Option<Bytes>, Problem> {
    let database = state.database();
    let list: Option<ListRow> = database.one(&format!("{LIST} WHERE number = $1"), values![number]).await?;
    let Some(list) = list else { return Ok(None) };
    let place = Kept { list: list.id, purpose, form };
    let now = state.now();
    // One that was signed later than it is now, because the clock was put back, would be believed by nobody yet.
    if let Ok(shelf) = SHELF.lock()
        && let Some(kept) = shelf.get(&place)
        && kept.changes == list.changes
        && kept.at <= now
    {
        return Ok(Some(kept.bytes.clone()));
    }
    let Some(bytes) = sign(state, &database, &list, &place).await? else { return Ok(None) };
    if let Ok(mut shelf) = SHELF.lock() {
        shelf.insert(place, Signed { changes: list.changes, at: now, bytes: bytes.clone() });
    }
    Ok(Some(bytes))
}

async fn sign(state: &AppState, reads: &impl Reads, list: &ListRow, place: &Kept) -> Result<Option<Bytes>, Problem> {
    #[derive(FromQueryResult)]
    struct Set {
        list_index: i64,
    }
    let standing = match place.purpose {
        Purpose::Revocation => "revoked",
        Purpose::Suspension => "suspended",
    };
    let sql = "SELECT list_index FROM education_credential WHERE list_id = $1 AND standing = $2 ORDER BY list_index";
    let set: Vec<Set> = reads.all(sql, values![list.id, standing]).await?;
    let mut bits = StatusList::new(place.purpose, SMALLEST_LIST);
    for one in set {
        let index = usize::try_from(one.list_index).map_err(Problem::internal)?;
        bits.set(index, true).map_err(Problem::internal)?;
    }
    // Nothing is signed with a key that was disowned.
    let Some(key) = keys::of_issuer(state, reads, &list.issuer).await? else { return Ok(None) };
    // Signed now, by the key that signs now: the one of the day of the change may have been retired since.
    let now = state.now();
    // The change may lie ahead where the clock was put back since.
    let from = list.changed_at.min(now);
    let document = bits.document(&list.address(place.purpose), &list.issuer, from, None).map_err(Problem::internal)?;
    let text = match place.form {
        Form::Token => sign_jwt(&document, &key, now).map_err(Problem::internal)?,
        Form::Proof => sign_data_integrity(&document, &key, now).map_err(Problem::internal)?.to_string(),
    };
    Ok(Some(text.into()))
}

/// Every list of this installation, as the check of badges needs them.
pub(crate) async fn every(state: &AppState) -> Result<Vec<Vec<u8>>, Problem> {
    #[derive(FromQueryResult)]
    struct Number {
        number: i64,
    }
    let numbers: Vec<Number> =
        state.database().all("SELECT number FROM education_status_list ORDER BY number", values![]).await?;
    let mut lists = Vec::new();
    for Number { number } in numbers {
        for purpose in [Purpose::Revocation, Purpose::Suspension] {
            lists.extend(signed(state, number, purpose, Form::Token).await?.map(|bytes| bytes.to_vec()));
        }
    }
    Ok(lists)
}
