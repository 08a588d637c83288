//! When the inventory was last looked at, what couldn't be seen, and a button to look again.

use chrono::{DateTime, Utc};
use domain::{
    account::ConnectionId,
    findings::Check,
    inventory::{Gap, ResourceKind, Scan, ScanOutcome},
};
use leptos::prelude::*;

use super::{
    copy::CopyBlock,
    form::{FormError, FormState, Submit, form_state},
    problem::ProblemBox,
    words::{count, time},
};
use crate::{api::inventory::ScanNow, erased::Erase};

/// Reloads the page where no script does it.
const RELOAD: &str = r#"<meta http-equiv="refresh" content="3"><p>This page reloads every three seconds until everything is there.</p>"#;

/// What is known about looking.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// Whose.
    pub connection: ConnectionId,
    /// The last scan.
    pub scan: Option<Scan>,
    /// When the oldest part of what is shown was seen.
    pub as_of: Option<DateTime<Utc>>,
    /// What isn't seen.
    pub gaps: Vec<Gap>,
    /// Regions that the account hasn't opened.
    pub closed_regions: u32,
}

/// All of it.
#[component]
pub fn ScanState(
    /// What is known.
    looked: Looked,
    /// Called when a scan has begun, and while it is under way.
    again: Callback<()>,
) -> impl IntoView {
    let running = looked.scan.clone().filter(|scan| scan.running);
    let scan = ServerAction::<ScanNow>::new();
    let sent = form_state(scan);
    let is_running = running.is_some();
    let state = FormState {
        // Once it has begun, until the page has heard of it and this is made anew.
        pending: Signal::derive(move || {
            let begun = scan.value().with(|answer| matches!(answer, Some(Ok(_))));
            sent.pending.get() || is_running || begun
        }),
        ..sent
    };
    Effect::new(move |_| {
        if scan.value().get().is_some_and(|answer| answer.is_ok()) {
            again.try_run(());
        }
    });
    let as_of = match looked.as_of {
        Some(at) => format!("As AWS told it on {}.", time(at)),
        None => "AWS hasn’t been asked yet.".to_owned(),
    };
    let closed = (looked.closed_regions > 0).then(|| {
        let regions = count(looked.closed_regions, "region isn’t", "regions aren’t");
        format!(" {regions} open to this account: nothing can run there.")
    });
    let error = looked.scan.as_ref().filter(|scan| !scan.running);
    let error = error.and_then(|scan| scan.error.clone());
    let only_open = looked.scan.and_then(|scan| scan.regions_error);
    view! {
        {running.map(|scan| view! { <Running scan=scan again=again/> })}
        {error.map(|error| view! { <ProblemBox error=error/> })}
        {only_open.map(|error| view! {
            <div class="notice notice--warning">
                <p class="notice__title">"Only the regions that are open to every account were looked at"</p>
                <p>{error.message} " " {error.advice}</p>
                {error.policy.map(|policy| view! { <CopyBlock what="IAM policy" text=policy/> })}
            </div>
        })}
        {looked.gaps.into_iter().map(|gap| view! { <NotSeen gap=gap/> }).collect_view()}
        <div class="fresh scan">
            <p class="fresh__text">
                {as_of} {closed} " "
                <span class="muted">"Looking is free of charge, and happens by itself after the costs have come."</span>
            </p>
            <ActionForm action=scan>
                <input type="hidden" name="connection" value=looked.connection.to_string()/>
                <Submit state=state label="Scan now" pending="Looking…" class="button"/>
            </ActionForm>
        </div>
        <FormError state=state/>
    }
    .erased()
}

#[component]
fn Running(scan: Scan, again: Callback<()>) -> impl IntoView {
    follow(again);
    let percent = u64::from(scan.done) * 100 / u64::from(scan.total.max(1));
    let detail = match scan.total {
        0 => "Asking which regions there are".to_owned(),
        total => format!("{} of {total} looked at", scan.done),
    };
    view! {
        <div class="notice notice--progress">
            <p class="notice__title" id="scan-title">"Looking at what there is, region by region"</p>
            <progress class="progress" aria-labelledby="scan-title" max="100" value=percent.to_string()></progress>
            <p class="muted">{detail}</p>
            <noscript inner_html=RELOAD></noscript>
        </div>
    }
    .erased()
}

#[component]
fn NotSeen(gap: Gap) -> impl IntoView {
    let regions: Vec<&str> = gap.regions.iter().map(|region| region.as_str()).collect();
    let regions = regions.join(", ");
    let why = match gap.outcome {
        ScanOutcome::NotPermitted => "can’t be seen: this key may not ask for them",
        _ => "couldn’t be looked at this time",
    };
    let number = u32::try_from(gap.regions.len()).unwrap_or(u32::MAX);
    view! {
        <div class="notice notice--warning">
            <p class="notice__title">{gap.kind.label()} " in " {count(number, "region", "regions")} " " {why}</p>
            <p class="muted">{regions}</p>
            <p>{missing(gap.kind)}</p>
            {gap.error.map(|error| view! {
                <details class="details">
                    <summary>"Why, and how to mend it"</summary>
                    <div class="details__body">
                        <p>{error.message} " " {error.advice}</p>
                        {error.policy.map(|policy| view! { <CopyBlock what="IAM policy" text=policy/> })}
                    </div>
                </details>
            })}
        </div>
    }
    .erased()
}

/// What a check has to see. Without all of it, it finds nothing there.
const fn needs(check: Check) -> &'static [ResourceKind] {
    use ResourceKind::{Address, Instance, Snapshot, Volume};
    match check {
        Check::StoppedInstance | Check::PreviousGeneration | Check::LongRunning => &[Instance],
        Check::UnattachedVolume | Check::Gp2ToGp3 | Check::Io1ToNewer => &[Volume],
        Check::VolumeOfStopped => &[Instance, Volume],
        Check::IdleAddress => &[Address],
        Check::OldSnapshot => &[Snapshot],
        // Whether its volume is gone.
        Check::OrphanSnapshot => &[Snapshot, Volume],
    }
}

/// The checks that have to see a kind.
fn checks_of(kind: ResourceKind) -> impl Iterator<Item = Check> {
    let checks = Check::ALL.into_iter();
    checks.filter(move |check| needs(*check).contains(&kind))
}

/// What isn't found where a kind can't be seen, and what may be worth less.
fn missing(kind: ResourceKind) -> String {
    let checks: Vec<String> = checks_of(kind)
        .map(|check| in_a_sentence(check.label()))
        .collect();
    let less = match kind {
        ResourceKind::Volume => " What stopped instances cost may lack their volumes.",
        ResourceKind::Address => " What stopped instances cost may lack their addresses.",
        ResourceKind::Instance | ResourceKind::Snapshot => "",
    };
    format!(
        "Not looked for there, or only among what was seen before: {}.{less}",
        checks.join("; ")
    )
}

/// `Old snapshot` as it stands within a sentence.
fn in_a_sentence(label: &str) -> String {
    let mut rest = label.chars();
    let first = rest.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(rest).collect()
}

#[cfg(feature = "hydrate")]
fn follow(again: Callback<()>) {
    // Made anew with each answer that differs; one that doesn't isn't the last.
    Effect::new(move |_| {
        let every = std::time::Duration::from_secs(1);
        let ask = move || {
            again.try_run(());
        };
        if let Ok(timer) = set_interval_with_handle(ask, every) {
            on_cleanup(move || timer.clear());
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn follow(_again: Callback<()>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_names_the_checks_that_it_takes() {
        let of = |kind| checks_of(kind).collect::<Vec<_>>();
        let instances = [
            Check::StoppedInstance,
            Check::VolumeOfStopped,
            Check::PreviousGeneration,
            Check::LongRunning,
        ];
        assert_eq!(of(ResourceKind::Instance), instances);
        let volumes = [
            Check::UnattachedVolume,
            Check::VolumeOfStopped,
            Check::Gp2ToGp3,
            Check::Io1ToNewer,
            Check::OrphanSnapshot,
        ];
        assert_eq!(of(ResourceKind::Volume), volumes);
        assert_eq!(of(ResourceKind::Address), [Check::IdleAddress]);
        let snapshots = [Check::OldSnapshot, Check::OrphanSnapshot];
        assert_eq!(of(ResourceKind::Snapshot), snapshots);
        assert_eq!(
            missing(ResourceKind::Address),
            "Not looked for there, or only among what was seen before: idle Elastic IP address. \
             What stopped instances cost may lack their addresses."
        );
        let snapshots = missing(ResourceKind::Snapshot);
        assert!(snapshots.contains(": old snapshot; "), "{snapshots}");
    }
}
