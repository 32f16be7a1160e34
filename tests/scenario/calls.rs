//! The table of every call that a scenario can make. `text` is a path argument, `value` a record, `list` a list,
//! `option` an optional scalar; `pages` lists the pagers, which collect the items of all pages.

/// Makes the call `$call` on `$client` with the arguments `$with`, in the style `[]` (blocking) or `[await]`.
macro_rules! run_call {
    ($style:tt $client:ident, $call:expr, $with:ident) => {
        run_call! { @table $style $client $call; $with;
            organizations {
                list(value params),
                create(value organization),
                get(text id),
                get_by_external_id(text external_id),
                update(text id, value organization),
                delete(text id),
                generate_portal_link(text id, list features),
                update_settings(text id, value settings),
                get_session_policy(text id),
                update_session_policy(text id, value policy),
                update_user_management_settings(text id, value settings),
            } pages { list_all(value params) }

            connections {
                list(value params),
                get(text organization_id, text connection_id),
                enable(text organization_id, text connection_id),
                disable(text organization_id, text connection_id),
                delete(text organization_id, text connection_id),
            } pages {}

            directories {
                list(text organization_id),
                get(text organization_id, text directory_id),
                enable(text organization_id, text directory_id),
                disable(text organization_id, text directory_id),
                list_users(text organization_id, text directory_id, value params),
                list_groups(text organization_id, text directory_id, value params),
            } pages {
                list_all_users(text organization_id, text directory_id, value params),
                list_all_groups(text organization_id, text directory_id, value params),
            }

            domains {
                list(text organization_id, value params),
                create(text organization_id, value domain),
                get(text organization_id, text domain_id),
                delete(text organization_id, text domain_id),
            } pages { list_all(text organization_id, value params) }

            clients {
                list(text organization_id, value params),
                create(text organization_id, value client),
                get(text organization_id, text client_id),
                update(text organization_id, text client_id, value client),
                delete(text organization_id, text client_id),
                create_secret(text organization_id, text client_id),
                delete_secret(text organization_id, text client_id, text secret_id),
            } pages { list_all(text organization_id, value params) }

            passwordless {
                send(value email),
                resend(text auth_request_id),
                verify(value answer),
            } pages {}

            sessions {
                list_for_user(text user_id, value params),
                get(text session_id),
                revoke(text session_id),
                revoke_for_user(text user_id),
            } pages { list_all_for_user(text user_id, value params) }

            passkeys {
                list(value params),
                update(text credential_id, value passkey),
                delete(text credential_id),
            } pages {}

            auth_logs { list(value params) } pages { list_all(value params) }

            connected_accounts {
                list(value params),
                search(value params),
                create(value account),
                update(value account),
                get(value account),
                get_auth(value account),
                delete(value account),
                generate_magic_link(value link),
                verify_user(value verification),
            } pages { list_all(value params), search_all(value params) }

            tools {
                execute(value tool),
                list(value params),
                list_scoped(value params),
                list_available(value params),
            } pages {
                list_all(value params),
                list_all_names(value params),
                list_all_scoped(value params),
                list_all_available(value params),
            }

            mcp_configs {
                list(value params),
                create(value config),
                get(text config_id),
                update(text config_id, value config),
                delete(text config_id),
                list_connected_accounts(text config_id, value params),
                create_session_token(text config_id, value session),
            } pages { list_all(value params) }

            custom_providers {
                create(value provider),
                update(text identifier, value provider),
                delete(text identifier),
            } pages {}

            users {
                list(value params),
                search(text query, value params),
                create(text organization_id, value user, option send_invitation_email),
                get(text id),
                get_by_external_id(text external_id),
                update(text id, value user),
                update_by_external_id(text external_id, value user),
                delete(text id),
                delete_by_external_id(text external_id),
                list_members(text organization_id, value params),
                search_members(text organization_id, text query, value params),
            } pages {
                list_all(value params),
                search_all(text query, value params),
                list_all_members(text organization_id, value params),
                search_all_members(text organization_id, text query, value params),
            }

            memberships {
                create(text organization_id, text user_id, value membership, option send_invitation_email),
                create_by_external_id(text organization_id, text external_id, value membership, option send_invitation_email),
                update(text organization_id, text user_id, value membership),
                update_by_external_id(text organization_id, text external_id, value membership),
                delete(text organization_id, text user_id),
                delete_by_external_id(text organization_id, text external_id),
                resend_invitation(text organization_id, text user_id),
                list_roles(text organization_id, text user_id),
                list_permissions(text organization_id, text user_id),
            } pages {}

            roles {
                list(option include),
                create(value role),
                get(text role_name, option include),
                update(text role_name, value role),
                delete(text role_name, option reassign_role_name),
                set_defaults(value defaults),
                update_defaults(value defaults),
                list_dependents(text role_name),
                count_users(text role_name),
                list_permissions(text role_name),
                list_effective_permissions(text role_name),
                add_permissions(text role_name, list permission_names),
                remove_permission(text role_name, text permission_name),
            } pages {}

            organization_roles {
                list(text organization_id, option include),
                create(text organization_id, value role),
                get(text organization_id, text role_name, option include),
                update(text organization_id, text role_name, value role),
                delete(text organization_id, text role_name, option reassign_role_name),
                set_defaults(text organization_id, text default_member_role),
            } pages {}

            permissions {
                list(value params),
                create(value permission),
                get(text permission_name),
                update(text permission_name, value permission),
                delete(text permission_name),
            } pages { list_all(value params) }
        }
    };

    (@table $style:tt $client:ident $call:expr; $with:ident; $(
        $area:ident {
            $( $name:ident($($kind:ident $arg:ident),*) ),* $(,)?
        } pages { $( $all:ident($($all_kind:ident $all_arg:ident),*) ),* $(,)? }
    )*) => { 'found: {
        $( $( if $call == concat!(stringify!($area), ".", stringify!($name)) {
            let area = $client.$area();
            break 'found to_json(run_call!(@done $style area.$name($($with.$kind(stringify!($arg))),*)));
        } )* )*
        $( $( if $call == concat!(stringify!($area), ".", stringify!($all)) {
            let (area, mut all) = ($client.$area(), Vec::new());
            let pager = area.$all($($with.$all_kind(stringify!($all_arg))),*);
            loop {
                match run_call!(@done $style pager.next_page()) {
                    Ok(Some(page)) => all.extend(page),
                    Ok(None) => break 'found to_json(Ok(all)),
                    Err(error) => break 'found Err(error),
                }
            }
        } )* )*
        match $call {
            "client.jwks" => to_json(run_call!(@done $style $client.jwks())),
            "client.request" => {
                let (method, path) = ($with.method(), $with.text("path"));
                run_call!(@done $style $client.request(method, path, $with.query(), $with.json("body"))).map(scenario::raw)
            }
            unknown => panic!("unknown call: {unknown}"),
        }
    } };

    (@done [] $call:expr) => { $call };
    // Boxed, because the futures of all calls in one function would overflow the stack.
    (@done [await] $call:expr) => { Box::pin($call).await };
}
pub(crate) use run_call;
