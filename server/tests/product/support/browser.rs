//! What browsers send: a page's script, a form without one, a link. Remembers
//! cookies and everything that came back.

use std::sync::{Arc, Mutex};

use app::ApiError;
use domain::Code;
use reqwest::{
    Client, Method, RequestBuilder, StatusCode,
    header::{ACCEPT, COOKIE, HeaderMap, LOCATION, ORIGIN, REFERER, SET_COOKIE},
    redirect::Policy,
};
use serde::de::DeserializeOwned;

/// Everything that any browser of a test received.
pub type Record = Arc<Mutex<String>>;

/// What a browser sends with a link or a form.
const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// One person's browser.
#[derive(Clone)]
pub struct Browser {
    client: Client,
    pub url: String,
    record: Record,
}

impl Browser {
    pub fn new(url: &str, record: &Record) -> Self {
        let client = Client::builder()
            .cookie_store(true)
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            client,
            url: url.to_owned(),
            record: Arc::clone(record),
        }
    }

    /// Calls a server function as the script in a page does.
    pub async fn call(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(self.request(Method::POST, path).form(fields))
            .await
    }

    /// As [`Browser::call`], for an answer that has to be good.
    pub async fn ask<T: DeserializeOwned>(&self, path: &str, fields: &[(&str, &str)]) -> T {
        self.call(path, fields).await.value()
    }

    /// Sends a form of a page, as a browser without scripts does.
    pub async fn form(&self, page: &str, path: &str, fields: &[(&str, &str)]) -> Reply {
        let form = self
            .request(Method::POST, path)
            .header(ACCEPT, HTML)
            .header(ORIGIN, &self.url)
            .header(REFERER, format!("{}{page}", self.url))
            .header("sec-fetch-site", "same-origin")
            .form(fields);
        self.send(form).await
    }

    /// Follows a link.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path).header(ACCEPT, HTML))
            .await
    }

    /// As [`Browser::call`], with headers that a browser wouldn't send there.
    pub async fn call_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Reply {
        let mut request = self.request(Method::POST, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.form(fields)).await
    }

    /// As [`Browser::call`], with these cookies instead of the browser's.
    pub async fn call_as(&self, cookies: &str, path: &str) -> Reply {
        self.call_with(path, &[], &[(COOKIE.as_str(), cookies)])
            .await
    }

    /// For what is odd about a request.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let answer = request.send().await.expect("an answer");
        let url = answer.url().to_string();
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.text().await.expect("a body");
        let seen = format!("{url}\n{status} {headers:?}\n{body}\n");
        self.record
            .lock()
            .expect("no panic while holding it")
            .push_str(&seen);
        Reply {
            status,
            headers,
            body,
        }
    }
}

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Reply {
    /// A server function's value.
    pub fn value<T: DeserializeOwned>(&self) -> T {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        serde_json::from_str(&self.body).expect("a value of this kind")
    }

    /// A server function's error.
    pub fn error(&self) -> domain::Error {
        let error: ApiError = serde_json::from_str(&self.body)
            .unwrap_or_else(|_| panic!("not an error: {} {}", self.status, self.body));
        assert_eq!(self.status, app::context::status(error.error.code));
        error.error
    }

    /// The code of a server function's error.
    pub fn code(&self) -> Code {
        self.error().code
    }

    pub fn good(&self) -> &Self {
        assert!(self.status.is_success(), "{} {}", self.status, self.body);
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a text"))
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    /// The cookies that it sets, with their attributes.
    pub fn cookies(&self) -> Vec<&str> {
        let cookies = self.headers.get_all(SET_COOKIE);
        cookies
            .iter()
            .map(|cookie| cookie.to_str().expect("a text"))
            .collect()
    }

    /// `name=value` of the one cookie it sets.
    pub fn cookie(&self) -> &str {
        let [cookie] = self.cookies()[..] else {
            panic!("not one cookie: {:?}", self.headers)
        };
        cookie.split(';').next().unwrap_or_default()
    }

    /// The id of the connection that the answer leads to.
    pub fn connection(&self) -> String {
        let rest = self.good().location();
        let id = rest
            .split(['/', '=', '?', '&'])
            .find(|part| part.len() == 36);
        id.unwrap_or_else(|| panic!("no connection in {rest:?}: {}", self.body))
            .to_owned()
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}\n{}", self.status, self.headers, self.body)
    }
}
