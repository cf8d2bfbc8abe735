//! Indicators and returns as the two sides use them: proposed, agreed, drawn up, signed, queried, answered, accepted, corrected, late.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::NaiveDate;
use hiec_contracts::{Breach, ClusterSeen, Clusters, ClustersPort, MoneyStanding, RiskSeen, Standing};
use hiec_delivery::measures::periods::PeriodKind;
use hiec_delivery::measures::rules::{Aim, ChartKind, Definition, MeasureKind, SmallNumbers};
use hiec_delivery::measures::sight::Level;
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::people::Actor;
use hiec_kernel::{ClusterId, Fingerprint, Money, OrganisationId, PersonId, Role, Scope};
use hiec_store::database::StoreError;
use hiec_store::{Database, values};
use hiec_testkit::{Browser, for_each_database};
use hiec_teststand::Stand;
use uuid::Uuid;

use crate::clusters::{Told, cluster, hospital, set, somebody};

/// The cluster of the other tests, with money, a risk and a principle it does not meet.
struct Spending(Told);

#[async_trait]
impl Clusters for Spending {
    async fn by_key(&self, database: &Database, key: &str) -> Result<Option<ClusterSeen>, StoreError> {
        self.0.by_key(database, key).await
    }

    async fn by_id(&self, database: &Database, id: ClusterId) -> Result<Option<ClusterSeen>, StoreError> {
        self.0.by_id(database, id).await
    }

    async fn all(&self, database: &Database) -> Result<Vec<ClusterSeen>, StoreError> {
        self.0.all(database).await
    }

    async fn of_organisation(&self, database: &Database, id: OrganisationId) -> Result<Vec<ClusterSeen>, StoreError> {
        self.0.of_organisation(database, id).await
    }

    async fn standing(&self, _: &Database, _: ClusterId, _: NaiveDate, _: NaiveDate) -> Result<Standing, StoreError> {
        let money = |budget: i64, actual: i64| MoneyStanding {
            budget: Money::pounds(budget),
            actual: Money::pounds(actual),
            forecast: Money::pounds(budget),
            committed: Money::pounds(40_000),
        };
        Ok(Standing {
            money: money(137_500, 131_250),
            term: money(1_100_000, 402_000),
            risks: vec![RiskSeen {
                title: "A facilitator leaves".into(),
                before: 16,
                after: 15,
                owner: "Managing director".into(),
                path: "/clusters/necles/board".into(),
            }],
            breaches: vec![Breach { principle: "Patients".into(), why: "No patient group is a partner".into() }],
        })
    }
}

async fn stand(url: &str, now: &str) -> (Stand, ClusterSeen) {
    let cluster = cluster(2);
    let mut other = cluster.clone();
    other.id = ClusterId(Uuid::from_u128(70));
    other.key = "elsewhere".into();
    other.short_name = "Elsewhere".into();
    other.region = Some(Uuid::from_u128(80));
    let mut services = http::Extensions::new();
    services.insert(ClustersPort(Arc::new(Spending(Told(vec![cluster.clone(), other])))));
    let clock = FixedClock::at(from_london(now).unwrap());
    let stand = Stand::over(url, clock, || vec![hiec_delivery::capability()], services).await;
    for nth in 1..=2 {
        stand.add_organisation(&hospital(nth)).await;
    }
    (stand, cluster)
}

/// A measure in force with figures of all sites: month, numerator, denominator.
async fn put_measure(stand: &Stand, cluster: &ClusterSeen, figures: &[(&str, u32, u32)]) -> Uuid {
    let definition = Definition {
        title: "On NIV within three hours".into(),
        numerator: "Patients on NIV within three hours".into(),
        denominator: "Patients".into(),
        kind: MeasureKind::Proportion,
        per: 1,
        unit: String::new(),
        aim: Aim::Up,
        chart: ChartKind::Control,
        target: None,
        period: PeriodKind::Month,
        owner: "COPD pathway".into(),
        source: "Illustrative".into(),
        small_numbers: SmallNumbers::Unsuppressed,
        sharing_terms: String::new(),
        sharing: Level::Named,
        is_public: false,
        review_on: "2011-04-01".parse().unwrap(),
        due_days: 30,
        last_period: None,
    };
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    let id = unit.new_id();
    unit.execute(
        "INSERT INTO delivery_measure (id, cluster_id, key, title, definition, in_force, is_illustrative, points, created_at) \
         VALUES ($1, $2, 'niv', $3, $4, 1, $5, $6, $7)",
        values![
            id,
            cluster.id.0,
            definition.title.as_str(),
            serde_json::to_value(&definition).unwrap(),
            true,
            packed(figures),
            unit.now()
        ],
    )
    .await
    .unwrap();
    unit.commit().await.unwrap();
    id
}

fn packed(figures: &[(&str, u32, u32)]) -> String {
    figures.iter().map(|(month, numerator, denominator)| format!("{month}01 {numerator} {denominator} 1\n")).collect()
}

async fn correct(stand: &Stand, measure: Uuid, figures: &[(&str, u32, u32)]) {
    let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
    unit.execute("UPDATE delivery_measure SET points = $2 WHERE id = $1", values![measure, packed(figures)])
        .await
        .unwrap();
    unit.commit().await.unwrap();
}

const FIGURES: &[(&str, u32, u32)] =
    &[("201005", 9, 20), ("201006", 10, 20), ("201007", 11, 20), ("201008", 8, 20), ("201009", 10, 20)];

struct People {
    chair: Browser,
    director: Browser,
    region: Browser,
    ids: [PersonId; 3],
}

async fn people(stand: &Stand, cluster: &ClusterSeen) -> People {
    let (chair, one) = somebody(stand, cluster, "Clara Chairwell", Role::ClusterChair).await;
    let (director, two) = somebody(stand, cluster, "Dora Directson", Role::ClusterDirector).await;
    let (region, three) = somebody(stand, cluster, "Rita Regionsby", Role::RegionOfficer).await;
    People { chair, director, region, ids: [one.id, two.id, three.id] }
}

impl People {
    /// Sets the clock; sessions ended meanwhile, so everybody comes in anew.
    async fn come_in_at(&mut self, stand: &Stand, now: &str) {
        set(stand, now);
        let [chair, director, region] = self.ids;
        self.chair = stand.browser_of(chair).await;
        self.director = stand.browser_of(director).await;
        self.region = stand.browser_of(region).await;
    }
}

/// The director proposes and the region agrees an indicator for the second and third quarter.
async fn agree_an_indicator(people: &mut People) {
    people
        .director
        .get("/clusters/necles/kpis/new")
        .await
        .expect_status(200)
        .fill("Name of the indicator", "Patients on NIV in time")
        .fill("Measure", "On NIV within three hours")
        .fill("Baseline", "40")
        .fill("Target", "60%")
        .fill("Weight", "100")
        .fill("In force from", "2010-Q2")
        .fill("In force to", "2010-Q3")
        .submit("Propose to the region")
        .await
        .expect_status(200)
        .expect_text("The region agrees or declines it");
    people.region.get("/clusters/necles/kpis").await.expect_text("Patients on NIV in time");
    people.region.submit("Agree this indicator").await.expect_text("The weights add up to 100.");
}

const RETURN: &str = "/clusters/necles/returns/2010-Q2";

async fn write_and_sign(people: &mut People) {
    people
        .director
        .get(RETURN)
        .await
        .expect_text("48.3%")
        .fill("The quarter in a few sentences", "Seven sites share what they count; nothing has moved yet.")
        .fill("On Patients on NIV in time", "Nights are the trouble.")
        .submit("Save the words")
        .await
        .expect_text("nothing has moved yet");
    people.chair.get(RETURN).await.submit("Sign this return").await.expect_status(200).expect_text("Signed on");
}

#[tokio::test]
async fn a_return_goes_from_the_draft_to_the_frozen_page_and_each_side_keeps_to_its_own() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-09-10 10:00").await;
        let measure = put_measure(&stand, &cluster, FIGURES).await;
        let mut people = people(&stand, &cluster).await;
        let mut public = stand.browser();
        people.chair.get("/clusters/necles/returns").await.expect_text("No return is owed yet");

        agree_an_indicator(&mut people).await;
        assert!(stand.letter_to("rita.regionsby@example.org").await.subject.contains("proposes an indicator"));
        assert!(stand.letter_to("clara.chairwell@example.org").await.subject.starts_with("Agreed:"));
        public.get("/clusters/necles/kpis").await.expect_status(200).expect_text("at least 60%");

        // While the quarter runs the draft fills itself, for the cluster alone, and nobody signs it.
        stand.do_jobs().await;
        people.director.get("/clusters/necles/returns").await.expect_text("The quarter is not over");
        people.chair.get(RETURN).await.expect_text("The quarter ends on 30 September 2010");
        people.region.get(RETURN).await.expect_status(404);
        public.get(RETURN).await;
        assert!(public.address().starts_with("/sign-in"));
        people.chair.post(&format!("{RETURN}/signature"), &[("seen", "")]).await.expect_status(409);

        people.come_in_at(&stand, "2010-10-05 10:00").await;
        stand.do_jobs().await;
        assert!(stand.letter_to("clara.chairwell@example.org").await.subject.contains("can be written"));
        people.chair.get(RETURN).await.submit("Sign this return").await.expect_status(422);
        assert_eq!(people.chair.errors(), ["Write the quarter in a few sentences before it is signed"]);
        write_and_sign(&mut people).await;
        people.director.post(&format!("{RETURN}/signature"), &[("seen", "")]).await.expect_status(403);
        people
            .director
            .post(&format!("{RETURN}/narratives"), &[("summary", "Other words")])
            .await
            .expect_status(409)
            .get(RETURN)
            .await
            .expect_no_text("Other words");

        people.region.get(RETURN).await.submit("Receive this return").await.expect_text("The region received it");
        people
            .region
            .fill("Which line", "Money")
            .fill("Your question", "Why was so much spent in September?")
            .submit("Ask")
            .await
            .expect_text("Why was so much spent");
        // Each side keeps to its own, whatever it sends.
        for path in ["receipt", "acceptance"] {
            people.chair.post(&format!("{RETURN}/{path}"), &[]).await.expect_status(403);
        }
        people
            .chair
            .post(&format!("{RETURN}/queries"), &[("line", "money"), ("question", "Why?")])
            .await
            .expect_status(403);
        people.director.post(&format!("{RETURN}/rejection"), &[("reason", "No")]).await.expect_status(403);
        for (path, field) in [("narratives", "summary"), ("signature", "seen"), ("answers", "answer")] {
            people.region.post(&format!("{RETURN}/{path}"), &[(field, "made up")]).await.expect_status(403);
        }
        people.region.post(&format!("{RETURN}/acceptance"), &[]).await.expect_status(409);

        people.come_in_at(&stand, "2010-10-05 12:00").await;
        people
            .director
            .get(RETURN)
            .await
            .fill("Your answer", "Two fellows began, as budgeted.")
            .submit("Answer")
            .await
            .expect_text("Two fellows began");
        assert!(stand.letter_to("rita.regionsby@example.org").await.body.contains("All questions are answered"));
        people.region.get(RETURN).await.submit("Accept and publish").await.expect_text("Accepted by the region");

        // Published: every number with its link, for everybody, as page, data and files.
        public.get(RETURN).await.expect_status(200).expect_text("48.3%").expect_text("£131,250 spent");
        for link in ["/clusters/necles/measures/niv", "/clusters/necles/money", "/clusters/necles/board"] {
            assert!(public.links().iter().any(|one| one == link), "no link to {link}");
        }
        let (_, data) = public.get_json(RETURN).await;
        let print = Fingerprint::of(&data["content"]).unwrap();
        assert_eq!((data["state"].as_str(), data["fingerprint"].as_str()), (Some("accepted"), Some(print.as_str())));
        let csv = public.get(&format!("{RETURN}/figures.csv")).await.html();
        assert!(
            csv.contains("indicators,Patients on NIV in time,48.3333,percent,July to September 2010,40,60,"),
            "{csv}"
        );
        let text = public.get(&format!("{RETURN}/report.txt")).await.html();
        assert!(text.contains("Nights are the trouble.") && text.contains("Two fellows began"), "{text}");
        assert!(public.get(&format!("{RETURN}/figures.xlsx")).await.bytes().starts_with(b"PK"));
        assert_eq!(public.get_json(&format!("{RETURN}/return.json")).await.1["content"], data["content"]);

        // A figure corrected later stands beside what was signed, never in its place.
        correct(&stand, measure, &[("201007", 11, 20), ("201008", 8, 20), ("201009", 14, 20)]).await;
        public
            .get(RETURN)
            .await
            .expect_text("signed 48.3%, reads 55% now")
            .expect_text("July to September 2010. Target: at least 60%");
        assert_eq!(public.get_json(RETURN).await.1["content"], data["content"]);
        let unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        let forged = unit.execute("UPDATE delivery_return_signed SET fingerprint = 'forged'", values![]).await;
        assert!(forged.is_err(), "what was signed can be changed");
        let trail = stand.trail(&hiec_store::Stream::named(format!("delivery:{}", cluster.id))).await;
        for kind in [
            "kpi.proposed",
            "kpi.agreed",
            "return.written",
            "return.signed",
            "return.received",
            "return.queried",
            "return.answered",
            "return.accepted",
        ] {
            assert!(trail.contains(kind), "no {kind} in the trail");
        }
    })
    .await;
}

#[tokio::test]
async fn a_return_sent_back_fills_itself_again_and_keeps_every_signing() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-05 10:00").await;
        let measure = put_measure(&stand, &cluster, FIGURES).await;
        let mut people = people(&stand, &cluster).await;
        agree_an_indicator(&mut people).await;
        write_and_sign(&mut people).await;
        people.region.get(RETURN).await.submit("Receive this return").await;
        set(&stand, "2010-10-05 11:00");
        people.region.submit("Send it back").await.expect_status(422);
        assert_eq!(people.region.errors(), ["Enter the reasons"]);
        people
            .region
            .fill("Reasons for sending it back", "September of one hospital is not in.")
            .submit("Send it back")
            .await
            .expect_text("The region sent it back");
        assert!(stand.letter_to("dora.directson@example.org").await.body.contains("September of one hospital"));

        // Whoever opened it before the figure came does not sign it unread.
        people.chair.get(RETURN).await.expect_text("48.3%");
        correct(&stand, measure, &[("201007", 11, 20), ("201008", 8, 20), ("201009", 14, 20)]).await;
        people.chair.submit("Sign this return").await.expect_status(409);
        people.chair.get(RETURN).await.expect_text("55%").submit("Sign this return").await.expect_text("Signing 2");
        people.region.get(RETURN).await.expect_text("55%").expect_text("Signing 1");
        let (_, data) = people.region.get_json(RETURN).await;
        assert_eq!(data["content"]["kpis"][0]["shown"], "55%");
    })
    .await;
}

#[tokio::test]
async fn late_and_missing_returns_are_seen_by_everybody_and_told_once() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-10-05 10:00").await;
        put_measure(&stand, &cluster, FIGURES).await;
        let mut people = people(&stand, &cluster).await;
        agree_an_indicator(&mut people).await;
        stand.do_jobs().await;
        let (chair, region) = ("clara.chairwell@example.org", "rita.regionsby@example.org");
        let before = (stand.letters_to(chair).await, stand.letters_to(region).await);

        set(&stand, "2010-10-29 10:00");
        stand.do_jobs().await;
        assert!(stand.letter_to(region).await.subject.starts_with("Late:"));
        stand.do_jobs().await;
        assert_eq!((stand.letters_to(chair).await, stand.letters_to(region).await), (before.0 + 1, before.1 + 1));
        stand.browser().get("/clusters/necles/returns").await.expect_text("1 return is late").expect_text("1 day late");

        set(&stand, "2011-02-02 10:00");
        stand.do_jobs().await;
        stand.browser().get("/clusters/necles/returns").await.expect_text("Missing: 97 days late");
        let csv = stand.browser().get("/clusters/necles/returns.csv").await.html();
        assert!(csv.contains("2010-Q2,July to September 2010,2010-10-28,draft,"), "{csv}");

        // Side by side: a region sees its own, the office of the programme all, nobody else any.
        people.come_in_at(&stand, "2011-02-02 11:00").await;
        people
            .region
            .get("/clusters/overview")
            .await
            .expect_status(200)
            .expect_text("2 late or missing")
            .expect_no_text("Elsewhere");
        let office = stand
            .add_person("Otto Officer", &[(Role::ProgrammeOfficer, Scope::Programme(cluster.programme.unwrap()), None)])
            .await;
        let mut office = stand.browser_of(office.id).await;
        office.get("/clusters/overview").await.expect_text("Elsewhere").expect_text("£804,000 spent of £2,200,000");
        office.expect_text("Patients: No patient group is a partner");
        let (_, data) = office.get_json("/clusters/overview").await;
        assert_eq!((&data["total"]["behind"], &data["total"]["partners"]), (&2.into(), &2.into()));
        let csv = office.get("/clusters/overview.csv").await.html();
        assert!(csv.lines().count() == 3 && csv.contains("NECLES"), "{csv}");
        people.chair.get("/clusters/overview").await.expect_status(404);
        let mut public = stand.browser();
        assert!(public.get("/clusters/overview").await.address().starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test]
async fn an_indicator_says_what_is_wrong_and_is_agreed_by_the_other_side_only() {
    for_each_database(|url| async move {
        let (stand, cluster) = stand(&url, "2010-09-10 10:00").await;
        let mut people = people(&stand, &cluster).await;
        people
            .director
            .get("/clusters/necles/kpis")
            .await
            .expect_text("No indicator is in force")
            .click("Propose an indicator")
            .await;
        people.director.expect_text("Define a measure first");
        put_measure(&stand, &cluster, FIGURES).await;
        people
            .director
            .get("/clusters/necles/kpis/new")
            .await
            .fill("Name of the indicator", "Patients on NIV in time")
            .fill("Target", "sixty")
            .fill("Weight", "101")
            .fill("In force from", "2010-Q3")
            .fill("In force to", "2010-Q2")
            .submit("Propose to the region")
            .await
            .expect_status(422);
        assert_eq!(
            people.director.errors(),
            [
                "Choose a measure from the list",
                "Enter the target as a number, for example 60 or 60.5",
                "Enter a weight as a whole number from 1 to 100",
                "Choose a last quarter that is not before the first",
            ]
        );
        assert_eq!(people.director.value_of("Target").as_deref(), Some("sixty"), "what was typed stays");

        agree_an_indicator(&mut people).await;
        let (_, data) = people.director.get_json("/clusters/necles/kpis").await;
        let path = format!("/clusters/necles/kpis/{}", data["kpis"][0]["id"].as_str().unwrap());
        people.chair.post(&format!("{path}/agreement"), &[]).await.expect_status(403);
        people.region.post(&format!("{path}/agreement"), &[]).await.expect_status(409);
        let mut public = stand.browser();
        assert!(public.get("/clusters/necles/kpis/new").await.address().starts_with("/sign-in"));
        people.region.get("/clusters/necles/kpis/new").await.expect_status(403);
        let csv = stand.browser().get("/clusters/necles/kpis.csv").await.html();
        assert!(
            csv.contains("Patients on NIV in time,On NIV within three hours,higher,40,60,100,2010-07-01,2010-12-31"),
            "{csv}"
        );
    })
    .await;
}
