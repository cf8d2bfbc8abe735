//! Identity: every id is its own type around a UUIDv7, so that a bid's id can never stand where a call's is meant.

/// Declares an id type: `id!(BidId, "a bid")`.
#[macro_export]
macro_rules! id {
    ($name:ident, $what:literal) => {
        #[doc = concat!("The id of ", $what, ": a UUIDv7, made by the unit that first stores it.")]
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, ::serde::Serialize, ::serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub ::uuid::Uuid);

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = ::uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                ::uuid::Uuid::parse_str(text).map(Self)
            }
        }

        impl From<::uuid::Uuid> for $name {
            fn from(id: ::uuid::Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for ::uuid::Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

id!(PersonId, "a person");
id!(OrganisationId, "an organisation");
id!(RegionId, "a region: the body that commissions education there");
id!(ProgrammeId, "a programme");
id!(CallId, "a call");
id!(BidId, "a bid, which is also its forming partnership");
id!(ClusterId, "a cluster");
