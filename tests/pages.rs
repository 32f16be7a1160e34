//! Pagers: every item once, one request at a time, and no endless loops.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use futures_util::StreamExt;
use scalekit::{
    AsyncOrganizationPager, ListOrganizations, Organization, OrganizationPager, Result, ScalekitError,
};
use scalekit_emulator::{Emulator, Fault, FaultKind};
use serde_json::{Value, json};

use crate::support;
use crate::support::caller::runtime;
use crate::support::gate::Gate;
use crate::support::raw::{self, RawServer};
use crate::support::{Caller, Style, in_every_style, quick, request_count};

in_every_style!(
    pager_returns_every_item_once_in_order,
    pager_sends_nothing_before_the_first_page,
    pager_keeps_one_request_in_flight,
    empty_page_does_not_end_the_list,
    repeated_page_token_fails_every_time,
    cycle_of_page_tokens_fails,
    initial_page_token_is_part_of_cycle_detection,
    failed_page_can_be_fetched_again,
    pager_starts_at_the_given_page_token,
    page_size_is_clamped_to_its_limits,
    pager_iterates_over_the_items_of_all_pages,
    iteration_sends_requests_only_as_needed,
    iteration_ends_after_an_error,
    abandoned_item_does_not_block_the_next_page,
    filters_are_sent_with_every_page,
);

const LIST: &str = "organizations.list";

/// The pagers of both clients.
enum Pager {
    Async(AsyncOrganizationPager, Option<Arc<tokio::runtime::Runtime>>),
    Blocking(OrganizationPager),
}

impl Pager {
    fn of(client: &Caller, params: ListOrganizations) -> Pager {
        match client {
            Caller::Tokio(client, runtime) => {
                Pager::Async(client.organizations().list_all(params), Some(Arc::clone(runtime)))
            }
            Caller::NoRuntime(client) => Pager::Async(client.organizations().list_all(params), None),
            Caller::Blocking(client) => Pager::Blocking(client.organizations().list_all(params)),
        }
    }

    fn next(&self) -> Result<Option<Vec<Organization>>> {
        match self {
            Pager::Async(pager, Some(runtime)) => runtime.block_on(pager.next_page()),
            Pager::Async(pager, None) => support::executor::block_on(pager.next_page()),
            Pager::Blocking(pager) => pager.next_page(),
        }
    }

    /// The next item: of the `Iterator` or of the `Stream`.
    fn item(&mut self) -> Option<Result<Organization>> {
        match self {
            Pager::Async(pager, Some(runtime)) => runtime.block_on(pager.next()),
            Pager::Async(pager, None) => support::executor::block_on(pager.next()),
            Pager::Blocking(pager) => Iterator::next(pager),
        }
    }

    /// Requests the next item of a stream, and drops the future before the response arrives.
    fn abandon_item(&mut self) {
        async fn abandon(pager: &mut AsyncOrganizationPager) {
            tokio::select! {
                biased;
                _ = pager.next() => panic!("the response must not arrive yet"),
                () = std::future::ready(()) => {}
            }
        }
        match self {
            Pager::Async(pager, Some(runtime)) => runtime.block_on(abandon(pager)),
            Pager::Async(pager, None) => support::executor::block_on(abandon(pager)),
            Pager::Blocking(_) => {}
        }
    }

    /// The IDs of all items that are left.
    fn item_ids(&mut self) -> Vec<String> {
        std::iter::from_fn(|| self.item()).map(|organization| organization.unwrap().id).collect()
    }

    /// The IDs on the next page, or `None` after the last page.
    fn ids(&self) -> Option<Vec<String>> {
        Some(self.next().unwrap()?.into_iter().map(|organization| organization.id).collect())
    }
}

fn sized(page_size: i64) -> ListOrganizations {
    ListOrganizations::new().with_page_size(page_size)
}

/// Starts an emulator with `count` organizations.
fn with(count: usize) -> Emulator {
    let emulator = Emulator::start_blocking_with(scalekit_emulator::Settings::strict()).unwrap();
    let one = |index| json!({"id": format!("org_{index}"), "display_name": "Acme"});
    emulator.seed(json!({"organizations": (0..count).map(one).collect::<Vec<_>>()})).unwrap();
    emulator
}

/// A service that serves pages, each given by its token, its IDs and the token of the next page.
fn pages(pages: &[(&str, &[&str], &str)]) -> RawServer {
    let page = |(token, ids, next): &(&str, &[&str], &str)| {
        let items: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
        ((*token).to_owned(), json!({"organizations": items, "next_page_token": next}))
    };
    let pages: Vec<(String, Value)> = pages.iter().map(page).collect();
    RawServer::service(move |request, to| {
        let token = request.target().rsplit_once("page_token=").map_or("", |(_, token)| token);
        let page = pages.iter().find(|(own, _)| own == token);
        raw::json(to, 200, &page.map_or(Value::Null, |(_, page)| page.clone()).to_string())
    })
}

fn pager_returns_every_item_once_in_order(style: Style) {
    let emulator = with(25);
    let pager = Pager::of(&style.client(&emulator, quick()), sized(10));
    let found: Vec<_> = std::iter::from_fn(|| pager.ids()).collect();
    assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    let expected: Vec<_> = (0..25).map(|index| format!("org_{index}")).collect();
    assert_eq!(found.concat(), expected);
    assert_eq!((pager.ids(), pager.ids()), (None, None), "the list ended");
    assert_eq!(request_count(&emulator, LIST), 3);
}

fn pager_sends_nothing_before_the_first_page(style: Style) {
    let emulator = with(1);
    let client = style.client(&emulator, quick());
    let pagers: Vec<_> = (0..10).map(|_| Pager::of(&client, sized(10))).collect();
    assert!(emulator.requests().is_empty());
    assert_eq!(pagers[0].ids().unwrap().len(), 1);
    assert_eq!(request_count(&emulator, LIST), 1);
}

fn pager_keeps_one_request_in_flight(style: Style) {
    let (gate, in_flight, max_in_flight) =
        (Gate::default(), AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let (server_gate, server_max) = (gate.clone(), Arc::clone(&max_in_flight));
    let server = RawServer::service(move |request, to| {
        server_max.fetch_max(in_flight.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        server_gate.pass();
        in_flight.fetch_sub(1, Ordering::SeqCst);
        let number =
            request.target().rsplit_once("page_token=").map_or(0, |(_, token)| token.parse().unwrap());
        let next = if number < 7 { (number + 1).to_string() } else { String::new() };
        let body = json!({"organizations": [{"id": number.to_string()}], "next_page_token": next});
        raw::json(to, 200, &body.to_string())
    });
    let pager = Pager::of(&style.client_at(&server.url(), quick()), sized(10));
    thread::scope(|scope| {
        let calls: Vec<_> = (0..8).map(|_| scope.spawn(|| pager.ids().unwrap())).collect();
        gate.await_waiting(1);
        gate.open();
        let mut ids: Vec<_> = calls.into_iter().flat_map(|call| call.join().unwrap()).collect();
        ids.sort();
        assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6", "7"], "each page must go to one caller");
    });
    assert_eq!(max_in_flight.load(Ordering::SeqCst), 1);
    assert_eq!(pager.ids(), None);
    assert_eq!(server.requests_to("/api/").len(), 8);
}

fn empty_page_does_not_end_the_list(style: Style) {
    let server = pages(&[("", &["a"], "1"), ("1", &[], "2"), ("2", &[], "3"), ("3", &["b"], "")]);
    let pager = Pager::of(&style.client_at(&server.url(), quick()), sized(10));
    let found: Vec<_> = std::iter::from_fn(|| pager.ids()).collect();
    assert_eq!(found, [vec!["a"], vec![], vec![], vec!["b"]]);
}

fn assert_endless(pager: &Pager) {
    for _ in 0..3 {
        let error = pager.next().unwrap_err();
        assert!(matches!(error, ScalekitError::Decode { .. }), "{error}");
        assert!(error.to_string().contains("the list would never end"), "{error}");
    }
}

fn repeated_page_token_fails_every_time(style: Style) {
    let server = pages(&[("", &["a"], "1"), ("1", &["b"], "1")]);
    let pager = Pager::of(&style.client_at(&server.url(), quick()), sized(10));
    assert_eq!(pager.ids().unwrap(), ["a"]);
    assert_eq!(pager.ids().unwrap(), ["b"], "the page with the repeated token must be returned");
    assert_endless(&pager);
    assert_eq!(server.requests_to("/api/").len(), 2);
}

fn cycle_of_page_tokens_fails(style: Style) {
    let server = pages(&[("", &["a"], "1"), ("1", &["b"], "2"), ("2", &["c"], "3"), ("3", &["d"], "1")]);
    let pager = Pager::of(&style.client_at(&server.url(), quick()), sized(10));
    assert_eq!([pager.ids(), pager.ids(), pager.ids(), pager.ids()].map(|page| page.unwrap().len()), [1; 4]);
    assert_endless(&pager);
    assert_eq!(server.requests_to("/api/").len(), 4);
}

fn initial_page_token_is_part_of_cycle_detection(style: Style) {
    let server = pages(&[("1", &["b"], "2"), ("2", &["c"], "1")]);
    let params = ListOrganizations::new().with_page_token("1");
    let pager = Pager::of(&style.client_at(&server.url(), quick()), params);
    assert_eq!([pager.ids().unwrap(), pager.ids().unwrap()], [["b"], ["c"]]);
    assert_endless(&pager);
}

fn failed_page_can_be_fetched_again(style: Style) {
    let emulator = with(25);
    let pager = Pager::of(&style.client(&emulator, quick()), sized(10));
    for kind in
        [FaultKind::Malformed {}, FaultKind::Answer { status: 200, body: json!({"organizations": 7}) }]
    {
        emulator.fault(Fault::new(LIST, kind)).unwrap();
    }
    emulator.fault(Fault::status(LIST, 500).after(1)).unwrap();
    emulator.fault(Fault::status(LIST, 503).count(3).after(1)).unwrap();
    let (mut found, mut failures) = (Vec::new(), 0);
    loop {
        match pager.next() {
            Ok(Some(page)) => found.extend(page.into_iter().map(|organization| organization.id)),
            Ok(None) => break,
            Err(_) => failures += 1,
        }
    }
    let expected: Vec<_> = (0..25).map(|index| format!("org_{index}")).collect();
    assert_eq!((found, failures), (expected, 4), "items were lost or repeated");
}

fn pager_iterates_over_the_items_of_all_pages(style: Style) {
    let server = pages(&[("", &["a", "b"], "1"), ("1", &[], "2"), ("2", &["c"], "3"), ("3", &[], "")]);
    let mut pager = Pager::of(&style.client_at(&server.url(), quick()), sized(10));
    assert_eq!(pager.item_ids(), ["a", "b", "c"]);
    assert_eq!((pager.item_ids(), pager.ids()), (vec![], None), "the list ended");
    assert_eq!(server.requests_to("/api/").len(), 4);
}

fn iteration_sends_requests_only_as_needed(style: Style) {
    let emulator = with(25);
    let mut pager = Pager::of(&style.client(&emulator, quick()), sized(10));
    assert_eq!(request_count(&emulator, LIST), 0);
    for (number, requests) in [(0, 1), (1, 1), (9, 1), (10, 2), (19, 2), (20, 3)] {
        let ids = std::iter::from_fn(|| pager.item()).map(|organization| organization.unwrap().id);
        let id = ids.into_iter().find(|id| *id == format!("org_{number}"));
        assert!(id.is_some(), "org_{number}");
        assert_eq!(request_count(&emulator, LIST), requests, "org_{number}");
    }
}

fn iteration_ends_after_an_error(style: Style) {
    let emulator = with(25);
    let mut pager = Pager::of(&style.client(&emulator, quick()), sized(10));
    emulator.fault(Fault::new(LIST, FaultKind::Malformed {}).after(1)).unwrap();
    let items: Vec<_> = std::iter::from_fn(|| pager.item()).collect();
    assert_eq!(
        items.iter().map(Result::is_ok).collect::<Vec<_>>(),
        [[true; 10].as_slice(), &[false]].concat()
    );
    assert!(matches!(items.last(), Some(Err(ScalekitError::Decode { .. }))));
    assert_eq!(request_count(&emulator, LIST), 2, "iteration must not go on after an error");
    assert_eq!(pager.ids().unwrap()[0], "org_10", "`next_page` requests the page that failed");
}

fn abandoned_item_does_not_block_the_next_page(style: Style) {
    let gate = Gate::default();
    let passed = gate.clone();
    let server = RawServer::service(move |request, to| {
        passed.pass();
        let (id, next) = if request.target().contains("page_token=1") { ("b", "") } else { ("a", "1") };
        let body = json!({"organizations": [{"id": id}], "next_page_token": next});
        raw::json(to, 200, &body.to_string())
    });
    let mut pager = Pager::of(&style.client_at(&server.url(), quick()), sized(10));
    pager.abandon_item();
    gate.open();
    assert_eq!(pager.ids().unwrap(), ["a"]);
    assert_eq!(pager.item_ids(), ["b"]);
    assert_eq!(server.requests_to("/api/").len(), 2);
}

fn pager_starts_at_the_given_page_token(style: Style) {
    let emulator = with(25);
    let client = style.client(&emulator, quick());
    let first = support::caller::call!(client, c => c.organizations().list(sized(10))).unwrap();
    assert_eq!((first.total_size, first.prev_page_token), (Some(25), None));
    let params = sized(10).with_page_token(first.next_page_token.unwrap());
    let pager = Pager::of(&client, params);
    let found: Vec<_> = std::iter::from_fn(|| pager.ids()).collect();
    assert_eq!(found.concat().first().unwrap(), "org_10");
    assert_eq!(found.concat().len(), 15);
    // An empty token starts at the beginning, like an absent one.
    let params = sized(100).with_page_token(String::new());
    assert_eq!(Pager::of(&client, params).ids().unwrap().len(), 25);
}

fn page_size_is_clamped_to_its_limits(style: Style) {
    let emulator = with(1);
    let client = style.client(&emulator, quick());
    let cases = [
        (Some(1), "page_size=10"),
        (Some(9), "page_size=10"),
        (Some(10), "page_size=10"),
        (Some(55), "page_size=55"),
        (Some(100), "page_size=100"),
        (Some(101), "page_size=100"),
        (Some(i64::MAX), "page_size=100"),
        (Some(0), ""),
        (None, ""),
    ];
    for (page_size, query) in cases {
        let mut params = ListOrganizations::new();
        params.page_size = page_size;
        Pager::of(&client, params).ids().unwrap();
        assert_eq!(emulator.requests_of(LIST).pop().unwrap().query, query, "{page_size:?}");
    }
    emulator.clear_requests();
    for negative in [-1, i64::MIN] {
        let pager = Pager::of(&client, sized(negative));
        for _ in 0..2 {
            let error = pager.next().unwrap_err();
            assert!(matches!(error, ScalekitError::InvalidArgument { .. }), "{error}");
            assert_eq!(error.to_string(), "`page_size` must not be negative");
        }
    }
    assert!(emulator.requests().is_empty());
}

fn filters_are_sent_with_every_page(style: Style) {
    let page = json!({"organizations": [], "next_page_token": "t%2B1"}).to_string();
    let server = RawServer::service(move |_, to| raw::json(to, 200, &page));
    let params = sized(50).with_external_id("o u&r");
    let pager = Pager::of(&style.client_at(&server.url(), quick()), params);
    assert_eq!([pager.ids().unwrap(), pager.ids().unwrap()], [[""; 0]; 2]);
    let targets: Vec<_> =
        server.requests_to("/api/").iter().map(|request| request.target().to_owned()).collect();
    let path = "/api/v1/organizations?page_size=50";
    let filter = "external_id=o+u%26r";
    assert_eq!(targets, [format!("{path}&{filter}"), format!("{path}&page_token=t%252B1&{filter}")]);
}

#[test]
fn pager_outlives_its_client_and_moves_between_runtimes() {
    let emulator = with(25);
    let Caller::NoRuntime(client) = Style::NoRuntime.client(&emulator, quick()) else { unreachable!() };
    let pager = client.organizations().list_all(sized(10));
    drop(client);
    let first = runtime().block_on(pager.next_page()).unwrap().unwrap();
    let second = support::executor::block_on(pager.next_page()).unwrap().unwrap();
    let third = runtime().block_on(pager.next_page()).unwrap().unwrap();
    assert_eq!([first, second, third].map(|page| page.len()), [10, 10, 5]);
}
