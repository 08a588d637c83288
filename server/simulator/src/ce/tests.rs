//! Cost Explorer without HTTP: its rules, one by one, and its arithmetic, by properties.

mod agreement;
mod operations;
mod paging;
mod properties;
mod rules;

use serde_json::{Value, json};

use super::*;
use crate::books::{ARCHIVE, NEWCOMER, SAMPLE};
use crate::keys::{GOOD, MULTI_YEAR};

const SEED: u64 = 20_260_101;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn sample() -> Books {
    Books::new(&SAMPLE, SEED)
}

fn context<'a>(caller: &'a Caller, books: &'a Books, today: &str) -> Context<'a> {
    Context {
        caller,
        books,
        today: date(today),
        // Real time, which the played day has nothing to do with.
        now: DateTime::UNIX_EPOCH,
        seed: SEED,
        page_size: 1_000_000,
        token_lasts: None,
    }
}

/// One page as of a day, parsed.
fn ask_paged(
    books: &Books,
    today: &str,
    page_size: usize,
    request: &Value,
) -> Result<Value, (String, u16, String)> {
    let caller = Caller::from(&GOOD);
    let context = Context {
        page_size,
        ..context(&caller, books, today)
    };
    answer(&context, "GetCostAndUsage", request)
}

/// What an operation says to the sample company's good key on the usual day.
fn operate(
    books: &Books,
    operation: &str,
    request: &Value,
) -> Result<Value, (String, u16, String)> {
    let caller = Caller::from(&GOOD);
    answer(&context(&caller, books, "2026-11-24"), operation, request)
}

fn answer(
    context: &Context<'_>,
    operation: &str,
    request: &Value,
) -> Result<Value, (String, u16, String)> {
    match context.answer(Some(operation), request.to_string().as_bytes()) {
        Ok(reply) => {
            assert_eq!(
                (reply.status, reply.content_type),
                (200, "application/x-amz-json-1.1")
            );
            Ok(serde_json::from_str(&reply.body).unwrap())
        }
        Err(error) => {
            let reply = error.reply(Service::CostExplorer, "id");
            let body: Value = serde_json::from_str(&reply.body).unwrap();
            let text = body
                .get("message")
                .or(body.get("Message"))
                .and_then(Value::as_str)
                .unwrap();
            assert_eq!(body["__type"].as_str(), reply.code.as_deref());
            Err((reply.code.unwrap(), reply.status, text.to_owned()))
        }
    }
}

fn ask(books: &Books, request: &Value) -> Value {
    ask_paged(books, "2026-11-24", 1_000_000, request).unwrap()
}

/// A valid request for some settled days, to change for each test.
fn request(granularity: &str, metrics: &[&str]) -> Value {
    json!({
        "TimePeriod": {"Start": "2026-10-05", "End": "2026-10-08"},
        "Granularity": granularity,
        "Metrics": metrics,
    })
}

/// A decimal string in units of 10⁻¹⁰, read in another way than it was written.
fn units(text: &str) -> i128 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let decimals = text
        .split_once('.')
        .map_or(0, |(_, decimals)| decimals.len());
    let value =
        digits.parse::<i128>().unwrap() * 10_i128.pow(u32::try_from(10 - decimals).unwrap());
    if text.starts_with('-') { -value } else { value }
}

fn amount(metrics: &Value, metric: &str) -> i128 {
    units(metrics[metric]["Amount"].as_str().unwrap())
}

/// Every group row: start day, keys, metrics.
fn rows(answer: &Value) -> Vec<(String, Value, Value)> {
    let results = answer["ResultsByTime"].as_array().unwrap();
    let row = |result: &Value, group: &Value| {
        let start = result["TimePeriod"]["Start"].as_str().unwrap().to_owned();
        (start, group["Keys"].clone(), group["Metrics"].clone())
    };
    results
        .iter()
        .flat_map(|result| {
            result["Groups"]
                .as_array()
                .unwrap()
                .iter()
                .map(move |group| row(result, group))
        })
        .collect()
}
