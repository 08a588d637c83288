//! Writes EC2's XML: lists are of `<item>`s, what is empty is an empty element.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::error::escaped;

/// An answer being written.
pub(super) struct Xml(String);

impl Xml {
    pub(super) fn response(action: &str, request_id: &str) -> Self {
        Self(format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <{action}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
             <requestId>{request_id}</requestId>"
        ))
    }

    pub(super) fn end(mut self, action: &str) -> String {
        self.0 += &format!("</{action}Response>\n");
        self.0
    }

    /// An element with text.
    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.0 += &match value {
            "" => format!("<{name}/>"),
            value => format!("<{name}>{}</{name}>", escaped(value)),
        };
    }

    pub(super) fn number(&mut self, name: &str, value: impl std::fmt::Display) {
        self.text(name, &value.to_string());
    }

    pub(super) fn time(&mut self, name: &str, value: DateTime<Utc>) {
        self.text(name, &value.to_rfc3339_opts(SecondsFormat::Millis, true));
    }

    /// An element with elements.
    pub(super) fn group(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        let start = self.0.len();
        self.0 += &format!("<{name}>");
        let empty = self.0.len();
        inside(self);
        if self.0.len() == empty {
            self.0.truncate(start);
            self.0 += &format!("<{name}/>");
        } else {
            self.0 += &format!("</{name}>");
        }
    }

    /// A list.
    pub(super) fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T),
    ) {
        self.group(name, |xml| {
            for item in items {
                xml.group("item", |xml| each(xml, item));
            }
        });
    }

    /// Tags, where there are any.
    pub(super) fn tags(&mut self, tags: &[(String, String)]) {
        if !tags.is_empty() {
            self.list("tagSet", tags, |xml, (key, value)| {
                xml.text("key", key);
                xml.text("value", value);
            });
        }
    }
}
