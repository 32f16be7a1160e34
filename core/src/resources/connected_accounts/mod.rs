//! Connected accounts: what agents may use on behalf of a person or an organization at another provider.

mod auth;
mod models;

pub use auth::*;
pub use models::*;

use crate::op::{pager, resource};

resource! {
    /// Connected accounts: the accounts at other providers that your agents may use on behalf of people and
    /// organizations.
    connected_accounts: ConnectedAccounts / AsyncConnectedAccounts, table CONNECTED_ACCOUNTS;

    /// One page of connected accounts, without their credentials. Filters that are given must all fit.
    "GET /api/v1/connected_accounts"
    fn list(params: ListConnectedAccounts) -> ConnectedAccountPage where optional(params) {
        page(params, 1, 99),
        query(params.organization_id, params.user_id, params.connector, params.identifier, params.provider,
            params.query, params.connection_names),
    }

    /// One page of the connected accounts whose identifier, connector or provider holds a text; without their
    /// credentials.
    "GET /api/v1/connected_accounts:search"
    fn search(params: SearchConnectedAccounts) -> ConnectedAccountPage {
        page(params, 1, 30), query(params.query, params.connection_id),
    }

    /// Creates a connected account and gives it back with its id. Without credentials it waits for its owner, who
    /// comes by a magic link.
    ///
    /// Fails with `Conflict` when the owner has an account at this connector already; `get` reads that one.
    "POST /api/v1/connected_accounts" in "connected_account"
    fn create(account: CreateConnectedAccount) -> ConnectedAccount { body(account) }

    /// Changes the credentials or the settings of a connected account, and gives it back as it is then. What is left
    /// out stays as it is. Fails with `NotFound` when there is no such account.
    "PUT /api/v1/connected_accounts" in "connected_account"
    fn update(account: UpdateConnectedAccount) -> ConnectedAccount { body(account) }

    /// One connected account, without its credentials. Fails with `NotFound` when there is none.
    "GET /api/v1/connected_accounts/details" in "connected_account"
    fn get(account: ConnectedAccountSelector) -> ConnectedAccount {
        query(account.organization_id, account.user_id, account.connector, account.identifier, account.id),
    }

    /// One connected account with its live credentials, for calls of your own to the provider. `get` is the same
    /// without them. Fails with `NotFound` when there is none.
    "GET /api/v1/connected_accounts/auth" in "connected_account"
    fn get_auth(account: ConnectedAccountSelector) -> ConnectedAccount {
        query(account.organization_id, account.user_id, account.connector, account.identifier, account.id),
    }

    /// Deletes a connected account with its credentials: agents can use it no more. There is no way back. Fails with
    /// `NotFound` when there is none.
    "POST /api/v1/connected_accounts:delete"
    fn delete(account: ConnectedAccountSelector) -> () { body(account) }

    /// Makes a link by which the owner of an account connects it, or connects it again. It is good for about a minute.
    ///
    /// With a `user_verify_url`, the provider's page leads there in the end, with `auth_request_id` and `state` in the
    /// query; the account works once `verify_user` has said who came.
    "POST /api/v1/connected_accounts/magic_link"
    fn generate_magic_link(link: GenerateMagicLink) -> MagicLink { body(link) }

    /// Says who it was that came back from a magic link, so that nobody connects an account of somebody else. Take the
    /// identifier from your own session, never from the request.
    ///
    /// Fails with `PermissionDenied` when the link was made for another identifier, with `NotFound` when no account
    /// waits for this request.
    "POST /api/v1/connected_accounts/user/verify"
    fn verify_user(verification: VerifyConnectedAccountUser) -> ConnectedAccountVerification { body(verification) }
}

pager! {
    /// Walks through connected accounts, page by page.
    ConnectedAccountPager / AsyncConnectedAccountPager
    over ConnectedAccounts / AsyncConnectedAccounts.list(ListConnectedAccounts)
    as list_all -> connected_accounts: ConnectedAccountSummary
}

pager! {
    /// Walks through the connected accounts that a search found, page by page.
    ConnectedAccountSearchPager / AsyncConnectedAccountSearchPager
    over ConnectedAccounts / AsyncConnectedAccounts.search(SearchConnectedAccounts, required)
    as search_all -> connected_accounts: ConnectedAccountSummary
}
