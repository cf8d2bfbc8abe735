//! The policy engine: every "may this person do that here" is answered from readable Cedar texts; no handler decides by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use hiec_kernel::{Role, Scope};
use uuid::Uuid;

use crate::subject::Subject;

/// A named text of policies, as shown to administrators.
#[derive(Clone, Copy, Debug)]
pub struct PolicyText {
    /// `competition`.
    pub name: &'static str,
    pub text: &'static str,
}

/// The policies every installation has, whatever it can do besides.
pub const BASE: PolicyText = PolicyText { name: "base", text: include_str!("../policies/base.cedar") };

#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("policy text '{name}' cannot be read: {cause}")]
    Text { name: &'static str, cause: String },
    #[error("two policies are called '{0}'")]
    Duplicate(String),
    #[error("a question to the policies cannot be asked: {0}")]
    Question(String),
}

/// What is to be acted on, as the policies see it.
#[derive(Clone, Debug)]
pub struct Target {
    /// `bid`, `call`: the first part of the action names that fit it.
    pub kind: &'static str,
    pub id: Uuid,
    /// Scopes whose roles count here: the thing's own, its call's, programme's, regions', organisations'.
    pub scopes: Vec<Scope>,
    /// The call it belongs to: for the commissioner/provider split.
    pub within: Option<Uuid>,
    /// Facts policies may ask about (`context.is_public`, `context.is_own`).
    pub facts: BTreeMap<&'static str, bool>,
}

impl Target {
    pub fn new(kind: &'static str, id: Uuid) -> Self {
        Self { kind, id, scopes: Vec::new(), within: None, facts: BTreeMap::new() }
    }

    pub fn scope(mut self, scope: Scope) -> Self {
        self.scopes.push(scope);
        self
    }

    pub fn scopes(mut self, scopes: impl IntoIterator<Item = Scope>) -> Self {
        self.scopes.extend(scopes);
        self
    }

    pub fn within(mut self, call: Uuid) -> Self {
        self.within = Some(call);
        self
    }

    pub fn fact(mut self, name: &'static str, holds: bool) -> Self {
        self.facts.insert(name, holds);
        self
    }
}

/// Facts a policy may ask for on any target; absent ones are false.
pub const FACTS: &[&str] = &[
    "acts_for_both_sides",
    "has_interest",
    "is_office_appointment",
    "is_own",
    "is_open",
    "is_public",
    "is_registered",
    "is_sealed",
    "is_submitted",
    "signed_in",
];

/// The answer, with the policies that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub allowed: bool,
    /// Names of the deciding policies, sorted.
    pub because: Vec<String>,
}

/// The loaded policies, ready to answer.
pub struct Engine {
    policies: PolicySet,
    texts: Vec<PolicyText>,
    authorizer: Authorizer,
    types: Types,
}

struct Types {
    person: EntityTypeName,
    role: EntityTypeName,
    action: EntityTypeName,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("texts", &self.texts.len()).finish_non_exhaustive()
    }
}

impl Engine {
    /// Reads the texts. Every policy needs an `@id("…")`, unique over all texts, so that a decision can be followed to its line.
    pub fn new(texts: Vec<PolicyText>) -> Result<Self, PolicyError> {
        let mut policies = PolicySet::new();
        for text in &texts {
            let unreadable = |cause: String| PolicyError::Text { name: text.name, cause };
            let parsed = PolicySet::from_str(text.text).map_err(|error| unreadable(error.to_string()))?;
            for policy in parsed.policies() {
                let name = policy
                    .annotation("id")
                    .ok_or_else(|| unreadable(format!("a policy has no @id: {policy}")))?
                    .to_owned();
                policies
                    .add(policy.new_id(cedar_policy::PolicyId::new(&name)))
                    .map_err(|_| PolicyError::Duplicate(name))?;
            }
        }
        let name = |text: &str| EntityTypeName::from_str(text).map_err(|e| PolicyError::Question(e.to_string()));
        let types = Types { person: name("Person")?, role: name("Role")?, action: name("Action")? };
        Ok(Self { policies, texts, authorizer: Authorizer::new(), types })
    }

    /// The texts as an administrator reads them.
    pub fn texts(&self) -> &[PolicyText] {
        &self.texts
    }

    /// May the subject do the action (`bid.submit`) to the target? When in doubt, no.
    pub fn decide(&self, subject: &Subject, action: &str, target: &Target) -> Decision {
        let refused = |why: String| Decision { allowed: false, because: vec![why] };
        if let Some(scopes) = &subject.token_scopes {
            let needed = if is_reading(action) { "read" } else { "write" };
            if !scopes.contains(needed) {
                return refused(format!("token lacks the scope '{needed}'"));
            }
        }
        match self.ask(subject, action, target) {
            Ok(decision) => decision,
            Err(error) => {
                tracing::error!(%error, action, "policy question failed");
                refused("the question could not be asked".into())
            }
        }
    }

    fn ask(&self, subject: &Subject, action: &str, target: &Target) -> Result<Decision, PolicyError> {
        let question = |error: &dyn std::fmt::Display| PolicyError::Question(error.to_string());
        let roles = roles_at(subject, target);
        let person = EntityUid::from_type_name_and_id(
            self.types.person.clone(),
            EntityId::new(subject.person.as_ref().map_or("nobody".into(), |p| p.id.to_string())),
        );
        let parents: HashSet<EntityUid> = roles
            .iter()
            .map(|role| EntityUid::from_type_name_and_id(self.types.role.clone(), EntityId::new(role.key())))
            .collect();
        let verb = EntityUid::from_type_name_and_id(self.types.action.clone(), EntityId::new(action));
        let mut groups = HashSet::new();
        let group = if is_reading(action) { "read" } else { "write" };
        groups.insert(EntityUid::from_type_name_and_id(self.types.action.clone(), EntityId::new(group)));
        let kind = EntityTypeName::from_str(&capitalised(target.kind)).map_err(|e| question(&e))?;
        let resource = EntityUid::from_type_name_and_id(kind, EntityId::new(target.id.to_string()));
        let entities = Entities::from_entities(
            [
                Entity::new(person.clone(), HashMap::new(), parents).map_err(|e| question(&e))?,
                Entity::new(verb.clone(), HashMap::new(), groups).map_err(|e| question(&e))?,
            ],
            None,
        )
        .map_err(|e| question(&e))?;
        let facts = FACTS.iter().map(|name| {
            let holds = match *name {
                "signed_in" => subject.is_signed_in(),
                "acts_for_both_sides" => acts_for_both_sides(subject, target.within),
                other => target.facts.get(other).copied().unwrap_or(false),
            };
            ((*name).to_owned(), RestrictedExpression::new_bool(holds))
        });
        let context = Context::from_pairs(facts).map_err(|e| question(&e))?;
        let request = Request::new(person, verb, resource, context, None).map_err(|e| question(&e))?;
        let response = self.authorizer.is_authorized(&request, &self.policies, &entities);
        let because: BTreeSet<String> = response.diagnostics().reason().map(ToString::to_string).collect();
        Ok(Decision {
            allowed: response.decision() == cedar_policy::Decision::Allow,
            because: because.into_iter().collect(),
        })
    }
}

/// Actions whose last word is a way of looking; all others change something.
pub fn is_reading(action: &str) -> bool {
    matches!(action.rsplit('.').next(), Some("view" | "list" | "export" | "read"))
}

/// The roles that count for this target.
fn roles_at(subject: &Subject, target: &Target) -> BTreeSet<Role> {
    subject
        .held
        .iter()
        .filter(|held| held.scope == Scope::Installation || target.scopes.contains(&held.scope))
        .map(|held| held.role)
        .collect()
}

/// Rule 1 of the house: nobody acts for a commissioner and a provider in the same matter.
fn acts_for_both_sides(subject: &Subject, call: Option<Uuid>) -> bool {
    let commissioner = subject.held.iter().any(|held| held.role.is_commissioner());
    let bidder = subject
        .held
        .iter()
        .any(|held| held.role.is_bidder() && (call.is_none() || held.within.is_none() || held.within == call));
    commissioner && bidder
}

fn capitalised(kind: &str) -> String {
    kind.split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use hiec_kernel::PersonId;
    use hiec_kernel::people::Person;

    use super::*;
    use crate::subject::Held;

    const SAMPLE: PolicyText = PolicyText {
        name: "sample",
        text: r#"
            @id("lead-edits") permit(principal in Role::"bid_lead", action == Action::"bid.edit", resource is Bid);
            @id("office-reads") permit(principal in Role::"programme_officer", action in Action::"read", resource);
        "#,
    };

    fn person(held: Vec<Held>) -> Subject {
        let person = Person {
            id: PersonId(Uuid::from_u128(7)),
            name: "Ada Example".into(),
            email: "ada@example.org".into(),
            employer: None,
            is_illustrative: true,
        };
        Subject { person: Some(person), held, token_scopes: None }
    }

    fn bid(id: u128) -> Target {
        let scope = Scope::Bid(Uuid::from_u128(id));
        Target::new("bid", Uuid::from_u128(id)).scope(scope).within(Uuid::from_u128(900))
    }

    #[test]
    fn a_role_counts_only_in_its_scope() {
        let engine = Engine::new(vec![BASE, SAMPLE]).unwrap();
        let lead = person(vec![Held {
            role: Role::BidLead,
            scope: Scope::Bid(Uuid::from_u128(1)),
            within: Some(Uuid::from_u128(900)),
        }]);
        let yes = engine.decide(&lead, "bid.edit", &bid(1));
        assert!(yes.allowed);
        assert_eq!(yes.because, ["lead-edits"]);
        assert!(!engine.decide(&lead, "bid.edit", &bid(2)).allowed);
        assert!(!engine.decide(&lead, "bid.view", &bid(1)).allowed);
        assert!(!engine.decide(&Subject::anonymous(), "bid.edit", &bid(1)).allowed);
    }

    #[test]
    fn nobody_acts_for_a_region_and_a_bid_in_the_same_call() {
        let engine = Engine::new(vec![BASE, SAMPLE]).unwrap();
        let lead =
            Held { role: Role::BidLead, scope: Scope::Bid(Uuid::from_u128(1)), within: Some(Uuid::from_u128(900)) };
        let region = Held { role: Role::RegionOfficer, scope: Scope::Region(Uuid::from_u128(5)), within: None };
        let both = engine.decide(&person(vec![lead, region]), "bid.edit", &bid(1));
        assert!(!both.allowed);
        assert_eq!(both.because, ["commissioner-provider-split"]);
        let elsewhere = Held { within: Some(Uuid::from_u128(901)), scope: Scope::Bid(Uuid::from_u128(3)), ..lead };
        assert!(!acts_for_both_sides(&person(vec![elsewhere, region]), Some(Uuid::from_u128(900))));
    }

    #[test]
    fn a_token_does_no_more_than_its_scopes() {
        let engine = Engine::new(vec![BASE, SAMPLE]).unwrap();
        let mut lead = person(vec![Held { role: Role::BidLead, scope: Scope::Bid(Uuid::from_u128(1)), within: None }]);
        lead.token_scopes = Some(["read".to_owned()].into());
        assert!(!engine.decide(&lead, "bid.edit", &bid(1)).allowed);
    }

    #[test]
    fn a_policy_without_a_name_is_refused() {
        let nameless = PolicyText { name: "bad", text: "permit(principal, action, resource);" };
        assert!(matches!(Engine::new(vec![nameless]), Err(PolicyError::Text { .. })));
    }
}
