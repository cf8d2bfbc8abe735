//! The policy engine: every "may this person do that here" is answered from readable Cedar texts; no handler decides by itself.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::str::FromStr;
use std::sync::{Arc, RwLock};

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
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
    "by_token",
    "has_interest",
    "is_office_appointment",
    "is_own",
    "is_named",
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
    /// The policies that can say anything about an action, by action, gathered when it is first asked about. There are as many actions
    /// as the program has routes and buttons.
    about: RwLock<HashMap<String, Arc<PolicySet>>>,
    /// The types of things, by kind.
    kinds: RwLock<HashMap<&'static str, EntityTypeName>>,
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
        let (about, kinds) = (RwLock::default(), RwLock::default());
        Ok(Self { policies, texts, authorizer: Authorizer::new(), types, about, kinds })
    }

    /// The texts as an administrator reads them.
    pub fn texts(&self) -> &[PolicyText] {
        &self.texts
    }

    /// May the subject do the action (`bid.submit`) to the target? When in doubt, no.
    pub fn decide(&self, subject: &Subject, action: &str, target: &Target) -> Decision {
        let refused = |why: String| Decision { allowed: false, because: vec![why] };
        if let Some(scopes) = &subject.token_scopes {
            let needed = group(action);
            if !scopes.contains(needed) {
                return refused(format!("token lacks the scope '{needed}'"));
            }
        }
        let asked = self.about(action).and_then(|policies| self.ask(&policies, subject, action, target));
        match asked {
            Ok(decision) => decision,
            Err(error) => {
                tracing::error!(%error, action, "policy question failed");
                refused("the question could not be asked".into())
            }
        }
    }

    /// The policies whose own action clause lets them speak about this action. Leaving the others out changes no decision: they could
    /// not have applied. The engine looks at every policy it is given, and most pages ask it a dozen questions.
    fn about(&self, action: &str) -> Result<Arc<PolicySet>, PolicyError> {
        if let Some(known) = self.about.read().ok().and_then(|about| about.get(action).cloned()) {
            return Ok(known);
        }
        let (verb, group) = (self.action(action), self.action(group(action)));
        let mut policies = PolicySet::new();
        for policy in self.policies.policies() {
            let applies = match policy.action_constraint() {
                ActionConstraint::Any => true,
                ActionConstraint::Eq(one) => one == verb,
                ActionConstraint::In(several) => several.contains(&verb) || several.contains(&group),
            };
            if applies {
                policies.add(policy.clone()).map_err(|e| PolicyError::Question(e.to_string()))?;
            }
        }
        let policies = Arc::new(policies);
        if let Ok(mut about) = self.about.write() {
            about.insert(action.to_owned(), policies.clone());
        }
        Ok(policies)
    }

    fn action(&self, name: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.types.action.clone(), EntityId::new(name))
    }

    /// `Bid` for `bid`.
    fn kind(&self, kind: &'static str) -> Result<EntityTypeName, PolicyError> {
        if let Some(known) = self.kinds.read().ok().and_then(|kinds| kinds.get(kind).cloned()) {
            return Ok(known);
        }
        let name = EntityTypeName::from_str(&capitalised(kind)).map_err(|e| PolicyError::Question(e.to_string()))?;
        if let Ok(mut kinds) = self.kinds.write() {
            kinds.insert(kind, name.clone());
        }
        Ok(name)
    }

    fn ask(
        &self,
        policies: &PolicySet,
        subject: &Subject,
        action: &str,
        target: &Target,
    ) -> Result<Decision, PolicyError> {
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
        let verb = self.action(action);
        let groups = HashSet::from([self.action(group(action))]);
        let resource = EntityUid::from_type_name_and_id(self.kind(target.kind)?, EntityId::new(target.id.to_string()));
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
                "by_token" => subject.token_scopes.is_some(),
                "acts_for_both_sides" => acts_for_both_sides(subject, target.within),
                other => target.facts.get(other).copied().unwrap_or(false),
            };
            ((*name).to_owned(), RestrictedExpression::new_bool(holds))
        });
        let context = Context::from_pairs(facts).map_err(|e| question(&e))?;
        let request = Request::new(person, verb, resource, context, None).map_err(|e| question(&e))?;
        let response = self.authorizer.is_authorized(&request, policies, &entities);
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

/// The group of actions an action belongs to.
fn group(action: &str) -> &'static str {
    if is_reading(action) { "read" } else { "write" }
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
    let provider = subject
        .held
        .iter()
        .any(|held| held.role.is_provider() && (call.is_none() || held.within.is_none() || held.within == call));
    commissioner && provider
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
    fn leaving_out_policies_about_other_actions_changes_no_decision() {
        let more = PolicyText {
            name: "more",
            text: r#"
                @id("some-edit") permit(principal in Role::"bid_editor", action in [Action::"bid.edit", Action::"bid.comment"], resource is Bid);
                @id("never-late") forbid(principal, action == Action::"bid.edit", resource) when { context.is_sealed };
                @id("own-anything") permit(principal, action, resource) when { context.is_own };
            "#,
        };
        let engine = Engine::new(vec![BASE, SAMPLE, more]).unwrap();
        let roles = [Role::BidLead, Role::BidEditor, Role::ProgrammeOfficer, Role::RegionOfficer];
        let mut allowed = 0;
        for action in ["bid.edit", "bid.comment", "bid.view", "public.view", "account.change", "unknown.act"] {
            for role in roles {
                for facts in 0..8_u8 {
                    let held = Held { role, scope: Scope::Bid(Uuid::from_u128(1)), within: Some(Uuid::from_u128(900)) };
                    let target = bid(1)
                        .fact("is_own", facts & 1 > 0)
                        .fact("is_sealed", facts & 2 > 0)
                        .fact("has_interest", facts & 4 > 0);
                    let subject = person(vec![held]);
                    let whole = engine.ask(&engine.policies, &subject, action, &target).unwrap();
                    assert_eq!(engine.decide(&subject, action, &target), whole, "{action} {role:?} {facts}");
                    allowed += usize::from(whole.allowed);
                }
            }
        }
        assert!(allowed > 20, "hardly anything was allowed, so hardly anything was compared");
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
