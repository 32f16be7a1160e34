//! Somebody arrives from the identity provider: they sign up, perhaps, accept their invitations, and get a session.
//! Interceptors may be asked on the way.

use serde_json::{Map, Value, json};

use super::authorize::{deny, with_code};
use super::parameters::{Parameters, Prompt, denial};
use super::person::Person;
use super::script::Approval;
use super::selector::Way;
use super::session;
use crate::interceptors::{Joining, Question, Trigger, Verdict};
use crate::model::{Membership, MembershipChange, Organization, User};
use crate::reply::Reply;
use crate::token::is_reserved;
use crate::world::World;

/// A login whose person the identity provider has approved.
struct Arrival {
    parameters: Parameters,
    way: Way,
    approval: Approval,
    person: Person,
}

/// Logs the person in, and sends the browser back with a code.
pub(crate) fn approve(world: &mut World, parameters: Parameters, way: Way, mut approval: Approval) -> Reply {
    let person = std::mem::take(&mut approval.person).hinted(parameters.login_hint.as_deref());
    let arrival = Arrival { parameters, way, approval, person };
    let new = arrival.parameters.prompt == Some(Prompt::Create)
        && arrival.organization_id().is_none()
        && arrival.user(world).is_none();
    if new { sign_up(world, arrival) } else { begin_session(world, arrival) }
}

impl Arrival {
    /// Where the person goes, as far as they or the connection say.
    fn organization_id(&self) -> Option<&str> {
        self.person.organization_id.as_deref().or(self.way.organization_id.as_deref())
    }

    fn user<'a>(&self, world: &'a World) -> Option<&'a User> {
        let email = self.person.email();
        world.store.users.iter().find(|user| user.email.eq_ignore_ascii_case(email))
    }

    fn question(&self, world: &World, trigger_point: Trigger) -> Question {
        let (user, asked) = (self.user(world), &self.parameters);
        let context = json!({
            "user_id": user.map(|user| &user.id),
            "user_email": self.person.email(),
            "organization_id": self.organization_id(),
            "client_id": asked.app_id,
            "connection_details": [self.connection(world)],
            "auth_request": {
                "connection_id": asked.connection_id,
                "organization_id": asked.organization_id,
                "domain": asked.domain,
                "login_hint": asked.login_hint,
                "state": asked.state,
            },
        });
        let data = user.map_or_else(|| json!({}), |user| json!({"user": described(world, user)}));
        Question::new(world, trigger_point, &asked.user_agent, &context, data)
    }

    fn connection(&self, world: &World) -> Value {
        let id = self.way.connection_id.as_str();
        match world.store.connections.get(id) {
            Some(own) => json!({"id": id, "type": own.kind, "provider": own.provider}),
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

fn described(world: &World, user: &User) -> Value {
    let now = world.clock.now();
    let membership = |own: &Membership| {
        let organization = world.store.organizations.get(&own.organization_id);
        json!({
            "organization_id": own.organization_id,
            "organization_name": organization.map(|organization| &organization.display_name),
            "status": own.status(now),
            "roles": own.roles,
            "metadata": own.metadata,
        })
    };
    let mut described = user.for_interceptors();
    described["memberships"] = world.store.memberships_of(&user.id).map(membership).collect();
    described
}

/// Somebody new who comes to create an account begins an organization of their own, unless an interceptor knows one.
fn sign_up(world: &mut World, arrival: Arrival) -> Reply {
    let question = arrival.question(world, Trigger::Signup);
    world.consult(question, move |world, verdict| match admit(world, &arrival, verdict) {
        Ok(organization_id) => {
            let mut arrival = arrival;
            arrival.person.organization_id = Some(organization_id);
            begin_session(world, arrival)
        }
        Err(why) => deny(&arrival.parameters, &denial("access_denied", why)),
    })
}

/// Makes the user, and gives the id of the organization that they are in now.
fn admit(world: &mut World, arrival: &Arrival, verdict: Verdict) -> Result<String, String> {
    if let Some(why) = verdict.denied {
        return Err(why);
    }
    // Somebody may have made the user while the interceptor was asked.
    if arrival.user(world).is_some() {
        return Err("There is a user with this address already.".into());
    }
    let now = world.clock.now();
    let email = arrival.person.email();
    let id = world.login.sessions.subject(&mut world.ids, email);
    let user = User::new(id, world.ids.next("usp"), email, now).signed_up(arrival.person.names());
    let begins = verdict.joining.is_none();
    let membership = match verdict.joining {
        Some(joining) => existing(world, &user.id, joining)?,
        None => {
            let mut organization = Organization::new(world.ids.next("org"), now);
            organization.display_name = email.rsplit('@').next().unwrap_or(email).into();
            let mut own = Membership::creator(&organization.id, &user.id, now);
            own.roles = vec![world.store.default_roles.creator.clone()];
            world.found_organization(organization, now);
            own
        }
    };
    let organization_id = membership.organization_id.clone();
    let user = world.admit(user, membership);
    if begins {
        world.tell_membership("signup", &organization_id, &user.id);
    }
    Ok(organization_id)
}

fn existing(world: &World, user_id: &str, joining: Joining) -> Result<Membership, String> {
    let meant = |own: &&Organization| match (&joining.organization_id, &joining.external_organization_id) {
        (Some(id), _) => own.id == *id,
        (None, external_id) => Some(&own.external_id) == external_id.as_ref(),
    };
    let organization = world.store.organizations.iter().find(meant);
    let organization = organization.ok_or("The application named an organization that does not exist.")?;
    let change = if joining.roles.is_empty() {
        MembershipChange::default()
    } else {
        MembershipChange::roles(joining.roles)
    };
    let made = world.new_membership(&organization.id, user_id, change, false, "roles");
    made.map_err(|_| "The application named a role that does not exist.".into())
}

fn begin_session(world: &mut World, arrival: Arrival) -> Reply {
    let question = arrival.question(world, Trigger::SessionCreation);
    world.consult(question, move |world, verdict| match verdict.denied {
        Some(why) => deny(&arrival.parameters, &denial("access_denied", why)),
        None => welcome(world, arrival, verdict.claims),
    })
}

fn welcome(world: &mut World, arrival: Arrival, claims: Map<String, Value>) -> Reply {
    let known = arrival.user(world).map(|user| user.id.clone());
    let Arrival { parameters, way, approval, mut person } = arrival;
    // Who the person is and how long it counts, no interceptor can say.
    for (name, value) in claims.into_iter().filter(|(name, _)| !is_reserved(name)) {
        person.claims.insert(name.clone(), value.clone());
        person.access_claims.insert(name, value);
    }
    let mut organization_id = person.organization_id.clone().or(way.organization_id);
    if let Some(user_id) = known {
        let accepted = world.arrived(&user_id);
        organization_id = organization_id.or_else(|| accepted.into_iter().next());
        person.subject.get_or_insert(user_id);
    }
    let login = &mut world.login;
    let session = login.sessions.start(&mut world.ids, person, organization_id, way.connection_id);
    session::used(world, &session, &parameters.app_id);
    session::tell(world, "login", &session.id);
    with_code(world, parameters, &session, approval)
}
