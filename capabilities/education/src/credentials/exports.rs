//! Claims to skills and badges to take away, each reader's own view of them: their own, those of skills they assess, or all for who awards.

use std::collections::BTreeMap;

use hiec_files::table::{Cell, Table};
use hiec_kernel::Problem;
use hiec_web::{Answer, Loaded};
use uuid::Uuid;

use super::claims::visible;
use super::store::{self, Badge, Claims};
use super::{keys, skills};
use crate::ground;

pub async fn claims_csv(door: Loaded<Claims>) -> Answer {
    Ok(ground::csv(&door.cluster, &claims(&door).await?))
}

pub async fn claims_xlsx(door: Loaded<Claims>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &claims(&door).await?, door.now())?)
}

pub async fn badges_csv(door: Loaded<Claims>) -> Answer {
    Ok(ground::csv(&door.cluster, &badges(&door).await?))
}

pub async fn badges_xlsx(door: Loaded<Claims>) -> Answer {
    Ok(ground::xlsx(&door.cluster, &badges(&door).await?, door.now())?)
}

async fn claims(door: &Loaded<Claims>) -> Result<Table, Problem> {
    let mut table = Table::with_columns(
        "skill-claims",
        [
            ("claim", "Its id, as addresses name it"),
            ("skill", "Name of the skill"),
            ("name", "Who claims it"),
            ("profession", "Their profession"),
            ("state", "How it stands"),
            ("begun_at", "When it was begun"),
            ("illustrative", "Whether it was made up"),
        ],
    );
    let names = skill_names(door).await?;
    for claim in visible(door).await? {
        table.push([
            Cell::from(claim.id.to_string()),
            Cell::from(names.get(&claim.skill).map_or("", String::as_str)),
            Cell::from(claim.name.as_str()),
            Cell::from(claim.profession.as_str()),
            Cell::from(claim.standing.label()),
            Cell::from(claim.begun_at),
            Cell::from(claim.is_illustrative),
        ]);
    }
    Ok(table)
}

async fn badges(door: &Loaded<Claims>) -> Result<Table, Problem> {
    let mut table = Table::with_columns(
        "badges",
        [
            ("badge", "Its address"),
            ("skill", "Name of the skill"),
            ("name", "Who holds it"),
            ("profession", "Their profession"),
            ("standing", "good, suspended or revoked"),
            ("valid_from", "When it was awarded"),
            ("valid_until", "When it ends; empty: no end"),
            ("published", "Whether its holder shows it to everybody"),
            ("key", "The key that signed it"),
            ("illustrative", "Whether it was made up"),
        ],
    );
    let database = door.database();
    let names = skill_names(door).await?;
    let keys: BTreeMap<Uuid, String> = keys::all(&database).await?.into_iter().map(|key| (key.id, key.name)).collect();
    let badges: BTreeMap<Uuid, Badge> =
        store::badges(&database, door.cluster.id).await?.into_iter().map(|badge| (badge.claim_id, badge)).collect();
    let (reader, sees_all) = (door.person()?.id, super::claims::sees_all(door));
    for claim in visible(door).await? {
        // An assessor sees the claim; the badge is its holder's to show.
        let Some(badge) =
            badges.get(&claim.id).filter(|badge| sees_all || claim.person == reader || badge.is_published)
        else {
            continue;
        };
        table.push([
            Cell::from(door.app.site().link(&badge.path())),
            Cell::from(names.get(&claim.skill).map_or("", String::as_str)),
            Cell::from(claim.name.as_str()),
            Cell::from(claim.profession.as_str()),
            Cell::from(badge.standing.as_str()),
            Cell::from(badge.valid_from),
            Cell::from(badge.valid_until),
            Cell::from(badge.is_published),
            Cell::from(keys.get(&badge.key_id).map_or("", String::as_str)),
            Cell::from(badge.is_illustrative),
        ]);
    }
    Ok(table)
}

async fn skill_names(door: &Loaded<Claims>) -> Result<BTreeMap<Uuid, String>, Problem> {
    let all = skills::of_cluster(&door.database(), door.cluster.id).await?;
    Ok(all.into_iter().map(|skill| (skill.id, skill.name)).collect())
}
