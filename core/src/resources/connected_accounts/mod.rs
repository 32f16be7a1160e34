//! Connected accounts: accounts at other providers that agents use on behalf of users and organizations.

mod auth;
mod models;

pub use auth::*;
pub use models::*;

use crate::op::{pagers, resource};

resource! {
    /// Connected accounts: accounts at other providers that agents use on behalf of users and organizations.
    connected_accounts: ConnectedAccounts / AsyncConnectedAccounts, table CONNECTED_ACCOUNTS;

    /// Lists one page of connected accounts; `list_all` returns a pager over all pages.
    ///
    /// Results match all given filters. Credentials are omitted.
    "GET /api/v1/connected_accounts"
    fn list(params: ListConnectedAccounts) -> ConnectedAccountPage where optional(params) {
        page(params, 1, 99),
        query(params.organization_id, params.user_id, params.connector, params.identifier, params.provider,
            params.query, params.connection_names),
    }

    /// Lists one page of connected accounts that match a text; `search_all` returns a pager over all pages.
    ///
    /// The text is searched in identifiers, connectors and providers. Credentials are omitted.
    "GET /api/v1/connected_accounts:search"
    fn search(params: SearchConnectedAccounts) -> ConnectedAccountPage {
        page(params, 1, 30), query(params.query, params.connection_id),
    }

    /// Creates a connected account and returns it.
    ///
    /// An account without credentials is pending until its owner connects it through a magic link.
    ///
    /// # Errors
    ///
    /// `Conflict` if the owner already has an account for this connector. Read it with `get`.
    "POST /api/v1/connected_accounts" in "connected_account"
    fn create(account: CreateConnectedAccount) -> ConnectedAccount { body(account) }

    /// Updates the credentials or settings of a connected account and returns the account.
    ///
    /// Omitted fields are unchanged.
    ///
    /// # Errors
    ///
    /// `NotFound` if no account matches.
    "PUT /api/v1/connected_accounts" in "connected_account"
    fn update(account: UpdateConnectedAccount) -> ConnectedAccount { body(account) }

    /// Returns a connected account, without its credentials.
    ///
    /// # Errors
    ///
    /// `NotFound` if no account matches.
    "GET /api/v1/connected_accounts/details" in "connected_account"
    fn get(account: ConnectedAccountSelector) -> ConnectedAccount {
        query(account.organization_id, account.user_id, account.connector, account.identifier, account.id),
    }

    /// Returns a connected account with its current credentials.
    ///
    /// Use them for your own requests to the provider. `get` returns the account without credentials.
    ///
    /// # Errors
    ///
    /// `NotFound` if no account matches.
    "GET /api/v1/connected_accounts/auth" in "connected_account"
    fn get_auth(account: ConnectedAccountSelector) -> ConnectedAccount {
        query(account.organization_id, account.user_id, account.connector, account.identifier, account.id),
    }

    /// Deletes a connected account and its credentials.
    ///
    /// Agents can no longer use the account. Deletion is permanent.
    ///
    /// # Errors
    ///
    /// `NotFound` if no account matches.
    "POST /api/v1/connected_accounts:delete"
    fn delete(account: ConnectedAccountSelector) -> () { body(account) }

    /// Generates a link with which the owner connects, or reconnects, an account.
    ///
    /// The link is valid for about one minute. With a `user_verify_url`, the provider's flow ends at that page, with
    /// `auth_request_id` and `state` in the query, and the account becomes active after a call to `verify_user`.
    "POST /api/v1/connected_accounts/magic_link"
    fn generate_magic_link(link: GenerateMagicLink) -> MagicLink { body(link) }

    /// Verifies the user who completed a magic link.
    ///
    /// This prevents users from connecting the accounts of other users. Take the identifier from your own session,
    /// never from the request.
    ///
    /// # Errors
    ///
    /// `PermissionDenied` if the link was generated for another identifier.
    /// `NotFound` if no account is pending for this request.
    "POST /api/v1/connected_accounts/user/verify"
    fn verify_user(verification: VerifyConnectedAccountUser) -> ConnectedAccountVerification { body(verification) }
}

pagers! {
    /// Pages through connected accounts.
    ConnectedAccountPager / AsyncConnectedAccountPager
    over ConnectedAccounts / AsyncConnectedAccounts.list(ListConnectedAccounts)
    as list_all -> connected_accounts: ConnectedAccountSummary;

    /// Pages through the connected accounts that a search returns.
    ConnectedAccountSearchPager / AsyncConnectedAccountSearchPager
    over ConnectedAccounts / AsyncConnectedAccounts.search(SearchConnectedAccounts, required)
    as search_all -> connected_accounts: ConnectedAccountSummary;
}
