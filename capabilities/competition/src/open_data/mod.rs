//! What the public may know of a round, and its spellings: 360Giving, OCDS, CSV, a workbook and an index; it takes plain facts, reads no database and publishes nothing by itself.

mod bundle;
mod doors;
mod filling;
mod grants;
mod identifiers;
mod ocds;
mod round;
mod tables;
mod three_sixty_giving;

pub use bundle::{OpenDataError, OpenDataFile, bundle};
pub use grants::{Grant, GrantsCsvError, grants, grants_from_csv, grants_to_csv};
pub use identifiers::{PublicIdentifier, Register, WebAddress};
pub use ocds::ocds;
pub use round::{
    BudgetFact, CriterionScore, GeoCode, PublicAmendment, PublicAward, PublicCall, PublicCriterion, PublicMilestone,
    PublicOrganisation, PublicPrinciple, PublicQuestion, PublicRegion, PublicRound, Publisher, Score, ScoreBand,
    Shortlist, Statistics,
};
pub use tables::tables;
pub use three_sixty_giving::{package, three_sixty_giving};

/// Every file here is published under this licence.
pub const LICENCE: &str = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/";
pub const LICENCE_NAME: &str = "Open Government Licence v3.0";

pub(crate) fn routes() -> Vec<hiec_web::Route> {
    use hiec_web::Route;
    vec![
        Route::get("/open-data", "public.view", "Everything public, to take away", doors::get),
        Route::get("/open-data/{file}", "public.view", "A file of the newest announced round", doors::newest),
        Route::get("/open-data/{call}/{file}", "public.view", "A file of a round", doors::of_call),
    ]
}
