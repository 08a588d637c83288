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

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use chrono::Utc;
use domain::account::ConnectionId;
use server::store::Store;
use simulator::keys;
use support::stage::{ADMINISTRATOR, PASSWORD, Stage, connect, sign_in, synced};
use timing::{median_and_worst, shown};

/// How many ask at once.
const PEOPLE: usize = 50;
/// How often each of them does.
const TIMES: usize = 20;
/// What browsers understand: packing is a part of making a page.
const BROWSERS_ACCEPT: &str = "gzip, deflate, br, zstd";

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
        let signed_in = sign_in(&stage.browser(), ADMINISTRATOR, PASSWORD).await;
        let address = browser.url.trim_start_matches("http://").to_owned();
        let request = format!(
            "GET /?connection={id} HTTP/1.1\r\nHost: {address}\r\nCookie: {}\r\n\
             Accept: text/html\r\nAccept-Encoding: {BROWSERS_ACCEPT}\r\n\r\n",
            signed_in.cookie()
        );
        let mut medians = [Duration::ZERO; 2];
        for (place, people) in [1, PEOPLE].into_iter().enumerate() {
            let (median, worst) = at_once(&address, &request, people);
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
fn at_once(address: &str, request: &str, people: usize) -> (Duration, Duration) {
    let mut times = Vec::new();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..people)
            .map(|_| scope.spawn(|| one_asks(address, request)))
            .collect();
        for one in all {
            times.extend(one.join().expect("it asks"));
        }
    });
    median_and_worst(times)
}

/// Asks with as little work as possible, which is done by the same processors as the server's:
/// one connection, and nothing but a look for the answer's end.
fn one_asks(address: &str, request: &str) -> Vec<Duration> {
    let mut stream = TcpStream::connect(address).expect("the server");
    let mut answer = Vec::with_capacity(64 * 1024);
    let mut part = vec![0; 64 * 1024];
    let mut ask = || {
        answer.clear();
        stream.write_all(request.as_bytes()).expect("it listens");
        while !answer.ends_with(b"\r\n0\r\n\r\n") {
            let length = stream.read(&mut part).expect("an answer");
            assert!(length > 0, "it hung up");
            answer.extend_from_slice(&part[..length]);
        }
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    };
    // A page's style came by the same connection before.
    ask();
    let time = |_| {
        let begun = Instant::now();
        ask();
        begun.elapsed()
    };
    (0..TIMES).map(time).collect()
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
