import Foundation

/// A server that never responds. The operating system accepts connections for it, up to the backlog.
final class SilentServer {
    let url: String
    private let socket: Int32

    init() throws {
        (socket, url) = try listening()
    }

    deinit {
        close(socket)
    }
}

/// A client that connects to the server of a URL and sends nothing.
final class SilentClient {
    private let socket: Int32

    init(of url: String) throws {
        guard let port = URL(string: url)?.port else { throw Unexpected("no port in \(url)") }
        socket = stream()
        var address = loopback(port: UInt16(port))
        let own = socket
        let connects = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(own, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connects else { throw Unexpected("cannot connect: \(errno)") }
    }

    deinit {
        close(socket)
    }
}

/// Opens a socket that listens on a local port, and returns it with its URL.
func listening() throws -> (socket: Int32, url: String) {
    let socket = stream()
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listens = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(socket, $0, length) == 0 && listen(socket, 16) == 0 && getsockname(socket, $0, &length) == 0
        }
    }
    guard listens else { throw Unexpected("cannot listen: \(errno)") }
    return (socket, "http://127.0.0.1:\(address.sin_port.bigEndian)")
}

private func stream() -> Int32 {
    #if canImport(Glibc)
    return Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
    return Foundation.socket(AF_INET, SOCK_STREAM, 0)
    #endif
}

private func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    address.sin_port = port.bigEndian
    return address
}
