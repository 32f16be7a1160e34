import Foundation

/// Listens for the browser of this machine, on a port that the system picks.
final class Loopback {
    /// Such as `http://127.0.0.1:49152`.
    let address: String
    private let listening: Int32
    /// What connections have said so far. Browsers open some ahead of need: those say nothing, and hold nobody up.
    private var heads: [Int32: Data] = [:]

    init() throws {
        #if canImport(Glibc)
        listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        listening = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var own = sockaddr_in()
        own.sin_family = sa_family_t(AF_INET)
        own.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (socket, size) = (listening, length)
        let listens = withUnsafeMutablePointer(to: &own) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard listens else { throw Trouble("no port of 127.0.0.1 is to be had") }
        address = "http://127.0.0.1:\(own.sin_port.bigEndian)"
    }

    deinit {
        for connection in heads.keys { close(connection) }
        close(listening)
    }

    /// Waits for somebody who asks for this path. Whoever asks for another one (an icon, say) is told that there is
    /// nothing.
    func visitor(at path: String, within wait: Duration) throws -> Visitor {
        let deadline = ContinuousClock.now + wait
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw Trouble("nobody came in time") }
            for ready in readable(within: left) {
                guard let visitor = hear(ready) else { continue }
                if visitor.target.prefix(while: { $0 != "?" }) == path { return visitor }
                visitor.answer("There is nothing here.", status: "404 Not Found")
            }
        }
    }

    /// The sockets on which something happens first.
    private func readable(within time: Duration) -> [Int32] {
        var polled = ([listening] + heads.keys).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let (seconds, fraction) = time.components
        poll(&polled, nfds_t(polled.count), Int32(seconds * 1000 + fraction / 1_000_000_000_000_000 + 1))
        return polled.filter { $0.revents != 0 }.map(\.fd)
    }

    /// Takes what a socket has. Gives the visitor once their request is whole.
    private func hear(_ socket: Int32) -> Visitor? {
        if socket == listening {
            let connection = accept(listening, nil, nil)
            if connection >= 0 { heads[connection] = Data() }
            return nil
        }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(socket, &buffer, buffer.count, 0)
        let head = (heads[socket] ?? Data()) + buffer.prefix(max(count, 0))
        heads[socket] = head
        let isWhole = head.range(of: Data("\r\n\r\n".utf8)) != nil
        if count > 0, !isWhole, head.count < 32_768 { return nil }
        heads[socket] = nil
        let words = head.prefix { $0 != UInt8(ascii: "\r") }.split(separator: UInt8(ascii: " "))
        guard isWhole, words.count == 3, words[0].elementsEqual("GET".utf8) else {
            close(socket)
            return nil
        }
        return Visitor(target: String(decoding: words[1], as: UTF8.self), connection: socket)
    }
}

/// A browser that waits for its answer.
struct Visitor {
    /// The path that it asks for, with the query.
    let target: String
    fileprivate let connection: Int32

    func answer(_ sentence: String, status: String = "200 OK") {
        send("HTTP/1.1 \(status)\r\ncontent-type: text/plain; charset=utf-8", sentence)
    }

    func redirect(to url: String) {
        send("HTTP/1.1 302 Found\r\nlocation: \(url)", "")
    }

    private func send(_ head: String, _ body: String) {
        let more = "cache-control: no-store\r\nreferrer-policy: no-referrer\r\nconnection: close"
        let answer = Data("\(head)\r\n\(more)\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        try? FileHandle(fileDescriptor: connection, closeOnDealloc: true).write(contentsOf: answer)
    }
}
