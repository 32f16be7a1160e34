//! Seeds: the errors, the start with a seed, and the built-in worlds.

use scalekit_emulator::{Emulator, Settings};
use serde_json::{Value, json};

use crate::support::Harness;

const DEMO: &str = include_str!("../worlds/demo.yaml");

fn demo() -> Value {
    yaml_serde::from_str(DEMO).unwrap()
}

#[tokio::test]
async fn seed_error_names_the_path_of_the_wrong_element() {
    let emulator = Emulator::start().await.unwrap();
    let acme = json!({"id": "org_1", "display_name": "Acme", "slug": "acme"});
    for (seed, error) in [
        (json!({"organizations": [acme, {}]}), "organizations[1]: missing field `display_name`"),
        (json!({"organizations": [acme, acme]}), "organizations[1].id: org_1 exists already"),
        (
            json!({"organizations": [acme, {"display_name": "B", "slug": "acme"}]}),
            "organizations[1]: organization with slug \"acme\" already exists",
        ),
        (
            json!({"organizations": [{"display_name": "A", "connections": [{}, {"enabled": "yes"}]}]}),
            "organizations[0].connections[1].enabled: invalid type: string \"yes\", expected a boolean",
        ),
        (
            json!({"organizations": [{"display_name": "A", "connections": [{"id": "c"}, {"id": "c"}]}]}),
            "organizations[0].connections[1].id: c exists already",
        ),
        (json!({"connections": [{}]}), "connections[0].organization_id: is required here"),
        (
            json!({"connections": [{"organization_id": "org_9"}]}),
            "connections[0].organization_id: there is no organization org_9",
        ),
        (
            json!({"organizations": [acme], "directories": [{"organization_id": "org_1",
                "users": [{"email": "a@b.example"}, {"email": "c@b.example", "groups": ["x"]}]}]}),
            "directories[0].users[1].groups[0]: ",
        ),
        (
            json!({"organizations": [acme], "directories": [{"organization_id": "org_1",
                "groups": [{"display_name": "G", "updated_at": "today"}]}]}),
            "directories[0].groups[0].updated_at: today is not a timestamp",
        ),
        (json!({"roles": [{"name": "a", "permissions": ["x"]}]}), "roles[0].permissions[0]: "),
        (json!({"default_roles": {"member": "x"}}), "default_roles.member: there is no role x"),
        (
            json!({"users": [{"email": "a@b.example", "memberships": [{"organization_id": "org_9"}]}]}),
            "users[0].memberships[0].organization_id: there is no organization org_9",
        ),
        (json!({"clients": [{"organization_id": "org_9"}]}), "clients[0].organization_id: "),
        (
            json!({"organizations": [acme], "clients": [{"organization_id": "org_1", "secrets": ["short"]}]}),
            "clients[0].secrets: ",
        ),
        (json!({"sessions": [{"user_id": "u"}, {}]}), "sessions[1].user_id: is required"),
        (
            json!({"passwordless": {"attempts": [{"email": "a@b.example", "code": 1}]}}),
            "passwordless.attempts[0].code: invalid type",
        ),
        (json!({"color": 1}), "color: unknown field `color`"),
        (json!([]), "must be an object"),
    ] {
        let message = emulator.seed(seed.clone()).unwrap_err().to_string();
        assert!(message.starts_with(&format!("seed: {error}")), "{seed}\n{message}\n{error}");
    }
}

#[tokio::test]
async fn seeded_client_authenticates_with_its_secrets() {
    let harness = Harness::start().await;
    let client = json!({"id": "m2morg_1", "organization_id": "org_1", "scopes": ["read"], "expiry": 60,
        "secrets": ["first-secret", "other-secret"]});
    let organization = json!({"id": "org_1", "display_name": "Acme"});
    let made = harness.emulator.seed(json!({"organizations": [organization], "clients": [client]})).unwrap();
    assert_eq!(made["clients"][0]["plain_secrets"], json!(["first-secret", "other-secret"]));
    assert_eq!(made["clients"][0]["secrets"][1]["secret_suffix"], "cret");
    for secret in ["first-secret", "other-secret"] {
        let form =
            [("grant_type", "client_credentials"), ("client_id", "m2morg_1"), ("client_secret", secret)];
        let token = harness.token_request(&form).await;
        assert_eq!((token.status, &token.json["expires_in"]), (200, &json!(60)), "{}", token.text);
    }
}

#[tokio::test]
async fn reset_returns_to_the_seed_of_the_start() {
    let settings = Settings { seed: Some(demo()), ..Settings::strict() };
    let harness = Harness::start_with(settings).await;
    let organizations = "/api/v1/organizations";
    harness.organization("Another").await;
    harness.call("DELETE", "/api/v1/organizations/org_acme").await;
    assert_eq!(harness.call("GET", &format!("{organizations}/org_acme")).await.status, 404);
    harness.call("POST", "/_emulator/reset").await;
    assert_eq!(harness.call("GET", organizations).await.json["total_size"], 3);
    assert_eq!(harness.call("GET", &format!("{organizations}/org_acme")).await.status, 200);
}

#[tokio::test]
async fn invalid_seed_prevents_the_start() {
    let settings = Settings { seed: Some(json!({"users": [{"mail": "a"}]})), ..Settings::default() };
    let error = Emulator::start_with(settings).await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert!(error.to_string().starts_with("seed: users[0].mail: unknown field"), "{error}");
}

#[tokio::test]
async fn demo_world_has_what_the_readme_says() {
    let settings = Settings { seed: Some(demo()), ..Settings::strict() };
    let harness = Harness::start_with(settings).await;
    let get = async |path: &str| harness.call("GET", path).await.json;
    assert_eq!(get("/api/v1/organizations").await["total_size"], 3);
    let connections = get("/api/v1/connections").await;
    let connections: Vec<_> = connections["connections"].as_array().unwrap().iter().collect();
    assert_eq!(connections.iter().map(|own| &own["id"]).collect::<Vec<_>>(), ["conn_acme", "conn_globex"]);
    let directory = get("/api/v1/organizations/org_acme/directories/dir_acme").await;
    assert_eq!(directory["directory"]["total_users"], 50);
    let clients = get("/api/v1/organizations/org_acme/clients").await;
    assert_eq!(clients["clients"][0]["client_id"], "m2morg_acme");
    let user = get("/api/v1/users/usr_ada").await;
    assert_eq!(user["user"]["memberships"][0]["roles"][0]["name"], "manager");
}

/// The names that serde lists when a field is unknown, which are all fields of the object.
fn fields_of(emulator: &Emulator, seed: Value) -> Vec<String> {
    let message = emulator.seed(seed).unwrap_err().to_string();
    let (_, names) = message.split_once("expected ").unwrap();
    names.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn readme_describes_every_field_of_a_seed() {
    let readme = include_str!("../README.md");
    let section = readme.split_once("\n### Seed\n").unwrap().1.split_once("\n### ").unwrap().0;
    let emulator = Emulator::start().await.unwrap();
    let unknown = json!({"?": 1});
    let lists = ["organizations", "connections", "directories", "domains", "clients", "connected_accounts"];
    let more = ["permissions", "roles", "users", "mcp_configs", "idp_script"];
    let lists = lists.iter().chain(&more).map(|list| json!({*list: [unknown]}));
    let nested = [
        unknown.clone(),
        json!({"passwordless": unknown}),
        json!({"passwordless": {"attempts": [unknown]}}),
        json!({"default_roles": unknown}),
        json!({"generate": unknown}),
        json!({"mcp_configs": [{"name": "a", "connection_tool_mappings": [unknown]}]}),
        json!({"directories": [{"groups": [unknown]}]}),
        json!({"directories": [{"users": [unknown]}]}),
        json!({"directories": [{"secrets": [unknown]}]}),
        json!({"directories": [{"generate": unknown}]}),
        json!({"users": [{"user_profile": unknown}]}),
        json!({"users": [{"memberships": [unknown]}]}),
    ];
    for seed in lists.chain(nested) {
        let fields = fields_of(&emulator, seed.clone());
        assert!(!fields.is_empty(), "{seed}");
        for field in fields {
            let is_described = [format!("\"{field}\""), format!("`{field}`")];
            assert!(is_described.iter().any(|text| section.contains(text)), "{field} of {seed}");
        }
    }
}
