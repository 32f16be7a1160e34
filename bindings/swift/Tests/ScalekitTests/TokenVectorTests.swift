import Foundation
import Scalekit
import XCTest

/// Runs tests/fixtures/tokens.json in both styles: valid tokens have the expected claims, others the expected error.
final class TokenVectorTests: XCTestCase {
    func testTokenVectorsHaveTheExpectedOutcome() async throws {
        let file = try fixture("tokens.json")
        let (url, id) = (file["environment_url"]?.string ?? "", file["client_id"]?.string ?? "")
        let styles = [
            Style(try ScalekitClient(environmentUrl: url, clientId: id, clientSecret: "secret")),
            Style(try AsyncScalekitClient(environmentUrl: url, clientId: id, clientSecret: "secret")),
            Style(try PublicScalekitClient(environmentUrl: url, clientId: id)),
        ]
        let cases = try (file["cases"]?.array ?? []).map(TokenCase.init)
        for style in styles {
            try style.tokens.preloadKeys(file["keys"] ?? .null, only: true)
            for one in cases {
                do {
                    try await one.run(style.tokens)
                } catch {
                    XCTFail("\(one.name), \(style.name): \(error)")
                }
            }
        }
        XCTAssertEqual(Set(cases.map(\.kind)), ["access", "machine", "id", "idp_initiated"])
        XCTAssertGreaterThanOrEqual(cases.filter { $0.error != nil }.count, 60)
    }
}

private struct TokenCase {
    let name, kind, token: String
    let expectations: [String: JSONValue]
    let claims: JSONValue?
    let error: JSONValue?

    init(_ json: JSONValue) throws {
        let fields = try checkedFields(json, ["name", "kind", "token", "expectations", "claims", "error"])
        name = try String(scenario: fields["name"] ?? .null)
        kind = try String(scenario: fields["kind"] ?? .null)
        token = try String(scenario: fields["token"] ?? .null)
        let names = ["audience", "required_scopes", "issuers", "resource_ids", "nonce", "access_token"]
        expectations = try checkedFields(fields["expectations"] ?? .null, names)
        (claims, error) = (fields["claims"], fields["error"])
        if (claims == nil) == (error == nil) { throw Unexpected("\(name) needs either claims or an error") }
    }

    func run(_ tokens: any TokenMethods) async throws {
        do {
            let actual = try await validate(tokens)
            guard let claims else { throw Unexpected("the token was accepted") }
            var bindings = Bindings()
            try bindings.match(kind, claims, actual)
        } catch let error as ScalekitError {
            try check(error)
        }
    }

    private func validate(_ tokens: any TokenMethods) async throws -> ActualValue {
        switch kind {
        case "access": try await tokens.validate(token: token, expected()).actualValue
        case "machine": try await tokens.validateMachine(token: token, expected()).actualValue
        case "id": try await tokens.validateIdToken(token, expectedIdToken()).actualValue
        case "idp_initiated": try await tokens.validateIdpInitiated(token: token).actualValue
        default: throw Unexpected("unknown kind")
        }
    }

    private func expected() throws -> TokenExpectations {
        func list(_ name: String) throws -> [String] { try [String](scenario: expectations[name] ?? .null) }
        return TokenExpectations(
            audience: (expectations["audience"] ?? .null).isNull ? .unchecked : .oneOf(try list("audience")),
            requiredScopes: try list("required_scopes"), issuers: try list("issuers"),
            resourceIds: try list("resource_ids"))
    }

    private func expectedIdToken() -> IdTokenExpectations {
        func secret(_ name: String) -> SecretText? { expectations[name]?.string.map(SecretText.init(text:)) }
        return IdTokenExpectations(nonce: secret("nonce"), accessToken: secret("access_token"))
    }

    private func check(_ actual: ScalekitError) throws {
        guard let error else { throw Unexpected("the token was rejected: \(actual)") }
        let variant = actual.name.prefix(1).uppercased() + actual.name.dropFirst()
        if error["variant"]?.string != variant || error["code"]?.string != actual.failure.code {
            throw Unexpected("expected \(error), got \(variant) \(actual.failure.code ?? "")")
        }
        if actual.failure.status != nil || actual.failure.retryable { throw Unexpected("\(actual.failure)") }
        // Errors must not disclose the token.
        let signature = token.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
        if signature.count >= 20, printed(actual).contains(signature) { throw Unexpected("the error contains the token") }
    }
}
