//! Completes an approved login: signs up new users, accepts invitations, and starts the session. Calls the interceptors
//! for sign-up and session creation.

use serde_json::{Map, Value, json};

use super::grant::respond_with_code;
use super::session;
use crate::environment::Environment;
use crate::interceptors::{InterceptorRequest, NewMembership, TriggerPoint, Verdict};
use crate::login_state::{Approval, AuthorizationParameters, Person, Prompt, Selection, denial};
use crate::model::{Membership, MembershipChange, Organization, User};
use crate::reply::Reply;
use crate::rules;
use crate::token::is_reserved;

/// A login that the identity provider approved.
struct ApprovedLogin {
    parameters: AuthorizationParameters,
    selection: Selection,
    approval: Approval,
    person: Person,
}

/// Completes an approved login and redirects the browser to the application with a code.
pub(crate) fn approve(
    env: &mut Environment,
    parameters: AuthorizationParameters,
    selection: Selection,
    mut approval: Approval,
) -> Reply {
    let person = std::mem::take(&mut approval.person).with_login_hint(parameters.login_hint.as_deref());
    let login = ApprovedLogin { parameters, selection, approval, person };
    let is_sign_up = login.parameters.prompt == Some(Prompt::Create)
        && login.organization_id().is_none()
        && login.user(env).is_none();
    if is_sign_up { sign_up(env, login) } else { create_session(env, login) }
}

impl ApprovedLogin {
    /// The organization of the person or of the connection.
    fn organization_id(&self) -> Option<&str> {
        self.person.organization_id.as_deref().or(self.selection.organization_id.as_deref())
    }

    fn user<'a>(&self, env: &'a Environment) -> Option<&'a User> {
        let email = self.person.email();
        env.store.users.iter().find(|user| user.email.eq_ignore_ascii_case(email))
    }

    fn interceptor_request(&self, env: &Environment, trigger_point: TriggerPoint) -> InterceptorRequest {
        let (user, parameters) = (self.user(env), &self.parameters);
        let context = json!({
            "user_id": user.map(|user| &user.id),
            "user_email": self.person.email(),
            "organization_id": self.organization_id(),
            "client_id": parameters.app_id,
            "connection_details": [self.connection_details(env)],
            "auth_request": {
                "connection_id": parameters.connection_id,
                "organization_id": parameters.organization_id,
                "domain": parameters.domain,
                "login_hint": parameters.login_hint,
                "state": parameters.callback.state,
            },
        });
        let data = user.map_or_else(|| json!({}), |user| json!({"user": user_data(env, user)}));
        InterceptorRequest::new(trigger_point, env.clock.now(), &parameters.user_agent, &context, data)
    }

    fn connection_details(&self, env: &Environment) -> Value {
        let id = self.selection.connection_id.as_str();
        match env.store.connections.get(id) {
            Some(connection) => json!({"id": id, "type": connection.kind, "provider": connection.provider}),
            None if id == env.login.hosted_connection => {
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
fn user_data(env: &Environment, user: &User) -> Value {
    let now = env.clock.now();
    let membership_data = |membership: &Membership| {
        let organization = env.store.organizations.get(&membership.organization_id);
        json!({
            "organization_id": membership.organization_id,
            "organization_name": organization.map(|organization| &organization.display_name),
            "status": membership.status(now),
            "roles": membership.roles,
            "metadata": membership.metadata,
        })
    };
    let mut data = user.for_interceptors();
    data["memberships"] = env.store.memberships_of(&user.id).map(membership_data).collect();
    data
}

/// Signs up a new user with a new organization, or with the existing organization that the interceptor names.
fn sign_up(env: &mut Environment, login: ApprovedLogin) -> Reply {
    let request = login.interceptor_request(env, TriggerPoint::Signup);
    env.consult(request, move |env, verdict| match create_user(env, &login, verdict) {
        Ok(organization_id) => {
            let mut login = login;
            login.person.organization_id = Some(organization_id);
            create_session(env, login)
        }
        Err(reason) => login.parameters.callback.error(&denial("access_denied", reason)),
    })
}

/// Creates the user and returns the ID of their organization.
fn create_user(env: &mut Environment, login: &ApprovedLogin, verdict: Verdict) -> Result<String, String> {
    if let Some(reason) = verdict.denied {
        return Err(reason);
    }
    // Another request may have created the user during the interceptor call.
    if login.user(env).is_some() {
        return Err("A user with this email address already exists.".into());
    }
    let now = env.clock.now();
    let email = login.person.email();
    let id = env.login.sessions.subject(email);
    let user = User::new(id, env.ids.next("usp"), email, now).signed_up(login.person.names());
    let is_new_organization = verdict.membership.is_none();
    let membership = match verdict.membership {
        Some(membership) => join_organization(env, &user.id, membership)?,
        None => {
            let mut organization = Organization::new(env.ids.next("org"), now);
            organization.display_name = email.rsplit('@').next().unwrap_or(email).into();
            let mut membership = Membership::creator(&organization.id, &user.id, now);
            membership.roles = vec![env.store.default_roles.creator.clone()];
            rules::add_organization(&mut env.store, &env.events, organization, now);
            membership
        }
    };
    let organization_id = membership.organization_id.clone();
    let user = rules::add_membership(&mut env.store, &env.events, user, membership, now);
    if is_new_organization {
        rules::emit_membership_event(&env.store, &env.events, "signup", &organization_id, &user.id);
    }
    Ok(organization_id)
}

/// Returns the membership in the existing organization that the interceptor names.
fn join_organization(
    env: &Environment,
    user_id: &str,
    membership: NewMembership,
) -> Result<Membership, String> {
    let NewMembership { organization_id, external_organization_id, roles } = membership;
    let is_named = |candidate: &&Organization| match (&organization_id, &external_organization_id) {
        (Some(id), _) => candidate.id == *id,
        (None, external_id) => Some(&candidate.external_id) == external_id.as_ref(),
    };
    let organization = env.store.organizations.iter().find(is_named);
    let organization = organization.ok_or("The interceptor named an organization that does not exist.")?;
    let change = if roles.is_empty() { MembershipChange::default() } else { MembershipChange::roles(roles) };
    let key = (organization.id.as_str(), user_id);
    let created = env.store.new_membership(key, change, false, "roles", env.clock.now());
    created.map_err(|_| "The interceptor named a role that does not exist.".into())
}

/// Calls the interceptor for session creation, then starts the session.
fn create_session(env: &mut Environment, login: ApprovedLogin) -> Reply {
    let request = login.interceptor_request(env, TriggerPoint::SessionCreation);
    env.consult(request, move |env, verdict| match verdict.denied {
        Some(reason) => login.parameters.callback.error(&denial("access_denied", reason)),
        None => start_session(env, login, verdict.claims),
    })
}

fn start_session(env: &mut Environment, login: ApprovedLogin, claims: Map<String, Value>) -> Reply {
    let user_id = login.user(env).map(|user| user.id.clone());
    let ApprovedLogin { parameters, selection, approval, mut person } = login;
    // An interceptor cannot set the claims that identify the user or limit the lifetime of the token.
    for (name, value) in claims.into_iter().filter(|(name, _)| !is_reserved(name)) {
        person.claims.insert(name.clone(), value.clone());
        person.access_claims.insert(name, value);
    }
    let mut organization_id = person.organization_id.clone().or(selection.organization_id);
    if let Some(user_id) = user_id {
        let accepted = rules::record_login(&mut env.store, &env.events, &user_id, env.clock.now());
        organization_id = organization_id.or_else(|| accepted.into_iter().next());
        person.subject.get_or_insert(user_id);
    }
    let (now, login) = (env.clock.now(), &mut env.login);
    let session = login.sessions.start(&env.ids, person, organization_id, selection.connection_id, now);
    session::record_use(env, &session, &parameters.app_id);
    rules::emit_session_event(&env.store, &env.events, &env.login.sessions, "login", &session.id);
    respond_with_code(env, parameters, &session, approval)
}
