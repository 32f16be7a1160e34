import Foundation
import Scalekit
import XCTest

final class WebhookTests: XCTestCase {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let old = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

    func testDeliveriesAreAcceptedDuringSecretRotation() throws {
        let both = try WebhookVerifier(secrets: [Self.secret, Self.old])
        let body = Data(#"{"id": "evt_1", "type": "user.signup", "data": {}}"#.utf8)
        for secret in [Self.secret, Self.old] {
            let headers = try WebhookSigner(secret: secret).sign(id: "msg_1", body: body)
            XCTAssertEqual(try both.event(headers: headers, body: body).id, "evt_1")
            // Header names are case-insensitive.
            let upperCase = Dictionary(uniqueKeysWithValues: headers.map { ($0.key.uppercased(), $0.value) })
            XCTAssertEqual(try both.verify(headers: upperCase, body: body).id, "msg_1")
        }
        let onlyNew = try WebhookVerifier(secrets: [Self.secret])
        let headers = try WebhookSigner(secret: Self.old).sign(id: "msg_1", body: body)
        do {
            _ = try onlyNew.event(headers: headers, body: body)
            XCTFail("the delivery was accepted")
        } catch ScalekitError.invalidWebhook(let failure) {
            XCTAssertEqual(failure.code, "wrong_signature")
            XCTAssertFalse(failure.retryable)
        }
    }

    func testTimestampsOutsideTheToleranceAreRejected() throws {
        let verifier = try WebhookVerifier(secrets: [Self.secret], toleranceSeconds: 60)
        let (body, now) = (Data("{}".utf8), Date(timeIntervalSince1970: 1_760_000_000))
        let headers = try WebhookSigner(secret: Self.secret).sign(id: "msg_1", body: body, at: now)
        for (seconds, code) in [(-61.0, "timestamp_too_new"), (0, nil), (60, nil), (61, "timestamp_too_old")] {
            let at = now.addingTimeInterval(seconds)
            if let code {
                let error = try failure { try verifier.verify(headers: headers, body: body, at: at) }
                XCTAssertEqual(error.failure.code, code)
            } else {
                XCTAssertEqual(try verifier.verify(headers: headers, body: body, at: at).sentAt, now)
            }
        }
    }

    func testDeliveryFromTheEmulatorIsVerifiedAndDecoded() async throws {
        let (emulator, server) = (try Emulator.strict(), try WebhookReceiver())
        try emulator.control("webhooks/endpoints", [
            "url": .string(server.url), "secrets": [.string(Self.secret)], "events": ["organization.created"],
        ])
        let acme = try await emulator.asyncClient().organizations.create(CreateOrganization(displayName: "Acme"))
        let (headers, body) = try server.delivery()
        let event = try WebhookVerifier(secrets: [Self.secret]).event(headers: headers, body: body)
        guard case .organizationCreated(let organization) = event.data else { return XCTFail("\(event.data)") }
        XCTAssertEqual([organization.id, organization.displayName], [acme.id, "Acme"])
        XCTAssertEqual(event.eventType, "organization.created")
    }

    func testInterceptorRequestIsVerifiedAndDecoded() throws {
        let verifier = try InterceptorVerifier(secrets: [Self.secret])
        let signer = try WebhookSigner(secret: Self.secret)
        func request(_ json: JSONValue) throws -> InterceptorRequest {
            let body = Data(json.description.utf8)
            return try verifier.request(headers: signer.signInterceptor(id: "int_1", body: body), body: body)
        }
        let preSignup = try request([
            "display_name": "Validate", "trigger_point": "PRE_SIGNUP",
            "interceptor_context": ["user_email": "g@acme.example", "auth_request": ["state": "canary-state"]],
            "data": ["user": ["id": "usr_1", "email": "g@acme.example", "memberships": [["organization_id": "org_1"]]]],
        ])
        XCTAssertEqual(preSignup.triggerPoint, .preSignup)
        XCTAssertEqual(preSignup.context.userEmail, "g@acme.example")
        XCTAssertEqual(preSignup.context.authRequest?.state?.reveal(), "canary-state")
        XCTAssertEqual(preSignup.data.user?.memberships.map(\.organizationId), ["org_1"])
        XCTAssertFalse(printed(preSignup).contains("canary-state"))
        let newer = try request(["trigger_point": "PRE_TELEPORT"])
        XCTAssertEqual(newer.triggerPoint, .unrecognized(value: "PRE_TELEPORT"))
        XCTAssertEqual(try failure { try request([1]) }.name, "decode")

        let body = Data("{}".utf8)
        let headers = signer.signInterceptor(id: "int_1", body: body)
        let forged = try failure { try verifier.request(headers: headers, body: Data("[]".utf8)) }
        XCTAssertEqual([forged.name, forged.failure.code], ["invalidWebhook", "wrong_signature"])
        let denied = try JSONDecoder().decode(JSONValue.self, from: Data(InterceptorResponse.deny(reason: "No.").body.utf8))
        XCTAssertEqual(denied["decision"], "DENY")
    }
}
