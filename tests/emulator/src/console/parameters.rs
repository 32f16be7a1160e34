//! Query parameters of the console's requests.

use crate::error::ControlError;
use crate::percent;

const LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

/// The parameters that the lists accept.
#[derive(Debug)]
pub(super) struct Parameters {
    /// Number of rows to skip.
    offset: usize,
    /// Maximum number of rows: 1–200. Default: 50.
    limit: usize,
    /// Text that a row contains, in lower case. Empty: any.
    search: String,
    /// First digit of the status code of a request, or `none`. Empty: any.
    pub(super) status: String,
    /// Only requests with warnings.
    pub(super) warnings: bool,
    /// Whether secrets are shown.
    pub(super) reveal: bool,
    /// The last version that the page has seen.
    pub(super) since: u64,
}

impl Parameters {
    pub(super) fn parse(query: &str) -> Result<Parameters, ControlError> {
        let pairs =
            percent::pairs(query).ok_or_else(|| ControlError::new("query: not percent-encoded UTF-8"))?;
        let mut own = Parameters {
            offset: 0,
            limit: LIMIT,
            search: String::new(),
            status: String::new(),
            warnings: false,
            reveal: false,
            since: 0,
        };
        for (name, value) in pairs {
            match name.as_str() {
                "offset" => own.offset = number(&name, &value)?,
                "limit" => own.limit = number::<usize>(&name, &value)?.clamp(1, MAX_LIMIT),
                "search" => own.search = value.trim().to_lowercase(),
                "status" => own.status = value,
                "warnings" => own.warnings = value == "true",
                "reveal" => own.reveal = value == "true",
                "since" => own.since = number(&name, &value)?,
                _ => return Err(ControlError::new(format!("unknown query parameter: {name}"))),
            }
        }
        Ok(own)
    }

    /// Whether a row contains the search text. Its text is composed only for a search.
    pub(super) fn matches(&self, text: impl FnOnce() -> String) -> bool {
        self.search.is_empty() || text().to_lowercase().contains(&self.search)
    }

    /// The rows of the page, and the number of all rows.
    pub(super) fn page<T>(&self, rows: impl Iterator<Item = T>) -> (usize, Vec<T>) {
        let (mut total, mut page) = (0, Vec::new());
        for row in rows {
            if total >= self.offset && page.len() < self.limit {
                page.push(row);
            }
            total += 1;
        }
        (total, page)
    }
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, ControlError> {
    value.parse().map_err(|_| ControlError::new(format!("{name} must be a number of at least 0")))
}
