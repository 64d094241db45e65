//! Object stores by their URL: which there are, what opens them, and how patient we are with them.

use std::{ffi::OsString, fmt, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ClientConfigKey, ObjectStore, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    azure::{AzureConfigKey, MicrosoftAzureBuilder},
    gcp::{GoogleCloudStorageBuilder, GoogleConfigKey},
};
use url::Url;

use crate::{
    problem::{Problem, Result},
    project::pipeline::{StorageSettings, has_password},
};

/// One request with its answer may take this long. A file of a lake is read in pieces, one of a warehouse goes up in parts
/// of 16 MB: that is slow even over a line of 2 Mbit/s.
const ONE_REQUEST: &str = "120 seconds";
const CONNECTING: &str = "10 seconds";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    S3,
    Google,
    Azure,
}

impl Kind {
    pub(super) fn of(scheme: &str) -> Option<Self> {
        match scheme {
            "s3" => Some(Self::S3),
            "gs" | "gcs" => Some(Self::Google),
            "az" | "abfs" | "abfss" => Some(Self::Azure),
            _ => None,
        }
    }

    /// What to set where the machine has no identity of its own.
    pub(super) fn variables(self) -> &'static str {
        match self {
            Self::S3 => {
                "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, with temporary ones, AWS_SESSION_TOKEN"
            }
            Self::Google => {
                "GOOGLE_SERVICE_ACCOUNT or GOOGLE_APPLICATION_CREDENTIALS, the path of a key file in JSON"
            }
            Self::Azure => {
                "AZURE_STORAGE_ACCOUNT_NAME, and AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN or AZURE_CLIENT_ID, AZURE_CLIENT_SECRET, AZURE_TENANT_ID"
            }
        }
    }

    /// A client, with credentials from the environment or of the machine. Nothing is sent yet.
    ///
    /// Fails (exit 2) on settings that the client refuses.
    pub(super) fn open(self, url: &Url, storage: &StorageSettings) -> Result<Arc<dyn ObjectStore>> {
        let plain = storage.endpoint.as_ref().is_some_and(|endpoint| endpoint.starts_with("http://"));
        if plain && !storage.allow_http {
            return Err(Problem::setup(
                "[storage] endpoint is plain http://, which anyone on the way can read",
            )
            .help("use https://, or say allow_http = true for a store on a network that you trust"));
        }
        if let Some(name) = variable_with_password() {
            return Err(Problem::setup(format!(
                "the variable {name} holds a URL with a user name or password in it"
            ))
            .help(format!("credentials have variables of their own: {}", self.variables())));
        }
        let opened = match self {
            Self::S3 => s3(url, storage),
            Self::Google => google(url, storage),
            Self::Azure => azure(url, storage),
        };
        opened.map_err(|e| {
            Problem::setup(format!("{url} cannot be used with these settings: {}", without_secrets(&e)))
                .help(format!("credentials come from the environment: {}", self.variables()))
        })
    }
}

/// A store's address is shown in many places; one with a password in it must not come to be.
fn variable_with_password() -> Option<String> {
    let of_a_store = |name: &str| ["AWS_", "AZURE_", "GOOGLE_"].iter().any(|store| name.starts_with(store));
    let text = |pair: (OsString, OsString)| Some((pair.0.into_string().ok()?, pair.1.into_string().ok()?));
    let mut variables = std::env::vars_os().filter_map(text);
    variables.find(|(name, value)| of_a_store(name) && has_password(value)).map(|(name, _)| name)
}

fn s3(url: &Url, storage: &StorageSettings) -> object_store::Result<Arc<dyn ObjectStore>> {
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(url.host_str().unwrap_or_default())
        .with_retry(patience());
    for (key, value) in client(storage) {
        builder = builder.with_config(AmazonS3ConfigKey::Client(key), value);
    }
    if let Some(region) = &storage.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &storage.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    Ok(Arc::new(builder.build()?))
}

fn google(url: &Url, storage: &StorageSettings) -> object_store::Result<Arc<dyn ObjectStore>> {
    let mut builder = GoogleCloudStorageBuilder::from_env()
        .with_bucket_name(url.host_str().unwrap_or_default())
        .with_retry(patience());
    for (key, value) in client(storage) {
        builder = builder.with_config(GoogleConfigKey::Client(key), value);
    }
    if let Some(endpoint) = &storage.endpoint {
        builder = builder.with_base_url(endpoint);
    }
    Ok(Arc::new(builder.build()?))
}

fn azure(url: &Url, storage: &StorageSettings) -> object_store::Result<Arc<dyn ObjectStore>> {
    let mut builder = MicrosoftAzureBuilder::from_env().with_url(url.as_str()).with_retry(patience());
    for (key, value) in client(storage) {
        builder = builder.with_config(AzureConfigKey::Client(key), value);
    }
    if let Some(endpoint) = &storage.endpoint {
        builder = builder.with_endpoint(endpoint.clone());
    }
    Ok(Arc::new(builder.build()?))
}

fn client(storage: &StorageSettings) -> Vec<(ClientConfigKey, &'static str)> {
    let mut options =
        vec![(ClientConfigKey::Timeout, ONE_REQUEST), (ClientConfigKey::ConnectTimeout, CONNECTING)];
    options.extend(storage.allow_http.then_some((ClientConfigKey::AllowHttp, "true")));
    options
}

/// 408, 429, 5xx and lost connections are tried again, and reads that took too long; a write on a condition that took too
/// long is not, since it may have been done: who asked for it looks.
///
/// The last try begins three minutes after the first at the latest, which is well within what the lock allows.
fn patience() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(200),
            max_backoff: Duration::from_secs(15),
            base: 2.0,
        },
        max_retries: 10,
        retry_timeout: Duration::from_secs(180),
    }
}

/// What a store said, without the secrets that its answer may repeat: S3 sends an expired session token back.
pub fn without_secrets(said: &impl fmt::Display) -> String {
    let text = |pair: (OsString, OsString)| Some((pair.0.into_string().ok()?, pair.1.into_string().ok()?));
    masked(said.to_string(), std::env::vars_os().filter_map(text))
}

fn masked(text: String, variables: impl Iterator<Item = (String, String)>) -> String {
    let secret = |name: &str| {
        let store = ["AWS_", "AZURE_", "GOOGLE_"].iter().any(|store| name.starts_with(store));
        let word = ["KEY", "SECRET", "TOKEN", "SAS"].iter().any(|word| name.contains(word));
        // Of these the value is a path or a name, which helps.
        let harmless = ["_FILE", "_PATH", "_URI"].iter().any(|end| name.ends_with(end));
        store && word && !harmless
    };
    variables
        .filter(|(name, value)| secret(name) && value.len() >= 6)
        .fold(text, |text, (name, value)| text.replace(&value, &format!("({name})")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_store_says_back_is_shown_without_secrets() {
        let variables = [
            ("AWS_SESSION_TOKEN", "tok/en+123"),
            ("AWS_SECRET_ACCESS_KEY", "hunter2hunter2"),
            ("AWS_ACCESS_KEY_ID", "AKIA1234"),
            ("AZURE_CLIENT_ID", "client-1"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token"),
            ("AZURE_STORAGE_ACCOUNT_KEY", "short"),
            ("KEY_OF_NOBODY", "nothing"),
        ];
        let said =
            "AKIA1234 client-1: <Token-0>tok/en+123</Token-0> hunter2hunter2 /var/run/token short nothing";
        let shown = masked(said.into(), variables.map(|(n, v)| (n.to_owned(), v.to_owned())).into_iter());
        let wanted = "(AWS_ACCESS_KEY_ID) client-1: <Token-0>(AWS_SESSION_TOKEN)</Token-0> (AWS_SECRET_ACCESS_KEY) /var/run/token short nothing";
        assert_eq!(shown, wanted);
    }
}
