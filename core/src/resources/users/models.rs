//! Data models and request parameters of users.

use std::collections::HashMap;

use crate::check;
use crate::model::{ToUpdate, requests, responses, updates};
use crate::resources::connections::ConnectionProvider;
use crate::resources::memberships::{CreateMembership, Membership};
use crate::types::Timestamp;

responses! {
    /// A person who can sign in to your application. Belongs to one or more organizations.
    pub struct User {
        /// User ID, such as `usr_1234`.
        id: String,
        /// Email address. Unique among users. Cannot be changed.
        email: String,
        /// Your own ID for the user, if you set one.
        external_id: Option<String>,
        /// Profile.
        user_profile: Option<UserProfile>,
        /// Organizations that the user belongs to, with the user's roles.
        memberships: Vec<Membership>,
        /// Custom key-value pairs.
        metadata: HashMap<String, String>,
        /// Creation time.
        create_time: Option<Timestamp>,
        /// Time of the last update.
        update_time: Option<Timestamp>,
        /// Time of the last sign-in. Absent if the user has never signed in.
        last_login_time: Option<Timestamp>,
    }

    /// Profile of a user.
    pub struct UserProfile {
        /// Profile ID, such as `usp_1234`.
        id: Option<String>,
        /// Full name.
        name: Option<String>,
        /// Given name.
        given_name: Option<String>,
        /// Family name.
        family_name: Option<String>,
        /// Preferred name.
        preferred_username: Option<String>,
        /// Whether the email address is verified.
        email_verified: bool,
        /// Phone number, such as `+14155552671`.
        phone_number: Option<String>,
        /// Whether the phone number is verified.
        phone_number_verified: bool,
        /// URL of the picture.
        picture: Option<String>,
        /// Gender, as free text.
        gender: Option<String>,
        /// Language and region, such as `en-US`.
        locale: Option<String>,
        /// Names of the user's groups.
        groups: Vec<String>,
        /// Custom attributes.
        custom_attributes: HashMap<String, String>,
        /// Attributes from the identity provider.
        metadata: HashMap<String, String>,
        /// Identities at external identity providers.
        external_identities: Vec<ExternalIdentity>,
    }

    /// An identity with which a user signs in, at an enterprise or a social identity provider.
    pub struct ExternalIdentity {
        /// Connection ID.
        connection_id: Option<String>,
        /// Authentication method of the connection.
        connection_type: Option<String>,
        /// Identity provider of the connection.
        connection_provider: Option<ConnectionProvider>,
        /// User ID at the identity provider.
        connection_user_id: Option<String>,
        /// Whether this is a social identity provider.
        is_social: bool,
        /// Time of the first sign-in with this identity.
        created_time: Option<Timestamp>,
        /// Time of the last sign-in with this identity.
        last_login_time: Option<Timestamp>,
        /// Time of the last update from the identity provider.
        last_synced_time: Option<Timestamp>,
    }

    /// One page of users.
    pub struct UserPage {
        /// Users on this page.
        users: Vec<User>,
        /// Token of the next page. Absent on the last page.
        next_page_token: Option<String>,
        /// Token of the previous page. Absent on the first page.
        prev_page_token: Option<String>,
        /// Total number of items on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// A new user, who is added to an organization.
    pub struct CreateUser {
        required {
            /// Email address. Unique among users. Cannot be changed later.
            email: String => check::email,
        }
        optional {
            /// Your own ID for the user. Unique among users. 1–510 characters.
            external_id: Option<String> => check::length(1..=510),
            /// Profile.
            user_profile: Option<CreateUserProfile> => check::inner,
            /// Membership in the organization. Default: a membership with the default role.
            membership: Option<CreateMembership> => check::inner,
            /// Custom key-value pairs. At most 20; keys of 3–25 characters, values of 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// Profile of a new user.
    pub struct CreateUserProfile {
        optional {
            /// Full name.
            name: Option<String>,
            /// Given name. At most 255 characters.
            given_name: Option<String> => check::length(0..=255),
            /// Family name. At most 255 characters.
            family_name: Option<String> => check::length(0..=255),
            /// Preferred name. At most 512 characters.
            preferred_username: Option<String> => check::length(0..=512),
            /// Phone number, such as `+14155552671`.
            phone_number: Option<String>,
            /// URL of the picture. At most 2048 characters.
            picture: Option<String> => check::length(0..=2048),
            /// Gender, as free text.
            gender: Option<String>,
            /// Language and region, such as `en-US`.
            locale: Option<String>,
            /// Names of the user's groups. At most 50, without duplicates; 1–250 characters each.
            groups: Option<Vec<String>> => check::each(0..=50, check::length(1..=250)),
            /// Custom attributes. At most 20; keys of 3–25 characters, values of 1–256 characters.
            custom_attributes: Option<HashMap<String, String>> => check::metadata(20),
            /// Attributes from an identity provider. At most 20; keys of 3–25 characters, values of 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// Changes to a user. Omitted fields are unchanged.
    ///
    /// Strings cannot be cleared. The email address cannot be changed.
    pub struct UpdateUser {
        optional {
            /// Your own ID for the user. Unique among users. 1–510 characters.
            external_id: Option<String> => check::length(1..=510),
            /// Profile. Omitted fields of the profile are unchanged, too.
            user_profile: Option<UpdateUserProfile> => check::inner,
            /// Custom key-value pairs. Replaces the existing pairs. At most 20; keys of 3–25 characters, values of
            /// 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// Changes to a user's profile. Omitted fields are unchanged. Strings cannot be cleared.
    pub struct UpdateUserProfile {
        optional {
            /// Full name.
            name: Option<String> => check::filled,
            /// Given name. 1–255 characters.
            given_name: Option<String> => check::length(1..=255),
            /// Family name. 1–255 characters.
            family_name: Option<String> => check::length(1..=255),
            /// Preferred name. 1–512 characters.
            preferred_username: Option<String> => check::length(1..=512),
            /// Phone number, such as `+14155552671`.
            phone_number: Option<String> => check::filled,
            /// URL of the picture. 1–2048 characters.
            picture: Option<String> => check::length(1..=2048),
            /// Gender, as free text.
            gender: Option<String> => check::filled,
            /// Language and region, such as `en-US`.
            locale: Option<String> => check::filled,
            /// Names of the user's groups. Replaces the existing groups. At most 50, without duplicates; 1–250
            /// characters each.
            groups: Option<Vec<String>> => check::each(0..=50, check::length(1..=250)),
            /// Custom attributes. Replaces the existing attributes. At most 20; keys of 3–25 characters, values of
            /// 1–256 characters.
            custom_attributes: Option<HashMap<String, String>> => check::metadata(20),
            /// Attributes from an identity provider. Replaces the existing attributes. At most 20; keys of 3–25
            /// characters, values of 1–256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
            /// Deprecated by the service: use `given_name`. 1–200 characters.
            first_name: Option<String> => check::length(1..=200),
            /// Deprecated by the service: use `family_name`. 1–200 characters.
            last_name: Option<String> => check::length(1..=200),
        }
    }

    /// Parameters for listing users.
    pub struct ListUsers {
        optional {
            /// Page size: 10–100 for all users, 1–100 for the members of an organization. Values outside this range are
            /// clamped. Default: 10.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
        }
    }

    /// Parameters for searching users.
    pub struct SearchUsers {
        optional {
            /// Page size, 1–30. Values outside this range are clamped. Default: chosen by the service.
            page_size: Option<i64>,
            /// Token of the page to return, from another page. Default: the first page.
            page_token: Option<String>,
        }
    }
}

updates! {
    User => UpdateUser { external_id, user_profile, metadata }

    UserProfile => UpdateUserProfile {
        name, given_name, family_name, preferred_username, phone_number, picture, gender, locale, groups,
        custom_attributes, metadata,
    }
}

impl ToUpdate<Option<UpdateUserProfile>> for Option<UserProfile> {
    fn to_update_value(&self) -> Option<UpdateUserProfile> {
        self.as_ref().map(UserProfile::to_update)
    }
}
