import Foundation
import Scalekit

/// A test case that every language runs; see tests/scenarios/README.md.
struct Scenario {
    let name: String
    let seed: JSONValue?
    let faults: [JSONValue]
    let client: JSONValue
    let steps: [Step]

    init(_ json: JSONValue) throws {
        let fields = try checkedFields(json, ["name", "seed", "faults", "client", "steps"])
        name = try String(scenario: fields["name"] ?? .null)
        seed = fields["seed"]
        faults = fields["faults"]?.array ?? []
        client = fields["client"] ?? [:]
        steps = try (fields["steps"]?.array ?? []).map(Step.init)
        if steps.isEmpty { throw Unexpected("\(name): no steps") }
    }

    /// Returns the scenarios of all files.
    static func all() throws -> [Scenario] {
        let root = (0..<5).reduce(URL(fileURLWithPath: #filePath)) { path, _ in path.deletingLastPathComponent() }
        let folder = root.deletingLastPathComponent().appendingPathComponent("tests/scenarios")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let paths = files.filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
        return try paths.flatMap { path in
            let file = try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: path))
            return try (checkedFields(file, ["scenarios"])["scenarios"]?.array ?? []).map(Scenario.init)
        }
    }
}

/// One call of a scenario, and the expected outcome.
struct Step {
    let call: String
    let with: [String: JSONValue]
    let faults: [JSONValue]
    let result: JSONValue?
    let error: [String: JSONValue]?
    let request: [String: JSONValue]?
    let requests: [String: JSONValue]

    init(_ json: JSONValue) throws {
        let fields = try checkedFields(json, ["call", "with", "faults", "result", "error", "request", "requests"])
        call = try String(scenario: fields["call"] ?? .null)
        with = fields["with"]?.object ?? [:]
        faults = fields["faults"]?.array ?? []
        result = fields["result"]
        error = fields["error"]?.object
        request = try fields["request"].map { try checkedFields($0, ["method", "path", "query", "body"]) }
        requests = fields["requests"]?.object ?? [:]
    }
}

/// Returns the fields of an object. Throws if it has fields other than `names`.
func checkedFields(_ json: JSONValue, _ names: [String]) throws -> [String: JSONValue] {
    guard let fields = json.object else { throw Unexpected("not an object: \(json)") }
    if let unknown = fields.keys.first(where: { !names.contains($0) }) {
        throw Unexpected("unknown field: \(unknown)")
    }
    return fields
}
