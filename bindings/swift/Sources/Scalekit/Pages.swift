// Iteration over pagers. The generated sources declare which classes are pagers.

/// A pager of the blocking client: a sequence over the items of all pages.
///
/// A `for` loop over a sequence cannot throw, so each element is a `Result`, and `get()` throws the error:
///
/// ```swift
/// for organization in client.organizations.listAll() {
///     print(try organization.get().displayName)
/// }
/// ```
///
/// Each page is fetched when the loop reaches it; leaving the loop fetches no further page. An error ends the loop. A
/// pager has one position, which all loops over it share: after an error, a new loop requests the failed page again.
public protocol Pages<Item>: Sequence, Sendable
where Element == Result<Item, ScalekitError>, Iterator == PagesIterator<Item> {
    /// The type of the items.
    associatedtype Item: Sendable

    /// Returns the items of the next page, or `nil` after the last page. An empty page is not necessarily the last one.
    /// After an error, the next call requests the same page again.
    func nextPage() throws -> [Item]?
}

extension Pages {
    /// Returns an iterator that starts at the pager's next page.
    public func makeIterator() -> PagesIterator<Item> {
        PagesIterator(nextPage: nextPage)
    }

    /// Always 0: the number of items is unknown before the last page.
    public var underestimatedCount: Int { 0 }
}

/// An iterator over the items of a pager.
public struct PagesIterator<Item: Sendable>: IteratorProtocol {
    private let nextPage: () throws -> [Item]?
    private var page: ArraySlice<Item> = []
    private var ended = false

    init(nextPage: @escaping () throws -> [Item]?) {
        self.nextPage = nextPage
    }

    /// Returns the next item or an error, or `nil` at the end and after an error.
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

/// A pager of the async client: an asynchronous sequence over the items of all pages.
///
/// ```swift
/// for try await organization in client.organizations.listAll() {
///     print(organization.displayName)
/// }
/// ```
///
/// Each page is fetched when the loop reaches it; leaving the loop fetches no further page. An error ends the loop. A
/// pager has one position, which all loops over it share: after an error, a new loop requests the failed page again.
public protocol AsyncPages<Item>: AsyncSequence, Sendable
where Element == Item, AsyncIterator == AsyncPagesIterator<Item> {
    /// The type of the items.
    associatedtype Item: Sendable

    /// Returns the items of the next page, or `nil` after the last page. An empty page is not necessarily the last one.
    /// After an error, the next call requests the same page again.
    func nextPage() async throws -> [Item]?
}

extension AsyncPages {
    /// Returns an iterator that starts at the pager's next page.
    public func makeAsyncIterator() -> AsyncPagesIterator<Item> {
        AsyncPagesIterator(nextPage: nextPage)
    }
}

/// An iterator over the items of a pager.
public struct AsyncPagesIterator<Item: Sendable>: AsyncIteratorProtocol {
    private let nextPage: () async throws -> [Item]?
    private var page: ArraySlice<Item> = []
    private var ended = false

    init(nextPage: @escaping () async throws -> [Item]?) {
        self.nextPage = nextPage
    }

    /// Returns the next item, or `nil` at the end. After an error, the next call requests the same page again.
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
    /// The library throws only this type. If a defect causes another error, it is reported as `internal`.
    init(_ error: any Error) {
        self = error as? ScalekitError ?? .internal(failure: Failure(
            summary: "a defect in the Swift bindings: \(error)", operation: "", status: nil, code: nil,
            requestId: nil, retryAfterSeconds: nil, retryable: false, fieldViolations: [], source: .client))
    }
}
