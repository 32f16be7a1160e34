import Foundation
import Scalekit
import XCTest

final class JSONValueTests: XCTestCase {
    func testLiteralsAndSubscripts() {
        let json: JSONValue = ["a": [1, 2.5, "x\(1)", true, nil], "b": [:]]
        XCTAssertEqual(json["a"]?[0]?.integer, 1)
        XCTAssertEqual(json["a"]?[0]?.number, 1)
        XCTAssertEqual(json["a"]?[1]?.number, 2.5)
        XCTAssertEqual(json["a"]?[2]?.string, "x1")
        XCTAssertEqual(json["a"]?[3]?.bool, true)
        XCTAssertEqual(json["a"]?[4]?.isNull, true)
        XCTAssertEqual(json["b"]?.object, [:])
        XCTAssertNil(json["a"]?[5])
        XCTAssertNil(json["a"]?[-1])
        XCTAssertNil(json["c"])
        XCTAssertNil(json[0])
        XCTAssertEqual("\(json)", #"{"a":[1,2.5,"x1",true,null],"b":{}}"#)
    }

    func testCodableValuesRoundTrip() throws {
        struct Seat: Codable, Equatable {
            let name: String
            let number: Int64
        }
        let seat = Seat(name: "a/b", number: .max)
        let json = try JSONValue(encoding: seat)
        XCTAssertEqual(json, ["name": "a/b", "number": .integer(.max)])
        XCTAssertEqual(try json.decode(), seat)
        XCTAssertThrowsError(try JSONValue.string("x").decode(Seat.self))
    }

    func testNumbersAreExactInRequestsAndResponses() async throws {
        let emulator = try Emulator()
        let numbers: JSONValue = [9_007_199_254_740_993, .integer(.min), .integer(.max), 0.1, 1e300, -7]
        let body: JSONValue = ["n": numbers, "t": "é\u{1F600}\n\"", "b": false, "z": nil]
        for _ in 1...2 { try emulator.fault(["operation": "organizations.list", "kind": "answer", "body": body]) }
        let path = "/api/v1/organizations"
        XCTAssertEqual(try emulator.client().request(method: .get, path: path).body, body)
        let response = try await emulator.asyncClient().request(method: .get, path: path)
        XCTAssertEqual(response.body, body)
        XCTAssertThrowsError(try emulator.client().request(method: .post, path: path, body: body))
        XCTAssertEqual(try emulator.requests("organizations.create").last?["body"], body)
    }

    func testInvalidJSONIsRejectedByName() async throws {
        let emulator = try Emulator()
        let deep = (1...400).reduce(JSONValue.null) { inner, _ in [inner] }
        for body: JSONValue in [[.number(.nan)], ["a": .number(.infinity)], deep] {
            let blocking = try failure { try emulator.client().request(method: .post, path: "/a", body: body) }
            let asynchronous = try await failure {
                try await emulator.asyncClient().request(method: .post, path: "/a", body: body)
            }
            for error in [blocking, asynchronous] {
                XCTAssertEqual(error.name, "invalidArgument")
                XCTAssertTrue("\(error)".contains("`json`"), "\(error)")
            }
        }
        XCTAssertEqual(try emulator.requests("oauth.token").count, 0)
        XCTAssertEqual("\(JSONValue.number(.nan))", "JSONValue(cannot be written as JSON)")
    }
}
