//! What a legal form allows: contracts with the region, and ways of being financed; pure, and no advice on law.
//!
//! Whether a form is a body of its own comes with the rules a cluster is held to. The ways of financing are those the general law
//! of England leaves to such a body; the sources of 2009 say only that community interest companies have "a range of options".

use hiec_kernel::closed_list;
use hiec_principles::{LegalForm, LegalStanding, Rules};
use serde::{Deserialize, Serialize};

closed_list! {
    /// Where money may come from.
    Financing {
        Award = "award", "The award";
        Contributions = "contributions", "Contributions of partners, in cash or in kind";
        Grants = "grants", "Grants of outside funders";
        Donations = "donations", "Donations";
        Trading = "trading", "Contracts and services of its own";
        Loans = "loans", "Loans";
        Shares = "shares", "Shares";
    }
}

closed_list! {
    /// How the region and the cluster are bound to each other.
    Contract {
        Cluster = "cluster", "A legally binding contract with the cluster itself";
        Lead = "lead", "A legally binding contract with the lead, for all partners";
        Memorandum = "memorandum", "A memorandum of understanding with the partners, not binding in law";
    }
}

/// How a cluster is constituted, beyond its legal form.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Nothing until it is settled.
    pub contract: Option<Contract>,
    pub financing: Vec<Financing>,
    /// Of forms that may or may not be incorporated: whether this one is.
    pub is_incorporated: bool,
    /// Whether the region wants legally binding contracts with the cluster.
    pub wants_binding_contracts: bool,
}

/// The ways of financing a form leaves open.
pub fn financing_of(form: &LegalForm) -> Vec<Financing> {
    use Financing::{Award, Contributions, Donations, Grants, Loans, Shares, Trading};
    match (form.key.as_str(), form.standing) {
        ("joint_venture_company" | "cic_shares", _) => vec![Award, Contributions, Grants, Trading, Loans, Shares],
        ("charity", _) | (_, LegalStanding::Depends) => vec![Award, Contributions, Grants, Donations],
        (_, LegalStanding::NotCorporate) => vec![Award, Contributions, Grants],
        (_, LegalStanding::Corporate) => vec![Award, Contributions, Grants, Donations, Trading, Loans],
    }
}

/// Whether the region can have a binding contract with the cluster itself.
pub fn can_contract(form: &LegalForm, is_incorporated: bool) -> bool {
    match form.standing {
        LegalStanding::Corporate => true,
        LegalStanding::NotCorporate => false,
        LegalStanding::Depends => is_incorporated,
    }
}

/// What a legal form does not allow of these terms: the field and the reason, with what to do.
pub fn problems(rules: &Rules, form: &str, terms: &Terms) -> Vec<(&'static str, String)> {
    let Some(form) = rules.legal_form(form) else {
        return vec![("legal_form", "Choose one of the legal forms".to_owned())];
    };
    let mut found = Vec::new();
    if !can_contract(form, terms.is_incorporated) {
        let why = match form.standing {
            LegalStanding::Depends => "only where it is incorporated: say that it is",
            _ => "for it is no body of its own",
        };
        if terms.contract == Some(Contract::Cluster) {
            found.push((
                "contract",
                format!(
                    "A cluster as “{}” cannot enter into a binding contract itself, {why}. Choose a contract with the lead, or a corporate form",
                    form.name
                ),
            ));
        } else if terms.wants_binding_contracts && terms.contract == Some(Contract::Memorandum) {
            found.push((
                "contract",
                "The region wants legally binding contracts, and a memorandum binds nobody. Choose a corporate form and a contract"
                    .to_owned(),
            ));
        }
    }
    if terms.contract.is_none() {
        found.push(("contract", "Choose how the region and the cluster are bound to each other".to_owned()));
    }
    let open = financing_of(form);
    let closed: Vec<&str> = terms.financing.iter().filter(|way| !open.contains(way)).map(|way| way.label()).collect();
    if !closed.is_empty() {
        found.push((
            "financing",
            format!("“{}” does not allow: {}. Take it out, or choose another form", form.name, closed.join("; ")),
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::constitution::store::usual;

    fn terms(contract: Contract, financing: &[Financing]) -> Terms {
        Terms { contract: Some(contract), financing: financing.to_vec(), ..Terms::default() }
    }

    #[test]
    fn a_partnership_has_no_contract_of_its_own_and_sells_no_shares() {
        let rules = usual().unwrap().rules;
        let wants_too_much = terms(Contract::Cluster, &[Financing::Award, Financing::Shares]);
        let found = problems(&rules, "joint_venture_partnership", &wants_too_much);
        let fields: Vec<&str> = found.iter().map(|(field, _)| *field).collect();
        assert_eq!(fields, ["contract", "financing"]);
        assert!(found[1].1.contains("Shares"), "{found:?}");
        assert_eq!(problems(&rules, "cic_shares", &wants_too_much), []);
        assert_eq!(problems(&rules, "joint_venture_partnership", &terms(Contract::Lead, &[Financing::Grants])), []);
    }

    #[test]
    fn a_charity_contracts_only_where_it_is_incorporated() {
        let rules = usual().unwrap().rules;
        let plain = terms(Contract::Cluster, &[]);
        assert_eq!(problems(&rules, "charity", &plain).len(), 1);
        assert_eq!(problems(&rules, "charity", &Terms { is_incorporated: true, ..plain }), []);
    }

    #[test]
    fn a_memorandum_is_not_enough_where_binding_contracts_are_wanted() {
        let rules = usual().unwrap().rules;
        let bound = Terms { wants_binding_contracts: true, ..terms(Contract::Memorandum, &[]) };
        assert_eq!(problems(&rules, "joint_venture_partnership", &bound)[0].0, "contract");
        assert_eq!(problems(&rules, "nonsense", &bound)[0].0, "legal_form");
        assert_eq!(problems(&rules, "cic_guarantee", &Terms::default())[0].0, "contract");
    }

    #[test]
    fn every_form_leaves_the_award_open() {
        for form in usual().unwrap().rules.legal_forms {
            assert!(financing_of(&form).contains(&Financing::Award), "{form:?}");
        }
    }
}
