//! `resource!`: declares the operations of a resource, for both styles and all languages.

/// Declares a resource. Each entry becomes the operation as a value, its blocking and its asynchronous method in all
/// languages, and a row of the table that `operations()` reads.
///
/// An entry consists of the documentation; method and path, with `in "key"` if the response wraps the result and `as
/// tool` for the timeout of tools; the signature; and the use of each argument:
///
/// - `path(a, b as "name")`: path parameters.
/// - `query(x.y, z as "dotted.name")`: query parameters.
/// - `page(params, least, most)`: page size and token. `page(params)` if no limits are known, `numbered(…)` for lists
///   with page numbers.
/// - `body(x)`: the body. `body(x as "key")` wraps it in an object, `body()` sends `{}`.
/// - `check(x => rule)`: a limit of an argument that is not a record. Records declare their own.
///
/// `where optional(x)` gives an argument a default in the other languages. Argument types are matched token by token,
/// since UniFFI does not see through a `ty` fragment.
macro_rules! resource {
    (
        $(#[$meta:meta])*
        $area:ident: $Blocking:ident / $Async:ident, table $TABLE:ident;
        $(
            #[doc = $summary:literal]
            $(#[$m:meta])*
            $request:literal $(in $key:literal)? $(as $kind:ident)?
            fn $name:ident($($arg:ident: $(&$ref:ident)? $($ty:ident $(<$of:ty>)?)?),* $(,)?) -> $out:ty $(where optional($($opt:ident),*))?
            { $($slot:ident($($how:tt)*)),* $(,)? }
        )*
    ) => {
        pub(crate) const $TABLE: &[crate::op::Spec] =
            &[$( crate::op::resource!(@spec $area $name $request ($($key)?) ($($kind)?)) ),*];

        /// The operations as values.
        mod operation {
            use super::*;

            /// The response type of each operation, by its name.
            #[allow(dead_code, non_camel_case_types, reason = "only pagers use them, by the names of operations")]
            pub(super) mod response {
                use super::*;
                $( pub(in super::super) type $name = $out; )*
            }

            $(
                pub(super) fn $name($($arg: $(&$ref)? $($ty $(<$of>)?)?),*) -> crate::error::Result<crate::op::Operation> {
                    const SPEC: crate::op::Spec = crate::op::resource!(@spec $area $name $request ($($key)?) ($($kind)?));
                    $( crate::check::Check::check(&$arg)?; )*
                    #[allow(unused_mut, reason = "an operation may have no arguments")]
                    let mut operation = crate::op::Operation::new(&SPEC);
                    $( crate::op::resource!(@slot operation $slot($($how)*)); )*
                    Ok(operation)
                }
            )*
        }

        /// The operations by name, for callers that bring JSON.
        #[cfg(feature = "dispatch")]
        pub(crate) const NAMED: &[crate::op::NamedCall] = &[$( crate::op::NamedCall {
            id: concat!(stringify!($area), ".", stringify!($name)),
            begin: |from| {
                crate::op::named_arguments!(from { $( $arg: $(&$ref)? $($ty $(<$of>)?)? ),* } [$($($opt),*)?]);
                Ok(operation::$name($( crate::op::named_arguments!(@lent $arg $(&$ref)?) ),*))
            },
            decode: crate::op::decode_json::<$out>,
        } ),*];

        /// What the tests compare with the service's API description.
        #[cfg(test)]
        pub(crate) fn probes() -> Vec<crate::op::Probe> {
            vec![$( {
                const SPEC: crate::op::Spec = crate::op::resource!(@spec $area $name $request ($($key)?) ($($kind)?));
                $( #[allow(unused_variables, reason = "only bodies are compared")]
                let $arg = std::marker::PhantomData::<$(&'static $ref)? $($ty $(<$of>)?)?>; )*
                #[allow(unused_mut, reason = "an operation may have no arguments")]
                let mut probe = crate::op::Probe::new::<$out>(&SPEC);
                $( crate::op::resource!(@probe probe $slot($($how)*)); )*
                probe
            } ),*]
        }

        crate::twins::twins! {
            $(#[$meta])*
            pub struct $Blocking / $Async;
            blocking "Each call blocks its thread until the response arrives or the call times out.";
            async "Each call is asynchronous; cancelling it closes the request.";
        }

        crate::twins::twins! { impl $Blocking / $Async { $(
            #[doc = $summary]
            ///
            /// Calls
            #[doc = $request]
            $(#[$m])*
            [method($($(default($opt)),*)?)]
            async fn $name(&self, $($arg: $(&$ref)? $($ty $(<$of>)?)?),*) -> Result<$out> {
                crate::op::call(
                    concat!(stringify!($area), ".", stringify!($name)),
                    &self.wire,
                    operation::$name($($arg),*),
                )
            }
        )* } }
    };

    (@spec $area:ident $name:ident $request:literal ($($key:literal)?) ($($kind:ident)?)) => {
        crate::op::Spec::new(
            concat!(stringify!($area), ".", stringify!($name)),
            $request,
            crate::op::resource!(@key $($key)?),
            crate::op::resource!(@tool $($kind)?),
        )
    };
    (@key) => { None };
    (@key $key:literal) => { Some($key) };
    (@tool) => { false };
    (@tool tool) => { true };

    (@slot $o:ident check($a:ident => $rule:expr)) => { crate::check::meets(stringify!($a), &$a, $rule)?; };
    (@slot $o:ident body()) => { $o.empty_body()?; };
    (@slot $o:ident path($($a:ident $(as $n:literal)?),*)) => {
        $( $o.path(stringify!($a), crate::op::resource!(@name $a $($n)?), $a)?; )*
    };
    (@slot $o:ident query($($($q:ident).+ $(as $n:literal)?),*)) => {
        $( $o.query(crate::op::resource!(@name ($($q).+) $($n)?), &$($q).+); )*
    };
    (@slot $o:ident page($params:ident, $least:literal, $most:literal)) => {
        $o.page($params.page_size, $params.page_token.as_ref(), ($least, $most))?;
    };
    (@slot $o:ident page($params:ident)) => {
        $o.page($params.page_size, $params.page_token.as_ref(), (1, i64::MAX))?;
    };
    (@slot $o:ident numbered($params:ident, $least:literal, $most:literal)) => {
        $o.numbered($params.page_size, $params.page_number, ($least, $most))?;
    };
    (@slot $o:ident body($body:ident)) => { $o.body(stringify!($body), &$body)?; };
    (@slot $o:ident body($body:ident as $key:literal)) => {
        $o.body(stringify!($body), &std::collections::BTreeMap::from([($key, &$body)]))?;
    };

    (@probe $p:ident check($($how:tt)*)) => {};
    (@probe $p:ident body()) => { $p.body = Some(crate::types::Shape::Nothing); };
    (@probe $p:ident path($($a:ident $(as $n:literal)?),*)) => {
        $( $p.path.push(crate::op::resource!(@name $a $($n)?)); )*
    };
    (@probe $p:ident query($($($q:ident).+ $(as $n:literal)?),*)) => {
        $( $p.query.push(crate::op::resource!(@name ($($q).+) $($n)?)); )*
    };
    (@probe $p:ident page($($how:tt)*)) => { $p.query.extend(["page_size", "page_token"]); };
    (@probe $p:ident numbered($($how:tt)*)) => { $p.query.extend(["page_size", "page_number"]); };
    (@probe $p:ident body($body:ident $(as $key:literal)?)) => {
        $p.body = Some(crate::types::shape_of($body));
        $p.body_inside = crate::op::resource!(@key $($key)?);
    };

    (@name $a:ident) => { stringify!($a) };
    (@name ($($q:ident).+)) => { crate::op::last_name(stringify!($($q).+)) };
    (@name $a:tt $name:literal) => { $name };
}
pub(crate) use resource;
