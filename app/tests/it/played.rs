//! Rounds played once for a build of the tests and copied for each test that needs one, because playing takes seconds and copying does not. A copy is the test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use hiec::commands;
use hiec::demo::playing;
use hiec::demo::standing::Standing;
use hiec_files::FileStore;
use hiec_kernel::clock::FixedClock;

/// The folder of a round that stands at `stage`: `round.db`, and its documents in `files/`.
async fn played(stage: Standing) -> PathBuf {
    let rounds = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rounds");
    let build = rounds.join(build());
    let folder = build.join(stage.key());
    if folder.exists() {
        return folder;
    }
    fs::create_dir_all(&build).expect("a folder for rounds");
    // Every test is a process of its own: whoever comes first plays, the others wait.
    let lock = fs::File::create(build.join(format!("{}.lock", stage.key()))).expect("a lock");
    lock.lock().expect("the lock is taken");
    if folder.exists() {
        return folder;
    }
    forget_other_builds(&rounds, &build);
    let draft = build.join(format!("{}.playing", stage.key()));
    let _ = fs::remove_dir_all(&draft);
    fs::create_dir_all(&draft).expect("a folder for the round");
    let before = match stage.goes_on_from() {
        Some(before) => {
            let before = Box::pin(played(before)).await;
            copy_folder(&before.join("files"), &draft.join("files"));
            Some(before.join("round.db"))
        }
        None => None,
    };
    let clock = FixedClock::at(stage.moment());
    let file = draft.join("round.db");
    let database = playing::draft(&url(&draft), before.as_deref(), &file, &clock).await.expect("the database opens");
    let files = FileStore::folder(&draft.join("files")).expect("a file store");
    let base = "http://127.0.0.1/".parse().expect("an address");
    playing::play(database.clone(), files, stage, &base, &|_| {}).await.expect("it can be played");
    database.settle().await.expect("everything is in one file");
    database.close().await.expect("it closes");
    fs::rename(&draft, &folder).expect("the round is whole");
    folder
}

/// Puts the round into the empty database at `database_url`, and its documents into `files`.
pub async fn copy(stage: Standing, database_url: &str, files: &Path) {
    let round = played(stage).await;
    match database_url.strip_prefix("sqlite://") {
        Some(file) => drop(fs::copy(round.join("round.db"), file).expect("the round is copied")),
        None => drop(commands::copy::copy(&url(&round), database_url).await.expect("the round is copied")),
    }
    copy_folder(&round.join("files"), files);
}

fn url(round: &Path) -> String {
    format!("sqlite://{}", round.join("round.db").display())
}

/// A name for this build of the tests: another build may play differently.
fn build() -> String {
    let program = std::env::current_exe().and_then(fs::metadata).expect("this program's file");
    let built = program.modified().expect("a time").duration_since(UNIX_EPOCH).expect("after 1970");
    format!("{}-{}", built.as_nanos(), program.len())
}

fn forget_other_builds(rounds: &Path, build: &Path) {
    for entry in fs::read_dir(rounds).expect("the folder of rounds").flatten() {
        if entry.path() != build {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the round's documents").flatten() {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target);
        } else {
            fs::copy(&source, &target).expect("a document is copied");
        }
    }
}
