//! A filter as a condition on the series of a cube.

use domain::{
    account::ConnectionId,
    dimension::{Filter, GroupKey},
};

use super::{
    series::{KEY1, KEY2},
    sql::Sql,
};
use crate::store::{Result, StoreError};

/// The levels' bits of some keys of a cube; `None` when it lacks one of them.
pub(super) fn level<'a>(
    cube: &[GroupKey],
    keys: impl IntoIterator<Item = &'a GroupKey>,
) -> Option<i64> {
    keys.into_iter().try_fold(0, |level, key| {
        let place = cube.iter().position(|one| one == key)?;
        Some(level | if place == 0 { KEY1 } else { KEY2 })
    })
}

/// Writes the condition; `s` is the series.
///
/// # Errors
/// [`StoreError::NoSuchKey`] when the filter looks at a key that the cube doesn't have.
pub(super) fn push(
    sql: &mut Sql,
    filter: &Filter,
    cube: &[GroupKey],
    connections: &[ConnectionId],
) -> Result<()> {
    match filter {
        Filter::In { key, values } => {
            let column = match level(cube, [key]) {
                Some(KEY1) => "s.key1",
                Some(_) => "s.key2",
                None => return Err(StoreError::NoSuchKey),
            };
            sql.push(column)
                .push(" IN (SELECT id FROM cube_keys WHERE connection_id IN ")
                .list(connections.iter().map(ToString::to_string))
                .push(" AND value IN ")
                .list(values.iter().map(String::as_str))
                .push(")");
        }
        Filter::Not(inner) => {
            sql.push("NOT (");
            push(sql, inner, cube, connections)?;
            sql.push(")");
        }
        Filter::And(members) => join(sql, members, (" AND ", "1 = 1"), cube, connections)?,
        Filter::Or(members) => join(sql, members, (" OR ", "1 = 0"), cube, connections)?,
    }
    Ok(())
}

fn join(
    sql: &mut Sql,
    members: &[Filter],
    (between, none): (&str, &str),
    cube: &[GroupKey],
    connections: &[ConnectionId],
) -> Result<()> {
    if members.is_empty() {
        sql.push(none);
    }
    for (place, member) in members.iter().enumerate() {
        sql.push(if place == 0 { "(" } else { between });
        push(sql, member, cube, connections)?;
    }
    if !members.is_empty() {
        sql.push(")");
    }
    Ok(())
}
