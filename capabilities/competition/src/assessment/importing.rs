//! Importing the pool of assessors: who would be invited and what would change, then all of it in one unit or nothing; the same for browser and command line. It overrules nobody: not who declined, not what an account says.

use std::collections::BTreeMap;

use hiec_access::{grants, people};
use hiec_files::import::{ImportPlan, Importable, Parsed, Placed};
use hiec_files::table::RowError;
use hiec_kernel::organisations::Organisation;
use hiec_kernel::people::Person;
use hiec_kernel::{Fingerprint, OrganisationId, PersonId, Problem};
use hiec_store::database::StoreError;
use hiec_store::{AuditEvent, Reads, Unit, organisations};
use hiec_web::uploads::ListError;
use serde::Serialize;

use super::pool::{self, PoolMember, PoolState};
use super::pool_list::{self, Line};
use crate::calls::store::{self as calls, Call};
use crate::pqq::actions::mail;

/// A list of assessors was imported.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct AssessorsImported {
    pub invited: usize,
    pub changed: usize,
    /// Of the file, so that it can be shown which one it was.
    file_sha256: Fingerprint,
}

impl AuditEvent for AssessorsImported {
    const KIND: &'static str = "assessors.imported";
}

/// An assessor as the pool would hold them.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Listed {
    pub email: String,
    pub name: String,
    pub employer: Option<Employer>,
    pub expertise: Vec<String>,
    pub max_load: u32,
    /// Whether they have an account here already.
    pub has_account: bool,
}

/// Where somebody works.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Employer {
    pub id: OrganisationId,
    pub name: String,
}

impl Importable for Listed {
    fn key(&self) -> String {
        self.email.clone()
    }

    fn fields(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", self.name.clone()),
            ("employer", self.employer.as_ref().map(|one| one.name.clone()).unwrap_or_default()),
            ("expertise", self.expertise.join("; ")),
            ("max_load", self.max_load.to_string()),
        ]
    }
}

/// What an import would do. Nothing has been done yet.
#[derive(Debug)]
pub struct Preview {
    pub plan: ImportPlan<Listed>,
    /// Those of the list who have an account, by address.
    accounts: BTreeMap<String, Person>,
    pool: BTreeMap<PersonId, PoolMember>,
    file_sha256: Fingerprint,
}

/// Reads a list and compares it with the pool. `name` is the file's, whose ending helps to tell what it is.
pub(crate) async fn preview(reads: &impl Reads, call: &Call, name: &str, bytes: &[u8]) -> Result<Preview, ListError> {
    let listed = pool_list::read(name, bytes, call.design().award.max_load)?;
    let known = Known::load(reads, call, &listed.lines).await?;
    let mut parsed = Parsed { rows: Vec::new(), errors: listed.errors };
    let mut stored = BTreeMap::new();
    for line in listed.lines {
        let (number, key) = (line.line, line.email.clone());
        match known.judge(call, line) {
            Ok(record) => parsed.rows.push(Placed { line: number, record }),
            Err(errors) => parsed.errors.extend(errors),
        }
        if let Some(in_pool) = known.in_pool(&key) {
            stored.insert(key, in_pool);
        }
    }
    let plan = ImportPlan::new(parsed, &stored);
    let accounts = known.accounts.into_iter().map(|(address, (person, _))| (address, person)).collect();
    Ok(Preview { plan, accounts, pool: known.pool, file_sha256: Fingerprint::of_bytes(bytes) })
}

/// Everything a list is held against.
struct Known {
    /// By address; whether it is closed.
    accounts: BTreeMap<String, (Person, bool)>,
    pool: BTreeMap<PersonId, PoolMember>,
    /// Those who write or sign for a bid of this call.
    bidders: Vec<PersonId>,
    /// Named by the list, or by the accounts.
    organisations: Vec<Organisation>,
}

impl Known {
    async fn load(reads: &impl Reads, call: &Call, lines: &[Line]) -> Result<Self, StoreError> {
        let addresses: Vec<String> = lines.iter().map(|line| line.email.clone()).collect();
        let accounts: BTreeMap<String, (Person, bool)> = people::by_addresses(reads, &addresses)
            .await?
            .into_iter()
            .map(|(person, is_closed)| (person.email.clone(), (person, is_closed)))
            .collect();
        let ids: Vec<PersonId> = accounts.values().map(|(person, _)| person.id).collect();
        let held = grants::of_people(reads, &ids).await?;
        let bids_here = |person: &&PersonId| held.get(person).is_some_and(|held| pool::bids_in(held, call.id));
        let bidders = ids.iter().filter(bids_here).copied().collect();
        let pool = pool::of_call(reads, call.id).await?.into_iter().map(|member| (member.person, member)).collect();
        let names: Vec<String> = lines.iter().filter_map(|line| line.employer.clone()).collect();
        let mut organisations = organisations::by_ods_codes(reads, &names).await?;
        organisations.extend(organisations::by_names(reads, &names).await?);
        for employer in accounts.values().filter_map(|(person, _)| person.employer) {
            if !organisations.iter().any(|one| one.id == employer) {
                organisations.extend(organisations::by_id(reads, employer).await?);
            }
        }
        organisations.sort_by_key(|one| one.id);
        organisations.dedup_by_key(|one| one.id);
        Ok(Self { accounts, pool, bidders, organisations })
    }

    /// The assessor a line speaks of, or everything that stands against it.
    fn judge(&self, call: &Call, line: Line) -> Result<Listed, Vec<RowError>> {
        let mut errors = Vec::new();
        let mut fault = |column: &str, message: String| errors.push(RowError::new(line.line, Some(column), message));
        let account = self.accounts.get(&line.email);
        let in_pool = self.in_pool(&line.email);
        let name = match (account, &line.name) {
            (Some((_, true)), _) => {
                fault("email", "The account with this address is closed. An administrator can open it again.".into());
                None
            }
            (Some((person, _)), Some(name)) if !is_same(&person.name, name) => {
                let message = format!(
                    "This address belongs to “{}”, not “{name}”. Correct the address, or leave the name empty.",
                    person.name
                );
                fault("name", message);
                None
            }
            (Some((person, _)), _) => Some(person.name.clone()),
            (None, Some(name)) => Some(name.clone()),
            (None, None) => {
                fault("name", "Nobody with this address has an account. Fill in the name.".into());
                None
            }
        };
        if let Some((person, _)) = account {
            if self.bidders.contains(&person.id) {
                let message = "This person writes or signs for a bid of this call, and nobody assesses a round they bid in. Remove the line.";
                fault("email", message.into());
            }
            if self.pool.get(&person.id).is_some_and(|member| member.state == PoolState::Declined) {
                let message = "This person declined to assess. Remove the line; if they changed their mind, invite them on the page of assessors.";
                fault("email", message.into());
            }
        }
        let at_work = account.and_then(|(person, _)| self.employer(person));
        let employer = match line.employer.as_deref().map(|typed| self.named(typed)) {
            None => at_work,
            Some(Err(message)) => {
                fault("employer", message);
                None
            }
            Some(Ok(named)) => match at_work {
                Some(before) if before.id != named.id => {
                    let message = format!(
                        "The account says they work at {}. Leave this empty: they declare any other employer among their interests.",
                        before.name
                    );
                    fault("employer", message);
                    None
                }
                _ => Some(named),
            },
        };
        let Some(name) = name.filter(|_| errors.is_empty()) else {
            return Err(errors);
        };
        let (subjects, load) = in_pool
            .map_or_else(|| (Vec::new(), call.design().award.max_load), |member| (member.expertise, member.max_load));
        Ok(Listed {
            email: line.email,
            name,
            employer,
            expertise: line.expertise.unwrap_or(subjects),
            max_load: line.max_load.unwrap_or(load),
            has_account: account.is_some(),
        })
    }

    /// Whoever has this address, as the pool holds them now; nothing where they are not in it, or declined.
    fn in_pool(&self, address: &str) -> Option<Listed> {
        let (person, _) = self.accounts.get(address)?;
        let member = self.pool.get(&person.id).filter(|member| member.state != PoolState::Declined)?;
        Some(Listed {
            email: address.to_owned(),
            name: person.name.clone(),
            employer: self.employer(person),
            expertise: member.expertise.clone(),
            max_load: member.max_load,
            has_account: true,
        })
    }

    fn employer(&self, person: &Person) -> Option<Employer> {
        let id = person.employer?;
        let name = self.organisations.iter().find(|one| one.id == id).map(|one| one.name.clone());
        Some(Employer { id, name: name.unwrap_or_else(|| "another organisation".into()) })
    }

    /// The organisation a cell names by code, else by name.
    fn named(&self, typed: &str) -> Result<Employer, String> {
        let by_code =
            |one: &&Organisation| one.ods_code.as_deref().is_some_and(|code| code.eq_ignore_ascii_case(typed));
        let of = |one: &Organisation| Employer { id: one.id, name: one.name.clone() };
        if let Some(one) = self.organisations.iter().find(by_code) {
            return Ok(of(one));
        }
        let mut same = self.organisations.iter().filter(|one| is_same(&one.name, typed));
        match (same.next(), same.next()) {
            (Some(one), None) => Ok(of(one)),
            (Some(_), Some(_)) => {
                Err(format!("More than one organisation is called “{typed}”. Write the ODS code instead."))
            }
            (None, _) => Err(format!(
                "No organisation in the register has the code or name “{typed}”. Correct it, have it added to the register, or leave it empty."
            )),
        }
    }
}

/// The same name but for capitals and spaces.
fn is_same(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(one) == plain(other)
}

/// Does what was previewed, all of it or nothing. Given the fingerprint of the preview somebody saw, it is refused where
/// the pool has changed since. The caller commits.
pub(crate) async fn carry_out(
    unit: &mut Unit,
    call: &Call,
    preview: Preview,
    seen: Option<&Fingerprint>,
) -> Result<AssessorsImported, Problem> {
    let Preview { plan, accounts, pool, file_sha256 } = preview;
    let accepted = match seen {
        Some(seen) => plan.accept_as_previewed(seen)?,
        None => plan.accept()?,
    };
    let event = AssessorsImported { invited: accepted.new.len(), changed: accepted.changed.len(), file_sha256 };
    for listed in accepted.new {
        let person = match accounts.get(&listed.email) {
            Some(person) => person.id,
            None => pool::add_person(unit, &listed.name, &listed.email).await?,
        };
        if let Some(employer) = &listed.employer {
            people::name_employer(unit, person, employer.id).await?;
        }
        pool::invite_assessor(unit, call, person).await?;
        pool::note_offer(unit, call, person, &listed.expertise, listed.max_load).await?;
    }
    for listed in accepted.changed {
        let Some(person) = accounts.get(&listed.email).map(|person| person.id) else {
            continue;
        };
        if let Some(employer) = &listed.employer {
            people::name_employer(unit, person, employer.id).await?;
        }
        let Some(before) = pool.get(&person) else {
            continue;
        };
        if before.expertise == listed.expertise && before.max_load == listed.max_load {
            continue;
        }
        pool::note_offer(unit, call, person, &listed.expertise, listed.max_load).await?;
        if before.state == PoolState::Joined {
            tell_of_change(unit, call, person, &listed).await?;
        }
    }
    unit.audit(call.stream(), format!("call:{}", call.id), &event)?;
    Ok(event)
}

/// Whoever said their subjects and their time themselves learns that the office wrote others, and where to put them right.
async fn tell_of_change(unit: &Unit, call: &Call, person: PersonId, listed: &Listed) -> Result<(), Problem> {
    let subjects = if listed.expertise.is_empty() { "none".to_owned() } else { listed.expertise.join(", ") };
    let body = format!(
        "The programme office changed what the pool of assessors of \"{}\" says of you.\n\nSubjects: {subjects}\nBids at most: {}\n\nIf that is not right, change it here:\n{}/assessor-invitation\n",
        call.title,
        listed.max_load,
        call.path()
    );
    mail(unit, call, person, "Your subjects and time as an assessor were changed", body).await
}

/// The same from the command line: the call is found by its key, and nothing is done on a dry run or where a line needs
/// correcting. The caller commits.
pub async fn from_file(
    unit: &mut Unit,
    key: &str,
    name: &str,
    bytes: &[u8],
    dry_run: bool,
) -> Result<(ImportPlan<Listed>, Option<AssessorsImported>), Problem> {
    let call = calls::by_key(unit, key, unit.now()).await?.ok_or_else(|| {
        Problem::invalid(
            format!("There is no call with the key “{key}”"),
            "Give the key as it stands in the call’s address: hiec-2009.",
        )
    })?;
    let preview = preview(unit, &call, name, bytes).await?;
    let plan = preview.plan.clone();
    if dry_run || !plan.is_acceptable() {
        return Ok((plan, None));
    }
    let imported = carry_out(unit, &call, preview, None).await?;
    Ok((plan, Some(imported)))
}
