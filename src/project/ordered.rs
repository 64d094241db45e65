//! TOML tables whose order people chose.

use std::{fmt, marker::PhantomData};

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, de::MapAccess, de::Visitor};

/// Reads a table in the order written.
pub fn ordered<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<IndexMap<String, T>, D::Error> {
    struct InOrder<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
        type Value = IndexMap<String, T>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("a table")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
            let mut map = IndexMap::new();
            while let Some((key, value)) = access.next_entry()? {
                map.insert(key, value);
            }
            Ok(map)
        }
    }

    deserializer.deserialize_map(InOrder(PhantomData))
}

/// A whole file, or a value, that is such a table.
#[derive(Deserialize)]
pub struct Ordered<T: for<'a> Deserialize<'a>>(
    #[serde(deserialize_with = "ordered")] pub IndexMap<String, T>,
);
