import Foundation
import XCTest

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// As much of a browser as a login needs: it goes where it is sent, one step at a time, and remembers nothing.
enum Browser {
    /// What a server showed.
    struct Page: Sendable {
        let status: Int
        let text: String
        let location: String?
    }

    private static let session: URLSession = {
        let bare = URLSessionConfiguration.ephemeral
        (bare.httpCookieStorage, bare.httpShouldSetCookies) = (nil, false)
        return URLSession(configuration: bare, delegate: StaysWhereItIs(), delegateQueue: nil)
    }()

    /// Where a login or a logout sends the browser.
    static func follow(_ url: String) async throws -> String {
        let page = try await visit(url)
        guard let location = page.location else { throw Unexpected("it leads nowhere, with status \(page.status): \(page.text)") }
        return location
    }

    static func visit(_ url: String) async throws -> Page {
        guard let address = URL(string: url) else { throw Unexpected("\(url) is no URL") }
        return try await withCheckedThrowingContinuation { continuation in
            session.dataTask(with: address) { data, response, error in
                continuation.resume(with: Result {
                    if let error { throw error }
                    guard let response = response as? HTTPURLResponse else { throw Unexpected("no answer") }
                    return Page(
                        status: response.statusCode, text: String(decoding: data ?? Data(), as: UTF8.self),
                        location: response.value(forHTTPHeaderField: "location"))
                })
            }.resume()
        }
    }
}

private final class StaysWhereItIs: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}

/// The parameters of a URL.
func query(_ url: String) -> [String: String] {
    let items = URLComponents(string: url)?.queryItems ?? []
    return Dictionary(items.map { ($0.name, $0.value ?? "") }) { _, last in last }
}
