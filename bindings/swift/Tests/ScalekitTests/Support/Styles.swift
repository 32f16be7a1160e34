import Foundation
import Scalekit
import XCTest

// Protocols for both client styles, so that a test is written once. A blocking method satisfies an async requirement.

protocol LoginMethods: Sendable {
    func start(_ options: LoginOptions) throws -> StartedLogin
    func finish(callback: String, transaction: LoginTransaction) async throws -> LoginOutcome
    func startIdpInitiated(callback: String, _ options: LoginOptions) async throws -> IdpInitiatedLogin
    func exchangeCode(_ exchange: CodeExchange) async throws -> LoginOutcome
    func authorizationUrl(_ request: AuthorizationRequest) throws -> String
    func refresh(refreshToken: SecretText) async throws -> LoginSession
    func refreshIfNeeded(session: LoginSession) async throws -> LoginSession
    func logoutUrl(_ options: LogoutOptions) throws -> String
}

protocol TokenMethods: Sendable {
    func preloadKeys(_ keys: JSONValue, only: Bool) throws
    func validate(token: String, _ expectations: TokenExpectations, at: Date?) async throws -> AccessTokenClaims
    func validateMachine(token: String, _ expectations: TokenExpectations, at: Date?) async throws -> MachineTokenClaims
    func validateIdToken(_ token: String, _ expectations: IdTokenExpectations, at: Date?) async throws -> IdTokenClaims
    func validateIdpInitiated(token: String, at: Date?) async throws -> IdpInitiatedClaims
}

/// The defaults of the classes, which a protocol does not have.
extension TokenMethods {
    func validate(token: String, _ expectations: TokenExpectations) async throws -> AccessTokenClaims {
        try await validate(token: token, expectations, at: nil)
    }

    func validateMachine(token: String, _ expectations: TokenExpectations) async throws -> MachineTokenClaims {
        try await validateMachine(token: token, expectations, at: nil)
    }

    func validateIdToken(_ token: String, _ expectations: IdTokenExpectations) async throws -> IdTokenClaims {
        try await validateIdToken(token, expectations, at: nil)
    }

    func validateIdpInitiated(token: String) async throws -> IdpInitiatedClaims {
        try await validateIdpInitiated(token: token, at: nil)
    }
}

protocol MachineTokenMethods: Sendable {
    func get(_ client: MachineClient) async throws -> MachineToken
    func forget(_ client: MachineClient) throws
    func clear() throws
}

extension Login: LoginMethods {}
extension AsyncLogin: LoginMethods {}
extension Tokens: TokenMethods {}
extension AsyncTokens: TokenMethods {}
extension MachineTokens: MachineTokenMethods {}
extension AsyncMachineTokens: MachineTokenMethods {}

/// A client of either style.
struct Style: Sendable {
    let name: String
    let login: any LoginMethods
    let tokens: any TokenMethods
    let machineTokens: any MachineTokenMethods

    init(_ client: ScalekitClient) {
        (name, login, tokens, machineTokens) = ("blocking", client.login, client.tokens, client.machineTokens)
    }

    init(_ client: AsyncScalekitClient) {
        (name, login, tokens, machineTokens) = ("async", client.login, client.tokens, client.machineTokens)
    }

    init(_ client: PublicScalekitClient) {
        (name, login, tokens, machineTokens) = ("public", client.login, client.tokens, client.machineTokens)
    }

    init(_ client: AsyncPublicScalekitClient) {
        (name, login, tokens, machineTokens) = ("async public", client.login, client.tokens, client.machineTokens)
    }
}

/// Runs a test in both styles, each with its own emulator.
func inBothStyles(
    file: StaticString = #filePath, line: UInt = #line, _ test: (Style, Emulator) async throws -> Void
) async throws {
    for isAsync in [false, true] {
        let emulator = try Emulator.strict()
        let style = try isAsync ? Style(emulator.asyncClient()) : Style(emulator.client())
        do {
            try await test(style, emulator)
        } catch {
            XCTFail("\(style.name): \(error)", file: file, line: line)
        }
    }
}
