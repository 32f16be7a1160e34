//! The calls with IDs in their paths, by area: the method and path of each, with `*` for the tested ID.

pub mod agents;
pub mod people;
pub mod tenants;

/// The expected request line, and the result of the call.
pub type Called = (&'static str, Result<(), scalekit::ScalekitError>);

/// Lines of `"METHOD /path/*" => area.method(arguments)`.
macro_rules! called {
    ($client:expr; $( $line:literal => $area:ident.$name:ident($($argument:expr),*), )*) => {
        vec![$( ($line, call!(*$client, c => c.$area().$name($($argument),*)).map(drop)) ),*]
    };
}
pub(crate) use called;
