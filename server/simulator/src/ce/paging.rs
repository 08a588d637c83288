//! Pages of lists: where one begins, and the token of the next.

use std::fmt::Debug;

use chrono::NaiveDate;

use super::Context;
use super::token::{Digested, Token, digest};
use crate::error::AwsError;

/// Where an answer goes on.
pub(super) struct Place {
    /// As of which day: later pages are answered as of the day of the first one.
    pub today: NaiveDate,
    from: u64,
    digest: Digested,
}

impl Context<'_> {
    /// Reads the page token that came with a request, if one did. The request is without it.
    pub(super) fn place(
        &self,
        operation: &str,
        request: &impl Debug,
        token: Option<&str>,
    ) -> Result<Place, AwsError> {
        let digest = digest(operation, request);
        let token = match token {
            Some(token) => self.tokens().read(token)?,
            None => Token::new(0, self.today, digest),
        };
        token.check(digest)?;
        Ok(Place {
            today: token.today,
            from: token.from,
            digest,
        })
    }

    /// At most so many of the rows, from the place on, and the token of the next page.
    pub(super) fn cut<T>(
        &self,
        place: &Place,
        rows: Vec<T>,
        most: usize,
    ) -> (Vec<T>, Option<String>) {
        let size = most.min(self.page_size);
        let (count, from) = (
            rows.len(),
            usize::try_from(place.from).unwrap_or(usize::MAX),
        );
        let page: Vec<T> = rows.into_iter().skip(from).take(size).collect();
        let end = from.saturating_add(page.len());
        let next = (end < count && !page.is_empty()).then(|| {
            let token = Token::new(end as u64, place.today, place.digest);
            self.tokens().write(&token)
        });
        (page, next)
    }
}
