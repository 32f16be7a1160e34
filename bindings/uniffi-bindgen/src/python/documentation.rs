//! Documentation of record fields, which UniFFI's Python template omits.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use uniffi_meta::Metadata;

/// Documentation by record and field name.
#[derive(Default)]
pub struct Fields(HashMap<(String, String), String>);

impl Fields {
    /// Reads it from the metadata in the native library.
    pub fn read(library: &Path) -> Result<Self, Box<dyn Error>> {
        let bytes = std::fs::read(library).map_err(|e| format!("{}: {e}", library.display()))?;
        let mut fields = HashMap::new();
        for item in uniffi_bindgen::macro_metadata::extract_from_bytes(&bytes)? {
            let Metadata::Record(record) = item else { continue };
            for field in record.fields {
                if let Some(docs) = field.docstring {
                    fields.insert((record.name.clone(), field.name), dedented(&docs));
                }
            }
        }
        if fields.is_empty() { Err("no field has documentation".into()) } else { Ok(Self(fields)) }
    }

    pub fn get(&self, record: &str, field: &str) -> Option<&str> {
        self.0.get(&(record.to_owned(), field.to_owned())).map(String::as_str)
    }
}

impl<const N: usize> From<[(&str, &str, &str); N]> for Fields {
    fn from(entries: [(&str, &str, &str); N]) -> Self {
        let owned = |(record, field, docs): (&str, &str, &str)| {
            ((record.to_owned(), field.to_owned()), docs.to_owned())
        };
        Self(entries.into_iter().map(owned).collect())
    }
}

fn dedented(docs: &str) -> String {
    docs.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n")
}
