import Scalekit
import XCTest

final class ErrorTests: XCTestCase {
    func testErrorIsCaughtByItsCase() async throws {
        let emulator = try Emulator.strict()
        do {
            _ = try emulator.client().organizations.get(id: "org_unknown")
            XCTFail("no error")
        } catch ScalekitError.notFound(let failure) {
            XCTAssertEqual(failure.status, 404)
            XCTAssertEqual(failure.operation, "organizations.get")
            XCTAssertNotNil(failure.requestId)
        }
        try emulator.fault(["operation": "organizations.get", "kind": "status", "status": 409])
        do {
            _ = try await emulator.asyncClient().organizations.get(id: "org_1")
            XCTFail("no error")
        } catch ScalekitError.notFound {
            XCTFail("caught as the wrong case")
        } catch ScalekitError.conflict(let failure) {
            XCTAssertEqual(failure.status, 409)
        }
    }

    func testErrorPrintsAsItsSummary() throws {
        let emulator = try Emulator.strict()
        let error: any Error = try failure { try emulator.client().organizations.get(id: "org_unknown") }
        let summary = try XCTUnwrap(error as? ScalekitError).failure.summary
        XCTAssertTrue(summary.hasPrefix("organizations.get: 404"), summary)
        XCTAssertEqual(error.localizedDescription, summary)
        XCTAssertEqual("\(error)", summary)
        XCTAssertEqual(String(reflecting: error), summary)
        XCTAssertEqual((error as NSError).localizedDescription, summary)
    }

    func testInvalidArgumentsAreRejectedByName() async throws {
        let emulator = try Emulator.strict()
        let id = try failure { try emulator.client().organizations.get(id: "") }
        XCTAssertEqual(id.name, "invalidArgument")
        XCTAssertTrue("\(id)".contains("`id`"), "\(id)")
        let name = try await failure {
            try await emulator.asyncClient().organizations.create(CreateOrganization(displayName: ""))
        }
        XCTAssertTrue("\(name)".contains("`displayName`"), "\(name)")
        let url = try failure { try ScalekitClient(environmentUrl: "ftp://x", clientId: "a", clientSecret: "b") }
        XCTAssertTrue("\(url)".contains("`environmentUrl`"), "\(url)")
        let timeout = try failure { try emulator.client(ClientOptions(timeoutSeconds: .nan)) }
        XCTAssertTrue("\(timeout)".contains("`timeoutSeconds`"), "\(timeout)")
        let perCall = try failure { try emulator.client().withOptions(CallOptions(timeoutSeconds: 0)) }
        XCTAssertTrue("\(perCall)".contains("`timeoutSeconds`"), "\(perCall)")
        XCTAssertEqual(try emulator.requests("oauth.token").count, 0)
    }
}
