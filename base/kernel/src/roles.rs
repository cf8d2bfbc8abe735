//! Roles: what a person is in a programme, a call, a region, a bid or an organisation; what a role may do is the policies' matter, never decided here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What somebody is, within a [`Scope`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the installation: people, policies, settings. Sees no bid for it.
    Administrator,
    /// The funder's programme office.
    ProgrammeOfficer,
    /// The steering group that shortlists and ranks.
    SteeringMember,
    /// A regional commissioner of education.
    RegionOfficer,
    /// Leads a forming partnership and its bid.
    BidLead,
    /// Writes parts of a bid.
    BidEditor,
    /// Reads a bid while it is written, and comments.
    BidReader,
    /// Signs for a partner organisation.
    PartnerSignatory,
    Assessor,
    PanelMember,
    PanelChair,
    /// Reads everything about a call, changes nothing.
    Auditor,
    /// Chairs a cluster and signs its returns.
    ClusterChair,
    /// The managing director: runs a cluster from day to day.
    ClusterDirector,
    /// A clinician seconded to a cluster: looks after pathways, projects and measures.
    Facilitator,
    /// Sits on a cluster's board.
    BoardMember,
    /// A patient or carer in a cluster's governance: reads plain papers, and is answered.
    PatientMember,
    /// Answers for a partner site: enters its figures, says what peers see, adopts innovations.
    SiteLead,
    /// Plans a cluster's education: programmes, placement rounds, sessions. Commissions and assures nothing.
    EducationLead,
    /// Answers for a host of trainees: its posts, its appetite, its self-assessment and claims.
    HostEducator,
    /// Supervises trainees at a host and assesses their skills.
    Supervisor,
    /// Learns in a cluster's programmes: sees and ranks for themselves alone.
    Trainee,
    /// Speaks for the body that owns a curriculum: a college or a university.
    CurriculumOwner,
    /// Assures education for a regulator: reads, changes nothing.
    Regulator,
}

impl Role {
    pub const ALL: &'static [Self] = &[
        Self::Administrator,
        Self::ProgrammeOfficer,
        Self::SteeringMember,
        Self::RegionOfficer,
        Self::BidLead,
        Self::BidEditor,
        Self::BidReader,
        Self::PartnerSignatory,
        Self::Assessor,
        Self::PanelMember,
        Self::PanelChair,
        Self::Auditor,
        Self::ClusterChair,
        Self::ClusterDirector,
        Self::Facilitator,
        Self::BoardMember,
        Self::PatientMember,
        Self::SiteLead,
        Self::EducationLead,
        Self::HostEducator,
        Self::Supervisor,
        Self::Trainee,
        Self::CurriculumOwner,
        Self::Regulator,
    ];

    /// The stored spelling, also the entity's name in the policies.
    pub fn key(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::ProgrammeOfficer => "programme_officer",
            Self::SteeringMember => "steering_member",
            Self::RegionOfficer => "region_officer",
            Self::BidLead => "bid_lead",
            Self::BidEditor => "bid_editor",
            Self::BidReader => "bid_reader",
            Self::PartnerSignatory => "partner_signatory",
            Self::Assessor => "assessor",
            Self::PanelMember => "panel_member",
            Self::PanelChair => "panel_chair",
            Self::Auditor => "auditor",
            Self::ClusterChair => "cluster_chair",
            Self::ClusterDirector => "cluster_director",
            Self::Facilitator => "facilitator",
            Self::BoardMember => "board_member",
            Self::PatientMember => "patient_member",
            Self::SiteLead => "site_lead",
            Self::EducationLead => "education_lead",
            Self::HostEducator => "host_educator",
            Self::Supervisor => "supervisor",
            Self::Trainee => "trainee",
            Self::CurriculumOwner => "curriculum_owner",
            Self::Regulator => "regulator",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::ProgrammeOfficer => "Programme office",
            Self::SteeringMember => "Steering group member",
            Self::RegionOfficer => "Region",
            Self::BidLead => "Bid lead",
            Self::BidEditor => "Bid editor",
            Self::BidReader => "Bid reader",
            Self::PartnerSignatory => "Partner signatory",
            Self::Assessor => "Assessor",
            Self::PanelMember => "Panel member",
            Self::PanelChair => "Panel chair",
            Self::Auditor => "Auditor",
            Self::ClusterChair => "Cluster chair",
            Self::ClusterDirector => "Managing director",
            Self::Facilitator => "Facilitator",
            Self::BoardMember => "Board member",
            Self::PatientMember => "Patient member",
            Self::SiteLead => "Site lead",
            Self::EducationLead => "Education lead",
            Self::HostEducator => "Host's educator",
            Self::Supervisor => "Supervisor",
            Self::Trainee => "Trainee",
            Self::CurriculumOwner => "Curriculum owner",
            Self::Regulator => "Regulator",
        }
    }

    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.key() == key)
    }

    /// Whether the role acts for a commissioner of education.
    pub fn is_commissioner(self) -> bool {
        matches!(self, Self::RegionOfficer)
    }

    /// Whether the role assures education from outside: it reads and changes nothing.
    pub fn is_assurer(self) -> bool {
        matches!(self, Self::Regulator)
    }

    /// What somebody in this role does, in a line, for whoever gives it.
    pub fn about(self) -> &'static str {
        match self {
            Self::Administrator => "Runs the installation: people, roles, organisations. Sees no bid for it",
            Self::ProgrammeOfficer => "Designs calls, runs the round, awards and announces",
            Self::SteeringMember => "Judges questionnaires, shortlists and ranks",
            Self::RegionOfficer => "Commissions education in a region; confirms or challenges",
            Self::BidLead => "Leads a partnership and answers for its bid",
            Self::BidEditor => "Writes sections of a bid",
            Self::BidReader => "Reads a bid while it is written, and comments",
            Self::PartnerSignatory => "Signs for a partner organisation",
            Self::Assessor => "Reviews the bids assigned to them",
            Self::PanelMember => "Decides on awards with the panel",
            Self::PanelChair => "Chairs the award panel",
            Self::Auditor => "Reads everything about a call, changes nothing",
            Self::ClusterChair => "Chairs a cluster and signs its returns",
            Self::ClusterDirector => "Runs a cluster: partners, projects, money, returns",
            Self::Facilitator => "Looks after pathways, projects and measures of a cluster",
            Self::BoardMember => "Sits on a cluster's board",
            Self::PatientMember => "Speaks for patients and carers in a cluster's governance",
            Self::SiteLead => "Enters a site's figures and says what its peers see",
            Self::EducationLead => "Plans programmes, placements and sessions of a cluster",
            Self::HostEducator => "Answers for a host of trainees: posts, appetite, quality, claims",
            Self::Supervisor => "Supervises trainees at a host and assesses their skills",
            Self::Trainee => "Learns in a cluster's programmes",
            Self::CurriculumOwner => "Speaks for the college or university that owns a curriculum",
            Self::Regulator => "Assures education: reads, changes nothing",
        }
    }

    /// The kinds of [`Scope`] it can be held in by appointment, the usual one first; none where it comes with an act of the
    /// person's own: assessors give their undertaking, signatories accept for a partner.
    pub fn appointed_in(self) -> &'static [&'static str] {
        match self {
            Self::Administrator => &["installation"],
            Self::ProgrammeOfficer => &["programme", "installation"],
            Self::SteeringMember | Self::PanelMember | Self::PanelChair => &["call"],
            Self::RegionOfficer => &["region"],
            Self::BidLead | Self::BidEditor | Self::BidReader => &["bid"],
            Self::PartnerSignatory | Self::Assessor => &[],
            Self::Auditor => &["call", "programme", "installation"],
            Self::ClusterChair
            | Self::ClusterDirector
            | Self::Facilitator
            | Self::BoardMember
            | Self::PatientMember
            | Self::EducationLead
            | Self::Trainee => &["cluster"],
            Self::SiteLead | Self::HostEducator | Self::Supervisor | Self::CurriculumOwner => &["organisation"],
            Self::Regulator => &["region", "installation"],
        }
    }

    /// Whether a programme office appoints it in its own rounds. Officers themselves are appointed by administrators only:
    /// what takes two officers must not be had by one who makes the second.
    pub fn is_office_appointment(self) -> bool {
        matches!(self, Self::SteeringMember | Self::PanelMember | Self::PanelChair | Self::Auditor)
    }

    /// Whether the role has a part in running or judging a round: whoever has it there bids for nothing there.
    pub fn is_judge(self) -> bool {
        matches!(
            self,
            Self::ProgrammeOfficer
                | Self::SteeringMember
                | Self::Assessor
                | Self::PanelMember
                | Self::PanelChair
                | Self::Auditor
        )
    }

    /// Whether the role acts for a provider: a bidding partnership, a cluster or one of its sites.
    pub fn is_provider(self) -> bool {
        self.is_bidder() || self.is_cluster()
    }

    /// Whether the role acts for a cluster or one of its sites.
    pub fn is_cluster(self) -> bool {
        matches!(
            self,
            Self::ClusterChair
                | Self::ClusterDirector
                | Self::Facilitator
                | Self::BoardMember
                | Self::PatientMember
                | Self::SiteLead
                | Self::EducationLead
                | Self::HostEducator
                | Self::Supervisor
        )
    }

    /// Whether the role has its part in education alone: planning it, hosting, learning, owning curricula, assuring.
    pub fn is_education(self) -> bool {
        matches!(
            self,
            Self::EducationLead
                | Self::HostEducator
                | Self::Supervisor
                | Self::Trainee
                | Self::CurriculumOwner
                | Self::Regulator
        )
    }

    /// Whether the role acts for a bidding partnership.
    pub fn is_bidder(self) -> bool {
        matches!(self, Self::BidLead | Self::BidEditor | Self::BidReader | Self::PartnerSignatory)
    }
}

/// Where a role holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum Scope {
    Installation,
    Programme(Uuid),
    Call(Uuid),
    Region(Uuid),
    Bid(Uuid),
    Cluster(Uuid),
    Organisation(Uuid),
}

impl Scope {
    pub fn kind(self) -> &'static str {
        match self {
            Self::Installation => "installation",
            Self::Programme(_) => "programme",
            Self::Call(_) => "call",
            Self::Region(_) => "region",
            Self::Bid(_) => "bid",
            Self::Cluster(_) => "cluster",
            Self::Organisation(_) => "organisation",
        }
    }

    /// The id within the kind; the nil id for the installation.
    pub fn id(self) -> Uuid {
        match self {
            Self::Installation => Uuid::nil(),
            Self::Programme(id)
            | Self::Call(id)
            | Self::Region(id)
            | Self::Bid(id)
            | Self::Cluster(id)
            | Self::Organisation(id) => id,
        }
    }

    /// The scope of a kind with an id; nothing when there is no such kind. An installation has no id.
    pub fn from_parts(kind: &str, id: Uuid) -> Option<Self> {
        Some(match kind {
            "installation" => Self::Installation,
            "programme" => Self::Programme(id),
            "call" => Self::Call(id),
            "region" => Self::Region(id),
            "bid" => Self::Bid(id),
            "cluster" => Self::Cluster(id),
            "organisation" => Self::Organisation(id),
            _ => return None,
        })
    }
}

/// One role held in one scope.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    pub scope: Scope,
}
