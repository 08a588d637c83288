//! Which page answers which path. Pages decide about redirects and "not found"
//! before anything is sent, so that these are real statuses.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    components::frame::Frame,
    pages::{
        account::AccountPage, bill::BillPage, connect::ConnectPage, connection::ConnectionPage,
        connections::ConnectionsPage, costs::CostsPage, doctor::DoctorPage, forecast::ForecastPage,
        not_found::NotFoundPage, overview::OverviewPage, role_draft::RoleDraftPage,
        set_up::SetUpPage, sign_in::SignInPage, spending::SpendingPage,
    },
};

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
                    <Route path=path!("/") view=OverviewPage ssr=SsrMode::Async/>
                    <Route path=path!("/bill") view=BillPage ssr=SsrMode::Async/>
                    <Route path=path!("/costs") view=CostsPage ssr=SsrMode::Async/>
                    <Route path=path!("/forecast") view=ForecastPage ssr=SsrMode::Async/>
                    <Route path=path!("/connect") view=ConnectPage ssr=SsrMode::Async/>
                    <Route path=path!("/connect/role/:id") view=RoleDraftPage ssr=SsrMode::Async/>
                    <Route path=path!("/connections") view=ConnectionsPage ssr=SsrMode::Async/>
                    <Route path=path!("/connections/:id") view=ConnectionPage ssr=SsrMode::Async/>
                    <Route path=path!("/connections/:id/doctor") view=DoctorPage ssr=SsrMode::Async/>
                    <Route path=path!("/spending") view=SpendingPage ssr=SsrMode::Async/>
                    <Route path=path!("/account") view=AccountPage ssr=SsrMode::Async/>
                </ParentRoute>
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async/>
                <Route path=path!("/setup") view=SetUpPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
