//! The page that a person sees first: who opens the bare address is led to the view that
//! they have chosen for it.

use app::context::{Services, session_of};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, Method};

/// Leads on, or lets the request pass.
pub async fn lead(State(services): State<Services>, request: Request, next: Next) -> Response {
    let uri = request.uri();
    let is_bare = request.method() == Method::GET && uri.path() == "/" && uri.query().is_none();
    if is_bare && let Some(there) = start(&services, request.headers()).await {
        return Redirect::to(&there).into_response();
    }
    next.run(request).await
}

/// Where the person wants to begin. What goes wrong here goes wrong on the page too, which
/// says it better.
async fn start(services: &Services, headers: &HeaderMap) -> Option<String> {
    let token = session_of(headers, services.settings.secure_cookies)?;
    let user = services.people.who(&token).await.ok()??;
    let view = services.saved.start(&user).await.ok()??;
    Some(view.path())
}
