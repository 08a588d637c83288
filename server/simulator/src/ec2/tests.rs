use std::collections::BTreeSet;

use super::*;
use crate::books::{Books, SAMPLE};
use crate::keys::{self, KeyPair};

const SEED: u64 = 20_260_101;

struct Stage {
    books: Books,
    today: NaiveDate,
    empty_pages: bool,
}

impl Stage {
    fn new() -> Self {
        Self {
            books: Books::new(&SAMPLE, SEED),
            today: NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
            empty_pages: false,
        }
    }

    fn ask_as(
        &self,
        key: &KeyPair,
        region: &str,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, (String, u16, String)> {
        let caller = Caller::from(key);
        let context = Context {
            caller: &caller,
            books: &self.books,
            today: self.today,
            region,
            request_id: "id",
            seed: SEED,
            now: DateTime::UNIX_EPOCH,
            token_lasts: None,
            empty_pages: self.empty_pages,
        };
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let all: Vec<_> = [("Action", action), ("Version", "2016-11-15")]
            .iter()
            .chain(parameters)
            .map(own)
            .collect();
        context
            .answer(&all)
            .map(|reply| reply.body)
            .map_err(|error| {
                let reply = error.reply(Service::Ec2, "id");
                let text = between(&reply.body, "Message").next().unwrap_or_default();
                (
                    reply.code.clone().unwrap_or_default(),
                    reply.status,
                    text.to_owned(),
                )
            })
    }

    fn ask(
        &self,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<String, (String, u16, String)> {
        self.ask_as(&keys::GOOD, "us-east-1", action, parameters)
    }

    fn code(&self, action: &str, parameters: &[(&str, &str)]) -> (String, u16) {
        let (code, status, _) = self.ask(action, parameters).unwrap_err();
        (code, status)
    }

    /// Every value of an element over all pages, and how many pages there were.
    fn all(&self, action: &str, parameters: &[(&str, &str)], tag: &str) -> (Vec<String>, usize) {
        let (mut found, mut token, mut pages) = (Vec::new(), None::<String>, 0);
        loop {
            let mut asked = parameters.to_vec();
            if let Some(token) = &token {
                asked.push(("NextToken", token));
            }
            let body = self.ask(action, &asked).unwrap();
            found.extend(between(&body, tag).map(str::to_owned));
            pages += 1;
            token = between(&body, "nextToken").next().map(str::to_owned);
            if token.is_none() {
                return (found, pages);
            }
        }
    }
}

fn between<'a>(body: &'a str, tag: &str) -> impl Iterator<Item = &'a str> {
    let open = format!("<{tag}>");
    body.split(&open)
        .skip(1)
        .filter_map(|rest| rest.split("</").next())
        .collect::<Vec<_>>()
        .into_iter()
}

#[test]
fn every_page_together_is_everything_once() {
    let mut stage = Stage::new();
    let seen = stage.books.inventory().seen(stage.today);
    for empty_pages in [false, true] {
        stage.empty_pages = empty_pages;
        for (action, tag, count) in [
            (
                "DescribeVolumes",
                "status",
                seen.volumes
                    .iter()
                    .filter(|v| v.region == "us-east-1")
                    .count(),
            ),
            (
                "DescribeInstances",
                "amiLaunchIndex",
                seen.instances
                    .iter()
                    .filter(|i| i.region == "us-east-1")
                    .count(),
            ),
        ] {
            let parameters = [("MaxResults", "5")];
            let (found, pages) = stage.all(action, &parameters, tag);
            let attached = found.iter().filter(|word| *word == "attached").count();
            assert_eq!(found.len() - attached, count, "{action}");
            assert!(pages > 2, "{action}");
            if empty_pages {
                assert!(pages > 4, "{action}: {pages}");
            }
        }
        let (own, pages) = stage.all(
            "DescribeSnapshots",
            &[("Owner.1", "self"), ("MaxResults", "5")],
            "snapshotId",
        );
        assert_eq!(own.iter().collect::<BTreeSet<_>>().len(), own.len());
        assert_eq!(
            own.len(),
            seen.snapshots
                .iter()
                .filter(|s| s.region == "us-east-1")
                .count()
        );
        assert!(pages > 3);
    }
}

#[test]
fn page_tokens_are_bound_to_the_question() {
    let stage = Stage::new();
    let first = stage
        .ask("DescribeVolumes", &[("MaxResults", "5")])
        .unwrap();
    let token = between(&first, "nextToken").next().unwrap();
    // Another page size is no other question.
    assert!(
        stage
            .ask(
                "DescribeVolumes",
                &[("NextToken", token), ("MaxResults", "50")]
            )
            .is_ok()
    );
    let invalid = ("InvalidNextToken".to_owned(), 400);
    assert_eq!(
        stage.code("DescribeInstances", &[("NextToken", token)]),
        invalid
    );
    assert_eq!(
        stage.code("DescribeVolumes", &[("NextToken", "abc")]),
        invalid
    );
    let elsewhere = stage.ask_as(
        &keys::GOOD,
        "eu-west-1",
        "DescribeVolumes",
        &[("NextToken", token)],
    );
    assert_eq!(elsewhere.unwrap_err().0, "InvalidNextToken");
    let stranger = stage.ask_as(
        &keys::OTHER_ACCOUNT,
        "us-east-1",
        "DescribeVolumes",
        &[("NextToken", token)],
    );
    assert_eq!(stranger.unwrap_err().0, "InvalidNextToken");
}

#[test]
fn the_rules_of_paging_are_awss() {
    let stage = Stage::new();
    let (code, status, text) = stage
        .ask("DescribeInstances", &[("MaxResults", "3")])
        .unwrap_err();
    assert_eq!((code.as_str(), status), ("InvalidParameterValue", 400));
    assert_eq!(
        text,
        "Value ( 3 ) for parameter maxResults is invalid. Expecting a value greater than 5."
    );
    assert_eq!(
        stage.code("DescribeSnapshots", &[("MaxResults", "1001")]).0,
        "InvalidParameterValue"
    );
    assert!(
        stage
            .ask("DescribeVolumes", &[("MaxResults", "1001")])
            .is_ok()
    );
    let (ids, _) = stage.all("DescribeInstances", &[], "instanceId");
    let asked = [("InstanceId.1", ids[0].as_str()), ("MaxResults", "5")];
    let (code, status, text) = stage.ask("DescribeInstances", &asked).unwrap_err();
    assert_eq!(
        (code.as_str(), status),
        ("InvalidParameterCombination", 400)
    );
    assert_eq!(
        text,
        "The parameter instancesSet cannot be used with the parameter maxResults"
    );
    let one = stage.ask("DescribeInstances", &asked[..1]).unwrap();
    assert_eq!(
        between(&one, "instanceId").collect::<Vec<_>>(),
        [ids[0].as_str()]
    );
}

#[test]
fn unknown_things_are_told_apart() {
    let stage = Stage::new();
    for (action, name, id, code) in [
        (
            "DescribeInstances",
            "InstanceId.1",
            "i-0123456789abcdef0",
            "InvalidInstanceID.NotFound",
        ),
        (
            "DescribeInstances",
            "InstanceId.1",
            "x",
            "InvalidInstanceID.Malformed",
        ),
        (
            "DescribeVolumes",
            "VolumeId.1",
            "vol-0123456789abcdef0",
            "InvalidVolume.NotFound",
        ),
        (
            "DescribeSnapshots",
            "SnapshotId.1",
            "snap-0123456789abcdef0",
            "InvalidSnapshot.NotFound",
        ),
        (
            "DescribeAddresses",
            "AllocationId.1",
            "eipalloc-0123456789abcdef0",
            "InvalidAllocationID.NotFound",
        ),
        (
            "DescribeAddresses",
            "PublicIp.1",
            "203.0.113.9",
            "InvalidAddress.NotFound",
        ),
        ("DescribeVolumes", "OwnerId.1", "self", "UnknownParameter"),
        ("DescribeAddresses", "MaxResults", "5", "UnknownParameter"),
        (
            "DescribeVolumes",
            "Filter.1.Name",
            "colour",
            "InvalidParameterValue",
        ),
        ("RunInstances", "MinCount", "1", "InvalidAction"),
    ] {
        assert_eq!(
            stage.code(action, &[(name, id)]),
            (code.to_owned(), 400),
            "{action} {name}"
        );
    }
    assert_eq!(
        stage.code("DescribeRegions", &[("DryRun", "true")]),
        ("DryRunOperation".to_owned(), 412)
    );
}

#[test]
fn filters_take_what_matches_all_of_them() {
    let stage = Stage::new();
    let count = |parameters: &[(&str, &str)], tag: &str, action: &str| {
        stage.all(action, parameters, tag).0.len()
    };
    let all = count(&[], "instanceType", "DescribeInstances");
    let stopped = [
        ("Filter.1.Name", "instance-state-name"),
        ("Filter.1.Value.1", "stopped"),
    ];
    let running = [
        ("Filter.1.Name", "instance-state-name"),
        ("Filter.1.Value.1", "running"),
    ];
    let both = [stopped[0], stopped[1], ("Filter.1.Value.2", "running")];
    let (stopped, running) = (
        count(&stopped, "instanceType", "DescribeInstances"),
        count(&running, "instanceType", "DescribeInstances"),
    );
    assert!(stopped > 0 && running > 0 && stopped + running <= all);
    assert_eq!(
        count(&both, "instanceType", "DescribeInstances"),
        stopped + running
    );
    let tagged = [
        ("Filter.1.Name", "tag:Name"),
        ("Filter.1.Value.1", "web-?"),
        ("Filter.2.Name", "tag:Team"),
        ("Filter.2.Value.1", "plat*"),
    ];
    assert_eq!(count(&tagged, "instanceType", "DescribeInstances"), 3);
    let loose = [
        ("Filter.1.Name", "status"),
        ("Filter.1.Value.1", "available"),
    ];
    let loose = count(&loose, "volumeType", "DescribeVolumes");
    assert!(loose > 0 && loose < count(&[], "volumeType", "DescribeVolumes"));
    let attached = [
        ("Filter.1.Name", "attachment.status"),
        ("Filter.1.Value.1", "attached"),
    ];
    assert_eq!(
        count(&attached, "volumeType", "DescribeVolumes") + loose,
        count(&[], "volumeType", "DescribeVolumes")
    );
}

#[test]
fn public_snapshots_come_to_those_who_name_no_owner() {
    let stage = Stage::new();
    let of = |parameters: &[(&str, &str)]| stage.all("DescribeSnapshots", parameters, "ownerId").0;
    let (own, all) = (of(&[("Owner.1", "self")]), of(&[]));
    assert!(own.iter().all(|owner| owner == SAMPLE.payer));
    assert!(all.len() > own.len() + 10);
    assert_eq!(of(&[("Owner.1", SAMPLE.payer)]), own);
    let amazon = of(&[("Owner.1", "amazon")]);
    assert!(!amazon.is_empty() && amazon.iter().all(|owner| owner != SAMPLE.payer));
}

#[test]
fn regions_are_open_or_not() {
    let stage = Stage::new();
    let of = |parameters: &[(&str, &str)]| stage.all("DescribeRegions", parameters, "regionName").0;
    let enabled = of(&[]);
    assert_eq!(enabled.len(), 18);
    assert!(of(&[("AllRegions", "true")]).len() > 25);
    assert_eq!(of(&[("RegionName.1", "eu-south-1")]), ["eu-south-1"]);
    for region in ["eu-central-2", "mars-north-1"] {
        let error = stage
            .ask_as(&keys::GOOD, region, "DescribeVolumes", &[])
            .unwrap_err();
        assert_eq!((error.0.as_str(), error.1), ("AuthFailure", 401));
        assert!(!enabled.iter().any(|name| name == region));
    }
    // An enabled region where nothing is.
    let empty = stage
        .ask_as(&keys::GOOD, "sa-east-1", "DescribeVolumes", &[])
        .unwrap();
    assert!(empty.contains("<volumeSet/>"));
}

#[test]
fn keys_are_denied_as_policies_say() {
    let stage = Stage::new();
    let code = |key: &KeyPair, region: &str, action: &str| {
        stage
            .ask_as(key, region, action, &[])
            .map(drop)
            .map_err(|(code, status, text)| {
                assert!(
                    status != 403 || text.contains(&format!("ec2:{action} ")),
                    "{text}"
                );
                code
            })
    };
    let denied = || Err("UnauthorizedOperation".to_owned());
    for action in [
        "DescribeInstances",
        "DescribeVolumes",
        "DescribeAddresses",
        "DescribeSnapshots",
        "DescribeRegions",
    ] {
        assert_eq!(code(&keys::GOOD, "us-east-1", action), Ok(()));
        assert_eq!(code(&keys::NO_PERMISSION, "us-east-1", action), denied());
        assert_eq!(code(&keys::WITHOUT_EC2, "us-east-1", action), denied());
        assert_eq!(code(&keys::TWO_REGIONS, "eu-west-1", action), Ok(()));
        assert_eq!(code(&keys::TWO_REGIONS, "eu-central-1", action), denied());
        assert_eq!(
            code(&keys::NOT_ACTIVATED, "us-east-1", action),
            Err("OptInRequired".to_owned())
        );
        let snapshots = action == "DescribeSnapshots";
        assert_eq!(
            code(&keys::WITHOUT_SNAPSHOTS, "us-east-1", action),
            if snapshots { denied() } else { Ok(()) }
        );
        let regions = action == "DescribeRegions";
        assert_eq!(
            code(&keys::MINIMAL, "us-east-1", action),
            if regions { denied() } else { Ok(()) }
        );
    }
}

#[test]
fn what_is_said_is_what_the_inventory_has() {
    let stage = Stage::new();
    let body = stage.ask("DescribeInstances", &[]).unwrap();
    assert!(body.contains("GMT)</reason>") && body.contains("<code>80</code><name>stopped</name>"));
    assert!(body.contains("R&amp;D &lt;old&gt; index"));
    let ireland = stage
        .ask_as(&keys::GOOD, "eu-west-1", "DescribeInstances", &[])
        .unwrap();
    assert!(ireland.contains("<reason/>") && ireland.contains("Client.InstanceInitiatedShutdown"));
    let frankfurt = stage
        .ask_as(&keys::GOOD, "eu-central-1", "DescribeInstances", &[])
        .unwrap();
    assert!(frankfurt.contains("<reason>Server.SpotInstanceShutdown</reason>"));
    let addresses = ["us-east-1", "eu-west-1", "eu-central-1"]
        .map(|region| {
            stage
                .ask_as(&keys::GOOD, region, "DescribeAddresses", &[])
                .unwrap()
        })
        .concat();
    assert!(addresses.contains("<instanceId/>") && addresses.contains("<serviceManaged>alb"));
    let snapshots = stage
        .ask("DescribeSnapshots", &[("Owner.1", "self")])
        .unwrap();
    assert!(snapshots.contains("<volumeId>vol-ffffffff</volumeId>"));
    assert!(snapshots.contains("<storageTier>archive</storageTier>"));
}
