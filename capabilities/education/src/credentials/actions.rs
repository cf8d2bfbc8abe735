//! What people do with skills: keep the framework, give evidence, ask, assess, award, take back. One audit entry each, and letters to whom it concerns.

use chrono::Months;
use hiec_access::people;
use hiec_contracts::ClusterSeen;
use hiec_credentials::{
    Achievement, Award, Criteria, Evidence as Shown, Issuer, Recipient, sign_data_integrity, sign_jwt,
};
use hiec_kernel::clock::london_date;
use hiec_kernel::people::Person;
use hiec_kernel::{ClusterId, PersonId, Problem};
use hiec_store::files::{self, FileRow};
use hiec_store::mail::Mail;
use hiec_store::{AuditEvent, Unit};
use hiec_web::AppState;
use serde::Serialize;
use uuid::Uuid;

use super::skills::{self, Skill};
use super::states::{NoStep, Standing};
use super::store::{self, Badge, Claim, Evidence};
use super::{keys, lists};
use crate::ground;

macro_rules! event {
    ($(#[$meta:meta])* $name:ident = $kind:literal { $($field:ident: $type:ty,)* }) => {
        $(#[$meta])*
        #[derive(Serialize)]
        struct $name<'a> { $($field: $type,)* }

        impl AuditEvent for $name<'_> {
            const KIND: &'static str = $kind;
        }
    };
}

event!(SkillAdded = "skill.added" { name: &'a str, professions: &'a [String], months: Option<i64>, });
event!(AssessorNamed = "skill.assessor_named" { skill: &'a str, person: PersonId, });
event!(AssessorEnded = "skill.assessor_ended" { skill: &'a str, person: PersonId, });
event!(ClaimBegun = "skill.claimed" { skill: &'a str, profession: &'a str, });
event!(EvidenceGiven = "skill.evidence_given" { kind: &'a str, });
event!(AssessorAsked = "skill.assessor_asked" { skill: &'a str, assessor: PersonId, });
event!(SkillAssessed = "skill.assessed" { skill: &'a str, is_met: bool, words: &'a str, });
event!(SkillAwarded = "skill.awarded" { skill: &'a str, badge: Uuid, key: &'a str, });
event!(BadgePublished = "badge.published" { skill: &'a str, is_published: bool, });

/// A badge was suspended, reinstated or revoked.
#[derive(Serialize)]
struct BadgeChanged<'a> {
    standing: &'a str,
    reason: &'a str,
}

impl AuditEvent for BadgeChanged<'_> {
    const KIND: &'static str = "badge.standing_changed";

    fn reason(&self) -> Option<&str> {
        Some(self.reason)
    }
}

pub(crate) struct NewSkill {
    pub parent: Option<Uuid>,
    pub name: String,
    pub description: String,
    pub criteria: String,
    pub is_group: bool,
    pub months: Option<i64>,
    pub professions: Vec<String>,
    pub is_illustrative: bool,
}

pub(crate) async fn add_skill(unit: &mut Unit, cluster: ClusterId, new: NewSkill) -> Result<Skill, Problem> {
    let taken: Vec<String> = skills::of_cluster(unit, cluster).await?.into_iter().map(|skill| skill.key).collect();
    let skill = Skill {
        id: unit.new_id(),
        cluster,
        parent: new.parent,
        key: ground::key_of(&new.name, &taken),
        name: new.name,
        description: new.description,
        criteria: new.criteria,
        is_group: new.is_group,
        months: new.months,
        professions: new.professions,
        is_illustrative: new.is_illustrative,
    };
    skills::insert(unit, &skill).await?;
    let event = SkillAdded { name: &skill.name, professions: &skill.professions, months: skill.months };
    unit.audit(ground::stream(cluster), format!("skill:{}", skill.id), &event)?;
    Ok(skill)
}

/// Whether it was news: somebody named already is not named twice.
pub(crate) async fn name_assessor(unit: &mut Unit, skill: &Skill, person: PersonId) -> Result<bool, Problem> {
    if skills::is_named(unit, skill.id, person).await? {
        return Ok(false);
    }
    skills::name_assessor(unit, skill.id, person).await?;
    let event = AssessorNamed { skill: &skill.name, person };
    unit.audit(ground::stream(skill.cluster), format!("skill:{}", skill.id), &event)?;
    Ok(true)
}

pub(crate) async fn end_assessor(unit: &mut Unit, skill: &Skill, person: PersonId) -> Result<bool, Problem> {
    if skills::end_assessor(unit, skill.id, person).await? == 0 {
        return Ok(false);
    }
    let event = AssessorEnded { skill: &skill.name, person };
    unit.audit(ground::stream(skill.cluster), format!("skill:{}", skill.id), &event)?;
    Ok(true)
}

pub(crate) async fn begin(
    unit: &mut Unit,
    skill: &Skill,
    person: &Person,
    profession: &str,
    is_illustrative: bool,
) -> Result<Claim, Problem> {
    let open = store::claims(unit, skill.cluster, Some(person.id)).await?;
    let own =
        open.iter().find(|claim| claim.person == person.id && claim.skill == skill.id && claim.standing.is_open());
    if own.is_some() {
        return Err(Problem::conflict(
            "You are gathering evidence for this skill already",
            "Go on with the claim you began: it is in your list of claims.",
        ));
    }
    let claim = Claim {
        id: unit.new_id(),
        cluster: skill.cluster,
        skill: skill.id,
        person: person.id,
        name: person.name.clone(),
        profession: profession.to_owned(),
        standing: Standing::Gathering,
        begun_at: unit.now(),
        version: 1,
        is_illustrative,
    };
    store::insert_claim(unit, &claim).await?;
    unit.audit(ground::stream(claim.cluster), subject(&claim), &ClaimBegun { skill: &skill.name, profession })?;
    Ok(claim)
}

/// What somebody gives: words, a link with words, or a file that lies in the store.
pub(crate) enum Given {
    Text { words: String },
    Link { words: String, address: String },
    File { words: String, file: FileRow },
}

pub(crate) async fn give_evidence(unit: &mut Unit, claim: &Claim, given: Given) -> Result<(), Problem> {
    let now = store::claim(unit, claim.id).await?.ok_or_else(Problem::not_found)?;
    if now.standing != Standing::Gathering {
        return Err(refused(NoStep::NotGathering));
    }
    let id = unit.new_id();
    let (kind, words, address, file_id) = match given {
        Given::Text { words } => ("text", words, String::new(), None),
        Given::Link { words, address } => ("link", words, address, None),
        Given::File { words, file } => {
            files::add(unit, &file, &subject(claim), claim.person).await?;
            ("file", words, String::new(), Some(file.id))
        }
    };
    let one = Evidence { id, kind: kind.to_owned(), words, address, file_id, given_at: unit.now() };
    store::insert_evidence(unit, claim.id, &one).await?;
    Ok(unit.audit(ground::stream(claim.cluster), subject(claim), &EvidenceGiven { kind })?)
}

pub(crate) async fn ask(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    skill: &Skill,
    claim: &Claim,
    assessor: PersonId,
    shows_name: bool,
) -> Result<(), Problem> {
    let is_named = skills::is_named(unit, skill.id, assessor).await?;
    let evidence = store::evidence(unit, claim.id).await?.len();
    let asked = claim
        .standing
        .clone()
        .ask(claim.person, assessor, is_named, evidence, (london_date(unit.now()), shows_name))
        .map_err(refused)?;
    write(unit, claim, &asked).await?;
    unit.audit(ground::stream(claim.cluster), subject(claim), &AssessorAsked { skill: &skill.name, assessor })?;
    let words = format!(
        "{} asks you to assess a skill: {}.\n\nThe evidence, and where to say what you found: {}\n",
        claim.name,
        skill.name,
        claim.path(cluster)
    );
    tell(unit, cluster, assessor, format!("To assess: {}", skill.name), words).await
}

pub(crate) async fn assess(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    skill: &Skill,
    claim: &Claim,
    by: PersonId,
    (is_met, words): (bool, &str),
) -> Result<(), Problem> {
    let is_named = skills::is_named(unit, skill.id, by).await?;
    let found =
        claim.standing.clone().find(claim.person, by, is_named, is_met, london_date(unit.now())).map_err(refused)?;
    write(unit, claim, &found).await?;
    store::insert_assessment(unit, claim.id, by, is_met, words).await?;
    unit.audit(ground::stream(claim.cluster), subject(claim), &SkillAssessed { skill: &skill.name, is_met, words })?;
    let outcome = if is_met { "found the skill shown; the badge will be awarded next" } else { "asks for more" };
    let letter = format!("Your assessor {outcome}.\n\n{words}\n\nYour claim: {}\n", claim.path(cluster));
    tell(unit, cluster, claim.person, format!("Assessed: {}", skill.name), letter).await
}

/// Signs the badge and stores it. It is the holder's to publish.
pub(crate) async fn award(
    state: &AppState,
    unit: &mut Unit,
    cluster: &ClusterSeen,
    skill: &Skill,
    claim: &Claim,
    by: PersonId,
) -> Result<Badge, Problem> {
    let shows_name = matches!(claim.standing, Standing::Met { shows_name: true, .. });
    let awarded = claim.standing.clone().award(claim.person, by, london_date(unit.now())).map_err(refused)?;
    let holder = people::by_id(unit, claim.person).await?.ok_or_else(Problem::not_found)?;
    let (key_id, key) = keys::active(state, unit).await?;
    let (list, list_index) = lists::place(state, unit, &key.issuer).await?;
    let (id, now) = (unit.new_id(), unit.now());
    let valid_until = skill
        .months
        .and_then(|months| u32::try_from(months).ok())
        .and_then(|months| now.checked_add_months(Months::new(months)));
    let seen = store::evidence(unit, claim.id).await?.len();
    let document = Award {
        id: state.site().link(&format!("/credentials/{id}")),
        issuer: Issuer {
            id: key.issuer.clone(),
            name: cluster.name.clone(),
            url: Some(state.site().link(&cluster.path())),
        },
        achievement: Achievement {
            id: state.site().link(&skill.path(cluster)),
            name: skill.name.clone(),
            description: skill.description.clone(),
            criteria: Criteria { narrative: Some(skill.criteria.clone()), url: None },
            kind: Some("Competency".to_owned()),
            alignments: Vec::new(),
        },
        recipient: Recipient {
            id: None,
            email: Some(holder.email.clone()),
            salt: Some(unit.new_id().simple().to_string()),
            name: shows_name.then(|| holder.name.clone()),
        },
        valid_from: now,
        valid_until,
        // What was given as evidence stays between those concerned.
        evidence: vec![Shown { url: None, name: Some("Assessment".to_owned()), narrative: Some(seen_in_words(seen)) }],
        status: lists::entries(&list, list_index)?,
    }
    .document()
    .map_err(|problems| {
        Problem::internal(problems.into_iter().map(|problem| problem.0).collect::<Vec<_>>().join("; "))
    })?;
    let badge = Badge {
        id,
        claim_id: claim.id,
        cluster_id: claim.cluster.0,
        key_id,
        list_id: list.id,
        list_index,
        token: sign_jwt(&document, &key, now).map_err(Problem::internal)?,
        signed: sign_data_integrity(&document, &key, now).map_err(Problem::internal)?.to_string(),
        valid_from: now,
        valid_until,
        standing: "good".to_owned(),
        is_published: false,
        is_illustrative: claim.is_illustrative,
    };
    write(unit, claim, &awarded).await?;
    store::insert_badge(unit, &badge).await?;
    let event = SkillAwarded { skill: &skill.name, badge: badge.id, key: &key.id };
    unit.audit(ground::stream(claim.cluster), subject(claim), &event)?;
    let letter = format!(
        "You have been awarded: {}.\n\nYour badge, to keep, to print or to show: {}\nNobody else sees it until you publish it there.\n",
        skill.name,
        badge.path()
    );
    tell(unit, cluster, claim.person, format!("Awarded: {}", skill.name), letter).await?;
    Ok(badge)
}

fn seen_in_words(pieces: usize) -> String {
    let pieces = if pieces == 1 { "one piece of evidence".to_owned() } else { format!("{pieces} pieces of evidence") };
    format!("A named assessor saw {pieces} and found the skill shown; another person awarded it.")
}

/// What is done to a badge that was awarded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    Suspend,
    Reinstate,
    Revoke,
}

pub(crate) async fn change(
    unit: &mut Unit,
    cluster: &ClusterSeen,
    skill: &Skill,
    claim: &Claim,
    badge: &Badge,
    (change, reason): (Change, &str),
) -> Result<(), Problem> {
    let on = london_date(unit.now());
    let standing = claim.standing.clone();
    let (next, key) = match change {
        Change::Suspend => (standing.suspend(on, reason), "suspended"),
        Change::Reinstate => (standing.reinstate(on), "good"),
        Change::Revoke => (standing.revoke(on, reason), "revoked"),
    };
    write(unit, claim, &next.map_err(refused)?).await?;
    store::set_badge_standing(unit, badge.id, key, reason).await?;
    lists::touch(unit, badge.list_id).await?;
    unit.audit(ground::stream(claim.cluster), subject(claim), &BadgeChanged { standing: key, reason })?;
    let what = if key == "good" { "good again" } else { key };
    let letter = format!("Your badge for {} is {what}.\n\nWhy: {reason}\n\nThe badge: {}\n", skill.name, badge.path());
    tell(unit, cluster, claim.person, format!("Your badge is {what}: {}", skill.name), letter).await
}

pub(crate) async fn publish(
    unit: &mut Unit,
    skill: &Skill,
    claim: &Claim,
    badge: &Badge,
    is_published: bool,
) -> Result<(), Problem> {
    store::set_published(unit, badge.id, is_published).await?;
    let event = BadgePublished { skill: &skill.name, is_published };
    Ok(unit.audit(ground::stream(claim.cluster), subject(claim), &event)?)
}

async fn write(unit: &Unit, claim: &Claim, standing: &Standing) -> Result<(), Problem> {
    if store::update_standing(unit, claim, standing).await? {
        Ok(())
    } else {
        Err(ground::changed_meanwhile("this claim"))
    }
}

async fn tell(
    unit: &Unit,
    cluster: &ClusterSeen,
    person: PersonId,
    subject: String,
    body: String,
) -> Result<(), Problem> {
    if let Some(person) = people::open_by_id(unit, person).await? {
        let about = Some(format!("cluster:{}", cluster.id));
        unit.mail(Mail { to: person.email, person: Some(person.id), subject, body, about }).await?;
    }
    Ok(())
}

pub(crate) fn refused(reason: NoStep) -> Problem {
    Problem::conflict(reason.to_string(), "Open the claim again: it shows how it stands. Nothing was saved.")
}

fn subject(claim: &Claim) -> String {
    format!("skill_claim:{}", claim.id)
}
