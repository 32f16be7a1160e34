import Foundation
import Scalekit

#if os(macOS) || os(Linux) || os(Windows)

extension Emulator {
    /// Deletes all objects, faults, emails and sessions, and resets the clock. With `--seed` or `--world`, creates its
    /// objects again.
    public func reset() throws {
        try control("reset")
    }

    /// Creates objects, in the format of a seed file, and returns them.
    @discardableResult
    public func seed(_ objects: JSONValue) throws -> JSONValue {
        try control("seed", objects)
    }

    /// Injects a fault, such as `["operation": "organizations.get", "kind": "status", "status": 503]`.
    public func fault(_ fault: JSONValue) throws {
        try control("fault", fault)
    }

    /// Returns the emails that were sent, or those to an address, the oldest first.
    public func outbox(to address: String? = nil) throws -> [JSONValue] {
        let query = address.map { "?to=\(escaped($0))" } ?? ""
        return try control("outbox\(query)", method: "GET")["messages"]?.array ?? []
    }

    /// Returns the requests that were received, or those of an operation, the oldest first.
    public func requests(_ operation: String? = nil) throws -> [JSONValue] {
        let query = operation.map { "?operation=\(escaped($0))" } ?? ""
        return try control("requests\(query)", method: "GET")["requests"]?.array ?? []
    }

    /// Signs a user in without a browser, and returns the URL of the app's callback, with a code.
    ///
    /// - Parameters:
    ///   - email: The address of the user, who need not exist.
    ///   - authorizationUrl: Where the app has sent the browser.
    ///   - person: What else the identity provider says, such as `given_name`, `organization_id`, `roles` or `claims`.
    /// - Throws: ``EmulatorError`` if the login does not lead to the callback.
    public func login(
        _ email: String, authorizationUrl: String, person: [String: JSONValue] = [:]
    ) throws -> String {
        guard authorizationUrl.hasPrefix("\(url)/") else {
            let page = authorizationUrl.prefix { $0 != "?" }
            throw EmulatorError("the app has sent the browser to \(page), not to the emulator at \(url)")
        }
        let approved = person.merging(["email": .string(email)]) { _, email in email }
        try control("idp/script", ["approve": .object(approved)])
        let response = try send("GET", authorizationUrl, nil)
        guard let callback = response.location else {
            throw EmulatorError(
                "the login does not lead to the callback: status \(response.status)\n\(response.text)")
        }
        return callback
    }

    /// Waits until `count` requests of an operation have arrived, and the client has aborted `aborted` of them.
    ///
    /// - Throws: ``EmulatorError`` if that takes longer than ten seconds.
    public func wait(_ operation: String, count: Int64, aborted: Int64 = 0) async throws {
        let body: JSONValue = ["operation": .string(operation), "count": .integer(count), "aborted": .integer(aborted)]
        let target = "\(url)/_emulator/wait"
        let response = try await withCheckedThrowingContinuation { continuation in
            exchange("POST", target, body) { continuation.resume(with: $0) }
        }
        _ = try result(of: "wait", response)
    }

    /// Sends a command to the control plane, such as `control("clock", ["advance_seconds": 60])`.
    ///
    /// - Returns: The response; `.null` if it is empty.
    /// - Throws: ``EmulatorError`` if the emulator rejects it.
    @discardableResult
    public func control(_ command: String, _ body: JSONValue? = nil, method: String = "POST") throws -> JSONValue {
        try result(of: command, send(method, "\(url)/_emulator/\(command)", body))
    }

    private func send(_ method: String, _ target: String, _ body: JSONValue?) throws -> Response {
        let received = Received()
        exchange(method, target, body) { received.finish($0) }
        return try received.wait()
    }

    private func result(of command: String, _ response: Response) throws -> JSONValue {
        guard (200..<300).contains(response.status) else {
            throw EmulatorError("\(command): status \(response.status) \(response.text)")
        }
        return response.body.isEmpty ? .null : try JSONDecoder().decode(JSONValue.self, from: response.body)
    }
}

/// A value of a query. `+` would be decoded as a space.
private func escaped(_ value: String) -> String {
    value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? value
}

#endif
