//! How fast costs are stored and reported at growing numbers of rows, on SQLite and, where
//! `COST_TRACKER_TEST_PG_BIN` names its programs, on PostgreSQL; beside each report the time
//! of the bare SQL behind it, and how much longer everything takes than with the fewest rows.
//!
//! `cargo bench --bench store`, or with other numbers of rows, in millions:
//! `cargo bench --bench store -- 0.01 0.1`

#[path = "../tests/support/postgres.rs"]
mod postgres_cluster;
#[path = "store_support/reports.rs"]
mod reports;
#[path = "store_support/rows.rs"]
mod rows;
#[path = "../tests/store/support.rs"]
#[expect(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "a part of it is enough here"
)]
mod support;
mod timing;

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use domain::{account::ConnectionId, cube::Cube};
use reports::{Bare, Report};
use server::store::Store;
use support::{Fresh, connected, person};
use timing::{median_and_worst, shown};

/// How often each report is made.
const TIMES: usize = 100;

#[tokio::main]
async fn main() {
    let sizes = rows::sizes(&[0.1, 1.0, 3.0]);
    println!("14 months of daily rows in the four cubes; each report {TIMES} times\n");
    measure_all("SQLite", &sizes, false).await;
    if std::env::var_os("COST_TRACKER_TEST_PG_BIN").is_some() {
        measure_all("PostgreSQL", &sizes, true).await;
    }
}

async fn measure_all(name: &str, sizes: &[f64], postgres: bool) {
    let mut smallest: Option<Vec<Duration>> = None;
    for millions in sizes {
        let fresh = if postgres {
            Fresh::postgres()
        } else {
            Fresh::sqlite()
        };
        let store = fresh.store().await;
        let ann = person(&store, "ann@example.com").await;
        let id = connected(&store, ann, "111122223333").await;
        let (rows, took) = ingest(&store, id, (millions * 1e6) as usize).await;
        println!("{name}, {rows} rows");
        println!("  ingest {:>10.0} rows/s", rows as f64 / took.as_secs_f64());
        let bare = Bare::open(fresh.raw_url()).await;
        println!("  report                                     p50       p99    bare SQL   growth");
        let mut medians = Vec::new();
        for (place, report) in Report::ALL.into_iter().enumerate() {
            let (median, worst) = times(async || report.make(&store, id).await).await;
            let (sql, _) = times(async || bare.run(report).await).await;
            let growth = smallest.as_ref().map_or(1.0, |smallest| {
                median.as_secs_f64() / smallest[place].as_secs_f64()
            });
            println!(
                "  {:<36} {} {} {}   {growth:>5.2}×",
                report.name(),
                shown(median),
                shown(worst),
                shown(sql),
            );
            medians.push(median);
        }
        println!();
        smallest.get_or_insert(medians);
        bare.close().await;
        store.close().await.expect("it closes");
    }
}

/// The median and the 99th percentile of so many times.
async fn times(work: impl AsyncFn()) -> (Duration, Duration) {
    work().await;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        work().await;
        times.push(begun.elapsed());
    }
    median_and_worst(times)
}

/// Stores everything as a first sync does: a few months at a time, the newest first.
async fn ingest(store: &Store, id: ConnectionId, wanted: usize) -> (usize, Duration) {
    let (mut rows, mut took) = (0, Duration::ZERO);
    let asked_at = Utc::now();
    for (cube, slices) in rows::all(wanted) {
        rows += slices.iter().map(|slice| slice.rows.len()).sum::<usize>();
        let begun = Instant::now();
        store
            .costs()
            .replace_slices(id, &cube.question(), rows::today(), asked_at, &slices, &[])
            .await
            .expect("stored costs");
        took += begun.elapsed();
    }
    // The daily refresh: three days again, one of which has changed.
    let slices = rows::refreshed(Cube::ServiceUsageType, wanted);
    let begun = Instant::now();
    let later = asked_at + TimeDelta::hours(8);
    let question = Cube::ServiceUsageType.question();
    let refreshed = store
        .costs()
        .replace_slices(id, &question, rows::today(), later, &slices, &[])
        .await
        .expect("stored costs");
    assert_eq!(refreshed.changed, 1);
    println!(
        "refresh of 3 days {:>8.1} ms",
        begun.elapsed().as_secs_f64() * 1e3
    );
    (rows, took)
}
