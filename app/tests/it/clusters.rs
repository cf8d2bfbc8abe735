//! The clusters of the demonstration, as the round's awards founded them. It knows no rule of its own.

use hiec_contracts::demonstration::Period;
use hiec_testkit::for_each_database;

use crate::product::Product;

#[tokio::test]
async fn every_award_of_the_round_founds_its_cluster_once() {
    for_each_database(|url| async move {
        let product = Product::in_period(&url, Period::Founding).await;
        let mut public = product.browser();
        let (status, clusters) = public.get_json("/clusters").await;
        assert_eq!(status.as_u16(), 200);
        let names: Vec<&str> =
            clusters.as_array().expect("a list").iter().filter_map(|cluster| cluster["name"].as_str()).collect();
        assert_eq!(names.len(), 17, "{names:?}");
        assert!(names.iter().any(|name| name.contains("North East London")), "{names:?}");
        assert_eq!(product.do_jobs().await, 0, "a job was left undone");
    })
    .await;
}
