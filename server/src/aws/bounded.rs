//! Keeps answers from growing without end.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};

use aws_sdk_costexplorer::{
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::BeforeDeserializationInterceptorContextMut,
    },
    error::BoxError,
};
use aws_smithy_types::body::SdkBody;
use http_body::{Body, Frame, SizeHint};

/// Far more than a page of any answer takes.
pub(super) const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// An answer doesn't end where it should have.
#[derive(Debug, thiserror::Error)]
#[error("the answer is too long")]
pub(super) struct TooLong;

/// Watches one answer.
#[derive(Debug)]
pub(super) struct Bounded(pub usize);

impl Intercept for Bounded {
    fn name(&self) -> &'static str {
        "bound"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = mem::replace(context.response_mut().body_mut(), SdkBody::taken());
        let bounded = BoundedBody { body, left: self.0 };
        *context.response_mut().body_mut() = SdkBody::from_body_1_x(bounded);
        Ok(())
    }
}

struct BoundedBody {
    body: SdkBody,
    /// Bytes that may still come.
    left: usize,
}

impl Body for BoundedBody {
    type Data = <SdkBody as Body>::Data;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        if let Poll::Ready(Some(Ok(frame))) = &frame {
            let length = frame.data_ref().map_or(0, |data| data.len());
            match self.left.checked_sub(length) {
                Some(left) => self.left = left,
                None => return Poll::Ready(Some(Err(TooLong.into()))),
            }
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
