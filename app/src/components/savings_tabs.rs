//! The way between the pages about saving money.

use leptos::prelude::*;

/// A page about saving money.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SavingsTab {
    /// What could be saved.
    Findings,
    /// What cost more than it should.
    Anomalies,
    /// How reservations and Savings Plans did.
    Commitments,
    /// What there is in EC2.
    Inventory,
}

impl SavingsTab {
    const ALL: [Self; 4] = [
        Self::Findings,
        Self::Anomalies,
        Self::Commitments,
        Self::Inventory,
    ];

    const fn path_and_label(self) -> (&'static str, &'static str) {
        match self {
            Self::Findings => ("/savings", "Findings"),
            Self::Anomalies => ("/savings/anomalies", "Anomalies"),
            Self::Commitments => ("/savings/commitments", "Commitments"),
            Self::Inventory => ("/savings/inventory", "Inventory"),
        }
    }
}

/// Links to all of them, for the same connection.
#[component]
pub fn SavingsTabs(
    /// The one that is shown.
    shown: SavingsTab,
    /// The connection's id.
    connection: String,
) -> impl IntoView {
    let link = |tab: SavingsTab| {
        let (path, label) = tab.path_and_label();
        let current = (tab == shown).then_some("page");
        view! { <a class="tabs__tab" href=format!("{path}?connection={connection}") aria-current=current>{label}</a> }
    };
    view! {
        <nav class="tabs" aria-label="Savings">{SavingsTab::ALL.map(link).into_iter().collect_view()}</nav>
    }
    .into_any()
}
