//! Who bids in the demonstration: the 17 clusters that were to win, with made-up partners, and made-up bidders beside them; nobody real is among the people.

use hiec_kernel::organisations::Organisation;
use hiec_kernel::people::Person;
use hiec_kernel::{Money, PersonId, Problem};
use hiec_store::organisations;

use super::Play;
use super::cast::email;
use crate::calls::facts;

/// One bidder of the demonstration.
#[derive(Clone, Debug)]
pub struct Bidder {
    pub title: String,
    pub region: String,
    pub other_regions: Vec<String>,
    /// The lead organisation, by its name in the register.
    pub lead: String,
    pub themes: String,
    pub asks: Money,
    /// Whether the bidder itself is made up; partners, people and texts always are.
    pub is_invented: bool,
    /// How strong the made-up scores are, 0 to 100; the 17 that were to win are above the line.
    pub strength: u32,
    /// How far it gets.
    pub fate: Fate,
}

/// How far a bidder gets in the demonstration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Fails a test of the questionnaire.
    FailsQuestionnaire,
    /// Shortlisted, never submits: a partner's signature is missing at the deadline.
    MissesDeadline,
    /// Bids.
    Bids,
}

impl Bidder {
    pub fn region_codes(&self) -> Vec<String> {
        let mut codes = vec![self.region.clone()];
        codes.extend(self.other_regions.iter().cloned());
        codes
    }
}

/// All bidders, the 17 first, in the order of the announcement.
pub(super) fn all() -> Result<Vec<Bidder>, Problem> {
    let round = facts::round_2009().map_err(Problem::internal)?;
    let mut bidders: Vec<Bidder> = round
        .winners
        .iter()
        .enumerate()
        .map(|(nth, winner)| {
            let spans_essex = winner.cluster.contains("Essex");
            Bidder {
                title: winner.cluster.clone(),
                region: winner.region_code.clone(),
                other_regions: if spans_essex { vec!["EoE".into()] } else { vec![] },
                lead: winner.principal_partner.clone(),
                themes: winner.work_programme.join(", "),
                asks: Money::pounds(if spans_essex {
                    1_100_000
                } else {
                    586_500 + 4_250 * i64::try_from(nth).unwrap_or(0)
                }),
                is_invented: false,
                strength: 72 + u32::try_from((nth * 7) % 23).unwrap_or(0),
                fate: Fate::Bids,
            }
        })
        .collect();
    let invented = [
        ("Illustrative Coast and Downs HIEC", "SEC", "falls and fractures, telecare", 58, Fate::Bids),
        ("Illustrative Weald and Medway HIEC", "SEC", "diabetes, end of life care", 52, Fate::Bids),
        ("Illustrative Peak and Trent HIEC", "EM", "frailty, respiratory care", 61, Fate::Bids),
        ("Illustrative Severn Vale HIEC", "SW", "dementia, medicines safety", 63, Fate::Bids),
        ("Illustrative Moors and Coast HIEC", "YH", "rural access, stroke", 57, Fate::MissesDeadline),
        ("Illustrative Tyne Partnership HIEC", "NE", "children's asthma", 50, Fate::FailsQuestionnaire),
        ("Illustrative Fen Country HIEC", "EoE", "pain management", 48, Fate::FailsQuestionnaire),
    ];
    for (nth, (title, region, themes, strength, fate)) in invented.into_iter().enumerate() {
        let place = round.region(region).map_or(region, |fact| fact.name.trim_start_matches("NHS "));
        bidders.push(Bidder {
            title: title.into(),
            region: region.into(),
            other_regions: vec![],
            lead: format!("Illustrative University ({place})"),
            themes: themes.into(),
            asks: Money::pounds(540_000 + 1_300 * i64::try_from(nth).unwrap_or(0)),
            is_invented: true,
            strength,
            fate,
        });
    }
    Ok(bidders)
}

/// The address slug of a bidder's lead person: the cast's for the north east London bid, a numbered one for the others.
pub(super) fn lead_slug(bidder: &Bidder, nth: usize) -> String {
    if bidder.title.contains("Essex") { "lead".into() } else { format!("bidder-{}", nth + 1) }
}

/// Finds a person of the demonstration, or makes one up.
pub(super) async fn somebody(
    play: &Play,
    slug: &str,
    name: &str,
    employer: Option<&Organisation>,
) -> Result<Person, Problem> {
    let address = email(slug);
    if let Some(person) = hiec_access::people::by_email(&play.database, &address).await? {
        return Ok(person);
    }
    let mut unit = play.database.begin(hiec_kernel::people::Actor::System("demonstration".into()), &play.clock).await?;
    let person = Person {
        id: PersonId(unit.new_id()),
        name: name.to_owned(),
        email: address,
        employer: employer.map(|organisation| organisation.id),
        is_illustrative: true,
    };
    hiec_access::people::add(&mut unit, &person, None).await?;
    unit.commit().await?;
    Ok(person)
}

/// An organisation by its exact name.
pub(super) async fn organisation(play: &Play, name: &str) -> Result<Organisation, Problem> {
    organisations::search(&play.database, name, 20)
        .await?
        .into_iter()
        .find(|organisation| organisation.name == name)
        .ok_or_else(|| Problem::internal(format!("{name} is not in the register of the demonstration")))
}
