//! The built-in providers and tools.

use serde_json::{Map, Value, json};

/// A provider with one connection, at which accounts can be connected.
#[derive(Debug)]
pub(crate) struct Provider {
    /// Also the name of its connection.
    pub(crate) name: &'static str,
    pub(crate) connection_id: &'static str,
    /// The authentication type of its accounts.
    pub(crate) kind: &'static str,
    pub(crate) scopes: &'static [&'static str],
}

pub(crate) const PROVIDERS: &[Provider] = &[
    Provider {
        name: "gmail",
        connection_id: "conn_100000000000000011",
        kind: "OAUTH",
        scopes: &["https://mail.google.com/"],
    },
    Provider {
        name: "slack",
        connection_id: "conn_100000000000000012",
        kind: "OAUTH",
        scopes: &["chat:write", "channels:history"],
    },
    Provider { name: "github", connection_id: "conn_100000000000000013", kind: "OAUTH", scopes: &["repo"] },
    Provider { name: "emulator", connection_id: "conn_100000000000000014", kind: "API_KEY", scopes: &[] },
];

impl Provider {
    /// The provider key in accounts and tools.
    pub(crate) fn key(&self) -> String {
        self.name.to_ascii_uppercase()
    }
}

pub(crate) fn provider(name: &str) -> Option<&'static Provider> {
    PROVIDERS.iter().find(|provider| provider.name == name)
}

/// A tool that agents can run.
#[derive(Debug)]
pub(crate) struct Tool {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    /// The name of its provider.
    pub(crate) provider: &'static str,
    pub(crate) description: &'static str,
    pub(crate) parameters: &'static [Parameter],
    pub(crate) effect: Effect,
}

/// The effect of running a tool.
#[derive(Debug)]
pub(crate) enum Effect {
    /// Stores the parameters as an entry of this kind.
    Write(&'static str),
    /// Returns the account's entries of this kind whose fields equal all given parameters.
    Read(&'static str),
    /// Returns its parameters.
    Echo,
    /// Fails with a provider error.
    Fail,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) kind: &'static str,
}

const fn required(name: &'static str) -> Parameter {
    Parameter { name, required: true, kind: "string" }
}

const fn optional(name: &'static str, kind: &'static str) -> Parameter {
    Parameter { name, required: false, kind }
}

pub(crate) const TOOLS: &[Tool] = &[
    Tool {
        id: "tol_100000000000000011",
        name: "gmail_send_mail",
        provider: "gmail",
        description: "Send an email.",
        parameters: &[required("to"), required("subject"), optional("body", "string")],
        effect: Effect::Write("mails"),
    },
    Tool {
        id: "tol_100000000000000012",
        name: "gmail_list_mails",
        provider: "gmail",
        description: "List the sent emails.",
        parameters: &[optional("to", "string"), optional("subject", "string")],
        effect: Effect::Read("mails"),
    },
    Tool {
        id: "tol_100000000000000013",
        name: "slack_send_message",
        provider: "slack",
        description: "Post a message to a channel.",
        parameters: &[required("channel"), required("text")],
        effect: Effect::Write("messages"),
    },
    Tool {
        id: "tol_100000000000000014",
        name: "slack_list_messages",
        provider: "slack",
        description: "List the messages of a channel.",
        parameters: &[required("channel")],
        effect: Effect::Read("messages"),
    },
    Tool {
        id: "tol_100000000000000015",
        name: "github_create_issue",
        provider: "github",
        description: "Open an issue in a repository.",
        parameters: &[required("owner"), required("repo"), required("title"), optional("body", "string")],
        effect: Effect::Write("issues"),
    },
    Tool {
        id: "tol_100000000000000016",
        name: "github_list_issues",
        provider: "github",
        description: "List the issues of a repository.",
        parameters: &[required("owner"), required("repo")],
        effect: Effect::Read("issues"),
    },
    Tool {
        id: "tol_100000000000000017",
        name: "emulator_echo",
        provider: "emulator",
        description: "Return the parameters.",
        parameters: &[optional("value", "any")],
        effect: Effect::Echo,
    },
    Tool {
        id: "tol_100000000000000018",
        name: "emulator_fail",
        provider: "emulator",
        description: "Fail with a provider error.",
        parameters: &[optional("status", "integer"), optional("code", "string"), optional("text", "string")],
        effect: Effect::Fail,
    },
];

pub(crate) fn tool(name: &str) -> Option<&'static Tool> {
    TOOLS.iter().find(|tool| tool.name == name)
}

impl Tool {
    pub(crate) fn provider_key(&self) -> String {
        self.provider.to_ascii_uppercase()
    }

    /// The JSON of the tool in responses.
    pub(crate) fn detail(&self) -> Value {
        json!({
            "id": self.id,
            "provider": self.provider_key(),
            "definition": {
                "name": self.name,
                "description": self.description,
                "input_schema": self.input_schema(),
            },
            "metadata": {},
            "tags": [self.provider],
            "is_default": !matches!(self.effect, Effect::Fail),
            "updated_at": "2026-01-01T00:00:00Z",
        })
    }

    fn input_schema(&self) -> Value {
        let property = |parameter: &Parameter| match parameter.kind {
            "any" => json!({}),
            kind => json!({"type": kind}),
        };
        let properties = self.parameters.iter().map(|own| (own.name.to_owned(), property(own)));
        let required = self.parameters.iter().filter(|own| own.required).map(|own| own.name);
        json!({
            "type": "object",
            "properties": properties.collect::<Map<_, _>>(),
            "required": required.collect::<Vec<_>>(),
            "additionalProperties": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tool_has_a_provider_and_a_unique_name_and_id() {
        for (index, own) in TOOLS.iter().enumerate() {
            assert!(provider(own.provider).is_some(), "{}", own.name);
            assert!(own.name.starts_with(own.provider), "{}", own.name);
            let others = &TOOLS[index + 1..];
            assert!(others.iter().all(|other| other.name != own.name && other.id != own.id), "{}", own.name);
        }
    }
}
