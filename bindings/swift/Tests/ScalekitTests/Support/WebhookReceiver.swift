import Foundation

/// A server that receives one webhook delivery and responds with 204.
final class WebhookReceiver {
    let url: String
    private let socket: Int32

    init() throws {
        (socket, url) = try listening()
    }

    deinit {
        close(socket)
    }

    /// Waits for the delivery and returns it.
    func delivery() throws -> (headers: [String: String], body: Data) {
        let connection = accept(socket, nil, nil)
        guard connection >= 0 else { throw Unexpected("cannot accept: \(errno)") }
        let file = FileHandle(fileDescriptor: connection, closeOnDealloc: true)
        var received = Data()
        while true {
            let more = file.availableData
            if more.isEmpty { throw Unexpected("the delivery was incomplete") }
            received += more
            guard let end = received.range(of: Data("\r\n\r\n".utf8)) else { continue }
            let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
            let pairs = lines.dropFirst().compactMap { line in
                line.firstIndex(of: ":").map { colon in
                    (String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
                }
            }
            let headers = Dictionary(pairs) { _, last in last }
            let body = Data(received[end.upperBound...])
            if body.count < Int(headers["content-length"] ?? "") ?? 0 { continue }
            try file.write(contentsOf: Data("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n".utf8))
            return (headers, body)
        }
    }
}
