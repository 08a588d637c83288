//! What pages about one connection share: which one the address names, and the choices that
//! are on all of them.

#[cfg(feature = "ssr")]
use domain::account::ConnectionId;
use domain::{account::Connection, charge::View, look::Look, metric::Metric};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

use super::chooser::Field;
#[cfg(feature = "ssr")]
use super::explore::address::ALL;
use crate::{
    api::connections,
    error::ApiError,
    loaded::{Loaded, loaded},
};

type Answer<T> = Result<T, ApiError>;

/// What the address says.
#[derive(Clone, Copy)]
pub struct Chosen {
    /// The connection that the address names, if any.
    pub wanted: Memo<Option<String>>,
    /// The metric that it names; the usual one where it names none or no cost.
    pub metric: Memo<Metric>,
    /// The view that it names; the console's where it names none.
    pub view: Memo<View>,
}

/// What the address says, and the person's connections.
#[derive(Clone, Copy)]
pub struct OfConnection {
    /// What the address says.
    pub chosen: Chosen,
    /// All that the person has.
    pub list: Loaded<Answer<Vec<Connection>>>,
}

/// Which connection a page is about, and which else there are, where the server says it.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Whose {
    /// Its id; on the Overview also `all`.
    pub current: String,
    /// The same for people: `Production · account 123456789012`.
    pub caption: String,
    /// What else it can be about: ids and names.
    pub choices: Vec<(String, String)>,
}

#[cfg(feature = "ssr")]
impl Whose {
    /// One of the person's.
    #[must_use]
    pub fn of(id: ConnectionId, connections: &[Connection]) -> Self {
        let shown = connections.iter().find(|one| one.id == id);
        Self {
            current: id.to_string(),
            caption: shown.map(captioned).unwrap_or_default(),
            choices: connections.iter().map(choice).collect(),
        }
    }

    /// All of them together.
    #[must_use]
    pub fn of_all(connections: &[Connection]) -> Self {
        Self {
            current: ALL.to_owned(),
            caption: ALL_TOGETHER.to_owned(),
            choices: connections.iter().map(choice).collect(),
        }
        .or_all()
    }

    /// With the choice of all together where there are several.
    #[must_use]
    pub fn or_all(mut self) -> Self {
        if self.choices.len() > 1 {
            let all = (ALL.to_owned(), ALL_TOGETHER.to_owned());
            self.choices.push(all);
        }
        self
    }
}

#[cfg(feature = "ssr")]
const ALL_TOGETHER: &str = "All connections";

/// An id and a name.
fn choice(one: &Connection) -> (String, String) {
    (one.id.to_string(), one.name.clone())
}

fn captioned(one: &Connection) -> String {
    format!("{} · account {}", one.name, one.aws_account)
}

impl std::ops::Deref for OfConnection {
    type Target = Chosen;

    fn deref(&self) -> &Chosen {
        &self.chosen
    }
}

impl OfConnection {
    /// Reads the address and begins to load.
    #[must_use]
    pub fn of_address() -> Self {
        Self {
            chosen: Chosen::of_address(),
            list: loaded(|| (), |()| connections::list()),
        }
    }

    /// Loads a page about the connection that is wanted, or the first; `None` where the
    /// person has none.
    ///
    /// # Errors
    /// When the list or the page can't be loaded.
    pub async fn load<T, F: Future<Output = Answer<T>>>(
        self,
        wanted: Option<String>,
        page: impl FnOnce(String) -> F,
    ) -> Answer<Option<T>> {
        match choose(&self.list.await?, wanted.as_deref()) {
            Some(id) => page(id).await.map(Some),
            None => Ok(None),
        }
    }

    /// The connections as choices; `current` is chosen.
    #[must_use]
    pub fn connection_field(self, current: Signal<String>) -> Field {
        let options = Memo::new(move |_| {
            let list = self.list.get().and_then(Result::ok).unwrap_or_default();
            list.iter().map(choice).collect::<Vec<_>>()
        });
        self.connection_choice(options.into(), current)
    }

    /// `Production · account 123456789012`.
    #[must_use]
    pub fn caption(self, current: &str) -> String {
        let list = self.list.get().and_then(Result::ok).unwrap_or_default();
        list.iter()
            .find(|one| one.id.to_string() == current)
            .map(captioned)
            .unwrap_or_default()
    }
}

impl Chosen {
    /// Reads the address.
    #[must_use]
    pub fn of_address() -> Self {
        let query = use_query_map();
        Self {
            wanted: Memo::new(move |_| query.with(|query| query.get("connection"))),
            metric: Memo::new(move |_| query.with(|query| counted(query.get_str("metric")))),
            view: Memo::new(move |_| query.with(|query| seen(query.get_str("view")))),
        }
    }

    /// What counts, and how.
    #[must_use]
    pub fn look(self) -> Look {
        Look {
            metric: self.metric.get(),
            view: self.view.get(),
        }
    }

    /// What is chosen, in words.
    #[must_use]
    pub fn words(self) -> Signal<String> {
        Signal::derive(move || {
            let Look { metric, view } = self.look();
            format!("{} {}", view.explanation(), metric.explanation())
        })
    }

    /// The choice of a connection, where the server says which there are.
    #[must_use]
    pub fn connection_of(self, whose: Memo<Whose>) -> Field {
        let choices = Memo::new(move |_| whose.with(|whose| whose.choices.clone()));
        let current = Signal::derive(move || whose.with(|whose| whose.current.clone()));
        self.connection_choice(choices.into(), current)
    }

    /// The choice of a connection, from those given by id and name; `current` is chosen.
    #[must_use]
    pub fn connection_choice(
        self,
        options: Signal<Vec<(String, String)>>,
        current: Signal<String>,
    ) -> Field {
        Field {
            name: "connection",
            label: "Connection",
            options,
            // Not what is still shown: another choice may follow before this one has come.
            chosen: Signal::derive(move || self.wanted.get().unwrap_or_else(|| current.get())),
        }
    }

    /// The three views as choices.
    #[must_use]
    pub fn view_field(self) -> Field {
        let option = |view: View| (view.slug().to_owned(), view.label().to_owned());
        Field {
            name: "view",
            label: "View",
            options: Signal::stored(View::ALL.map(option).to_vec()),
            chosen: Signal::derive(move || self.view.get().slug().to_owned()),
        }
    }

    /// The five costs as choices.
    #[must_use]
    pub fn metric_field(self) -> Field {
        let option = |metric: Metric| (metric.slug().to_owned(), metric.label().to_owned());
        Field {
            name: "metric",
            label: "Metric",
            options: Signal::stored(Metric::COSTS.map(option).to_vec()),
            chosen: Signal::derive(move || self.metric.get().slug().to_owned()),
        }
    }
}

/// The connection in the address, else the first.
#[must_use]
pub fn choose(list: &[Connection], wanted: Option<&str>) -> Option<String> {
    match wanted {
        Some(wanted) => Some(wanted.to_owned()),
        None => list.first().map(|connection| connection.id.to_string()),
    }
}

/// The metric in the address; the usual one where it names none or no cost.
#[must_use]
pub fn counted(name: Option<&str>) -> Metric {
    name.and_then(|name| name.parse().ok())
        .filter(|metric: &Metric| metric.is_cost())
        .unwrap_or_default()
}

/// The view in the address; the console's where it names none.
fn seen(name: Option<&str>) -> View {
    name.and_then(|name| name.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresss_connection_wins_even_when_it_is_nobodys() {
        assert_eq!(choose(&[], None), None);
        assert_eq!(choose(&[], Some("x")).as_deref(), Some("x"));
    }

    #[test]
    fn only_costs_are_counted() {
        assert_eq!(counted(None), Metric::Unblended);
        assert_eq!(counted(Some("net-amortized")), Metric::NetAmortized);
        assert_eq!(counted(Some("usage-quantity")), Metric::Unblended);
        assert_eq!(counted(Some("<b>")), Metric::Unblended);
    }

    #[test]
    fn unknown_views_are_the_consoles() {
        assert_eq!(seen(None), View::Console);
        assert_eq!(seen(Some("used")), View::Used);
        assert_eq!(seen(Some("<b>")), View::Console);
    }
}
