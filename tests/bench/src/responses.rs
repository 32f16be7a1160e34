//! The prepared responses of the server, in the shape of the service's.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::{Result, forge};

/// The number of users on a page.
const PAGE_SIZE: usize = 100;

/// Complete responses by path, head and body, ready to write.
pub struct Responses {
    by_path: HashMap<&'static str, Vec<u8>>,
    fallback: Vec<u8>,
}

impl Responses {
    pub fn new(token: &str) -> Result<Self> {
        let grant = json!({"access_token": token, "token_type": "Bearer", "expires_in": 86_399});
        let users: Vec<Value> = (1..=PAGE_SIZE).map(user).collect();
        let page =
            json!({"users": users, "next_page_token": "", "prev_page_token": "", "total_size": PAGE_SIZE});
        let responses = [
            ("/oauth/token", grant),
            ("/keys", forge::keys()?),
            ("/api/v1/users/usr_1", json!({"user": user(1)})),
            ("/api/v1/users", page),
            ("/api/v1/organizations/org_1", json!({"organization": organization()})),
        ];
        let by_path =
            responses.into_iter().map(|(path, body)| (path, complete_response("200 OK", &body))).collect();
        let not_found = json!({"code": 5, "message": "no such path", "details": []});
        Ok(Self { by_path, fallback: complete_response("404 Not Found", &not_found) })
    }

    /// The response for a request target, ignoring its query.
    pub fn to(&self, target: &str) -> &[u8] {
        let path = target.split('?').next().unwrap_or_default();
        self.by_path.get(path).unwrap_or(&self.fallback)
    }
}

fn complete_response(status: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         x-request-id: 74123456789012345\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n",
        body.len()
    );
    (head + &body).into_bytes()
}

/// A typical organization.
fn organization() -> Value {
    json!({
        "id": "org_1", "display_name": "Acme Corporation", "external_id": "crm-1", "region_code": "US",
        "create_time": "2025-03-04T05:06:07.890123Z", "update_time": "2025-04-05T06:07:08.901234Z",
        "metadata": {"plan": "gold", "seats": "40"},
        "settings": {"features": [{"name": "sso", "enabled": true}, {"name": "dir_sync", "enabled": false}]},
    })
}

/// A typical user with a profile and one membership.
fn user(number: usize) -> Value {
    json!({
        "id": format!("usr_{number}"),
        "environment_id": "env_74123456789012345",
        "email": format!("person{number}@acme.example"),
        "external_id": format!("crm-{number}"),
        "create_time": "2025-03-04T05:06:07.890123Z",
        "update_time": "2025-04-05T06:07:08.901234Z",
        "last_login_time": "2025-05-06T07:08:09.012345Z",
        "metadata": {"team": "blue", "seat": "gold"},
        "user_profile": {
            "id": format!("usp_{number}"), "name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace",
            "preferred_username": "ada", "email_verified": true, "phone_number": "+14155552671",
            "phone_number_verified": false, "picture": "https://acme.example/ada.png", "gender": "", "locale": "en-GB",
            "groups": ["analysts", "engineers"], "custom_attributes": {"desk": "7"}, "metadata": {},
            "external_identities": [],
        },
        "memberships": [{
            "organization_id": "org_74123456789012345", "membership_status": "ACTIVE", "name": "Acme",
            "display_name": "Acme Corporation", "provisioning_method": "invitation",
            "inviter_email": "boss@acme.example", "created_at": "2025-03-04T05:06:07.890123Z",
            "accepted_at": "2025-03-05T05:06:07.890123Z", "join_time": "2025-03-05T05:06:07.890123Z",
            "roles": [{"id": "role_74123456789012345", "name": "editor", "display_name": "Editor"}],
            "permissions": ["reports:read", "reports:write"], "metadata": {},
        }],
    })
}
