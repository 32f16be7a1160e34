import Foundation

/// An HTTP server for the browser on this machine, on a port that the operating system picks.
final class LoopbackServer {
    /// The URL of the server, such as `http://127.0.0.1:49152`.
    let url: String
    private let listener: Int32
    /// The data received on each connection. Browsers open connections in advance and send nothing; those must not
    /// block other requests.
    private var received: [Int32: Data] = [:]

    init() throws {
        #if canImport(Glibc)
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        listener = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (socket, size) = (listener, length)
        let listens = withUnsafeMutablePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard listens else { throw ToolError("cannot listen on a port of 127.0.0.1") }
        url = "http://127.0.0.1:\(own.sin_port.bigEndian)"
    }

    deinit {
        for connection in received.keys { close(connection) }
        close(listener)
    }

    /// Waits for a request for `path`. Responds to requests for other paths, such as an icon, with 404.
    func request(for path: String, timeout: Duration) throws -> BrowserRequest {
        let deadline = ContinuousClock.now + timeout
        while true {
            let remaining = ContinuousClock.now.duration(to: deadline)
            guard remaining > .zero else { throw ToolError("timed out waiting for the browser") }
            for socket in readableSockets(within: remaining) {
                guard let request = readRequest(socket) else { continue }
                if request.target.prefix(while: { $0 != "?" }) == path { return request }
                request.respond("Not found.", status: "404 Not Found")
            }
        }
    }

    /// Waits until at least one socket is readable, and returns the readable sockets.
    private func readableSockets(within time: Duration) -> [Int32] {
        var polled = ([listener] + received.keys).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let (seconds, fraction) = time.components
        poll(&polled, nfds_t(polled.count), Int32(seconds * 1000 + fraction / 1_000_000_000_000_000 + 1))
        return polled.filter { $0.revents != 0 }.map(\.fd)
    }

    /// Reads from a socket. Returns the request once its head is complete.
    private func readRequest(_ socket: Int32) -> BrowserRequest? {
        if socket == listener {
            let connection = accept(listener, nil, nil)
            if connection >= 0 { received[connection] = Data() }
            return nil
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &buffer, buffer.count, 0)
        let head = (received[socket] ?? Data()) + buffer.prefix(max(count, 0))
        received[socket] = head
        let isComplete = head.range(of: Data("\r\n\r\n".utf8)) != nil
        if count > 0, !isComplete, head.count < 32_768 { return nil }
        received[socket] = nil
        let words = head.prefix { $0 != UInt8(ascii: "\r") }.split(separator: UInt8(ascii: " "))
        guard isComplete, words.count == 3, words[0].elementsEqual("GET".utf8) else {
            close(socket)
            return nil
        }
        return BrowserRequest(target: String(decoding: words[1], as: UTF8.self), connection: socket)
    }
}

/// A request from the browser that needs a response.
struct BrowserRequest {
    /// The path with the query.
    let target: String
    fileprivate let connection: Int32

    func respond(_ text: String, status: String = "200 OK") {
        send("HTTP/1.1 \(status)\r\ncontent-type: text/plain; charset=utf-8", text)
    }

    func redirect(to url: String) {
        send("HTTP/1.1 302 Found\r\nlocation: \(url)", "")
    }

    private func send(_ head: String, _ body: String) {
        let headers = "cache-control: no-store\r\nreferrer-policy: no-referrer\r\nconnection: close"
        let response = Data("\(head)\r\n\(headers)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        try? FileHandle(fileDescriptor: connection, closeOnDealloc: true).write(contentsOf: response)
    }
}
