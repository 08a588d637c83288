//! The SDK makes an empty list of one that AWS left out. An account without monitors and an
//! answer without content would look the same, so what was really there is looked up.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_costexplorer::{
    Client,
    config::{
        ConfigBag, Intercept, RuntimeComponents,
        interceptors::AfterDeserializationInterceptorContextRef,
    },
    error::BoxError,
    operation::RequestId,
};
use serde::de::IgnoredAny;

use super::ConvertError;

/// An answer, and the names of what AWS put into it.
#[derive(Clone, Debug)]
pub(in crate::aws) struct Told<T> {
    /// As the SDK reads it.
    pub value: T,
    members: Arc<Members>,
}

impl<T> Told<T> {
    /// # Errors
    /// When neither of these is in the answer.
    pub(super) fn any_of(&self, names: &[&str]) -> Result<(), ConvertError> {
        let known = self
            .members
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if names.iter().any(|name| known.contains(&(*name).to_owned())) {
            Ok(())
        } else {
            Err(ConvertError::NoData)
        }
    }
}

impl<T: RequestId> RequestId for Told<T> {
    fn request_id(&self) -> Option<&str> {
        self.value.request_id()
    }
}

/// Looks into the body of one answer: give a clone of it to the call.
#[derive(Clone, Debug, Default)]
pub(in crate::aws) struct Listener(Arc<Members>);

#[derive(Debug, Default)]
struct Members(Mutex<Vec<String>>);

impl Listener {
    /// The client, listened to.
    pub(in crate::aws) fn attached_to(&self, client: &Client) -> Client {
        let config = client.config().to_builder().interceptor(self.clone());
        Client::from_conf(config.build())
    }

    /// The answer with what was heard of it.
    pub(in crate::aws) fn told<T>(self, value: T) -> Told<T> {
        Told {
            value,
            members: self.0,
        }
    }
}

impl Intercept for Listener {
    fn name(&self) -> &'static str {
        "told"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().unwrap_or_default();
        // What isn't an object, the SDK has refused already.
        let members: BTreeMap<String, Option<IgnoredAny>> =
            serde_json::from_slice(body).unwrap_or_default();
        let there = members.into_iter().filter(|(_, content)| content.is_some());
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) =
            there.map(|(name, _)| name).collect();
        Ok(())
    }
}
