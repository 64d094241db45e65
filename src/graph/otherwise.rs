//! Which tables come out otherwise under other definitions, or with other models.

use std::collections::BTreeSet;

use datafusion::{common::ScalarValue, sql::parser::DFParser};

use super::{Graph, Origin, Table, references::Time};

impl Table {
    /// The tables that its rows are made of, on one day. A model that was fitted reads only what it scores.
    pub fn made_of(&self) -> impl Iterator<Item = &str> {
        let scored = self.origin.fitted_on().map(|(inputs, _)| inputs);
        let is_model = scored.is_some();
        let now = self.reads.iter().filter(move |read| !is_model && read.time == Time::Now);
        scored.into_iter().chain(now.map(|read| read.table.as_str()))
    }
}

impl Graph {
    /// `name` and all that its rows are made of on one day, each after what it is made of; nothing if it is not there.
    pub fn all_made_of(&self, name: &str) -> Vec<&Table> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&Table> = self.get(name).into_iter().collect();
        while let Some(table) = open.pop() {
            if found.insert(&table.name) {
                open.extend(table.made_of().filter_map(|read| self.get(read)));
            }
        }
        self.in_order().filter(|table| found.contains(table.name.as_str())).collect()
    }

    /// The tables that `name` is made of here and that come out otherwise than those of `now`: they are defined otherwise,
    /// or scored by another model, or made of such.
    pub fn otherwise(
        &self,
        now: &Graph,
        name: &str,
        another_model: &dyn Fn(&str) -> bool,
    ) -> BTreeSet<String> {
        let there: BTreeSet<&str> = now.all_made_of(name).iter().map(|table| table.name.as_str()).collect();
        let moved = self.moved_parameters(now);
        let mut found = BTreeSet::new();
        for table in self.all_made_of(name) {
            let one = now.get(&table.name).filter(|one| there.contains(one.name.as_str()));
            let another = table.origin.fitted_on().is_some() && another_model(&table.name);
            let same = one.is_some_and(|one| same_definition(table, one)) && !speaks_of(table, &moved);
            if another || !same || table.made_of().any(|read| found.contains(read)) {
                found.insert(table.name.clone());
            }
        }
        found
    }

    /// Parameters, as SQL names them, whose value is another there.
    fn moved_parameters(&self, now: &Graph) -> Vec<String> {
        let same = |name: &str, value| now.parameters.iter().any(|(n, v)| n == name && v == value);
        let moved = self.parameters.iter().filter(|(name, value)| !same(name, value));
        moved.map(|(name, _)| format!("${name}")).collect()
    }
}

impl Table {
    /// What its rows hang on, beside the rows that it reads: in SQL, comments and blanks say nothing.
    pub fn definition(&self) -> String {
        match &self.origin {
            Origin::Source(source) => format!("{:?}", source.of_rows()),
            Origin::Sql(sql) => {
                let text = spoken(&sql.file.text).map_or_else(|| sql.file.text.to_string(), |s| s.join(";"));
                format!("{:?} {:?} {text}", sql.header.grain, sql.header.horizon_days)
            }
            origin => format!("{origin:?}"),
        }
    }

    /// The project's parameters that its SQL names.
    pub fn parameters<'g>(&self, graph: &'g Graph) -> Vec<&'g (String, ScalarValue)> {
        let named = |(name, _): &&(String, ScalarValue)| speaks_of(self, &[format!("${name}")]);
        graph.parameters.iter().filter(named).collect()
    }
}

fn speaks_of(table: &Table, parameters: &[String]) -> bool {
    let Some(sql) = table.sql().filter(|_| !parameters.is_empty()) else { return false };
    let whole = |rest: &str| !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric());
    parameters.iter().any(|name| sql.split(name.as_str()).skip(1).any(whole))
}

/// Whether both say the same of the same tables: in SQL, comments and blanks say nothing.
fn same_definition(one: &Table, other: &Table) -> bool {
    match (&one.origin, &other.origin) {
        (Origin::Source(one), Origin::Source(other)) => one.gives_the_same_rows(other),
        (Origin::Sql(one), Origin::Sql(other)) => {
            one.file.text == other.file.text || spoken(&one.file.text) == spoken(&other.file.text)
        }
        (Origin::Judged { sql: one, .. }, Origin::Judged { sql: other, .. }) => one == other,
        // What is asked of a fit shows in the model that it gives.
        (Origin::Learned { spec: one, .. }, Origin::Learned { spec: other, .. }) => {
            (&one.features, one.kind) == (&other.features, other.kind)
        }
        (Origin::Lifetime { spec: one, .. }, Origin::Lifetime { spec: other, .. }) => {
            one.purchases == other.purchases
        }
        (Origin::Reasons { model: one, .. }, Origin::Reasons { model: other, .. }) => one == other,
        _ => false,
    }
}

/// A SELECT as the parser understood it.
fn spoken(sql: &str) -> Option<Vec<String>> {
    let statements = DFParser::parse_sql(sql).ok()?;
    Some(statements.iter().map(ToString::to_string).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::{Project, Texts};

    const CARD: &str = "kind = 'scorecard'\nfrom = 'people'\n[[component]]\nname = 'one'\nweight = 1\n\
                        value = 'money'\npoints = [[0, 0], [100, 100]]\n";
    const PLACE: &str = "kind = 'quadrant'\nfrom = 'people'\nx = { scores = { card = 1 }, cut = { fixed = 60 } }\n\
                         y = { scores = { card = 1 }, cut = { fixed = 50 } }\n";

    fn graph(changed: &[(&str, &str)]) -> Graph {
        let sources = "[accounts]\npath = 'a.parquet'\nkind = 'static'\n[accounts.columns]\ncustomer_id = 'text'\n\
                       money = 'double?'\n";
        let mut texts = Texts::from([
            ("sql/sources.toml".to_owned(), sources.to_owned()),
            ("sql/staging/people.sql".into(), "SELECT customer_id, money FROM accounts".into()),
            ("models/card.toml".into(), CARD.into()),
            ("models/place.toml".into(), PLACE.into()),
        ]);
        texts.extend(changed.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        Graph::new(&Project::of(&texts).unwrap()).unwrap()
    }

    fn differing(then: &Graph, now: &Graph) -> Vec<String> {
        then.otherwise(now, "place", &|_| false).into_iter().collect()
    }

    #[test]
    fn what_follows_from_a_change_comes_out_otherwise_and_nothing_else_does() {
        let now = graph(&[]);
        let names: Vec<&str> = now.all_made_of("place").iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["accounts", "people", "card", "place"]);
        let place = PLACE.replace("60", "61");
        assert_eq!(differing(&graph(&[("models/place.toml", &place)]), &now), ["place"]);
        let people = [("sql/staging/people.sql", "SELECT customer_id, 2 * money AS money FROM accounts")];
        assert_eq!(differing(&graph(&people), &now), ["card", "people", "place"]);
        assert_eq!(now.otherwise(&now, "nobody", &|_| true).len(), 0);
    }

    #[test]
    fn words_about_a_table_change_nothing() {
        let said = [
            (
                "sql/staging/people.sql",
                "/*---\ndescription = 'All.'\n---*/\nSELECT customer_id, -- who\n money FROM accounts",
            ),
            ("models/place.toml", &format!("# where they stand\ndescription = 'Where.'\n{PLACE}")),
            ("sql/value/unread.sql", "SELECT customer_id FROM people"),
        ];
        assert_eq!(differing(&graph(&said), &graph(&[])), [""; 0]);
    }
}
