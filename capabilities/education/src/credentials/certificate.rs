//! `/credentials/{credential}/certificate.pdf`: the badge on paper, with the address under which anybody can check it.

use hiec_kernel::Problem;
use hiec_kernel::clock::{day_on_page, london_date};
use hiec_reports::{Block, Report, Reports};
use hiec_web::{Answer, Loaded, Reply};

use super::picture;
use super::store::BadgeHere;

pub async fn get(here: Loaded<BadgeHere>) -> Answer {
    let address = here.app.site().link(&here.badge.path());
    let report = certificate(&here, &address)?;
    let pdf = here.app.service::<Reports>()?.pdf(&report).await.map_err(Problem::from)?;
    Ok(Reply::download("certificate.pdf", "application/pdf", pdf))
}

/// On paper the holder's name always stands: it is theirs to hand to whom they like.
fn certificate(here: &BadgeHere, address: &str) -> Result<Report, Problem> {
    let (badge, skill) = (&here.badge, &here.skill);
    let standing = match badge.standing.as_str() {
        "revoked" => Some("Revoked: this certificate does not count.".to_owned()),
        "suspended" => Some("Suspended: this certificate does not count for now.".to_owned()),
        _ => None,
    };
    let mut body = vec![
        Block::paragraph(format!("{} has shown this skill to a named assessor.", here.claim.name)),
        Block::paragraph(skill.description.clone()),
        Block::facts([
            ("Holder", Some(here.claim.name.clone())),
            ("Profession", Some(here.claim.profession.clone())),
            ("What had to be done", Some(skill.criteria.clone())),
            ("Awarded", Some(day_on_page(london_date(badge.valid_from)))),
            ("Good until", badge.valid_until.map(|until| day_on_page(london_date(until)))),
            ("Issued by", Some(here.cluster.name.clone())),
        ]),
    ];
    body.extend(standing.map(|words| Block::note("Standing", words)));
    body.push(Block::chart(
        picture::square_code(address)?,
        format!("A square code for cameras. It leads to {address}"),
        "",
    ));
    body.push(Block::paragraph(format!(
        "Check it at {address}, if the holder has published it. The signed badge itself can be checked by anybody's program, without asking us."
    )));
    Ok(Report {
        eyebrow: Some(here.cluster.name.clone()),
        title: skill.name.clone(),
        subtitle: Some("Certificate of a skill".to_owned()),
        author: here.cluster.name.clone(),
        dated: london_date(badge.valid_from),
        body,
        illustrative: badge.is_illustrative,
        fingerprint: None,
    })
}
