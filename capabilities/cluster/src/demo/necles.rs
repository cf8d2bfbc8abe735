//! The founding of NECLES, as the review of 2011 tells of it: name, founding partners, money, form and approach as published; hospitals, practices, people and texts made up and marked so.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use hiec_access::grants;
use hiec_contracts::demonstration::{NECLES, PRACTICES, hospital, practice};
use hiec_kernel::organisations::{Function, Sector, Setting};
use hiec_kernel::people::Person;
use hiec_kernel::{Money, Problem, Role, Scope};
use hiec_store::{Reads, Unit};

use super::CAST;
use super::founding::{Play, add_person, registered};
use crate::agreement::actions as agreements;
use crate::agreement::rules::Clauses;
use crate::clusters::store::{self as clusters, Cluster, ClusterFacts, PartnerRole};
use crate::constitution::rules::{Contract, Financing, Terms};
use crate::constitution::store as constitutions;
use crate::constitution::writing::{Change, constitute};
use crate::links::page::make;
use crate::links::store::{BodyKind, Link};
use crate::partners::joining::{Newcomer, change, join};
use crate::partners::store::{self as partners, Membership};
use crate::people::actions as posts;
use crate::people::rules::{Basis, PostKind, Step};
use crate::people::store::Post;
use crate::principles::watch;
use crate::succession::page as legacies;
use crate::succession::rules::LegacyKind;
use crate::succession::store::Legacy;

/// How the award's cluster begins its name.
const AWARDED: &str = "North East London, North Central London and Essex";
const SOURCE: &str = "Award: press release of 2009. Partners, budget, form, population and approach: Social Enterprise London, \
                      review of success and enabling factors, 2011";

const BARTS: &str = "Barts and The London School of Medicine and Dentistry (Queen Mary University of London)";
const UCLP: &str = "UCL Partners";
const ANGLIA: &str = "Postgraduate Medical Institute, Anglia Ruskin University";
pub(super) const COMPANY: &str = "Illustrative Devices Ltd (NECLES)";
const CHARITY: &str = "Illustrative Lung Charity (NECLES)";
const PATIENTS: &str = "Illustrative Patients' Forum (NECLES)";

/// The hospitals that share the audit of non-invasive ventilation, and belong from the start.
pub(super) const FIRST_HOSPITALS: usize = 7;

pub(super) fn day(text: &str) -> Result<NaiveDate, Problem> {
    text.parse().map_err(Problem::internal)
}

pub(super) async fn cluster(reads: &impl Reads) -> Result<Cluster, Problem> {
    clusters::by_key(reads, NECLES).await?.ok_or_else(|| Problem::internal("NECLES is not founded"))
}

/// NECLES is constituted, its partners come together and sign, its first people begin.
pub(super) async fn found(play: &Play<'_>) -> Result<(), Problem> {
    let awarded = clusters::all(&play.state.database()).await?.into_iter().find(|one| one.name.starts_with(AWARDED));
    let Some(awarded) = awarded else {
        return Err(Problem::internal("no award founded the cluster of north east London"));
    };
    play.at("2010-01-04 10:00")?;
    let mut unit = play.by("office").await?;
    let necles = constituted(&mut unit, &awarded).await?;
    gather(&mut unit, &necles).await?;
    unit.commit().await?;

    play.at("2010-01-11 10:00")?;
    people_begin(play, &necles).await?;

    play.at("2010-01-18 10:00")?;
    let chair = play.person("cluster-chair").await?;
    let mut unit = play.by("cluster-chair").await?;
    agreements::put(&mut unit, play.state.site(), &necles, chair.id, &first_agreement(), "The first agreement").await?;
    for (kind, name, purpose, owner) in LINKS {
        let link = Link {
            id: unit.new_id(),
            kind: *kind,
            name: (*name).to_owned(),
            purpose: (*purpose).to_owned(),
            owner: (*owner).to_owned(),
            since: day("2010-01-18")?,
            until: None,
            ended_reason: None,
        };
        make(&mut unit, &necles, &link).await?;
    }
    for (kind, name, owner) in FIRST_MONTH {
        add_legacy(&mut unit, &necles, *kind, name, owner).await?;
    }
    watch::look(&mut unit, play.state.site(), &necles, "The partners came together").await?;
    unit.commit().await?;

    play.at("2010-01-27 15:00")?;
    sign_by_all(play, &necles, 1, 3).await
}

/// Name, term, form and facts as published.
async fn constituted(unit: &mut Unit, awarded: &Cluster) -> Result<Cluster, Problem> {
    let constitution = constitutions::of(unit, awarded.id).await?;
    let text = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let change = Change {
        key: NECLES.to_owned(),
        short_name: "NECLES".to_owned(),
        legal_form: "joint_venture_partnership".to_owned(),
        starts_on: day("2010-01-01")?,
        ends_on: day("2011-12-31")?,
        facts: ClusterFacts {
            work_programme: text(&[
                "Prevention: cardiovascular disease, migrant health",
                "Acute care: maternity, eyes and vision",
                "Long term conditions: COPD, asthma in children and young people",
            ]),
            source: SOURCE.to_owned(),
            population: Some(5_800_000),
            approach: text(&[
                "Co-ordination and facilitation: the right people round the table",
                "Evaluation of innovations",
                "Dissemination of best practice across the region",
            ]),
            budget: Some(Money::pounds(1_100_000)),
        },
        terms: Terms {
            contract: Some(Contract::Lead),
            financing: vec![Financing::Award, Financing::Contributions, Financing::Grants],
            ..constitution.terms.clone()
        },
        ..Change::nothing(awarded, &constitution)
    };
    constitute(unit, awarded, &change).await
}

/// The published founding partners, and the made-up others.
async fn gather(unit: &mut Unit, necles: &Cluster) -> Result<(), Problem> {
    let since = day("2010-01-04")?;
    // Who signed the bid in the demonstration is made up: members, beside the founding partners of the sources.
    for one in partners::of_cluster(unit, necles.id).await?.iter().filter(|one| one.role == PartnerRole::Founding) {
        change(unit, necles, one, PartnerRole::Member, &[]).await?;
    }
    let teaches = [Function::ProvidesEducation];
    let cares = [Function::ProvidesCare];
    let mut newcomers = Vec::new();
    let mut bring = |organisation, role, professions: &[&str]| {
        let professions = professions.iter().map(|one| (*one).to_owned()).collect();
        newcomers.push(Newcomer { organisation, role, professions });
    };
    let higher = Sector::HigherEducation;
    for (name, sector, functions, professions) in [
        (BARTS, higher, teaches.as_slice(), ["Doctors", "Dentists"]),
        (UCLP, Sector::OtherPublic, &cares, ["Doctors", "Healthcare scientists"]),
        (ANGLIA, higher, &teaches, ["Doctors", "Allied health professionals"]),
    ] {
        let one = registered(unit, name, sector, &[], functions, false).await?;
        bring(one, PartnerRole::Founding, &professions);
    }
    for nth in 1..=FIRST_HOSPITALS {
        let settings: &[Setting] =
            if nth <= 2 { &[Setting::Secondary, Setting::Tertiary] } else { &[Setting::Secondary] };
        let one = registered(unit, &hospital(nth), Sector::Nhs, settings, &cares, true).await?;
        bring(one, PartnerRole::Member, &["Doctors", "Nurses", "Midwives"]);
    }
    for nth in 1..=PRACTICES {
        let one = registered(unit, &practice(nth), Sector::Nhs, &[Setting::Primary], &cares, true).await?;
        let role = if nth == 1 { PartnerRole::Member } else { PartnerRole::Associate };
        bring(one, role, &["Doctors", "Nurses"]);
    }
    for (name, sector) in [(COMPANY, Sector::Industry), (CHARITY, Sector::ThirdSector), (PATIENTS, Sector::ThirdSector)]
    {
        let one = registered(unit, name, sector, &[], &[], true).await?;
        bring(one, PartnerRole::Member, &[]);
    }
    join(unit, necles, since, &newcomers).await
}

/// Who comes into post, with whom, for how long.
struct Coming {
    slug: &'static str,
    kind: PostKind,
    basis: Basis,
    employer: &'static str,
    pathway: &'static str,
    since: &'static str,
    until: &'static str,
    half_days: i64,
    pounds: i64,
}

const POSTS: &[Coming] = &[
    Coming {
        slug: "cluster-chair",
        kind: PostKind::Chair,
        basis: Basis::Unpaid,
        employer: "",
        pathway: "",
        since: "2010-01-11",
        until: "2011-12-31",
        half_days: 1,
        pounds: 0,
    },
    Coming {
        slug: "director",
        kind: PostKind::Director,
        basis: Basis::Contract,
        employer: "Queen Mary University of London",
        pathway: "",
        since: "2010-01-11",
        until: "2011-12-31",
        half_days: 10,
        pounds: 168_000,
    },
    Coming {
        slug: "facilitator",
        kind: PostKind::Facilitator,
        basis: Basis::Secondment,
        employer: "Illustrative Hospital 01 (NECLES)",
        pathway: "COPD",
        since: "2010-01-18",
        until: "2011-12-31",
        half_days: 5,
        pounds: 92_000,
    },
    Coming {
        slug: "facilitator-two",
        kind: PostKind::Fellow,
        basis: Basis::Secondment,
        employer: "Illustrative Hospital 02 (NECLES)",
        pathway: "Maternity",
        since: "2010-01-18",
        until: "2011-12-31",
        half_days: 6,
        pounds: 104_000,
    },
];

/// The cast of the cluster with their roles, and a site lead for each partner that signs.
async fn people_begin(play: &Play<'_>, necles: &Cluster) -> Result<(), Problem> {
    let mut unit = play.by("office").await?;
    let here = Scope::Cluster(necles.id.0);
    let mut cast = BTreeMap::new();
    for actor in CAST {
        cast.insert(actor.slug, add_person(&mut unit, actor.slug, actor.name, None).await?);
    }
    let member =
        |slug: &str| cast.get(slug).cloned().ok_or_else(|| Problem::internal(format!("no {slug} in the cast")));
    for coming in POSTS {
        let person = member(coming.slug)?;
        let post = post(&unit, &person, coming)?;
        let giver = unit.actor().clone();
        posts::take(&mut unit, play.state.site(), necles, &person, &post, &giver).await?;
        let steps = [Step::Purpose, Step::Employer, Step::Split];
        posts::induct(&mut unit, necles, &post, &steps, person.id).await?;
    }
    for (slug, role) in [("board", Role::BoardMember), ("patient", Role::PatientMember)] {
        grants::give(&mut unit, member(slug)?.id, role, here, Some(necles.id.0)).await?;
    }
    let known = BTreeMap::from([(hospital(1), "site-hospital"), (practice(1), "site-practice")]);
    let mut nth = 0;
    for one in signing(&unit, necles).await? {
        if one.role == PartnerRole::Lead {
            continue;
        }
        let lead = match known.get(&one.organisation.name) {
            Some(slug) => member(slug)?,
            None => {
                nth += 1;
                let name = format!("Site Lead {nth:02} Example");
                add_person(&mut unit, &format!("site-lead-{nth:02}"), &name, Some(one.organisation.id)).await?
            }
        };
        site_lead(&mut unit, necles, &one, &lead).await?;
    }
    Ok(unit.commit().await?)
}

pub(super) async fn site_lead(
    unit: &mut Unit,
    necles: &Cluster,
    at: &Membership,
    person: &Person,
) -> Result<(), Problem> {
    let scope = Scope::Organisation(at.organisation.id.0);
    grants::give(unit, person.id, Role::SiteLead, scope, Some(necles.id.0)).await
}

fn post(unit: &Unit, person: &Person, coming: &Coming) -> Result<Post, Problem> {
    Ok(Post {
        id: unit.new_id(),
        person: person.id,
        person_name: person.name.clone(),
        is_illustrative: true,
        kind: coming.kind,
        basis: coming.basis,
        employer: coming.employer.to_owned(),
        pathway: coming.pathway.to_owned(),
        since: day(coming.since)?,
        until: day(coming.until)?,
        half_days: coming.half_days,
        cost: Money::pounds(coming.pounds),
        successor: String::new(),
        handover: String::new(),
        ended_on: None,
        ended_reason: None,
        induction: BTreeMap::new(),
    })
}

/// The partners that sign, by name.
pub(super) async fn signing(reads: &impl Reads, necles: &Cluster) -> Result<Vec<Membership>, Problem> {
    let all = partners::of_cluster(reads, necles.id).await?;
    Ok(all.into_iter().filter(|one| one.role.signs() && one.until.is_none()).collect())
}

/// Every partner but the last few signs a version.
async fn sign_by_all(play: &Play<'_>, necles: &Cluster, version: i64, but: usize) -> Result<(), Problem> {
    let all = signing(&play.state.database(), necles).await?;
    let last = all.len().saturating_sub(but);
    for one in all.iter().take(last) {
        let (slug, post) = match one.role {
            PartnerRole::Lead => ("director".to_owned(), "Managing director of the cluster"),
            _ => (signatory(play, one).await?, "Site lead"),
        };
        let person = play.person(&slug).await?;
        let mut unit = play.by(&slug).await?;
        agreements::sign(&mut unit, necles, one, &person, version, post).await?;
        unit.commit().await?;
    }
    Ok(())
}

/// The slug of the first site lead of a partner.
pub(super) async fn signatory(play: &Play<'_>, of: &Membership) -> Result<String, Problem> {
    let reads = play.state.database();
    let leads = crate::clusters::circle::site_leads(&reads, of.organisation.id).await?;
    let leads = crate::clusters::circle::named(&reads, leads).await?;
    let slug = leads.first().and_then(|lead| lead.email.split('@').next().map(str::to_owned));
    slug.ok_or_else(|| Problem::internal(format!("{} has no site lead", of.organisation.name)))
}

const LINKS: &[(BodyKind, &str, &str, &str)] = &[
    (
        BodyKind::Ahsc,
        "UCL Partners",
        "Illustrative: the centre's trials and the cluster's sites meet twice a year, so that results reach practice",
        "Managing director",
    ),
    (
        BodyKind::Hub,
        "NHS Innovations London",
        "Illustrative: advice on licences for what the cluster's projects make",
        "Managing director",
    ),
];

const FIRST_MONTH: &[(LegacyKind, &str, &str)] = &[
    (LegacyKind::Partnership, "Partnership of the founding partners", ""),
    (LegacyKind::Service, "Maternity community of practice", ""),
    (LegacyKind::Product, "Asthma self-management app", ""),
    (LegacyKind::Product, "COPD patient-reported experience measures", ""),
];

async fn add_legacy(
    unit: &mut Unit,
    necles: &Cluster,
    kind: LegacyKind,
    name: &str,
    owner: &str,
) -> Result<(), Problem> {
    let legacy = Legacy {
        id: unit.new_id(),
        kind,
        name: name.to_owned(),
        project: None,
        owner: owner.to_owned(),
        funding: String::new(),
        licence: String::new(),
        record: String::new(),
        is_illustrative: false,
        version: 1,
    };
    legacies::add(unit, necles, &legacy).await
}

pub(super) fn first_agreement() -> Clauses {
    let said = [
        (
            "goals",
            "Illustrative text. To bring proven innovations in six pathways to patients across north east London, north central London and Essex, and to leave partnerships behind that need no cluster.",
        ),
        ("duration", "1 January 2010 to 31 December 2011. Three pathways begin in 2010, three in 2011."),
        (
            "benefits_patients",
            "Illustrative text. Treatment that is as good at one site as at the next; a say in what is measured.",
        ),
        (
            "benefits_nhs",
            "Illustrative text. Figures of one's own beside those of peers, and colleagues who have done it before.",
        ),
        (
            "benefits_industry",
            "Illustrative text. Sites that answer quickly whether a trial is feasible; no preference in buying.",
        ),
        (
            "method",
            "Illustrative text. Clinicians seconded as facilitators and fellows bring sites together; data is shared as each site allows.",
        ),
        ("cost", "£1.1m over two years. Illustrative: partners give meeting rooms and staff time in kind."),
        (
            "governance",
            "A board with senior clinicians and managers; a forum of stakeholders, mostly virtual; an annual meeting of members; quarterly reports to NHS London.",
        ),
        (
            "success",
            "Illustrative text. Ventilation within three hours measured at seven sites from a baseline audit; caesarean sections measured at six maternity units.",
        ),
        ("evaluation", "Illustrative text. An independent review in the second year, published in full."),
        ("host", "Illustrative text. Queen Mary University of London employs and insures."),
        ("exit", "Illustrative text. A partner leaves with three months' notice and a reason."),
    ];
    Clauses(said.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect())
}
