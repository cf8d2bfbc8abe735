//! The two doors every installation has: the public one, and one's own account. The pages behind them stand in `hiec-accounts`; here nobody reaches another's account.

use hiec_access::policy::Target;
use hiec_kernel::Problem;
use uuid::Uuid;

use crate::loaded::{Loading, Resource};

/// The public door: what everybody may read.
#[derive(Clone, Copy, Debug)]
pub struct Everyone;

impl Resource for Everyone {
    const KIND: &'static str = "public";

    async fn load(_: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        Ok(Some((Self, Target::new("public", Uuid::nil()).fact("is_public", true))))
    }
}

/// The account of whoever asks: nobody reaches another's.
#[derive(Clone, Copy, Debug)]
pub struct OwnAccount;

impl Resource for OwnAccount {
    const KIND: &'static str = "account";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let id = loading.subject.person.as_ref().map_or_else(Uuid::nil, |person| person.id.0);
        Ok(Some((Self, Target::new("account", id).fact("is_own", loading.subject.is_signed_in()))))
    }
}
