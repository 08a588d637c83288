//! How a person looks at costs: by which metric, and at which charges.

use serde::{Deserialize, Serialize};

use crate::{charge::View, cube::Cube, metric::Metric};

/// A metric and a view. The usual one counts every charge, unblended.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// What a person chose to count by.
    pub metric: Metric,
    /// Which charges count.
    pub view: View,
}

impl Look {
    /// By this metric, every charge.
    #[must_use]
    pub const fn by(metric: Metric) -> Self {
        Self {
            metric,
            view: View::Console,
        }
    }

    /// The metric that is added up: what is paid is paid after discounts.
    #[must_use]
    pub const fn counted(self) -> Metric {
        self.view.metric(self.metric)
    }

    /// The kept cube that is added up: the main one, unless kinds of charges have to be
    /// told apart.
    #[must_use]
    pub const fn cube(self) -> Cube {
        if self.view.includes_everything() {
            Cube::ServiceAccount
        } else {
            Cube::ServiceRecordType
        }
    }

    /// Whether it comes to what the usual one comes to, which is what AWS is asked to forecast.
    #[must_use]
    pub fn is_usual(self) -> bool {
        self.view.includes_everything() && self.counted() == Metric::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_charges_are_told_apart_only_where_some_are_left_out() {
        for metric in Metric::COSTS {
            let look = |view| Look { metric, view };
            assert_eq!(look(View::Console).cube(), Cube::ServiceAccount);
            assert_eq!(look(View::Paid).cube(), Cube::ServiceAccount);
            assert_eq!(look(View::Used).cube(), Cube::ServiceRecordType);
            assert_eq!(look(View::Used).counted(), metric);
            assert!(!look(View::Used).is_usual());
        }
        let paid = Look {
            metric: Metric::Unblended,
            view: View::Paid,
        };
        assert_eq!(paid.counted(), Metric::NetUnblended);
        assert!(!paid.is_usual() && Look::default().is_usual());
    }
}
