//! Roles and permissions: cases that the shared scenarios do not cover.

use serde_json::{Value, json};

use crate::support::Harness;

const ROLES: &str = "/api/v1/roles";

async fn seeded(seed: Value) -> Harness {
    let harness = Harness::start_without_auto_connection().await;
    harness.emulator.seed(seed).unwrap();
    harness
}

/// Returns each role with the role that it extends, in list order, without `admin` and `member`.
async fn role_bases(harness: &Harness, path: &str) -> Vec<(String, String)> {
    let roles = harness.call("GET", path).await.json["roles"].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pair = |role: &Value| (text(&role["name"]), text(&role["extends"]));
    roles.iter().map(pair).filter(|(name, _)| name != "admin" && name != "member").collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, base)| ((*name).to_owned(), (*base).to_owned())).collect()
}

#[tokio::test]
async fn role_cycle_is_rejected() {
    let chain =
        json!({"roles": [{"name": "a"}, {"name": "b", "extends": "a"}, {"name": "c", "extends": "b"}]});
    let harness = seeded(chain).await;
    for base in ["a", "b", "c"] {
        let response = harness.send("PUT", &format!("{ROLES}/a"), &json!({"extends": base})).await;
        assert_eq!(response.violations(), [("extends", "cycle")], "{base}");
    }
    let own = json!({"name": "d", "display_name": "D", "extends": "d"});
    assert_eq!(harness.send("POST", ROLES, &own).await.status, 400);
    assert_eq!(harness.send("PUT", &format!("{ROLES}/c"), &json!({"extends": "a"})).await.status, 200);
    assert_eq!(role_bases(&harness, ROLES).await, pairs(&[("a", ""), ("b", "a"), ("c", "a")]));
}

#[tokio::test]
async fn dependents_of_deleted_role_extend_its_successor() {
    let chain = json!({"roles": [{"name": "base"}, {"name": "mid", "extends": "base"}, {"name": "top", "extends": "mid"},
        {"name": "side", "extends": "mid"}]});
    // A successor that extends the deleted role then extends the base of the deleted role.
    for (successor, after) in [
        ("base", pairs(&[("base", ""), ("top", "base"), ("side", "base")])),
        ("top", pairs(&[("base", ""), ("top", "base"), ("side", "top")])),
    ] {
        let harness = seeded(chain.clone()).await;
        let refused = harness.call("DELETE", &format!("{ROLES}/mid")).await;
        assert_eq!((refused.status, refused.error_code()), (400, "FAILED_PRECONDITION"));
        let path = format!("{ROLES}/mid?reassign_role_name={successor}");
        assert_eq!(harness.call("DELETE", &path).await.status, 200);
        assert_eq!(role_bases(&harness, ROLES).await, after, "{successor}");
    }
    let harness = seeded(chain).await;
    assert_eq!(harness.call("DELETE", &format!("{ROLES}/mid?reassign_role_name=mid")).await.status, 400);
    assert_eq!(harness.call("DELETE", &format!("{ROLES}/mid?reassign_role_id=base")).await.status, 200);
}

#[tokio::test]
async fn reassigned_role_is_not_duplicated_in_membership() {
    let harness = seeded(json!({
        "organizations": [{"id": "org_1", "display_name": "Acme"}, {"id": "org_2", "display_name": "Other"}],
        "roles": [{"name": "crew", "organization_id": "org_1"}, {"name": "crew", "organization_id": "org_2"}],
        "users": [{"id": "usr_1", "email": "ada@acme.example", "memberships": [
            {"organization_id": "org_1", "roles": ["crew", "member"]}, {"organization_id": "org_2", "roles": ["crew"]}]}],
    }))
    .await;
    let path = "/api/v1/organizations/org_1/roles/crew?reassign_role_name=member";
    assert_eq!(harness.call("DELETE", path).await.status, 200);
    let roles = async |organization: &str| {
        let path = format!("/api/v1/organizations/{organization}/users/usr_1/roles");
        let roles = harness.call("GET", &path).await.json["roles"].as_array().unwrap().clone();
        roles.iter().map(|role| role["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(roles("org_1").await, ["member"]);
    assert_eq!(
        roles("org_2").await,
        ["crew"],
        "a role of the same name in another organization is unaffected"
    );
}

#[tokio::test]
async fn successor_of_default_role_becomes_default() {
    let harness = seeded(json!({"organizations": [{"id": "org_1", "display_name": "Acme"}],
        "roles": [{"name": "guest"}, {"name": "visitor"}], "default_roles": {"member": "guest", "creator": "guest"}}))
    .await;
    let set = "/api/v1/organizations/org_1/roles:set_defaults";
    harness.send("PATCH", set, &json!({"default_member_role": "guest"})).await;
    assert_eq!(
        harness.call("DELETE", &format!("{ROLES}/guest?reassign_role_name=visitor")).await.status,
        200
    );
    let role = harness.call("GET", &format!("{ROLES}/visitor")).await.json["role"].clone();
    assert_eq!((&role["default_creator"], &role["default_member"]), (&json!(true), &json!(true)));
    let role = harness.call("GET", "/api/v1/organizations/org_1/roles/visitor").await.json["role"].clone();
    assert_eq!(role["default_member"], true);
}

#[tokio::test]
async fn role_name_is_unique_within_organization_and_environment() {
    let harness = seeded(json!({
        "organizations": [{"id": "org_1", "display_name": "Acme"}, {"id": "org_2", "display_name": "Other"}],
        "roles": [{"name": "crew", "organization_id": "org_1"}],
    }))
    .await;
    let body = json!({"name": "crew", "display_name": "Crew"});
    assert_eq!(harness.send("POST", "/api/v1/organizations/org_2/roles", &body).await.status, 201);
    assert_eq!(harness.send("POST", ROLES, &body).await.status, 409);
    let extends = json!({"name": "x", "display_name": "X", "extends": "crew"});
    let response = harness.send("POST", ROLES, &extends).await;
    assert_eq!(
        response.violations(),
        [("extends", "exists")],
        "an environment role cannot extend an organization role"
    );
    assert_eq!(harness.call("GET", &format!("{ROLES}/crew")).await.status, 404);
}

#[tokio::test]
async fn permission_of_several_roles_is_returned_once() {
    let harness = seeded(json!({
        "organizations": [{"id": "org_1", "display_name": "Acme"}],
        "permissions": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
        "roles": [{"name": "low", "permissions": ["a", "b"]}, {"name": "high", "extends": "low", "permissions": ["b"]},
            {"name": "crew", "organization_id": "org_1", "extends": "high", "permissions": ["c", "a"]}],
        "users": [{"id": "usr_1", "email": "ada@acme.example",
            "memberships": [{"organization_id": "org_1", "roles": ["crew", "low"]}]}],
    }))
    .await;
    let role = harness.call("GET", "/api/v1/organizations/org_1/roles/crew?include=permissions:all").await;
    let from = |permission: &Value| (permission["name"].clone(), permission["role_name"].clone());
    let found: Vec<_> = role.json["role"]["permissions"].as_array().unwrap().iter().map(from).collect();
    assert_eq!(found, [("c", "crew"), ("a", "crew"), ("b", "high")].map(|(a, b)| (json!(a), json!(b))));
    let user = harness.call("GET", "/api/v1/users/usr_1").await.json["user"].clone();
    assert_eq!(user["memberships"][0]["permissions"], json!(["c", "a", "b"]));
    let delete = harness.call("DELETE", "/api/v1/permissions/a").await;
    assert_eq!((delete.status, delete.error_code()), (400, "FAILED_PRECONDITION"));
}

#[tokio::test]
async fn role_parameters_are_validated() {
    let harness = Harness::start_without_auto_connection().await;
    let odd = json!({"name": "a b", "description": "x".repeat(2001), "permissions": ["a.b"], "default_member": true});
    let mut violations: Vec<_> = harness
        .send("POST", ROLES, &odd)
        .await
        .violations()
        .iter()
        .map(|(field, rule)| format!("{field} {rule}"))
        .collect();
    violations.sort_unstable();
    let expected = [
        "default_member unknown_field",
        "description string.max_len",
        "display_name required",
        "name string.pattern",
        "permissions[0] string.pattern",
    ];
    assert_eq!(violations, expected);
    let none =
        harness.send("POST", &format!("{ROLES}/admin/permissions"), &json!({"permission_names": []})).await;
    assert_eq!(none.violations(), [("permission_names", "repeated.min_items")]);
    harness.send("PUT", &format!("{ROLES}/admin"), &json!({"display_name": "Boss"})).await;
    harness.emulator.reset();
    assert_eq!(harness.call("GET", ROLES).await.json["roles"][0]["display_name"], "Admin");
}
