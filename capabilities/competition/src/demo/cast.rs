//! The people of the demonstration: plainly made up, one at least of each role; no real person stands here.

use hiec_kernel::Role;

/// Where a member of the cast holds the role.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Seat {
    Installation,
    Programme,
    Call,
    /// The region with this code.
    Region(&'static str),
    /// The organisation with this slug; bids and partners get their roles when they act.
    Organisation,
}

/// One made-up person.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    /// What `look-as` takes and the address starts with.
    pub slug: &'static str,
    pub name: &'static str,
    pub role: Role,
    pub seat: Seat,
    /// Who they are, in a line of the list.
    pub part: &'static str,
    /// Where they work, by name of an organisation in the register.
    pub employer: Option<&'static str>,
}

pub fn email(slug: &str) -> String {
    format!("{slug}@demo.example")
}

const fn member(slug: &'static str, name: &'static str, role: Role, seat: Seat, part: &'static str) -> Member {
    Member { slug, name, role, seat, part, employer: None }
}

const fn of(member: Member, employer: &'static str) -> Member {
    Member { employer: Some(employer), ..member }
}

use Role::{
    Administrator, Assessor, Auditor, BidEditor, BidLead, BidReader, PanelChair, PanelMember, PartnerSignatory,
    ProgrammeOfficer, RegionOfficer, SteeringMember,
};
use Seat::{Call, Installation, Organisation, Programme, Region};

/// Everybody, in the order of the list.
pub const CAST: &[Member] = &[
    member("office", "Olive Office", ProgrammeOfficer, Programme, "Programme office, first officer"),
    member("office-two", "Otto Officetwo", ProgrammeOfficer, Programme, "Programme office, second officer"),
    of(
        member("lead", "Lena Leadwell", BidLead, Organisation, "Leads the north east London bid"),
        "Queen Mary University of London",
    ),
    of(
        member("editor", "Edwin Editson", BidEditor, Organisation, "Writes for the north east London bid"),
        "Queen Mary University of London",
    ),
    of(
        member("reader", "Rania Readman", BidReader, Organisation, "Reads the north east London bid as it is written"),
        "Queen Mary University of London",
    ),
    of(
        member("partner", "Petra Partnerly", PartnerSignatory, Organisation, "Signs for a partner"),
        "Illustrative Acute Hospitals NHS Trust (London)",
    ),
    member("region-lon", "Rita Regionley", RegionOfficer, Region("LON"), "Region: NHS London"),
    member("region-em", "Ralph Eastmid", RegionOfficer, Region("EM"), "Region: NHS East Midlands"),
    member("region-eoe", "Rhona Eastern", RegionOfficer, Region("EoE"), "Region: NHS East of England"),
    member("region-ne", "Rory Northeast", RegionOfficer, Region("NE"), "Region: NHS North East"),
    member("region-nw", "Ruth Northwest", RegionOfficer, Region("NW"), "Region: NHS North West"),
    member("region-sc", "Rex Southcen", RegionOfficer, Region("SC"), "Region: NHS South Central"),
    member("region-sec", "Roma Southeast", RegionOfficer, Region("SEC"), "Region: NHS South East Coast"),
    member("region-sw", "Rufus Southwest", RegionOfficer, Region("SW"), "Region: NHS South West"),
    member("region-wm", "Rosa Westmid", RegionOfficer, Region("WM"), "Region: NHS West Midlands"),
    member("region-yh", "Roy Yorkhumber", RegionOfficer, Region("YH"), "Region: NHS Yorkshire and the Humber"),
    member("steering", "Stella Steerwell", SteeringMember, Call, "Steering group"),
    member("steering-two", "Sid Steerable", SteeringMember, Call, "Steering group"),
    member("steering-three", "Sunil Steerington", SteeringMember, Call, "Steering group"),
    member("assessor", "Ada Assessmore", Assessor, Call, "Assessor: education"),
    member("assessor-2", "Abel Assessley", Assessor, Call, "Assessor: innovation"),
    member("assessor-3", "Anya Assesswell", Assessor, Call, "Assessor: governance"),
    member("assessor-4", "Arlo Assessford", Assessor, Call, "Assessor: clinical"),
    member("assessor-5", "Avis Assessby", Assessor, Call, "Assessor: education"),
    member("assessor-6", "Amir Assesston", Assessor, Call, "Assessor: innovation"),
    member("assessor-7", "Agnes Assessham", Assessor, Call, "Assessor: governance"),
    member("assessor-8", "Aidan Assessgate", Assessor, Call, "Assessor: clinical"),
    member("assessor-9", "Alma Assessbury", Assessor, Call, "Assessor: education"),
    member("assessor-10", "Axel Assessmoor", Assessor, Call, "Assessor: innovation"),
    member("assessor-11", "Asha Assesswick", Assessor, Call, "Assessor: governance"),
    member("assessor-12", "Alfie Assessdale", Assessor, Call, "Assessor: clinical"),
    member("assessor-13", "April Assesslow", Assessor, Call, "Assessor: education"),
    member("assessor-14", "Abdul Assessfield", Assessor, Call, "Assessor: innovation"),
    member("chair", "Carol Chairworth", PanelChair, Call, "Award panel, independent chair"),
    member("panel", "Pia Panelby", PanelMember, Call, "Award panel, deputy chair"),
    member("panel-2", "Pablo Panelton", PanelMember, Call, "Award panel, education"),
    member("panel-3", "Pearl Panelford", PanelMember, Call, "Award panel, innovation"),
    member("panel-4", "Piers Panelham", PanelMember, Call, "Award panel, department"),
    member("panel-5", "Poppy Panelwick", PanelMember, Call, "Award panel, department"),
    member("panel-6", "Percy Panellow", PanelMember, Call, "Award panel, education"),
    member("auditor", "Audrey Auditmore", Auditor, Programme, "Auditor"),
    member("admin", "Adam Adminson", Administrator, Installation, "Administrator of the installation"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_role_has_somebody_and_slugs_are_unique() {
        let slugs: BTreeSet<_> = CAST.iter().map(|member| member.slug).collect();
        assert_eq!(slugs.len(), CAST.len());
        // Clusters bring their own people.
        for role in Role::ALL.iter().filter(|role| !role.is_cluster() && !role.is_education()) {
            assert!(CAST.iter().any(|member| member.role == *role), "{role:?}");
        }
    }
}
