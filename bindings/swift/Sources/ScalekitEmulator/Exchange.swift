import Foundation
import Scalekit

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

#if os(macOS) || os(Linux) || os(Windows)

/// A response of the emulator.
struct Response: Sendable {
    let status: Int
    let location: String?
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Sends a request. Follows no redirects and keeps no cookies: each login is that of another browser.
func exchange(
    _ method: String, _ target: String, _ body: JSONValue?,
    then done: @escaping @Sendable (Result<Response, any Error>) -> Void
) {
    guard let url = URL(string: target) else { return done(.failure(EmulatorError("\(target) is not a URL"))) }
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.httpBody = body.map { Data($0.description.utf8) }
    session.dataTask(with: request) { data, response, error in
        done(Result {
            guard let response = response as? HTTPURLResponse else {
                let reason = error.map { ": \($0.localizedDescription)" } ?? ""
                throw EmulatorError("the emulator does not respond\(reason)")
            }
            let location = response.value(forHTTPHeaderField: "location")
            return Response(status: response.statusCode, location: location, body: data ?? Data())
        })
    }.resume()
}

private let session: URLSession = {
    let configuration = URLSessionConfiguration.ephemeral
    (configuration.httpCookieStorage, configuration.httpShouldSetCookies) = (nil, false)
    return URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
}()

private final class NoRedirects: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

/// A response that another thread waits for.
final class Received: @unchecked Sendable {
    private let finished = DispatchSemaphore(value: 0)
    /// Written before, and read after the signal.
    private var response: Result<Response, any Error>?

    func finish(_ response: Result<Response, any Error>) {
        self.response = response
        finished.signal()
    }

    func wait() throws -> Response {
        finished.wait()
        guard let response else { throw EmulatorError("the emulator does not respond") }
        return try response.get()
    }
}

#endif
