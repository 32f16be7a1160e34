import Scalekit
import XCTest

final class PagesTests: XCTestCase {
    private static let list = "organizations.list"

    private func emulator(organizations count: Int) throws -> Emulator {
        let emulator = try Emulator.strict()
        let names = (1...count).map { JSONValue.object(["display_name": .string("n\($0)")]) }
        try emulator.seed(["organizations": .array(names)])
        return emulator
    }

    func testLoopFetchesPagesOnDemand() throws {
        let emulator = try emulator(organizations: 21)
        let pager = try emulator.client().organizations.listAll(ListOrganizations(pageSize: 10))
        XCTAssertEqual(try emulator.requests(Self.list).count, 0)
        var names: [String] = []
        for organization in pager {
            names.append(try organization.get().displayName)
            XCTAssertEqual(try emulator.requests(Self.list).count, (names.count + 9) / 10)
            if names.count == 11 { break }
        }
        XCTAssertEqual(names, (1...11).map { "n\($0)" })
        XCTAssertEqual(try emulator.requests(Self.list).count, 2, "a page was fetched before it was needed")
    }

    func testAsyncLoopFetchesPagesOnDemand() async throws {
        let emulator = try emulator(organizations: 21)
        let pager = try emulator.asyncClient().organizations.listAll(ListOrganizations(pageSize: 10))
        var names: [String] = []
        for try await organization in pager {
            names.append(organization.displayName)
            XCTAssertEqual(try emulator.requests(Self.list).count, (names.count + 9) / 10)
            if names.count == 11 { break }
        }
        XCTAssertEqual(names, (1...11).map { "n\($0)" })
        XCTAssertEqual(try emulator.requests(Self.list).count, 2, "a page was fetched before it was needed")
    }

    func testErrorEndsTheLoopAndTheNextLoopContinues() throws {
        let emulator = try emulator(organizations: 21)
        try emulator.fault(["operation": .string(Self.list), "kind": "status", "status": 400, "after": 1])
        let pager = try emulator.client().organizations.listAll(ListOrganizations(pageSize: 10))
        var (names, errors): ([String], [ScalekitError]) = ([], [])
        for organization in pager {
            switch organization {
            case .success(let organization): names.append(organization.displayName)
            case .failure(let error): errors.append(error)
            }
        }
        XCTAssertEqual(names.count, 10)
        XCTAssertEqual(errors.map(\.name), ["invalidRequest"])
        for organization in pager { names.append(try organization.get().displayName) }
        XCTAssertEqual(names, (1...21).map { "n\($0)" })
        XCTAssertNil(try pager.nextPage())
    }

    func testErrorEndsTheAsyncLoopAndTheNextLoopContinues() async throws {
        let emulator = try emulator(organizations: 21)
        try emulator.fault(["operation": .string(Self.list), "kind": "status", "status": 400, "after": 1])
        let pager = try emulator.asyncClient().organizations.listAll(ListOrganizations(pageSize: 10))
        var names: [String] = []
        let error = try await failure {
            for try await organization in pager { names.append(organization.displayName) }
        }
        XCTAssertEqual(error.name, "invalidRequest")
        XCTAssertEqual(names.count, 10)
        var iterator = pager.makeAsyncIterator()
        while let organization = try await iterator.next() { names.append(organization.displayName) }
        XCTAssertEqual(names, (1...21).map { "n\($0)" })
        let none = try await iterator.next()
        XCTAssertNil(none)
    }

    func testAsyncIteratorRequestsTheFailedPageAgain() async throws {
        let emulator = try emulator(organizations: 1)
        try emulator.fault(["operation": .string(Self.list), "kind": "status", "status": 400])
        var iterator = try emulator.asyncClient().organizations.listAll().makeAsyncIterator()
        do {
            _ = try await iterator.next()
            XCTFail("no error")
        } catch ScalekitError.invalidRequest {
            let first = try await iterator.next()
            XCTAssertEqual(first?.displayName, "n1")
        }
    }
}
