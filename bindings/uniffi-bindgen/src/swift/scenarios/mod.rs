//! What the scenario runner of the Swift tests cannot find out while it runs, since Swift has no reflection to call
//! by: each call by its name, and each record from and to JSON. Written anew for every test run.

mod by_hand;
mod calls;
mod swift_type;
mod values;

use std::error::Error;
use std::fmt::Write;

use uniffi_bindgen::interface::{Method, Object};
use uniffi_bindgen::{BindgenLoader, BindgenPaths, ComponentInterface, GlobalConfig};

const HEAD: &str =
    "// Written by `uniffi-bindgen swift-scenarios`. What it needs is in Scenarios/Values.swift.

import Foundation
import Scalekit
";

/// A client, and how its calls are written.
struct Style {
    client: &'static str,
    call: &'static str,
    function: &'static str,
}

const STYLES: [Style; 2] = [
    Style { client: "ScalekitClient", call: "try", function: "throws" },
    Style { client: "AsyncScalekitClient", call: "try await", function: "async throws" },
];

impl Style {
    /// How a method is called: in the async client too some have their answer at hand.
    fn call(&self, method: &Method) -> &'static str {
        match (method.is_async(), method.throws()) {
            (true, _) => self.call,
            (false, true) => "try",
            (false, false) => "",
        }
    }
}

/// Writes the file for the interface of a library.
pub fn write(library: &str, out: &str) -> Result<(), Box<dyn Error>> {
    let interface = load(library)?;
    let mut text = HEAD.to_owned();
    let by_hand = by_hand::types(&interface);
    values::write(&mut text, &interface, &by_hand)?;
    for style in &STYLES {
        let client = interface.get_object_definition(style.client);
        let client = client.ok_or_else(|| format!("the interface has no {}", style.client))?;
        calls::write(&mut text, &interface, client, style, &by_hand)?;
    }
    writeln!(text)?;
    Ok(std::fs::write(out, text).map_err(|e| format!("{out}: {e}"))?)
}

fn load(library: &str) -> Result<ComponentInterface, Box<dyn Error>> {
    let loader = BindgenLoader::new(BindgenPaths::default(), GlobalConfig::default());
    let interfaces = loader.load_cis(loader.load_metadata(camino::Utf8Path::new(library))?)?;
    let ours = interfaces.into_iter().find(|interface| interface.crate_name() == "scalekit");
    ours.ok_or_else(|| format!("{library} does not hold the interface of scalekit").into())
}

/// Whether an object walks through pages.
fn is_pager(object: &Object) -> bool {
    object.methods().iter().any(|method| method.name() == "next_page")
}
