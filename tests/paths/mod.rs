//! The calls whose paths hold ids, by area: method and path of each, with `*` for the id that is tried.

pub mod agents;
pub mod people;
pub mod tenants;

/// What came of a call, beside the line that has to arrive.
pub type Called = (&'static str, Result<(), scalekit::ScalekitError>);

/// Lines of `"METHOD /path/*" => area.method(arguments)`.
macro_rules! called {
    ($client:expr; $( $line:literal => $area:ident.$name:ident($($argument:expr),*), )*) => {
        vec![$( ($line, call!(*$client, c => c.$area().$name($($argument),*)).map(drop)) ),*]
    };
}
pub(crate) use called;
