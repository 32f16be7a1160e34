//! Directories and their users and groups in events.

use crate::model::responses;
use crate::resources::directories::{DirectoryProvider, DirectoryType};
use crate::types::{Json, Timestamp};

responses! {
    /// A directory, as of the event.
    pub struct DirectoryEventData {
        /// Directory ID, such as `dir_1234`.
        id: String,
        /// Organization ID.
        organization_id: String,
        /// Synchronization method.
        directory_type: Option<DirectoryType>,
        /// Provider.
        provider: Option<DirectoryProvider>,
        /// Whether synchronization is enabled.
        enabled: bool,
        /// Time of the last update.
        updated_at: Option<Timestamp>,
    }

    /// A directory user, as of the event. After a deletion, only the IDs and the email address are present.
    pub struct DirectoryUserEventData {
        /// Directory user ID, such as `diruser_1234`.
        id: String,
        /// ID of the organization that the directory belongs to.
        organization_id: String,
        /// Whether the user is active in the directory. Absent if the event does not contain it.
        active: Option<bool>,
        /// Email address.
        email: Option<String>,
        /// Given name.
        given_name: Option<String>,
        /// Family name.
        family_name: Option<String>,
        /// Full name.
        name: Option<String>,
        /// Username.
        preferred_username: Option<String>,
        /// User ID at the directory provider.
        dp_id: Option<String>,
        /// Employee number.
        employee_id: Option<String>,
        /// Department.
        department: Option<String>,
        /// Cost center.
        cost_center: Option<String>,
        /// Division.
        division: Option<String>,
        /// Job title.
        title: Option<String>,
        /// Employment type.
        user_type: Option<String>,
        /// Phone number.
        phone_number: Option<String>,
        /// Language.
        language: Option<String>,
        /// Language and region, such as `en-US`.
        locale: Option<String>,
        /// Time zone, such as `Europe/Berlin`.
        zoneinfo: Option<String>,
        /// Name of the organization in the directory.
        organization: Option<String>,
        /// Nickname.
        nickname: Option<String>,
        /// URL of a profile page.
        profile: Option<String>,
        /// Groups that the user belongs to.
        groups: Vec<DirectoryUserEventGroup>,
        /// Roles assigned through groups.
        roles: Vec<DirectoryUserEventRole>,
        /// Custom attributes, according to the attribute mapping.
        custom_attributes: Option<Json>,
        /// All attributes, as sent by the directory.
        raw_attributes: Option<Json>,
        /// URL of the picture.
        picture: Option<String>,
        /// Postal address.
        address: Option<Json>,
    }

    /// A group that a directory user belongs to.
    pub struct DirectoryUserEventGroup {
        /// Directory group ID, such as `dirgroup_1234`.
        id: String,
        /// Name.
        name: String,
    }

    /// A role of a directory user.
    pub struct DirectoryUserEventRole {
        /// Name of the role.
        role_name: String,
    }

    /// A directory group, as of the event.
    pub struct DirectoryGroupEventData {
        /// Directory group ID, such as `dirgroup_1234`.
        id: String,
        /// ID of the organization that the directory belongs to.
        organization_id: String,
        /// Directory ID.
        directory_id: Option<String>,
        /// Display name.
        display_name: Option<String>,
        /// Group ID at the directory provider.
        external_id: Option<String>,
        /// Group ID at the directory provider. Present in deletion events only.
        dp_id: Option<String>,
        /// All attributes, as sent by the directory.
        raw_attributes: Option<Json>,
    }
}
