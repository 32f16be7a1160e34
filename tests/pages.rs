//! Walking through lists: every item once, one request at a time, and never in circles.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use scalekit::{
    AsyncOrganizationPager, ListOrganizations, Organization, OrganizationPager, Result, ScalekitError,
};
use scalekit_emulator::{Emulator, Fault, FaultKind};
use serde_json::{Value, json};
use support::caller::runtime;
use support::gate::Gate;
use support::raw::{self, RawServer};
use support::{Caller, Style, arrived, in_every_style, quick};

in_every_style!(
    the_whole_list_comes_once_and_in_order,
    nothing_is_sent_before_the_first_page,
    one_request_is_in_flight,
    an_empty_page_is_not_the_end,
    a_repeated_token_ends_in_an_error_each_time,
    a_cycle_of_tokens_is_noticed,
    the_token_to_begin_with_counts_as_seen,
    a_failed_page_can_be_asked_for_again,
    a_pager_begins_where_it_is_told,
    page_sizes_are_moved_into_range,
    filters_travel_with_every_page,
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
            Caller::Bare(client) => Pager::Async(client.organizations().list_all(params), None),
            Caller::Blocking(client) => Pager::Blocking(client.organizations().list_all(params)),
        }
    }

    fn next(&self) -> Result<Option<Vec<Organization>>> {
        match self {
            Pager::Async(pager, Some(runtime)) => runtime.block_on(pager.next_page()),
            Pager::Async(pager, None) => support::bare::block_on(pager.next_page()),
            Pager::Blocking(pager) => pager.next_page(),
        }
    }

    /// The ids on the next page; nothing after the last.
    fn ids(&self) -> Option<Vec<String>> {
        Some(self.next().unwrap()?.into_iter().map(|organization| organization.id).collect())
    }
}

fn sized(page_size: i64) -> ListOrganizations {
    ListOrganizations { page_size: Some(page_size), ..Default::default() }
}

/// An emulator with so many organizations.
fn with(count: usize) -> Emulator {
    let emulator = Emulator::start_blocking().unwrap();
    let one = |index| json!({"id": format!("org_{index}"), "display_name": "Acme"});
    emulator.seed(json!({"organizations": (0..count).map(one).collect::<Vec<_>>()})).unwrap();
    emulator
}

/// A service that hands out pages: the token of a page, its ids, and the token of the next.
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

fn the_whole_list_comes_once_and_in_order(style: Style) {
    let emulator = with(25);
    let pager = Pager::of(&style.client(&emulator, quick()), sized(10));
    let found: Vec<_> = std::iter::from_fn(|| pager.ids()).collect();
    assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 5]);
    let expected: Vec<_> = (0..25).map(|index| format!("org_{index}")).collect();
    assert_eq!(found.concat(), expected);
    assert_eq!((pager.ids(), pager.ids()), (None, None), "the end is the end");
    assert_eq!(arrived(&emulator, LIST), 3);
}

fn nothing_is_sent_before_the_first_page(style: Style) {
    let emulator = with(1);
    let client = style.client(&emulator, quick());
    let pagers: Vec<_> = (0..10).map(|_| Pager::of(&client, sized(10))).collect();
    assert!(emulator.requests().is_empty());
    assert_eq!(pagers[0].ids().unwrap().len(), 1);
    assert_eq!(arrived(&emulator, LIST), 1);
}

fn one_request_is_in_flight(style: Style) {
    let (gate, at_a_time, most) = (Gate::default(), AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)));
    let (held, highest) = (gate.clone(), Arc::clone(&most));
    let server = RawServer::service(move |request, to| {
        highest.fetch_max(at_a_time.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        held.pass();
        at_a_time.fetch_sub(1, Ordering::SeqCst);
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
        assert_eq!(ids, ["0", "1", "2", "3", "4", "5", "6", "7"], "each page goes to one caller");
    });
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert_eq!(pager.ids(), None);
    assert_eq!(server.requests_to("/api/").len(), 8);
}

fn an_empty_page_is_not_the_end(style: Style) {
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

fn a_repeated_token_ends_in_an_error_each_time(style: Style) {
    let server = pages(&[("", &["a"], "1"), ("1", &["b"], "1")]);
    let pager = Pager::of(&style.client_at(&server.url(), quick()), sized(10));
    assert_eq!(pager.ids().unwrap(), ["a"]);
    assert_eq!(pager.ids().unwrap(), ["b"], "the page itself is handed out");
    assert_endless(&pager);
    assert_eq!(server.requests_to("/api/").len(), 2);
}

fn a_cycle_of_tokens_is_noticed(style: Style) {
    let server = pages(&[("", &["a"], "1"), ("1", &["b"], "2"), ("2", &["c"], "3"), ("3", &["d"], "1")]);
    let pager = Pager::of(&style.client_at(&server.url(), quick()), sized(10));
    assert_eq!([pager.ids(), pager.ids(), pager.ids(), pager.ids()].map(|page| page.unwrap().len()), [1; 4]);
    assert_endless(&pager);
    assert_eq!(server.requests_to("/api/").len(), 4);
}

fn the_token_to_begin_with_counts_as_seen(style: Style) {
    let server = pages(&[("1", &["b"], "2"), ("2", &["c"], "1")]);
    let params = ListOrganizations { page_token: Some("1".into()), ..Default::default() };
    let pager = Pager::of(&style.client_at(&server.url(), quick()), params);
    assert_eq!([pager.ids().unwrap(), pager.ids().unwrap()], [["b"], ["c"]]);
    assert_endless(&pager);
}

fn a_failed_page_can_be_asked_for_again(style: Style) {
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
    assert_eq!((found, failures), (expected, 4), "nothing is lost, and nothing comes twice");
}

fn a_pager_begins_where_it_is_told(style: Style) {
    let emulator = with(25);
    let client = style.client(&emulator, quick());
    let first = support::caller::call!(client, c => c.organizations().list(sized(10))).unwrap();
    assert_eq!((first.total_size, first.prev_page_token), (Some(25), None));
    let params = ListOrganizations { page_token: first.next_page_token, ..sized(10) };
    let pager = Pager::of(&client, params);
    let found: Vec<_> = std::iter::from_fn(|| pager.ids()).collect();
    assert_eq!(found.concat().first().unwrap(), "org_10");
    assert_eq!(found.concat().len(), 15);
    // An empty token is the beginning, as an absent one is.
    let params = ListOrganizations { page_token: Some(String::new()), ..sized(100) };
    assert_eq!(Pager::of(&client, params).ids().unwrap().len(), 25);
}

fn page_sizes_are_moved_into_range(style: Style) {
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
        let params = ListOrganizations { page_size, ..Default::default() };
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

fn filters_travel_with_every_page(style: Style) {
    let page = json!({"organizations": [], "next_page_token": "t%2B1"}).to_string();
    let server = RawServer::service(move |_, to| raw::json(to, 200, &page));
    let params = ListOrganizations { external_id: Some("o u&r".into()), ..sized(50) };
    let pager = Pager::of(&style.client_at(&server.url(), quick()), params);
    assert_eq!([pager.ids().unwrap(), pager.ids().unwrap()], [[""; 0]; 2]);
    let targets: Vec<_> =
        server.requests_to("/api/").iter().map(|request| request.target().to_owned()).collect();
    let path = "/api/v1/organizations?page_size=50";
    let filter = "external_id=o+u%26r";
    assert_eq!(targets, [format!("{path}&{filter}"), format!("{path}&page_token=t%252B1&{filter}")]);
}

#[test]
fn a_pager_outlives_its_client_and_moves_between_runtimes() {
    let emulator = with(25);
    let Caller::Bare(client) = Style::Bare.client(&emulator, quick()) else { unreachable!() };
    let pager = client.organizations().list_all(sized(10));
    drop(client);
    let first = runtime().block_on(pager.next_page()).unwrap().unwrap();
    let second = support::bare::block_on(pager.next_page()).unwrap().unwrap();
    let third = runtime().block_on(pager.next_page()).unwrap().unwrap();
    assert_eq!([first, second, third].map(|page| page.len()), [10, 10, 5]);
}
