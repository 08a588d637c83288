//! Statements whose number of values isn't fixed, written once for both databases.

use sea_orm::{ConnectionTrait, DbBackend, Value};

use crate::store::{
    Result,
    database::{Row, rows, run},
};

/// Values in one statement. PostgreSQL takes 65,535 and SQLite 32,766; beyond some
/// hundred rows nothing gets faster.
pub(in crate::store) const ROWS_AT_ONCE: usize = 250;

/// A statement and its values, in the order of their places.
///
/// On SQLite the places are `?`: its driver looks up the name of each place by going
/// through the names of all, which takes longer than storing the rows.
pub(in crate::store) struct Sql {
    text: String,
    values: Vec<Value>,
    postgres: bool,
}

impl Sql {
    pub(in crate::store) fn new(on: &impl ConnectionTrait, text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: Vec::new(),
            postgres: on.get_database_backend() == DbBackend::Postgres,
        }
    }

    pub(in crate::store) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// A value's place.
    pub(in crate::store) fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        if self.postgres {
            self.text.push('$');
            self.text.push_str(&self.values.len().to_string());
        } else {
            self.text.push('?');
        }
        self
    }

    /// `(…, …)`. An empty list is written as one that nothing is in.
    pub(in crate::store) fn list<V: Into<Value>>(
        &mut self,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        let mut before = "(";
        for value in values {
            self.push(before).bind(value);
            before = ", ";
        }
        self.push(if before == "(" { "(NULL)" } else { ")" })
    }

    /// `(…, …), (…, …)`: whole rows to insert.
    pub(in crate::store) fn rows<const N: usize>(
        &mut self,
        rows: impl IntoIterator<Item = [Value; N]>,
    ) -> &mut Self {
        let mut before = "";
        for row in rows {
            self.push(before).list(row);
            before = ", ";
        }
        self
    }

    /// How many rows it touched.
    pub(in crate::store) async fn run(&mut self, on: &impl ConnectionTrait) -> Result<u64> {
        run(on, &self.text, self.values.drain(..)).await
    }

    pub(in crate::store) async fn fetch(&mut self, on: &impl ConnectionTrait) -> Result<Vec<Row>> {
        rows(on, &self.text, self.values.drain(..)).await
    }
}
