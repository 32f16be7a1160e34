import Scalekit

/// A scenario on its way.
struct Performance {
    private let emulator: Emulator
    private let name: String
    private var kept = Kept()

    init(_ emulator: Emulator, _ scenario: Scenario) throws {
        self.emulator = emulator
        self.name = scenario.name
        try emulator.reset()
        if let seed = scenario.seed { try emulator.seed(seed) }
        try plant(scenario.faults)
    }

    private func plant(_ faults: [JSONValue]) throws {
        for fault in faults { try emulator.fault(try kept.fill(fault)) }
    }

    /// Plants the faults of a step, and fills in its arguments.
    func arguments(_ step: Step) throws -> Arguments {
        try plant(step.faults)
        return Arguments(try step.with.mapValues(kept.fill))
    }

    mutating func check(_ step: Step, _ outcome: Result<Found, any Error>) throws {
        switch (outcome, step.error) {
        case (.success(let found), nil):
            if let expected = step.result { try kept.match(step.call, try kept.fill(expected), found) }
        case (.failure(let error as ScalekitError), let expected?):
            try ScalekitTests.check(step.call, error, is: expected)
        case (.success(let found), let expected?):
            throw Unexpected("\(step.call): \(expected) expected, but it gave \(found)")
        case (.failure(let error), _):
            throw Unexpected("\(step.call): \(error)")
        }
        try checkRequests(step)
    }

    private mutating func checkRequests(_ step: Step) throws {
        if let expected = step.request {
            // A pager is named like the call for one of its pages, with `all` in it.
            let operation = step.call.split(separator: "_").filter { $0 != "all" }.joined(separator: "_")
            guard let last = try emulator.requests(operation).last else { throw Unexpected("\(step.call): no request arrived") }
            for (key, value) in expected where last[key] != (try kept.fill(value)) {
                throw Unexpected("\(step.call): request.\(key) is \(last[key] ?? .null), not \(value)")
            }
        }
        for (operation, count) in step.requests {
            let arrived = try emulator.requests(operation).count
            if count != .integer(Int64(arrived)) { throw Unexpected("\(step.call): \(arrived) requests of \(operation), not \(count)") }
        }
    }
}
