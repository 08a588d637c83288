//! How often costs are refreshed by themselves, and what each choice costs.

use domain::{
    account::ConnectionId,
    job::{Cadence, SyncState},
};
use leptos::prelude::*;

use super::form::{FormError, Submit, form_state};
use crate::{api::jobs::SetCadence, erased::Erase};

/// The choices, each with its price.
#[component]
pub fn CadenceForm(
    /// Whose.
    connection: ConnectionId,
    /// What is set, and how much a refresh takes.
    sync: SyncState,
    /// Whether it is the sample account, which costs nothing.
    sample: bool,
) -> impl IntoView {
    let set = ServerAction::<SetCadence>::new();
    let state = form_state(set);
    let choices = Cadence::ALL.map(|cadence| {
        view! {
            <label class="choice">
                <input
                    type="radio"
                    name="cadence"
                    value=cadence.as_str()
                    checked=cadence == sync.cadence
                />
                <span>{cadence.label()}</span>
                <span class="choice__price muted">{monthly(cadence, sync.usual_requests)}</span>
            </label>
        }
    });
    let note = if sample {
        "Prices are what an AWS account would pay; the sample account is free."
    } else {
        "AWS has news up to three times a day. After the day’s first refresh, one request asks \
         whether anything has changed, and the rest is asked only where it has."
    };
    view! {
        <section class="card" aria-labelledby="cadence-title">
            <h2 id="cadence-title">"Refresh by itself"</h2>
            <FormError state=state/>
            <ActionForm action=set>
                <input type="hidden" name="connection" value=connection.to_string()/>
                <fieldset class="choices">
                    <legend class="hidden">"How often"</legend>
                    {choices}
                </fieldset>
                <p class="muted">{note}</p>
                <Submit state=state label="Save" pending="Saving…" class="button"/>
            </ActionForm>
        </section>
    }
    .erased()
}

/// `$1.50 a month`, `$1.80 to $2.70 a month`.
fn monthly(cadence: Cadence, usual_requests: u32) -> String {
    let (least, most) = cadence.monthly(usual_requests);
    if most.amount.0 == 0 {
        "free until you ask".to_owned()
    } else if least == most {
        format!("about {} a month", most.display())
    } else {
        format!("{} to {} a month", least.display(), most.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_ranges_only_where_they_have_to_be() {
        assert_eq!(monthly(Cadence::Manual, 5), "free until you ask");
        assert_eq!(monthly(Cadence::Daily, 5), "about $1.50 a month");
        assert_eq!(monthly(Cadence::TwiceDaily, 5), "$1.80 to $2.70 a month");
    }
}
