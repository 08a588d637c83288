//! What the Explorer shows, as an address: it can be kept, sent and gone back to.

use domain::{
    cube::Question,
    dimension::{Dimension, Filter, GroupKey},
    period::Period,
    sheet::Sort,
    wish::{FilterWish, MOST_FILTERS, NOTHING, Wish},
};
use leptos_router::params::ParamsMap;

use crate::components::problem::query;

/// Where the Explorer is.
pub const PATH: &str = "/costs";
/// Stands for all connections.
pub const ALL: &str = "all";
/// What stands for a tag in a form, whose key stands in a field of its own.
pub const A_TAG: &str = "TAG";
/// The same for a cost category and its name.
pub const A_CATEGORY: &str = "COST_CATEGORY";

/// The fields of a filter: the first has no number.
const FILTER_FIELDS: [[&str; 3]; MOST_FILTERS] = [
    ["only", "how", "values"],
    ["only2", "how2", "values2"],
    ["only3", "how3", "values3"],
    ["only4", "how4", "values4"],
    ["only5", "how5", "values5"],
];

/// The names of a filter's fields, by its place.
#[must_use]
pub fn filter_fields(place: usize) -> [&'static str; 3] {
    FILTER_FIELDS[place.min(MOST_FILTERS - 1)]
}

/// Everything that an address of the Explorer says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Explored {
    /// A connection's id, [`ALL`], or nothing for the first.
    pub connection: String,
    /// What is wanted of its costs.
    pub wish: Wish,
    /// The order of the table's lines.
    pub sort: Sort,
    /// Lines that stay on top: each one's values, joined.
    pub pinned: Vec<String>,
    /// The currency or unit, where there are several.
    pub unit: String,
}

impl Explored {
    /// What an address says, whether a link of ours or a form led there.
    #[must_use]
    pub fn read(query: &ParamsMap) -> Self {
        let text = |name: &str| query.get(name).unwrap_or_default();
        Self {
            connection: text("connection"),
            wish: wish(query),
            sort: text("sort").parse().unwrap_or_default(),
            pinned: query.get_all("pin").unwrap_or_default(),
            unit: text("unit"),
        }
    }

    /// The address.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{PATH}{}", self.query())
    }

    /// Where a file of it is, by the end of its name.
    #[must_use]
    pub fn file(&self, name: &str) -> String {
        format!("{PATH}/{name}{}", self.query())
    }

    fn query(&self) -> String {
        let wish = &self.wish;
        let mut pairs: Vec<(&str, &str)> = vec![
            ("connection", &self.connection),
            ("period", &wish.period),
            ("from", &wish.from),
            ("to", &wish.to),
            ("compare", &wish.compare),
            ("compare_from", &wish.compare_from),
            ("compare_to", &wish.compare_to),
            ("step", &wish.step),
            ("metric", &wish.metric),
            ("view", &wish.view),
            ("chart", &wish.chart),
            ("lines", &wish.lines),
            ("by", &wish.by),
            ("then", &wish.then),
        ];
        for (filter, [only, how, values]) in wish.filters.iter().zip(FILTER_FIELDS) {
            pairs.extend([
                (only, filter.only.as_str()),
                (how, filter.how.as_str()),
                (values, filter.values.as_str()),
            ]);
        }
        let sort = self.sort.to_string();
        pairs.push(("sort", &sort));
        pairs.push(("unit", &self.unit));
        pairs.extend(self.pinned.iter().map(|one| ("pin", one.as_str())));
        match query(&pairs) {
            said if said.is_empty() => said,
            said => format!("?{said}"),
        }
    }

    /// The same with something changed.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut changed = self.clone();
        change(&mut changed);
        changed
    }

    /// The same over other days.
    #[must_use]
    pub fn over(&self, period: Period) -> Self {
        self.with(|changed| {
            "days".clone_into(&mut changed.wish.period);
            changed.wish.from = period.start().to_string();
            changed.wish.to = period.last_day().to_string();
        })
    }

    /// What lies behind one line: its values are filtered by, and the next key is grouped by.
    /// `None` where there is no room for more filters.
    #[must_use]
    pub fn behind(&self, keys: &[GroupKey], values: &[String]) -> Option<Self> {
        let mut filters: Vec<FilterWish> = (self.wish.filters.iter())
            .filter(|filter| !filter.is_empty())
            .cloned()
            .collect();
        for (key, value) in keys.iter().zip(values) {
            let one = FilterWish::of(&key.to_string(), "only", std::slice::from_ref(value));
            if !filters.contains(&one) {
                filters.push(one);
            }
        }
        if filters.len() > MOST_FILTERS {
            return None;
        }
        let service = Dimension::Service.aws_name();
        let by_service = filters.iter().any(|one| one.only == service);
        let next = match (by_service, filters.len()) {
            (false, _) => service,
            // Each kept cube tells services and one thing more apart.
            (true, 1) => Dimension::UsageType.aws_name(),
            (true, _) => NOTHING,
        };
        Some(self.with(|changed| {
            changed.wish.filters = filters;
            next.clone_into(&mut changed.wish.by);
            changed.wish.then.clear();
            changed.pinned.clear();
        }))
    }
}

/// What the part of an address after its `?` says.
#[cfg(feature = "ssr")]
#[must_use]
pub fn explored(query: &str) -> Explored {
    use leptos_router::location::RequestUrl;

    match RequestUrl::new(&format!("{PATH}?{query}")).parse() {
        Ok(url) => Explored::read(url.search_params()),
        Err(_) => Explored::default(),
    }
}

/// The address of a wish.
#[must_use]
pub fn address(connection: &str, wish: &Wish) -> String {
    let explored = Explored {
        connection: connection.to_owned(),
        wish: wish.clone(),
        ..Explored::default()
    };
    explored.path()
}

fn wish(query: &ParamsMap) -> Wish {
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
    let filters = FILTER_FIELDS.map(|[only, how, values]| FilterWish {
        only: key(only),
        how: text(how),
        values: query.get_all(values).unwrap_or_default().join("\n"),
    });
    Wish {
        period: text("period"),
        from: text("from"),
        to: text("to"),
        compare: text("compare"),
        compare_from: text("compare_from"),
        compare_to: text("compare_to"),
        step: text("step"),
        metric: text("metric"),
        view: text("view"),
        chart: text("chart"),
        lines: text("lines"),
        by: key("by"),
        then: key("then"),
        filters: (filters.into_iter())
            .filter(|filter| !filter.only.is_empty())
            .collect(),
    }
}

/// Leaves out what says the same as nothing, so that an address stays short: dates without
/// their choice, and choices that are the usual ones.
#[must_use]
pub fn tidy(mut wish: Wish) -> Wish {
    if wish.period != "days" {
        wish.from.clear();
        wish.to.clear();
    }
    if wish.compare != "days" {
        wish.compare_from.clear();
        wish.compare_to.clear();
    }
    for (text, usual) in [
        (&mut wish.compare, "nothing"),
        (&mut wish.metric, "unblended"),
        (&mut wish.view, "console"),
        (&mut wish.chart, "bars"),
        (&mut wish.lines, "8"),
        (&mut wish.by, "SERVICE"),
        (&mut wish.then, NOTHING),
    ] {
        if text == usual {
            text.clear();
        }
    }
    for filter in &mut wish.filters {
        if filter.how == "only" {
            filter.how.clear();
        }
        let values = filter.list();
        *filter = FilterWish::of(&filter.only, &filter.how, &values);
    }
    wish
}

/// The wish that a question answers, over the last months; `None` where no address says it.
#[must_use]
pub fn wish_of(question: &Question) -> Option<Wish> {
    let mut keys = question.keys.iter().map(GroupKey::to_string);
    let mut filters = Vec::new();
    for filter in question.filter.iter().flat_map(Filter::conjuncts) {
        let (how, only) = match &filter {
            Filter::Not(inner) => ("not", &**inner),
            only => ("only", only),
        };
        let Filter::In { key, values } = only else {
            return None;
        };
        filters.push(FilterWish::of(&key.to_string(), how, values));
    }
    (filters.len() <= MOST_FILTERS).then(|| Wish {
        period: "3-months".to_owned(),
        by: keys.next().unwrap_or_else(|| NOTHING.to_owned()),
        then: keys.next().unwrap_or_default(),
        filters,
        ..Wish::default()
    })
}

#[cfg(test)]
mod tests {
    use domain::cube::Granularity;

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
            ("connection", "1"),
            ("by", "TAG"),
            ("by_name", " Team "),
            ("then", "REGION"),
            ("then_name", ""),
            ("only", "COST_CATEGORY"),
            ("only_name", "Product"),
            ("values", "Web"),
            ("values", "A & B\r\n(none)"),
            ("how2", "only"),
            ("only3", "REGION"),
            ("how3", "not"),
            ("values3", "eu-west-1"),
            ("sort", "-change"),
            ("pin", "x"),
        ]);
        let mut explored = Explored::read(&form);
        let wish = &explored.wish;
        assert_eq!((&*wish.by, &*wish.then), ("TAG:Team", "REGION"));
        assert_eq!(wish.filters.len(), 2);
        assert_eq!(wish.filters[0].only, "COST_CATEGORY:Product");
        assert_eq!(wish.filters[0].list(), ["", "A & B", "Web"]);
        explored.wish = tidy(explored.wish);
        assert_eq!(
            explored.path(),
            "/costs?connection=1&by=TAG%3ATeam&then=REGION&only=COST_CATEGORY%3AProduct\
             &values=%28none%29%0AA%20%26%20B%0AWeb&only2=REGION&how2=not&values2=eu-west-1\
             &sort=-change&pin=x"
        );
        assert!(
            explored
                .file("export.csv")
                .starts_with("/costs/export.csv?connection=1&")
        );
        // A tag without its key is nothing yet.
        assert_eq!(wish_by(&[("by", "TAG")]), "");
        assert_eq!(Explored::read(&params(&[])).path(), "/costs");
    }

    fn wish_by(pairs: &[(&'static str, &str)]) -> String {
        Explored::read(&params(pairs)).wish.by
    }

    #[test]
    fn what_is_usual_is_not_said() {
        let form = params(&[
            ("period", "this-month"),
            ("from", "2026-11-01"),
            ("compare", "nothing"),
            ("metric", "unblended"),
            ("view", "console"),
            ("by", "SERVICE"),
            ("then", "nothing"),
            ("lines", "8"),
            ("chart", "bars"),
        ]);
        let mut explored = Explored::read(&form);
        explored.wish = tidy(explored.wish);
        assert_eq!(explored.path(), "/costs?period=this-month");
    }

    #[test]
    fn one_line_leads_to_what_is_behind_it() {
        let start = Explored::default();
        let service = [GroupKey::from(Dimension::Service)];
        let usage_type = [GroupKey::from(Dimension::UsageType)];
        let account = [GroupKey::from(Dimension::LinkedAccount)];
        let into = |from: &Explored, keys: &[GroupKey], value: &str| {
            from.behind(keys, &[value.to_owned()]).unwrap()
        };
        let s3 = into(&start, &service, "Amazon S3");
        assert_eq!(s3.wish.by, "USAGE_TYPE");
        assert_eq!(
            s3.wish.filters,
            [FilterWish::of("SERVICE", "only", &["Amazon S3".to_owned()])]
        );
        let storage = into(&s3, &usage_type, "Storage");
        assert_eq!(
            (storage.wish.by.as_str(), storage.wish.filters.len()),
            (NOTHING, 2)
        );
        let mine = into(&start, &account, "111111111111");
        assert_eq!(mine.wish.by, "SERVICE");
        let full = (0..MOST_FILTERS).fold(start, |from, place| {
            into(&from, &service, &place.to_string())
        });
        assert_eq!(full.behind(&service, &["more".to_owned()]), None);
    }

    #[test]
    fn what_was_asked_can_be_looked_at_again() {
        let zone = Filter::In {
            key: Dimension::Az.into(),
            values: vec![String::new(), "eu-west-1a".to_owned()],
        };
        let region = Filter::In {
            key: Dimension::Region.into(),
            values: vec!["eu-west-1".to_owned()],
        };
        let both = Filter::And(vec![Filter::Not(Box::new(zone.clone())), region.clone()]);
        let mut question = Question {
            granularity: Granularity::Daily,
            keys: vec![GroupKey::Tag("Team".to_owned())],
            filter: Some(both.canonical()),
        };
        let again = wish_of(&question).unwrap();
        let wanted = again.read("2026-11-24".parse().unwrap(), None).unwrap();
        assert_eq!(
            (wanted.group_by, wanted.filter),
            (question.keys.clone(), question.filter)
        );
        question.filter = Some(Filter::Or(vec![zone, region]));
        assert_eq!(wish_of(&question), None);
    }
}
