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
        let emulator = try Emulator.strict()
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

    func testNumbersAreUnchangedInBothDirections() async throws {
        let emulator = try Emulator.strict()
        try emulator.seed(["connected_accounts": [["id": "ca_1", "connector": "emulator", "identifier": "ada"]]])
        let hard: [JSONValue] = [
            .number(.leastNonzeroMagnitude), .number(.greatestFiniteMagnitude), .number(0.1 + 0.2), .number(0.23596292851475154), .number(-0.0),
            .number(1e21), .integer(123_456_789_012_345_680), .integer(9_007_199_254_740_993), .integer(.max), .integer(.min),
            .bigInteger("18446744073709551615"), .number(1.5), 0,
        ]
        let tool = ExecuteTool(toolName: "emulator_echo", params: ["value": .array(hard)], connectedAccountId: "ca_1")
        let blocking = try emulator.client().tools.execute(tool)
        let asynchronous = try await emulator.asyncClient().tools.execute(tool)
        for data in [blocking.data, asynchronous.data] {
            XCTAssertEqual(data["value"], .array(hard))
            XCTAssertEqual(data["value"]?[4]?.number?.sign, .minus)
        }
    }

    func testRandomDoublesAreUnchangedInBothDirections() throws {
        let emulator = try Emulator.strict()
        try emulator.seed(["connected_accounts": [["id": "ca_1", "connector": "emulator", "identifier": "ada"]]])
        let client = try emulator.client()
        for _ in 1...8 {
            let patterns = (1...250).map { _ in Double(bitPattern: .random(in: 0 ... .max)) }.filter(\.isFinite)
            let numbers = patterns + (1...250).map { _ in Double.random(in: 0..<1) }
            let params: JSONValue = ["value": .array(numbers.map(JSONValue.number))]
            let tool = ExecuteTool(toolName: "emulator_echo", params: params, connectedAccountId: "ca_1")
            let received = try XCTUnwrap(client.tools.execute(tool).data["value"]?.array).map(\.number)
            XCTAssertEqual(received.map { $0?.bitPattern }, numbers.map(\.bitPattern))
        }
    }

    func testIntegersBeyond64BitsKeepAllDigits() async throws {
        let emulator = try Emulator.strict()
        let digits = "1000000000000000000000000000000"
        let body: JSONValue = .string("{\"n\": [\(digits), -\(digits), -0.0, 2.0, 1e5], \"t\": \"\\u00e9\\ud83d\\ude00\\n\\/\"}")
        try emulator.fault(["operation": "organizations.list", "kind": "status", "status": 200, "body": body])
        let received = try emulator.client().request(method: .get, path: "/api/v1/organizations").body
        let numbers: JSONValue = [.bigInteger(digits), .bigInteger("-" + digits), .number(-0.0), 2, 100_000]
        XCTAssertEqual(received, ["n": numbers, "t": "é\u{1F600}\n/"])
        XCTAssertEqual(received["n"]?[0]?.number, 1e30)
        XCTAssertEqual("\(received["n"] ?? nil)", "[\(digits),-\(digits),-0.0,2,100000]")
    }

    func testBigIntegersAreWrittenAndRead() throws {
        let digits = "1000000000000000000000000000000"
        XCTAssertEqual("\(JSONValue.bigInteger(digits))", digits)
        XCTAssertEqual(String(decoding: try JSONEncoder().encode(JSONValue.bigInteger(digits)), as: UTF8.self), digits)
        XCTAssertEqual(try JSONDecoder().decode(JSONValue.self, from: Data("18446744073709551615".utf8)), .bigInteger("18446744073709551615"))
        for odd in ["", "-", "1.5", "01", "1 ", "1,2", "0x1", "١"] {
            XCTAssertEqual("\(JSONValue.bigInteger(odd))", "JSONValue(cannot be written as JSON)", odd)
            XCTAssertThrowsError(try JSONEncoder().encode(JSONValue.bigInteger(odd)), odd)
        }
    }

    func testInvalidJSONIsRejectedByName() async throws {
        let emulator = try Emulator.strict()
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
