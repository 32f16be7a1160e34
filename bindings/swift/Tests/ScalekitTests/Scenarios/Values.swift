import Foundation
import Scalekit

/// A result in the form that scenarios compare with their expectations.
indirect enum ActualValue {
    case object([String: ActualValue])
    case array([ActualValue])
    case plain(JSONValue)
    case secret(printed: String, revealed: String)
}

/// A type that converts from the JSON of a scenario and to an `ActualValue`. `Generated.swift` has the conformances of
/// records and enumerations.
protocol ScenarioValue {
    init(scenario json: JSONValue) throws
    var actualValue: ActualValue { get }
}

/// An enumeration that the service may extend.
protocol OpenScenarioValue: ScenarioValue {
    init(wireValue: String)
    var wireValue: String { get }
}

extension OpenScenarioValue {
    init(scenario json: JSONValue) throws { self.init(wireValue: try String(scenario: json)) }
    var actualValue: ActualValue { wireValue.actualValue }
}

/// A closed enumeration, with the names that scenarios use for its cases.
protocol ClosedScenarioValue: ScenarioValue, Equatable {
    static var names: [(String, Self)] { get }
}

extension ClosedScenarioValue {
    init(scenario json: JSONValue) throws {
        guard let (_, value) = Self.names.first(where: { .string($0.0) == json }) else {
            throw Unexpected("not a \(Self.self): \(json)")
        }
        self = value
    }

    var actualValue: ActualValue { .plain(.string(Self.names.first { $0.1 == self }?.0 ?? "")) }
}

/// The fields of a record. Initialization throws if there are others.
struct Fields {
    private let fields: [String: JSONValue]
    private let record: String

    init(_ json: JSONValue, of record: String, _ names: [String]) throws {
        // A record whose fields are all optional can be omitted.
        guard let fields = json.isNull ? [:] : json.object else { throw Unexpected("not a \(record): \(json)") }
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

/// The arguments of a call. Records which ones are used, so that unknown arguments are detected.
final class Arguments {
    private let values: [String: JSONValue]
    private var used: Set<String> = []

    init(_ values: [String: JSONValue]) {
        self.values = values
    }

    func value<Value: ScenarioValue>(_ name: String, absent: JSONValue) throws -> Value {
        used.insert(name)
        do {
            let value = try Value(scenario: values[name] ?? absent)
            _ = try checked(value)
            return value
        } catch {
            throw Unexpected("argument \(name): \(error)")
        }
    }

    func allUsed() throws {
        let unused = values.keys.filter { !used.contains($0) }
        if !unused.isEmpty { throw Unexpected("unknown arguments: \(unused)") }
    }
}

/// The two parts of the name of a call.
struct ScenarioCall {
    let area: String
    let method: String

    init(_ name: String) {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        (area, method) = (parts.first ?? "", parts.last ?? "")
    }

    var unknown: Unexpected { Unexpected("unknown call: \(area).\(method)") }
}

func collected<Item: ScenarioValue>(_ pages: some Pages<Item>) throws -> ActualValue {
    .array(try pages.map { try checked(try $0.get()) })
}

func collected<Item: ScenarioValue>(_ pages: some AsyncPages<Item>) async throws -> ActualValue {
    var all: [ActualValue] = []
    for try await item in pages { all.append(try checked(item)) }
    return .array(all)
}
