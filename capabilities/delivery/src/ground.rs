//! The ground the pages of projects, innovations, plans and trials stand on: their cluster, found through its port, and small readings of forms. It never reads a cluster's tables.

use chrono::NaiveDate;
use hiec_access::policy::Target;
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_files::table::{Table, workbook};
use hiec_kernel::clock::london_date;
use hiec_kernel::{ClusterId, OrganisationId, Problem, Scope, Timestamp};
use hiec_store::Stream;
use hiec_web::components::own::IllustrativeTag;
use hiec_web::components::{ErrorItem, ErrorSummary, Input as TextInput, Select, SelectItem};
use hiec_web::{Errors, Loading, Page, Reply};
use maud::{Markup, html};
use uuid::Uuid;

/// The longest text of a few lines.
pub(crate) const LINES: usize = 2_000;
/// The longest name or title.
pub(crate) const LINE: usize = 200;

/// The cluster an address names.
pub(crate) async fn cluster_of(loading: &Loading<'_>) -> Result<Option<ClusterSeen>, Problem> {
    let Some(key) = loading.text("cluster") else {
        return Ok(None);
    };
    let port = loading.state.service::<ClustersPort>()?;
    Ok(port.0.by_key(&loading.database, key).await?)
}

/// Something of a cluster as the policies see it: roles of the cluster, its region, its programme and its present partners count.
pub(crate) fn target(cluster: &ClusterSeen, kind: &'static str, id: Uuid, now: Timestamp) -> Target {
    let sites = cluster.partners_on(london_date(now)).map(|partner| Scope::Organisation(partner.organisation.id.0));
    Target::new(kind, id).scopes(cluster.scopes()).scopes(sites.collect::<Vec<_>>()).within(cluster.id.0)
}

/// Typical targets for the permission table: of a cluster with its region and programme, and one site.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil();
    let scopes = [Scope::Cluster(id), Scope::Region(id), Scope::Programme(id), Scope::Organisation(id)];
    let of_cluster = |kind: &'static str| Target::new(kind, id).scopes(scopes).within(id);
    vec![
        of_cluster("project"),
        of_cluster("innovation"),
        of_cluster("innovation_site").fact("is_own", true),
        of_cluster("practice"),
        of_cluster("impact_plan").fact("is_public", true),
        of_cluster("trial"),
        of_cluster("trial_site").fact("is_own", true),
    ]
}

/// Where changes of a cluster's work are kept for good.
pub(crate) fn stream(cluster: ClusterId) -> Stream {
    Stream::named(format!("delivery:{cluster}"))
}

/// Puts the way back to the cluster above a page.
pub(crate) fn under(page: Page, cluster: &ClusterSeen) -> Page {
    page.under("/clusters", "Clusters").under(cluster.path(), cluster.short_name.clone())
}

/// What addresses name something by: letters and figures of its name, and a number where another has it.
pub(crate) fn key_of(name: &str, taken: &[String]) -> String {
    let words: Vec<String> = name
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let plain: String = words.join("-").chars().take(60).collect();
    let plain = match plain.trim_matches('-') {
        "" | "new" | "found" => "one".to_owned(),
        plain => plain.to_owned(),
    };
    let is_free = |key: &String| !taken.contains(key);
    let numbered = (2..).map(|nth| format!("{plain}-{nth}"));
    std::iter::once(plain.clone()).chain(numbered).find(is_free).unwrap_or(plain)
}

/// The list of mistakes on top of a form, each leading to its field.
pub(crate) fn mistakes(errors: &Errors) -> Markup {
    html! {
        @if !errors.is_empty() {
            (ErrorSummary::new(errors.0.iter().map(|error| ErrorItem::for_field(&error.field, error.message.as_str()))))
        }
    }
}

/// The mark of what was made up.
pub(crate) fn made_up(is_illustrative: bool) -> Markup {
    html! { @if is_illustrative { " " (IllustrativeTag) } }
}

/// A day as a form sends it.
pub(crate) fn day(errors: &mut Errors, field: &str, what: &str, typed: &str) -> Option<NaiveDate> {
    let typed = typed.trim();
    let read = NaiveDate::parse_from_str(typed, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(typed, "%d/%m/%Y"));
    match read {
        Ok(day) if (1900..2200).contains(&chrono::Datelike::year(&day)) => Some(day),
        _ if typed.is_empty() => {
            errors.add(field, format!("Enter {what}"));
            None
        }
        _ => {
            errors.add(field, format!("Enter {what} as a date, such as 2010-03-31"));
            None
        }
    }
}

/// A day that has come already.
pub(crate) fn past_day(
    errors: &mut Errors,
    field: &str,
    what: &str,
    typed: &str,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let day = day(errors, field, what, typed)?;
    if day > today {
        errors.add(field, format!("Enter {what} that has come: this lies in the future"));
        return None;
    }
    Some(day)
}

/// A text that may be left out.
pub(crate) fn optional(errors: &mut Errors, field: &str, what: &str, typed: &str, most: usize) -> Option<String> {
    if typed.trim().is_empty() { Some(String::new()) } else { errors.text(field, what, typed, most) }
}

/// One of a list by its key.
pub(crate) fn one_of<T>(errors: &mut Errors, field: &str, what: &str, found: Option<T>) -> Option<T> {
    if found.is_none() {
        errors.add(field, format!("Choose {what}"));
    }
    found
}

/// A field for a day.
pub(crate) fn day_field(name: &str, label: &str, value: &str, errors: &Errors) -> TextInput {
    TextInput::new(name, label)
        .kind("date")
        .width(10_u8)
        .value(value)
        .error_message(errors.of(name).unwrap_or_default())
}

/// A field of one line.
pub(crate) fn line_field(name: &str, label: &str, value: &str, errors: &Errors) -> TextInput {
    TextInput::new(name, label).value(value).error_message(errors.of(name).unwrap_or_default())
}

/// A field of a few lines.
pub(crate) fn lines_field(name: &str, label: &str, value: &str, errors: &Errors) -> hiec_web::components::Textarea {
    hiec_web::components::Textarea::new(name, label)
        .rows(3_u16)
        .value(value)
        .error_message(errors.of(name).unwrap_or_default())
}

/// A choice of one of a list, with nothing chosen at first.
pub(crate) fn choice(
    name: &str,
    label: &str,
    options: impl IntoIterator<Item = (String, String)>,
    chosen: &str,
    errors: &Errors,
) -> Select {
    let empty = SelectItem::new("", "Choose");
    let items = std::iter::once(empty).chain(options.into_iter().map(|(key, words)| SelectItem::new(key, words)));
    Select::new(name, label)
        .items(items.collect::<Vec<_>>())
        .value(chosen)
        .error_message(errors.of(name).unwrap_or_default())
}

/// The present partners as choices.
pub(crate) fn sites(cluster: &ClusterSeen, today: NaiveDate) -> Vec<(String, String)> {
    cluster
        .partners_on(today)
        .map(|partner| (partner.organisation.id.to_string(), partner.organisation.name.clone()))
        .collect()
}

/// The name of a partner, present or former.
pub(crate) fn site_name(cluster: &ClusterSeen, site: OrganisationId) -> String {
    cluster.partner(site).map_or_else(|| "A former partner".to_owned(), |partner| partner.organisation.name.clone())
}

/// A table to take away as CSV.
pub(crate) fn csv(cluster: &ClusterSeen, table: &Table) -> Reply {
    Reply::download(
        &format!("{}-{}.csv", cluster.key, table.name()),
        "text/csv; charset=utf-8",
        table.to_csv_for_excel().into_bytes(),
    )
}

/// A table to take away as a workbook.
pub(crate) fn xlsx(cluster: &ClusterSeen, table: &Table, now: Timestamp) -> Result<Reply, Problem> {
    let bytes = workbook(&[table], now).map_err(Problem::internal)?;
    Ok(Reply::download(
        &format!("{}-{}.xlsx", cluster.key, table.name()),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        bytes,
    ))
}

/// What two people changed at once.
pub(crate) fn changed_meanwhile(what: &str) -> Problem {
    Problem::conflict(
        format!("Somebody else changed {what} while you were writing"),
        "Open the page again: it shows their change. Yours was not saved.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_free_and_never_a_word_of_an_address() {
        assert_eq!(key_of("Year in the Life of COPD", &[]), "year-in-the-life-of-copd");
        assert_eq!(key_of("COPD", &["copd".into(), "copd-2".into()]), "copd-3");
        assert_eq!(key_of("New", &[]), "one");
        assert_eq!(key_of("…", &["one".into()]), "one-2");
    }

    #[test]
    fn days_are_read_as_forms_send_them() {
        let mut errors = Errors::none();
        let march = NaiveDate::from_ymd_opt(2010, 3, 1);
        assert_eq!(day(&mut errors, "on", "the day", "2010-03-01"), march);
        assert_eq!(day(&mut errors, "on", "the day", "01/03/2010"), march);
        assert!(errors.is_empty());
        assert_eq!(day(&mut errors, "on", "the day", "yesterday"), None);
        assert_eq!(past_day(&mut errors, "by", "a day", "2010-03-02", march.unwrap_or_default()), None);
        assert_eq!(errors.0.len(), 2);
    }
}
