//! Pages: `MaxResults` from 5 to 1000, and tokens that are bound to the account, the region and
//! the question, and carry the day of the first page.

use chrono::NaiveDate;

use super::Context;
use super::parameters::Parameters;
use super::xml::Xml;
use crate::ce::token::{Token, Tokens, digest};
use crate::error::{AwsError, Cause};

const MOST: usize = 1_000;

/// How an operation takes its parameters.
pub(super) struct Rules {
    /// AWS's name for the list of ids, which excludes `MaxResults`.
    pub ids: &'static str,
    /// Whether more than a thousand is refused rather than cut to a thousand.
    pub strict: bool,
}

/// Which page is asked for.
pub(super) struct Page {
    from: usize,
    size: usize,
    /// The day as of which the first page was answered.
    pub today: NaiveDate,
    request: [u8; 16],
    /// No items this time.
    empty: bool,
}

impl Page {
    pub(super) fn read(
        context: &Context<'_>,
        parameters: &Parameters<'_>,
        rules: &Rules,
        by_id: bool,
    ) -> Result<Self, AwsError> {
        let asked = parameters.text("MaxResults");
        if by_id && asked.is_some() {
            let text = format!(
                "The parameter {} cannot be used with the parameter maxResults",
                rules.ids
            );
            return Err(AwsError::new(
                Cause::Other("InvalidParameterCombination", 400),
                text,
            ));
        }
        let size = asked.map_or(Ok(MOST), |asked| size(asked, rules.strict))?;
        let request = digest(context.region, &parameters.of_listing());
        let (place, today) = match parameters.text("NextToken") {
            None => (u64::from(context.empty_pages), context.today),
            Some(text) => {
                let invalid = || {
                    let text = "The specified NextToken is not valid.";
                    AwsError::new(Cause::Other("InvalidNextToken", 400), text)
                };
                let token = tokens(context).read(text).map_err(|_| invalid())?;
                token.check(request).map_err(|_| invalid())?;
                (token.from, token.today)
            }
        };
        Ok(Self {
            from: usize::try_from(place / 2).unwrap_or(usize::MAX),
            size,
            today,
            request,
            empty: place % 2 == 1,
        })
    }

    /// The items of the page; writes the token of the next one.
    pub(super) fn cut<'a, T>(&self, context: &Context<'_>, all: &'a [T], xml: &mut Xml) -> &'a [T] {
        let from = self.from.min(all.len());
        let to = match self.empty {
            true => from,
            false => all.len().min(from.saturating_add(self.size)),
        };
        if self.empty || to < all.len() {
            let place = to as u64 * 2 + u64::from(context.empty_pages && !self.empty);
            let token = Token::new(place, self.today, self.request);
            xml.text("nextToken", &tokens(context).write(&token));
        }
        &all[from..to]
    }
}

fn tokens<'a>(context: &'a Context<'_>) -> Tokens<'a> {
    Tokens {
        seed: context.seed,
        account: context.caller.account(),
        now: context.now,
        last: context.token_lasts,
    }
}

fn size(asked: &str, strict: bool) -> Result<usize, AwsError> {
    let refused = |why: &str| {
        Err(AwsError::validation(format!(
            "Value ( {asked} ) for parameter maxResults is invalid. {why}"
        )))
    };
    match asked.parse::<i64>() {
        Err(_) => refused("Expecting a number."),
        Ok(..5) => refused("Expecting a value greater than 5."),
        Ok(size) if size > 1_000 && strict => refused("Expecting a value less than 1000."),
        Ok(size) => Ok(usize::try_from(size).unwrap_or(MOST).min(MOST)),
    }
}
