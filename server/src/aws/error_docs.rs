//! docs/errors.md is made of the code's own table, and a test holds it to that.

use std::fmt::Write;

use domain::ledger::AwsService;

use super::{
    kind::Kind,
    table::{Circumstance, Row, Scope, TABLE},
};

/// Set, the test writes the page instead of comparing it.
const WRITE: &str = "COST_TRACKER_TEST_WRITE_DOCS";

const HEAD: &str = "\
# Errors

What can go wrong with a question to AWS, what we make of it, and what a person reads. This page is
made of the tables in `server/src/aws/table.rs`, `kind.rs` and `words.rs`; a test compares them, and
writes the page anew when it runs with `COST_TRACKER_TEST_WRITE_DOCS=1`.

AWS's code comes first, and its message only where the code has several meanings. Neither message nor
body is kept, logged or shown: our log has AWS's code and request id. A retried error is tried again
up to six times in all, with growing random pauses, within a person's minute or a background job's ten;
every attempt has a line in the ledger. Messages that AWS doesn't document were reported by people,
and may change: an unknown message under a known code falls to the row without one.

";

fn services(scope: Scope) -> String {
    let name = |service| match service {
        AwsService::CostExplorer => "Cost Explorer",
        AwsService::Ec2 => "EC2",
        AwsService::Sts => "STS",
    };
    match scope {
        Scope::Everywhere => "all".to_owned(),
        Scope::In(service) => name(service).to_owned(),
        Scope::For(operations) => {
            let actions = operations.iter().map(|operation| operation.iam_action());
            let actions: Vec<String> = actions.map(|action| format!("`{action}`")).collect();
            actions.join(", ")
        }
    }
}

const fn happens(circumstance: Circumstance) -> &'static str {
    match circumstance {
        Circumstance::ClockDiffers => {
            "a signature is refused, and the answer's `Date` differs from our clock by more than 4 minutes"
        }
        Circumstance::TokenIsOver => {
            "EC2's `RequestExpired` for credentials with a session token, while the clocks agree"
        }
        Circumstance::KnownElsewhere => {
            "EC2's `AuthFailure` in a region, while `sts:GetCallerIdentity` (free) knows the credentials"
        }
        Circumstance::TooManyByStatus => "status 429 with a code that isn't above, or none",
        Circumstance::FailedByStatus => "status 500 or above with a code that isn't above, or none",
        Circumstance::OtherCode => "another status from 400 with a code that isn't above",
        Circumstance::NotInAwssManner => {
            "a redirect, or a status from 400 without any code: a proxy, a sign-in page"
        }
        Circumstance::Unparsable => "a good status with a body that doesn't parse",
        Circumstance::TooLong => "an answer of more than 64 MiB",
        Circumstance::Broken => "no connection, or one that breaks, in the middle of an answer too",
        Circumstance::Untrusted => "a certificate that isn't trusted, or of another name",
        Circumstance::TooSlow => {
            "an attempt without a whole answer within 60 seconds, or the question's time is over"
        }
        Circumstance::QueueFull => {
            "our queue is full, or the turn didn't come in time; nothing left"
        }
        Circumstance::CapReached => "the connection's monthly cap is reached; nothing left",
        Circumstance::SwitchedOff => {
            "the server's own credentials are asked for without `--environment-credentials`"
        }
        Circumstance::NoneFound => "the server's environment has no credentials",
        Circumstance::NotLoaded => {
            "the server's credentials fail to load, without a word of AWS's in the chain of sources"
        }
        Circumstance::OurFault => {
            "the ledger can't be written, or no request can be made; nothing left"
        }
    }
}

fn retried(kind: Kind) -> &'static str {
    if kind.is_retried() { "yes" } else { "no" }
}

fn page() -> String {
    let mut page = HEAD.to_owned();
    page += "## What AWS says\n\nThe first row that fits counts.\n\n";
    page += "| AWS's code | From | Message has | Our error | Retried |\n|---|---|---|---|---|\n";
    for Row(scope, codes, part, kind) in TABLE {
        let codes: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
        let (codes, from, retried) = (codes.join(", "), services(*scope), retried(*kind));
        let part = if part.is_empty() {
            String::new()
        } else {
            format!("“{part}”")
        };
        writeln!(page, "| {codes} | {from} | {part} | {kind:?} | {retried} |").unwrap();
    }
    page += "\n## What else happens\n\n| What | Our error | Retried |\n|---|---|---|\n";
    for circumstance in Circumstance::ALL {
        let (what, kind) = (happens(circumstance), circumstance.kind());
        writeln!(page, "| {what} | {kind:?} | {} |", retried(kind)).unwrap();
    }
    page += "\nWhat a provider of the server's environment was told by AWS, while it took a role on, \
             is found in\nits chain of sources and read by the first table, as `sts:AssumeRole`.\n";
    page += "\n## What people read\n\n| Our error | Code | What happened | What to do |\n|---|---|---|---|\n";
    for kind in Kind::ALL {
        let (message, advice) = kind.words("*the action*");
        let code = kind.code().as_str();
        writeln!(page, "| {kind:?} | `{code}` | {message} | {advice} |").unwrap();
    }
    page
}

#[test]
fn the_docs_say_what_the_code_does() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
    let page = page();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written == page,
        "docs/errors.md differs from the code: run this test with {WRITE}=1"
    );
}

#[test]
fn every_kind_comes_from_somewhere() {
    let mut known: Vec<Kind> = TABLE.iter().map(|Row(.., kind)| *kind).collect();
    known.extend(Circumstance::ALL.map(Circumstance::kind));
    for kind in Kind::ALL {
        assert!(known.contains(kind), "nothing leads to {kind:?}");
    }
}
