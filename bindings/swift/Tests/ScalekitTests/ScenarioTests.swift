import Scalekit
import XCTest

/// Runs tests/scenarios/*.json in both styles.
final class ScenarioTests: XCTestCase {
    func testScenariosWithTheBlockingClient() throws {
        let emulator = try Emulator.strict()
        for scenario in try Scenario.all() {
            do {
                let client = try emulator.client(ClientOptions(scenario: scenario.client))
                var run = try ScenarioRun(emulator, scenario)
                for step in scenario.steps {
                    let with = try run.arguments(step)
                    let outcome = Result { try dispatch(client, ScenarioCall(step.call), with) }
                    try run.check(step, outcome)
                }
            } catch {
                XCTFail("\(scenario.name): \(error)")
            }
        }
    }

    func testScenariosWithTheAsyncClient() async throws {
        let emulator = try Emulator.strict()
        for scenario in try Scenario.all() {
            do {
                let client = try emulator.asyncClient(ClientOptions(scenario: scenario.client))
                var run = try ScenarioRun(emulator, scenario)
                for step in scenario.steps {
                    let with = try run.arguments(step)
                    let outcome: Result<ActualValue, any Error>
                    do {
                        outcome = .success(try await dispatch(client, ScenarioCall(step.call), with))
                    } catch {
                        outcome = .failure(error)
                    }
                    try run.check(step, outcome)
                }
            } catch {
                XCTFail("\(scenario.name): \(error)")
            }
        }
    }

    func testMistakesInScenariosAreReported() throws {
        for wrong: JSONValue in [
            ["name": "x", "steps": []],
            ["name": "x", "steps": [["call": "a.b"]], "sede": [:]],
            ["name": "x", "steps": [["call": "a.b", "wiht": [:]]]],
        ] {
            XCTAssertThrowsError(try Scenario(wrong), "\(wrong)")
        }
        let emulator = try Emulator.strict()
        let client = try emulator.client()
        XCTAssertThrowsError(try dispatch(client, ScenarioCall("organizations.gte"), Arguments([:])))
        XCTAssertThrowsError(try dispatch(client, ScenarioCall("organisations.get"), Arguments([:])))
        XCTAssertThrowsError(try dispatch(client, ScenarioCall("organizations.get"), Arguments(["id": "a", "di": "b"])))
        XCTAssertThrowsError(try CreateOrganization(scenario: ["display_name": "A", "nmae": "B"]))
        XCTAssertThrowsError(try CreateOrganization(scenario: [:]))
        var bindings = Bindings()
        for (expected, actual): (JSONValue, JSONValue) in [
            (["a": 1], ["a": 2]), (["a": 1], [:]), ([1], [1, 2]), ("a", "b"), ("$any", nil), (nil, 1), (true, false),
            ("$secret:a", "a"), (9_007_199_254_740_993, 9_007_199_254_740_992),
        ] {
            XCTAssertThrowsError(try bindings.match("at", expected, actual.actualValue), "\(expected) \(actual)")
        }
    }
}
