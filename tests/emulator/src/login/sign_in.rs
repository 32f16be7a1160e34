//! Completes an approved login: signs up new users, accepts invitations, and starts the session. Calls the interceptors
//! for sign-up and session creation.

use serde_json::{Map, Value, json};

use super::authorize::{deny, redirect_with_code};
use super::parameters::{Parameters, Prompt, denial};
use super::person::Person;
use super::script::Approval;
use super::selector::Selection;
use super::session;
use crate::interceptors::{InterceptorRequest, NewMembership, TriggerPoint, Verdict};
use crate::model::{Membership, MembershipChange, Organization, User};
use crate::reply::Reply;
use crate::token::is_reserved;
use crate::world::World;

/// A login that the identity provider approved.
struct ApprovedLogin {
    parameters: Parameters,
    selection: Selection,
    approval: Approval,
    person: Person,
}

/// Completes an approved login and redirects the browser to the application with a code.
pub(crate) fn approve(
    world: &mut World,
    parameters: Parameters,
    selection: Selection,
    mut approval: Approval,
) -> Reply {
    let person = std::mem::take(&mut approval.person).with_login_hint(parameters.login_hint.as_deref());
    let login = ApprovedLogin { parameters, selection, approval, person };
    let is_sign_up = login.parameters.prompt == Some(Prompt::Create)
        && login.organization_id().is_none()
        && login.user(world).is_none();
    if is_sign_up { sign_up(world, login) } else { create_session(world, login) }
}

impl ApprovedLogin {
    /// The organization of the person or of the connection.
    fn organization_id(&self) -> Option<&str> {
        self.person.organization_id.as_deref().or(self.selection.organization_id.as_deref())
    }

    fn user<'a>(&self, world: &'a World) -> Option<&'a User> {
        let email = self.person.email();
        world.store.users.iter().find(|user| user.email.eq_ignore_ascii_case(email))
    }

    fn interceptor_request(&self, world: &World, trigger_point: TriggerPoint) -> InterceptorRequest {
        let (user, parameters) = (self.user(world), &self.parameters);
        let context = json!({
            "user_id": user.map(|user| &user.id),
            "user_email": self.person.email(),
            "organization_id": self.organization_id(),
            "client_id": parameters.app_id,
            "connection_details": [self.connection_details(world)],
            "auth_request": {
                "connection_id": parameters.connection_id,
                "organization_id": parameters.organization_id,
                "domain": parameters.domain,
                "login_hint": parameters.login_hint,
                "state": parameters.state,
            },
        });
        let data = user.map_or_else(|| json!({}), |user| json!({"user": user_data(world, user)}));
        InterceptorRequest::new(world, trigger_point, &parameters.user_agent, &context, data)
    }

    fn connection_details(&self, world: &World) -> Value {
        let id = self.selection.connection_id.as_str();
        match world.store.connections.get(id) {
            Some(connection) => json!({"id": id, "type": connection.kind, "provider": connection.provider}),
            None if id == world.login.hosted_connection => {
                json!({"id": id, "type": "PASSWORDLESS", "provider": "SCALEKIT"})
            }
            None => {
                let provider = id.trim_start_matches("conn_").to_ascii_uppercase();
                json!({"id": id, "type": "OAUTH", "provider": provider})
            }
        }
    }
}

/// Returns the `user` object of an interceptor request, with its memberships.
fn user_data(world: &World, user: &User) -> Value {
    let now = world.clock.now();
    let membership_data = |membership: &Membership| {
        let organization = world.store.organizations.get(&membership.organization_id);
        json!({
            "organization_id": membership.organization_id,
            "organization_name": organization.map(|organization| &organization.display_name),
            "status": membership.status(now),
            "roles": membership.roles,
            "metadata": membership.metadata,
        })
    };
    let mut data = user.for_interceptors();
    data["memberships"] = world.store.memberships_of(&user.id).map(membership_data).collect();
    data
}

/// Signs up a new user with a new organization, or with the existing organization that the interceptor names.
fn sign_up(world: &mut World, login: ApprovedLogin) -> Reply {
    let request = login.interceptor_request(world, TriggerPoint::Signup);
    world.consult(request, move |world, verdict| match create_user(world, &login, verdict) {
        Ok(organization_id) => {
            let mut login = login;
            login.person.organization_id = Some(organization_id);
            create_session(world, login)
        }
        Err(reason) => deny(&login.parameters, &denial("access_denied", reason)),
    })
}

/// Creates the user and returns the ID of their organization.
fn create_user(world: &mut World, login: &ApprovedLogin, verdict: Verdict) -> Result<String, String> {
    if let Some(reason) = verdict.denied {
        return Err(reason);
    }
    // Another request may have created the user during the interceptor call.
    if login.user(world).is_some() {
        return Err("A user with this email address already exists.".into());
    }
    let now = world.clock.now();
    let email = login.person.email();
    let id = world.login.sessions.subject(&mut world.ids, email);
    let user = User::new(id, world.ids.next("usp"), email, now).signed_up(login.person.names());
    let is_new_organization = verdict.membership.is_none();
    let membership = match verdict.membership {
        Some(membership) => join_organization(world, &user.id, membership)?,
        None => {
            let mut organization = Organization::new(world.ids.next("org"), now);
            organization.display_name = email.rsplit('@').next().unwrap_or(email).into();
            let mut membership = Membership::creator(&organization.id, &user.id, now);
            membership.roles = vec![world.store.default_roles.creator.clone()];
            world.found_organization(organization, now);
            membership
        }
    };
    let organization_id = membership.organization_id.clone();
    let user = world.admit(user, membership);
    if is_new_organization {
        world.tell_membership("signup", &organization_id, &user.id);
    }
    Ok(organization_id)
}

/// Returns the membership in the existing organization that the interceptor names.
fn join_organization(world: &World, user_id: &str, membership: NewMembership) -> Result<Membership, String> {
    let NewMembership { organization_id, external_organization_id, roles } = membership;
    let is_named = |candidate: &&Organization| match (&organization_id, &external_organization_id) {
        (Some(id), _) => candidate.id == *id,
        (None, external_id) => Some(&candidate.external_id) == external_id.as_ref(),
    };
    let organization = world.store.organizations.iter().find(is_named);
    let organization = organization.ok_or("The interceptor named an organization that does not exist.")?;
    let change = if roles.is_empty() { MembershipChange::default() } else { MembershipChange::roles(roles) };
    let created = world.new_membership(&organization.id, user_id, change, false, "roles");
    created.map_err(|_| "The interceptor named a role that does not exist.".into())
}

/// Calls the interceptor for session creation, then starts the session.
fn create_session(world: &mut World, login: ApprovedLogin) -> Reply {
    let request = login.interceptor_request(world, TriggerPoint::SessionCreation);
    world.consult(request, move |world, verdict| match verdict.denied {
        Some(reason) => deny(&login.parameters, &denial("access_denied", reason)),
        None => start_session(world, login, verdict.claims),
    })
}

fn start_session(world: &mut World, login: ApprovedLogin, claims: Map<String, Value>) -> Reply {
    let user_id = login.user(world).map(|user| user.id.clone());
    let ApprovedLogin { parameters, selection, approval, mut person } = login;
    // An interceptor cannot set the claims that identify the user or limit the lifetime of the token.
    for (name, value) in claims.into_iter().filter(|(name, _)| !is_reserved(name)) {
        person.claims.insert(name.clone(), value.clone());
        person.access_claims.insert(name, value);
    }
    let mut organization_id = person.organization_id.clone().or(selection.organization_id);
    if let Some(user_id) = user_id {
        let accepted = world.arrived(&user_id);
        organization_id = organization_id.or_else(|| accepted.into_iter().next());
        person.subject.get_or_insert(user_id);
    }
    let login = &mut world.login;
    let session = login.sessions.start(&mut world.ids, person, organization_id, selection.connection_id);
    session::record_use(world, &session, &parameters.app_id);
    session::emit_session_event(world, "login", &session.id);
    redirect_with_code(world, parameters, &session, approval)
}
