//! What was on the agendas of NECLES and what came of it: made up, and marked so wherever it shows; what the review of 2011 says is named as such.

use crate::board::rules::ItemKind;

/// A meeting as it is told here, from its planning to the signature.
pub(super) struct AgendaMeeting {
    pub body: &'static str,
    pub planned: &'static str,
    pub papers: &'static str,
    pub starts: &'static str,
    pub ends: &'static str,
    pub signed: &'static str,
    pub place: &'static str,
    pub plain: &'static str,
    pub present: &'static [&'static str],
    pub apologies: &'static [&'static str],
    pub items: &'static [AgendaItem],
    /// What, who, by when.
    pub actions: &'static [(&'static str, &'static str, &'static str)],
}

pub(super) struct AgendaItem {
    pub title: &'static str,
    pub kind: ItemKind,
    pub presenter: &'static str,
    pub paper: &'static str,
    /// Names of partners it touches.
    pub touches: &'static [&'static str],
    pub minutes: &'static str,
    pub decision: Option<AgendaDecision>,
}

pub(super) struct AgendaDecision {
    pub title: &'static str,
    pub options: &'static [&'static str],
    pub chosen: &'static str,
    pub reason: &'static str,
    pub dissent: &'static str,
    pub review_on: &'static str,
}

const LEAD: &str = "Queen Mary University of London";
const ALL: &[&str] = &["cluster-chair", "director", "board", "patient", "facilitator"];
const NOBODY: &[&str] = &[];

const fn talk(title: &'static str, presenter: &'static str, paper: &'static str, minutes: &'static str) -> AgendaItem {
    AgendaItem { title, kind: ItemKind::Discussion, presenter, paper, touches: &[], minutes, decision: None }
}

const fn money(paper: &'static str, minutes: &'static str) -> AgendaItem {
    AgendaItem {
        title: "Money",
        kind: ItemKind::Information,
        presenter: "Dora Directson",
        paper,
        touches: &[LEAD],
        minutes,
        decision: None,
    }
}

/// The eight meetings of the board, one each quarter.
pub(super) const BOARDS: [AgendaMeeting; 8] = [
    AgendaMeeting {
        body: "Board",
        planned: "2010-01-26 10:00",
        papers: "2010-02-16 12:00",
        starts: "2010-02-23 14:00",
        ends: "2010-02-23 16:30",
        signed: "2010-03-02 09:00",
        place: "Illustrative Committee Room 1, Whitechapel",
        plain: "We choose which three health problems to work on first. We cannot do all six at once with the people we have. We also look at the money.",
        present: ALL,
        apologies: NOBODY,
        items: &[
            AgendaItem {
                title: "Which pathways start in 2010",
                kind: ItemKind::Decision,
                presenter: "Dora Directson",
                paper: "Six pathways were promised in three categories. The team has one facilitator and one fellow so far. Starting all six at once would leave nobody more than half a day a week. Where baselines exist already, a change can be shown sooner.",
                touches: &[],
                minutes: "The strength of the team was weighed against the promise of six. Baselines exist for maternity and COPD, and the practices of five boroughs are ready for migrant health.",
                decision: Some(AgendaDecision {
                    title: "Pathways of the first year",
                    options: &["Start all six in 2010", "Start three in 2010 and three in 2011", "Do three only"],
                    chosen: "Start three in 2010 and three in 2011",
                    reason: "The team can carry three. Maternity, COPD and migrant health have sites that are ready, and what is learnt there helps the three that follow.",
                    dissent: "Patsy Patientson would have begun with asthma: children wait longest.",
                    review_on: "2011-06-28",
                }),
            },
            money(
                "The first tranche has come. The budget divides £1.1m over two years.",
                "Noted. Bruno Boardley asked for a forecast at every meeting.",
            ),
        ],
        actions: &[
            ("Write to the seven hospitals about the audit of non-invasive ventilation", "facilitator", "2010-03-26"),
            ("Find clinical leads for the three pathways of 2011", "director", "2010-11-30"),
        ],
    },
    AgendaMeeting {
        body: "Board",
        planned: "2010-03-09 10:00",
        papers: "2010-05-18 12:00",
        starts: "2010-05-25 14:00",
        ends: "2010-05-25 16:00",
        signed: "2010-06-02 09:00",
        place: "Illustrative Committee Room 1, Whitechapel",
        plain: "We hear how the first three pathways have begun. We decide how papers are written, so that everybody can read them.",
        present: &["cluster-chair", "director", "patient", "facilitator"],
        apologies: &["board"],
        items: &[
            talk(
                "How the pathways have begun",
                "Fay Facilitson",
                "Seven hospitals audit non-invasive ventilation with one proforma. Six maternity units have agreed to meet.",
                "The board thanked the sites. Figures are to be shown beside what the charts say of them, good or not.",
            ),
            AgendaItem {
                title: "Papers everybody can read",
                kind: ItemKind::Decision,
                presenter: "Clara Chairwell",
                paper: "Our patient member finds the papers hard to read. Others do too, and do not say so.",
                touches: &[],
                minutes: "Patsy Patientson read one page aloud. Nobody could say what two of its abbreviations meant.",
                decision: Some(AgendaDecision {
                    title: "Plain words before papers go out",
                    options: &[
                        "Leave the papers as they are",
                        "A summary in plain words with every set of papers",
                        "A separate meeting for patient members",
                    ],
                    chosen: "A summary in plain words with every set of papers",
                    reason: "One meeting for all, and words for all. A separate meeting would move patients away from where decisions are taken.",
                    dissent: "",
                    review_on: "2011-03-22",
                }),
            },
            money("Spending is slower than planned: posts were filled late.", "Noted."),
        ],
        actions: &[("Put a list of abbreviations on the web site", "facilitator-two", "2010-06-30")],
    },
    AgendaMeeting {
        body: "Board",
        planned: "2010-06-14 10:00",
        papers: "2010-09-21 12:00",
        starts: "2010-09-28 14:00",
        ends: "2010-09-28 16:00",
        signed: "2010-10-05 09:00",
        place: "Illustrative Committee Room 1, Whitechapel",
        plain: "We look at the first figures and at the risks. We talk about a film that follows people with lung disease for a year.",
        present: &["cluster-chair", "director", "board", "facilitator"],
        apologies: &["patient"],
        items: &[
            talk(
                "First figures",
                "Fay Facilitson",
                "The figures of this meeting stand in the papers as they were on the day they went out.",
                "The board asked that no figure is called an improvement before the chart says so.",
            ),
            AgendaItem {
                title: "A year in the life of COPD",
                kind: ItemKind::Decision,
                presenter: "Fay Facilitson",
                paper: "The Department would pay for a film that follows people with COPD for a year, and the sector would match it.",
                touches: &[LEAD],
                minutes: "The film is wanted by the sites for teaching.",
                decision: Some(AgendaDecision {
                    title: "The film",
                    options: &["Do not make it", "Make it if the sector matches the Department’s money"],
                    chosen: "Make it if the sector matches the Department’s money",
                    reason: "It costs the cluster time only, and the material stays with the partners.",
                    dissent: "",
                    review_on: "2011-09-27",
                }),
            },
        ],
        actions: &[("Settle who owns the film and who may show it", "director", "2010-12-17")],
    },
    AgendaMeeting {
        body: "Board",
        planned: "2010-10-12 10:00",
        papers: "2010-11-23 12:00",
        starts: "2010-11-30 14:00",
        ends: "2010-11-30 16:00",
        signed: "2010-12-07 09:00",
        place: "Illustrative Committee Room 1, Whitechapel",
        plain: "We decide whether three more health problems are taken up next year, and prepare the first meeting of all members.",
        present: ALL,
        apologies: NOBODY,
        items: &[
            AgendaItem {
                title: "The three pathways of 2011",
                kind: ItemKind::Decision,
                presenter: "Dora Directson",
                paper: "Clinical leads have agreed for cardiovascular disease, eyes and vision, and asthma in children and young people. One year is left when they begin.",
                touches: &[],
                minutes: "Whether one year is enough was doubted by some. The promise of six pathways was made in the bid.",
                decision: Some(AgendaDecision {
                    title: "Pathways of the second year",
                    options: &[
                        "Start none and deepen the first three",
                        "Start asthma only",
                        "Start all three in early 2011",
                    ],
                    chosen: "Start all three in early 2011",
                    reason: "Six pathways were promised, leads are found, and the app for asthma has partners who pay their own part.",
                    dissent: "Bruno Boardley: three more in the last year will strain the team; asthma alone would do.",
                    review_on: "2011-09-27",
                }),
            },
            talk(
                "First annual meeting",
                "Clara Chairwell",
                "It will be held on 1 March 2011.",
                "The chair opens; each pathway has ten minutes; patients speak before lunch.",
            ),
        ],
        actions: &[("Invite all members to 1 March 2011", "director", "2011-01-14")],
    },
    AgendaMeeting {
        body: "Board",
        planned: "2011-01-18 10:00",
        papers: "2011-03-15 12:00",
        starts: "2011-03-22 14:00",
        ends: "2011-03-22 16:00",
        signed: "2011-03-29 09:00",
        place: "Illustrative Committee Room 1, Whitechapel",
        plain: "We look back at the meeting of all members and at the first year’s figures. The audit at seven hospitals shows no improvement, and we ask why.",
        present: ALL,
        apologies: NOBODY,
        items: &[
            talk(
                "What the audit of non-invasive ventilation shows",
                "Fay Facilitson",
                "48% of patients were on ventilation within three hours, and the charts show no improvement since the baseline.",
                "The board accepted the finding as it is. Knowing the times has not changed them; sites are asked what keeps them.",
            ),
            money("Spending has caught up with the plan.", "Noted."),
        ],
        actions: &[("Ask each of the seven hospitals what holds them up at night", "facilitator", "2011-05-13")],
    },
    AgendaMeeting {
        body: "Board",
        planned: "2011-04-12 10:00",
        papers: "2011-06-21 12:00",
        starts: "2011-06-28 14:00",
        ends: "2011-06-28 16:00",
        signed: "2011-07-05 09:00",
        place: "Illustrative Committee Room 1, Whitechapel",
        plain: "The cluster ends in December. We decide that everything we made gets an owner, and that outsiders look at what we did.",
        present: &["cluster-chair", "director", "board", "patient"],
        apologies: &["facilitator"],
        items: &[
            AgendaItem {
                title: "After 31 December",
                kind: ItemKind::Decision,
                presenter: "Clara Chairwell",
                paper: "Funding is found for projects, not for the organisation. Whatever has no owner on the last day is lost.",
                touches: &[LEAD],
                minutes: "The list of products, services and partnerships was gone through one by one.",
                decision: Some(AgendaDecision {
                    title: "An owner for everything",
                    options: &[
                        "Seek funding for the cluster itself",
                        "Seek an owner for each product, service and partnership",
                    ],
                    chosen: "Seek an owner for each product, service and partnership",
                    reason: "No funder takes over an organisation; several want its parts.",
                    dissent: "",
                    review_on: "2011-12-13",
                }),
            },
            AgendaItem {
                title: "An independent review",
                kind: ItemKind::Decision,
                presenter: "Dora Directson",
                paper: "The clusters were never evaluated by those who paid for them. We can at least have ourselves looked at.",
                touches: &[],
                minutes: "The review is to ask partners and staff, and to be published whatever it says.",
                decision: Some(AgendaDecision {
                    title: "Independent review",
                    options: &["Write our own report", "Commission an independent review and publish it"],
                    chosen: "Commission an independent review and publish it",
                    reason: "What we say of ourselves convinces nobody.",
                    dissent: "",
                    review_on: "2011-12-13",
                }),
            },
        ],
        actions: &[
            ("Name an owner for each thing on the list, or say that nobody wants it", "director", "2011-09-16"),
            ("Agree the questions of the review", "cluster-chair", "2011-07-08"),
        ],
    },
    AgendaMeeting {
        body: "Board",
        planned: "2011-07-11 10:00",
        papers: "2011-09-20 12:00",
        starts: "2011-09-27 14:00",
        ends: "2011-09-27 16:00",
        signed: "2011-10-04 09:00",
        place: "Illustrative Committee Room 1, Whitechapel",
        plain: "Outsiders have told us what we did well and what we did not. We write down what the next people should do otherwise.",
        present: ALL,
        apologies: NOBODY,
        items: &[AgendaItem {
            title: "Lessons of the review",
            kind: ItemKind::Decision,
            presenter: "Clara Chairwell",
            paper: "The review of success and enabling factors (Social Enterprise London, 2011) names four lessons: more time, fewer pathways (three rather than six), a neutral, energetic and clinical approach that works, and clinical expertise beside management.",
            touches: &[],
            minutes: "The board agrees with the review, and with its doubts: nobody measured consistently what would have happened anyway.",
            decision: Some(AgendaDecision {
                title: "What we tell those who come after us",
                options: &["Keep the review for ourselves", "Publish it with the board’s own answer"],
                chosen: "Publish it with the board’s own answer",
                reason: "Fewer pathways, more time, induction before the first day, and a baseline before each start: others should not have to learn it again.",
                dissent: "",
                review_on: "2011-12-13",
            }),
        }],
        actions: &[("Publish the review with the board’s answer", "director", "2011-11-18")],
    },
    AgendaMeeting {
        body: "Board",
        planned: "2011-10-18 10:00",
        papers: "2011-11-29 12:00",
        starts: "2011-12-13 14:00",
        ends: "2011-12-13 16:00",
        signed: "2011-12-20 09:00",
        place: "Illustrative Committee Room 1, Whitechapel",
        plain: "Our last meeting. We check that everything has an owner, close the books and say thank you.",
        present: ALL,
        apologies: NOBODY,
        items: &[
            talk("What still has no owner", "Dora Directson", "The list stands on the succession page.", ""),
            money("Closing the books.", ""),
        ],
        actions: &[],
    },
];

pub(super) const FORUM: AgendaMeeting = AgendaMeeting {
    body: "Partnership forum",
    planned: "2010-05-10 10:00",
    papers: "2010-06-15 12:00",
    starts: "2010-06-22 17:00",
    ends: "2010-06-22 18:00",
    signed: "2010-06-29 09:00",
    place: "By telephone",
    plain: "Everybody with a stake says what they expect of the cluster, and what they bring.",
    present: &["director", "facilitator", "facilitator-two", "patient"],
    apologies: &["board"],
    items: &[talk(
        "What each of us expects",
        "Dora Directson",
        "Partners were unsure what the cluster is for. One page says it.",
        "Practices ask for less paper; hospitals ask to see each other’s figures before anybody else does.",
    )],
    actions: &[],
};

/// The first annual meeting, on the day that is published.
pub(super) const ANNUAL: AgendaMeeting = AgendaMeeting {
    body: "Annual meeting",
    planned: "2011-01-10 10:00",
    papers: "2011-02-15 12:00",
    starts: "2011-03-01 14:00",
    ends: "2011-03-01 17:00",
    signed: "2011-03-08 09:00",
    place: "Illustrative Great Hall, Mile End",
    plain: "The first meeting of all members. We show what the first year brought, also where nothing changed, and ask what the second year should be for.",
    present: &["cluster-chair", "director", "board", "patient", "facilitator", "facilitator-two"],
    apologies: NOBODY,
    items: &[
        talk(
            "The first year",
            "Clara Chairwell",
            "Three pathways have begun: maternity, COPD and migrant health. Their figures stand in these papers.",
            "Maternity units told how daily review of cases changed practice at one of them. The audit of non-invasive ventilation shows no improvement, and was shown all the same.",
        ),
        talk(
            "What patients say",
            "Patsy Patientson",
            "Patients ask to be in the room when things are chosen, not only when they are shown.",
            "Members agreed that each pathway asks patients before it sets its measures.",
        ),
        AgendaItem {
            title: "What the second year is for",
            kind: ItemKind::Decision,
            presenter: "Dora Directson",
            paper: "Three pathways begin in 2011. Members are asked whether the first three should go on as well.",
            touches: &[],
            minutes: "Members want the first three to go on.",
            decision: Some(AgendaDecision {
                title: "The first three pathways in the second year",
                options: &["Hand them on in March 2011", "Let them go on beside the new ones"],
                chosen: "Let them go on beside the new ones",
                reason: "Twelve maternity units instead of six can take part for the same cost.",
                dissent: "",
                review_on: "2011-12-13",
            }),
        },
    ],
    actions: &[("Ask six more maternity units to join", "facilitator-two", "2011-04-29")],
};
