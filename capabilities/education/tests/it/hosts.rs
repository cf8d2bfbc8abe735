//! Trainees that come and go as files, and the list of hosts with what each reader may see of it.

use hiec_kernel::Role;
use hiec_testkit::Browser;

use crate::clusters::{organisation, somebody};
use crate::ground::{EDUCATION, Ground, ground, place};

async fn upload(lead: &mut Browser, name: &str, kind: &str, bytes: &[u8]) {
    lead.get(&format!("{EDUCATION}/trainees/imports")).await.attach("The list", name, kind, bytes);
    lead.submit("Upload and preview").await;
}

async fn upload_text(lead: &mut Browser, text: &str) {
    upload(lead, "list.csv", "text/csv", text.as_bytes()).await;
}

#[tokio::test]
async fn trainees_come_in_as_they_went_out() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        // What goes out comes in again and changes nothing, as text and as a workbook.
        lead.get(&format!("{EDUCATION}/trainees.csv")).await.expect_status(200);
        let out = String::from_utf8_lossy(lead.bytes()).into_owned();
        upload_text(&mut lead, &out).await;
        lead.expect_text("3 as they are").expect_text("0 changed").expect_text("0 faults");
        lead.get(&format!("{EDUCATION}/trainees.xlsx")).await.expect_status(200);
        let book = lead.bytes().to_vec();
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        upload(&mut lead, "list.xlsx", kind, &book).await;
        lead.expect_text("3 as they are").expect_text("0 changed").expect_text("0 faults");

        // A new one with an account, and a change; all of it is shown before.
        let (mut dev, person) = somebody(&stand, &cluster, "Dev Learnwell", Role::Trainee, 1).await;
        let head = "number,name,programme,grade,wte,starts_on,planned_end,email,illustrative\n";
        let list = format!(
            "{head}T-4,Dev Learnwell,Cardiology training,ST3,0.8,04/08/2010,2012-08-03,{},yes\n\
             T-2,Ben Learnwell,cardiology-training,ST4,0.5,2010-08-04,2012-08-03,,\n",
            person.email
        );
        upload_text(&mut lead, &list).await;
        lead.expect_text("1 new").expect_text("1 changed").expect_text("ST4");
        lead.submit("Import all of it").await.expect_text("Imported: 1 new, 1 changed.");
        dev.get(&format!("{EDUCATION}/trainees/T-4")).await.expect_status(200).expect_text("0.8");
        lead.get(&format!("{EDUCATION}/trainees/T-2")).await.expect_text("ST4");
        lead.get(&format!("{EDUCATION}/trainees.csv")).await.expect_status(200);
        let out = String::from_utf8_lossy(lead.bytes()).into_owned();
        upload_text(&mut lead, &out).await;
        lead.expect_text("4 as they are").expect_text("0 changed");

        // What would leave a placement wrong, or is no trainee, is refused with its line; then nothing is taken.
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        let line = |rest: &str| format!("{head}{rest}\n");
        for (text, says) in [
            (
                line("T-1,Ada Learnwell,cardiology-training,ST3,0.5,2010-08-04,2012-08-03,,"),
                "is planned at 1, more than this",
            ),
            (
                line("T-1,Ada Learnwell,cardiology-training,ST3,1,2010-10-04,2012-08-03,,"),
                "A placement begins on 1 September 2010",
            ),
            (line("T-5,Eve Learnwell,cardiology,ST3,1,2010-08-04,2012-08-03,,"), "no programme here"),
            (
                line("T 5,Eve Learnwell,cardiology-training,ST3,1,2010-08-04,2012-08-03,,"),
                "letters, figures and hyphens alone",
            ),
            (
                line("imports,Eve Learnwell,cardiology-training,ST3,1,2010-08-04,2012-08-03,,"),
                "letters, figures and hyphens alone",
            ),
            (line("T-5,Eve Learnwell,cardiology-training,ST3,1.5,2010-08-04,2012-08-03,,"), "no share of whole-time"),
            (line("T-5,Eve Learnwell,cardiology-training,ST3,1,2010-08-04,2010-08-03,,"), "before the first day"),
            (
                line("T-5,Eve Learnwell,cardiology-training,ST3,1,2010-08-04,2012-08-03,nobody@example.org,"),
                "Nobody has an account",
            ),
            (line("T-5,Eve Learnwell,cardiology-training,ST3,1,2010-08-04,2012-08-03,,perhaps"), "Write yes or no"),
            ("number,name\n".to_owned(), "lacks"),
        ] {
            upload_text(&mut lead, &text).await;
            lead.expect_text(says).expect_no_text("Import all of it");
        }
        let (mut educator, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 1).await;
        let status = educator.get(&format!("{EDUCATION}/trainees/imports")).await.status().as_u16();
        assert!(matches!(status, 403 | 404), "{status}");
    })
    .await;
}

#[tokio::test]
async fn hosts_are_listed_with_room_people_and_quality_for_those_who_may_see_them() {
    hiec_testkit::for_each_database(|url| async move {
        let Ground { stand, cluster, mut lead } = ground(&url).await;
        place(&mut lead, "T-1", "H1-CARD-001", "2010-09-01", "2011-08-02", "1").await;
        place(&mut lead, "T-2", "H3-CARD-001", "2010-09-01", "2011-08-02", "0.5").await;
        lead.get(EDUCATION).await.click("Hosts").await.expect_text("Hosts: 2");
        lead.expect_text("Ada Learnwell").expect_text("Ben Learnwell").expect_text("as usual");
        let (_, told) = lead.get_json(&format!("{EDUCATION}/hosts")).await;
        let third = told["hosts"].as_array().unwrap().iter().find(|one| one["name"] == "Hospital 03").unwrap();
        assert_eq!(
            (&third["posts"], &third["filled"], &third["is_partner"]),
            (&1.into(), &50.into(), &false.into()),
            "{third}"
        );

        // The public sees room and no person; a host sees its own people alone.
        let mut public = stand.browser();
        public.get(&format!("{EDUCATION}/hosts")).await.expect_status(200).expect_text("Hospital 03");
        public.expect_no_text("Learnwell").expect_no_text("Quality");
        public.get(&format!("{EDUCATION}/hosts.csv")).await.expect_status(200).expect_no_text("T-1");
        let (mut educator, _) = somebody(&stand, &cluster, "Horace Hostley", Role::HostEducator, 3).await;
        educator.get(&format!("{EDUCATION}/hosts")).await.expect_text("Ben Learnwell").expect_no_text("Ada Learnwell");
        educator.get(&format!("{EDUCATION}/hosts.csv")).await.expect_text("T-2").expect_no_text("T-1");
        lead.get(&format!("{EDUCATION}/hosts.csv"))
            .await
            .expect_text("Hospital 01,,secondary,yes,1,1.00,1.00,T-1,usual");
        lead.get(&format!("{EDUCATION}/hosts.xlsx")).await.expect_status(200);

        lead.get(&format!("{EDUCATION}/hosts?which=partners")).await.expect_text("Hosts: 3").expect_text("No post");
        // Searched, and as long a list as the register has.
        lead.get(&format!("{EDUCATION}/hosts?words=hospital+03")).await.expect_text("Hosts: 1");
        lead.get(&format!("{EDUCATION}/hosts?words=nowhere")).await.expect_text("No host is found");
        for nth in 101..=160 {
            let one = hiec_kernel::organisations::Organisation { ods_code: Some(format!("P{nth}")), ..organisation(1) };
            let id = hiec_kernel::OrganisationId(uuid::Uuid::from_u128(5_000 + nth));
            stand
                .add_organisation(&hiec_kernel::organisations::Organisation {
                    id,
                    name: format!("Practice {nth}"),
                    ..one
                })
                .await;
        }
        lead.get(&format!("{EDUCATION}/hosts?which=all")).await.expect_text("Hosts: 63").expect_text("1 to 50 of 63");
        lead.expect_text("Add a post").expect_no_text("Practice 160");
        lead.get(&format!("{EDUCATION}/hosts?which=all&page=2")).await.expect_text("Practice 160");
        lead.get(&format!("{EDUCATION}/hosts?which=all&words=p160"))
            .await
            .expect_text("Hosts: 1")
            .click("Add a post at Practice 160")
            .await;
        assert_eq!(lead.value_of("Host").as_deref(), Some("P160"));
    })
    .await;
}
