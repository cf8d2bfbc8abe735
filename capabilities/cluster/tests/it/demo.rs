//! The demonstration's clusters, played from an award to the last period: what is published stands as published, what is made up is marked.

use hiec_cluster::clusters::founding;
use hiec_cluster::demo::{CAST, live_until};
use hiec_contracts::Award;
use hiec_contracts::demonstration::{EMERGENCY, NECLES, Period};
use hiec_kernel::people::Actor;
use hiec_testkit::for_each_database;

use crate::house::{award, register};

/// The partners of a page's data, by name.
fn names(data: &serde_json::Value, is_wanted: impl Fn(&serde_json::Value) -> bool) -> Vec<&str> {
    let all = data["partners"].as_array().unwrap();
    all.iter().filter(|one| is_wanted(one)).map(|one| one["organisation"]["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn necles_lives_its_two_years_and_emergency_departments_follow() {
    for_each_database(|url| async move {
        let stand = register(&url).await;
        let mut unit = stand.state.begin(Actor::System("test".into())).await.unwrap();
        let name = "North East London, North Central London and Essex HIEC".to_owned();
        founding::from_award(&mut unit, &Award { name, ..award() }).await.unwrap();
        unit.commit().await.unwrap();
        let necles = format!("/clusters/{NECLES}");
        let mut public = stand.browser();
        for period in Period::ALL {
            live_until(&stand.state, &stand.clock, *period).await.unwrap();
            stand.clock.set(period.moment());
            stand.do_jobs().await;
            let (status, home) = public.get_json(&necles).await;
            assert_eq!(status.as_u16(), 200, "{period:?}");
            assert_eq!(home["facts"]["budget"], 110_000_000, "{period:?}");
            let (_, partners) = public.get_json(&format!("{necles}/partners")).await;
            let founding = names(&partners, |one| one["role"] == "founding");
            assert_eq!(founding.len(), 3, "{founding:?}");
            assert!(founding.iter().all(|name| !name.contains("Illustrative")), "{founding:?}");
            let hospitals = names(&partners, |one| one["organisation"]["name"].as_str().unwrap().contains("Hospital "));
            let later = [Period::SecondYear, Period::Closing, Period::Emergency].contains(period);
            assert_eq!(hospitals.iter().filter(|name| name.contains("(NECLES)")).count(), if later { 12 } else { 7 });
            assert_eq!(
                names(&partners, |one| one["organisation"]["name"]
                    .as_str()
                    .unwrap()
                    .starts_with("Illustrative Practice"))
                .len(),
                80
            );
            let (_, succession) = public.get_json(&format!("{necles}/succession")).await;
            assert!(!succession["planned"].as_array().unwrap().is_empty(), "shown from the first month");
        }
        public
            .get(&necles)
            .await
            .expect_text("5,800,000")
            .expect_text("Social Enterprise London")
            .expect_text("Joint venture as a partnership");
        for member in CAST {
            assert!(
                hiec_access::people::by_email(&stand.database(), &member.email()).await.unwrap().is_some(),
                "{}",
                member.slug
            );
        }
        let (_, partners) = public.get_json(&format!("/clusters/{EMERGENCY}/partners")).await;
        assert_eq!(names(&partners, |one| one["organisation"]["is_illustrative"] == false).len(), 274);
        public.get(&format!("/clusters/{EMERGENCY}")).await.expect_text("Open Government Licence");
    })
    .await;
}
