//! What follows when the sign-in service has said who came: pure, and never by a name; by an address only where the service vouches for it, and only the first time.

use hiec_access::identities::LinkedBy;
use hiec_kernel::PersonId;
use hiec_kernel::Problem;
use uuid::Uuid;

/// What the service says of the person's address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Address {
    Verified(String),
    /// Stated without vouching for it, or not stated.
    Unverified,
}

/// What is known of an identity and of whoever may own it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Known {
    /// Whose identity it is.
    pub owner: Option<Account>,
    /// Who has the verified address; nobody where it is not verified.
    pub holder: Option<Account>,
    /// An open invitation to the verified address.
    pub invitation: Option<Uuid>,
}

/// An account, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Account {
    pub person: PersonId,
    pub is_open: bool,
    /// Whether an identity of this service is linked to it, this one or another.
    pub is_linked: bool,
}

/// What follows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Outcome {
    SignIn(PersonId),
    /// Linked now, and then signed in.
    LinkAndSignIn(PersonId, LinkedBy),
    /// Linked to the account of who began, who is signed in already.
    Link(PersonId),
    /// It is theirs already.
    LinkedAlready,
    /// An invitation to be answered first.
    Join(Uuid),
    Refused(Refused),
}

/// Why nobody came in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Refused {
    Closed,
    Unverified,
    NotInvited,
    /// The address is that of an account that is linked to another identity of the service.
    LinkedOtherwise,
    /// Somebody else's account has this identity.
    Anothers,
    /// One's own account has another identity of the service.
    HasAnother,
}

/// Somebody came to sign in.
pub(super) fn signing_in(address: &Address, known: &Known) -> Outcome {
    if let Some(owner) = known.owner {
        return match owner.is_open {
            true => Outcome::SignIn(owner.person),
            false => Outcome::Refused(Refused::Closed),
        };
    }
    if *address == Address::Unverified {
        return Outcome::Refused(Refused::Unverified);
    }
    match (known.holder, known.invitation) {
        (Some(holder), _) if !holder.is_open => Outcome::Refused(Refused::Closed),
        (Some(holder), _) if holder.is_linked => Outcome::Refused(Refused::LinkedOtherwise),
        (Some(holder), _) => Outcome::LinkAndSignIn(holder.person, LinkedBy::VerifiedAddress),
        (None, Some(invitation)) => Outcome::Join(invitation),
        (None, None) => Outcome::Refused(Refused::NotInvited),
    }
}

/// Somebody signed in came to link their account. The address does not matter: they have shown whose account it is.
pub(super) fn linking(own: Account, known: &Known) -> Outcome {
    match known.owner {
        Some(owner) if owner.person == own.person => Outcome::LinkedAlready,
        Some(_) => Outcome::Refused(Refused::Anothers),
        None if own.is_linked => Outcome::Refused(Refused::HasAnother),
        None => Outcome::Link(own.person),
    }
}

impl Refused {
    /// In the person's words; `service` is what they know the service by.
    pub(super) fn problem(self, service: &str) -> Problem {
        match self {
            Self::Closed => Problem::forbidden(
                "Your account here is closed",
                "If you should still have it, ask the programme office or an administrator to open it again.",
            ),
            Self::Unverified => Problem::forbidden(
                format!("{service} does not vouch for your e-mail address"),
                "So we cannot tell which account is yours. Sign in another way, and link the two on your account page; or have your address confirmed there, and try again.",
            ),
            Self::NotInvited => Problem::forbidden(
                "Nobody with your e-mail address has an account or an invitation here",
                "Accounts are made by invitation. If you were invited at another address, open the link in that letter; otherwise ask the programme office.",
            ),
            Self::LinkedOtherwise => Problem::conflict(
                "The account with your e-mail address is linked to another sign-in",
                format!(
                    "Sign in another way, remove the present link to {service} on your account page, and link it anew."
                ),
            ),
            Self::Anothers => Problem::conflict(
                format!("This sign-in at {service} belongs to another account here"),
                "Nothing was changed. Sign in with it to reach that account, or remove the link there first.",
            ),
            Self::HasAnother => Problem::conflict(
                format!("Your account is linked to another sign-in at {service}"),
                "Nothing was changed. Remove the present link on your account page first.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(number: u128) -> Account {
        Account { person: PersonId(Uuid::from_u128(number)), is_open: true, is_linked: false }
    }

    fn verified() -> Address {
        Address::Verified("ada@example.org".into())
    }

    #[test]
    fn a_known_identity_signs_its_owner_in_whatever_the_address_says() {
        let owner = Account { is_linked: true, ..account(1) };
        let known = Known { owner: Some(owner), holder: Some(account(2)), invitation: Some(Uuid::from_u128(3)) };
        for address in [verified(), Address::Unverified] {
            assert_eq!(signing_in(&address, &known), Outcome::SignIn(owner.person));
        }
        let closed = Known { owner: Some(Account { is_open: false, ..owner }), ..known };
        assert_eq!(signing_in(&verified(), &closed), Outcome::Refused(Refused::Closed));
    }

    #[test]
    fn a_verified_address_links_the_first_time_only() {
        let holder = account(1);
        let of = |holder| Known { holder: Some(holder), ..Known::default() };
        let linked = Outcome::LinkAndSignIn(holder.person, LinkedBy::VerifiedAddress);
        assert_eq!(signing_in(&verified(), &of(holder)), linked);
        let again = of(Account { is_linked: true, ..holder });
        assert_eq!(signing_in(&verified(), &again), Outcome::Refused(Refused::LinkedOtherwise));
        let closed = of(Account { is_open: false, ..holder });
        assert_eq!(signing_in(&verified(), &closed), Outcome::Refused(Refused::Closed));
    }

    #[test]
    fn nobody_is_made_without_an_invitation_or_by_an_address_not_vouched_for() {
        let invitation = Uuid::from_u128(5);
        let invited = Known { invitation: Some(invitation), ..Known::default() };
        assert_eq!(signing_in(&verified(), &invited), Outcome::Join(invitation));
        assert_eq!(signing_in(&verified(), &Known::default()), Outcome::Refused(Refused::NotInvited));
        let all = Known { holder: Some(account(1)), ..invited };
        assert_eq!(signing_in(&Address::Unverified, &all), Outcome::Refused(Refused::Unverified));
    }

    #[test]
    fn linking_takes_what_is_nobodys_and_one_for_each_account() {
        let own = account(1);
        assert_eq!(linking(own, &Known::default()), Outcome::Link(own.person));
        let mine = Known { owner: Some(own), ..Known::default() };
        assert_eq!(linking(own, &mine), Outcome::LinkedAlready);
        let theirs = Known { owner: Some(account(2)), ..Known::default() };
        assert_eq!(linking(own, &theirs), Outcome::Refused(Refused::Anothers));
        let second = Account { is_linked: true, ..own };
        assert_eq!(linking(second, &Known::default()), Outcome::Refused(Refused::HasAnother));
    }
}
