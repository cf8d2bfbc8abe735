//! Words and attributes that components take: text is always escaped, and only markup made by maud passes as HTML.

use maud::{Escaper, Markup, Render};
use std::fmt::Write as _;

/// What stands inside a component: plain text (escaped) or markup made elsewhere.
///
/// The NHS documentation has two options, `text` and `html`; here they are one field of this type, named `text`.
#[derive(Clone, Debug)]
pub enum Content {
    /// Plain words; `<` and `&` come out as written.
    Text(String),
    /// Markup that maud made, put in as it is.
    Html(Markup),
}

impl Content {
    /// Whether nothing would show.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Html(markup) => markup.0.is_empty(),
        }
    }

    /// This content, or `other` where this one is empty.
    pub(super) fn or<'a>(&'a self, other: &'a Content) -> &'a Content {
        if self.is_empty() { other } else { self }
    }
}

impl Default for Content {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Render for Content {
    fn render_to(&self, buffer: &mut String) {
        match self {
            Self::Text(text) => text.render_to(buffer),
            Self::Html(markup) => buffer.push_str(&markup.0),
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Markup> for Content {
    fn from(markup: Markup) -> Self {
        Self::Html(markup)
    }
}

/// Something that may be absent, so that `.hint("Words")` and `.error_message(form.error("name"))` both read well.
/// Empty words are absent too: a field must not look mistaken because of an error message that says nothing.
pub trait Maybe<T> {
    /// The value as an option.
    fn maybe(self) -> Option<T>;
}

impl<T, U: Into<T>> Maybe<T> for Option<U> {
    fn maybe(self) -> Option<T> {
        self.map(Into::into)
    }
}

impl<T: From<Content>> Maybe<T> for &str {
    fn maybe(self) -> Option<T> {
        Content::from(self).maybe()
    }
}

impl<T: From<Content>> Maybe<T> for String {
    fn maybe(self) -> Option<T> {
        Content::from(self).maybe()
    }
}

impl<T: From<Content>> Maybe<T> for Markup {
    fn maybe(self) -> Option<T> {
        Content::from(self).maybe()
    }
}

impl<T: From<Content>> Maybe<T> for Content {
    fn maybe(self) -> Option<T> {
        (!self.is_empty()).then(|| self.into())
    }
}

/// More attributes on an element. Names come from code, values are escaped.
#[derive(Clone, Debug, Default)]
pub struct Attributes(Vec<(&'static str, Option<String>)>);

impl Attributes {
    /// Each with a space before it.
    pub(super) fn write_to(&self, out: &mut String) {
        for (name, value) in &self.0 {
            out.push(' ');
            out.push_str(name);
            if let Some(value) = value {
                out.push_str("=\"");
                value.as_str().render_to(out);
                out.push('"');
            }
        }
    }

    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `name="value"`.
    #[must_use]
    pub fn set(mut self, name: &'static str, value: impl ToString) -> Self {
        self.0.push((name, Some(value.to_string())));
        self
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// These attributes followed by others.
    #[must_use]
    pub fn join(mut self, others: &Self) -> Self {
        self.0.extend(others.0.iter().cloned());
        self
    }

    /// Adds `name` alone, when `on`.
    #[must_use]
    pub fn flag(mut self, name: &'static str, on: bool) -> Self {
        if on {
            self.0.push((name, None));
        }
        self
    }
}

/// An element whose attributes are known only when it is drawn; maud's own syntax covers all the others.
pub(super) struct Element {
    name: String,
    tag: String,
}

impl Element {
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let tag = format!("<{name}");
        Self { name, tag }
    }

    pub fn attr(mut self, name: &str, value: &str) -> Self {
        self.tag.push(' ');
        self.tag.push_str(name);
        self.tag.push_str("=\"");
        // Writing to a String cannot fail.
        let _ = Escaper::new(&mut self.tag).write_str(value);
        self.tag.push('"');
        self
    }

    /// The attribute, unless its value is empty.
    pub fn optional(self, name: &str, value: &str) -> Self {
        if value.is_empty() { self } else { self.attr(name, value) }
    }

    pub fn flag(mut self, name: &str, on: bool) -> Self {
        if on {
            self.tag.push(' ');
            self.tag.push_str(name);
        }
        self
    }

    pub fn class(self, class: impl AsRef<str>) -> Self {
        self.optional("class", class.as_ref())
    }

    pub fn attributes(mut self, attributes: &Attributes) -> Self {
        for (name, value) in &attributes.0 {
            self = match value {
                Some(value) => self.attr(name, value),
                None => self.flag(name, true),
            };
        }
        self
    }

    pub fn wrap(self, content: impl Render) -> Markup {
        let Self { name, mut tag } = self;
        tag.push('>');
        content.render_to(&mut tag);
        tag.push_str("</");
        tag.push_str(&name);
        tag.push('>');
        maud::PreEscaped(tag)
    }

    /// For elements that have no content, such as `input`.
    pub fn void(mut self) -> Markup {
        self.tag.push('>');
        maud::PreEscaped(self.tag)
    }
}

/// Class names, joined by spaces, in the order in which the design system writes them.
#[derive(Clone, Debug)]
pub(super) struct Classes(String);

impl Classes {
    pub fn new(first: &str) -> Self {
        Self(first.to_owned())
    }

    pub fn and(mut self, class: &str) -> Self {
        if !class.is_empty() {
            if !self.0.is_empty() {
                self.0.push(' ');
            }
            self.0.push_str(class);
        }
        self
    }

    pub fn and_if(self, on: bool, class: &str) -> Self {
        if on { self.and(class) } else { self }
    }
}

impl AsRef<str> for Classes {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Methods that set one option each and return the component, so that calls chain.
macro_rules! setters {
    ($owner:ident { $($kind:ident $name:ident: $ty:ty),* $(,)? }) => {
        impl $owner {
            $(setters!(@$kind $name: $ty);)*
        }
    };
    (@set $name:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($name), "`.")]
        #[must_use]
        pub fn $name(mut self, $name: impl Into<$ty>) -> Self {
            self.$name = $name.into();
            self
        }
    };
    (@maybe $name:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($name), "`, or leaves it out where given nothing.")]
        #[must_use]
        pub fn $name(mut self, $name: impl $crate::components::content::Maybe<$ty>) -> Self {
            self.$name = $name.maybe();
            self
        }
    };
    (@list $name:ident: $ty:ty) => {
        #[doc = concat!("Sets `", stringify!($name), "`.")]
        #[must_use]
        pub fn $name(mut self, $name: impl IntoIterator<Item = impl Into<$ty>>) -> Self {
            self.$name = $name.into_iter().map(Into::into).collect();
            self
        }
    };
}
pub(super) use setters;

/// Lets plain words or markup stand where the component is wanted: `Label::from("Name")`.
macro_rules! from_content {
    ($($owner:ident),*) => {$(
        impl From<$crate::components::content::Content> for $owner {
            fn from(text: $crate::components::content::Content) -> Self {
                Self { text, ..Self::default() }
            }
        }
        impl From<&str> for $owner {
            fn from(text: &str) -> Self {
                $crate::components::content::Content::from(text).into()
            }
        }
        impl From<String> for $owner {
            fn from(text: String) -> Self {
                $crate::components::content::Content::from(text).into()
            }
        }
        impl From<maud::Markup> for $owner {
            fn from(text: maud::Markup) -> Self {
                $crate::components::content::Content::from(text).into()
            }
        }
        impl $crate::components::content::Maybe<$owner> for $owner {
            fn maybe(self) -> Option<$owner> {
                Some(self)
            }
        }
    )*};
}
pub(super) use from_content;

#[cfg(test)]
mod tests {
    use super::*;
    use maud::html;

    #[test]
    fn text_is_escaped_and_markup_is_not() {
        let text = Content::from("<b>&\"");
        assert_eq!(text.render().0, "&lt;b&gt;&amp;&quot;");
        assert_eq!(Content::from(html! { b { "x" } }).render().0, "<b>x</b>");
    }

    #[test]
    fn attribute_values_cannot_leave_their_quotes() {
        let element = Element::new("a").attr("title", "\"><script>").wrap("x");
        assert_eq!(element.0, "<a title=\"&quot;&gt;&lt;script&gt;\">x</a>");
    }
}
