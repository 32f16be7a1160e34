//! `resource!`: one declaration of an operation, for all styles and languages.

/// Declares a resource: for each line the request value, the blocking and the async method (for Rust and for every
/// other language), and a row in the table that `operations()` reads.
///
/// A line is the doc comment; method and path as the service has them, `in "key"` where the answer wraps what the
/// caller wants; the signature; and what becomes of the arguments: `path(a, b as "name")`,
/// `query(x.y, z as "dotted.name")`, `page(params, least, most)` (`page(params)` where no limits are known, `numbered`
/// where pages are counted), `body(x)` (`body(x as "key")` where the service wants it inside an object, `body()` where
/// it wants one that says nothing). `check(x => rule)` is for arguments that are no records, which know their own
/// rules. `where optional(x)` lets the other languages leave an argument out; `as tool` behind the path gives the call
/// the time limit of tools.
///
/// The types of arguments are matched token by token, since UniFFI does not see through what a `ty` fragment hides.
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

        /// The operations as values, before anybody sends them.
        mod operation {
            use super::*;

            /// What each answers, by its name.
            #[allow(dead_code, non_camel_case_types, reason = "pagers alone ask, by the names of operations")]
            pub(super) mod answer {
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

        /// What the tests hold against the service's description.
        #[cfg(test)]
        pub(crate) fn probes() -> Vec<crate::op::Probe> {
            vec![$( {
                const SPEC: crate::op::Spec = crate::op::resource!(@spec $area $name $request ($($key)?) ($($kind)?));
                $( #[allow(unused_variables, reason = "only a body is looked at")]
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
