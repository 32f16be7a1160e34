//! What the core says about the fields of records, which UniFFI's template for Python leaves out.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use uniffi_meta::Metadata;

/// The documentation of fields, by record and field.
#[derive(Default)]
pub struct Fields(HashMap<(String, String), String>);

impl Fields {
    /// Reads it from the library that the text was generated from.
    pub fn read(library: &Path) -> Result<Self, Box<dyn Error>> {
        let bytes = std::fs::read(library).map_err(|e| format!("{}: {e}", library.display()))?;
        let mut fields = HashMap::new();
        for item in uniffi_bindgen::macro_metadata::extract_from_bytes(&bytes)? {
            let Metadata::Record(record) = item else { continue };
            for field in record.fields {
                if let Some(words) = field.docstring {
                    fields.insert((record.name.clone(), field.name), dedented(&words));
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
        let own = |(record, field, words): (&str, &str, &str)| {
            ((record.to_owned(), field.to_owned()), words.to_owned())
        };
        Self(entries.into_iter().map(own).collect())
    }
}

fn dedented(words: &str) -> String {
    words.trim().lines().map(str::trim).collect::<Vec<_>>().join("\n")
}
