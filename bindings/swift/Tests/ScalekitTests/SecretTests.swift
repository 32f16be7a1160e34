import Foundation
import Scalekit
import XCTest

final class SecretTests: XCTestCase {
    private static let canary = "canary-of-swift"

    /// Every way in which Swift prints a value.
    private func printed(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value)\n\(String(reflecting: value))\n\(String(describing: [value]))\n\(dumped)"
    }

    private func assertSecret(_ value: Any, line: UInt = #line) {
        XCTAssertFalse(printed(value).contains(Self.canary), printed(value), line: line)
    }

    func testASecretPrintsItselfAndIsEqualByItsText() {
        let secret = SecretText(text: Self.canary)
        XCTAssertEqual("\(secret)", "SecretText(..)")
        XCTAssertEqual(secret.reveal(), Self.canary)
        XCTAssertEqual(secret, SecretText(text: Self.canary))
        XCTAssertNotEqual(secret, SecretText(text: "another"))
        assertSecret(secret)
    }

    func testRecordsDoNotPrintTheirSecrets() throws {
        let emulator = try Emulator()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A", "connections": [[
            "id": "conn_1", "type": "OIDC", "oidc_config": ["client_secret": .string(Self.canary)],
        ]]]]])
        let connection = try emulator.client().connections.get(organizationId: "org_1", connectionId: "conn_1")
        XCTAssertEqual(connection.oidcConfig?.clientSecret?.reveal(), Self.canary)
        XCTAssertTrue("\(connection)".contains("SecretText(..)"))
        assertSecret(connection)
        try emulator.fault(["operation": "connections.get", "kind": "answer", "body": ["connection": [
            "id": "c", "static_config": ["static_config": ["key": .string(Self.canary)]],
        ]]])
        let other = try emulator.client().connections.get(organizationId: "org_1", connectionId: "c")
        XCTAssertEqual(other.staticConfig?.staticConfig?.reveal()["key"]?.string, Self.canary)
        XCTAssertTrue("\(other)".contains("SecretJson(..)"))
        assertSecret(other)
    }

    func testOptionsAndClientsDoNotPrintTheirs() throws {
        let secret = SecretText(text: Self.canary)
        let options = ClientOptions(
            headers: ["x-gateway-key": Self.canary], proxyUrl: "http://127.0.0.1:1", proxyUsername: "me",
            proxyPassword: secret)
        assertSecret(options)
        XCTAssertTrue("\(options)".contains("x-gateway-key"), "\(options)")
        assertSecret(CallOptions(headers: ["x-gateway-key": Self.canary]))
        let url = "https://example.scalekit.com"
        let client = try ScalekitClient(environmentUrl: url, clientId: "a", clientSecret: Self.canary, options: options)
        assertSecret(client)
        assertSecret(client.organizations)
        assertSecret(try AsyncScalekitClient(environmentUrl: url, clientId: "a", clientSecret: Self.canary))
        let refused = ClientOptions(clientCertificatePem: secret)
        assertSecret(try failure { try ScalekitClient(environmentUrl: url, clientId: "a", clientSecret: "b", options: refused) })
        let user = "https://\(Self.canary)@example.scalekit.com"
        assertSecret(try failure { try ScalekitClient(environmentUrl: user, clientId: "a", clientSecret: "b") })
    }

    /// A program of its own prints and logs what it can, at the finest level.
    func testNothingSecretIsLogged() throws {
        let emulator = try Emulator()
        try emulator.seed(["organizations": [["id": "org_1", "display_name": "A", "connections": [[
            "id": "conn_1", "type": "OIDC", "oidc_config": ["client_secret": .string(Self.canary)],
        ]]]]])
        let output = try run("LogProgram", [
            "SCALEKIT_ENVIRONMENT_URL": emulator.url, "SCALEKIT_CLIENT_ID": emulator.clientId,
            "SCALEKIT_CLIENT_SECRET": emulator.clientSecret, "CANARY": Self.canary,
        ])
        for expected in ["TRACE", "DEBUG", "organizations.get", "404", "bearer:", "logs twice: false"] {
            XCTAssertTrue(output.contains(expected), "\(expected) is not in: \(output)")
        }
        let line = try XCTUnwrap(output.split(separator: "\n").first { $0.hasPrefix("bearer:") })
        let bearer = String(line.dropFirst("bearer:".count))
        XCTAssertGreaterThan(bearer.count, 20)
        let rest = output.replacingOccurrences(of: line, with: "")
        for secret in [emulator.clientSecret, Self.canary, bearer, "eyJ"] {
            XCTAssertFalse(rest.contains(secret), "\(secret) is in: \(rest)")
        }
    }

    /// Runs a program of this package, and gives what it printed, on both ways.
    private func run(_ program: String, _ environment: [String: String]) throws -> String {
        #if os(macOS)
        let tests = Bundle(for: SecretTests.self).bundleURL
        #else
        let tests = URL(fileURLWithPath: CommandLine.arguments[0])
        #endif
        let folder = tests.deletingLastPathComponent()
        let (process, output) = (Process(), Pipe())
        process.executableURL = folder.appendingPathComponent(program)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        (process.standardOutput, process.standardError) = (output, output)
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        XCTAssertEqual(process.terminationStatus, 0, text)
        return text
    }
}
