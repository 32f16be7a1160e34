// What every pager can do. Which classes are pagers, the generated sources say.

/// A list of the blocking client that is fetched page by page, as you walk through it.
///
/// A `for` loop cannot throw by itself, so each turn gives a `Result`, and `get()` is where an error surfaces:
///
/// ```swift
/// for organization in client.organizations.listAll() {
///     print(try organization.get().displayName)
/// }
/// ```
///
/// A page is fetched when the loop comes to it, and none after you leave the loop. An error ends the loop; walking
/// through the same pager again goes on with the page that failed. A pager is one walk: its loops share it.
public protocol Pages<Item>: Sequence, Sendable
where Element == Result<Item, ScalekitError>, Iterator == PagesIterator<Item> {
    /// What the pages hold.
    associatedtype Item: Sendable

    /// The next page's items, or nothing after the last page. A page may be empty and yet not be the last.
    /// After an error the same page can be asked for again.
    func nextPage() throws -> [Item]?
}

extension Pages {
    /// Begins a walk, or goes on with one, at the next page.
    public func makeIterator() -> PagesIterator<Item> {
        PagesIterator(nextPage: nextPage)
    }

    /// Unknown before the last page.
    public var underestimatedCount: Int { 0 }
}

/// A walk through the items of a pager.
public struct PagesIterator<Item: Sendable>: IteratorProtocol {
    private let nextPage: () throws -> [Item]?
    private var page: ArraySlice<Item> = []
    private var ended = false

    init(nextPage: @escaping () throws -> [Item]?) {
        self.nextPage = nextPage
    }

    /// The next item, the error that came in its place, or nothing at the end and after an error.
    public mutating func next() -> Result<Item, ScalekitError>? {
        do {
            while page.isEmpty, !ended {
                guard let next = try nextPage() else {
                    ended = true
                    return nil
                }
                page = next[...]
            }
            return page.popFirst().map { .success($0) }
        } catch {
            ended = true
            return .failure(ScalekitError(error))
        }
    }
}

/// A list of the async client that is fetched page by page, as you walk through it.
///
/// ```swift
/// for try await organization in client.organizations.listAll() {
///     print(organization.displayName)
/// }
/// ```
///
/// A page is fetched when the loop comes to it, and none after you leave the loop. An error ends the loop; walking
/// through the same pager again goes on with the page that failed. A pager is one walk: its loops share it.
public protocol AsyncPages<Item>: AsyncSequence, Sendable
where Element == Item, AsyncIterator == AsyncPagesIterator<Item> {
    /// What the pages hold.
    associatedtype Item: Sendable

    /// The next page's items, or nothing after the last page. A page may be empty and yet not be the last.
    /// After an error the same page can be asked for again.
    func nextPage() async throws -> [Item]?
}

extension AsyncPages {
    /// Begins a walk, or goes on with one, at the next page.
    public func makeAsyncIterator() -> AsyncPagesIterator<Item> {
        AsyncPagesIterator(nextPage: nextPage)
    }
}

/// A walk through the items of a pager.
public struct AsyncPagesIterator<Item: Sendable>: AsyncIteratorProtocol {
    private let nextPage: () async throws -> [Item]?
    private var page: ArraySlice<Item> = []
    private var ended = false

    init(nextPage: @escaping () async throws -> [Item]?) {
        self.nextPage = nextPage
    }

    /// The next item, or nothing at the end. After an error the same page is asked for again.
    public mutating func next() async throws -> Item? {
        while page.isEmpty, !ended {
            guard let next = try await nextPage() else {
                ended = true
                return nil
            }
            page = next[...]
        }
        return page.popFirst()
    }
}

extension ScalekitError {
    /// Everything that the library throws is of this type; should a defect throw something else, it says so.
    init(_ error: any Error) {
        self = error as? ScalekitError ?? .internal(failure: Failure(
            summary: "a defect in the Swift bindings: \(error)", operation: "", status: nil, code: nil,
            requestId: nil, retryAfterSeconds: nil, retryable: false, fieldViolations: [], source: .client))
    }
}
