//! Tables: wide ones turn into a list on a phone (`responsive`) or scroll inside their own box, never the page.

use super::card::Card;
use super::content::{Attributes, Classes, Content, Element, from_content, setters};
use super::heading::{Caption, Dress, Heading, Placement, Size};
use maud::{Markup, Render, html};

/// What kind of value a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Format {
    /// Figures, to the right and with digits of one width.
    Numeric,
    /// Words in a column of figures, such as "not scored".
    String,
}

/// How cells stand in their column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Align {
    Left,
    Centre,
    Right,
}

impl Align {
    fn class(self) -> &'static str {
        match self {
            Self::Left => "nhsuk-u-text-align-left",
            Self::Centre => "nhsuk-u-text-align-centre",
            Self::Right => "nhsuk-u-text-align-right",
        }
    }
}

/// The order a column is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum Sort {
    /// Can be sorted, and is not.
    #[cfg_attr(test, serde(rename = "true"))]
    None,
    Ascending,
    Descending,
}

impl Sort {
    fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Ascending => "ascending",
            Self::Descending => "descending",
        }
    }
}

/// The head of a column.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Column {
    pub text: Content,
    pub visually_hidden_text: String,
    /// Holds for the cells of the column too.
    pub format: Option<Format>,
    /// Holds for the cells of the column too.
    pub align: Option<Align>,
    /// A share of the table, such as `one-half`.
    pub width: String,
    /// Where the server sorts: the address of the table in the other order.
    pub href: String,
    /// Given, the column can be sorted: by the server where there is a `href`, else by the design system's script.
    pub sort: Option<Sort>,
    pub sort_next: Option<Sort>,
    pub colspan: Option<u16>,
    pub rowspan: Option<u16>,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Column);
setters!(Column { set visually_hidden_text: String, set format: Option<Format>, set align: Option<Align>, set width: String, set href: String, set sort: Option<Sort>, set sort_next: Option<Sort>, set colspan: Option<u16>, set rowspan: Option<u16>, set classes: String, set attributes: Attributes });

impl Column {
    /// A column of words.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A column of figures.
    pub fn numeric(text: impl Into<Content>) -> Self {
        Self::new(text).format(Format::Numeric)
    }
}

/// One cell of the body.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Cell {
    pub text: Content,
    pub visually_hidden_text: String,
    pub format: Option<Format>,
    pub align: Option<Align>,
    pub width: String,
    pub href: String,
    /// What the script sorts by instead of the words.
    pub sort_value: String,
    pub colspan: Option<u16>,
    pub rowspan: Option<u16>,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(Cell);
setters!(Cell { set visually_hidden_text: String, set format: Option<Format>, set align: Option<Align>, set width: String, set href: String, set sort_value: String, set colspan: Option<u16>, set rowspan: Option<u16>, set classes: String, set attributes: Attributes });

impl Cell {
    /// A cell of these words.
    pub fn new(text: impl Into<Content>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A cell whose words are a link.
    pub fn link(text: impl Into<Content>, href: impl Into<String>) -> Self {
        Self::new(text).href(href)
    }

    /// A figure.
    pub fn numeric(figure: impl ToString) -> Self {
        Self::new(figure.to_string()).format(Format::Numeric)
    }
}

/// The title of a table.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct TableCaption {
    pub text: Content,
    pub id: String,
    pub visually_hidden_text: String,
    pub caption: Option<Caption>,
    pub size: Option<Size>,
    pub classes: String,
    pub attributes: Attributes,
}
from_content!(TableCaption);
setters!(TableCaption { set id: String, set visually_hidden_text: String, maybe caption: Caption, set size: Option<Size>, set classes: String });

/// The look of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "lowercase"))]
pub enum TableVariant {
    /// On a dark background.
    Reverse,
}

/// A table.
#[derive(Clone, Debug, Default)]
#[cfg_attr(test, derive(serde::Deserialize), serde(rename_all = "camelCase", default, deny_unknown_fields))]
pub struct Table {
    pub caption: TableCaption,
    pub head: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub first_cell_is_header: bool,
    /// On a phone every row becomes a list of "column: value".
    pub responsive: bool,
    /// Scrolls sideways inside its own box where it is too wide.
    pub scroll: bool,
    pub compact: bool,
    pub striped: bool,
    pub border: Option<bool>,
    pub last_row_border: Option<bool>,
    pub variant: Option<TableVariant>,
    /// Puts the table into a card.
    pub card: Option<Card>,
    pub id: String,
    pub classes: String,
    pub attributes: Attributes,
}
setters!(Table { set caption: TableCaption, list head: Column, set first_cell_is_header: bool, set responsive: bool, set scroll: bool, set compact: bool, set striped: bool, set border: Option<bool>, set last_row_border: Option<bool>, set variant: Option<TableVariant>, set card: Option<Card>, set id: String, set classes: String, set attributes: Attributes });

const CAPTION: Dress = Dress {
    class_name: "nhsuk-table__caption",
    class_prefix: "nhsuk-table__caption--",
    sizes: &[Size::S, Size::M, Size::L, Size::Xl],
    level: 1,
};

impl Table {
    /// A table with this title that turns into a list on a phone.
    pub fn new(caption: impl Into<TableCaption>) -> Self {
        Self { caption: caption.into(), responsive: true, ..Self::default() }
    }

    /// Sets the rows; each has a cell for each column.
    #[must_use]
    pub fn rows<R>(mut self, rows: impl IntoIterator<Item = R>) -> Self
    where
        R: IntoIterator,
        R::Item: Into<Cell>,
    {
        self.rows = rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect();
        self
    }

    fn is_sortable(&self) -> bool {
        self.head.iter().any(|column| column.sort.is_some())
    }

    fn is_sorted_by_server(&self) -> bool {
        self.head.iter().any(|column| column.sort.is_some() && !column.href.is_empty())
    }

    fn role(&self, role: &'static str) -> &'static str {
        if self.responsive { role } else { "" }
    }

    /// The id of the caption, which names the box a wide table scrolls in.
    fn caption_id(&self) -> String {
        match (&self.caption.text, self.scroll) {
            _ if !self.caption.id.is_empty() => self.caption.id.clone(),
            (_, true) if !self.id.is_empty() => format!("{}-caption", self.id),
            (Content::Text(text), true) if !text.is_empty() => {
                let slug: String = text.replace(' ', "-").to_lowercase().chars().take(40).collect();
                format!("table-{slug}-caption")
            }
            _ => String::new(),
        }
    }

    fn draw_caption(&self) -> Markup {
        let hidden = match self.caption.visually_hidden_text.as_str() {
            "" if self.is_sortable() || self.classes.contains("nhsuk-table--sortable") => "Column headers are sortable",
            given => given,
        };
        Heading {
            text: self.caption.text.clone(),
            id: self.caption_id(),
            visually_hidden_text: if hidden.is_empty() { String::new() } else { format!("({hidden})") },
            caption: self
                .caption
                .caption
                .clone()
                .filter(|caption| !matches!(caption.placement, Some(Placement::Before | Placement::After))),
            size: self.caption.size,
            element: "caption".to_owned(),
            classes: self.caption.classes.clone(),
            attributes: self.caption.attributes.clone(),
            ..Heading::default()
        }
        .dressed(&CAPTION)
    }

    fn draw_column(&self, column: &Column) -> Markup {
        let sort = column.sort;
        let sorted = sort.filter(|&sort| sort != Sort::None).map_or("", Sort::as_str);
        let next = if self.is_sorted_by_server() { None } else { column.sort_next };
        Element::new("th")
            .class(cell_class("nhsuk-table__header", column.format, column.align, &column.width, &column.classes))
            .attr("scope", "col")
            .optional("role", self.role("columnheader"))
            .optional("colspan", &span(column.colspan.filter(|_| !self.responsive)))
            .optional("rowspan", &span(column.rowspan))
            .flag("data-sort", sort.is_some())
            .optional("data-sort-next", next.map_or("", Sort::as_str))
            .optional("aria-sort", sorted)
            .attributes(&column.attributes)
            .wrap(linked(&column.href, value(&column.text, &column.visually_hidden_text)))
    }

    /// Written straight into the page: a table of icons has thousands of cells.
    fn draw_cell(&self, out: &mut String, cell: &Cell, column: Option<&Column>, is_header: bool) {
        let format = cell.format.or(column.and_then(|column| column.format));
        let in_figures = column.and_then(|column| column.format) == Some(Format::Numeric);
        let align = match cell.align {
            None if cell.format == Some(Format::String) && in_figures => Some(Align::Right),
            None => column.and_then(|column| column.align),
            given => given,
        };
        let (element, class, role) =
            if is_header { ("th", "nhsuk-table__header", "rowheader") } else { ("td", "nhsuk-table__cell", "cell") };
        out.push('<');
        out.push_str(element);
        match (format, align, cell.width.as_str(), cell.classes.as_str()) {
            (None, None, "", "") => {
                out.push_str(" class=\"");
                out.push_str(class);
                out.push('"');
            }
            (_, _, width, classes) => {
                attribute(out, "class", cell_class(class, format, align, width, classes).as_ref())
            }
        }
        attribute(out, "scope", if is_header { "row" } else { "" });
        attribute(out, "role", self.role(role));
        attribute(out, "colspan", &span(cell.colspan.filter(|_| !self.responsive)));
        attribute(out, "rowspan", &span(cell.rowspan));
        attribute(out, "data-sort-value", &cell.sort_value);
        cell.attributes.write_to(out);
        out.push('>');
        let is_span = self.responsive && matches!(cell.text, Content::Html(_));
        if self.responsive {
            out.push_str("<span class=\"nhsuk-table__heading\" aria-hidden=\"true\">");
            if let Some(column) = column {
                value_to(out, &column.text, &column.visually_hidden_text);
            }
            out.push_str(" </span>");
        }
        if is_span {
            out.push_str("<span>");
        }
        if cell.href.is_empty() {
            value_to(out, &cell.text, &cell.visually_hidden_text);
        } else {
            out.push_str("<a class=\"nhsuk-link\"");
            attribute(out, "href", &cell.href);
            out.push('>');
            value_to(out, &cell.text, &cell.visually_hidden_text);
            out.push_str("</a>");
        }
        if is_span {
            out.push_str("</span>");
        }
        out.push_str("</");
        out.push_str(element);
        out.push('>');
    }

    fn draw_table(&self) -> Markup {
        let reverse = self.variant == Some(TableVariant::Reverse);
        let class = Classes::new("nhsuk-table")
            .and_if(reverse, "nhsuk-table--reverse")
            .and_if(self.compact, "nhsuk-table--compact")
            .and_if(self.responsive, "nhsuk-table--responsive")
            .and_if(self.border == Some(false), "nhsuk-table--no-border")
            .and_if(
                self.border != Some(false) && self.last_row_border == Some(false),
                "nhsuk-table--no-last-row-border",
            )
            .and_if(self.is_sortable(), "nhsuk-table--sortable")
            .and_if(self.striped, "nhsuk-table--striped")
            .and(&self.classes);
        let by_script = class.as_ref().contains("nhsuk-table--sortable") && !self.is_sorted_by_server();
        Element::new("table")
            .class(class)
            .optional("id", &self.id)
            .optional("data-module", if by_script { "nhsuk-table" } else { "" })
            .optional("role", self.role("table"))
            .attributes(&self.attributes)
            .wrap(html! {
                (self.draw_caption())
                @if !self.head.is_empty() {
                    (Element::new("thead").class("nhsuk-table__head").optional("role", self.role("rowgroup")).wrap(
                        Element::new("tr").class("nhsuk-table__row").optional("role", self.role("row")).wrap(html! {
                            @for column in &self.head { (self.draw_column(column)) }
                        })
                    ))
                }
                tbody class="nhsuk-table__body" {
                    (Rows(self))
                }
            })
    }
}

/// The rows of a table.
struct Rows<'a>(&'a Table);

impl Render for Rows<'_> {
    fn render_to(&self, out: &mut String) {
        let table = self.0;
        for row in &table.rows {
            out.push_str("<tr class=\"nhsuk-table__row\"");
            attribute(out, "role", table.role("row"));
            out.push('>');
            for (index, cell) in row.iter().enumerate() {
                let is_header = index == 0 && table.first_cell_is_header;
                table.draw_cell(out, cell, table.head.get(index), is_header);
            }
            out.push_str("</tr>");
        }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        let mut table = self.draw_table();
        if self.scroll {
            table = Element::new("div")
                .class(
                    Classes::new("nhsuk-scroll")
                        .and_if(self.variant == Some(TableVariant::Reverse), "nhsuk-scroll--reverse"),
                )
                .attr("data-module", "nhsuk-scroll")
                .wrap(
                    Element::new("div")
                        .class("nhsuk-scroll__content")
                        .attr("role", "region")
                        .optional("aria-labelledby", &self.caption_id())
                        .wrap(table),
                );
        }
        match &self.card {
            Some(card) => card.clone().description(table).render(),
            None => table,
        }
    }
}

fn value(text: &Content, visually_hidden_text: &str) -> Markup {
    let mut out = String::new();
    value_to(&mut out, text, visually_hidden_text);
    maud::PreEscaped(out)
}

fn value_to(out: &mut String, text: &Content, visually_hidden_text: &str) {
    text.render_to(out);
    if !visually_hidden_text.is_empty() {
        out.push_str("<span class=\"nhsuk-u-visually-hidden\">");
        if !text.is_empty() {
            out.push(' ');
        }
        visually_hidden_text.render_to(out);
        out.push_str("</span>");
    }
}

/// The attribute, unless its value is empty.
fn attribute(out: &mut String, name: &str, value: &str) {
    if !value.is_empty() {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        value.render_to(out);
        out.push('"');
    }
}

fn linked(href: &str, inner: Markup) -> Markup {
    html! { @if href.is_empty() { (inner) } @else { a class="nhsuk-link" href=(href) { (inner) } } }
}

fn span(cells: Option<u16>) -> String {
    cells.map(|cells| cells.to_string()).unwrap_or_default()
}

fn cell_class(base: &str, format: Option<Format>, align: Option<Align>, width: &str, classes: &str) -> Classes {
    let width = if width.is_empty() { String::new() } else { format!("nhsuk-u-width-{width}") };
    let align = align.filter(|_| !classes.contains("nhsuk-u-text-align-"));
    Classes::new(base)
        .and_if(format == Some(Format::Numeric), &format!("{base}--numeric"))
        .and(align.map_or("", Align::class))
        .and(&width)
        .and(classes)
}
