//! Sets up an organization with single sign-on: `cargo run --example quickstart`.
//!
//! It reads `SCALEKIT_ENVIRONMENT_URL`, `SCALEKIT_CLIENT_ID` and `SCALEKIT_CLIENT_SECRET`.

use std::collections::HashMap;

use scalekit::{
    AsyncScalekitClient, ClientOptions, CreateOrganization, ListConnections, ListOrganizations,
    OrganizationFeature, OrganizationFeatureSetting, OrganizationSettings, ScalekitError,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> scalekit::Result<()> {
    let client = AsyncScalekitClient::from_env(ClientOptions::default())?;
    let organizations = client.organizations();

    // A customer signs up: store your own ID and other data with the organization.
    let acme = organizations
        .create(CreateOrganization {
            display_name: "Acme Corporation".into(),
            external_id: Some("customer-42".into()),
            metadata: Some(HashMap::from([("plan".into(), "enterprise".into())])),
            ..Default::default()
        })
        .await?;
    println!("Created    {} ({})", acme.display_name, acme.id);

    // Later, find the organization by your own ID.
    let found = organizations.get_by_external_id("customer-42").await?;
    println!("Found      {} on the {} plan", found.display_name, found.metadata["plan"]);

    // Pages are fetched one at a time.
    let (all, mut count) = (organizations.list_all(ListOrganizations::default()), 0);
    while let Some(page) = all.next_page().await? {
        count += page.len();
    }
    println!("Listed     {count} organization(s)");

    // Single sign-on: the feature for the organization, and its connection to the identity provider.
    let sso = OrganizationFeatureSetting { name: OrganizationFeature::Sso, enabled: true };
    organizations.update_settings(&acme.id, OrganizationSettings { features: vec![sso] }).await?;
    let acme_connections = ListConnections {
        organization_id: Some(acme.id.clone()),
        include: Some("all".into()),
        ..Default::default()
    };
    for connection in client.connections().list(acme_connections).await? {
        let state = client.connections().enable(&acme.id, &connection.id).await?;
        println!("SSO        {} is {}", connection.id, if state.enabled { "on" } else { "off" });
    }

    // The customer's administrator completes the setup in the admin portal. The link works once, within one minute.
    let portal = organizations.generate_portal_link(&acme.id, vec![OrganizationFeature::Sso]).await?;
    println!("Portal     {}", portal.location);

    // Match on the error variant to handle an error.
    match organizations.get("org_does_not_exist").await {
        Err(ScalekitError::NotFound { failure }) => println!("Not found  {}", failure.summary),
        other => println!("Expected a NotFound, got {other:?}"),
    }

    organizations.delete(&acme.id).await?;
    println!("Deleted    {}", acme.id);
    Ok(())
}
