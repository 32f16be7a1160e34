//! Users as the service shows and takes them.

use std::collections::HashMap;

use crate::check;
use crate::model::{Kept, answers, requests, write_back};
use crate::resources::connections::ConnectionProvider;
use crate::resources::memberships::{CreateMembership, Membership};
use crate::types::Timestamp;

answers! {
    /// A person who can sign in to your application, in one organization or in several.
    pub struct User {
        /// The id, such as `usr_1234`.
        id: String,
        /// The e-mail address; no two users share one, and it cannot be changed.
        email: String,
        /// Your own id for the user, if you gave one.
        external_id: Option<String>,
        /// Who the user is.
        user_profile: Option<UserProfile>,
        /// The organizations that the user belongs to, with the roles there.
        memberships: Vec<Membership>,
        /// Your own key-value pairs.
        metadata: HashMap<String, String>,
        /// When the user was created.
        create_time: Option<Timestamp>,
        /// When the user was last changed.
        update_time: Option<Timestamp>,
        /// When the user last signed in; absent before the first time.
        last_login_time: Option<Timestamp>,
    }

    /// Who a user is.
    pub struct UserProfile {
        /// The id of the profile, such as `usp_1234`.
        id: Option<String>,
        /// The whole name.
        name: Option<String>,
        /// The given name.
        given_name: Option<String>,
        /// The family name.
        family_name: Option<String>,
        /// The name that the user likes to be called by.
        preferred_username: Option<String>,
        /// Whether the user has shown that the e-mail address is theirs.
        email_verified: bool,
        /// The telephone number, as in `+14155552671`.
        phone_number: Option<String>,
        /// Whether the user has shown that the telephone number is theirs.
        phone_number_verified: bool,
        /// The URL of a picture.
        picture: Option<String>,
        /// The gender, in words of the user's own.
        gender: Option<String>,
        /// The language and region, such as `en-US`.
        locale: Option<String>,
        /// The names of groups that the user is in.
        groups: Vec<String>,
        /// Your own attributes.
        custom_attributes: HashMap<String, String>,
        /// What the identity provider told about the user.
        metadata: HashMap<String, String>,
        /// The identities that the user signs in with elsewhere.
        external_identities: Vec<ExternalIdentity>,
    }

    /// An identity that a user signs in with: that of a company's identity provider, or of a social one.
    pub struct ExternalIdentity {
        /// The connection that it came through.
        connection_id: Option<String>,
        /// How that connection authenticates.
        connection_type: Option<String>,
        /// The identity provider behind it.
        connection_provider: Option<ConnectionProvider>,
        /// The user's id at the identity provider.
        connection_user_id: Option<String>,
        /// Whether the provider is a social one.
        is_social: bool,
        /// When the user first signed in with it.
        created_time: Option<Timestamp>,
        /// When the user last signed in with it.
        last_login_time: Option<Timestamp>,
        /// When the provider last told about the user.
        last_synced_time: Option<Timestamp>,
    }

    /// One page of users.
    pub struct UserPage {
        /// The users of this page.
        users: Vec<User>,
        /// The token of the next page; absent on the last.
        next_page_token: Option<String>,
        /// The token of the page before; absent on the first.
        prev_page_token: Option<String>,
        /// How many there are on all pages.
        total_size: Option<i64>,
    }
}

requests! {
    /// A new user, who becomes a member of an organization at once.
    pub struct CreateUser {
        required {
            /// The e-mail address; no two users share one, and it cannot be changed later.
            email: String => check::email,
        }
        optional {
            /// Your own id for the user, at most 510 characters; no two users share one.
            external_id: Option<String> => check::length(1..=510),
            /// Who the user is.
            user_profile: Option<CreateUserProfile> => check::inner,
            /// What the user is in the organization. Default: a member with the default role.
            membership: Option<CreateMembership> => check::inner,
            /// Your own key-value pairs: at most 20, keys of 3 to 25 and values of 1 to 256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// Who a new user is.
    pub struct CreateUserProfile {
        optional {
            /// The whole name.
            name: Option<String>,
            /// The given name, at most 255 characters.
            given_name: Option<String> => check::length(0..=255),
            /// The family name, at most 255 characters.
            family_name: Option<String> => check::length(0..=255),
            /// The name that the user likes to be called by, at most 512 characters.
            preferred_username: Option<String> => check::length(0..=512),
            /// The telephone number, as in `+14155552671`.
            phone_number: Option<String>,
            /// The URL of a picture, at most 2048 characters.
            picture: Option<String> => check::length(0..=2048),
            /// The gender, in words of the user's own.
            gender: Option<String>,
            /// The language and region, such as `en-US`.
            locale: Option<String>,
            /// The names of groups that the user is in: at most 50 different ones, each of 1 to 250 characters.
            groups: Option<Vec<String>> => check::each(0..=50, check::length(1..=250)),
            /// Your own attributes: at most 20, keys of 3 to 25 and values of 1 to 256 characters.
            custom_attributes: Option<HashMap<String, String>> => check::metadata(20),
            /// What an identity provider tells about the user: at most 20 pairs, keys of 3 to 25 and values of 1 to 256
            /// characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// Changes to a user. What is left out stays as it is, and no text can be cleared. The e-mail address cannot be
    /// changed.
    pub struct UpdateUser {
        optional {
            /// Your own id for the user, at most 510 characters; no two users share one.
            external_id: Option<String> => check::length(1..=510),
            /// Who the user is. Fields that are left out of it stay as they are as well.
            user_profile: Option<UpdateUserProfile> => check::inner,
            /// Your own key-value pairs, in place of the old ones: at most 20, keys of 3 to 25 and values of 1 to 256
            /// characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
        }
    }

    /// Changes to who a user is. What is left out stays as it is, and no text can be cleared.
    pub struct UpdateUserProfile {
        optional {
            /// The whole name.
            name: Option<String> => check::filled,
            /// The given name, 1 to 255 characters.
            given_name: Option<String> => check::length(1..=255),
            /// The family name, 1 to 255 characters.
            family_name: Option<String> => check::length(1..=255),
            /// The name that the user likes to be called by, 1 to 512 characters.
            preferred_username: Option<String> => check::length(1..=512),
            /// The telephone number, as in `+14155552671`.
            phone_number: Option<String> => check::filled,
            /// The URL of a picture, 1 to 2048 characters.
            picture: Option<String> => check::length(1..=2048),
            /// The gender, in words of the user's own.
            gender: Option<String> => check::filled,
            /// The language and region, such as `en-US`.
            locale: Option<String> => check::filled,
            /// The names of groups that the user is in, in place of the old ones: at most 50 different ones, each of 1
            /// to 250 characters.
            groups: Option<Vec<String>> => check::each(0..=50, check::length(1..=250)),
            /// Your own attributes, in place of the old ones: at most 20, keys of 3 to 25 and values of 1 to 256
            /// characters.
            custom_attributes: Option<HashMap<String, String>> => check::metadata(20),
            /// What an identity provider tells about the user, in place of the old pairs: at most 20, keys of 3 to 25
            /// and values of 1 to 256 characters.
            metadata: Option<HashMap<String, String>> => check::metadata(20),
            /// Deprecated by the service: use `given_name`.
            first_name: Option<String> => check::length(1..=200),
            /// Deprecated by the service: use `family_name`.
            last_name: Option<String> => check::length(1..=200),
        }
    }

    /// Which page of users to list.
    pub struct ListUsers {
        optional {
            /// How many on a page: 10 to 100 of all users, 1 to 100 of one organization's; other numbers are moved into
            /// that range. Default 10.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
        }
    }

    /// Which page of a search for users to get.
    pub struct SearchUsers {
        optional {
            /// How many on a page, 1 to 30; other numbers are moved into that range. Default: as the service likes.
            page_size: Option<i64>,
            /// The token of the page to get, from the page before. Default: the first page.
            page_token: Option<String>,
        }
    }
}

write_back! {
    User => UpdateUser { external_id, user_profile, metadata }

    UserProfile => UpdateUserProfile {
        name, given_name, family_name, preferred_username, phone_number, picture, gender, locale, groups,
        custom_attributes, metadata,
    }
}

impl Kept<Option<UpdateUserProfile>> for Option<UserProfile> {
    fn kept(&self) -> Option<UpdateUserProfile> {
        self.as_ref().map(UserProfile::to_update)
    }
}
