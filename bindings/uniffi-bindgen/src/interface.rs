//! Reads UniFFI's description of the interface from a library, and names what is not for users.

use std::error::Error;

use uniffi_bindgen::interface::{Method, Object, Type};
use uniffi_bindgen::{BindgenLoader, BindgenPaths, ComponentInterface, GlobalConfig};

/// The result of a step of a generator.
pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The functions that only the runtimes of the packages call. Users do not see them.
pub const FUNCTIONS_FOR_RUNTIMES: [&str; 10] = [
    "allow_pauses",
    "call_number_address",
    "completion_callback",
    "drop_paused_call",
    "log_counter_address",
    "rows_of",
    "set_log_level",
    "stop_threads",
    "take_log_events",
    "webhook_event_rows",
];

/// The functions that only the Swift package calls.
pub const FUNCTIONS_FOR_SWIFT: [&str; 2] = ["clear_log_handler", "set_log_handler"];

/// The object, the record and the callback interface that only the runtimes use.
pub const OBJECT_FOR_RUNTIMES: &str = "Completions";
pub const RECORD_FOR_RUNTIMES: &str = "LogEvent";
pub const CALLBACK_FOR_RUNTIMES: &str = "LogHandler";

/// Whether an export is only for the runtimes.
pub fn is_for_runtimes(name: &str) -> bool {
    FUNCTIONS_FOR_RUNTIMES.contains(&name)
        || FUNCTIONS_FOR_SWIFT.contains(&name)
        || name == OBJECT_FOR_RUNTIMES
        || name == RECORD_FOR_RUNTIMES
}

/// The method of blocking objects that only the Kotlin package uses.
const METHOD_FOR_KOTLIN: &str = "as_async";

/// The methods of an object, without the one that only the Kotlin package uses.
pub fn methods(object: &Object) -> impl Iterator<Item = &Method> {
    object.methods().into_iter().filter(|method| method.name() != METHOD_FOR_KOTLIN)
}

/// The type of a pager's items.
pub fn item(object: &Object) -> Option<Type> {
    let method = object.methods().into_iter().find(|method| method.name() == "next_page")?;
    match method.return_type()? {
        Type::Optional { inner_type } => match &**inner_type {
            Type::Sequence { inner_type } => Some((**inner_type).clone()),
            _ => None,
        },
        _ => None,
    }
}

pub fn load(library: &str) -> Result<ComponentInterface> {
    let loader = BindgenLoader::new(BindgenPaths::default(), GlobalConfig::default());
    let interfaces = loader.load_cis(loader.load_metadata(camino::Utf8Path::new(library))?)?;
    let ours = interfaces.into_iter().find(|interface| interface.crate_name() == "scalekit");
    let mut ours = ours.ok_or_else(|| format!("{library} does not contain the interface of scalekit"))?;
    // The types of native functions.
    ours.derive_ffi_funcs()?;
    Ok(ours)
}
