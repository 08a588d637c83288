//! The books of all accounts, and how large the sample company's inventory is: orders change it
//! while the simulator runs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::books::inventory::Scale;
use crate::books::{ARCHIVE, Books, NEWCOMER, OTHER, Restatement, SAMPLE, SHOP};

/// More than an account can have and this machine can hold.
const MOST: usize = 1_000_000;

/// What EC2 has and how it pages it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InventoryOrder {
    /// So many volumes more than the ordinary inventory has, a million at most.
    pub volumes: usize,
    /// So many snapshots more, a million at most.
    pub snapshots: usize,
    /// Pages without items, but with a token, between the others.
    pub empty_pages: bool,
}

impl InventoryOrder {
    fn scale(self) -> Scale {
        Scale {
            volumes: self.volumes.min(MOST),
            snapshots: self.snapshots.min(MOST),
        }
    }
}

/// See the module.
pub(crate) struct Shelf {
    seed: u64,
    held: Mutex<Held>,
}

struct Held {
    order: InventoryOrder,
    /// The sample company's come first, those of accounts without data last.
    books: [Arc<Books>; 5],
}

impl Shelf {
    pub(crate) fn new(seed: u64, scale: Scale) -> Self {
        let order = InventoryOrder {
            volumes: scale.volumes,
            snapshots: scale.snapshots,
            empty_pages: false,
        };
        let books = [
            Books::scaled(&SAMPLE, seed, order.scale()),
            Books::new(&OTHER, seed),
            Books::new(&SHOP, seed),
            Books::new(&ARCHIVE, seed),
            Books::new(&NEWCOMER, seed),
        ]
        .map(Arc::new);
        Self {
            seed,
            held: Mutex::new(Held { order, books }),
        }
    }

    /// The books of an account; those without anything for an account without data.
    pub(crate) fn books_of(&self, account: &str) -> Arc<Books> {
        let held = self.held();
        let [.., empty] = &held.books;
        held.books
            .iter()
            .find(|books| books.company().payer == account)
            .unwrap_or(empty)
            .clone()
    }

    pub(crate) fn order(&self) -> InventoryOrder {
        self.held().order
    }

    /// The bill follows the inventory, past days too.
    pub(crate) fn set(&self, order: InventoryOrder) {
        let changed = self.order().scale() != order.scale();
        let books = changed.then(|| Books::scaled(&SAMPLE, self.seed, order.scale()));
        let mut held = self.held();
        held.order = order;
        if let Some(books) = books {
            for order in held.books[0].restatements().iter() {
                books.restate(order.clone());
            }
            held.books[0] = Arc::new(books);
        }
    }

    /// Changes usage of past days in the books that the order is for.
    pub(crate) fn restate(&self, order: &Restatement) {
        for books in &self.held().books {
            books.restate(order.clone());
        }
    }

    /// Takes all restatements back.
    pub(crate) fn forget_restatements(&self) {
        for books in &self.held().books {
            books.forget_restatements();
        }
    }

    /// The restatements of every payer account.
    pub(crate) fn restatements(&self) -> BTreeMap<&'static str, Vec<Restatement>> {
        let held = self.held();
        let books = held.books.iter();
        books
            .map(|books| (books.company().payer, books.restatements().clone()))
            .collect()
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
