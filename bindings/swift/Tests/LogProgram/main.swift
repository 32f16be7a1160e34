// Prints and logs as much as possible: `SecretTests` searches the output for secrets.

import Foundation
import Scalekit

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

// Either to standard error, or with the argument `handler` through a log handler.
if !CommandLine.arguments.contains("handler") {
    _ = logToStderr(level: .trace)
    print("second logger installed:", logToStderr(level: .trace))
}
let hasHandler = setLogHandler(level: .trace) { event in
    var dumped = ""
    dump(event, to: &dumped)
    print("event: \(event)\n\(String(reflecting: event))\n\(dumped)")
}
print("handler installed:", hasHandler)
let environment = ProcessInfo.processInfo.environment
let canary = environment["CANARY"] ?? ""
let options = ClientOptions(headers: ["x-gateway-key": canary])
let client = try ScalekitClient.fromEnv(options: options)
print(options, client, client.organizations)

let connection = try client.connections.get(organizationId: "org_1", connectionId: "conn_1")
print(connection)
do {
    print(try client.organizations.get(id: "org_unknown"))
} catch {
    print(error, error.localizedDescription)
}
let unauthenticated = try ScalekitClient(
    environmentUrl: environment["SCALEKIT_ENVIRONMENT_URL"] ?? "", clientId: "skc_wrong", clientSecret: canary)
do {
    print(try unauthenticated.organizations.list())
} catch {
    print(error)
}
let asyncClient = try AsyncScalekitClient.fromEnv(options: options)
for try await organization in asyncClient.organizations.listAll() { print(organization) }

// Logins, tokens and machine tokens, with canaries in place of secrets.
func report(_ call: () async throws -> Any) async {
    do {
        print(try await call())
    } catch {
        print(error, error.localizedDescription)
    }
}
let secret = SecretText(text: canary)
// Long enough to be sent.
let verifier = SecretText(text: String(repeating: canary, count: 3))
let exchange = CodeExchange(code: secret, redirectUri: "http://127.0.0.1:9/callback", codeVerifier: verifier, nonce: secret)
let machine = MachineClient(clientId: "skc_unknown", clientSecret: secret)
let anyAudience = TokenExpectations(audience: .unchecked)
print(exchange, machine)
for token in [canary, "e30.\(canary).\(canary)"] {
    await report { try await asyncClient.tokens.validate(token: token, anyAudience) }
}
await report { try await asyncClient.login.exchangeCode(exchange) }
await report { try await asyncClient.login.refresh(refreshToken: secret) }
await report { try await asyncClient.machineTokens.get(machine) }
await report { try client.login.exchangeCode(exchange) }
await report { try client.machineTokens.get(machine) }

// An access token like the client's own, so that the test knows what to search for.
let form = "grant_type=client_credentials&client_id=\(environment["SCALEKIT_CLIENT_ID"] ?? "")"
    + "&client_secret=\(environment["SCALEKIT_CLIENT_SECRET"] ?? "")"
var request = URLRequest(url: URL(string: "\(environment["SCALEKIT_ENVIRONMENT_URL"] ?? "")/oauth/token")!)
request.httpMethod = "POST"
request.httpBody = Data(form.utf8)
let (body, _) = try await URLSession.shared.data(for: request)
let response = try JSONDecoder().decode(JSONValue.self, from: body)
print("bearer:\((response["access_token"]?.string ?? "").prefix(40))")
