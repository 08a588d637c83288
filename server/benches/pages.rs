//! How long people wait for the Overview, one at a time and fifty at once, and how much
//! longer with ten times as many rows. The real binary on SQLite, one process; whoever asks
//! is on the same machine and takes a part of it.
//!
//! `cargo xtask bench pages`, or with other numbers of rows, in millions:
//! `cargo bench -p cost-tracker --bench pages -- 0.01 0.1`

#[path = "store_support/rows.rs"]
#[expect(dead_code, reason = "a part of it is enough here")]
mod rows;
#[path = "../tests/product/support/mod.rs"]
#[expect(dead_code, reason = "a part of it is enough here")]
mod support;
mod timing;

use std::time::{Duration, Instant};

use chrono::Utc;
use domain::account::ConnectionId;
use reqwest::StatusCode;
use server::store::Store;
use simulator::keys;
use support::{
    browser::Browser,
    stage::{Stage, connect, synced},
};
use timing::{median_and_worst, shown};

/// How many ask at once.
const PEOPLE: usize = 50;
/// How often each of them does.
const TIMES: usize = 20;

#[tokio::main]
async fn main() {
    println!("                                        p50        p99   p50 grows");
    let mut fewest: Option<[Duration; 2]> = None;
    for millions in rows::sizes(&[0.1, 1.0]) {
        let stage = Stage::new().await;
        let browser = stage.administrator().await;
        // Its account has no costs of its own.
        let id = connect(&browser, "Production", &keys::BRAND_NEW).await;
        synced(&browser, &id).await;
        let rows = fill(&stage.database(), &id, (millions * 1e6) as usize).await;
        let path = format!("/?connection={id}");
        assert_eq!(browser.get(&path).await.status, StatusCode::OK);
        let mut medians = [Duration::ZERO; 2];
        for (place, people) in [1, PEOPLE].into_iter().enumerate() {
            let (median, worst) = at_once(&browser, &path, people).await;
            let growth = fewest.map_or(1.0, |fewest| {
                median.as_secs_f64() / fewest[place].as_secs_f64()
            });
            medians[place] = median;
            println!(
                "{rows:>8} rows, {people:>2} at once        {} {}     {growth:.2}×",
                shown(median),
                shown(worst)
            );
        }
        fewest.get_or_insert(medians);
    }
}

/// How long each page takes while so many ask.
async fn at_once(browser: &Browser, path: &str, people: usize) -> (Duration, Duration) {
    let all = (0..people).map(|_| {
        let (browser, path) = (browser.clone(), path.to_owned());
        tokio::spawn(async move {
            let mut times = Vec::with_capacity(TIMES);
            for _ in 0..TIMES {
                let begun = Instant::now();
                let reply = browser.get(&path).await;
                times.push(begun.elapsed());
                assert_eq!(reply.status, StatusCode::OK);
            }
            times
        })
    });
    let mut times = Vec::new();
    for one in all.collect::<Vec<_>>() {
        times.extend(one.await.expect("it asks"));
    }
    median_and_worst(times)
}

/// Puts costs into the server's database as a first sync would. Returns how many rows.
async fn fill(database: &str, connection: &str, wanted: usize) -> usize {
    let store = Store::open(&database.parse().expect("its address"))
        .await
        .expect("the server's database");
    let id: ConnectionId = connection.parse().expect("an id");
    let mut count = 0;
    for (cube, slices) in rows::all(wanted) {
        count += slices.iter().map(|slice| slice.rows.len()).sum::<usize>();
        store
            .costs()
            .replace_slices(
                id,
                &cube.question(),
                rows::today(),
                Utc::now(),
                &slices,
                &[],
            )
            .await
            .expect("stored costs");
    }
    store.close().await.expect("it closes");
    count
}
