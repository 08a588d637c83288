//! What AWS says about a connection, and what a role's policies have to say.

use domain::{
    account::{Connection, ConnectionKind, SyncState},
    role::{Role, RoleSource},
};
use leptos::prelude::*;

use crate::{
    components::{
        key_end::key_end_words,
        policies::{AssumePolicy, ReadingPolicies, TrustPolicy},
        words::time,
    },
    erased::Erase,
    pages::connections::kind_words,
};

/// Account, ARN, kind and what hangs on it.
#[component]
pub fn Facts(
    /// Which.
    connection: Connection,
    /// Its sync, as it goes on.
    sync: RwSignal<SyncState>,
) -> impl IntoView {
    let updated = move || {
        let finished = sync.with(|sync| sync.finished_at);
        finished.map_or_else(|| "Not yet".to_owned(), time)
    };
    let kind = connection.kind;
    let temporary = connection.temporary;
    let key = (!connection.key_hint.is_empty()).then(|| connection.key_hint.clone());
    let ends = temporary.then(|| key_end_words(connection.key_end.as_ref()));
    let words = match kind {
        ConnectionKind::AccessKey if temporary => "Access key, temporary",
        kind => kind_words(kind),
    };
    let role = connection.role.map(|role| view! { <RoleFacts role=role/> });
    view! {
        <section class="card" aria-labelledby="facts-title">
            <h2 id="facts-title">"What AWS says"</h2>
            <dl class="facts">
                <div><dt>"Account"</dt><dd class="code">{connection.aws_account.to_string()}</dd></div>
                <div><dt>"ARN"</dt><dd class="code">{connection.arn}</dd></div>
                <div><dt>"Kind"</dt><dd>{words}</dd></div>
                {key.map(|key| view! { <div><dt>"Key"</dt><dd class="code">{key}</dd></div> })}
                {ends.map(|ends| view! { <div><dt>"The key expires"</dt><dd>{ends}</dd></div> })}
                {role}
                <div><dt>"Connected"</dt><dd>{time(connection.created_at)}</dd></div>
                <div><dt>"Costs complete as of"</dt><dd>{updated}</dd></div>
            </dl>
        </section>
    }
    .erased()
}

#[component]
fn RoleFacts(role: Role) -> impl IntoView {
    let source = match (role.source, role.source_name) {
        (RoleSource::Connection(id), Some(name)) => {
            let link = format!("/connections/{id}");
            view! { "The key of " <a href=link>{name}</a> }.erased()
        }
        (RoleSource::Environment, _) => "This server’s own credentials".erased(),
        (RoleSource::OwnKey | RoleSource::Connection(_), _) => "Its own key".erased(),
    };
    view! {
        <div><dt>"Role"</dt><dd class="code">{role.arn.to_string()}</dd></div>
        <div><dt>"ExternalId"</dt><dd class="code">{role.external_id.to_string()}</dd></div>
        <div><dt>"Taken on with"</dt><dd>{source}</dd></div>
        <div><dt>"That is"</dt><dd class="code">{role.source_arn}</dd></div>
    }
    .erased()
}

/// The documents of a role, to compare with what is at AWS.
#[component]
pub fn RoleDocuments(
    /// If it is one.
    role: Option<Role>,
) -> impl IntoView {
    let role = role?;
    Some(
        view! {
            <section class="card" aria-labelledby="documents-title">
                <h2 id="documents-title">"The role’s policies"</h2>
                <details class="details">
                    <summary>"What they have to say"</summary>
                    <div class="details__body">
                        <p>"The role’s trust policy:"</p>
                        <TrustPolicy source_arn=role.source_arn external_id=role.external_id/>
                        <p>"Attached to the one who takes it on, unless both are in one account:"</p>
                        <AssumePolicy role_arn=role.arn.to_string()/>
                        <p>"Attached to the role:"</p>
                        <ReadingPolicies/>
                    </div>
                </details>
            </section>
        }
        .erased(),
    )
}
