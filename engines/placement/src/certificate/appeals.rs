//! What was changed on appeal after a run was sealed: how many outcomes, never whose. The ledger stays as it was sealed.

use super::{hash, reading};

/// Names a run together with the number of its outcomes that were changed since.
pub(super) fn root_after(root: &str, outcomes: u32) -> String {
    hash(&["hiec-placement-appeals-1\n", root, "\n", &outcomes.to_string(), "\n"])
}

/// A public ledger that says how many of its outcomes were changed on appeal, with the root that names both; nothing where the text is no
/// ledger of ours, says so already, or there are fewer outcomes than that.
pub fn amended(public: &str, outcomes: u32) -> Option<String> {
    let document = reading::document(public.as_bytes()).ok()?;
    let most = document.ledger.commitments.len();
    if document.amended.is_some() || outcomes == 0 || outcomes as usize > most {
        return None;
    }
    let before = public.trim_end().strip_suffix('}')?;
    let root = root_after(&document.root, outcomes);
    Some(format!("{before},\"changed_on_appeal\":{{\"outcomes\":{outcomes},\"root\":\"{root}\"}}}}\n"))
}
