//! HTTP in and out: reads requests, sends replies, breaks connections. Decides nothing.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State as Extract};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use futures::StreamExt;

use crate::SharedState;
use crate::books::mix;
use crate::control;
use crate::error::{Reply, Service, error_reply};
use crate::gateway::{self, Answered};
use crate::socket::Scissors;
use crate::spoil::Delivery;

const LARGEST_BODY: usize = 1 << 20;
/// Between two blanks of an endless answer.
const TRICKLE: Duration = Duration::from_millis(50);

/// Everything goes through one door: AWS has one path, the control pages a prefix.
pub(crate) fn router(state: SharedState) -> Router {
    Router::new().fallback(entrance).with_state(state)
}

async fn entrance(
    Extract(state): Extract<SharedState>,
    ConnectInfo(scissors): ConnectInfo<Scissors>,
    request: Request,
) -> Response {
    let arrived = Instant::now();
    if request.uri().path().starts_with(control::PREFIX) {
        return control::handle(&state, request).await;
    }
    let ticket = state.log.arrived(arrived);
    let request_id = request_id(state.seed, ticket.seq);
    let (parts, body) = request.into_parts();
    let Answered { delivery, date } = match to_bytes(body, LARGEST_BODY).await {
        Ok(body) => gateway::handle(&state, &parts, body, &ticket, &request_id).await,
        Err(_) => Answered {
            delivery: Delivery::Whole(error_reply(
                Service::CostExplorer,
                413,
                "RequestEntityTooLargeException",
                "Request body is too large.",
                &request_id,
            )),
            date: None,
        },
    };
    let sent = match &delivery {
        Delivery::Whole(reply) => Some((reply, reply.body.len())),
        Delivery::Half(reply) | Delivery::Endless(reply) => Some((reply, reply.body.len() / 2)),
        Delivery::Reset | Delivery::Never => None,
    };
    if let Some((reply, bytes)) = sent {
        ticket.answered(reply.status, reply.code.clone(), bytes);
    }
    let mut response = match delivery {
        Delivery::Whole(mut reply) => {
            let body = Body::from(std::mem::take(&mut reply.body));
            response(&reply, body, &request_id)
        }
        Delivery::Half(reply) => {
            let body = half(&reply);
            let mut response = response(&reply, body, &request_id);
            response
                .headers_mut()
                .insert(header::CONTENT_LENGTH, HeaderValue::from(reply.body.len()));
            response
        }
        Delivery::Endless(reply) => {
            let body = endless(&reply, state);
            response(&reply, body, &request_id)
        }
        Delivery::Reset => {
            scissors.cut();
            Response::new(Body::empty())
        }
        Delivery::Never => {
            state.stopped().await;
            scissors.cut();
            Response::new(Body::empty())
        }
    };
    // Without an order the server writes the real one.
    let date = date.map(|date| date.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    if let Some(date) = date.and_then(|date| HeaderValue::from_str(&date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    response
}

fn response(reply: &Reply, body: Body, request_id: &str) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(reply.content_type),
    );
    if let Ok(id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amzn-requestid", id);
    }
    response
}

/// The first half of a body.
fn first_half(reply: &Reply) -> Bytes {
    Bytes::copy_from_slice(&reply.body.as_bytes()[..reply.body.len() / 2])
}

/// Half the body, then a blank now and then until the caller or the simulator goes.
fn endless(reply: &Reply, state: SharedState) -> Body {
    let start = first_half(reply);
    let trickle = futures::stream::unfold(state, |state| async {
        tokio::select! {
            () = state.stopped() => None,
            () = tokio::time::sleep(TRICKLE) => {
                Some((Ok::<_, std::io::Error>(Bytes::from_static(b" ")), state))
            }
        }
    });
    Body::from_stream(futures::stream::once(async { Ok(start) }).chain(trickle))
}

/// Half the body, a moment for it to leave, then an error that ends the connection.
fn half(reply: &Reply) -> Body {
    let start = first_half(reply);
    let break_off = futures::stream::once(async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(futures::stream::once(async { Ok(start) }).chain(break_off))
}

/// Looks like AWS's, is different for every request.
fn request_id(seed: u64, seq: u64) -> String {
    let (high, low) = (mix(&[seed, seq, 1]), mix(&[seed, seq, 2]));
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        low >> 52,
        low & 0xffff_ffff_ffff
    )
}
