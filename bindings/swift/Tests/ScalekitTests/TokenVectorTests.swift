import Foundation
import Scalekit
import XCTest

/// Plays tests/fixtures/tokens.json in both styles: what is good says what it should, what is bad says why.
final class TokenVectorTests: XCTestCase {
    func testEveryCaseComesOutAsItSays() async throws {
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
                    try await one.judge(style.tokens)
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
        let fields = try known(json, ["name", "kind", "token", "expectations", "claims", "error"])
        name = try String(scenario: fields["name"] ?? .null)
        kind = try String(scenario: fields["kind"] ?? .null)
        token = try String(scenario: fields["token"] ?? .null)
        let all = ["audience", "required_scopes", "issuers", "resource_ids", "nonce", "access_token"]
        expectations = try known(fields["expectations"] ?? .null, all)
        (claims, error) = (fields["claims"], fields["error"])
        if (claims == nil) == (error == nil) { throw Unexpected("\(name) is either good or bad") }
    }

    func judge(_ tokens: any SomeTokens) async throws {
        do {
            let found = try await validate(tokens)
            guard let claims else { throw Unexpected("it was accepted") }
            var kept = Kept()
            try kept.match(kind, claims, found)
        } catch let error as ScalekitError {
            try check(error)
        }
    }

    private func validate(_ tokens: any SomeTokens) async throws -> Found {
        switch kind {
        case "access": try await tokens.validate(token: token, expected()).found
        case "machine": try await tokens.validateMachine(token: token, expected()).found
        case "id": try await tokens.validateIdToken(token, expectedOfId()).found
        case "idp_initiated": try await tokens.validateIdpInitiated(token: token).found
        default: throw Unexpected("a kind that the runner does not know")
        }
    }

    private func expected() throws -> TokenExpectations {
        func list(_ name: String) throws -> [String] { try [String](scenario: expectations[name] ?? .null) }
        return TokenExpectations(
            audience: (expectations["audience"] ?? .null).isNull ? .unchecked : .oneOf(try list("audience")),
            requiredScopes: try list("required_scopes"), issuers: try list("issuers"),
            resourceIds: try list("resource_ids"))
    }

    private func expectedOfId() -> IdTokenExpectations {
        func secret(_ name: String) -> SecretText? { expectations[name]?.string.map(SecretText.init(text:)) }
        return IdTokenExpectations(nonce: secret("nonce"), accessToken: secret("access_token"))
    }

    private func check(_ found: ScalekitError) throws {
        guard let error else { throw Unexpected("it was refused: \(found)") }
        let variant = found.name.prefix(1).uppercased() + found.name.dropFirst()
        if error["variant"]?.string != variant || error["code"]?.string != found.failure.code {
            throw Unexpected("\(error) expected, found \(variant) \(found.failure.code ?? "")")
        }
        if found.failure.status != nil || found.failure.retryable { throw Unexpected("\(found.failure)") }
        // Nobody's token ends up in a log.
        let signature = token.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
        if signature.count >= 20, printed(found).contains(signature) { throw Unexpected("it prints the token") }
    }
}
