//! What partners are asked about each other, and what their answers amount to. What nobody answered stays unknown; no web, no SQL.

use std::collections::BTreeMap;

use hiec_kernel::{OrganisationId, closed_list};
use hiec_network::{Network, Views};
use serde::{Deserialize, Serialize};

/// From this level on two partners count as tied: they give each other information and reckon with each other.
pub const TIED_FROM: u8 = 2;

/// With fewer voices a mean would tell who said what.
pub const FEWEST_VOICES: usize = 3;

/// The steps of a tie, after the Levels of Collaboration Scale (Frey and others, 2006).
pub const LEVELS: [&str; 6] = [
    "0: no interaction",
    "1: networking: we know what they do",
    "2: cooperation: we give each other information",
    "3: coordination: we share information and resources",
    "4: coalition: we share ideas and resources, and all have a vote",
    "5: collaboration: we belong to one system and trust each other",
];

closed_list! {
    /// What is asked besides the tie, from 1 (not at all) to 5 (fully).
    Question {
        Mission = "mission", "They share what we want to reach";
        Openness = "openness", "They say openly what they think";
        Reliability = "reliability", "They do what they said";
        Resources = "resources", "They bring people, money or rooms";
        Influence = "influence", "They move others";
        Commitment = "commitment", "They give it time and care";
    }
}

impl Question {
    /// Trust is what the first three tell, value what the others do.
    pub fn is_trust(self) -> bool {
        matches!(self, Self::Mission | Self::Openness | Self::Reliability)
    }
}

/// What one partner says of another in a quarter.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct View {
    /// 0 to 5; nothing where it was not answered.
    pub tie: Option<u8>,
    /// 1 to 5 each; what was not answered is not there.
    pub answers: BTreeMap<Question, u8>,
}

/// A view with who says it of whom.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Told {
    pub from: OrganisationId,
    pub about: OrganisationId,
    pub view: View,
}

/// What a quarter's ties amount to.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Figures {
    /// Views given, of those asked for.
    pub given: usize,
    pub asked: usize,
    pub ties: usize,
    /// Pairs of which neither said anything.
    pub unknown_pairs: usize,
    /// Of the pairs of which something is known.
    pub density: Option<f64>,
    /// Were no unknown pair tied, and were all of them.
    pub density_between: Option<(f64, f64)>,
    pub centralisation: Option<f64>,
    pub transitivity: Option<f64>,
    pub reciprocity: Option<f64>,
    /// In the order of the partners.
    pub betweenness: Vec<f64>,
    pub degree: Vec<usize>,
}

/// The views of a quarter, in the order of the partners; what others said of former partners is left out.
pub fn views(partners: &[OrganisationId], told: &[Told]) -> Views {
    let mut views = Views::silent(partners.len());
    let place = |id: OrganisationId| partners.iter().position(|one| *one == id);
    for one in told {
        if let (Some(from), Some(about), Some(tie)) = (place(one.from), place(one.about), one.view.tie) {
            views.say(from, about, tie);
        }
    }
    views
}

pub fn network(views: &Views) -> Network {
    views.network(TIED_FROM)
}

pub fn figures(views: &Views) -> Figures {
    let network = network(views);
    let (given, asked) = views.answered();
    let density = network.density();
    Figures {
        given,
        asked,
        ties: network.ties().len(),
        unknown_pairs: network.unknown_pairs(),
        density: density.map(|one| one.known),
        density_between: density.map(|one| (one.least, one.most)),
        centralisation: network.centralisation(),
        transitivity: network.transitivity(),
        reciprocity: views.reciprocity(TIED_FROM),
        betweenness: network.betweenness(),
        degree: (0..views.partners()).map(|partner| network.degree(partner)).collect(),
    }
}

/// How a partner is trusted and valued: means of all answers about it, and how many partners gave any.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct Standing {
    pub voices: usize,
    /// Nothing while too few have answered.
    pub trust: Option<f64>,
    pub value: Option<f64>,
}

pub fn standing(partner: OrganisationId, told: &[Told]) -> Standing {
    let about: Vec<&Told> =
        told.iter().filter(|one| one.about == partner && one.from != partner && !one.view.answers.is_empty()).collect();
    let mean = |is_trust: bool| {
        let with: Vec<Vec<u8>> = about
            .iter()
            .map(|one| {
                let answers = one.view.answers.iter().filter(|(question, _)| question.is_trust() == is_trust);
                answers.map(|(_, answer)| *answer).collect::<Vec<u8>>()
            })
            .filter(|answers| !answers.is_empty())
            .collect();
        let answers: Vec<u8> = with.iter().flatten().copied().collect();
        let sum: u32 = answers.iter().map(|answer| u32::from(*answer)).sum();
        let count = u32::try_from(answers.len()).unwrap_or(u32::MAX);
        (with.len() >= FEWEST_VOICES).then(|| f64::from(sum) / f64::from(count))
    };
    Standing { voices: about.len(), trust: mean(true), value: mean(false) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn partner(number: u128) -> OrganisationId {
        OrganisationId(Uuid::from_u128(number))
    }

    fn told(from: u128, about: u128, tie: Option<u8>, answers: &[(Question, u8)]) -> Told {
        let answers = answers.iter().copied().collect();
        Told { from: partner(from), about: partner(about), view: View { tie, answers } }
    }

    #[test]
    fn missing_is_missing_and_former_partners_count_no_more() {
        let partners = [partner(1), partner(2), partner(3)];
        let told =
            [told(1, 2, Some(4), &[]), told(2, 1, None, &[]), told(1, 9, Some(5), &[]), told(3, 1, Some(0), &[])];
        let found = figures(&views(&partners, &told));
        assert_eq!((found.given, found.asked, found.ties, found.unknown_pairs), (2, 6, 1, 1));
        assert_eq!(found.density, Some(0.5));
        assert_eq!(found.degree, [1, 1, 0]);
        assert_eq!(found.reciprocity, None);
    }

    #[test]
    fn trust_is_told_from_three_voices_on() {
        let say = |from| {
            told(from, 1, None, &[(Question::Openness, 4), (Question::Reliability, 2), (Question::Resources, 5)])
        };
        let two = [say(2), say(3)];
        assert_eq!(standing(partner(1), &two), Standing { voices: 2, trust: None, value: None });
        let three = [
            say(2),
            say(3),
            told(4, 1, Some(5), &[(Question::Openness, 3)]),
            told(1, 1, None, &[(Question::Mission, 5)]),
        ];
        let found = standing(partner(1), &three);
        assert_eq!(found.voices, 3);
        assert_eq!(found.trust, Some(3.0));
        // Only two spoke of its value.
        assert_eq!(found.value, None);
    }

    proptest! {
        #[test]
        fn means_stay_on_the_scale(answers in prop::collection::vec((2_u128..9, 1_u8..=5, 1_u8..=5), 0..12)) {
            let told: Vec<Told> = answers
                .iter()
                .map(|(from, trust, value)| told(*from, 1, None, &[(Question::Mission, *trust), (Question::Influence, *value)]))
                .collect();
            let found = standing(partner(1), &told);
            for mean in [found.trust, found.value].into_iter().flatten() {
                prop_assert!((1.0..=5.0).contains(&mean));
            }
            prop_assert_eq!(found.trust.is_some(), told.len() >= FEWEST_VOICES);
        }
    }
}
