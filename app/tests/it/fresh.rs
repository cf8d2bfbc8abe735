//! An installation on its first day: nothing in it but its administrator. It knows no rule of its own.

use hiec_competition::Stage;
use hiec_kernel::clock::FixedClock;
use hiec_kernel::{Role, Scope};
use hiec_testkit::for_each_database;
use uuid::Uuid;

use crate::product::Product;

#[tokio::test]
async fn a_round_can_be_prepared_from_nothing() {
    for_each_database(|url| async move {
        let clock = FixedClock::at("2027-02-01T10:00:00Z".parse().expect("a time"));
        let product = Product::start(&url, clock).await;
        let administrator = product.administrator().await;
        let officer = product.add_person("Olga Officer", &[(Role::ProgrammeOfficer, Scope::Installation, None)]).await;
        let mut office = product.browser_of(officer.id).await;
        office.get("/calls/new").await.expect_status(409).expect_text("There is no programme yet");

        let mut admin = product.browser_of(administrator.id).await;
        admin.get("/organisations/regions").await.expect_status(200).expect_text("There is no region yet");
        let region = [("code", "NOR"), ("name", "Illustrative North"), ("website", ""), ("ods_code", "qx1")];
        admin.post("/organisations/regions", &region).await.expect_status(200).expect_text("Illustrative North");
        admin
            .post("/organisations/regions", &region)
            .await
            .expect_status(422)
            .expect_text("A region has this code already");
        admin.get("/organisations?find=QX1").await.expect_text("Commissions education");
        admin.get("/programmes").await.expect_status(200).expect_text("There is no programme yet");
        office.post("/programmes", &[("name", "x"), ("funder", "y")]).await.expect_status(403);
        let programme = [("name", "Illustrative Clusters"), ("funder", "Illustrative Department")];
        admin.post("/programmes", &programme).await.expect_status(200).expect_text("Illustrative Clusters");
        admin.post("/programmes", &programme).await.expect_status(422);

        let call = [("title", "Clusters of 2027"), ("key", "clusters-2027"), ("from", "")];
        office.post("/calls/new", &call).await.expect_status(200).expect_text("The call is in preparation");
        let mut public = product.browser();
        // Whoever is not signed in is asked to sign in, and learns nothing of the call.
        public.get("/calls/clusters-2027").await.expect_no_text("Clusters of 2027");
    })
    .await;
}

#[tokio::test]
async fn whoever_judges_a_round_bids_for_nothing_in_it() {
    for_each_database(|url| async move {
        let product = Product::at(&url, Stage::Pqq).await;
        let mut steering = product.browser_as("steering").await;
        let (_, organisations) = product.browser_as("admin").await.get_json("/organisations?find=Illustrative").await;
        let lead = organisations["organisations"][0]["id"].as_str().expect("an organisation").to_owned();
        let form = [("title", "Ours"), ("region", "LON"), ("lead_organisation", lead.as_str())];
        steering
            .post("/calls/hiec-2009/bids", &form)
            .await
            .expect_status(422)
            .expect_text("This person would bid in a round and have a part in judging");

        let lead = product.person("lead").await;
        let mut unit = product.state.begin(hiec_kernel::people::Actor::System("test".into())).await.expect("a unit");
        let held = hiec_access::grants::of_person(&unit, lead.id).await.expect("roles");
        let call = held.iter().find_map(|one| one.within).expect("a call");
        for (role, scope, within) in [
            (Role::PanelMember, Scope::Call(call), Some(call)),
            (Role::SteeringMember, Scope::Call(call), Some(call)),
            (Role::ProgrammeOfficer, Scope::Installation, None),
            (Role::Auditor, Scope::Call(call), Some(call)),
        ] {
            let refused = hiec_access::grants::give(&mut unit, lead.id, role, scope, within).await;
            assert!(refused.is_err(), "{} was given to a bid lead", role.key());
        }
        let elsewhere = Uuid::from_u128(7);
        let given =
            hiec_access::grants::give(&mut unit, lead.id, Role::PanelMember, Scope::Call(elsewhere), Some(elsewhere));
        assert!(given.await.is_ok(), "another round is another matter");
    })
    .await;
}
