//! Users, memberships and invitations: what the scenarios cannot show.

mod support;

use serde_json::{Value, json};
use support::Bench;

const USERS: &str = "/api/v1/users";

/// Creates a user in an organization, and gives their id.
async fn user(bench: &Bench, organization: &str, email: &str) -> String {
    let path = format!("/api/v1/organizations/{organization}/users");
    let answer = bench.send("POST", &path, &json!({"email": email})).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    answer.json["user"]["id"].as_str().unwrap().to_owned()
}

async fn membership(bench: &Bench, user: &str) -> Value {
    let memberships = bench.call("GET", &format!("{USERS}/{user}")).await.json["user"]["memberships"].clone();
    assert_eq!(memberships.as_array().unwrap().len(), 1, "{memberships}");
    memberships[0].clone()
}

/// Lets so many days pass. Tokens do not live so long.
async fn pass(bench: &mut Bench, days: u64) {
    bench.emulator.advance_clock(std::time::Duration::from_secs(days * 24 * 60 * 60)).unwrap();
    bench.token = bench.new_token().await;
}

async fn mails(bench: &Bench) -> Vec<Value> {
    bench.call("GET", "/_emulator/outbox").await.json["messages"].as_array().unwrap().clone()
}

#[tokio::test]
async fn an_invitation_is_mailed_and_ends_after_fifteen_days() {
    let mut bench = Bench::start_bare().await;
    let organization = bench.organization("Acme").await;
    let ada = user(&bench, &organization, "ada@acme.example").await;
    let resend = format!("/api/v1/invites/organizations/{organization}/users/{ada}/resend");

    pass(&mut bench, 14).await;
    assert_eq!(membership(&bench, &ada).await["membership_status"], "PENDING_INVITE");
    let first = bench.send("PATCH", &resend, &json!({})).await.json["invite"].clone();
    assert_eq!(first["resent_count"], 1);
    pass(&mut bench, 2).await;
    let over = membership(&bench, &ada).await;
    assert_eq!(over["membership_status"], "INVITE_EXPIRED", "sending it again does not prolong it");
    assert_eq!(over["expires_at"], first["expires_at"]);
    let renewed = bench.send("PATCH", &resend, &json!({})).await.json["invite"].clone();
    assert_eq!((&renewed["status"], &renewed["resent_count"]), (&json!("PENDING_INVITE"), &json!(2)));
    assert_ne!(renewed["expires_at"], first["expires_at"]);
    assert_eq!(membership(&bench, &ada).await["membership_status"], "PENDING_INVITE");

    let mails = mails(&bench).await;
    assert_eq!(mails.len(), 3);
    for mail in &mails {
        assert_eq!((&mail["kind"], &mail["to"]), (&json!("invitation"), &json!("ada@acme.example")));
        assert_eq!((&mail["organization_id"], &mail["user_id"]), (&json!(organization), &json!(ada)));
        assert_eq!(mail["organization_name"], "Acme");
    }
    assert_eq!(bench.emulator.outbox(), mails);
    for (to, count) in [("ada@acme.example", 3), ("eve@acme.example", 0)] {
        let picked = bench.call("GET", &format!("/_emulator/outbox?to={to}")).await.json["messages"].clone();
        assert_eq!(picked.as_array().unwrap().len(), count, "{to}");
    }
    bench.emulator.reset();
    assert_eq!(bench.emulator.outbox(), Vec::<Value>::new());
}

#[tokio::test]
async fn without_an_invitation_there_is_no_mail() {
    let bench = Bench::start_bare().await;
    let organization = bench.organization("Acme").await;
    let path = format!("/api/v1/organizations/{organization}/users?send_invitation_email=false");
    let made = bench.send("POST", &path, &json!({"email": "ada@acme.example"})).await.json["user"].clone();
    assert_eq!(made["memberships"][0]["membership_status"], "ACTIVE");
    assert_eq!(made["user_profile"]["email_verified"], true);
    assert_eq!(mails(&bench).await, Vec::<Value>::new());
    let odd = bench.send("POST", &path.replace("false", "no"), &json!({"email": "b@acme.example"})).await;
    assert_eq!(odd.violations(), [("send_invitation_email", "type")]);
}

#[tokio::test]
async fn a_deleted_organization_takes_memberships_and_roles_along_and_leaves_the_users() {
    let bench = Bench::start_bare().await;
    let (one, two) = (bench.organization("One").await, bench.organization("Two").await);
    let ada = user(&bench, &one, "ada@acme.example").await;
    let other = format!("/api/v1/memberships/organizations/{two}/users/{ada}");
    assert_eq!(bench.send("POST", &other, &json!({})).await.status, 201);
    let roles = format!("/api/v1/organizations/{one}/roles");
    let role = json!({"name": "crew", "display_name": "Crew", "extends": "admin"});
    assert_eq!(bench.send("POST", &roles, &role).await.status, 201);
    let dependents = async || bench.call("GET", "/api/v1/roles/admin/dependents").await.json["roles"].clone();
    assert_eq!(dependents().await[0]["name"], "crew");

    assert_eq!(bench.call("DELETE", &format!("/api/v1/organizations/{one}")).await.status, 200);
    assert_eq!(membership(&bench, &ada).await["organization_id"], json!(two));
    assert_eq!(dependents().await, json!([]));
    assert_eq!(bench.call("GET", &roles).await.status, 404);

    assert_eq!(bench.call("DELETE", &format!("/api/v1/organizations/{two}")).await.status, 200);
    let left = bench.call("GET", &format!("{USERS}/{ada}")).await.json["user"].clone();
    assert_eq!((&left["id"], &left["memberships"]), (&json!(ada), &json!([])));
}

#[tokio::test]
async fn the_last_membership_takes_the_user_along() {
    let bench = Bench::start_bare().await;
    let (one, two) = (bench.organization("One").await, bench.organization("Two").await);
    let ada = user(&bench, &one, "ada@acme.example").await;
    let in_organization = |id: &str| format!("/api/v1/memberships/organizations/{id}/users/{ada}");
    bench.send("POST", &in_organization(&two), &json!({})).await;
    bench.call("DELETE", &in_organization(&one)).await;
    assert_eq!(membership(&bench, &ada).await["organization_id"], json!(two));
    bench.call("DELETE", &in_organization(&two)).await;
    assert_eq!(bench.call("GET", &format!("{USERS}/{ada}")).await.status, 404);
    user(&bench, &one, "ada@acme.example").await;
}

#[tokio::test]
async fn addresses_and_external_ids_are_unique() {
    let bench = Bench::start_bare().await;
    let organization = bench.organization("Acme").await;
    let path = format!("/api/v1/organizations/{organization}/users");
    let first = json!({"email": "ada@acme.example", "external_id": "one"});
    let ada = bench.send("POST", &path, &first).await.json["user"]["id"].clone();
    for taken in
        [json!({"email": "Ada@ACME.example"}), json!({"email": "b@acme.example", "external_id": "one"})]
    {
        let answer = bench.send("POST", &path, &taken).await;
        assert_eq!((answer.status, answer.error_code()), (409, "ALREADY_EXISTS"), "{taken}");
    }
    assert_eq!(bench.call("GET", USERS).await.json["total_size"], 1);
    assert_eq!(mails(&bench).await.len(), 1, "nobody is invited in vain");
    let own = format!("{USERS}/{}", ada.as_str().unwrap());
    assert_eq!(bench.send("PATCH", &own, &json!({"external_id": "one"})).await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused() {
    let bench = Bench::start_bare().await;
    let organization = bench.organization("Acme").await;
    let path = format!("/api/v1/organizations/{organization}/users");
    let answer = bench
        .send(
            "POST",
            &path,
            &json!({
                "email": "ada", "shoe_size": 43, "user_profile": {"email_verified": true, "first_name": "Ada"},
                "membership": {"roles": [{"id": "role_1", "name": "a b"}], "inviter_email": "x"},
            }),
        )
        .await;
    let mut violations = answer.violations();
    violations.sort_unstable();
    let expected = [
        ("email", "string.pattern"),
        ("membership.inviter_email", "string.min_len"),
        ("membership.roles[0].id", "output_only"),
        ("membership.roles[0].name", "string.pattern"),
        ("shoe_size", "unknown_field"),
        ("user_profile.email_verified", "output_only"),
        ("user_profile.first_name", "unknown_field"),
    ];
    assert_eq!(violations, expected);
    let ada = user(&bench, &organization, "ada@acme.example").await;
    let changed = bench.send("PATCH", &format!("{USERS}/{ada}"), &json!({"email": "eve@acme.example"})).await;
    assert_eq!(changed.violations(), [("email", "output_only")]);
    let old = json!({"user_profile": {"first_name": "Ada", "last_name": "Byron", "family_name": "King"}});
    let changed =
        bench.send("PATCH", &format!("{USERS}/{ada}"), &old).await.json["user"]["user_profile"].clone();
    assert_eq!((&changed["given_name"], &changed["family_name"]), (&json!("Ada"), &json!("King")));
    for (query, field) in
        [("query=ad", "query"), ("query=", "query"), ("", "query"), ("query=ada&page_size=31", "page_size")]
    {
        let answer = bench.call("GET", &format!("{USERS}:search?{query}")).await;
        assert_eq!(answer.violations()[0].0, field, "{query}");
    }
}

#[tokio::test]
async fn a_page_token_belongs_to_its_search() {
    let bench = Bench::start_bare().await;
    let organization = bench.organization("Acme").await;
    for name in ["ada1", "ada2"] {
        user(&bench, &organization, &format!("{name}@acme.example")).await;
    }
    let page = bench.call("GET", &format!("{USERS}:search?query=ADA&page_size=1")).await.json;
    assert_eq!(page["total_size"], 2);
    let token = page["next_page_token"].as_str().unwrap();
    let next =
        bench.call("GET", &format!("{USERS}:search?query=ADA&page_size=1&page_token={token}")).await.json;
    assert_eq!(next["users"][0]["email"], "ada2@acme.example");
    for other in [
        format!("{USERS}?"),
        format!("{USERS}:search?query=acme&"),
        format!("/api/v1/organizations/{organization}/users:search?query=ADA&"),
    ] {
        let answer = bench.call("GET", &format!("{other}page_token={token}")).await;
        assert_eq!(answer.violations(), [("page_token", "page_token")], "{other}");
    }
}

#[tokio::test]
async fn users_are_seeded_with_what_only_the_service_knows() {
    let bench = Bench::start_bare().await;
    let seed = json!({
        "organizations": [{"id": "org_1", "display_name": "Acme"}],
        "permissions": [{"name": "sk:manage", "is_scalekit_permission": true}],
        "roles": [{"name": "crew", "organization_id": "org_1", "permissions": ["sk:manage"]}],
        "users": [{"id": "usr_1", "email": "ada@acme.example",
            "user_profile": {"email_verified": true, "external_identities": [{"connection_id": "conn_1"}]},
            "memberships": [{"organization_id": "org_1", "roles": ["crew"], "status": "ON_HOLIDAY"}]}],
    });
    let made = bench.emulator.seed(seed).unwrap();
    let seen = bench.call("GET", &format!("{USERS}/usr_1")).await.json["user"].clone();
    assert_eq!(made["users"], json!([seen]));
    assert_eq!(seen["memberships"][0]["membership_status"], "ON_HOLIDAY");
    assert_eq!(seen["memberships"][0]["permissions"], json!(["sk:manage"]));
    assert_eq!(seen["user_profile"]["external_identities"], json!([{"connection_id": "conn_1"}]));

    for (seed, why) in [
        (json!({"users": [{"email": "ADA@acme.example"}]}), "already exists"),
        (json!({"users": [{"id": "usr_1", "email": "b@acme.example"}]}), "usr_1 exists already"),
        (
            json!({"users": [{"email": "b@acme.example", "memberships": [{"organization_id": "org_2"}]}]}),
            "no organization org_2",
        ),
        (
            json!({"users": [{"email": "b@acme.example", "memberships": [{"organization_id": "org_1", "roles": ["x"]}]}]}),
            "no such role",
        ),
        (json!({"users": [{"email": "b@acme.example", "hobby": "chess"}]}), "unknown field"),
        (json!({"roles": [{"name": "crew"}]}), "already exists"),
        (json!({"roles": [{"name": "x", "extends": "y"}]}), "no such role"),
        (json!({"permissions": [{"name": "sk:manage"}]}), "sk:manage exists already"),
        (json!({"default_roles": {"member": "crew"}}), "no role crew"),
    ] {
        let error = bench.emulator.seed(seed.clone()).unwrap_err().to_string();
        assert!(error.contains(why), "{seed}: {error}");
    }
    assert_eq!(
        bench.call("GET", USERS).await.json["total_size"],
        1,
        "a seed is made as a whole or not at all"
    );
}
