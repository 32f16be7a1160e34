//! Maps a method and a path to an operation.
//!
//! Common routers cannot distinguish `/connections/{id}:enable` from `/connections/{id}`. Here a verb must follow a
//! literal `:`, so that an encoded `%3A` in an ID never starts a verb.

use std::collections::BTreeMap;

use crate::percent;

/// The decoded path parameters by name.
pub(crate) type Params = BTreeMap<String, String>;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Param(String),
    ParamWithVerb { name: String, verb: String },
}

#[derive(Debug)]
struct Route<T> {
    method: String,
    segments: Vec<Segment>,
    /// Precedence, compared from the left: literal, then parameter with verb, then plain parameter.
    rank: Vec<u8>,
    target: T,
}

/// The result of a lookup.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lookup<'a, T> {
    Route(&'a T, Params),
    /// The path exists, but not with this method.
    WrongMethod,
    /// A parameter is not valid percent-encoded UTF-8.
    BadEncoding,
    NotFound,
}

#[derive(Debug)]
pub(crate) struct Router<T> {
    /// By their number of segments, in the order of precedence.
    routes: Vec<Vec<Route<T>>>,
}

impl<T> Router<T> {
    pub(crate) fn new() -> Router<T> {
        Router { routes: Vec::new() }
    }

    pub(crate) fn add(&mut self, method: &str, template: &str, target: T) {
        let segments: Vec<Segment> = split(template).map(Segment::parse).collect();
        let rank: Vec<u8> = segments.iter().map(Segment::rank).collect();
        if self.routes.len() <= segments.len() {
            self.routes.resize_with(segments.len() + 1, Vec::new);
        }
        let routes = &mut self.routes[segments.len()];
        let position = routes.partition_point(|other| other.rank <= rank);
        routes.insert(position, Route { method: method.into(), segments, rank, target });
    }

    pub(crate) fn find(&self, method: &str, path: &str) -> Lookup<'_, T> {
        let raw: Vec<&str> = split(path).collect();
        if raw.iter().any(|segment| is_dot_segment(segment)) {
            return Lookup::NotFound;
        }
        let mut routes = self.routes.get(raw.len()).into_iter().flatten();
        match routes.find(|route| route.method == method && route.matches(&raw)) {
            Some(best) => match best.params(&raw) {
                Some(params) => Lookup::Route(&best.target, params),
                None => Lookup::BadEncoding,
            },
            None if self.on_path(&raw).next().is_some() => Lookup::WrongMethod,
            None => Lookup::NotFound,
        }
    }

    /// The methods of a path.
    pub(crate) fn methods(&self, path: &str) -> Vec<&str> {
        let raw: Vec<&str> = split(path).collect();
        self.on_path(&raw).map(|route| route.method.as_str()).collect()
    }

    pub(crate) fn targets(&self) -> impl Iterator<Item = &T> {
        self.routes.iter().flatten().map(|route| &route.target)
    }

    /// The routes of a path, in the order of precedence.
    fn on_path(&self, raw: &[&str]) -> impl Iterator<Item = &Route<T>> {
        self.routes.get(raw.len()).into_iter().flatten().filter(move |route| route.matches(raw))
    }
}

impl<T> Route<T> {
    /// Whether the route matches a path with as many segments.
    fn matches(&self, raw: &[&str]) -> bool {
        self.segments.iter().zip(raw).all(|(s, raw)| s.matches(raw))
    }

    fn params(&self, raw: &[&str]) -> Option<Params> {
        let found = self.segments.iter().zip(raw).filter_map(|(segment, raw)| segment.capture(raw));
        found.map(|(name, raw)| Some((name.to_owned(), percent::decode(raw)?))).collect()
    }
}

impl Segment {
    fn parse(text: &str) -> Segment {
        let Some((name, rest)) = text.strip_prefix('{').and_then(|text| text.split_once('}')) else {
            return Segment::Literal(text.into());
        };
        match rest.strip_prefix(':') {
            Some(verb) => Segment::ParamWithVerb { name: name.into(), verb: verb.into() },
            None => Segment::Param(name.into()),
        }
    }

    fn matches(&self, raw: &str) -> bool {
        match self {
            Segment::Literal(text) => text == raw,
            Segment::Param(_) | Segment::ParamWithVerb { .. } => {
                self.capture(raw).is_some_and(|(_, value)| !value.is_empty())
            }
        }
    }

    fn capture<'a>(&'a self, raw: &'a str) -> Option<(&'a str, &'a str)> {
        match self {
            Segment::Literal(_) => None,
            Segment::Param(name) => Some((name, raw)),
            Segment::ParamWithVerb { name, verb } => {
                Some((name, raw.strip_suffix(verb.as_str())?.strip_suffix(':')?))
            }
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Segment::Literal(_) => 0,
            Segment::ParamWithVerb { .. } => 1,
            Segment::Param(_) => 2,
        }
    }
}

fn split(path: &str) -> impl Iterator<Item = &str> {
    path.trim_start_matches('/').split('/')
}

/// Proxies and URL libraries resolve the segments `.` and `..`, escaped or not, so they are never valid values.
fn is_dot_segment(segment: &str) -> bool {
    segment.starts_with(['.', '%'])
        && percent::decode(segment).is_some_and(|text| text == "." || text == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router() -> Router<&'static str> {
        let mut router = Router::new();
        for (method, template, target) in [
            ("GET", "/o", "list"),
            ("GET", "/o/{id}", "get"),
            ("PATCH", "/o/{id}", "update"),
            ("PATCH", "/o/{id}:enable", "enable"),
            ("GET", "/o/{id}:search", "search"),
            ("GET", "/o:external/{external_id}", "external"),
            ("GET", "/o/{id}/roles", "roles"),
            ("GET", "/o/defaults", "defaults"),
            ("PATCH", "/o/{id}/roles:set", "set"),
            ("PATCH", "/o/{id}/{role}", "role"),
        ] {
            router.add(method, template, target);
        }
        router
    }

    fn lookup(method: &str, path: &str) -> String {
        match router().find(method, path) {
            Lookup::Route(target, params) => {
                let values: Vec<_> = params.values().map(String::as_str).collect();
                format!("{target} {}", values.join(" ")).trim_end().into()
            }
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn lookup_resolves_methods_verbs_and_encodings() {
        for (method, path, expected) in [
            ("GET", "/o", "list"),
            ("GET", "/o/1", "get 1"),
            ("PATCH", "/o/1", "update 1"),
            ("PATCH", "/o/1:enable", "enable 1"),
            ("PATCH", "/o/1%3Aenable", "update 1:enable"),
            ("PATCH", "/o/1%3aenable", "update 1:enable"),
            ("PATCH", "/o/a%3Aenable:enable", "enable a:enable"),
            ("PATCH", "/o/1:unknown", "update 1:unknown"),
            ("PATCH", "/o/:enable", "update :enable"),
            ("GET", "/o/1:enable", "get 1:enable"),
            ("GET", "/o:external/a%2Fb", "external a/b"),
            ("GET", "/o:external/z%C3%BCrich%20%F0%9F%A6%80", "external zürich 🦀"),
            ("GET", "/o%3Aexternal/a", "NotFound"),
            ("GET", "/o/defaults", "defaults"),
            ("GET", "/o/1/roles", "roles 1"),
            ("PATCH", "/o/1/roles:set", "set 1"),
            ("PATCH", "/o/1/roles%3Aset", "role 1 roles:set"),
            ("DELETE", "/o/1", "WrongMethod"),
            ("GET", "/o/", "NotFound"),
            ("GET", "/o//roles", "NotFound"),
            ("GET", "/o/1/", "NotFound"),
            ("GET", "/o/..", "NotFound"),
            ("GET", "/o/.", "NotFound"),
            ("GET", "/o/%2e%2E", "NotFound"),
            ("GET", "/o/...", "get ..."),
            ("GET", "/p", "NotFound"),
            ("GET", "/o/%FF", "BadEncoding"),
            ("GET", "/o/%4", "BadEncoding"),
        ] {
            assert_eq!(lookup(method, path), expected, "{method} {path}");
        }
    }
}
