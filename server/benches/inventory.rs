//! How long a look at an EC2 account with very many volumes and snapshots takes, how much
//! memory the server needs for it, and how fast its pages come afterwards. The real binary
//! and the built-in simulator; nothing leaves this machine.
//!
//! `cargo xtask bench inventory`, or with other numbers of volumes and snapshots:
//! `cargo bench -p cost-tracker --bench inventory -- 1000 2000`

#[path = "../tests/product/support/mod.rs"]
#[expect(dead_code, reason = "a part of it is enough here")]
mod support;
mod timing;

use std::{
    fs,
    time::{Duration, Instant},
};

use domain::inventory::InventoryPage;
use reqwest::StatusCode;
use simulator::{InventoryOrder, keys};
use support::{
    browser::Browser,
    eventually,
    stage::{Stage, connect, synced},
};
use timing::{median_and_worst, shown};

/// How often each page is asked for.
const TIMES: usize = 100;

#[tokio::main]
async fn main() {
    let mut sizes = std::env::args().filter_map(|size| size.parse().ok());
    let volumes = sizes.next().unwrap_or(20_000);
    let snapshots = sizes.next().unwrap_or(50_000);
    let stage = Stage::new().await;
    stage.simulator.set_inventory(InventoryOrder {
        volumes,
        snapshots,
        empty_pages: false,
    });
    let browser = stage.administrator().await;
    let id = connect(&browser, "Production", &keys::GOOD).await;
    synced(&browser, &id).await;
    println!("{volumes} more volumes, {snapshots} more snapshots\n");
    let process = stage.server.id();
    let before = memory(process, "VmHWM");
    for which in ["first", "second"] {
        let begun = Instant::now();
        let found = scan(&browser, &id).await;
        println!(
            "{which} look: {:.1} s, {} things in EC2",
            begun.elapsed().as_secs_f64(),
            found
                .counts
                .iter()
                .map(|one| u64::from(one.count))
                .sum::<u64>()
        );
    }
    println!(
        "memory: at most {before} MB before, {} MB in all of it, {} MB afterwards\n",
        memory(process, "VmHWM"),
        memory(process, "VmRSS")
    );
    println!("page, each {TIMES} times                              p50        p99");
    for (name, rest) in [
        ("findings", format!("/savings?connection={id}")),
        ("inventory", format!("/savings/inventory?connection={id}")),
        (
            "inventory, snapshots, page 400",
            format!("/savings/inventory?connection={id}&kind=snapshot&page=400"),
        ),
        (
            "inventory, searched",
            format!("/savings/inventory?connection={id}&search=vol-0a"),
        ),
        ("Overview", format!("/?connection={id}")),
    ] {
        let (median, worst) = times(&browser, &rest).await;
        println!("{name:<48} {} {}", shown(median), shown(worst));
    }
}

/// Has everything looked at, and waits for that.
async fn scan(browser: &Browser, id: &str) -> InventoryPage {
    let fields = [("connection", id)];
    browser.call("/api/inventory/scan", &fields).await.good();
    let wish = [("connection", id), ("wish[page]", "1")];
    eventually("the look ends", || async {
        let page: InventoryPage = browser.ask("/api/inventory/page", &wish).await;
        let running = page.scan.as_ref().is_some_and(|scan| scan.running);
        (!running).then_some(page)
    })
    .await
}

/// The median and the 99th percentile.
async fn times(browser: &Browser, path: &str) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let reply = browser.get(path).await;
        times.push(begun.elapsed());
        assert_eq!(reply.status, StatusCode::OK, "{path}");
    }
    median_and_worst(times)
}

/// A line of the process's account of itself, in megabytes.
fn memory(process: u32, line: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("Linux");
    let found = status.lines().find_map(|one| one.strip_prefix(line));
    let kibibytes = found.and_then(|rest| rest.split_whitespace().nth(1));
    kibibytes
        .expect("a number")
        .parse::<u64>()
        .expect("a number")
        / 1024
}
