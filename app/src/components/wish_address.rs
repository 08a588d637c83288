//! A breakdown as an address: what one sees can be kept as a link.

use domain::{
    cube::Question,
    dimension::{Filter, GroupKey},
    wish::{NONE, Wish},
};
use leptos_router::params::ParamsMap;

use super::problem::escape;

/// What stands for a tag in a form, whose key stands in a field of its own.
pub const A_TAG: &str = "TAG";
/// The same for a cost category and its name.
pub const A_CATEGORY: &str = "COST_CATEGORY";

/// Where a breakdown is shown.
#[must_use]
pub fn address(connection: &str, wish: &Wish) -> String {
    let pairs = [
        ("connection", connection),
        ("period", &wish.period),
        ("from", &wish.from),
        ("to", &wish.to),
        ("metric", &wish.metric),
        ("view", &wish.view),
        ("columns", &wish.columns),
        ("lines", &wish.lines),
        ("by", &wish.by),
        ("then", &wish.then),
        ("only", &wish.only),
        ("how", &wish.how),
        ("values", &wish.values),
    ];
    let pairs: Vec<String> = (pairs.into_iter())
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
    format!("/costs?{}", pairs.join("&"))
}

/// What an address wishes for, whether a link of ours or a form led there.
#[must_use]
pub fn wish(query: &ParamsMap) -> Wish {
    let text = |name: &str| query.get(name).unwrap_or_default();
    let key = |name: &str| match text(name).as_str() {
        kind @ (A_TAG | A_CATEGORY) => {
            let own = text(&format!("{name}_name"));
            match own.trim() {
                "" => String::new(),
                own => format!("{kind}:{own}"),
            }
        }
        key => key.to_owned(),
    };
    Wish {
        period: text("period"),
        from: text("from"),
        to: text("to"),
        metric: text("metric"),
        view: text("view"),
        columns: text("columns"),
        lines: text("lines"),
        by: key("by"),
        then: key("then"),
        only: key("only"),
        how: text("how"),
        values: query.get_all("values").unwrap_or_default().join("\n"),
    }
}

/// The wish that a question answers, over the last months; `None` where no address says it.
#[must_use]
pub fn wish_of(question: &Question) -> Option<Wish> {
    let mut keys = question.keys.iter().map(GroupKey::to_string);
    let mut wish = Wish {
        period: "3-months".to_owned(),
        by: keys.next().unwrap_or_default(),
        then: keys.next().unwrap_or_default(),
        ..Wish::default()
    };
    let (how, only) = match &question.filter {
        None => return Some(wish),
        Some(Filter::Not(inner)) => ("not", &**inner),
        Some(only) => ("only", only),
    };
    let Filter::In { key, values } = only else {
        return None;
    };
    let lines = values.iter().map(|value| match value.as_str() {
        "" => NONE,
        value => value,
    });
    wish.only = key.to_string();
    how.clone_into(&mut wish.how);
    wish.values = lines.collect::<Vec<_>>().join("\n");
    Some(wish)
}

#[cfg(test)]
mod tests {
    use domain::{cube::Granularity, dimension::Dimension};

    use super::*;

    fn params(pairs: &[(&'static str, &str)]) -> ParamsMap {
        let mut params = ParamsMap::new();
        for (name, value) in pairs {
            params.insert(*name, (*value).to_owned());
        }
        params
    }

    #[test]
    fn a_form_and_a_link_say_the_same() {
        let form = params(&[
            ("by", "TAG"),
            ("by_name", " Team "),
            ("then", "REGION"),
            ("then_name", ""),
            ("only", "COST_CATEGORY"),
            ("only_name", "Product"),
            ("values", "Web"),
            ("values", "A & B\r\n(none)"),
        ]);
        let wished = wish(&form);
        assert_eq!((&*wished.by, &*wished.then), ("TAG:Team", "REGION"));
        assert_eq!(wished.only, "COST_CATEGORY:Product");
        assert_eq!(wished.filter_values(), ["", "A & B", "Web"]);
        let link = address("1", &wished);
        assert_eq!(
            link,
            "/costs?connection=1&by=TAG%3ATeam&then=REGION&only=COST_CATEGORY%3AProduct\
             &values=Web%0AA%20%26%20B%0D%0A%28none%29"
        );
        // A tag without its key is nothing yet.
        assert_eq!(wish(&params(&[("by", "TAG")])).by, "");
    }

    #[test]
    fn what_was_asked_can_be_looked_at_again() {
        let zone = Filter::In {
            key: Dimension::Az.into(),
            values: vec![String::new(), "eu-west-1a".to_owned()],
        };
        let mut question = Question {
            granularity: Granularity::Daily,
            keys: vec![GroupKey::Tag("Team".to_owned())],
            filter: Some(Filter::Not(Box::new(zone.clone()))),
        };
        let again = wish_of(&question).unwrap();
        let wanted = again.read("2026-11-24".parse().unwrap()).unwrap();
        assert_eq!(
            (wanted.group_by, wanted.filter),
            (question.keys.clone(), question.filter)
        );
        question.filter = Some(Filter::And(vec![zone]));
        assert_eq!(wish_of(&question), None);
    }
}
