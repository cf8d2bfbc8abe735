//! The demonstration's own doors: choose a stage, look as one of the cast; none of this exists in a real installation.

mod gallery;
mod letters;
pub mod playing;
pub mod standing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use hiec_access::{Subject, people, sessions};
use hiec_competition::Stage;
use hiec_competition::demo::{self, CAST};
use hiec_contracts::demonstration::Actor as CastMember;
use hiec_files::FileStore;
use hiec_kernel::clock::{ShiftedClock, on_page};
use hiec_kernel::people::Actor;
use hiec_kernel::{Clock, Problem};
use hiec_store::Database;
use hiec_web::layout::Banner;
use hiec_web::who::session_cookie;
use hiec_web::{AppState, Fields, Refusal};
use http::HeaderValue;
use http::header::SET_COOKIE;
use maud::{Markup, html};
use tokio::sync::Mutex;
use url::Url;

use self::standing::Standing;
use crate::program;

/// The demonstration's files and clock.
#[derive(Clone)]
pub struct Demo {
    dir: PathBuf,
    clock: Arc<ShiftedClock>,
    /// Where it is found.
    base: Url,
    /// One change of stage at a time.
    moving: Arc<Mutex<()>>,
}

impl Demo {
    pub fn new(dir: PathBuf, clock: Arc<ShiftedClock>, base: Url) -> Self {
        Self { dir, clock, base, moving: Arc::default() }
    }

    /// Where the demonstration's documents lie: one folder for all stages.
    pub fn files(&self) -> Result<FileStore, Problem> {
        Ok(FileStore::folder(&self.dir.join("files"))?)
    }

    /// The database of a standing, played first if it is not there yet. A half-played file is never taken for a whole one.
    pub async fn database(&self, standing: Standing) -> Result<Database, Problem> {
        self.whole(standing).await?;
        let database = Database::connect(&url(&self.file(standing))).await?;
        program::migrate(&database, self.clock.as_ref()).await?;
        Ok(database)
    }

    fn file(&self, standing: Standing) -> PathBuf {
        self.dir.join(format!("{}.db", standing.key()))
    }

    /// Sees to it that the file of a standing, and of those it goes on from, is there.
    async fn whole(&self, standing: Standing) -> Result<(), Problem> {
        let mut line = vec![standing];
        while let Some(before) = line.last().and_then(|one| one.goes_on_from()) {
            line.push(before);
        }
        for one in line.into_iter().rev().filter(|one| !self.file(*one).exists()) {
            let draft = self.dir.join(format!("{}.playing", one.key()));
            forget(&draft);
            let before = one.goes_on_from().map(|before| self.file(before));
            let database = playing::draft(&url(&draft), before.as_deref(), &draft, self.clock.as_ref()).await?;
            if let Standing::Clusters(period) = one {
                eprintln!("Playing the life of the clusters, once for this stage: {}", period.label().to_lowercase());
            }
            playing::play(database.clone(), self.files()?, one, &self.base, &|playing| progress(playing, standing))
                .await?;
            database.settle().await?;
            database.close().await?;
            std::fs::rename(&draft, self.file(one)).map_err(Problem::internal)?;
            forget(&draft);
        }
        Ok(())
    }

    /// Lets the demonstration stand somewhere: its database, its time.
    pub async fn stand_at(&self, state: &AppState, standing: Standing) -> Result<(), Problem> {
        let _one = self.moving.lock().await;
        let database = self.database(standing).await?;
        self.clock.set(standing.moment());
        state.replace_database(database);
        Ok(())
    }
}

/// Says on the standard error what is being played, for it takes a while the first time.
fn progress(playing: Stage, until: Standing) {
    let place = |stage: Stage| demo::STAGES.iter().position(|one| *one == stage).map_or(0, |place| place + 1);
    let all = match until {
        Standing::Round(stage) => place(stage),
        Standing::Clusters(_) => demo::STAGES.len(),
    };
    let done = place(playing);
    eprintln!(
        "Playing the round of 2009, once for this stage: {} ({} of {all})",
        playing.label().to_lowercase(),
        done + 1
    );
}

fn url(file: &Path) -> String {
    format!("sqlite://{}", file.display())
}

fn forget(file: &Path) {
    for end in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
}

/// `POST /demo/look-as` with `person`, `POST /demo/stage` with `stage`, `GET /demo/mail`, `GET /dev/gallery`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/demo/look-as", post(look_as))
        .route("/demo/stage", post(stage))
        .route("/demo/mail", get(letters::get))
        .route("/dev/gallery", get(gallery::get))
}

async fn look_as(State(state): State<AppState>, fields: Fields) -> Result<Response, Refusal> {
    let slug = fields.get("person").unwrap_or_default();
    if slug.is_empty() || slug == "public" {
        return Ok(with_cookie(Redirect::to("/").into_response(), &session_cookie(&state, "")));
    }
    let token = sign_in(&state, slug).await?;
    let next = fields.get("next").filter(|next| next.starts_with('/') && !next.starts_with("//")).unwrap_or("/");
    Ok(with_cookie(Redirect::to(next).into_response(), &session_cookie(&state, &token)))
}

/// Signs one of the cast in; `slug` is what the banner lists, or the person's id.
async fn sign_in(state: &AppState, slug: &str) -> Result<String, Problem> {
    let unknown = || {
        Problem::invalid(
            "Nobody in the demonstration is called that",
            "Choose one of the people in the list of the banner.",
        )
    };
    let database = state.database();
    let person = match slug.parse() {
        Ok(id) => people::by_id(&database, id).await?,
        Err(_) => people::by_email(&database, &demo::cast::email(slug)).await?,
    }
    .filter(|person| person.is_illustrative)
    .ok_or_else(unknown)?;
    let unit = state.begin(Actor::Person(person.id)).await?;
    let token = sessions::start(&unit, person.id, "demo").await?;
    unit.commit().await?;
    Ok(token)
}

async fn stage(State(state): State<AppState>, who: hiec_web::Who, fields: Fields) -> Result<Response, Refusal> {
    let stage = fields.get("stage").and_then(Standing::from_key).ok_or_else(|| {
        Problem::invalid("The demonstration has no such stage", "Choose one of the stages in the banner.")
    })?;
    let slug = who.0.person.as_ref().and_then(|person| person.email.split('@').next().map(str::to_owned));
    state.service::<Demo>()?.clone().stand_at(&state, stage).await?;
    let response = Redirect::to("/").into_response();
    // Each stage has its own database: whoever was looking goes on looking there.
    Ok(match slug {
        Some(slug) => match sign_in(&state, &slug).await {
            Ok(token) => with_cookie(response, &session_cookie(&state, &token)),
            Err(_) => with_cookie(response, &session_cookie(&state, "")),
        },
        None => response,
    })
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

/// The banner above every page of the demonstration.
pub struct StageBanner {
    pub clock: Arc<ShiftedClock>,
}

impl Banner for StageBanner {
    fn render(&self, subject: &Subject, path: &str) -> Markup {
        let now = self.clock.now();
        let standing = Standing::all().filter(|one| one.moment() <= now).last();
        let looking = subject.person.as_ref().and_then(|person| person.email.split('@').next());
        html! {
            section.app-demo aria-label="Demonstration" {
                div.nhsuk-width-container {
                    p.app-demo__line {
                        strong { "Demonstration" }
                        ": the 2009 round and its clusters, standing at "
                        strong { (standing.map_or("the start", Standing::label)) }
                        ", " (on_page(now))
                        ". People, bids, scores and partners are illustrative; what the sources say is marked with its source. "
                        a href="/demo/mail" { "Letters caught" }
                    }
                    div.app-demo__doors {
                        form.app-demo__form method="post" action="/demo/stage" {
                            label.nhsuk-label for="demo-stage" { "Stage" }
                            select.nhsuk-select #demo-stage name="stage" {
                                @for one in Standing::all() {
                                    option value=(one.key()) selected[standing == Some(one)] { (one.label()) }
                                }
                            }
                            " "
                            button.nhsuk-button.nhsuk-button--secondary.nhsuk-button--small type="submit" { "Go to this stage" }
                        }
                        form.app-demo__form method="post" action="/demo/look-as" {
                            input type="hidden" name="next" value=(path);
                            label.nhsuk-label for="demo-person" { "Look as" }
                            select.nhsuk-select #demo-person name="person" {
                                option value="public" selected[looking.is_none()] { "The public (signed out)" }
                                @for member in cast(standing) {
                                    option value=(member.slug) selected[looking == Some(member.slug)] {
                                        (member.part) ": " (member.name)
                                    }
                                }
                            }
                            " "
                            button.nhsuk-button.nhsuk-button--secondary.nhsuk-button--small type="submit" { "Look" }
                        }
                    }
                }
            }
        }
    }
}

/// Who can be looked as: the people of the round, and once there are clusters theirs too.
fn cast(standing: Option<Standing>) -> Vec<CastMember> {
    let round = CAST.iter().map(|member| CastMember { slug: member.slug, name: member.name, part: member.part });
    let clusters = hiec_cluster::demo::CAST.iter().chain(hiec_education::demo::CAST).copied();
    let are_there = matches!(standing, Some(Standing::Clusters(_)));
    round.chain(clusters.filter(|_| are_there)).collect()
}
