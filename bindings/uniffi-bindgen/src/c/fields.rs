//! Objects and enumerations of JSON, with their members and values.

use heck::{ToShoutySnakeCase, ToSnakeCase};
use uniffi_bindgen::interface::{AsType, Enum, Type};

use super::types::Types;
use super::{comment, docs, mentioned, summary};
use crate::interface::Result;
use crate::kinds::Kind;
use crate::wire_names::wire_name;

/// An argument, or a member of an object.
pub struct Field {
    pub name: String,
    pub of: String,
    pub is_optional: bool,
    pub docs: String,
}

impl Field {
    fn new(name: &str, of: &str, is_optional: bool, docs: &str) -> Self {
        Self { name: name.into(), of: of.into(), is_optional, docs: docs.into() }
    }

    pub fn signature(&self) -> String {
        format!("{}{}: {}", self.name, if self.is_optional { "?" } else { "" }, self.of)
    }

    pub fn mentioned(&self) -> impl Iterator<Item = String> + '_ {
        mentioned(&self.of)
    }
}

/// A named type.
pub struct Definition {
    name: String,
    docs: String,
    members: Members,
}

enum Members {
    Fields(Vec<Field>),
    Values(Vec<String>),
}

impl Definition {
    pub fn mentioned(&self) -> impl Iterator<Item = String> + '_ {
        let fields = match &self.members {
            Members::Fields(fields) => &fields[..],
            Members::Values(_) => &[],
        };
        fields.iter().flat_map(Field::mentioned)
    }

    pub fn text(&self) -> String {
        let members: String = match &self.members {
            Members::Fields(fields) => {
                let line = |field: &Field| format!("{}    {}\n", comment(&field.docs, 4), field.signature());
                fields.iter().map(line).collect()
            }
            Members::Values(values) => values.iter().map(|value| format!("    | \"{value}\"\n")).collect(),
        };
        format!("{}{}\n{members}", comment(&self.docs, 0), self.name)
    }
}

/// Objects in which an absent value is `null`. The service's own omit it.
const WITH_NULLS: [&str; 4] = ["Failure", "FieldViolation", "LoginSession", "RawResponse"];

/// The members of a session. It is an object with methods in the other languages.
const SESSION: [(&str, &str, &str); 7] = [
    ("session", "string", "The session, to store and to pass to `login.refresh_if_needed`. Secret."),
    ("subject", "string", "User ID (claim `sub`)."),
    ("access_token", "string", "Access token. Secret."),
    ("id_token", "string | null", "ID token, to pass to `login.logout_url`. Secret."),
    ("refresh_token", "string | null", "Refresh token, if the scope `offline_access` was granted. Secret."),
    ("scopes", "string[]", "Granted scopes."),
    ("expires_at", "timestamp", "Expiration time of the access token."),
];

pub fn definition(types: &Types<'_>, name: &str) -> Result<Definition> {
    if let Some(of) = types.interface.get_enum_definition(name) {
        let members = Members::Values(values(types, of)?);
        return Ok(Definition { name: name.into(), docs: summary(of.docstring()), members });
    }
    let fields = match name {
        "LoginSession" => session(),
        "LoginOutcome" => outcome(types)?,
        "TokenExpectations" => expectations(types)?,
        "Failure" => failure(types)?,
        _ => fields(types, name)?,
    };
    let docs = match name {
        "LoginSession" => "A session.".into(),
        "LoginOutcome" => "The claims of a login, and its session.".into(),
        "Failure" => "The JSON of an error.".into(),
        _ => summary(types.interface.get_record_definition(name).and_then(|record| record.docstring())),
    };
    Ok(Definition { name: name.into(), docs, members: Members::Fields(fields) })
}

fn fields(types: &Types<'_>, record: &str) -> Result<Vec<Field>> {
    let of = types.interface.get_record_definition(record).ok_or_else(|| format!("no record {record}"))?;
    of.fields().iter().map(|it| field(types, record, it)).collect()
}

fn field(types: &Types<'_>, record: &str, field: &uniffi_bindgen::interface::Field) -> Result<Field> {
    let of = field.as_type();
    let is_absent = matches!(of, Type::Optional { .. });
    let has_null = is_absent && WITH_NULLS.contains(&record);
    let is_request = types.kind(record)? == Kind::Request;
    Ok(Field {
        name: wire_name(record, field.name()).unwrap_or(field.name()).to_owned(),
        of: match (record, field.name()) {
            // All claims, as the token has them.
            ("IdpInitiatedLogin" | "LoginOutcome", "claims") => "JSON".into(),
            // Decided by two members in C.
            ("TokenExpectations", "audience") => "string[]".into(),
            _ => types.json(&of)? + if has_null { " | null" } else { "" },
        },
        is_optional: if is_request { field.default_value().is_some() } else { is_absent && !has_null },
        docs: docs(field.docstring()),
    })
}

fn session() -> Vec<Field> {
    SESSION.iter().map(|(name, of, docs)| Field::new(name, of, false, docs)).collect()
}

/// The result of a login: its members and those of its session.
fn outcome(types: &Types<'_>) -> Result<Vec<Field>> {
    let claims = "All claims of the ID token.";
    let return_to = fields(types, "LoginOutcome")?.into_iter().filter(|field| field.name == "return_to");
    let return_to = return_to.map(|field| Field { of: "string | null".into(), is_optional: false, ..field });
    Ok([Field::new("claims", "JSON", false, claims)].into_iter().chain(return_to).chain(session()).collect())
}

/// The audience is a list in C, and a second member says that any is accepted.
fn expectations(types: &Types<'_>) -> Result<Vec<Field>> {
    let mut fields = fields(types, "TokenExpectations")?;
    for field in fields.iter_mut().filter(|field| field.name == "audience") {
        field.is_optional = true;
        field.docs =
            "Accepted audiences: the token must have one of them. Required unless `any_audience` is true."
                .into();
    }
    let docs = "Whether any audience is accepted. Ignored if `audience` contains one. Default: false.";
    fields.insert(1, Field::new("any_audience", "boolean", true, docs));
    Ok(fields)
}

/// The JSON of an error: its kind and all details.
fn failure(types: &Types<'_>) -> Result<Vec<Field>> {
    let kind = Field::new("kind", "string", false, "Kind of the error, such as `NotFound`.");
    Ok([kind].into_iter().chain(fields(types, "Failure")?).collect())
}

/// The values of an enumeration in JSON.
fn values(types: &Types<'_>, of: &Enum) -> Result<Vec<String>> {
    let is_open = match types.kind(of.name())? {
        Kind::OpenEnum => true,
        Kind::ClosedEnum => false,
        kind => return Err(format!("{} is {kind:?}, which a C program cannot pass", of.name()).into()),
    };
    let known = of.variants().iter().filter(|variant| variant.name() != "Unrecognized");
    known
        .map(|variant| match (is_open, of.name()) {
            // The core's macro ends the documentation with a line `Wire value:` and the value.
            (true, _) => {
                let docs = variant.docstring().unwrap_or_default();
                let wire = docs.split_once("Wire value:").map(|(_, wire)| wire.trim().to_owned());
                wire.ok_or_else(|| format!("{} has no wire value", variant.name()).into())
            }
            (false, "TrustedRoots") => Ok(variant.name().to_snake_case()),
            (false, _) => Ok(variant.name().to_shouty_snake_case()),
        })
        .collect()
}
