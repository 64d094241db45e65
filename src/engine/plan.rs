//! Planning every table against declared columns: names and types checked, no data touched.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use datafusion::{
    catalog::{MemorySchemaProvider, TableProvider},
    common::{
        ParamValues, ScalarValue,
        tree_node::{TreeNode, TreeNodeRecursion},
    },
    datasource::empty::EmptyTable,
    logical_expr::{Expr, LogicalPlan, Volatility},
    prelude::SessionContext,
};

use futures::executor::block_on;

use super::{
    Engine, fault,
    moment::put,
    query,
    recomputed::recomputed_schema,
    tables::{kept_schema, plan_table},
    waves::waves,
};
use crate::{
    graph::{Graph, Origin, Table, Wanted},
    lake::status::status_schema,
    learn,
    problem::{Problem, Result, Severity, did_you_mean},
    project::{
        model::LearnedKind,
        parameters::GIVEN,
        sql_file::{Layer, SqlFile},
        types::type_name,
        written::Written,
    },
    threads::side_by_side,
};

/// The columns of every table, by name; the faults of all tables come back together.
pub fn plan_all(graph: &Graph) -> Result<BTreeMap<String, SchemaRef>> {
    let engine = Engine::new(1, None)?;
    let (tables, files, previous, history, made) = <(
        Arc<MemorySchemaProvider>,
        Arc<MemorySchemaProvider>,
        Arc<MemorySchemaProvider>,
        Arc<MemorySchemaProvider>,
        Arc<MemorySchemaProvider>,
    )>::default();
    put(&made, "sources", empty(status_schema()))?;
    for (name, schema) in learn::schemas::of_models() {
        put(&made, name, empty(schema))?;
    }
    for table in graph.of_layer(Layer::Snapshots) {
        if let Origin::Sql(SqlFile { header, .. }) = &table.origin
            && let Some(contract) = header.contract()
        {
            put(&history, &table.name, empty(history_schema(&contract)))?;
            put(&previous, &table.name, empty(Arc::new(Schema::new(contract))))?;
        }
    }
    let session = engine.session([
        ("public", Arc::clone(&tables)),
        ("future", Arc::clone(&tables)),
        ("files", Arc::clone(&files)),
        ("previous", previous),
        ("history", history),
        ("luopan", made),
    ])?;
    let parameters = any_parameters(graph);
    let mut schemas = BTreeMap::new();
    let mut problems = Vec::new();
    let mut broken: BTreeSet<&Path> = BTreeSet::new();
    for mut wave in waves(graph) {
        // Of one that reads a broken table nothing is said: it is reported there.
        wave.retain(|(_, table)| {
            table.reads.iter().all(|r| !r.is_in_project() || schemas.contains_key(&r.table))
        });
        for (_, table) in &wave {
            if let Origin::Source(source) = &table.origin {
                put(&files, &table.name, empty(Arc::new(source.schema.clone())))?;
            }
        }
        // No table has rows: nothing in it waits.
        let plan = |(_, table): &(usize, &Table)| block_on(plan_one(&session, table, &schemas, &parameters));
        for ((place, table), planned) in wave.iter().zip(side_by_side(&wave, plan)) {
            match planned {
                Ok(schema) => {
                    put(&tables, &table.name, empty(Arc::clone(&schema)))?;
                    schemas.insert(table.name.clone(), schema);
                }
                Err(problem) => problems.push((*place, *table, near_parameter(problem, graph))),
            }
        }
    }
    problems.sort_by_key(|(place, ..)| *place);
    problems.retain(|(_, table, _)| {
        let own = table.file().map(|file| file.path.as_path());
        // Another table of the same model file says what is wrong with it.
        let told =
            matches!(table.origin, Origin::Judged { .. }) && own.is_some_and(|path| broken.contains(path));
        broken.extend(own);
        !told
    });
    Problem::all(problems.into_iter().map(|(.., problem)| problem).collect())?;
    Ok(schemas)
}

fn empty(schema: SchemaRef) -> Arc<dyn TableProvider> {
    Arc::new(EmptyTable::new(schema))
}

async fn plan_one(
    session: &SessionContext,
    table: &Table,
    schemas: &BTreeMap<String, SchemaRef>,
    parameters: &ParamValues,
) -> Result<SchemaRef> {
    if let Origin::Reasons { .. } = &table.origin {
        return Ok(learn::reasons::reasons_schema());
    }
    if let Origin::Recomputed { .. } = &table.origin {
        return Ok(recomputed_schema());
    }
    if let Origin::Lifetime { spec, file, .. } = &table.origin {
        let label = &schemas[&spec.future];
        check_label(file, &spec.future, (LearnedKind::Amount, "a number"), label)?;
        return Ok(learn::lifetime::lifetime_schema());
    }
    if let Origin::Learned { spec, file, .. } = &table.origin {
        let features = &schemas[&spec.features];
        if let Some(missing) = spec.exclude.iter().find(|e| features.index_of(e).is_err()) {
            let at = file.text.find(&format!("\"{missing}\"")).map_or(0..0, |i| i..i + missing.len() + 2);
            let near = did_you_mean(missing, features.fields().iter().map(|f| f.name().as_str()));
            let problem =
                file.problem(at, format!("`{}` has no column `{missing}` to exclude", spec.features));
            return Err(near.into_iter().fold(problem, |p, help| p.help(help)));
        }
        let named = spec.governance.segments.iter().chain(&spec.weight);
        if let Some(missing) = named.into_iter().find(|column| features.index_of(column).is_err()) {
            let near = did_you_mean(missing, features.fields().iter().map(|f| f.name().as_str()));
            let problem = file
                .problem(span_of(file, missing), format!("`{}` has no column `{missing}`", spec.features));
            return Err(near.into_iter().fold(problem, |p, help| p.help(help)));
        }
        let excluded = spec.exclude.contains(&spec.label);
        if features.index_of(&spec.label).is_ok() && !excluded {
            let message =
                format!("`{}` has a column `{}`: the label would be a feature", spec.features, spec.label);
            return Err(file
                .problem(span_of(file, &spec.label), message)
                .help("drop it there, or name it in `exclude`"));
        }
        let wanted = match spec.kind {
            LearnedKind::Probability => (spec.kind, "bool"),
            LearnedKind::Amount => (spec.kind, "a number"),
        };
        check_label(file, &spec.label, wanted, &schemas[&spec.label])?;
        if features.index_of("customer_id").is_err() {
            return Err(file.problem(
                span_of(file, &spec.features),
                format!("features `{}` have no customer_id", spec.features),
            ));
        }
        return Ok(learn::schemas::scores_schema(spec.kind == LearnedKind::Amount));
    }
    if let Some(problem) = wrong_expression(session, table, parameters).await {
        return Err(problem);
    }
    let planned = plan_table(session, table, parameters).await.map_err(|problem| match &table.origin {
        Origin::Judged { .. } => Problem { severity: Severity::CouldNotRun, ..problem },
        _ => problem,
    })?;
    if let Some(function) = changing_function(planned.logical_plan()) {
        let problem = format!("`{function}` gives another result at another time");
        // `today()` and `current_timestamp` are other names of functions that the plan calls by one.
        let written = ["current_timestamp", "current_date", "current_time", "today", function.as_str()];
        let text = table.sql().unwrap_or_default().to_lowercase();
        let word = written.into_iter().find(|w| text.contains(w)).unwrap_or(&function);
        return Err(header_problem(table, word, problem)
            .help("the same input must give the same table: use $as_of, or a hash of a key"));
    }
    let schema = match table.is_view() {
        true => Arc::new(planned.schema().as_arrow().clone()),
        false => kept_schema(planned.schema().as_arrow()),
    };
    for column in table.grain() {
        if schema.index_of(column).is_err() {
            return Err(header_problem(table, column, format!("grain: the query has no column `{column}`")));
        }
    }
    if let Origin::Sql(sql) = &table.origin {
        check_declared(sql, &schema)?;
    }
    Ok(schema)
}

/// A function in the plan that reads the clock or throws dice.
fn changing_function(plan: &LogicalPlan) -> Option<String> {
    const CLOCK: [&str; 6] = ["now", "current_timestamp", "current_date", "current_time", "today", "uuid"];
    let mut found = None;
    // The walk itself cannot fail: nothing in it does.
    let _ = plan.apply_with_subqueries(|node| {
        node.apply_expressions(|expression| {
            expression.apply(|part| {
                if let Expr::ScalarFunction(call) = part {
                    let changes = call.func.signature().volatility == Volatility::Volatile;
                    if changes || CLOCK.contains(&call.func.name()) {
                        found = Some(call.func.name().to_owned());
                        return Ok(TreeNodeRecursion::Stop);
                    }
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    });
    found
}

/// A label has customer_id and a column of its own name, of the type that its model learns.
fn check_label(file: &Written, name: &str, wanted: (LearnedKind, &str), label: &Schema) -> Result<()> {
    let at = |message: String| file.problem(span_of(file, name), message);
    if label.index_of("customer_id").is_err() {
        return Err(at(format!("label `{name}` has no customer_id")));
    }
    let Ok(column) = label.field_with_name(name) else {
        return Err(at(format!("label `{name}` has no column `{name}`")).help("name the column as the file"));
    };
    let fits = match wanted.0 {
        LearnedKind::Probability => column.data_type() == &DataType::Boolean,
        LearnedKind::Amount => column.data_type().is_numeric(),
    };
    match fits {
        true => Ok(()),
        false => Err(at(format!(
            "label `{name}` is {}, and this kind of model learns {}",
            type_name(column.data_type()),
            wanted.1
        ))),
    }
}

/// Where a model file names a table.
fn span_of(file: &Written, name: &str) -> std::ops::Range<usize> {
    let start = file.text.find(&format!("\"{name}\"")).unwrap_or(0);
    start..(start + name.len() + 2).min(file.text.len())
}

/// The first expression of a model file that fails, or gives something else than it has to, at its place.
async fn wrong_expression(
    session: &SessionContext,
    table: &Table,
    parameters: &ParamValues,
) -> Option<Problem> {
    let Origin::Judged { file, expressions, .. } = &table.origin else { return None };
    for expression in expressions {
        let alone = Written { path: file.path.clone(), text: expression.query().into() };
        match query(session, &alone.text, parameters).await {
            Err(e) => {
                let fault = fault(e, Some(&alone));
                let placed = file.problem(expression.span.clone(), fault.message);
                return Some(Problem { help: fault.help, ..placed });
            }
            Ok(planned) => {
                let found = planned.schema().field(0).data_type();
                let (fits, wanted) = match expression.wanted {
                    Wanted::Anything | Wanted::Columns => continue,
                    Wanted::Condition => (found == &DataType::Boolean, "true or false"),
                    Wanted::Number => (found.is_numeric(), "a number"),
                };
                if !fits {
                    let message = format!("this gives {}, and has to give {wanted}", type_name(found));
                    return Some(file.problem(expression.span.clone(), message));
                }
            }
        }
    }
    None
}

fn any_parameters(graph: &Graph) -> ParamValues {
    let mut values = graph.parameters.clone();
    let given = [
        ScalarValue::TimestampMicrosecond(Some(0), Some("UTC".into())),
        ScalarValue::Date32(Some(0)),
        ScalarValue::Int64(Some(1)),
    ];
    values.extend(GIVEN.map(str::to_owned).into_iter().zip(given));
    ParamValues::from(values)
}

/// Of an unknown parameter, the name that was meant, or all that there are.
fn near_parameter(problem: Problem, graph: &Graph) -> Problem {
    let Some(wrong) = problem.message.strip_prefix("unknown parameter `").and_then(|m| m.strip_suffix('`'))
    else {
        return problem;
    };
    let own = graph.parameters.iter().map(|(name, _)| name.as_str());
    let known: Vec<String> = GIVEN.into_iter().chain(own).map(|name| format!("${name}")).collect();
    let near = did_you_mean(wrong, known.iter().map(String::as_str));
    let all = || format!("parameters are {}; sql/parameters.toml gives more", known.join(", "));
    let help = near.unwrap_or_else(all);
    problem.help(help)
}

/// The columns of `history.NAME`: those of the published table, and of which set they are.
pub fn history_schema(contract: &[Field]) -> SchemaRef {
    let mut fields: Vec<Field> = contract.iter().map(|f| f.clone().with_nullable(true)).collect();
    fields.push(Field::new("as_of", DataType::Date32, false));
    fields.push(Field::new("months_ago", DataType::Int64, false));
    Arc::new(Schema::new(fields))
}

fn header_problem(table: &Table, word: &str, message: String) -> Problem {
    match table.file() {
        Some(file) => {
            let at = file.text.find(&format!("\"{word}\"")).or_else(|| file.text.find(word)).unwrap_or(0);
            file.problem(at..(at + word.len()).min(file.text.len()), message)
        }
        None => Problem::setup(message),
    }
}

/// Declared columns exist, and those of a snapshot are all, in order, and of the declared types.
fn check_declared(sql: &SqlFile, schema: &Schema) -> Result<()> {
    let at = |column: &str| {
        let text = &sql.file.text;
        let start = text
            .find(&format!("\n{column} "))
            .or_else(|| text.find(&format!("\n{column}=")))
            .map_or(0, |i| i + 1);
        start..start + column.len()
    };
    for (column, note) in &sql.header.columns {
        let Ok(made) = schema.field_with_name(column) else {
            let problem = sql
                .file
                .problem(at(column), format!("the header declares `{column}`, the query has no such column"));
            let near = did_you_mean(column, schema.fields().iter().map(|f| f.name().as_str()));
            return Err(near.into_iter().fold(problem, |p, help| p.help(help)));
        };
        if let Some(declared) = note.data_type.as_ref().filter(|d| !same_type(d, made.data_type())) {
            return Err(sql
                .file
                .problem(
                    at(column),
                    format!(
                        "`{column}` is declared {}, and the query makes it {}",
                        type_name(declared),
                        type_name(made.data_type())
                    ),
                )
                .help("cast it in the query, or declare what it is"));
        }
    }
    if sql.layer != Layer::Snapshots {
        return Ok(());
    }
    let declared: Vec<&String> = sql.header.columns.keys().collect();
    let made: Vec<&String> = schema.fields().iter().map(|f| f.name()).collect();
    if let Some(extra) = made.iter().find(|name| !declared.contains(*name)) {
        return Err(sql
            .file
            .problem(0..5, format!("the query makes `{extra}`, which the published columns do not declare"))
            .help("add it to [columns] with its type"));
    }
    if sql.header.grain.is_empty() {
        return Err(sql
            .file
            .problem(0..5, "a published table needs a grain")
            .help("say which columns name a row"));
    }
    Ok(())
}

/// Types that are one for a published file.
pub fn same_type(a: &DataType, b: &DataType) -> bool {
    let text = |t: &DataType| matches!(t, DataType::Utf8 | DataType::Utf8View | DataType::LargeUtf8);
    a == b || (text(a) && text(b))
}
