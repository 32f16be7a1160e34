import Foundation
import Scalekit

@main
enum Consumer {
    static func main() async throws {
        let client = try AsyncScalekitClient.fromEnv()
        let customers = Customers(client)
        let acme = try await customers.add("Acme")
        await customers.reload()
        let saved = Saved(organizations: [acme])
        let restored = try JSONDecoder().decode(Saved.self, from: JSONEncoder().encode(saved))
        // Blocking calls run on another thread, and leave the main actor free.
        let again = try await Task.detached { try ScalekitClient.fromEnv().organizations.get(id: acme.id) }.value
        guard customers.names.contains("Acme"), customers.problem == nil, restored == saved, again.id == acme.id else {
            fatalError("unexpected: \(customers.names), \(customers.problem ?? "no problem"), \(restored)")
        }
        print("\(customers.names.count) customers")
    }
}
