//! The register of organisations: everybody signed in reads it, administrators keep it, each change with its reason; whether an organisation may join a partnership is a rule elsewhere.

mod editing;
mod fields;
mod import_page;
pub mod importing;
mod list;
mod regions;
mod show;

use hiec_access::policy::Target;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::{OrganisationId, Problem, Scope};
use hiec_store::organisations;
use hiec_web::{Loading, Resource, Route};
use uuid::Uuid;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/organisations", "organisation.list", "The register of organisations", list::get),
        Route::post("/organisations", "organisation.change", "Add an organisation", editing::add)
            .takes::<editing::Form>(),
        Route::get("/organisations/new", "organisation.change", "Add an organisation", editing::new),
        Route::get("/organisations/regions", "organisation.list", "The regions of the installation", regions::get),
        Route::post("/organisations/regions", "organisation.change", "Add a region", regions::add)
            .takes::<regions::Form>(),
        Route::get("/organisations/imports/new", "organisation.import", "Choose a list to import", import_page::new),
        Route::post(
            "/organisations/imports",
            "organisation.import",
            "Upload a list, CSV or XLSX, to preview",
            import_page::upload,
        )
        .takes_file(hiec_web::uploads::LARGEST_LIST),
        Route::get(
            "/organisations/imports/{file}",
            "organisation.import",
            "What an import would do",
            import_page::preview,
        ),
        Route::post(
            "/organisations/imports/{file}",
            "organisation.import",
            "Import all of a list",
            import_page::confirm,
        )
        .takes::<import_page::Form>(),
        Route::get("/organisations/{organisation}", "organisation.view", "An organisation", show::get),
        Route::get("/organisations/{organisation}/edit", "organisation.change", "Change an organisation", editing::get),
        Route::post(
            "/organisations/{organisation}",
            "organisation.change",
            "Change an organisation, with the reason",
            editing::change,
        )
        .takes::<editing::Form>(),
    ]
}

pub(crate) fn samples() -> Vec<Target> {
    vec![Target::new("organisation", Uuid::nil()).scope(Scope::Installation)]
}

/// The register as a whole.
pub struct Register;

impl Resource for Register {
    const KIND: &'static str = "organisation";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("organisation", Uuid::nil()).scope(Scope::Installation))))
    }
}

/// One organisation of the register.
pub struct Registered(pub Organisation);

impl Registered {
    fn path(&self) -> String {
        path(self.0.id)
    }

    fn subject(&self) -> String {
        subject(self.0.id)
    }
}

impl Resource for Registered {
    const KIND: &'static str = "organisation";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(id) = loading.id("organisation") else {
            return Ok(None);
        };
        let found = organisations::by_id(&loading.database, OrganisationId(id)).await?;
        let target = Target::new("organisation", id).scope(Scope::Installation);
        Ok(found.map(|organisation| (Self(organisation), target)))
    }
}

fn path(id: OrganisationId) -> String {
    format!("/organisations/{id}")
}

/// What the trail calls an organisation.
fn subject(id: OrganisationId) -> String {
    format!("organisation:{id}")
}
