//! Reads UniFFI's description of the interface from a library.

use std::error::Error;

use uniffi_bindgen::{BindgenLoader, BindgenPaths, ComponentInterface, GlobalConfig};

pub fn load(library: &str) -> Result<ComponentInterface, Box<dyn Error>> {
    let loader = BindgenLoader::new(BindgenPaths::default(), GlobalConfig::default());
    let interfaces = loader.load_cis(loader.load_metadata(camino::Utf8Path::new(library))?)?;
    let ours = interfaces.into_iter().find(|interface| interface.crate_name() == "scalekit");
    ours.ok_or_else(|| format!("{library} does not contain the interface of scalekit").into())
}
