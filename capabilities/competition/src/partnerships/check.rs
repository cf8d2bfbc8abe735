//! `/bids/{bid}/principles`: the principle check in full, each verdict with its reason, its place in the call and what would mend it; it advises and never scores.

use hiec_web::components::{SummaryList, SummaryRow};
use hiec_web::{Answer, Loaded, Page};
use maud::html;

use super::principles::{Finding, Verdict};
use crate::bids::completeness::standing;
use crate::bids::papers::Paper;
use crate::bids::pieces::verdict_tag;
use crate::bids::sealed;
use crate::bids::states::BidState;
use crate::bids::store::Bid;

/// The findings everybody who may see the bid sees: on what was submitted once it is opened, before that on what is being written.
pub(crate) async fn findings(bid: &Loaded<Bid>) -> Result<Vec<Finding>, hiec_kernel::Problem> {
    let reads = bid.database();
    if let BidState::Opened(_) = bid.state
        && let Some(submission) = sealed::latest(&reads, bid.id, Paper::Bid).await?
    {
        return Ok(submission.content.findings(bid.call.design()));
    }
    Ok(standing(&reads, bid, Paper::Bid).await?.findings(bid))
}

pub async fn get(bid: Loaded<Bid>) -> Answer {
    let findings = findings(&bid).await?;
    let met = findings.iter().filter(|finding| finding.verdict == Verdict::Met).count();
    let content = html! {
        h1 { "Principle check" }
        p { (met) " of " (findings.len()) " principles are met so far. The check reads what is written and who has joined; it advises you and is no score." }
        @for finding in &findings {
            h2 id=(finding.principle) { (finding.name) }
            (SummaryList::new([
                SummaryRow::new("Verdict", html! { (verdict_tag(finding.verdict)) @if finding.by_plan { " by a plan" } }),
                SummaryRow::new("Why", finding.why.as_str()),
                SummaryRow::new("What would mend it", html! {
                    @if finding.mend.is_empty() { "Nothing needs mending." }
                    @else { ul.nhsuk-list.nhsuk-list--bullet { @for mend in &finding.mend { li { (mend) } } } }
                }),
                SummaryRow::new("Where the call says so", format!("{}, {}", finding.citation.source, finding.citation.section)),
            ]))
        }
    };
    Ok(Page::new("Principle check", content)
        .under("/bids", "My bids")
        .under(bid.path(), bid.title.clone())
        .data(&findings)?
        .into())
}
