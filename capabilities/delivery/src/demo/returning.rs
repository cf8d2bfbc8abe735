//! The indicators and quarterly returns of NECLES in the demonstration, through the same actions as the pages; what is made up is marked illustrative.

use hiec_access::people;
use hiec_contracts::demonstration::{NECLES, Period};
use hiec_contracts::{ClusterSeen, ClustersPort};
use hiec_kernel::clock::{FixedClock, from_london};
use hiec_kernel::people::Actor;
use hiec_kernel::{PersonId, Problem};
use hiec_store::Unit;
use hiec_web::AppState;

use crate::kpis::actions::{self as kpis, Proposal};
use crate::kpis::rules::InForce;
use crate::measures::reading;
use crate::returns::actions;
use crate::returns::drawing_up::draw_up;
use crate::returns::quarter::Quarter;
use crate::returns::sources;
use crate::returns::store::{self, Narratives};

/// Lives what happens between the period before and this one.
pub(super) async fn live_until(state: &AppState, clock: &FixedClock, period: Period) -> Result<(), Problem> {
    let port = state.service::<ClustersPort>()?;
    // A demonstration without NECLES or its people, as some tests play it, has nothing to report.
    let Some(cluster) = port.0.by_key(&state.database(), NECLES).await? else {
        return Ok(());
    };
    let (Some(chair), Some(director), Some(region)) =
        (person(state, "chair").await?, person(state, "director").await?, person(state, "region-lon").await?)
    else {
        return Ok(());
    };
    let stage = Stage { state, clock, cluster: &cluster, chair, director, region };
    match period {
        Period::Founding | Period::Emergency => Ok(()),
        Period::FirstYear => stage.first_year().await,
        Period::AnnualMeeting => stage.annual_meeting().await,
        Period::SecondYear => stage.second_year().await,
        Period::Closing => stage.closing().await,
    }
}

async fn person(state: &AppState, slug: &str) -> Result<Option<PersonId>, Problem> {
    let found = people::by_email(&state.database(), &format!("{slug}@demo.example")).await?;
    Ok(found.map(|person| person.id))
}

/// NECLES with the three who report and judge.
struct Stage<'a> {
    state: &'a AppState,
    clock: &'a FixedClock,
    cluster: &'a ClusterSeen,
    chair: PersonId,
    director: PersonId,
    region: PersonId,
}

/// An indicator: measure, name, baseline, target, weight, first and last quarter. What the contract really asked is not published.
type Promise = (&'static str, &'static str, Option<&'static str>, &'static str, i64, &'static str, &'static str);

const FIRST_CONTRACT: [Promise; 3] = [
    ("niv-three-hours", "Patients on NIV within three hours", Some("48"), "60", 40, "2010-Q2", "2010-Q4"),
    ("country-of-birth", "Country of birth recorded by practices", None, "30", 30, "2010-Q3", "2011-Q3"),
    ("c-sections", "Births by caesarean section", Some("25.7"), "25", 30, "2010-Q2", "2011-Q3"),
];

const SECOND_CONTRACT: [Promise; 2] = [
    ("country-of-birth", "Country of birth recorded by practices", Some("25"), "35", 50, "2011-Q1", "2011-Q3"),
    ("c-sections", "Births by caesarean section", Some("25.7"), "25", 50, "2011-Q1", "2011-Q3"),
];

impl Stage<'_> {
    async fn first_year(&self) -> Result<(), Problem> {
        for (place, promise) in (0_i64..).zip(&FIRST_CONTRACT) {
            self.promise(promise, "2010-09-06 10:00", "2010-09-13 14:00", place).await?;
        }
        self.write(
            "2010-Q2",
            "2010-10-13 16:00",
            "The seven hospitals of the audit now see each other’s figures. Nothing has moved yet, and we say so: the audit’s chart shows no \
             change.\n\nWe ask the region for nothing this quarter.",
            &[
                ("niv-three-hours", "Nights and weekends are the trouble at every site. Two sites try a call from ambulance to ward."),
                ("c-sections", "Six units share the package of the NHS Institute. One reviews every case each day from November on."),
            ],
        )
        .await?;
        self.sign("2010-Q2", "2010-10-14 15:00").await
    }

    async fn annual_meeting(&self) -> Result<(), Problem> {
        let quarter = quarter("2010-Q2")?;
        self.receive("2010-Q2", "2010-10-18 09:30").await?;
        self.ask(
            "2010-Q2",
            "2010-10-20 11:00",
            "niv-three-hours",
            "Your chart shows no change. What will you do differently before the next return?",
        )
        .await?;
        self.answer("2010-Q2", "2010-10-22 10:00", "Each site sees its own nights apart from January on, and the two that try the call from the ambulance report every month.").await?;
        let mut unit = self.begin(self.region, "2010-11-01 14:00").await?;
        actions::accept(&mut unit, self.cluster, quarter, self.region).await?;
        unit.commit().await?;
        self.write(
            "2010-Q3",
            "2011-02-25 09:00",
            "This return is late: the figures of two hospitals came in February. 80 practices came to the first workshop on country of \
             birth, and the maternity community grows from six units to twelve for the same cost. The audit still shows no improvement.",
            &[
                ("niv-three-hours", "No improvement. The call from the ambulance is on trial at two sites."),
                ("country-of-birth", "The first three months are a beginning and no trend."),
                ("c-sections", "One unit reviews every case each day since November and has come down; the others look at how."),
            ],
        )
        .await?;
        self.sign("2010-Q3", "2011-02-25 15:30").await?;
        self.receive("2010-Q3", "2011-02-28 09:30").await
    }

    async fn second_year(&self) -> Result<(), Problem> {
        let mut unit = self.begin(self.region, "2011-03-14 11:00").await?;
        actions::accept(&mut unit, self.cluster, quarter("2010-Q3")?, self.region).await?;
        unit.commit().await?;
        for (place, promise) in (0_i64..).zip(&SECOND_CONTRACT) {
            self.promise(promise, "2011-03-21 10:00", "2011-03-28 14:00", place).await?;
        }
        self.write(
            "2010-Q4",
            "2011-07-11 09:00",
            "The audit has ended: 138 patients, 48% on NIV within three hours, and no improvement over the year. What was learnt is written down for whoever \
             tries next. The other two measures go on into the second contract.",
            &[
                ("niv-three-hours", "The audit ended in March without improvement. We do not claim any."),
                ("c-sections", "The unit that reviews every case has come down by a tenth; three others copy it."),
            ],
        )
        .await?;
        self.sign("2010-Q4", "2011-07-11 11:00").await?;
        self.receive("2010-Q4", "2011-07-11 14:00").await?;
        self.ask(
            "2010-Q4",
            "2011-07-12 09:00",
            "money",
            "The return came ten weeks after its day. Is the post in your office filled again?",
        )
        .await?;
        self.write(
            "2011-Q1",
            "2011-07-12 09:15",
            "Three pathways began this spring. The figures of June are not in yet; those of April and May are.",
            &[],
        )
        .await?;
        self.sign("2011-Q1", "2011-07-12 09:30").await
    }

    async fn closing(&self) -> Result<(), Problem> {
        self.answer(
            "2010-Q4",
            "2011-07-14 10:00",
            "Yes, since 1 July. The returns that follow come in time or we say beforehand.",
        )
        .await?;
        self.receive("2011-Q1", "2011-07-15 09:30").await?;
        let mut unit = self.begin(self.region, "2011-07-20 10:00").await?;
        actions::accept(&mut unit, self.cluster, quarter("2010-Q4")?, self.region).await?;
        unit.commit().await?;
        let mut unit = self.begin(self.region, "2011-07-22 15:00").await?;
        let reason = "June is missing in both measures, and nothing is said to either. Please complete it and have it signed again.";
        actions::send_back(&mut unit, self.cluster, quarter("2011-Q1")?, reason, self.region).await?;
        unit.commit().await?;
        self.write(
            "2011-Q1",
            "2011-12-02 09:00",
            "Three pathways began this spring. All figures of the quarter are in now.",
            &[
                ("country-of-birth", "Practices of all five boroughs record it."),
                (
                    "c-sections",
                    "Twelve units; those that copy the daily review come down, the others stay where they were.",
                ),
            ],
        )
        .await?;
        self.sign("2011-Q1", "2011-12-02 11:00").await?;
        self.receive("2011-Q1", "2011-12-02 14:00").await?;
        let mut unit = self.begin(self.region, "2011-12-05 09:00").await?;
        actions::accept(&mut unit, self.cluster, quarter("2011-Q1")?, self.region).await?;
        unit.commit().await?;
        self.write(
            "2011-Q2",
            "2011-12-02 16:00",
            "Written while the office closes; the chair has not signed it yet.",
            &[],
        )
        .await?;
        self.write(
            "2011-Q3",
            "2011-12-05 09:30",
            "The last return. What has no owner after the last day is on the list of succession.",
            &[],
        )
        .await
    }

    /// A unit of one of the three at a moment; each act a minute after the last, so that the record has an order.
    async fn begin(&self, who: PersonId, at: &str) -> Result<Unit, Problem> {
        self.clock.set(from_london(at).map_err(Problem::internal)?);
        Ok(self.state.begin(Actor::Person(who)).await?)
    }

    async fn promise(&self, promise: &Promise, proposed: &str, agreed: &str, place: i64) -> Result<(), Problem> {
        let (key, name, baseline, target, weight, from, to) = *promise;
        let Some(measure) = self.measure(key).await? else {
            return Ok(());
        };
        let seen = sources::measures(&self.state.database(), self.cluster).await?;
        let Some(better) = seen.iter().find(|one| one.id == measure).and_then(|one| one.better) else {
            return Ok(());
        };
        let mut unit = self.begin(self.director, proposed).await?;
        let proposal = Proposal {
            name: name.into(),
            measure,
            better,
            baseline: baseline.map(str::to_owned),
            target: target.into(),
            weight,
            force: InForce { from: quarter(from)?.first_day(), to: quarter(to)?.last_day() },
        };
        let id = kpis::propose(&mut unit, self.cluster, self.director, proposal).await?;
        unit.commit().await?;
        self.clock.set(from_london(agreed).map_err(Problem::internal)? + chrono::Duration::minutes(place));
        let mut unit = self.state.begin(Actor::Person(self.region)).await?;
        kpis::agree(&mut unit, self.cluster, id, self.region).await?;
        unit.commit().await?;
        Ok(())
    }

    async fn measure(&self, key: &str) -> Result<Option<uuid::Uuid>, Problem> {
        let measures = reading::measures_of(&self.state.database(), self.cluster.id).await?;
        Ok(measures.into_iter().find(|one| one.key == key).map(|one| one.id))
    }

    /// The indicator on a measure that is in a quarter's return.
    async fn indicator(&self, quarter: Quarter, key: &str) -> Result<Option<uuid::Uuid>, Problem> {
        let measure = self.measure(key).await?;
        let all = crate::kpis::store::of_cluster(&self.state.database(), self.cluster.id).await?;
        let found = all.into_iter().find(|kpi| {
            Some(kpi.measure) == measure
                && kpi.is_agreed()
                && kpi.force.touches(quarter.first_day(), quarter.last_day())
        });
        Ok(found.map(|kpi| kpi.id))
    }

    async fn write(&self, key: &str, at: &str, summary: &str, words: &[(&str, &str)]) -> Result<(), Problem> {
        let quarter = quarter(key)?;
        let mut narratives = Narratives { summary: summary.into(), ..Narratives::default() };
        for (measure, text) in words {
            if let Some(kpi) = self.indicator(quarter, measure).await? {
                narratives.kpis.insert(kpi, (*text).to_owned());
            }
        }
        let mut unit = self.begin(self.director, at).await?;
        actions::write(&mut unit, self.cluster, quarter, narratives).await?;
        Ok(unit.commit().await?)
    }

    async fn sign(&self, key: &str, at: &str) -> Result<(), Problem> {
        let quarter = quarter(key)?;
        let stored = store::of_quarter(&self.state.database(), self.cluster.id, quarter).await?;
        let narratives = stored.map(|one| one.narratives).unwrap_or_default();
        let mut unit = self.begin(self.chair, at).await?;
        let content = draw_up(self.state, self.cluster, quarter, &narratives).await?;
        actions::sign(&mut unit, self.cluster, &content, self.chair).await?;
        Ok(unit.commit().await?)
    }

    async fn receive(&self, key: &str, at: &str) -> Result<(), Problem> {
        let mut unit = self.begin(self.region, at).await?;
        actions::receive(&mut unit, self.cluster, quarter(key)?, self.region).await?;
        Ok(unit.commit().await?)
    }

    /// The region asks about money, or about the indicator on a measure.
    async fn ask(&self, key: &str, at: &str, about: &str, question: &str) -> Result<(), Problem> {
        let quarter = quarter(key)?;
        let line = match self.indicator(quarter, about).await? {
            Some(id) => id.to_string(),
            None => "money".to_owned(),
        };
        let name = FIRST_CONTRACT.iter().find(|promise| promise.0 == about).map_or("Money", |promise| promise.1);
        let mut unit = self.begin(self.region, at).await?;
        actions::query(&mut unit, self.cluster, quarter, (&line, name), question, self.region).await?;
        Ok(unit.commit().await?)
    }

    /// The director answers whatever is open.
    async fn answer(&self, key: &str, at: &str, words: &str) -> Result<(), Problem> {
        let quarter = quarter(key)?;
        let Some(stored) = store::of_quarter(&self.state.database(), self.cluster.id, quarter).await? else {
            return Ok(());
        };
        let queries = store::queries(&self.state.database(), stored.id).await?;
        for query in queries.iter().filter(|query| query.answer.is_none()) {
            let mut unit = self.begin(self.director, at).await?;
            actions::answer(&mut unit, self.cluster, quarter, query.id, words, self.director).await?;
            unit.commit().await?;
        }
        Ok(())
    }
}

fn quarter(key: &str) -> Result<Quarter, Problem> {
    Quarter::parse(key).ok_or_else(|| Problem::internal(format!("{key} is no quarter")))
}
