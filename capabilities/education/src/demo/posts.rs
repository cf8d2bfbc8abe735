//! Made-up posts at real hosts, and a few at made-up hospitals, in all settings of care, with money and room that changes once.

use hiec_contracts::demonstration::Period;
use hiec_kernel::Problem;
use hiec_kernel::organisations::Setting;
use uuid::Uuid;

use super::programmes::LINES;
use super::{Stage, day, hosts};
use crate::posts::actions;
use crate::posts::store::{CapacityStep, Funding, FundingKind, Post};
use crate::programmes::store as programmes;
use crate::words::{Level, Profession, Wte};

/// A host, the setting there, how many posts, and how many whole-time people each holds.
type Row = (&'static str, Setting, usize, i64);

const CARDIOLOGY: &[Row] = &[
    ("R1H", Setting::Tertiary, 4, 1),
    ("RRV", Setting::Tertiary, 3, 1),
    ("RAL", Setting::Secondary, 3, 1),
    ("RQX", Setting::Secondary, 2, 1),
    ("RF4", Setting::Secondary, 3, 1),
    ("RKE", Setting::Secondary, 2, 1),
    ("RAJ", Setting::Secondary, 3, 1),
    ("RYX", Setting::Community, 2, 1),
];
const GENERAL_PRACTICE: &[Row] = &[
    ("E1", Setting::Primary, 2, 1),
    ("E7", Setting::Primary, 1, 1),
    ("E13", Setting::Primary, 1, 1),
    ("E14", Setting::Primary, 1, 1),
    ("E17", Setting::Primary, 1, 1),
    ("N1", Setting::Primary, 1, 1),
    ("N7", Setting::Primary, 1, 1),
    ("N15", Setting::Primary, 1, 1),
    ("N16", Setting::Primary, 1, 1),
    ("IG11", Setting::Primary, 1, 1),
    ("RM3", Setting::Primary, 1, 1),
    ("SS7", Setting::Primary, 1, 1),
    ("CM1", Setting::Primary, 1, 1),
    ("CO15", Setting::Primary, 1, 1),
    ("R1H", Setting::Secondary, 2, 1),
    ("RQX", Setting::Secondary, 2, 1),
    ("RWK", Setting::MentalHealth, 2, 1),
    ("RAT", Setting::Community, 1, 1),
    ("RRP", Setting::MentalHealth, 1, 1),
];
const MIDWIFERY: &[Row] = &[
    ("R1H", Setting::Secondary, 2, 3),
    ("RQX", Setting::Secondary, 1, 3),
    ("RF4", Setting::Secondary, 2, 2),
    ("RKE", Setting::Community, 1, 2),
    ("RAP", Setting::Secondary, 1, 3),
    ("RRV", Setting::Tertiary, 1, 2),
    ("RDE", Setting::Secondary, 1, 3),
];
const OPHTHALMOLOGY: &[Row] = &[
    ("RP6", Setting::Tertiary, 8, 1),
    ("R1H", Setting::Secondary, 3, 1),
    ("RAL", Setting::Secondary, 2, 1),
    ("RF4", Setting::Secondary, 3, 1),
    ("RAJ", Setting::Secondary, 3, 1),
    ("RDE", Setting::Secondary, 2, 1),
];
const PHYSIOTHERAPY: &[Row] = &[
    ("R1H", Setting::Secondary, 1, 3),
    ("RQX", Setting::Secondary, 1, 3),
    ("RKE", Setting::Community, 1, 3),
    ("RAT", Setting::Community, 1, 3),
    ("RAP", Setting::Secondary, 1, 3),
    ("RQW", Setting::Secondary, 1, 3),
    ("RAJ", Setting::Secondary, 1, 3),
];
const CHILDREN: &[Row] = &[
    ("RP4", Setting::Tertiary, 2, 3),
    ("R1H", Setting::Secondary, 1, 4),
    ("RQX", Setting::Secondary, 1, 3),
    ("RF4", Setting::Secondary, 1, 3),
    ("RAT", Setting::Community, 1, 3),
    ("RDE", Setting::Secondary, 1, 3),
    // Made-up hospitals: no real trust is judged, and money that quality weighs is to be seen somewhere.
    ("H1", Setting::Secondary, 1, 3),
    ("H3", Setting::Secondary, 1, 3),
];

/// In the order of the programmes.
const ROWS: [&[Row]; 6] = [CARDIOLOGY, GENERAL_PRACTICE, MIDWIFERY, OPHTHALMOLOGY, PHYSIOTHERAPY, CHILDREN];

pub(super) async fn live_until(stage: &Stage<'_>, period: Period) -> Result<(), Problem> {
    if period != Period::Founding {
        return Ok(());
    }
    let mut unit = stage.begin("education-lead", day("2010-01-30")).await?;
    for (line, rows) in LINES.iter().zip(ROWS) {
        let programme = programmes::by_key(&unit, stage.cluster.id, line.key)
            .await?
            .ok_or_else(|| Problem::internal(format!("no programme {}", line.key)))?;
        for (named, setting, posts, holds) in rows {
            let Some(host) = hosts::host_or_made_up(&unit, named).await? else { continue };
            for nth in 1..=*posts {
                let mut capacity = vec![CapacityStep { from: day("2009-08-05"), wte: Wte(holds * 100) }];
                // One trust grows: room that changes over time is to be seen somewhere.
                if *named == "RF4" && nth == 1 {
                    capacity.push(CapacityStep { from: day("2011-08-03"), wte: Wte(holds * 100 + 100) });
                }
                let funding = Funding {
                    id: unit.new_id(),
                    kind: if nth == 4 { FundingKind::Host } else { FundingKind::Tariff },
                    body: if nth == 4 { host.site.clone() } else { payer(line.profession, line.level).to_owned() },
                    from: day("2009-08-05"),
                    to: None,
                    is_illustrative: true,
                };
                let post = Post {
                    id: Uuid::nil(),
                    cluster: stage.cluster.id,
                    number: format!("{named}-{}-{nth:03}", line.stem),
                    host: host.id,
                    site: host.site.clone(),
                    place: host.place,
                    profession: line.profession,
                    specialty: line.specialty.to_owned(),
                    grade: line.grade.to_owned(),
                    setting: *setting,
                    starts_on: day("2009-08-05"),
                    ends_on: None,
                    capacity,
                    programmes: vec![programme.id],
                    funding: vec![funding],
                    follows: None,
                    is_illustrative: true,
                };
                actions::add(&mut unit, post).await?;
            }
        }
    }
    unit.commit().await?;
    Ok(())
}

fn payer(profession: Profession, level: Level) -> &'static str {
    match (profession, level) {
        (Profession::Medical, Level::Postgraduate) => "NHS London: medical training",
        _ => "NHS London: education of other professions",
    }
}
