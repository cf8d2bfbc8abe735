//! The round as an OCDS 1.1 release package: one contracting process, one release per event; a release once published never changes, whatever happens later.

use std::collections::{BTreeMap, BTreeSet};

use hiec_kernel::{Money, Timestamp, clock};
use serde_json::{Map, Value, json};

use super::LICENCE;
use super::identifiers::{PublicIdentifier, escaped};
use super::round::{
    PublicAmendment, PublicAward, PublicOrganisation, PublicQuestion, PublicRound, Shortlist, with_note,
};

/// The release package with everything announced so far, in order of time.
///
/// The process is a grant round: the funder has the roles `buyer`, `procuringEntity` and `funder`, principal partners are suppliers.
/// Scores have no home in the standard and lie beside it as CSV, to which each award points.
pub fn ocds(round: &PublicRound) -> Value {
    let process = Process { round };
    let mut releases = vec![process.planning(), process.tender()];
    releases.extend(round.amendments.iter().map(|amendment| process.amendment(amendment)));
    releases.extend(round.questions.iter().map(|question| process.answer(question)));
    releases.extend(round.shortlist.iter().map(|shortlist| process.shortlist(shortlist)));
    let announcements: BTreeSet<Timestamp> = round.awards.iter().map(|award| award.announced).collect();
    releases.extend(announcements.into_iter().map(|announced| process.award(announced)));
    // Stable: events of one moment keep the order above.
    releases.sort_by_key(|(at, _)| *at);
    let releases: Vec<Value> = releases.into_iter().map(|(_, release)| release).collect();
    json!({
        "uri": round.publisher.address.below("open-data/ocds.json"),
        "version": "1.1",
        "publishedDate": clock::iso(round.modified),
        "publisher": { "name": round.publisher.name, "uri": round.publisher.address.as_str() },
        "license": LICENCE,
        "publicationPolicy": round.publisher.address.below("open-data/"),
        "releases": releases,
    })
}

struct Process<'a> {
    round: &'a PublicRound,
}

impl Process<'_> {
    fn planning(&self) -> (Timestamp, Value) {
        let call = &self.round.call;
        let mut planning = json!({ "rationale": call.description });
        if let Some(budget) = call.budget {
            set(
                &mut planning,
                "budget",
                json!({ "description": format!("{}: budget as first published", call.title), "amount": value(budget) }),
            );
        }
        if let Some(closes) = call.dialogue_closes {
            let milestone = json!({ "id": "dialogue", "title": "Informal dialogue closes", "type": "preProcurement", "dueDate": clock::iso(closes), "status": "scheduled" });
            set(&mut planning, "milestones", json!([milestone]));
        }
        self.release("planning", call.prospectus, "planning", &[], &[("planning", planning)])
    }

    fn tender(&self) -> (Timestamp, Value) {
        let call = &self.round.call;
        let mut tender = self.tender_core("active");
        let opens = clock::iso(call.advert);
        set(&mut tender, "description", json!(call.description));
        set(&mut tender, "procurementMethod", json!("selective"));
        set(
            &mut tender,
            "procurementMethodDetails",
            json!("A grant competition: pre-qualification questionnaire, shortlist, bid, assessment, panel."),
        );
        set(&mut tender, "tenderPeriod", period(&opens, call.bids_due));
        if let Some(closes) = call.dialogue_closes {
            set(&mut tender, "enquiryPeriod", period(&clock::iso(call.prospectus), closes));
        }
        if let Some(budget) = call.budget {
            set(&mut tender, "value", value(budget));
        }
        set(&mut tender, "awardCriteria", json!("ratedCriteria"));
        set(&mut tender, "awardCriteriaDetails", json!(self.criteria_in_words()));
        set(&mut tender, "eligibilityCriteria", json!(self.principles_in_words()));
        set(&mut tender, "submissionMethod", json!(["electronicSubmission"]));
        set(&mut tender, "milestones", self.milestones(None));
        self.release("tender", call.advert, "tender", &[], &[("tender", tender)])
    }

    fn amendment(&self, amendment: &PublicAmendment) -> (Timestamp, Value) {
        let id = format!("amendment-{}", amendment.number);
        let mut tender = self.tender_core("active");
        if let Some(due) = amendment.bids_due {
            set(&mut tender, "tenderPeriod", period(&clock::iso(self.round.call.advert), due));
        }
        let changes: Vec<String> = amendment
            .changes
            .iter()
            .map(|(what, before, after)| format!("{what}: “{before}” becomes “{after}”."))
            .collect();
        let described = json!({
            "id": amendment.number.to_string(),
            "date": clock::iso(amendment.published),
            "rationale": with_note(&amendment.reason, amendment.illustrative.as_deref()),
            "description": changes.join(" "),
            "releaseID": self.release_id(&id),
        });
        set(&mut tender, "amendments", json!([described]));
        self.release(&id, amendment.published, "tenderAmendment", &[], &[("tender", tender)])
    }

    fn answer(&self, question: &PublicQuestion) -> (Timestamp, Value) {
        let id = format!("answer-{}", question.number);
        let mut tender = self.tender_core("active");
        set(&mut tender, "hasEnquiries", json!(true));
        let document = json!({
            "id": id,
            "documentType": "clarifications",
            "title": format!("Question {} and its answer", question.number),
            "description": with_note(&format!("{} — {}", question.question, question.answer), question.illustrative.as_deref()),
            "url": self.round.publisher.address.below("open-data/questions.csv"),
            "datePublished": clock::iso(question.answered),
            "format": "text/csv",
            "language": "en",
        });
        set(&mut tender, "documents", json!([document]));
        self.release(&id, question.answered, "tenderUpdate", &[], &[("tender", tender)])
    }

    fn shortlist(&self, shortlist: &Shortlist) -> (Timestamp, Value) {
        let mut tender = self.tender_core("active");
        let leads = self.distinct(shortlist.leads.iter());
        if !leads.is_empty() {
            let references: Vec<Value> = leads.iter().map(|lead| self.reference(lead)).collect();
            set(&mut tender, "tenderers", json!(references));
            set(&mut tender, "numberOfTenderers", json!(references.len()));
        }
        let roles: Vec<(&PublicOrganisation, &str)> = leads.into_iter().map(|lead| (lead, "tenderer")).collect();
        self.release("shortlist", shortlist.published, "tenderUpdate", &roles, &[("tender", tender)])
    }

    fn award(&self, announced: Timestamp) -> (Timestamp, Value) {
        let awards: Vec<&PublicAward> = self.round.awards.iter().filter(|award| award.announced == announced).collect();
        let suppliers = self.distinct(awards.iter().map(|award| &award.principal_partner));
        let roles: Vec<(&PublicOrganisation, &str)> =
            suppliers.into_iter().map(|supplier| (supplier, "supplier")).collect();
        let mut tender = self.tender_core("complete");
        set(&mut tender, "milestones", self.milestones(Some(announced)));
        let awards: Vec<Value> = awards.into_iter().map(|award| self.award_object(award)).collect();
        let id = format!("award-{}", announced.format("%Y%m%dT%H%M%S%3fZ"));
        self.release(&id, announced, "award", &roles, &[("tender", tender), ("awards", json!(awards))])
    }

    fn award_object(&self, award: &PublicAward) -> Value {
        let mut object = json!({
            "id": escaped(&award.reference),
            "title": award.title,
            "description": with_note(&award.work_programme.join("; "), award.illustrative.as_deref()),
            "status": "active",
            "date": clock::iso(award.announced),
            "value": value(award.amount),
            "suppliers": [self.reference(&award.principal_partner)],
        });
        if let (Some(starts), Some(ends)) = (award.starts, award.ends)
            && starts <= ends
        {
            let dates = json!({ "startDate": format!("{starts}T00:00:00Z"), "endDate": format!("{ends}T23:59:59Z") });
            set(&mut object, "contractPeriod", dates);
        }
        if !award.scores.is_empty() {
            let scores = json!({
                "id": format!("scores-{}", escaped(&award.reference)),
                "documentType": "evaluationReports",
                "title": "Scores per criterion",
                "url": self.round.publisher.address.below("open-data/scores-per-criterion.csv"),
                "format": "text/csv",
                "language": "en",
            });
            set(&mut object, "documents", json!([scores]));
        }
        object
    }

    /// What every release about the tender carries.
    fn tender_core(&self, status: &str) -> Value {
        json!({
            "id": escaped(&self.round.call.reference),
            "title": self.round.call.title,
            "status": status,
            "procuringEntity": self.reference(&self.round.funder),
        })
    }

    /// Milestones with a day. As the call announced them, or as they stood at a moment: a release must not know what came later.
    fn milestones(&self, at: Option<Timestamp>) -> Value {
        let mut kept = BTreeSet::new();
        let milestones: Vec<Value> = self
            .round
            .milestones
            .iter()
            .filter(|milestone| kept.insert(milestone.code.as_str()))
            .filter_map(|milestone| {
                let met = milestone.met.filter(|met| at.is_some_and(|at| *met <= at));
                let mut object = json!({
                    "id": escaped(&milestone.code),
                    "title": milestone.title,
                    "dueDate": clock::iso(milestone.due?),
                    "status": if met.is_some() { "met" } else { "scheduled" },
                });
                if let Some(met) = met {
                    set(&mut object, "dateMet", json!(clock::iso(met)));
                }
                Some(object)
            })
            .collect();
        json!(milestones)
    }

    fn criteria_in_words(&self) -> String {
        let criteria: Vec<String> = self
            .round
            .criteria
            .iter()
            .map(|criterion| match criterion.weight {
                Some(weight) => format!("{} (weight {weight})", criterion.title),
                None => criterion.title.clone(),
            })
            .collect();
        criteria.join("; ")
    }

    fn principles_in_words(&self) -> String {
        let principles: Vec<String> =
            self.round.principles.iter().map(|principle| format!("{}: {}", principle.title, principle.test)).collect();
        principles.join("; ")
    }

    fn release(
        &self,
        id: &str,
        at: Timestamp,
        tag: &str,
        others: &[(&PublicOrganisation, &str)],
        blocks: &[(&str, Value)],
    ) -> (Timestamp, Value) {
        let round = self.round;
        let mut release = json!({
            "ocid": format!("{}-{}", round.publisher.ocds_prefix, escaped(&round.call.reference)),
            "id": self.release_id(id),
            "date": clock::iso(at),
            "tag": [tag],
            "initiationType": "tender",
            "language": "en",
            "parties": self.parties(others),
            "buyer": self.reference(&round.funder),
        });
        for (name, block) in blocks {
            set(&mut release, name, block.clone());
        }
        (at, release)
    }

    fn release_id(&self, id: &str) -> String {
        format!("{}-{id}", escaped(&self.round.call.reference))
    }

    /// The funder and those named in this release; an organisation in two parts stands once, with both roles.
    fn parties(&self, others: &[(&PublicOrganisation, &str)]) -> Value {
        let funder = &self.round.funder;
        let mut parties: BTreeMap<String, (&PublicOrganisation, Vec<&str>)> = BTreeMap::new();
        let funding = ["buyer", "procuringEntity", "funder"].map(|role| (funder, role));
        for (organisation, role) in funding.iter().chain(others) {
            let (_, roles) = parties.entry(self.party_id(organisation)).or_insert((organisation, Vec::new()));
            if !roles.contains(role) {
                roles.push(role);
            }
        }
        let parties: Vec<Value> =
            parties.into_iter().map(|(id, (organisation, roles))| self.party(&id, organisation, &roles)).collect();
        json!(parties)
    }

    fn party(&self, id: &str, organisation: &PublicOrganisation, roles: &[&str]) -> Value {
        let mut party = json!({ "id": id, "name": named(&organisation.name), "roles": roles });
        if let PublicIdentifier::Registered { register, code } = &organisation.identifier {
            let identifier = json!({ "scheme": register.code(), "id": code, "legalName": named(&organisation.name) });
            set(&mut party, "identifier", identifier);
        }
        if let Some(postcode) = &organisation.postcode {
            set(&mut party, "address", json!({ "postalCode": postcode, "countryName": "United Kingdom" }));
        }
        party
    }

    fn reference(&self, organisation: &PublicOrganisation) -> Value {
        json!({ "id": self.party_id(organisation), "name": named(&organisation.name) })
    }

    fn party_id(&self, organisation: &PublicOrganisation) -> String {
        organisation.identifier.spelled(&self.round.publisher.three_sixty_prefix)
    }

    fn distinct<'o>(&self, organisations: impl Iterator<Item = &'o PublicOrganisation>) -> Vec<&'o PublicOrganisation> {
        let mut seen = BTreeSet::new();
        organisations.filter(|organisation| seen.insert(self.party_id(organisation))).collect()
    }
}

fn named(name: &str) -> &str {
    if name.is_empty() { "Not named" } else { name }
}

fn value(amount: Money) -> Value {
    let amount = serde_json::from_str::<serde_json::Number>(&amount.plain()).map_or(Value::Null, Value::Number);
    json!({ "amount": amount, "currency": "GBP" })
}

fn period(start: &str, end: Timestamp) -> Value {
    json!({ "startDate": start, "endDate": clock::iso(end) })
}

fn set(object: &mut Value, key: &str, value: Value) {
    let fields: Option<&mut Map<String, Value>> = object.as_object_mut();
    if let Some(fields) = fields {
        fields.insert(key.to_owned(), value);
    }
}
