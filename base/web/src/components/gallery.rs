//! A sample of each component, for the gallery at `/dev/gallery` and the test that draws them all; the samples are illustrative.

use super::own::*;
use super::*;
use maud::{Markup, Render, html};

/// Every component with a name and a sample.
pub fn gallery() -> Vec<(&'static str, Markup)> {
    let mut samples = Vec::new();
    samples.extend(fields());
    samples.extend(choices());
    samples.extend(messages());
    samples.extend(data());
    samples.extend(ways());
    samples.extend(ours());
    samples
}

fn fields() -> Vec<(&'static str, Markup)> {
    vec![
        (
            "Button",
            html! {
                (Button::new("Save and continue")) " "
                (Button::new("Save as draft").secondary()) " "
                (Button::new("Withdraw the bid").warning().confirm("Withdraw this bid?")) " "
                (Button::link("Start", "#start"))
            },
        ),
        (
            "Input",
            html! {
                (Input::new("sample-name", "Name of the partnership").hint("As it should be published").value("Riverside Example"))
                (Input::new("sample-amount", "Amount asked for, in pounds").money().error_message("Enter an amount of at most £750,000"))
            },
        ),
        ("Password input", PasswordInput::new("sample-password", "Password").render()),
        ("Search input", SearchInput::new("sample-search", "Find an organisation").render()),
        ("Textarea", Textarea::new("sample-text", "What will change for patients?").rows(3).render()),
        ("Character count", CharacterCount::words("sample-words", "Your plan", 300).value("Three words so").render()),
        (
            "Date input",
            DateInput::new("sample-opens", "When does the call open?")
                .hint("For example, 5 5 2009")
                .typed("5", "5", "2009")
                .render(),
        ),
        (
            "File upload",
            FileUpload::new("sample-file", "Accounts of the last year")
                .hint("PDF, up to 10 MB")
                .accept(".pdf")
                .render(),
        ),
    ]
}

fn choices() -> Vec<(&'static str, Markup)> {
    let more = Input::new("sample-reason", "Why?").render();
    vec![
        (
            "Radios",
            Radios::new("sample-decision", "Does the bid pass?")
                .hint("Every answer is kept with its reason")
                .items([
                    RadioItem::new("yes", "Yes"),
                    RadioItem::new("no", "No").hint("The bidder is told the reason").conditional(more),
                    RadioItem::divider("or"),
                    RadioItem::new("later", "Not yet known"),
                ])
                .value("no")
                .render(),
        ),
        (
            "Checkboxes",
            Checkboxes::new("sample-settings", "Which settings take part?")
                .items([
                    CheckboxItem::new("primary", "Primary care"),
                    CheckboxItem::new("community", "Community care"),
                    CheckboxItem::divider("or"),
                    CheckboxItem::new("none", "None of these").behaviour(Behaviour::Exclusive),
                ])
                .values(["primary"])
                .error_message("Choose at least two settings")
                .render(),
        ),
        (
            "Select",
            Select::new("sample-region", "Region")
                .items([("", "Choose a region"), ("LON", "London"), ("YH", "Yorkshire and the Humber")])
                .value("LON")
                .render(),
        ),
        (
            "Fieldset",
            Fieldset::new("What is the address?", Input::new("sample-line-1", "Address line 1").render()).render(),
        ),
    ]
}

fn messages() -> Vec<(&'static str, Markup)> {
    vec![
        (
            "Error summary",
            ErrorSummary::new([("sample-amount", "Enter an amount of at most £750,000")])
                .disable_auto_focus(true)
                .render(),
        ),
        ("Inset text", InsetText::new("Bids stay sealed until two officers open them together.").render()),
        (
            "Warning callout",
            WarningCallout::new("The deadline does not move", html! { p { "Nothing is accepted after it." } }).render(),
        ),
        (
            "Details",
            Details::new(
                "What counts as a setting?",
                html! { p { "Primary, community, secondary and tertiary care." } },
            )
            .render(),
        ),
        (
            "Expander",
            Details::expander("How is the total rounded?", html! { p { "Half up, to two decimals." } }).render(),
        ),
        (
            "Notification banner",
            NotificationBanner::success(html! { p { "Your bid is submitted." } }).disable_auto_focus(true).render(),
        ),
        ("Panel", Panel::new(Heading::from("Bid submitted").level(2), "Your reference is HIEC-0001").render()),
        ("Do list", DoDontList::todo_items("Do", ["name every partner", "sign off in good time"]).render()),
        ("Don't list", DoDontList::dont_items("Don't", ["name patients", "link to other sites"]).render()),
    ]
}

fn data() -> Vec<(&'static str, Markup)> {
    vec![
        (
            "Table",
            Table::new("Scores by criterion")
                .head([Column::new("Criterion"), Column::numeric("Weight"), Column::numeric("Score")])
                .first_cell_is_header(true)
                .rows([
                    vec![Cell::new("Partnership"), Cell::numeric(30), Cell::numeric("4.25")],
                    vec![Cell::new("Impact"), Cell::numeric(70), Cell::numeric("3.50")],
                ])
                .render(),
        ),
        (
            "Summary list",
            SummaryList::new([
                SummaryRow::new("Name", "Riverside Example").action("Change", "#name", "name"),
                SummaryRow::new("Region", "London"),
            ])
            .render(),
        ),
        (
            "Card",
            Card::new("Call for partnerships")
                .href("#call")
                .description("Opens on 5 May 2009.")
                .clickable(true)
                .render(),
        ),
        (
            "Tag",
            html! { (Tag::new("Sealed")) " " (Tag::new("Met").colour(TagColour::Green)) " " (Tag::new("Not met").colour(TagColour::Red)) },
        ),
        (
            "Task list",
            TaskList::new([
                TaskItem::new("Partners", TaskStatus::completed()).href("#partners"),
                TaskItem::new("Plan", Tag::new("Incomplete")).href("#plan").hint("300 words"),
                TaskItem::new("Submit", TaskStatus::cannot_start_yet()),
            ])
            .render(),
        ),
        (
            "Tabs",
            Tabs::new([
                TabItem::new("sample-tab-1", "Scores", html! { p { "Three reviews." } }),
                TabItem::new("sample-tab-2", "Comments", html! { p { "Two comments." } }),
            ])
            .render(),
        ),
        (
            "Image",
            Image::new(crate::assets::href("images/mark.svg"), "Three dots joined by lines")
                .caption("The mark of the product")
                .width("one-third")
                .render(),
        ),
    ]
}

fn ways() -> Vec<(&'static str, Markup)> {
    vec![
        ("Skip link", SkipLink::default().render()),
        ("Back link", BackLink::new("#back").render()),
        ("Breadcrumb", Breadcrumb::new([("Home", "#home"), ("Calls", "#calls")]).render()),
        ("Action link", ActionLink::new("Read the announcement", "#announcement").render()),
        ("Pagination", Pagination::numbered(5, 12, |page| format!("#page-{page}")).render()),
        (
            "Contents list",
            ContentsList::new([
                ContentsItem::new("The call", "#call").current(true),
                ContentsItem::new("The questions", "#questions"),
            ])
            .render(),
        ),
        (
            "Header",
            Header::new("Clusters", "#home")
                .navigation([("Calls", "#calls"), ("Bids", "#bids")])
                .account([AccountItem::words("Ada Example"), AccountItem::link("Sign out", "#out")])
                .render(),
        ),
        ("Footer", Footer::new([("Accessibility", "#accessibility"), ("Policies", "#policies")]).render()),
    ]
}

fn ours() -> Vec<(&'static str, Markup)> {
    vec![
        ("Illustrative tag", html! { "Riverside Example " (IllustrativeTag) }),
        ("Progress", Progress::new("Stages of the round", ["Call", "Dialogue", "Bids", "Award"], 2).render()),
        ("Filter", Filter::new("#filter").field(Input::new("sample-filter", "Name contains")).clear("#all").render()),
        ("Paging", Paging::of(Some(2), 640).links("#list")),
        ("Sorted table", {
            let sorting = Sorting::new("#bids", [], "name", false);
            Table::new("Bids")
                .head([sorting.column("Name", "name"), sorting.column("Region", "region")])
                .rows([["Hillside Example", "London"], ["Riverside Example", "North West"]])
                .render()
        }),
        (
            "Bar chart",
            BarChart {
                id: "sample-bars".to_owned(),
                title: "Money by region (illustrative)".to_owned(),
                description: "London asked for most, South West for least.".to_owned(),
                heads: ("Region".to_owned(), "Asked for".to_owned()),
                bars: vec![
                    Bar::new("London", 2.0, "£2.0m"),
                    Bar::new("South West", 0.5, "£0.5m").muted("Below the floor"),
                ],
            }
            .render(),
        ),
        (
            "Histogram",
            Histogram::new(
                "sample-scores",
                "Scores of all bids (illustrative)",
                [12.0, 48.0, 55.0, 61.5, 66.0, 83.0],
                (0.0, 10.0, 10),
            )
            .head("Score")
            .mark(55.0, "lowest funded score, 55")
            .render(),
        ),
        ("Region cartogram", sample_cartogram().render()),
        (
            "Diff",
            Diff::new(
                "Question 3",
                "Say who takes part.\nAt most 300 words.",
                "Say who takes part.\nAt most 250 words.",
            )
            .render(),
        ),
        (
            "Description timeline",
            DescriptionTimeline::new([TimelineEntry::new("1 June 2009, 10:00", "Asked to change the score")
                .by("Ada Example")
                .because("The descriptor was read differently")])
            .render(),
        ),
        ("Empty state", EmptyState::new("Nobody has bid yet.").action("Read the call", "#call").render()),
        ("Downloads", Downloads::new([("Awards as CSV", "#csv"), ("Awards as XLSX", "#xlsx")]).render()),
        ("Print button", PrintButton.render()),
        ("Copy link", CopyLink::new("https://example.org/announcement").render()),
    ]
}

fn sample_cartogram() -> RegionCartogram {
    let regions = [
        ("EM", "East Midlands", 1),
        ("EoE", "East of England", 2),
        ("LON", "London", 3),
        ("NE", "North East", 1),
        ("NW", "North West", 3),
        ("SC", "South Central", 2),
        ("SEC", "South East Coast", 0),
        ("SW", "South West", 2),
        ("WM", "West Midlands", 1),
        ("YH", "Yorkshire and the Humber", 2),
    ];
    RegionCartogram {
        title: "Clusters by region (illustrative)".to_owned(),
        units: ("cluster".to_owned(), "clusters".to_owned()),
        when_empty: "No award".to_owned(),
        regions: regions
            .into_iter()
            .map(|(code, name, number)| RegionTile::new(code, name, number).href(format!("#{code}")))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::{Html, Selector};
    use std::collections::HashSet;

    #[test]
    fn every_sample_draws_and_names_differ() {
        let samples = gallery();
        let names: HashSet<&str> = samples.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), samples.len());
        for (name, markup) in &samples {
            assert!(!markup.0.trim().is_empty(), "{name} draws nothing");
        }
    }

    #[test]
    fn no_sample_needs_inline_styles_or_scripts_or_another_site() {
        for (name, markup) in gallery() {
            let page = Html::parse_fragment(&markup.0);
            for element in page.root_element().descendent_elements() {
                assert_ne!(element.value().name(), "script", "{name}");
                for (attribute, value) in element.value().attrs() {
                    assert!(attribute != "style" && !attribute.starts_with("on"), "{name}: {attribute}");
                    let fetches = ["src", "srcset", "action"].contains(&attribute);
                    assert!(!(fetches && value.contains("//")), "{name}: {value}");
                }
            }
        }
    }

    #[test]
    fn ids_are_unique_and_labels_lead_to_fields() {
        let all: String = gallery().into_iter().map(|(_, markup)| markup.0).collect();
        let page = Html::parse_fragment(&all);
        let mut ids = HashSet::new();
        for element in page.select(&Selector::parse("[id]").unwrap()) {
            let id = element.value().attr("id").unwrap();
            assert!(ids.insert(id), "two elements are called {id}");
        }
        for label in page.select(&Selector::parse("label[for]").unwrap()) {
            assert!(ids.contains(label.value().attr("for").unwrap()));
        }
        for field in page.select(&Selector::parse("[aria-describedby]").unwrap()) {
            for id in field.value().attr("aria-describedby").unwrap().split_whitespace() {
                assert!(ids.contains(id), "nothing is called {id}");
            }
        }
    }
}
