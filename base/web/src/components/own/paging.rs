//! One page of a long list: which part is shown, in words, and the way to the others; the machine twin of a list is always whole.

use std::ops::Range;

use crate::components::Pagination;
use maud::{Markup, Render, html};

/// Rows on one page, unless a list has a reason for another number.
pub const ROWS: usize = 50;

/// Which part of a list of `total` is shown. A page beyond the last is the last: a list may have shrunk since the link was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paging {
    page: usize,
    rows: usize,
    total: usize,
}

impl Paging {
    /// `wanted` is counted from 1, as in `?page=2`; nothing is the first page.
    pub fn of(wanted: Option<usize>, total: usize) -> Self {
        let pages = total.div_ceil(ROWS).max(1);
        Self { page: wanted.unwrap_or(1).clamp(1, pages), rows: ROWS, total }
    }

    /// The whole list as one page, for a program.
    pub fn whole(total: usize) -> Self {
        Self { page: 1, rows: total.max(1), total }
    }

    /// The places of the rows shown, counted from 0.
    pub fn range(self) -> Range<usize> {
        let start = (self.page - 1) * self.rows;
        start..self.total.min(start + self.rows)
    }

    /// The part of the list that is shown.
    pub fn part<T>(self, list: &[T]) -> &[T] {
        list.get(self.range()).unwrap_or_default()
    }

    fn pages(self) -> usize {
        self.total.div_ceil(self.rows).max(1)
    }

    /// Which page is shown, counted from 1.
    pub fn number(self) -> usize {
        self.page
    }

    /// What is shown and the links to the other pages of the list at `path`, which may ask for something already; nothing where one page
    /// holds it all.
    pub fn links(self, path: &str) -> Markup {
        let shown = self.range();
        let joint = if path.contains('?') { '&' } else { '?' };
        html! {
            @if self.pages() > 1 {
                p { (shown.start + 1) " to " (shown.end) " of " (self.total) " are shown." }
                (Pagination::numbered(self.page, self.pages(), |page| format!("{path}{joint}page={page}")).render())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_of_a_list_hold_each_row_once() {
        for total in [0, 1, 49, 50, 51, 100, 1_000, 1_001] {
            let list: Vec<usize> = (0..total).collect();
            let pages = total.div_ceil(ROWS).max(1);
            let seen: Vec<usize> =
                (1..=pages).flat_map(|page| Paging::of(Some(page), total).part(&list).to_vec()).collect();
            assert_eq!(seen, list);
            assert_eq!(Paging::whole(total).part(&list), list);
        }
    }

    #[test]
    fn a_page_that_is_not_there_is_the_nearest_that_is() {
        assert_eq!(Paging::of(Some(0), 120), Paging::of(None, 120));
        assert_eq!(Paging::of(Some(usize::MAX), 120).range(), 100..120);
        assert_eq!(Paging::of(Some(7), 0).range(), 0..0);
    }

    #[test]
    fn one_page_needs_no_links() {
        assert_eq!(Paging::of(None, 50).links("/list").into_string(), "");
        let links = Paging::of(Some(2), 120).links("/list").into_string();
        assert!(links.contains("51 to 100 of 120 are shown."), "{links}");
        assert!(links.contains("href=\"/list?page=3\""), "{links}");
        let asked = Paging::of(Some(2), 120).links("/list?year=2010").into_string();
        assert!(asked.contains("href=\"/list?year=2010&amp;page=3\""), "{asked}");
    }
}
