//! The way between the pages about saving money.

use leptos::prelude::*;

use super::{chooser::Chooser, of_connection::OfConnection};
use crate::erased::Erase;

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

/// What stands above each of them: its title, whose it is, and the ways to the others.
#[component]
pub fn SavingsTop(
    /// The title.
    title: &'static str,
    /// The page that is shown.
    shown: SavingsTab,
    /// The person's connections.
    of: OfConnection,
    /// The id of the one that is shown.
    #[prop(into)]
    current: Signal<String>,
    /// Whether another connection is chosen here; else a form below does it.
    #[prop(optional)]
    chooses: bool,
) -> impl IntoView {
    let field = of.connection_field(current);
    // With one connection there is nothing to choose.
    let options = field.options;
    let several = Memo::new(move |_| chooses && options.with(Vec::len) > 1);
    let (path, _) = shown.path_and_label();
    view! {
        <div class="page__head">
            <div>
                <h1>{title}</h1>
                <p class="page__of">{move || of.caption(&current.get())}</p>
            </div>
            {move || several.get().then(|| view! {
                <Chooser path=path fields=vec![field.clone()] words=""/>
            })}
        </div>
        {move || view! { <SavingsTabs shown=shown connection=current.get()/> }}
    }
    .erased()
}

/// Links to all of them, for the same connection.
#[component]
fn SavingsTabs(
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
    .erased()
}
