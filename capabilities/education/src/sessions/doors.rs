//! The doors to a cluster's courses, sessions and learning tools: whoever comes through is authorised for the whole, a course or a session.

use hiec_access::policy::Target;
use hiec_contracts::ClusterSeen;
use hiec_kernel::{Problem, Scope};
use hiec_web::{Loading, Resource};
use uuid::Uuid;

use super::store::{self, Course, Part, Session};
use crate::access;
use crate::ground;

/// `/clusters/{cluster}/education/courses`
#[derive(Clone, Debug)]
pub(crate) struct Courses {
    pub cluster: ClusterSeen,
}

impl Courses {
    pub fn path(&self) -> String {
        format!("{}/education/courses", self.cluster.path())
    }
}

impl Resource for Courses {
    const KIND: &'static str = "course";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let Some(cluster) = ground::cluster_of(loading).await? else {
            return Ok(None);
        };
        let target = access::whole(loading, &cluster, "course").await?;
        Ok(Some((Self { cluster }, target)))
    }
}

/// `…/education/courses/{course}…` with its parts in their order.
#[derive(Clone, Debug)]
pub(crate) struct CourseHere {
    pub cluster: ClusterSeen,
    pub course: Course,
    pub parts: Vec<Part>,
}

impl CourseHere {
    pub fn path(&self) -> String {
        self.course.path(&self.cluster)
    }
}

impl Resource for CourseHere {
    const KIND: &'static str = "course";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(key)) = (ground::cluster_of(loading).await?, loading.text("course")) else {
            return Ok(None);
        };
        let courses = store::courses(&loading.database, cluster.id).await?;
        let Some(course) = courses.into_iter().find(|course| course.key == key) else {
            return Ok(None);
        };
        let parts = store::parts(&loading.database, cluster.id).await?;
        let parts = parts.into_iter().filter(|part| part.course == course.id).collect();
        let target = Target { id: course.id, ..access::whole(loading, &cluster, "course").await? };
        Ok(Some((Self { cluster, course, parts }, target)))
    }
}

/// `…/education/sessions/{session}…`
#[derive(Clone, Debug)]
pub(crate) struct SessionHere {
    pub cluster: ClusterSeen,
    pub course: Course,
    pub part: Part,
    pub session: Session,
}

impl SessionHere {
    pub fn path(&self) -> String {
        self.session.path(&self.cluster)
    }
}

impl Resource for SessionHere {
    const KIND: &'static str = "teaching";

    async fn load(loading: &Loading<'_>) -> Result<Option<(Self, Target)>, Problem> {
        let (Some(cluster), Some(id)) = (ground::cluster_of(loading).await?, loading.id("session")) else {
            return Ok(None);
        };
        let Some(session) = store::session(&loading.database, id).await? else {
            return Ok(None);
        };
        let parts = store::parts(&loading.database, cluster.id).await?;
        let Some(part) = parts.into_iter().find(|part| part.id == session.part) else {
            return Ok(None);
        };
        let courses = store::courses(&loading.database, cluster.id).await?;
        let Some(course) = courses.into_iter().find(|course| course.id == part.course) else {
            return Ok(None);
        };
        let target = Target { id: session.id, ..access::whole(loading, &cluster, "teaching").await? };
        Ok(Some((Self { cluster, course, part, session }, target)))
    }
}

/// Typical targets for the permission table.
pub(crate) fn samples() -> Vec<Target> {
    let id = Uuid::nil();
    let scopes = [Scope::Cluster(id), Scope::Region(id), Scope::Programme(id), Scope::Organisation(id)];
    let of_cluster = |kind: &'static str| Target::new(kind, id).scopes(scopes).within(id);
    vec![
        of_cluster("course"),
        of_cluster("teaching"),
        of_cluster("learning_tool"),
        Target::new("lti", id),
        Target::new("xapi", id),
    ]
}
