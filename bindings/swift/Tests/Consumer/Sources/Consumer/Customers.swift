import Foundation
import Scalekit

/// The state of a window: on the main actor, as everything in this module.
final class Customers {
    private(set) var names: [String] = []
    private(set) var problem: String?
    private let client: AsyncScalekitClient

    init(_ client: AsyncScalekitClient) {
        self.client = client
    }

    func reload() async {
        do {
            names = []
            for try await organization in client.organizations.listAll(ListOrganizations(pageSize: 20)) {
                names.append(organization.displayName)
            }
            problem = nil
        } catch let error as ScalekitError where error.failure.retryable {
            problem = "try again in \(error.failure.retryAfterSeconds ?? 1) s"
        } catch {
            problem = error.localizedDescription
        }
    }

    func add(_ name: String) async throws -> Organization {
        let created = try await client.organizations.create(CreateOrganization(displayName: name))
        names.append(created.displayName)
        return created
    }
}

/// A value that the application stores, with records inside.
struct Saved: Codable, Equatable {
    var organizations: [Organization]
}
