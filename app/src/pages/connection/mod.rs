//! One connection: what AWS says about its key, and what can be done with it.

use domain::account::{Connection, ConnectionKind};
use leptos::{either::Either, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::doctor::DoctorCard;
use crate::{
    api::connections::{self, Delete, Rename},
    components::{
        cadence::CadenceForm,
        cap::{CapCard, CapNotice},
        form::{Field, FormError, Submit, form_state},
        frame::Loading,
        key_end::KeyEndNotice,
        problem::Problem,
        sync_progress::SyncProgress,
    },
    erased::Erase,
    loaded::loaded,
};

mod facts;
mod replace;

use facts::{Facts, RoleDocuments};
use replace::Replace;

/// The connection that the path names.
#[component]
pub fn ConnectionPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = move || params.with(|params| params.get("id").unwrap_or_default());
    let saved = move || query.with(|query| query.get("saved"));
    // Loaded again after each change, which leads back here with what was saved.
    let loaded = loaded(
        move || (id(), saved()),
        |(id, saved)| async move { (connections::get(id).await, saved) },
    );
    view! {
        <Title text="Connection"/>
        <Suspense fallback=Loading>
            {move || Suspend::new(async move {
                match loaded.await {
                    (Ok(connection), saved) => {

                        Either::Left(view! { <Details connection=connection saved=saved/> })
                    }
                    (Err(error), _) => Either::Right(view! { <Problem error=error.error/> }),
                }
            })}
        </Suspense>
    }
    .erased()
}

/// What a change that led here did.
fn saved_words(saved: &str) -> Option<&'static str> {
    match saved {
        "connection" => Some("Connected. AWS knows the key, and it may read costs."),
        "role" => Some("The role is replaced. The costs that are here stay."),
        "server" => Some("The server’s credentials are proved again."),
        "name" => Some("The name is changed."),
        "cap" => Some("The monthly cap is changed."),
        "cadence" => Some("Saved. The costs are refreshed as often as you chose."),
        "key" => {
            Some("The key is replaced. The old one is gone from this server; delete it in IAM too.")
        }
        _ => None,
    }
}

#[component]
fn Details(connection: Connection, saved: Option<String>) -> impl IntoView {
    let overview = format!("/?connection={}", connection.id);
    let id = connection.id;
    let odd = if connection.kind == ConnectionKind::Role {
        "The role works, but look at this"
    } else {
        "The key works, but it looks odd"
    };
    let sync = RwSignal::new(connection.sync.clone());
    let warnings = connection.warnings.clone();
    view! {
        <div class="page page--narrow">
            <p class="crumb"><a href="/connections">"Connections"</a></p>
            <div class="page__head">
                <h1>{connection.name.clone()}</h1>
                <a class="button button--primary" href=overview>"See the Overview"</a>
            </div>
            {saved.as_deref().and_then(saved_words).map(|words| view! {
                <div class="notice notice--good" role="status"><p>{words}</p></div>
            })}
            {(!warnings.is_empty()).then(|| view! {
                <div class="notice notice--warning" role="status">
                    <p class="notice__title">{odd}</p>
                    <ul>{warnings.into_iter().map(|warning| view! { <li>{warning}</li> }).collect_view()}</ul>
                </div>
            })}
            <KeyEndNotice connection=connection.clone()/>
            <SyncProgress connection=id sync=sync.into() on_news=move |now| sync.set(now)/>
            <CapNotice cap=connection.cap.clone()/>
            <Facts connection=connection.clone() sync=sync/>
            <CadenceForm
                connection=id
                sync=connection.sync.clone()
                sample=connection.kind == ConnectionKind::Sample
            />
            <DoctorCard connection=id/>
            <CapCard cap=connection.cap.clone()/>
            <RoleDocuments role=connection.role.clone()/>
            <RenameForm id=id.to_string() name=connection.name.clone()/>
            <Replace connection=connection.clone()/>
            <DeleteForm id=id.to_string() name=connection.name/>
        </div>
    }
    .erased()
}

#[component]
fn RenameForm(id: String, name: String) -> impl IntoView {
    let rename = ServerAction::<Rename>::new();
    let state = form_state(rename);
    view! {
        <section class="card" aria-labelledby="rename-title">
            <h2 id="rename-title">"Rename"</h2>
            <FormError state=state/>
            <ActionForm action=rename>
                <input type="hidden" name="connection" value=id/>
                <Field state=state name="name" label="Name" value=name maxlength=80/>
                <Submit state=state label="Save the name" pending="Saving…" class="button"/>
            </ActionForm>
        </section>
    }
    .erased()
}

#[component]
fn DeleteForm(id: String, name: String) -> impl IntoView {
    let delete = ServerAction::<Delete>::new();
    let state = form_state(delete);
    view! {
        <section class="card" aria-labelledby="delete-title">
            <h2 id="delete-title">"Delete"</h2>
            <p>"Deletes the connection, its key if it has one, and all its costs from this server. Nothing changes at AWS."</p>
            <FormError state=state/>
            <details class="details">
                <summary>"Delete this connection"</summary>
                <div class="details__body">
                    <p>"Really delete “" {name} "” and its costs? They can only come back by connecting again."</p>
                    <ActionForm action=delete>
                        <input type="hidden" name="connection" value=id/>
                        <Submit state=state label="Yes, delete it" pending="Deleting…" class="button button--danger"/>
                    </ActionForm>
                </div>
            </details>
        </section>
    }
    .erased()
}
