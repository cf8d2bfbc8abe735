//! `/clusters/{cluster}/principles`: how a cluster stands with the principles it is held to, each with its reason and what would mend it; it advises and is no score.

use hiec_kernel::clock::london_date;
use hiec_principles::{Finding, Verdict};
use hiec_web::components::{SummaryList, SummaryRow, Tag, TagColour};
use hiec_web::{Answer, Loaded, Page};
use maud::html;

use super::watch;
use crate::clusters::pieces::{head, room};
use crate::clusters::store::Cluster;

pub async fn get(cluster: Loaded<Cluster>) -> Answer {
    let findings = watch::findings(&cluster.database(), &cluster, london_date(cluster.now())).await?;
    let met = findings.iter().filter(|finding| finding.verdict == Verdict::Met).count();
    let content = html! {
        (head(&cluster, "Principles"))
        p { (met) " of " (findings.len()) " principles are met today. The check reads who belongs to the cluster, what it does and what its "
            a href={ (cluster.path()) "/constitution" } { "constitution" } " says. When one breaks, everyone of the cluster and its region gets a letter." }
        @for finding in &findings { (one(finding)) }
    };
    Ok(room(Page::new("Principles", content), &cluster).data(&findings)?.into())
}

fn one(finding: &Finding) -> maud::Markup {
    html! {
        h2 id=(finding.principle) { (finding.name) }
        (SummaryList::new([
            SummaryRow::new("Verdict", html! { (tag(finding.verdict)) @if finding.by_plan { " by a plan" } }),
            SummaryRow::new("Why", finding.why.as_str()),
            SummaryRow::new("What would mend it", html! {
                @if finding.mend.is_empty() { "Nothing needs mending." }
                @else { ul.nhsuk-list.nhsuk-list--bullet { @for mend in &finding.mend { li { (mend) } } } }
            }),
            SummaryRow::new("Where it is written", format!("{}, {}", finding.citation.source, finding.citation.section)),
        ]))
    }
}

pub(crate) fn tag(verdict: Verdict) -> Tag {
    Tag::new(verdict.label()).colour(match verdict {
        Verdict::Met => TagColour::Green,
        Verdict::NotMet => TagColour::Red,
        Verdict::Unclear => TagColour::Yellow,
    })
}
