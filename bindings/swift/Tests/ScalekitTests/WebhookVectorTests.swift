import Foundation
@testable import Scalekit
import XCTest

/// Runs tests/fixtures/webhooks.json: verification, signing, reading of events, responses to interceptors.
final class WebhookVectorTests: XCTestCase {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    /// Runs every case of a kind. Fails if a case has a field that the test does not use.
    private func runCases(_ kind: String, fields: [String], _ test: (String, [String: JSONValue]) throws -> Void) throws {
        let cases = try XCTUnwrap(fixture("webhooks.json")[kind]?.array)
        XCTAssertFalse(cases.isEmpty)
        for one in cases {
            let name = one["name"]?.string ?? one["build"]?.string ?? ""
            do {
                try test(name, checkedFields(one, fields))
            } catch {
                XCTFail("\(name): \(error)")
            }
        }
    }

    func testDeliveriesAreAcceptedOrRejectedWithTheExpectedCode() throws {
        let all = ["name", "kind", "secrets", "tolerance_seconds", "at", "headers", "body", "body_base64", "accepted", "refused"]
        try runCases("verify", fields: all) { name, one in
            let verifier = try Verifier(one)
            let (headers, sent, at) = try (strings(one["headers"]), body(one), date(one["at"]))
            if let accepted = one["accepted"] {
                let verified = try verifier.verify(headers, sent, at)
                XCTAssertEqual(verified.id, accepted["id"]?.string, name)
                XCTAssertEqual(verified.sentAt, try date(accepted["sent_at"]), name)
            } else {
                let error = try failure { try verifier.verify(headers, sent, at) }
                XCTAssertEqual(error.name, "invalidWebhook", name)
                XCTAssertEqual(error.failure.code, try String(scenario: one["refused"] ?? .null), name)
            }
        }
    }

    func testVerifierRejectsInvalidSecretsAndTolerances() throws {
        try runCases("secrets", fields: ["name", "secrets", "tolerance_seconds"]) { name, one in
            let argument = one["tolerance_seconds"] == nil ? "secrets" : "tolerance_seconds"
            for kind: JSONValue in ["webhook", "interceptor"] {
                let error = try failure { try Verifier(one.merging(["kind": kind]) { $1 }) }
                XCTAssertEqual(error.name, "invalidArgument", name)
                XCTAssertTrue("\(error)".hasPrefix(swiftNames(in: "`\(argument)`")), "\(name): \(error)")
            }
        }
    }

    func testSignerWritesTheSameHeadersAsTheService() throws {
        try runCases("sign", fields: ["name", "kind", "secret", "id", "at", "body", "headers"]) { name, one in
            let signer = try WebhookSigner(secret: String(scenario: one["secret"] ?? .null))
            let (id, sent, at) = try (String(scenario: one["id"] ?? .null), body(one), date(one["at"]))
            let headers = one["kind"] == "webhook"
                ? signer.sign(id: id, body: sent, at: at) : signer.signInterceptor(id: id, body: sent, at: at)
            XCTAssertEqual(headers, try strings(one["headers"]), name)
        }
    }

    func testEventsAreReadOnlyAfterVerification() throws {
        let verifier = try WebhookVerifier(secrets: [Self.secret])
        let signer = try WebhookSigner(secret: Self.secret)
        let all = ["name", "body", "variant", "event", "data", "raw", "undecodable"]
        try runCases("events", fields: all) { name, one in
            let sent = try body(one)
            let headers = signer.sign(id: "msg_1", body: sent)
            if one["undecodable"] == true {
                for error in try [
                    failure { try verifier.event(headers: headers, body: sent) },
                    failure { try verifier.readVerified(body: sent) },
                ] {
                    XCTAssertEqual(error.name, "decode", name)
                    XCTAssertTrue("\(error)".hasPrefix("webhooks.event: the body "), "\(name): \(error)")
                }
            } else {
                try check(verifier.event(headers: headers, body: sent), one)
                try check(verifier.readVerified(body: sent), one)
            }
            // `verify` succeeds even if the event cannot be decoded.
            XCTAssertEqual(try verifier.verify(headers: headers, body: sent).id, "msg_1", name)
            let forged = try failure { try verifier.event(headers: headers, body: sent + Data(" ".utf8)) }
            XCTAssertEqual([forged.name, forged.failure.code], ["invalidWebhook", "wrong_signature"], name)
        }
    }

    private func check(_ event: WebhookEvent, _ one: [String: JSONValue]) throws {
        var bindings = Bindings()
        try bindings.match("event", one["event"] ?? .null, .object([
            "id": event.id.actualValue, "event_type": event.eventType.actualValue, "object": event.object.actualValue,
            "occurred_at": event.occurredAt.actualValue, "environment_id": event.environmentId.actualValue,
            "organization_id": event.organizationId.actualValue, "display_name": event.displayName.actualValue,
            "spec_version": event.specVersion.actualValue,
        ]))
        let chosen = try XCTUnwrap(Mirror(reflecting: event.data).children.first)
        let name = chosen.label ?? ""
        XCTAssertEqual(name.prefix(1).uppercased() + name.dropFirst(), one["variant"]?.string)
        if case .unknown(let eventType, let raw) = event.data {
            XCTAssertEqual(eventType, event.eventType)
            XCTAssertEqual(raw, one["raw"] ?? raw)
            return
        }
        let values = Mirror(reflecting: chosen.value).children.map(\.value)
        let subject = try XCTUnwrap(values.first as? any ScenarioValue, "\(chosen.value)")
        XCTAssertEqual(values.count, 1)
        try bindings.match("data", one["data"] ?? [:], subject.actualValue)
    }

    func testInterceptorResponsesMatchTheDocumentedBodies() throws {
        try runCases("responses", fields: ["build", "with", "body", "refused"]) { name, one in
            if let refused = one["refused"]?.string {
                let error = try failure { try response(name, one["with"]) }
                XCTAssertEqual(error.name, "invalidArgument")
                XCTAssertTrue("\(error)".hasPrefix(swiftNames(in: "`\(refused)`")), "\(name): \(error)")
            } else {
                let body = Data(try response(name, one["with"]).body.utf8)
                XCTAssertEqual(try JSONDecoder().decode(JSONValue.self, from: body), one["body"], name)
            }
        }
    }

    private func response(_ build: String, _ with: JSONValue?) throws -> InterceptorResponse {
        switch build {
        case "allow": return .allow
        case "deny": return .deny(reason: try String(scenario: with?["reason"] ?? .null))
        case "allow_with_claims": return try .allowWithClaims(with?["claims"] ?? .null)
        case "allow_with_membership":
            return try .allowWithMembership(InterceptorMembership(scenario: with?["membership"] ?? .null))
        default: throw Unexpected("unknown response")
        }
    }

    private func body(_ one: [String: JSONValue]) throws -> Data {
        if let text = one["body_base64"]?.string { return try XCTUnwrap(Data(base64Encoded: text)) }
        return Data(try String(scenario: one["body"] ?? .null).utf8)
    }

    private func strings(_ json: JSONValue?) throws -> [String: String] {
        try [String: String](scenario: json ?? .null)
    }

    private func date(_ json: JSONValue?) throws -> Date {
        try Date(scenario: json ?? .null)
    }
}

/// Either of the two verifiers.
private enum Verifier {
    case webhook(WebhookVerifier)
    case interceptor(InterceptorVerifier)

    init(_ one: [String: JSONValue]) throws {
        let secrets = try [String](scenario: one["secrets"] ?? .null)
        let tolerance = one["tolerance_seconds"]?.integer ?? 300
        switch one["kind"] {
        case "webhook": self = .webhook(try WebhookVerifier(secrets: secrets, toleranceSeconds: tolerance))
        case "interceptor": self = .interceptor(try InterceptorVerifier(secrets: secrets, toleranceSeconds: tolerance))
        default: throw Unexpected("unknown kind")
        }
    }

    func verify(_ headers: [String: String], _ body: Data, _ at: Date) throws -> VerifiedWebhook {
        switch self {
        case .webhook(let verifier): try verifier.verify(headers: headers, body: body, at: at)
        case .interceptor(let verifier): try verifier.verify(headers: headers, body: body, at: at)
        }
    }
}
