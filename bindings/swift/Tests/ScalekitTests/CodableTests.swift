import Foundation
import Scalekit
import XCTest

/// Records, enumerations and errors as JSON with the service's names.
final class CodableTests: XCTestCase {
    private let organization = Organization(
        id: "org_1", displayName: "Acme", metadata: ["planName": "gold"], regionCode: .unrecognized(value: "MARS"),
        settings: OrganizationSettings(features: [OrganizationFeatureSetting(name: .sso, enabled: true)]),
        createTime: Date(timeIntervalSince1970: 1_767_323_045.25), updateTime: Date(timeIntervalSince1970: 0))
    private let json = """
        {"create_time":"2026-01-02T03:04:05.25Z","display_name":"Acme","id":"org_1","metadata":{"planName":"gold"},\
        "region_code":"MARS","settings":{"features":[{"enabled":true,"name":"sso"}]},"update_time":"1970-01-01T00:00:00Z"}
        """

    private func text(_ value: some Encodable, _ configure: (JSONEncoder) -> Void = { _ in }) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        configure(encoder)
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func read<Value: Decodable>(_ text: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(text.utf8))
    }

    func testRecordsHaveTheNamesAndValuesOfTheService() throws {
        XCTAssertEqual(try text(organization), json)
        XCTAssertEqual(try read(json), organization)
        let nested = try read("{\"all\":[\(json)]}", as: [String: [Organization]].self)
        XCTAssertEqual(nested, ["all": [organization]])
    }

    /// The names of the other fields are tested with every record in a scenario: `Scenarios/JSONCheck.swift`.
    func testFieldsWithAnotherNameInSwiftHaveTheNamesOfTheService() throws {
        let claims: IdTokenClaims = try read(#"""
            {"iss":"i","sub":"usr_1","aud":["a"],"exp":"2026-01-02T03:04:05Z","iat":"1970-01-01T00:00:00Z","oid":"org_1",\#
            "sid":"ses_1","amr":["pwd"],"xoid":"x","xuid":"y"}
            """#)
        let texts = [
            claims.issuer, claims.subject, claims.organizationId, claims.sessionId, claims.externalOrganizationId,
            claims.externalUserId,
        ]
        XCTAssertEqual(texts, ["i", "usr_1", "org_1", "ses_1", "x", "y"])
        XCTAssertEqual([claims.audience, claims.authenticationMethods], [["a"], ["pwd"]])
        XCTAssertEqual(claims.expiresAt, organization.createTime?.addingTimeInterval(-0.25))
        XCTAssertEqual(claims.issuedAt, organization.updateTime)
        XCTAssertEqual(try read(text(claims)), claims)
        XCTAssertEqual(try read(#"{"jti":"t"}"#, as: AccessTokenClaims.self).tokenId, "t")
        XCTAssertEqual(try read(#"{"sub":"m2m_1"}"#, as: MachineTokenClaims.self).clientId, "m2m_1")
        XCTAssertEqual(try read(#"{"iss":"i"}"#, as: IdpInitiatedClaims.self).issuer, "i")
        let page: AuthLogPage = try read(#"{"authRequests":[{"email":"ada@example.com"}]}"#)
        XCTAssertEqual(page.authRequests.map(\.email), ["ada@example.com"])
        XCTAssertTrue(try text(page).hasPrefix(#"{"authRequests":[{"#))
        let request: InterceptorRequest = try read(
            #"{"interceptor_context":{"connection_details":[{"id":"conn_1","type":"OIDC"}]}}"#)
        XCTAssertEqual(request.context.connectionDetails, [InterceptorConnection(id: "conn_1", connectionType: "OIDC")])
    }

    func testStrategiesOfEncodersAndDecodersChangeNothing() throws {
        let written = try text(organization) {
            $0.dateEncodingStrategy = .secondsSince1970
            $0.keyEncodingStrategy = .convertToSnakeCase
        }
        XCTAssertEqual(written, json)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .secondsSince1970
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        XCTAssertEqual(try decoder.decode(Organization.self, from: Data(json.utf8)), organization)
    }

    func testMissingFieldsOfResponsesAreEmptyAndUnknownOnesIgnored() throws {
        XCTAssertEqual(try read(#"{"display_name":null,"settings":null,"mascot":"owl"}"#), Organization())
    }

    func testMissingFieldsOfRequestsHaveDefaultsOrAreReported() throws {
        XCTAssertEqual(try read(#"{"max_retries":7}"#), RetryOptions(maxRetries: 7))
        for incomplete in ["{}", #"{"display_name":null}"#] {
            XCTAssertThrowsError(try read(incomplete, as: CreateOrganization.self)) { error in
                XCTAssertTrue("\(error)".contains("display_name is required"), "\(error)")
            }
        }
        XCTAssertThrowsError(try read(#"{"display_name":7}"#, as: CreateOrganization.self))
    }

    func testTimestampsAreReadInEveryOffsetAndPrecision() throws {
        for (written, seconds) in [
            ("2026-01-02T03:04:05Z", 1_767_323_045), ("2026-01-02T05:04:05.5+02:00", 1_767_323_045.5),
            ("2026-01-02T03:04:05.123456789Z", 1_767_323_045.123456789), ("1969-12-31T23:59:59.75Z", -0.25),
        ] {
            let organization: Organization = try read(#"{"create_time":"\#(written)"}"#)
            let created = try XCTUnwrap(organization.createTime?.timeIntervalSince1970, written)
            XCTAssertEqual(created, seconds, accuracy: 0.000_001, written)
        }
        let before = Organization(createTime: Date(timeIntervalSince1970: -0.25))
        let written = try text(before)
        XCTAssertTrue(written.contains(#""1969-12-31T23:59:59.75Z""#), written)
        for invalid in ["yesterday", "2026-01-02T03:04:05.Z", "2026-01-02"] {
            XCTAssertThrowsError(try read(#"{"create_time":"\#(invalid)"}"#, as: Organization.self), invalid)
        }
    }

    func testTimestampsAreReadBackUnchanged() throws {
        let whole = Date(timeIntervalSince1970: 1_767_323_045)
        for nanoseconds in stride(from: 1.0, to: 1_000_000_000, by: 12_345_679) {
            let written = Organization(createTime: whole.addingTimeInterval(nanoseconds / 1_000_000_000))
            let again: Organization = try read(try text(written))
            XCTAssertEqual(again, written, "\(nanoseconds) ns")
        }
        for fraction in ["", ".5", ".123", ".123456", ".999999", ".000001"] {
            let given = "2026-01-02T03:04:05\(fraction)Z"
            let organization: Organization = try read(#"{"create_time":"\#(given)"}"#)
            let written = try text(organization)
            XCTAssertTrue(written.contains(given), written)
        }
    }

    func testLargeNumbersAreReadFromTextToo() throws {
        let number: OrganizationPage = try read(#"{"total_size":9007199254740993}"#)
        let asText: OrganizationPage = try read(#"{"total_size":"9007199254740993"}"#)
        XCTAssertEqual(number.totalSize, 9_007_199_254_740_993)
        XCTAssertEqual(asText, number)
        XCTAssertThrowsError(try read(#"{"total_size":"many"}"#, as: OrganizationPage.self))
    }

    func testEnumerationsAreText() throws {
        XCTAssertEqual(try text([OrganizationFeature.sso, .unrecognized(value: "telepathy")]), #"["sso","telepathy"]"#)
        XCTAssertEqual(try read(#"["sso","telepathy"]"#), [OrganizationFeature.sso, .unrecognized(value: "telepathy")])
        XCTAssertEqual(try text([LogLevel.debug]), #"["DEBUG"]"#)
        XCTAssertEqual(try read(#"["DEBUG"]"#), [LogLevel.debug])
        XCTAssertThrowsError(try read(#"["LOUD"]"#, as: [LogLevel].self)) { error in
            XCTAssertTrue("\(error)".contains("must be one of "), "\(error)")
        }
    }

    func testUnionsAndErrorsStateTheirVariant() throws {
        let data = WebhookData.organizationCreated(organization: OrganizationEventData(id: "org_1"))
        XCTAssertEqual(try text(data), #"{"organization":{"display_name":"","id":"org_1"},"variant":"OrganizationCreated"}"#)
        XCTAssertEqual(try read(text(data)), data)
        XCTAssertThrowsError(try read(#"{"variant":"Telepathy"}"#, as: WebhookData.self))
        let client = try ScalekitClient(environmentUrl: "https://example.scalekit.com", clientId: "a", clientSecret: "b")
        let error = try failure { try client.organizations.get(id: "") }
        let written = try text(error)
        XCTAssertTrue(written.contains(#""summary":"`id` must not be empty""#), written)
        XCTAssertTrue(written.hasSuffix(#""variant":"InvalidArgument"}"#), written)
        XCTAssertEqual(try read(written, as: ScalekitError.self).failure, error.failure)
    }

    func testSecretsAreRedactedUnlessRevealed() throws {
        let machine = MachineClient(clientId: "m2m_1", clientSecret: "canary")
        let options = ClientOptions(headers: ["x-gateway-key": "canary"], proxyPassword: SecretText(text: "canary"))
        let calls = CallOptions(headers: ["x-gateway-key": "canary"])
        for (value, hidden) in [
            (try text(machine), 1), (try text(options), 2), (try text(calls), 1),
            (try text(SecretJson(json: ["a": "canary"])), 1),
        ] {
            XCTAssertFalse(value.contains("canary"), value)
            XCTAssertEqual(value.components(separatedBy: "(..)").count - 1, hidden, value)
        }
        let revealed = try text(options) { $0.userInfo[.revealSecrets] = true }
        let restored: ClientOptions = try read(revealed)
        XCTAssertEqual(restored.proxyPassword?.reveal(), "canary")
        XCTAssertEqual(restored.headers, options.headers)
        let sameMachine: MachineClient = try read(text(machine) { $0.userInfo[.revealSecrets] = true })
        XCTAssertEqual(sameMachine.clientSecret.reveal(), "canary")
        let kept = try text(options) { $0.userInfo[.revealSecrets] = false }
        XCTAssertFalse(kept.contains("canary"), kept)
    }

    func testLoginsAreReadFromRevealedTextOnly() async throws {
        let emulator = try Emulator.strict()
        let style = try Style(emulator.client())
        let started = try style.start(scopes: LoginTests.refreshable)
        let saved = try read(started.transaction.toText().reveal(), as: JSONValue.self)
        let verifier = try XCTUnwrap(saved["code_verifier"]?.string)
        XCTAssertFalse(try text(started).contains(verifier))
        let outcome = try await style.logIn(scopes: LoginTests.refreshable)
        let redacted = try text(outcome)
        for token in [outcome.session.accessToken, outcome.session.refreshToken, outcome.session.idToken] {
            XCTAssertFalse(redacted.contains(try XCTUnwrap(token).reveal()), redacted)
        }
        XCTAssertThrowsError(try read(redacted, as: LoginOutcome.self)) { error in
            XCTAssertTrue("\(error)".contains("revealed text"), "\(error)")
        }
        let reveal: (JSONEncoder) -> Void = { $0.userInfo[.revealSecrets] = true }
        let restored: LoginOutcome = try read(text(outcome, reveal))
        XCTAssertEqual(restored.session, outcome.session)
        XCTAssertEqual(restored.claims.subject, outcome.claims.subject)
        XCTAssertEqual(restored.session.accessToken.reveal(), outcome.session.accessToken.reveal())
        let transaction: StartedLogin = try read(text(started, reveal))
        XCTAssertEqual(transaction.transaction, started.transaction)
    }
}
