//! Directories, and the people and groups that they send, in events.

use crate::model::answers;
use crate::resources::directories::{DirectoryProvider, DirectoryType};
use crate::types::{Json, Timestamp};

answers! {
    /// A directory, at the time of an event.
    pub struct DirectoryEventData {
        /// The id, such as `dir_1234`.
        id: String,
        /// The organization it belongs to.
        organization_id: String,
        /// How its people and groups arrive.
        directory_type: Option<DirectoryType>,
        /// The product behind it.
        provider: Option<DirectoryProvider>,
        /// Whether its changes are taken in.
        enabled: bool,
        /// When it was last changed.
        updated_at: Option<Timestamp>,
    }

    /// A person from a directory, at the time of an event. When a person was taken away, only ids and e-mail are left.
    pub struct DirectoryUserEventData {
        /// The id, such as `diruser_1234`.
        id: String,
        /// The organization whose directory it is.
        organization_id: String,
        /// Whether the person is active in the directory; absent where the event does not say.
        active: Option<bool>,
        /// The e-mail address.
        email: Option<String>,
        /// The first name.
        given_name: Option<String>,
        /// The last name.
        family_name: Option<String>,
        /// The full name.
        name: Option<String>,
        /// The user name.
        preferred_username: Option<String>,
        /// The id that the directory's own product gave.
        dp_id: Option<String>,
        /// The number in the personnel department's books.
        employee_id: Option<String>,
        /// The department.
        department: Option<String>,
        /// The cost center.
        cost_center: Option<String>,
        /// The division.
        division: Option<String>,
        /// The job title.
        title: Option<String>,
        /// The kind of employment.
        user_type: Option<String>,
        /// The telephone number.
        phone_number: Option<String>,
        /// The language.
        language: Option<String>,
        /// The language and country, such as `en-US`.
        locale: Option<String>,
        /// The time zone, such as `Europe/Berlin`.
        zoneinfo: Option<String>,
        /// The organization's name, as the directory has it.
        organization: Option<String>,
        /// The name that friends use.
        nickname: Option<String>,
        /// The address of a page about the person.
        profile: Option<String>,
        /// The groups that the person is in.
        groups: Vec<DirectoryUserEventGroup>,
        /// The roles that come from the groups.
        roles: Vec<DirectoryUserEventRole>,
        /// Fields of your own, as they are mapped.
        custom_attributes: Option<Json>,
        /// Everything, as the directory sent it.
        raw_attributes: Option<Json>,
        /// The address of a picture.
        picture: Option<String>,
        /// The postal address.
        address: Option<Json>,
    }

    /// A group that a person is in.
    pub struct DirectoryUserEventGroup {
        /// The id, such as `dirgroup_1234`.
        id: String,
        /// The name.
        name: String,
    }

    /// A role that a person has.
    pub struct DirectoryUserEventRole {
        /// The name of the role.
        role_name: String,
    }

    /// A group from a directory, at the time of an event.
    pub struct DirectoryGroupEventData {
        /// The id, such as `dirgroup_1234`.
        id: String,
        /// The organization whose directory it is.
        organization_id: String,
        /// The directory it comes from.
        directory_id: Option<String>,
        /// The name.
        display_name: Option<String>,
        /// The id that the directory's own product gave.
        external_id: Option<String>,
        /// The same, in events that say that a group was taken away.
        dp_id: Option<String>,
        /// Everything, as the directory sent it.
        raw_attributes: Option<Json>,
    }
}
