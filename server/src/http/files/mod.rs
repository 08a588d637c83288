//! The Explorer's numbers as files: exactly what is shown as CSV or JSON, a whole period's
//! charges as FOCUS 1.2. Reads the store alone; every number has all its digits.

mod csv;
mod focus;
mod json;

use app::{
    Explored,
    context::{Services, session_of, status},
    explored,
};
use axum::{
    Router,
    extract::{RawQuery, State},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use domain::{
    Code, Error,
    account::ConnectionId,
    breakdown::{Found, Outcome},
    sheet::Sheet,
    user::User,
};
use http::{
    HeaderMap, StatusCode,
    header::{CONTENT_DISPOSITION, CONTENT_TYPE},
};

/// The three files.
pub fn routes(services: Services) -> Router {
    Router::new()
        .route("/costs/export.csv", get(as_csv))
        .route("/costs/export.json", get(as_json))
        .route("/costs/focus.csv", get(as_focus))
        .with_state(services)
}

/// The kind of files that spreadsheets open.
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// What a file is made from.
struct Export {
    explored: Explored,
    found: Found,
    sheets: Vec<Sheet>,
}

async fn as_csv(
    State(services): State<Services>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let made = export(&services, &query, &headers).await;
    let file = made.and_then(|export| {
        let text = csv::write(&export.sheets).map_err(|_| Error::internal("csv"))?;
        Ok((name(&export, "csv"), text))
    });
    answer(file, CSV, &query)
}

async fn as_json(
    State(services): State<Services>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let made = export(&services, &query, &headers).await;
    let file = made.and_then(|export| {
        let text = json::write(&export.found, &export.sheets);
        Ok((name(&export, "json"), text?))
    });
    answer(file, "application/json", &query)
}

async fn as_focus(
    State(services): State<Services>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let query = query.unwrap_or_default();
    let file = whole(&services, &query, &headers).await;
    answer(file, CSV, &query)
}

/// Who is asking.
pub(super) async fn person(services: &Services, headers: &HeaderMap) -> Result<User, Error> {
    let token = session_of(headers, services.settings.secure_cookies);
    let token = token.ok_or_else(Error::not_signed_in)?;
    let who = services.people.who(&token).await?;
    who.ok_or_else(Error::not_signed_in)
}

/// The connection that an address names; the person's first where it names none, and `None`
/// where it names all of them.
async fn connection(
    services: &Services,
    user: &User,
    explored: &Explored,
) -> Result<Option<ConnectionId>, Error> {
    match explored.connection.as_str() {
        "all" => Ok(None),
        "" => {
            let list = services.connections.list(user).await?;
            let first = list.first().map(|one| one.id);
            first
                .map(Some)
                .ok_or_else(|| Error::not_found("connection"))
        }
        id => Ok(Some(id.parse()?)),
    }
}

async fn export(services: &Services, query: &str, headers: &HeaderMap) -> Result<Export, Error> {
    let user = person(services, headers).await?;
    let explored = explored(query);
    let of = connection(services, &user, &explored).await?;
    let page = services
        .breakdowns
        .breakdown(&user, of, explored.wish.clone())
        .await?;
    let names = page.account_names();
    let found = match page.outcome {
        Outcome::Found(found) => *found,
        Outcome::Refused(error) => return Err(error),
        Outcome::Ask(_) | Outcome::OnItsWay(_) => {
            return Err(Error::invalid(
                "by",
                "AWS would have to be asked for this first.",
                "Open it in the Explorer, which says what asking costs.",
            ));
        }
    };
    let mut sheets = Sheet::all(&found, &names);
    // Of several currencies or units, the one that is looked at, if one was chosen.
    let chosen = &explored.unit;
    if !chosen.is_empty() && sheets.iter().any(|sheet| sheet.unit == *chosen) {
        sheets.retain(|sheet| sheet.unit == *chosen);
    }
    for sheet in &mut sheets {
        sheet.arrange(explored.sort, &explored.pinned);
    }
    Ok(Export {
        explored,
        found,
        sheets,
    })
}

fn name(export: &Export, ending: &str) -> String {
    let period = export.found.wanted.period;
    let metric = match export.explored.wish.metric.as_str() {
        "" => "unblended".to_owned(),
        _ => export.found.wanted.counted().slug().to_owned(),
    };
    format!(
        "costs-{metric}-{}-{}.{ending}",
        period.start(),
        period.last_day()
    )
}

async fn whole(
    services: &Services,
    query: &str,
    headers: &HeaderMap,
) -> Result<(String, String), Error> {
    let user = person(services, headers).await?;
    let explored = explored(query);
    let Some(id) = connection(services, &user, &explored).await? else {
        return Err(Error::invalid(
            "connection",
            "This file is about a single connection.",
            "Choose one of them.",
        ));
    };
    let account = services.connections.get(&user, id).await?;
    let (period, charges) = services
        .breakdowns
        .charges(&user, id, &explored.wish)
        .await?;
    let text = focus::write(&account, &charges).map_err(|_| Error::internal("csv"))?;
    let name = format!("focus-{}-{}.csv", period.start(), period.last_day());
    Ok((name, text))
}

/// A file to be kept. Like every answer that says nothing else, it isn't stored on the way.
pub(super) fn attachment(name: &str, kind: &'static str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    (headers, text).into_response()
}

fn answer(file: Result<(String, String), Error>, kind: &'static str, query: &str) -> Response {
    match file {
        Ok((name, text)) => attachment(&name, kind, text),
        Err(error) if error.code == Code::NotSignedIn => {
            let page = format!("/costs?{query}");
            let back: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
            Redirect::to(&format!("/sign-in?next={back}")).into_response()
        }
        Err(error) => {
            let status: StatusCode = status(error.code);
            (status, format!("{}\n{}\n", error.message, error.advice)).into_response()
        }
    }
}
