//! A new connection: the ways there are, and the form of the one that is chosen.
//! Which one that is stands in the URL, so that it works without scripts.

use domain::ways::Ways;
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::roles,
    components::{frame::Loading, problem::Problem},
    erased::Erase,
    loaded::loaded,
};

mod key;
mod role;
mod sample;
mod server;

use key::KeyWay;
pub use role::Drafts;
use role::RoleWay;
use sample::SampleChoice;
use server::ServerWay;

/// A way to connect.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// An access key.
    Key,
    /// A role that somebody takes on.
    Role,
    /// The server's own credentials.
    Server,
}

impl Way {
    /// The one that a URL names, where it is offered.
    fn chosen(name: Option<&str>, server_offered: bool) -> Self {
        match name {
            Some("role") => Self::Role,
            Some("server") if server_offered => Self::Server,
            _ => Self::Key,
        }
    }

    const fn link(self) -> &'static str {
        match self {
            Self::Key => "/connect",
            Self::Role => "/connect?way=role",
            Self::Server => "/connect?way=server",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Key => "Access key",
            Self::Role => "Role",
            Self::Server => "This server’s credentials",
        }
    }

    const fn detail(self) -> &'static str {
        match self {
            Self::Key => "Of an IAM user, or temporary with a session token. The quickest.",
            Self::Role => "One key for many accounts, and no secret leaves them. The safest.",
            Self::Server => "What the machine it runs on may do. For administrators.",
        }
    }
}

/// The ways there are.
#[component]
pub fn ConnectPage() -> impl IntoView {
    let query = use_query_map();
    let way = Memo::new(move |_| query.with(|query| query.get("way")));
    let discarded = Memo::new(move |_| query.with(|query| query.get_str("discarded").is_some()));
    let ways = loaded(move || discarded.get(), |_| roles::ways());
    view! {
        <Title text="Connect AWS"/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match ways.await {
                    Ok(ways) => {
                        Either::Left(view! { <Choices ways=ways way=way discarded=discarded/> })
                    }
                    Err(error) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Suspense>
    }
    .erased()
}

#[component]
fn Choices(ways: Ways, way: Memo<Option<String>>, discarded: Memo<bool>) -> impl IntoView {
    let server = ways.environment.is_some();
    let sample_account = ways.sample_account;
    let chosen = Memo::new(move |_| way.with(|way| Way::chosen(way.as_deref(), server)));
    let form = move || match (chosen.get(), &ways.environment) {
        (Way::Role, _) => view! { <RoleWay ways=ways.clone()/> }.erased(),
        (Way::Server, Some(server)) => view! { <ServerWay server=server.clone()/> }.erased(),
        (Way::Key | Way::Server, _) => view! { <KeyWay/> }.erased(),
    };
    view! {
        <div class="page page--narrow">
            <h1>"Connect an AWS account"</h1>
            <p class="lead">
                "Cost Tracker asks AWS what each day cost, keeps the answer here, and counts what asking costs you."
            </p>
            {move || discarded.get().then(|| view! {
                <div class="notice notice--good" role="status">
                    <p>"The unfinished role is discarded. Nothing has changed at AWS."</p>
                </div>
            })}
            {sample_account.then(|| view! { <SampleChoice/> })}
            <nav class="ways" aria-label="Ways to connect">
                <WayLink way=Way::Key chosen=chosen/>
                <WayLink way=Way::Role chosen=chosen/>
                {server.then(|| view! { <WayLink way=Way::Server chosen=chosen/> })}
            </nav>
            {form}
        </div>
    }
    .erased()
}

#[component]
fn WayLink(way: Way, chosen: Memo<Way>) -> impl IntoView {
    let current = move || (chosen.get() == way).then_some("page");
    view! {
        <a class="way" href=way.link() aria-current=current>
            <span class="way__name">{way.name()}</span>
            <span class="way__detail">{way.detail()}</span>
        </a>
    }
    .erased()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_chooses_among_what_is_offered() {
        assert_eq!(Way::chosen(None, true), Way::Key);
        assert_eq!(Way::chosen(Some("role"), false), Way::Role);
        assert_eq!(Way::chosen(Some("server"), true), Way::Server);
        assert_eq!(Way::chosen(Some("server"), false), Way::Key);
        assert_eq!(Way::chosen(Some("<b>"), true), Way::Key);
    }
}
