import Foundation
import XCTest

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// A minimal browser for logins: it sends one request at a time, follows no redirects and keeps no cookies.
enum Browser {
    /// A response.
    struct Page: Sendable {
        let status: Int
        let text: String
        let location: String?
    }

    private static let session: URLSession = {
        let configuration = URLSessionConfiguration.ephemeral
        (configuration.httpCookieStorage, configuration.httpShouldSetCookies) = (nil, false)
        return URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
    }()

    /// Returns the URL to which a login or logout redirects the browser.
    static func follow(_ url: String) async throws -> String {
        let page = try await visit(url)
        guard let location = page.location else { throw Unexpected("no redirect, but status \(page.status): \(page.text)") }
        return location
    }

    static func visit(_ url: String) async throws -> Page {
        guard let address = URL(string: url) else { throw Unexpected("not a URL: \(url)") }
        return try await withCheckedThrowingContinuation { continuation in
            session.dataTask(with: address) { data, response, error in
                continuation.resume(with: Result {
                    if let error { throw error }
                    guard let response = response as? HTTPURLResponse else { throw Unexpected("no HTTP response") }
                    return Page(
                        status: response.statusCode, text: String(decoding: data ?? Data(), as: UTF8.self),
                        location: response.value(forHTTPHeaderField: "location"))
                })
            }.resume()
        }
    }
}

private final class NoRedirects: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

/// Returns the query parameters of a URL.
func query(_ url: String) -> [String: String] {
    let items = URLComponents(string: url)?.queryItems ?? []
    return Dictionary(items.map { ($0.name, $0.value ?? "") }) { _, last in last }
}
