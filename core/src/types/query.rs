//! Query parameters.

use std::borrow::Cow;

use super::Timestamp;

/// Names and values, in the order in which they are sent.
pub(crate) type Query = Vec<(Cow<'static, str>, String)>;

/// A value that is sent as a query parameter.
pub(crate) trait QueryValue {
    fn add_to(&self, name: &'static str, query: &mut Query);
}

macro_rules! printed_in_a_query {
    ($($Type:ty),*) => { $(
        impl QueryValue for $Type {
            fn add_to(&self, name: &'static str, query: &mut Query) {
                query.push((name.into(), self.to_string()));
            }
        }
    )* };
}
printed_in_a_query!(str, String, i64, bool, Timestamp);

impl<T: QueryValue + ?Sized> QueryValue for &T {
    fn add_to(&self, name: &'static str, query: &mut Query) {
        (**self).add_to(name, query);
    }
}

impl<T: QueryValue> QueryValue for Option<T> {
    fn add_to(&self, name: &'static str, query: &mut Query) {
        if let Some(value) = self {
            value.add_to(name, query);
        }
    }
}

impl<T: QueryValue> QueryValue for Vec<T> {
    fn add_to(&self, name: &'static str, query: &mut Query) {
        for value in self {
            value.add_to(name, query);
        }
    }
}
