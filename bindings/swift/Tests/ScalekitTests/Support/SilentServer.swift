import Foundation

/// A server that takes every connection and never answers: the system accepts for it, up to the backlog.
final class SilentServer {
    let url: String
    private let socket: Int32

    init() throws {
        #if canImport(Glibc)
        let listening = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
        let listening = Foundation.socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listens = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listening, $0, length) == 0 && listen(listening, 16) == 0
                    && getsockname(listening, $0, &length) == 0
            }
        }
        guard listens else { throw Unexpected("cannot listen: \(errno)") }
        socket = listening
        url = "http://127.0.0.1:\(address.sin_port.bigEndian)"
    }

    deinit {
        close(socket)
    }
}
