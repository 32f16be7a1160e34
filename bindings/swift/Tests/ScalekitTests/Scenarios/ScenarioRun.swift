import Scalekit

/// One run of a scenario, with the values that its steps have bound.
struct ScenarioRun {
    private let emulator: Emulator
    private let name: String
    private var bindings = Bindings()

    init(_ emulator: Emulator, _ scenario: Scenario) throws {
        self.emulator = emulator
        self.name = scenario.name
        try emulator.reset()
        if let seed = scenario.seed { try emulator.seed(seed) }
        try injectFaults(scenario.faults)
    }

    private func injectFaults(_ faults: [JSONValue]) throws {
        for fault in faults { try emulator.fault(try bindings.substitute(fault)) }
    }

    /// Injects the faults of a step, and returns its arguments with bound values substituted.
    func arguments(_ step: Step) throws -> Arguments {
        try injectFaults(step.faults)
        return Arguments(try step.with.mapValues(bindings.substitute))
    }

    mutating func check(_ step: Step, _ outcome: Result<ActualValue, any Error>) throws {
        switch (outcome, step.error) {
        case (.success(let actual), nil):
            if let expected = step.result { try bindings.match(step.call, try bindings.substitute(expected), actual) }
        case (.failure(let error as ScalekitError), let expected?):
            try ScalekitTests.check(step.call, error, is: expected)
        case (.success(let actual), let expected?):
            throw Unexpected("\(step.call): expected \(expected), got \(actual)")
        case (.failure(let error), _):
            throw Unexpected("\(step.call): \(error)")
        }
        try checkRequests(step)
    }

    private mutating func checkRequests(_ step: Step) throws {
        if let expected = step.request {
            // The name of a pager is that of the operation for one page, with `all` added.
            let operation = step.call.split(separator: "_").filter { $0 != "all" }.joined(separator: "_")
            guard let last = try emulator.requests(operation).last else { throw Unexpected("\(step.call): no request was sent") }
            for (key, value) in expected where last[key] != (try bindings.substitute(value)) {
                throw Unexpected("\(step.call): request.\(key) is \(last[key] ?? .null), not \(value)")
            }
        }
        for (operation, count) in step.requests {
            let sent = try emulator.requests(operation).count
            if count != .integer(Int64(sent)) { throw Unexpected("\(step.call): \(sent) requests of \(operation), not \(count)") }
        }
    }
}
