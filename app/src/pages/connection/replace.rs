//! Another key, another role, or the server's credentials anew: the costs stay.

use domain::{
    account::{Connection, ConnectionKind},
    role::RoleSource,
};
use leptos::prelude::*;

use crate::{
    api::{connections::ReplaceKey, environment::Renew, roles},
    components::{
        form::{Field, FormError, Submit, cleared_when_done, form_state},
        key_fields::{KeyFields, KeyPrice},
    },
    erased::Erase,
};

/// Whatever this kind of connection can exchange.
#[component]
pub fn Replace(
    /// Which.
    connection: Connection,
) -> impl IntoView {
    let id = connection.id.to_string();
    let wanted = connection
        .key_end
        .is_some_and(|end| end.past || end.is_soon());
    match (connection.kind, connection.role) {
        (ConnectionKind::AccessKey, _) => {
            view! { <ReplaceKeyForm id=id wanted=wanted role=false/> }.erased()
        }
        (ConnectionKind::Role, Some(role)) => {
            let own_key = role.source == RoleSource::OwnKey;
            view! {
                {own_key.then(|| view! { <ReplaceKeyForm id=id.clone() wanted=wanted role=true/> })}
                <ReplaceRoleForm id=id.clone() role_arn=role.arn.to_string()/>
            }
            .erased()
        }
        (ConnectionKind::Environment, _) => view! { <RenewForm id=id/> }.erased(),
        (ConnectionKind::Sample | ConnectionKind::Role, _) => ().erased(),
    }
}

#[component]
fn ReplaceKeyForm(id: String, wanted: bool, role: bool) -> impl IntoView {
    let replace = ServerAction::<ReplaceKey>::new();
    let state = form_state(replace);
    let open = wanted || state.error.get_untracked().is_some();
    let form = cleared_when_done(replace);
    let which = if role {
        "Another key takes over, which may take the same role on. The costs that are here stay."
    } else {
        "Another key of the same AWS account takes over. The costs that are here stay."
    };
    view! {
        <section class="card" id="replace" aria-labelledby="replace-title">
            <h2 id="replace-title">"Replace the key"</h2>
            <p>{which}</p>
            <details class="details" open=open>
                <summary>"Enter another key"</summary>
                <div class="details__body">
                    <FormError state=state/>
                    <ActionForm action=replace node_ref=form>
                        <input type="hidden" name="connection" value=id/>
                        <KeyFields state=state/>
                        <div class="actions">
                            <Submit state=state label="Replace the key" pending="Asking AWS…"/>
                            <KeyPrice/>
                        </div>
                    </ActionForm>
                </div>
            </details>
        </section>
    }
    .erased()
}

#[component]
fn ReplaceRoleForm(id: String, role_arn: String) -> impl IntoView {
    let replace = ServerAction::<roles::Replace>::new();
    let state = form_state(replace);
    let failed = state.error.get_untracked().is_some();
    view! {
        <section class="card" aria-labelledby="replace-role-title">
            <h2 id="replace-role-title">"Replace the role"</h2>
            <p>
                "Another role of the same AWS account takes over, with the same ExternalId. The costs that are here stay."
            </p>
            <details class="details" open=failed>
                <summary>"Enter another role"</summary>
                <div class="details__body">
                    <FormError state=state/>
                    <ActionForm action=replace>
                        <input type="hidden" name="connection" value=id/>
                        <Field
                            state=state
                            name="role_arn"
                            label="The role’s ARN"
                            hint="From the role’s page: arn:aws:iam::123456789012:role/CostTracker."
                            value=role_arn
                            maxlength=2048
                        />
                        <div class="actions">
                            <Submit state=state label="Replace the role" pending="Asking AWS…"/>
                            <KeyPrice/>
                        </div>
                    </ActionForm>
                </div>
            </details>
        </section>
    }
    .erased()
}

#[component]
fn RenewForm(id: String) -> impl IntoView {
    let renew = ServerAction::<Renew>::new();
    let state = form_state(renew);
    view! {
        <section class="card" id="replace" aria-labelledby="replace-title">
            <h2 id="replace-title">"Prove the server’s credentials again"</h2>
            <p>
                "They are exchanged where the server runs, not here. This asks AWS whose they are now; "
                "they have to belong to the same account."
            </p>
            <FormError state=state/>
            <ActionForm action=renew>
                <input type="hidden" name="connection" value=id/>
                <div class="actions">
                    <Submit state=state label="Prove them again" pending="Asking AWS…" class="button"/>
                    <KeyPrice/>
                </div>
            </ActionForm>
        </section>
    }
    .erased()
}
