//! What a person speaks of who says *expected* or *mistake*: an event of ours, or an anomaly
//! that only AWS found.

use serde::{Deserialize, Serialize};

use crate::{
    anomaly::AwsAnomaly,
    unusual::{EventId, Mark},
};

/// Before an id of AWS's. No event of ours is called so: their names begin with a day.
const AWS: &str = "aws.";

/// One of both. Its text is its name in forms.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Marked {
    /// An event of ours.
    Event(EventId),
    /// AWS's anomaly of this id.
    Aws(String),
}

impl Marked {
    /// `2026-10-07.123456789012.Amazon EC2`, or `aws.` and AWS's id.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Event(event) => event.to_text(),
            Self::Aws(id) => format!("{AWS}{id}"),
        }
    }

    /// From its text.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        match text.strip_prefix(AWS) {
            Some("") => None,
            Some(id) => Some(Self::Aws(id.to_owned())),
            None => EventId::of_text(text).map(Self::Event),
        }
    }
}

/// An anomaly that only AWS found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AwsAlone {
    /// What AWS says of it.
    pub anomaly: AwsAnomaly,
    /// What a person says of it.
    pub mark: Option<Mark>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_comes_back_from_its_name() {
        let event = Marked::Event(EventId {
            service: "Amazon S3".to_owned(),
            account: String::new(),
            start: "2026-10-07".parse().unwrap(),
        });
        let aws = Marked::Aws("4f0c.2026-10-07..aws.".to_owned());
        assert_eq!(aws.to_text(), "aws.4f0c.2026-10-07..aws.");
        for one in [event, aws] {
            assert_eq!(Marked::of_text(&one.to_text()), Some(one));
        }
        for nothing in ["", "aws.", "aws", "4f0c", "2026-10-07"] {
            assert_eq!(Marked::of_text(nothing), None, "{nothing}");
        }
    }
}
