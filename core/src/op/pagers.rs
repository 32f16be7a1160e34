//! `pagers!`: all pagers of a module, and their table for callers that bring JSON.

#[cfg(feature = "dispatch")]
pub(crate) use named::{NamedPager, page_json};

/// Pagers by name, with arguments and pages as JSON.
#[cfg(feature = "dispatch")]
mod named {
    use std::sync::Arc;

    use serde::Serialize;

    use crate::error::{Result, ScalekitError};
    use crate::op::named::read_arguments;
    use crate::op::pager::PagerState;
    use crate::types::{Read, Reader, to_json_of};
    use crate::work::{Erased, typed};

    /// Room for a typical page, in bytes.
    const PAGE_LENGTH: usize = 16 * 1024;

    /// A pager that is created by name.
    pub(crate) struct NamedPager {
        /// The method that creates it, such as `list_all`.
        pub method: &'static str,
        pub begin: fn(&mut Reader<'_>) -> Read<Arc<PagerState>>,
        /// Writes a page as JSON; `None` at the end of the list.
        pub page: fn(Erased) -> Result<Option<String>>,
    }

    impl NamedPager {
        pub(crate) fn state(&self, arguments: &str) -> Result<Arc<PagerState>> {
            read_arguments(arguments, self.begin)
        }
    }

    /// Writes a page as JSON.
    pub(crate) fn page_json<T: Serialize + 'static>(
        operation: &'static str,
        page: Erased,
    ) -> Result<Option<String>> {
        let page: Option<Vec<T>> = typed(operation, Ok(page))?;
        let text = page.map(|items| to_json_of(&items, PAGE_LENGTH)).transpose();
        text.map_err(|_| ScalekitError::internal(operation, "a page cannot be written"))
    }
}

/// Declares all pagers of a module, see `pager!`, and their table for callers that bring JSON.
macro_rules! pagers {
    ($(
        $(#[$meta:meta])*
        $Blocking:ident / $Async:ident over $Res:ident / $AsyncRes:ident . $list:ident $([$($arg:ident),+])? ($Params:ident $(, $needed:ident)?)
        as $all:ident -> $field:ident: $Item:ident $(by $how:ident($($limit:literal),+))? $(after $check:ident)?;
    )*) => {
        $( crate::op::pager! {
            $(#[$meta])*
            $Blocking / $Async over $Res / $AsyncRes . $list $([$($arg),+])? ($Params $(, $needed)?)
            as $all -> $field: $Item $(by $how($($limit),+))? $(after $check)?
        } )*

        /// The pagers by the names of their methods, for callers that bring JSON.
        #[cfg(feature = "dispatch")]
        pub(crate) const PAGERS: &[crate::op::NamedPager] = &[$( crate::op::NamedPager {
            method: stringify!($all),
            begin: |from| {
                crate::op::pagers!(@arguments from { $( $( $arg: &str, )+ )? params: $Params } $($needed)?);
                let arguments: Vec<String> = vec![$( $( $arg ),+ )?];
                Ok(crate::op::pager!(@state $Async arguments params $($how)?))
            },
            page: |page| crate::op::page_json::<$Item>(stringify!($all), page),
        } ),*];
    };
    // Parameters without a required one can be omitted.
    (@arguments $from:ident { $($arguments:tt)* }) => {
        crate::op::named_arguments!($from { $($arguments)* } [params]);
    };
    (@arguments $from:ident { $($arguments:tt)* } $needed:ident) => {
        crate::op::named_arguments!($from { $($arguments)* } []);
    };
}
pub(crate) use pagers;
