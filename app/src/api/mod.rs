//! Server functions: what the browser may ask for. Each finds out who is asking,
//! reads what they want, calls one service and hands back its answer. Rules
//! live in the services, never here.

use leptos::server_fn::ServerFn;

pub mod anomalies;
pub mod bills;
pub mod breakdowns;
pub mod commitments;
pub mod connections;
pub mod costs;
pub mod doctor;
pub mod environment;
pub mod inventory;
pub mod jobs;
pub mod roles;
pub mod saved;
pub mod savings;
pub mod session;
pub mod spending;

/// A server function as HTTP sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Function {
    /// Its path.
    pub path: &'static str,
    /// Whether it answers people who aren't signed in.
    pub public: bool,
}

const fn private<F: ServerFn>() -> Function {
    Function {
        path: F::PATH,
        public: false,
    }
}

const fn public<F: ServerFn>() -> Function {
    Function {
        path: F::PATH,
        public: true,
    }
}

/// Every server function there is; all take `POST`. A test goes over it to see
/// that nobody gets at another's things. The public ones should only get fewer.
pub const FUNCTIONS: &[Function] = &[
    public::<session::SetUp>(),
    public::<session::SignIn>(),
    public::<session::SignOut>(),
    public::<session::Me>(),
    private::<session::ChangePassword>(),
    private::<connections::List>(),
    private::<connections::Get>(),
    private::<connections::Create>(),
    private::<connections::CreateSample>(),
    private::<connections::Rename>(),
    private::<connections::ReplaceKey>(),
    private::<connections::Delete>(),
    private::<roles::Ways>(),
    private::<roles::Begin>(),
    private::<roles::Draft>(),
    private::<roles::Finish>(),
    private::<roles::Discard>(),
    private::<roles::Replace>(),
    private::<environment::Look>(),
    private::<environment::Connect>(),
    private::<environment::Renew>(),
    private::<costs::Overview>(),
    private::<costs::Together>(),
    private::<costs::Page>(),
    private::<costs::Chart>(),
    private::<jobs::Progress>(),
    private::<jobs::Refresh>(),
    private::<jobs::Pause>(),
    private::<jobs::Resume>(),
    private::<jobs::Cancel>(),
    private::<jobs::Retry>(),
    private::<jobs::SetCadence>(),
    private::<spending::Report>(),
    private::<spending::SetCap>(),
    private::<doctor::Known>(),
    private::<doctor::Examine>(),
    private::<bills::Page>(),
    private::<bills::ForecastPage>(),
    private::<bills::OfMonth>(),
    private::<bills::Forecast>(),
    private::<breakdowns::Break>(),
    private::<breakdowns::Ask>(),
    private::<breakdowns::Forget>(),
    private::<saved::Saved>(),
    private::<saved::Save>(),
    private::<saved::Unsave>(),
    private::<saved::StartWith>(),
    private::<anomalies::OfConnection>(),
    private::<anomalies::SetSensitivity>(),
    private::<anomalies::MarkEvent>(),
    private::<anomalies::AskAnomalies>(),
    private::<commitments::CommitmentsOf>(),
    private::<commitments::SetTargets>(),
    private::<commitments::AskCommitments>(),
    private::<inventory::Page>(),
    private::<inventory::ScanNow>(),
    private::<savings::Found>(),
    private::<savings::FoundOne>(),
    private::<savings::Decide>(),
    private::<savings::SetThresholds>(),
];

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_list_is_complete_and_everything_is_posted() {
        let registered: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
            .map(|(path, method)| {
                assert_eq!(method, http::Method::POST, "{path}");
                path
            })
            .collect();
        let listed: BTreeSet<_> = FUNCTIONS.iter().map(|function| function.path).collect();
        assert_eq!(listed.len(), FUNCTIONS.len());
        assert_eq!(registered, listed);
        assert!(listed.iter().all(|path| path.starts_with("/api/")));
    }
}
