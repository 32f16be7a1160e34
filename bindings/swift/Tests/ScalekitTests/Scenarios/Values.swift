import Foundation
import Scalekit

/// A result, as scenarios look at it.
indirect enum Found {
    case object([String: Found])
    case array([Found])
    case plain(JSONValue)
    case secret(printed: String, revealed: String)
}

/// What arguments are read from and results are written to. For records and enumerations `Generated.swift` does it.
protocol ScenarioValue {
    init(scenario json: JSONValue) throws
    var found: Found { get }
}

/// An enumeration that the service may extend.
protocol OpenScenarioValue: ScenarioValue {
    init(wireValue: String)
    var wireValue: String { get }
}

extension OpenScenarioValue {
    init(scenario json: JSONValue) throws { self.init(wireValue: try String(scenario: json)) }
    var found: Found { wireValue.found }
}

/// An enumeration of our own, with the names that scenarios have for its cases.
protocol ClosedScenarioValue: ScenarioValue, Equatable {
    static var names: [(String, Self)] { get }
}

extension ClosedScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let (_, value) = Self.names.first(where: { .string($0.0) == json }) else {
            throw Unexpected("\(json) is no \(Self.self)")
        }
        self = value
    }

    var found: Found { .plain(.string(Self.names.first { $0.1 == self }?.0 ?? "")) }
}

/// The fields of a record; one that the record does not have is refused.
struct Fields {
    private let fields: [String: JSONValue]
    private let record: String

    init(_ json: JSONValue, of record: String, _ names: [String]) throws {
        // A record whose fields are all optional can be left out.
        guard let fields = json.isNull ? [:] : json.object else { throw Unexpected("\(json) is no \(record)") }
        if let unknown = fields.keys.first(where: { !names.contains($0) }) {
            throw Unexpected("\(record) has no field `\(unknown)`")
        }
        self.fields = fields
        self.record = record
    }

    func value<Value: ScenarioValue>(_ name: String, absent: JSONValue) throws -> Value {
        do {
            return try Value(scenario: fields[name] ?? absent)
        } catch {
            throw Unexpected("\(record).\(name): \(error)")
        }
    }
}

/// The arguments of a call, and the proof that all of them were used.
final class Arguments {
    private let values: [String: JSONValue]
    private var used: Set<String> = []

    init(_ values: [String: JSONValue]) {
        self.values = values
    }

    func value<Value: ScenarioValue>(_ name: String, absent: JSONValue) throws -> Value {
        used.insert(name)
        do {
            return try Value(scenario: values[name] ?? absent)
        } catch {
            throw Unexpected("argument \(name): \(error)")
        }
    }

    func allUsed() throws {
        let left = values.keys.filter { !used.contains($0) }
        if !left.isEmpty { throw Unexpected("arguments that the call does not have: \(left)") }
    }
}

/// The name of a call, in its two parts.
struct ScenarioCall {
    let area: String
    let method: String

    init(_ name: String) {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        (area, method) = (parts.first ?? "", parts.last ?? "")
    }

    var unknown: Unexpected { Unexpected("a call that the runner does not know: \(area).\(method)") }
}

func collected<Item: ScenarioValue>(_ pages: some Pages<Item>) throws -> Found {
    .array(try pages.map { try $0.get().found })
}

func collected<Item: ScenarioValue>(_ pages: some AsyncPages<Item>) async throws -> Found {
    var all: [Found] = []
    for try await item in pages { all.append(item.found) }
    return .array(all)
}
