//! Which pages' WebAssembly comes only when it is needed, in pieces. What is
//! looked at together is loaded together: a piece for each page would cut what
//! pages share into many small files. Knows no path and no page's inside.

use leptos::{
    prelude::*,
    wasm_split::{SplitLoaderError, wasm_split},
};
use leptos_router::{Lazy, LazyRoute, hooks::use_location};

/// For each page: a type for the router, the function that lies in the piece,
/// and what fetches the piece.
macro_rules! pages {
    ($($piece:ident: $route:ident = $module:ident::$page:ident;)+) => {$(
        #[doc = concat!("The page, which lies in the piece `", stringify!($piece), "`.")]
        #[derive(Clone, Debug)]
        pub struct $route;

        impl $route {
            /// For the route's `view`.
            pub fn view() -> Lazy<Self> {
                Lazy::new()
            }
        }

        const _: () = {
            #[wasm_split($piece, wasm_split_path = leptos::wasm_split, preload(fetch), fallible)]
            fn $module() -> Result<AnyView, SplitLoaderError> {
                Ok(crate::pages::$module::$page().into_any())
            }

            impl LazyRoute for $route {
                fn data() -> Self {
                    Self
                }

                async fn preload() {
                    fetched(fetch()).await;
                }

                async fn view(_this: Self) -> AnyView {
                    let page = $module().await.unwrap_or_else(|_| Elsewhere().into_any());
                    view! { {page} <Needs piece=stringify!($piece)/> }.into_any()
                }
            }
        };
    )+};
}

pages! {
    overview: Overview = overview::OverviewPage;
    explorer: Costs = costs::CostsPage;
    month: Bill = bill::BillPage;
    month: Forecast = forecast::ForecastPage;
    savings: Anomalies = anomalies::AnomaliesPage;
    savings: Commitments = commitments::CommitmentsPage;
    savings: Savings = findings::SavingsPage;
    savings: Finding = finding::FindingPage;
    savings: Inventory = inventory::InventoryPage;
    connections: Connect = connect::ConnectPage;
    connections: RoleDraft = role_draft::RoleDraftPage;
    connections: Connections = connections::ConnectionsPage;
    connections: Connection = connection::ConnectionPage;
    connections: Doctor = doctor::DoctorPage;
    people: Spending = spending::SpendingPage;
    people: Account = account::AccountPage;
    door: SignIn = sign_in::SignInPage;
    door: SetUp = set_up::SetUpPage;
}

/// Says in the page's HTML which files its browser half needs: the script that starts it
/// fetches all of them at once, instead of one after the other. And, later, that the page
/// has come to life.
#[component]
#[cfg_attr(
    not(feature = "ssr"),
    expect(unused_variables, reason = "only the server says so")
)]
fn Needs(piece: &'static str) -> impl IntoView {
    #[cfg(feature = "ssr")]
    let files = crate::context::piece_files(piece);
    #[cfg(not(feature = "ssr"))]
    let files = String::new();
    // For tests, which are quicker than any person.
    let alive = RwSignal::new(false);
    Effect::new(move |_| alive.set(true));
    view! { <template data-pieces=files data-alive=move || alive.get().then_some("")></template> }
}

/// Waits for a piece. A page that came as HTML is left as it is, and works as it
/// does without JavaScript, when its piece doesn't come.
async fn fetched(fetch: impl Future<Output = Result<(), SplitLoaderError>>) {
    let hydrating = Owner::current_shared_context().is_some_and(|shared| shared.during_hydration());
    let is_there = fetch.await.is_ok();
    if hydrating && !is_there {
        std::future::pending::<()>().await;
    }
    // Bringing the page to life is work enough for itself: a press in between is heard.
    #[cfg(feature = "hydrate")]
    if hydrating {
        crate::components::later::later().await;
    }
}

/// Stands for a page whose piece didn't come, most often because the server was
/// upgraded under an open page: the browser asks the server for it.
#[component]
fn Elsewhere() -> impl IntoView {
    let location = use_location();
    let address = move || format!("{}{}", location.pathname.get(), location.search.get());
    Effect::new(move || {
        // A refusal leaves the link below.
        let _ = window().location().replace(&address());
    });
    view! {
        <div class="page">
            <p>"This page has to be loaded anew."</p>
            <p><a class="button" href=address rel="external">"Load it"</a></p>
        </div>
    }
}
