mod listing;

use super::*;

fn client() -> Client {
    Client::new("https://acme.scalekit.example", "skc_1", Some("secret"), "{}").unwrap()
}

fn summary(result: Result<impl fmt::Debug>) -> String {
    let error = result.unwrap_err();
    assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error:?}");
    error.to_string()
}

#[test]
fn every_operation_and_pager_has_a_name() {
    for operation in crate::operations() {
        assert_eq!(named_call(&operation.id).map(|call| call.id), Some(operation.id.as_str()));
    }
    for pager in
        ["organizations.list_all", "users.search_all_members", "domains.list_all", "tools.list_all_names"]
    {
        assert!(named_pager(pager).is_some(), "{pager}");
    }
}

const METHODS: &str = "`method` must be one of: GET, POST, PUT, PATCH, DELETE";

#[test]
fn invalid_arguments_are_named_before_anything_is_sent() {
    let client = client();
    for (name, arguments, expected) in [
        ("organizations.gett", "{}", "`operation` is unknown: \"organizations.gett\""),
        ("nothing", "{}", "`operation` is unknown: \"nothing\""),
        ("organizations.get", "{", "`arguments` must be JSON"),
        ("organizations.get", "[]", "`arguments` must be a JSON object"),
        ("organizations.get", "{}", "`id` is required"),
        ("organizations.get", "null", "`id` is required"),
        ("organizations.get", "{\"id\": 7}", "`id` has an unexpected type"),
        ("organizations.get", "{\"id\": \"a\", \"id\": \"b\"}", "`id` occurs twice"),
        ("organizations.get", "{\"id\": \"a\"} x", "`arguments` must be JSON"),
        ("organizations.get", "{\"id\": \"\"}", "`id` must not be empty"),
        ("organizations.create", "{}", "`organization` is required"),
        ("organizations.create", "{\"organization\": {}}", "`organization.display_name` is required"),
        ("organizations.create", "{\"organization\": {\"name\": 1}}", "`organization.name` is unknown"),
        ("tokens.validate", "{\"token\": \"a\"}", "`expectations` is required"),
        ("login.start", "{\"options\": {}}", "`options.redirect_uri` is required"),
        ("client.request", "{\"method\": \"FETCH\", \"path\": \"/\"}", METHODS),
        ("client.request", "{\"method\": \"\", \"path\": \"/\"}", METHODS),
        (
            "tools.execute",
            "{\"tool\": {\"tool_name\": \"a\", \"params\": {\"a\": [{\"b\": 1, \"b\": 2}]}}}",
            "`tool.params.a[0].b` occurs twice",
        ),
        ("organizations.list_all", "{}", "`operation` is a pager, not a call: \"organizations.list_all\""),
        (
            "login.finish",
            "{\"callback\": \"a\", \"transaction\": \"b\"}",
            "`transaction` is not that of a started login",
        ),
        ("login.refresh_if_needed", "{\"session\": \"b\"}", "`session` is not that of a login"),
    ] {
        assert_eq!(summary(client.call(name, arguments)), expected, "{name} {arguments}");
    }
    assert_eq!(
        summary(client.pager("organizations.list", "{}")),
        "`operation` is a call, not a pager: \"organizations.list\""
    );
    assert_eq!(
        summary(client.pager("organizations.list_all", "{\"params\": {\"size\": 1}}")),
        "`params.size` is unknown"
    );
}

#[test]
fn invalid_options_are_named() {
    let new = |options: &str| Client::new("https://acme.scalekit.example", "skc_1", None, options);
    assert_eq!(summary(new("{\"timeout\": 1}")), "`timeout` is unknown");
    assert_eq!(summary(new("{\"timeout_seconds\": \"x\"}")), "`timeout_seconds` has an unexpected type");
    for roots in ["", "all"] {
        let given = format!("{{\"trusted_roots\": \"{roots}\"}}");
        assert_eq!(summary(new(&given)), "`trusted_roots` must be one of: bundled, bundled_only, system");
    }
    assert_eq!(summary(new("{")), "`options` must be JSON");
    assert_eq!(summary(new("[]")), "`options` must be a JSON object");
    assert!(
        new(
            "{\"timeout_seconds\": 2.5, \"retry\": {\"max_retries\": 1}, \"trusted_roots\": \"bundled_only\"}"
        )
        .is_ok()
    );
}

#[test]
fn public_client_makes_no_operations() {
    let client = Client::new("https://acme.scalekit.example", "skc_1", None, "{}").unwrap();
    let expected = "`client` has no secret, which organizations.get requires";
    assert_eq!(summary(client.call("organizations.get", "{\"id\": \"org_1\"}")), expected);
    assert!(client.call("login.start", "{\"options\": {\"redirect_uri\": \"https://a.example/c\"}}").is_ok());
}

#[test]
fn audience_must_be_expected_or_waived() {
    let call = |expectations: &str| {
        let arguments = format!("{{\"token\": \"a.b.c\", \"expectations\": {expectations}}}");
        client().call("tokens.validate", &arguments).unwrap_err()
    };
    assert_eq!(call("{}").to_string(), "`expectations.audience` must contain at least one audience");
    assert!(matches!(call("{\"any_audience\": true}"), ScalekitError::InvalidToken { .. }));
}

#[test]
fn detached_call_reports_its_result_once_and_can_be_cancelled() {
    let (send, received) = std::sync::mpsc::channel();
    let work: Work = Box::pin(std::future::pending());
    let pending =
        Pending::start("things.do", work, move |result| send.send(result.is_none()).unwrap()).unwrap();
    pending.cancel();
    pending.cancel();
    assert!(received.recv().unwrap(), "a cancelled call has no result");
    assert!(received.recv().is_err(), "the result is reported once");

    let (send, received) = std::sync::mpsc::channel();
    let work: Work = Box::pin(std::future::ready(Ok(Box::new(7) as Erased)));
    drop(Pending::start("things.do", work, move |result| send.send(result.is_some()).unwrap()).unwrap());
    assert!(received.recv().unwrap(), "dropping the handle cancels nothing");
}
