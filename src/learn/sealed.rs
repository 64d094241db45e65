//! Models as files: JSON with a digest, which shows damage that would still parse.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::problem::{Problem, Result};

#[derive(Serialize, Deserialize)]
struct Sealed<A> {
    sha256: String,
    artifact: A,
}

/// The text of an artifact of model `name`; the same artifact gives the same text.
pub fn write<A: Serialize>(name: &str, artifact: &A) -> Result<String> {
    serde_json::to_string(&Sealed { sha256: digest(name, artifact)?, artifact })
        .map_err(|e| unwritable(name, e))
}

/// Reads what [`write`] wrote of an artifact with this `schema_version`. Other versions and damaged text are problems,
/// never a panic; whether its figures fit together is the caller's to ask.
pub fn read<A: Serialize + DeserializeOwned>(text: &str, schema_version: u32) -> Result<A> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: u32,
    }
    let unreadable = |error: serde_json::Error| damaged(&error.to_string());
    let version: Sealed<Version> = serde_json::from_str(text).map_err(unreadable)?;
    let version = version.artifact.schema_version;
    if version != schema_version {
        return Err(Problem::failed(format!(
            "the model file has schema version {version}; this program reads {schema_version}"
        ))
        .help("train the model again, or use the program that wrote it"));
    }
    let sealed: Sealed<A> = serde_json::from_str(text).map_err(unreadable)?;
    if digest("", &sealed.artifact)? != sealed.sha256 {
        return Err(damaged("its content does not have the digest that it states"));
    }
    Ok(sealed.artifact)
}

pub fn damaged(why: &str) -> Problem {
    Problem::failed(format!("the model file is damaged: {why}")).help("train the model again")
}

/// 12 hexadecimal digits that stand for this content and no other.
pub fn version<A: Serialize>(name: &str, artifact: &A) -> Result<String> {
    Ok(digest(name, artifact)?[..12].into())
}

fn digest<A: Serialize>(name: &str, artifact: &A) -> Result<String> {
    let json = serde_json::to_vec(artifact).map_err(|e| unwritable(name, e))?;
    Ok(Sha256::digest(json).iter().map(|byte| format!("{byte:02x}")).collect())
}

fn unwritable(name: &str, error: serde_json::Error) -> Problem {
    Problem::failed(format!("model `{name}` cannot be written: {error}"))
}
