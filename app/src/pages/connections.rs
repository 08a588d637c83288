//! All of a person's connections.

use domain::{
    account::{Connection, ConnectionKind, SyncState},
    draft::RoleDraft,
    expiry::KeyEnd,
};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::connect::Drafts;
use crate::{
    api::{connections, roles},
    components::{
        frame::Loading,
        problem::Problem,
        words::{time, time_left},
    },
    erased::Erase,
    error::ApiError,
    loaded::loaded,
};

/// The list, by name.
#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let list = loaded(|| (), |()| connections::list());
    let ways = loaded(|| (), |()| roles::ways());
    let deleted = use_query_map().get_untracked().get("deleted").is_some();
    view! {
        <Title text="Connections"/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match async { Ok((list.await?, ways.await?.drafts)) }.await {
                    Ok((list, drafts)) => {
                        Either::Left(view! { <List list=list drafts=drafts deleted=deleted/> })
                    }
                    Err::<_, ApiError>(error) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Suspense>
    }
    .erased()
}

#[component]
fn List(list: Vec<Connection>, drafts: Vec<RoleDraft>, deleted: bool) -> impl IntoView {
    view! {
        <div class="page page--narrow">
            <div class="page__head">
                <h1>"Connections"</h1>
                <a class="button" href="/connect">"New connection"</a>
            </div>
            {deleted.then(|| view! {
                <div class="notice notice--good" role="status"><p>"The connection, its key and its costs are deleted."</p></div>
            })}
            {if list.is_empty() {
                Either::Left(view! {
                    <div class="card">
                        <p>"There is no connection yet. Connect an AWS account to see what it costs."</p>
                    </div>
                })
            } else {
                let items = list.into_iter().map(|connection| view! { <Item connection=connection/> });
                Either::Right(view! { <ul class="list">{items.collect_view()}</ul> })
            }}
            {(!drafts.is_empty()).then(|| view! { <Drafts drafts=drafts/> })}
        </div>
    }
    .erased()
}

#[component]
fn Item(connection: Connection) -> impl IntoView {
    let link = format!("/connections/{}", connection.id);
    let overview = format!("/?connection={}", connection.id);
    let (class, state) =
        key_state(connection.key_end.as_ref()).unwrap_or_else(|| state_words(&connection.sync));
    view! {
        <li class="list__item">
            <div class="list__main">
                <a class="list__name" href=link>{connection.name}</a>
                <p class="muted">
                    {kind_words(connection.kind)} " · account "
                    <span class="code">{connection.aws_account.to_string()}</span>
                </p>
            </div>
            <p class=class>{state}</p>
            <a class="button button--quiet" href=overview>"Overview"</a>
        </li>
    }
    .erased()
}

/// What kind of connection it is.
pub const fn kind_words(kind: ConnectionKind) -> &'static str {
    match kind {
        ConnectionKind::AccessKey => "Access key",
        ConnectionKind::Role => "Role",
        ConnectionKind::Environment => "The server’s credentials",
        ConnectionKind::Sample => "Sample account",
    }
}

/// What a key that has ended, or is about to, says about its connection.
fn key_state(end: Option<&KeyEnd>) -> Option<(&'static str, String)> {
    let end = end?;
    if end.past {
        Some(("state state--bad", "The key has expired".to_owned()))
    } else if end.is_soon() {
        let left = time_left(end.minutes_left);
        Some(("state state--bad", format!("The key expires in {left}")))
    } else {
        None
    }
}

/// A connection's state, with the class that goes with it.
pub fn state_words(sync: &SyncState) -> (&'static str, String) {
    match (&sync.error, sync.running, sync.finished_at) {
        (_, true, _) => ("state state--busy", "Getting costs…".to_owned()),
        (Some(error), ..) => ("state state--bad", error.message.clone()),
        (None, false, Some(at)) => (
            "state state--good",
            format!("Up to date as of {}", time(at)),
        ),
        (None, false, None) => ("state", "Not synced yet".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_running_sync_hides_the_last_failure() {
        let failed = SyncState {
            error: Some(domain::Error::not_found("connection")),
            ..SyncState::default()
        };
        assert_eq!(state_words(&failed).0, "state state--bad");
        let again = SyncState {
            running: true,
            ..failed
        };
        assert_eq!(state_words(&again).1, "Getting costs…");
        assert_eq!(state_words(&SyncState::default()).1, "Not synced yet");
    }
}
