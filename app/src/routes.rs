//! Which page answers which path. Pages decide about redirects and "not found"
//! before anything is sent, so that these are real statuses. A new page gets its
//! line in `lazy.rs` as well.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{components::frame::Frame, lazy, pages::not_found::NotFoundPage};

/// The whole app, for the server and for the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| match title.as_str() {
            "" => "Cost Tracker".to_owned(),
            title => format!("{title} · Cost Tracker"),
        }/>
        <Router>
            <Routes fallback=NotFoundPage>
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("/") view=lazy::Overview::view() ssr=SsrMode::Async/>
                    <Route path=path!("/overview") view=lazy::Overview::view() ssr=SsrMode::Async/>
                    <Route path=path!("/bill") view=lazy::Bill::view() ssr=SsrMode::Async/>
                    <Route path=path!("/costs") view=lazy::Costs::view() ssr=SsrMode::Async/>
                    <Route path=path!("/forecast") view=lazy::Forecast::view() ssr=SsrMode::Async/>
                    <Route path=path!("/savings") view=lazy::Savings::view() ssr=SsrMode::Async/>
                    <Route path=path!("/savings/findings/:id") view=lazy::Finding::view() ssr=SsrMode::Async/>
                    <Route path=path!("/savings/inventory") view=lazy::Inventory::view() ssr=SsrMode::Async/>
                    <Route path=path!("/connect") view=lazy::Connect::view() ssr=SsrMode::Async/>
                    <Route path=path!("/connect/role/:id") view=lazy::RoleDraft::view() ssr=SsrMode::Async/>
                    <Route path=path!("/connections") view=lazy::Connections::view() ssr=SsrMode::Async/>
                    <Route path=path!("/connections/:id") view=lazy::Connection::view() ssr=SsrMode::Async/>
                    <Route path=path!("/connections/:id/doctor") view=lazy::Doctor::view() ssr=SsrMode::Async/>
                    <Route path=path!("/savings/anomalies") view=lazy::Anomalies::view() ssr=SsrMode::Async/>
                    <Route path=path!("/savings/commitments") view=lazy::Commitments::view() ssr=SsrMode::Async/>
                    <Route path=path!("/spending") view=lazy::Spending::view() ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=lazy::Account::view() ssr=SsrMode::Async/>
                </ParentRoute>
                <Route path=path!("/sign-in") view=lazy::SignIn::view() ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=lazy::SetUp::view() ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
