//! Tells the throttle when a request really goes onto the wire: writing the
//! ledger, signing and a new secure connection take times of their own, and
//! AWS counts what arrives.

use std::{
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use aws_sdk_costexplorer::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::{
            BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
        },
    },
    error::BoxError,
};
use aws_smithy_types::body::SdkBody;
use http_body::{Body, Frame, SizeHint};

use super::throttle::Permit;

/// Watches one attempt.
#[derive(Debug)]
pub(super) struct Departing(Arc<Permit>);

impl Departing {
    pub(super) fn new(permit: Arc<Permit>) -> Self {
        Self(permit)
    }
}

impl Intercept for Departing {
    fn name(&self) -> &'static str {
        "departure"
    }

    /// After signing: the body's bytes stay the same.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = mem::replace(context.request_mut().body_mut(), SdkBody::taken());
        let watched = WatchedBody {
            body,
            permit: Arc::clone(&self.0),
        };
        *context.request_mut().body_mut() = SdkBody::from_body_1_x(watched);
        Ok(())
    }

    fn read_before_deserialization(
        &self,
        _context: &BeforeDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.0.leave_at_last();
        Ok(())
    }
}

/// A body that is asked for its bytes when they are written to the connection.
struct WatchedBody {
    body: SdkBody,
    permit: Arc<Permit>,
}

impl Body for WatchedBody {
    type Data = <SdkBody as Body>::Data;
    type Error = <SdkBody as Body>::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if matches!(frame, Poll::Ready(Some(_))) {
            self.permit.leave();
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        Body::size_hint(&self.body)
    }
}
