//! What every component ends with: one type for all views.
//!
//! Leptos' own `into_any` makes every view able to wait in the middle of hydration, as views
//! do whose code is still on its way. Only routes are such; what a page consists of is there
//! when the page is. Being able to wait made up a fifth of the browser half.

use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    tachys::{
        hydration::Cursor,
        view::{Position, PositionState, add_attr::AddAnyAttr},
    },
};

/// For views of all types.
pub trait Erase {
    /// The view without its type. It's hydrated in one go: nothing in it waits for code.
    fn erased(self) -> AnyView;
}

impl<T: RenderHtml> Erase for T {
    #[cfg(not(feature = "hydrate"))]
    fn erased(self) -> AnyView {
        self.into_any()
    }

    #[cfg(feature = "hydrate")]
    fn erased(self) -> AnyView {
        AtOnce(self.into_owned()).into_any()
    }
}

/// A view without a way to wait.
#[cfg(feature = "hydrate")]
struct AtOnce<T>(T);

#[cfg(feature = "hydrate")]
impl<T: Render> Render for AtOnce<T> {
    type State = T::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

#[cfg(feature = "hydrate")]
impl<T: RenderHtml + 'static> AddAnyAttr for AtOnce<T> {
    // `AnyView` keeps attributes beside the view, so nobody asks for this.
    type Output<A: Attribute> = Self;

    fn add_any_attr<A: Attribute>(self, _attribute: A) -> Self::Output<A> {
        self
    }
}

#[cfg(feature = "hydrate")]
impl<T: RenderHtml + 'static> RenderHtml for AtOnce<T> {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = T::MIN_LENGTH;
    const EXISTS: bool = T::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(
        self,
        cursor: &Cursor,
        position: &PositionState,
    ) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    // `hydrate_async` is the trait's own, which calls `hydrate`: the point of all this.

    fn into_owned(self) -> Self {
        self
    }
}
