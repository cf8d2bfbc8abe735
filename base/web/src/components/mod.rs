//! The NHS design system as typed functions, and the few components of our own; nothing here knows a capability or reads a request.
//!
//! Names and options are those of the [documentation](https://service-manual.nhs.uk/design-system), in snake case. Where it
//! has `text` and `html`, here is one field `text` of type [`Content`]. Each component is held to the package's
//! `fixtures.json` (see `fixtures.rs`). How to use them: `README.md` beside this file.

mod button;
mod callouts;
mod card;
mod character_count;
mod checkboxes;
pub mod content;
mod error_summary;
mod field;
mod fieldset;
mod footer;
mod gallery;
mod header;
mod heading;
mod icon;
mod input;
mod label;
mod links;
mod lists;
pub mod own;
mod radios;
mod select;
mod special_inputs;
mod summary_list;
mod table;
mod tag;
mod textarea;

#[cfg(test)]
mod fixtures;

pub use button::{Button, ButtonIcon, ButtonVariant, IconPlacement};
pub use callouts::{
    BannerVariant, Details, DoDontList, InsetText, NotificationBanner, Panel, PanelVariant, Summary, WarningCallout,
};
pub use card::{Action, Card, CardDescription, CardImage, CardVariant};
pub use character_count::CharacterCount;
pub use checkboxes::{Behaviour, CheckboxItem, Checkboxes};
pub use content::{Attributes, Content, Maybe};
pub use error_summary::{Description, ErrorItem, ErrorSummary};
pub use field::{ErrorMessage, FormGroup, Hint};
pub use fieldset::{Fieldset, Legend};
pub use footer::{Footer, FooterItem, FooterMeta, FooterNavigation};
pub use gallery::gallery;
pub use header::{
    Account, AccountItem, Header, HeaderColour, Logo, Navigation, NavigationItem, Organisation, Search, Service,
};
pub use heading::{Caption, Heading, Placement, Size};
pub use icon::Icon;
pub use input::{Affix, Input, InputWrapper};
pub use label::Label;
pub use links::{ActionLink, BackLink, Breadcrumb, BreadcrumbItem, LinkVariant, SkipLink};
pub use lists::{
    ContentsItem, ContentsList, Image, ImageCaption, Pagination, PaginationItem, PaginationLink, TabItem, TabPanel,
    Tabs, TaskItem, TaskList, TaskStatus,
};
pub use radios::{RadioItem, Radios};
pub use select::{Select, SelectItem};
pub use special_inputs::{DateInput, DatePart, DateValues, FileUpload, InnerButton, PasswordInput, SearchInput};
pub use summary_list::{SummaryList, SummaryRow, SummaryText};
pub use table::{Align, Cell, Column, Format, Sort, Table, TableCaption, TableVariant};
pub use tag::{Tag, TagColour};
pub use textarea::Textarea;
