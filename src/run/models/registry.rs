//! `luopan models`: the versions that a warehouse holds, which of them score, and how good they are.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use futures::{StreamExt, stream};
use serde::Serialize;

use super::{
    champion::read_artifact,
    history::{History, REQUESTS},
    to_come::{ToCome, to_come},
};
use crate::{
    learn::{Gate, card::Card, card_text::markdown, metrics::Interval},
    problem::{Problem, Result},
    run::settings::{Asked, Settings},
    warehouse::{ModelEntry, Role, Warehouse},
};

/// A warehouse's models as they are now.
pub struct Registry {
    pub(super) settings: Settings,
    pub(super) warehouse: Warehouse,
    pub(super) history: History,
    /// The day of the newest set; none before anything is published.
    pub newest: Option<NaiveDate>,
    /// By model; with those that a manifest names though their artifact is gone.
    pub(super) versions: BTreeMap<String, BTreeSet<String>>,
    there: BTreeSet<(String, String)>,
}

/// A model as it stands.
#[derive(Debug, Serialize)]
pub struct ModelRow {
    pub model: String,
    /// That scores in the newest set; none if none does.
    pub version: Option<String>,
    pub since: Option<NaiveDate>,
    pub fitted_on: Option<NaiveDate>,
    #[serde(flatten)]
    pub measured: Measured,
    /// It goes on scoring until another is promoted.
    pub held: bool,
    /// Fitted for the newest set, and not promoted.
    pub challenger: Option<String>,
    pub not_promoted: Option<String>,
    /// Where the newest set has none: the last day on which one scored, and which.
    pub last_scored: Option<(NaiveDate, String)>,
    /// What people decided of the nights to come.
    pub decided: Vec<ToCome>,
}

/// A version as it was published.
#[derive(Debug, Serialize)]
pub struct VersionRow {
    pub model: String,
    pub version: String,
    pub fitted_on: Option<NaiveDate>,
    #[serde(flatten)]
    pub measured: Measured,
    /// In the newest set that has it.
    pub role: Option<Role>,
    pub in_set: Option<NaiveDate>,
    /// Whether its artifact is there.
    pub is_there: bool,
}

/// What a card says in a line; nothing if there is no card.
#[derive(Debug, Default, Serialize)]
pub struct Measured {
    pub estimator: Option<String>,
    pub roc_auc: Option<f64>,
    pub interval: Option<Interval>,
}

impl Registry {
    /// Reads what manifests and folders say. Fails if the newest set cannot be read: who scores is then unknown.
    pub async fn open(asked: &Asked) -> Result<Self> {
        let settings = Settings::resolve(asked)?;
        let warehouse = Warehouse::open(settings.warehouse.clone());
        Self::read(settings, warehouse).await
    }

    pub(super) async fn read(settings: Settings, warehouse: Warehouse) -> Result<Self> {
        let newest = warehouse.pointer().await?.newest;
        let history = History::read(&warehouse).await?;
        if let Some((_, problem)) = history.unreadable.iter().find(|(day, _)| Some(*day) == newest) {
            return Err(problem.clone());
        }
        let there: BTreeSet<_> = warehouse.model_versions().await?.into_iter().collect();
        let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (model, version) in &there {
            versions.entry(model.clone()).or_default().insert(version.clone());
        }
        for entry in history.sets.iter().flat_map(|(_, models)| models) {
            versions.entry(entry.name.clone()).or_default().insert(entry.version.clone());
        }
        Ok(Self { settings, warehouse, history, newest, versions, there })
    }

    /// Whether no model was ever published here.
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty()
    }

    /// Sets that could not be read.
    pub fn unreadable(&self) -> impl Iterator<Item = &Problem> {
        self.history.unreadable.iter().map(|(_, problem)| problem)
    }

    /// Models of the project or of any set, by name.
    pub async fn models(&self) -> Result<Vec<ModelRow>> {
        let learned = self.settings.graph.learned().map(|(name, _)| name);
        let names: BTreeSet<&str> = learned.chain(self.versions.keys().map(String::as_str)).collect();
        let mut rows = Vec::new();
        for name in names {
            let mut decided = to_come(&self.warehouse.decisions(name).await?, self.newest);
            let champion = self.newest_of(name, Role::Champion);
            let challenger = self.newest_of(name, Role::Challenger);
            let version = champion.map(|entry| entry.version.clone());
            let last = self.history.champions(name).next_back().filter(|_| champion.is_none());
            let next = self.next_night();
            let holds = |d: &ToCome| d.hold && Some(d.as_of) == next && Some(&d.version) == version.as_ref();
            let held = decided.first().is_some_and(holds);
            decided.drain(..usize::from(held));
            rows.push(ModelRow {
                model: name.to_owned(),
                since: champion.and_then(|entry| entry.champion_since),
                fitted_on: champion.and_then(|entry| entry.fitted_on),
                measured: match &version {
                    Some(version) => self.measured(name, version).await,
                    None => Measured::default(),
                },
                held,
                challenger: challenger.map(|entry| entry.version.clone()),
                not_promoted: challenger.map(not_promoted),
                last_scored: last.map(|(day, entry)| (day, entry.version.clone())),
                decided,
                version,
            });
        }
        Ok(rows)
    }

    /// Every version, by model, the one fitted last first.
    pub async fn versions(&self) -> Vec<VersionRow> {
        let of_model = |(model, versions): (&String, &BTreeSet<String>)| {
            versions.iter().map(|version| (model.clone(), version.clone())).collect::<Vec<_>>()
        };
        let all: Vec<_> = self.versions.iter().flat_map(of_model).collect();
        let row = |(model, version): (String, String)| async move {
            let newest = self.history.of_version(&model, &version).next_back();
            VersionRow {
                fitted_on: self.history.fitted_on(&model, &version),
                measured: self.measured(&model, &version).await,
                role: newest.map(|(_, entry)| entry.role),
                in_set: newest.map(|(day, _)| day),
                is_there: self.there.contains(&(model.clone(), version.clone())),
                model,
                version,
            }
        };
        let mut rows: Vec<VersionRow> = stream::iter(all).map(row).buffered(REQUESTS).collect().await;
        rows.sort_by(|a, b| a.model.cmp(&b.model).then(b.fitted_on.cmp(&a.fitted_on)));
        rows
    }

    /// A version's card in Markdown; `version`: the one that scores unless given.
    pub async fn card_text(&self, model: &str, version: Option<&str>) -> Result<String> {
        let version = self.version_or_champion(model, version)?;
        let stored =
            self.file(model, &version, "card.md").await.map(|b| String::from_utf8_lossy(&b).into_owned());
        match stored {
            Ok(text) => Ok(text),
            Err(_) => Ok(markdown(&read_artifact(&self.warehouse, model, &version).await?, &version)),
        }
    }

    /// The same as JSON.
    pub async fn card_json(&self, model: &str, version: Option<&str>) -> Result<String> {
        let version = self.version_or_champion(model, version)?;
        let card = self.card(model, &version).await?;
        serde_json::to_string_pretty(&card)
            .map_err(|e| Problem::failed(format!("the card of version {version} cannot be written: {e}")))
    }

    /// The night after the newest set.
    pub(super) fn next_night(&self) -> Option<NaiveDate> {
        self.newest?.succ_opt()
    }

    /// The entry of the newest set.
    pub(super) fn newest_of(&self, model: &str, role: Role) -> Option<&ModelEntry> {
        let in_newest =
            |(day, entry): &(NaiveDate, &ModelEntry)| Some(*day) == self.newest && entry.role == role;
        self.history.of(model).rev().find(in_newest).map(|(_, entry)| entry)
    }

    /// The version that scored last before `version` did, or last of all without one.
    pub(super) fn champion_before(&self, model: &str, version: Option<&str>) -> Option<&ModelEntry> {
        let mut before = self.history.champions(model).rev().map(|(_, entry)| entry);
        before.find(|entry| Some(entry.version.as_str()) != version)
    }

    /// Its card, as it was published; or as the artifact, which bears its own digest, has it.
    pub(super) async fn card(&self, model: &str, version: &str) -> Result<Card> {
        let stored = self.file(model, version, "card.json").await;
        match stored.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            Some(card) => Ok(card),
            None => Ok(read_artifact(&self.warehouse, model, version).await?.card),
        }
    }

    async fn file(&self, model: &str, version: &str, file: &str) -> Result<bytes::Bytes> {
        let files = self.history.files(model, version);
        match files.iter().find(|f| f.path.ends_with(&format!("/{version}/{file}"))) {
            Some(published) => self.warehouse.checked(published).await,
            None => self.warehouse.model_bytes(model, version, file).await,
        }
    }

    async fn measured(&self, model: &str, version: &str) -> Measured {
        let Ok(card) = self.card(model, version).await else { return Measured::default() };
        let auc = card.metrics.iter().find(|metric| metric.metric == "roc_auc");
        Measured {
            roc_auc: auc.and_then(|metric| metric.value),
            interval: auc.and_then(|metric| metric.interval),
            estimator: Some(card.estimator),
        }
    }
}

/// Why a challenger does not score: the gates that it failed.
fn not_promoted(challenger: &ModelEntry) -> String {
    let gates: Vec<Gate> = serde_json::from_value(challenger.gates.clone()).unwrap_or_default();
    let failed: Vec<&str> = gates.iter().filter(|gate| !gate.passed).map(|gate| gate.text.as_str()).collect();
    if failed.is_empty() { "its set does not say why".into() } else { failed.join("; ") }
}
