//! Skills across professions and what is awarded for them: framework, evidence, assessment, Open Badges, their keys and lists. Nobody assesses themselves.

pub(crate) mod actions;
mod badge;
mod certificate;
mod check;
mod claim;
mod claims;
mod exports;
mod framework;
mod keys;
mod keys_page;
mod lists;
mod picture;
mod resigning;
mod skill;
pub(crate) mod skills;
pub(crate) mod states;
mod status;
pub(crate) mod store;

use hiec_access::Subject;
use hiec_access::policy::Target;
use hiec_kernel::{Role, Scope};
use hiec_web::{Nav, Route};
use uuid::Uuid;

pub use keys::SigningSecret;
pub(crate) use picture::square_code;
pub(crate) use resigning::JOB;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/clusters/{cluster}/education/skills", "skill.list", "The framework of skills", framework::get),
        Route::get("/clusters/{cluster}/education/skills.csv", "skill.export", "The framework as CSV", framework::csv),
        Route::get(
            "/clusters/{cluster}/education/skills.xlsx",
            "skill.export",
            "The framework as a workbook",
            framework::xlsx,
        ),
        Route::get(
            "/clusters/{cluster}/education/skill-claims.csv",
            "skill_claim.list",
            "Claims to skills as CSV, those the reader may see",
            exports::claims_csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/skill-claims.xlsx",
            "skill_claim.list",
            "The same as a workbook",
            exports::claims_xlsx,
        ),
        Route::get(
            "/clusters/{cluster}/education/badges.csv",
            "skill_claim.list",
            "Badges as CSV, those the reader may see",
            exports::badges_csv,
        ),
        Route::get(
            "/clusters/{cluster}/education/badges.xlsx",
            "skill_claim.list",
            "The same as a workbook",
            exports::badges_xlsx,
        ),
        Route::get("/clusters/{cluster}/education/skills/new", "skill.add", "Add a skill: the page", framework::new),
        Route::post("/clusters/{cluster}/education/skills/new", "skill.add", "Add a skill", framework::post)
            .takes::<framework::Form>(),
        Route::get(
            "/clusters/{cluster}/education/skills/{skill}",
            "skill.view",
            "A skill and who assesses it",
            skill::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/skills/{skill}/assessors",
            "skill.name_assessor",
            "Name somebody who may assess it",
            skill::name,
        )
        .takes::<skill::NameForm>(),
        Route::post(
            "/clusters/{cluster}/education/skills/{skill}/assessors/{person}/end",
            "skill.name_assessor",
            "Somebody no longer assesses it",
            skill::end,
        ),
        Route::post(
            "/clusters/{cluster}/education/skills/{skill}/claims",
            "skill.claim",
            "Begin to gather evidence for a skill",
            skill::claim,
        )
        .takes::<skill::ClaimForm>(),
    ];
    routes.extend(claim_routes());
    routes.extend(public_routes());
    routes
}

fn claim_routes() -> Vec<Route> {
    vec![
        Route::get("/clusters/{cluster}/education/skill-claims", "skill_claim.list", "Claims to skills", claims::get),
        Route::get(
            "/clusters/{cluster}/education/skill-claims/{claim}",
            "skill_claim.view",
            "A claim, its evidence and its assessments",
            claim::get,
        ),
        Route::post(
            "/clusters/{cluster}/education/skill-claims/{claim}/evidence",
            "skill_claim.evidence",
            "Give evidence",
            claim::evidence,
        )
        .up_to(claim::LARGEST_FORM),
        Route::get(
            "/clusters/{cluster}/education/skill-claims/{claim}/evidence/{file}",
            "skill_claim.export",
            "A file given as evidence",
            claim::file,
        ),
        Route::post(
            "/clusters/{cluster}/education/skill-claims/{claim}/request",
            "skill_claim.ask",
            "Ask an assessor",
            claim::ask,
        )
        .takes::<claim::AskForm>(),
        Route::post(
            "/clusters/{cluster}/education/skill-claims/{claim}/assessment",
            "skill_claim.assess",
            "Assess it",
            claim::assess,
        )
        .takes::<claim::AssessForm>(),
        Route::post(
            "/clusters/{cluster}/education/skill-claims/{claim}/award",
            "skill_claim.award",
            "Award the badge",
            claim::award,
        ),
    ]
}

fn public_routes() -> Vec<Route> {
    vec![
        Route::get("/credentials/check", "badge_check.view", "Check any badge: the page", check::get),
        Route::post("/credentials/check", "badge_check.view", "Check any badge", check::post)
            .up_to(check::LARGEST_FORM),
        Route::get(
            "/credentials/issuer",
            "public.view",
            "What this installation publishes of its keys",
            keys_page::document,
        ),
        Route::get("/.well-known/did.json", "public.view", "The same where did:web has it", keys_page::document),
        Route::get("/credentials/status/{list}", "public.view", "A status list, signed", status::get),
        Route::get("/credentials/keys", "installation.view", "The keys badges are signed with", keys_page::get),
        Route::post("/credentials/keys", "installation.change", "Make a new key", keys_page::post)
            .takes::<keys_page::Form>(),
        Route::get("/credentials/{credential}", "badge.view", "A badge as its holder shows it", badge::get),
        Route::get("/credentials/{credential}/badge.jwt", "badge.export", "The badge as a signed token", badge::token),
        Route::get(
            "/credentials/{credential}/badge.json",
            "badge.export",
            "The badge as JSON-LD with its proof",
            badge::json,
        ),
        Route::get(
            "/credentials/{credential}/badge.svg",
            "badge.export",
            "The badge baked into an SVG image",
            badge::svg,
        ),
        Route::get(
            "/credentials/{credential}/badge.png",
            "badge.export",
            "The badge baked into a PNG image",
            badge::png,
        ),
        Route::get(
            "/credentials/{credential}/certificate.pdf",
            "badge.export",
            "A certificate to print",
            certificate::get,
        ),
        Route::post(
            "/credentials/{credential}/publication",
            "badge.publish",
            "Show it to everybody, or no longer",
            badge::publication,
        )
        .takes::<badge::PublicationForm>(),
        Route::post(
            "/credentials/{credential}/standing",
            "badge.revoke",
            "Suspend, reinstate or revoke it",
            badge::standing,
        )
        .takes::<badge::StandingForm>(),
    ]
}

/// The way to the keys, for those who run the installation.
pub(crate) fn navigation(subject: &Subject) -> Vec<Nav> {
    match subject.holds(Role::Administrator) {
        true => vec![Nav { href: "/credentials/keys".into(), label: "Signing keys" }],
        false => vec![],
    }
}

/// Typical targets for the permission table.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil();
    let of_cluster = |kind: &'static str| Target::new(kind, id).scope(Scope::Cluster(id)).within(id);
    vec![of_cluster("skill"), of_cluster("skill_claim"), of_cluster("badge"), Target::new("badge_check", id)]
}
