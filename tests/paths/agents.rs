//! What agents and signed-in people leave behind: sessions, passkeys, MCP configurations, custom providers.

use scalekit::{CreateMcpSessionToken, ListMcpConnectedAccounts, UpdatePasskey};

use super::{Called, called};
use crate::support::Caller;
use crate::support::caller::call;

pub fn calls(client: &Caller, id: &str) -> Vec<Called> {
    let passkey = UpdatePasskey::new("Laptop");
    let accounts = ListMcpConnectedAccounts::new("ada");
    let session = CreateMcpSessionToken::new("ada");
    called! { client;
        "GET /api/v1/users/*/sessions" => sessions.list_for_user(id, Default::default()),
        "GET /api/v1/sessions/*" => sessions.get(id),
        "POST /api/v1/sessions/*/revoke" => sessions.revoke(id),
        "POST /api/v1/users/*/sessions/revoke" => sessions.revoke_for_user(id),
        "PATCH /api/v1/webauthn/credentials/*" => passkeys.update(id, passkey),
        "DELETE /api/v1/webauthn/credentials/*" => passkeys.delete(id),
        "PUT /api/v1/custom-providers/*" => custom_providers.update(id, Default::default()),
        "DELETE /api/v1/custom-providers/*" => custom_providers.delete(id),
        "GET /api/v1/mcp/configs/*" => mcp_configs.get(id),
        "PUT /api/v1/mcp/configs/*" => mcp_configs.update(id, Default::default()),
        "DELETE /api/v1/mcp/configs/*" => mcp_configs.delete(id),
        "POST /api/v1/mcp/configs/*/connected_accounts" => mcp_configs.list_connected_accounts(id, accounts),
        "POST /api/v1/mcp/configs/*/tokens" => mcp_configs.create_session_token(id, session),
    }
}
