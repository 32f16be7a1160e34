//! Connected accounts as the service lists and shows them, and what callers say about them.

use super::*;
use crate::check::{self, Verdict};
use crate::model::{answers, open_enum, requests};
use crate::types::{Json, Timestamp};

open_enum! {
    /// Whether a connected account can be used.
    pub enum ConnectedAccountStatus {
        /// Not known to the service:
        Unspecified = "CONNECTION_STATUS_UNSPECIFIED",
        /// It works:
        Active = "ACTIVE",
        /// Its credentials have run out, and its owner must connect it again:
        Expired = "EXPIRED",
        /// Its owner has yet to connect it:
        PendingAuth = "PENDING_AUTH",
        /// Its owner came back, and `verify_user` has yet to say who it was:
        PendingVerification = "PENDING_VERIFICATION",
        /// Its owner or the provider took the access away:
        Disconnected = "DISCONNECTED",
    }

    /// How a connected account authenticates at the provider.
    pub enum ConnectedAccountType {
        /// OAuth 2.0:
        OAuth = "OAUTH",
        /// An API key:
        ApiKey = "API_KEY",
        /// HTTP Basic:
        BasicAuth = "BASIC_AUTH",
        /// A bearer token:
        BearerToken = "BEARER_TOKEN",
        /// The provider's own way:
        Custom = "CUSTOM",
        /// HTTP Basic, in its newer spelling:
        Basic = "BASIC",
        /// OAuth 2.0 between machines:
        OAuthM2m = "OAUTH_M2M",
        /// Trello's OAuth 1:
        TrelloOAuth1 = "TRELLO_OAUTH1",
        /// Google's domain-wide delegation:
        GoogleDwd = "GOOGLE_DWD",
        /// Trust in another identity provider:
        TrustedIdp = "TRUSTED_IDP",
        /// SMART on FHIR:
        SmartFhir = "SMART_FHIR",
        /// Not at all:
        NoAuth = "NO_AUTH",
    }
}

answers! {
    /// A connected account.
    pub struct ConnectedAccount {
        /// The id, such as `ca_1234`.
        id: String,
        /// Your own name for its owner, such as a user id or an e-mail address.
        identifier: Option<String>,
        /// The name of the connection that it belongs to.
        connector: Option<String>,
        /// The id of that connection.
        connection_id: Option<String>,
        /// The provider it is an account at, such as `GMAIL`.
        provider: Option<String>,
        /// Whether it can be used.
        status: Option<ConnectedAccountStatus>,
        /// How it authenticates at the provider.
        authorization_type: Option<ConnectedAccountType>,
        /// Its live credentials. Only `get_auth` tells them.
        authorization_details: Option<AuthorizationDetails>,
        /// Settings of the provider's API for this account, in a shape that depends on the provider.
        api_config: Option<Json>,
        /// When its access token runs out.
        token_expires_at: Option<Timestamp>,
        /// When it was last used.
        last_used_at: Option<Timestamp>,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
    }

    /// A connected account, as it stands in a list.
    pub struct ConnectedAccountSummary {
        /// The id, such as `ca_1234`.
        id: String,
        /// Your own name for its owner, such as a user id or an e-mail address.
        identifier: Option<String>,
        /// The name of the connection that it belongs to.
        connector: Option<String>,
        /// The id of that connection.
        connection_id: Option<String>,
        /// The provider it is an account at, such as `GMAIL`.
        provider: Option<String>,
        /// Whether it can be used.
        status: Option<ConnectedAccountStatus>,
        /// How it authenticates at the provider.
        authorization_type: Option<ConnectedAccountType>,
        /// When its access token runs out.
        token_expires_at: Option<Timestamp>,
        /// When it was last used.
        last_used_at: Option<Timestamp>,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
    }

    /// One page of connected accounts.
    pub struct ConnectedAccountPage {
        /// The connected accounts of this page.
        connected_accounts: Vec<ConnectedAccountSummary>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }

    /// A link by which the owner of a connected account connects it.
    pub struct MagicLink {
        /// The URL to send the owner to, who must open it before `expiry`.
        link: String,
        /// Until when it must be opened; about a minute after it was made.
        expiry: Option<Timestamp>,
    }

    /// What came of saying who connected an account.
    pub struct ConnectedAccountVerification {
        /// Where to send the person now.
        post_user_verify_redirect_url: Option<String>,
    }
}

#[cfg_attr(feature = "ffi", uniffi::export)]
impl ConnectedAccount {
    /// The change that leaves everything as it is: alter what you want in it, and send it with `update`. It names the
    /// account by its id and holds no credentials, so that tokens renewed meanwhile are not overwritten.
    #[must_use]
    pub fn to_update(&self) -> UpdateConnectedAccount {
        let input =
            ConnectedAccountInput { api_config: self.api_config.clone(), authorization_details: None };
        UpdateConnectedAccount {
            id: Some(self.id.clone()),
            connected_account: Some(input),
            ..UpdateConnectedAccount::default()
        }
    }
}

requests! {
    /// Which connected account is meant: by its `id`, or by its `connector` together with its owner, who is an
    /// `identifier`, an organization or a user.
    pub struct ConnectedAccountSelector {
        optional {
            /// The id, such as `ca_1234`.
            id: Option<String> => check::length(1..=32),
            /// The name of its connection.
            connector: Option<String> => connector,
            /// Your own name for its owner, at most 100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// The organization that owns it.
            organization_id: Option<String> => check::length(1..=32),
            /// The user who owns it.
            user_id: Option<String> => check::length(1..=32),
        }
    }

    /// A new connected account. Besides the connector, name its owner: an `identifier`, an organization or a user.
    pub struct CreateConnectedAccount {
        required {
            /// The name of the connection that it belongs to: letters, digits, spaces, `_`, `:` and `-`, at most 400.
            connector: String => connector,
        }
        optional {
            /// Your own name for its owner, such as a user id or an e-mail address; at most 100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// The organization that owns it.
            organization_id: Option<String> => check::length(1..=32),
            /// The user who owns it.
            user_id: Option<String> => check::length(1..=32),
            /// Its credentials and settings, if you have them already.
            connected_account: Option<ConnectedAccountInput> => check::inner,
        }
    }

    /// Changes to a connected account, which is named as in `ConnectedAccountSelector`. What is left out stays as it
    /// is.
    pub struct UpdateConnectedAccount {
        optional {
            /// The id, such as `ca_1234`.
            id: Option<String> => check::length(1..=32),
            /// The name of its connection.
            connector: Option<String> => connector,
            /// Your own name for its owner, at most 100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// The organization that owns it.
            organization_id: Option<String> => check::length(1..=32),
            /// The user who owns it.
            user_id: Option<String> => check::length(1..=32),
            /// The new credentials and settings.
            connected_account: Option<ConnectedAccountInput> => check::inner,
        }
    }

    /// The credentials and settings of a connected account.
    pub struct ConnectedAccountInput {
        optional {
            /// The credentials.
            authorization_details: Option<AuthorizationDetailsInput> => check::inner,
            /// Settings of the provider's API for this account, in a shape that depends on the provider.
            api_config: Option<Json>,
        }
    }

    /// For which connected account a link is made, named as in `ConnectedAccountSelector`, and where it leads.
    pub struct GenerateMagicLink {
        optional {
            /// The id, such as `ca_1234`.
            id: Option<String> => check::length(1..=32),
            /// The name of its connection.
            connector: Option<String> => connector,
            /// Your own name for its owner, at most 100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// The organization that owns it.
            organization_id: Option<String> => check::length(1..=32),
            /// The user who owns it.
            user_id: Option<String> => check::length(1..=32),
            /// A text that comes back to `user_verify_url`, at most 512 characters.
            state: Option<String> => check::length(0..=512),
            /// Your own page to which the provider's leads in the end, and which calls `verify_user`: a URL that begins
            /// with `https://` or `http://`, at most 2048 characters. Without it nobody is asked.
            user_verify_url: Option<String> => web_address,
        }
    }

    /// Who came back from a magic link.
    pub struct VerifyConnectedAccountUser {
        required {
            /// The `auth_request_id` from the query of your page.
            auth_request_id: String => check::length(1..=100),
            /// Your own name for the person who is signed in at your application.
            identifier: String => check::length(1..=100),
        }
    }

    /// Which connected accounts to list.
    pub struct ListConnectedAccounts {
        optional {
            /// How many on a page, 1 to 99; other numbers are moved into that range. Default 10.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Those of this organization.
            organization_id: Option<String>,
            /// Those of this user.
            user_id: Option<String>,
            /// Those of the connection with this name.
            connector: Option<String> => connector,
            /// Those with this identifier, at most 100 characters.
            identifier: Option<String> => check::length(1..=100),
            /// Those at this provider.
            provider: Option<String>,
            /// Those that hold this text.
            query: Option<String>,
            /// Those of the connections with these names, at most 20.
            connection_names: Option<Vec<String>> => check::at_most(20),
        }
    }

    /// Which connected accounts to search for.
    pub struct SearchConnectedAccounts {
        required {
            /// The text to search for, 3 to 200 characters.
            query: String => check::length(3..=200),
        }
        optional {
            /// How many on a page, 1 to 30; other numbers are moved into that range.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
            /// Only those of the connection with this id.
            connection_id: Option<String>,
        }
    }
}

/// The name of a connection.
pub(in crate::resources) fn connector<T: check::Text>(value: &T) -> Verdict {
    check::length(1..=400)(value)?;
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':' | ' ' | '-');
    let good = value.text().is_none_or(|text| text.chars().all(good));
    if good { Ok(()) } else { Err("may hold letters, digits, spaces, `_`, `:` and `-` only".into()) }
}

fn web_address(value: &Option<String>) -> Verdict {
    check::length(1..=2048)(value)?;
    let url = |text: &String| reqwest::Url::parse(text).ok().filter(reqwest::Url::has_host);
    let good = value
        .as_ref()
        .is_none_or(|text| url(text).is_some_and(|url| matches!(url.scheme(), "https" | "http")));
    if good { Ok(()) } else { Err("must be a URL that begins with https:// or http://".into()) }
}
