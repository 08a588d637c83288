//! What a server function finds around it: the services, who is asking and from
//! where, and the answer's cookies and status. Holds no rule of the product.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    Code, Error,
    account::Connection,
    ports::{
        Anomalies, Bills, Breakdowns, Caller, Commitments, Connections, Costs, Doctor, Environment,
        Inventories, Jobs, People, Roles, SavedViews, Savings, SessionToken, Spending,
    },
    user::User,
};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{ACCEPT, COOKIE, SET_COOKIE},
    request::Parts,
};
use leptos::context::use_context;
use leptos_axum::ResponseOptions;
use secrecy::{ExposeSecret, SecretString};

use crate::{components::of_connection::choose, error::ApiError};

/// Everything that server functions call, provided in Leptos' context.
#[derive(Clone)]
pub struct Services {
    /// Accounts and sessions.
    pub people: Arc<dyn People>,
    /// Connections to AWS.
    pub connections: Arc<dyn Connections>,
    /// Connections by a role.
    pub roles: Arc<dyn Roles>,
    /// Connections by the server's own credentials.
    pub environment: Arc<dyn Environment>,
    /// What AWS costs.
    pub costs: Arc<dyn Costs>,
    /// Getting it from AWS.
    pub jobs: Arc<dyn Jobs>,
    /// What this tool itself costs.
    pub spending: Arc<dyn Spending>,
    /// What keys may do at AWS.
    pub doctor: Arc<dyn Doctor>,
    /// Months' bills, and where this one will end.
    pub bills: Arc<dyn Bills>,
    /// Costs by anything.
    pub breakdowns: Arc<dyn Breakdowns>,
    /// Views that people have saved.
    pub saved: Arc<dyn SavedViews>,
    /// Costs that are higher than they should be.
    pub anomalies: Arc<dyn Anomalies>,
    /// Reservations and Savings Plans.
    pub commitments: Arc<dyn Commitments>,
    /// What there is in EC2.
    pub inventory: Arc<dyn Inventories>,
    /// What could be saved.
    pub savings: Arc<dyn Savings>,
    /// What pages may know of the settings.
    pub settings: Arc<PublicSettings>,
}

/// The settings that pages depend on: nothing secret.
#[derive(Clone, Debug)]
pub struct PublicSettings {
    /// Whether the sample account is offered.
    pub sample_account: bool,
    /// Whether people come over HTTPS, so that cookies are for HTTPS only.
    pub secure_cookies: bool,
    /// Where the site's files are.
    pub assets: Assets,
    /// The server's version.
    pub version: String,
}

/// URL paths of the site's files; their names change with their content.
#[derive(Clone, Debug, Default)]
pub struct Assets {
    /// The module that loads the browser half.
    pub js: String,
    /// The browser half.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
    /// The charts.
    pub echarts: String,
    /// What each piece of the browser half consists of.
    pub pieces: BTreeMap<&'static str, Vec<&'static str>>,
}

/// A session lasts this long in the browser; the server may end it before.
const SESSION_SECONDS: u32 = 30 * 24 * 60 * 60;
/// Long enough to be led to the page that shows it.
const NOTICE_SECONDS: u32 = 60;

/// The services.
///
/// # Errors
/// The HTTP layer didn't provide them.
pub fn services() -> Result<Services, Error> {
    use_context().ok_or_else(|| Error::internal("no-services"))
}

/// Where the request comes from.
///
/// # Errors
/// The HTTP layer didn't find out.
pub fn caller() -> Result<Caller, Error> {
    use_context()
        .or_else(|| use_context::<Parts>()?.extensions.get().copied())
        .ok_or_else(|| Error::internal("no-caller"))
}

/// Who is asking. Every server function begins with it, but for those that
/// bring people in and out.
///
/// # Errors
/// [`Code::NotSignedIn`], or what the service says.
pub async fn require_user() -> Result<User, Error> {
    user().await?.ok_or_else(Error::not_signed_in)
}

/// What `make` makes of the connection that is wanted, or else of the person's first, and of
/// all that they have; `None` where they have none.
///
/// # Errors
/// When nobody is signed in, or `make` fails.
pub async fn of_chosen<T>(
    wanted: Option<&str>,
    make: impl AsyncFnOnce(User, String, Vec<Connection>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    let user = require_user().await?;
    let list = services()?.connections.list(&user).await?;
    match choose(&list, wanted) {
        Some(id) => make(user, id, list).await.map(Some),
        None => Ok(None),
    }
}

/// Who is asking, if anyone.
///
/// # Errors
/// What the service says.
pub async fn user() -> Result<Option<User>, Error> {
    match session_token() {
        Some(token) => services()?.people.who(&token).await,
        None => Ok(None),
    }
}

/// The session's secret, as the browser sent it.
#[must_use]
pub fn session_token() -> Option<SessionToken> {
    let secure = services().ok()?.settings.secure_cookies;
    session_of(&use_context::<Parts>()?.headers, secure)
}

/// The session's secret among a request's headers.
#[must_use]
pub fn session_of(headers: &HeaderMap, secure: bool) -> Option<SessionToken> {
    cookie(headers, session_cookie(secure)).map(SecretString::from)
}

/// The session's secret among a request's headers, whatever the settings are.
#[must_use]
pub fn any_session(headers: &HeaderMap) -> Option<SessionToken> {
    [true, false]
        .into_iter()
        .find_map(|secure| cookie(headers, session_cookie(secure)))
        .map(SecretString::from)
}

/// Begins a session in the browser.
///
/// # Errors
/// The HTTP layer gave nothing to answer with, or the token can't be a cookie.
pub fn begin_session(token: &SessionToken) -> Result<(), Error> {
    let secure = services()?.settings.secure_cookies;
    set_cookie(
        session_cookie(secure),
        token.expose_secret(),
        SESSION_SECONDS,
        secure,
    )
}

/// Ends the session in the browser.
///
/// # Errors
/// As [`begin_session`].
pub fn end_session() -> Result<(), Error> {
    let secure = services()?.settings.secure_cookies;
    set_cookie(session_cookie(secure), "", 0, secure)
}

/// Leaves lines for the page that comes next: it has no other way to know what
/// this request found out. Hex, because cookies take few letters.
///
/// # Errors
/// As [`begin_session`].
pub fn leave_notice(lines: &[String]) -> Result<(), Error> {
    if lines.is_empty() {
        return Ok(());
    }
    let text = lines.join("\n");
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    set_cookie(
        "notice",
        &hex,
        NOTICE_SECONDS,
        services()?.settings.secure_cookies,
    )
}

/// What [`leave_notice`] left, once.
#[must_use]
pub fn take_notice() -> Vec<String> {
    let read = || {
        let hex =
            cookie(&use_context::<Parts>()?.headers, "notice").filter(|hex| !hex.is_empty())?;
        let _ = set_cookie("notice", "", 0, services().ok()?.settings.secure_cookies);
        let bytes = hex
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok());
        let text = String::from_utf8(bytes.collect::<Option<Vec<u8>>>()?).ok()?;
        Some(text.lines().map(str::to_owned).collect())
    };
    read().unwrap_or_default()
}

/// Finishes a server function: an error gets its HTTP status where a program
/// asked. Where a person's browser did, the status has to lead back to the form.
///
/// # Errors
/// The result's.
pub fn answer<T>(result: Result<T, Error>) -> Result<T, ApiError> {
    answer_keeping(result, [])
}

/// As [`answer`]; an error brings what was typed back to the form. Nothing
/// secret may be among it.
///
/// # Errors
/// The result's.
pub fn answer_keeping<T, const N: usize>(
    result: Result<T, Error>,
    kept: [(&str, String); N],
) -> Result<T, ApiError> {
    result.map_err(|error| {
        let parts = use_context::<Parts>();
        if parts.is_some_and(|parts| is_program(&parts)) {
            set_status(status(error.code));
        }
        let kept = kept.map(|(field, value)| (field.to_owned(), value));
        ApiError {
            error,
            kept: BTreeMap::from(kept),
        }
    })
}

/// The paths of the files of which a piece of the browser half consists, with spaces between.
#[must_use]
pub fn piece_files(piece: &str) -> String {
    let services = services().ok();
    let files = services.and_then(|services| services.settings.assets.pieces.get(piece).cloned());
    files.unwrap_or_default().join(" ")
}

/// Gives the answer a status.
pub fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

/// The HTTP status of an error.
#[must_use]
pub const fn status(code: Code) -> StatusCode {
    match code {
        Code::NotSignedIn | Code::WrongCredentials => StatusCode::UNAUTHORIZED,
        Code::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        Code::NotAllowed => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::SetupDone | Code::Conflict => StatusCode::CONFLICT,
        Code::Invalid
        | Code::AwsUnknownKey
        | Code::AwsWrongSecret
        | Code::AwsExpiredToken
        | Code::AwsDenied
        | Code::AwsDeniedByOrganization
        | Code::AwsNotEnabled
        | Code::AwsCutOffByPayer
        | Code::AwsNotActivated
        | Code::AwsNoData
        | Code::AwsRoleDenied
        | Code::AwsRegionDisabled
        | Code::AwsNoCredentials
        | Code::CapReached => StatusCode::UNPROCESSABLE_ENTITY,
        Code::AwsThrottled | Code::Busy => StatusCode::SERVICE_UNAVAILABLE,
        Code::AwsTimeout => StatusCode::GATEWAY_TIMEOUT,
        Code::AwsNetwork
        | Code::AwsServer
        | Code::AwsClock
        | Code::AwsRefused
        | Code::AwsUnreadable => StatusCode::BAD_GATEWAY,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// A page calls server functions too, without HTTP: its status is its own.
fn is_program(parts: &Parts) -> bool {
    let html = parts
        .headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok());
    parts.uri.path().starts_with("/api/") && !html.is_some_and(|html| html.contains("text/html"))
}

const fn session_cookie(secure: bool) -> &'static str {
    // The prefix makes browsers refuse it from other hosts and without TLS.
    if secure { "__Host-session" } else { "session" }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

fn set_cookie(name: &str, value: &str, seconds: u32, secure: bool) -> Result<(), Error> {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    let mut header =
        HeaderValue::try_from(text).map_err(|_| Error::internal("cookie-not-a-header"))?;
    header.set_sensitive(true);
    use_context::<ResponseOptions>()
        .ok_or_else(|| Error::internal("no-response"))?
        .append_header(SET_COOKIE, header);
    Ok(())
}

#[cfg(test)]
mod tests {
    use leptos::{context::provide_context, prelude::Owner};

    use super::*;

    fn headers(cookies: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookies.parse().unwrap());
        headers
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let headers = headers("a=1; __Host-session=x; session=y=z");
        assert_eq!(cookie(&headers, "session").as_deref(), Some("y=z"));
        assert_eq!(cookie(&headers, "__Host-session").as_deref(), Some("x"));
        assert_eq!(cookie(&headers, "sess"), None);
    }

    #[test]
    fn only_programs_get_an_errors_status() {
        let parts = |path: &str, accept: &str| {
            let request = http::Request::builder().uri(path).header(ACCEPT, accept);
            request.body(()).unwrap().into_parts().0
        };
        assert!(is_program(&parts("/api/costs/refresh", "application/json")));
        assert!(!is_program(&parts("/api/costs/refresh", "text/html,*/*")));
        assert!(!is_program(&parts("/", "*/*")));
    }

    #[test]
    fn cookies_can_not_be_read_by_scripts() {
        let owner = Owner::new();
        owner.with(|| {
            let response = ResponseOptions::default();
            provide_context(response.clone());
            set_cookie("__Host-session", "abc", 60, true).unwrap();
            let parts = response.0.read().unwrap();
            let cookie = parts.headers.get(SET_COOKIE).unwrap();
            assert!(cookie.is_sensitive());
            assert_eq!(
                cookie.to_str().unwrap(),
                "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
            );
        });
    }

    #[test]
    fn a_value_can_not_smuggle_in_a_header() {
        let owner = Owner::new();
        owner.with(|| {
            provide_context(ResponseOptions::default());
            assert!(set_cookie("session", "a\r\nX: y", 60, false).is_err());
        });
    }
}
