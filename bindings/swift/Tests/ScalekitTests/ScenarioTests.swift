import Scalekit
import XCTest

/// Plays tests/scenarios/*.json in both styles.
final class ScenarioTests: XCTestCase {
    func testBlocking() throws {
        let emulator = try Emulator()
        for scenario in try Scenario.all() {
            do {
                let client = try emulator.client(ClientOptions(scenario: scenario.client))
                var performance = try Performance(emulator, scenario)
                for step in scenario.steps {
                    let with = try performance.arguments(step)
                    let outcome = Result { try play(client, ScenarioCall(step.call), with) }
                    try performance.check(step, outcome)
                }
            } catch {
                XCTFail("\(scenario.name): \(error)")
            }
        }
    }

    func testAsync() async throws {
        let emulator = try Emulator()
        for scenario in try Scenario.all() {
            do {
                let client = try emulator.asyncClient(ClientOptions(scenario: scenario.client))
                var performance = try Performance(emulator, scenario)
                for step in scenario.steps {
                    let with = try performance.arguments(step)
                    let outcome: Result<Found, any Error>
                    do {
                        outcome = .success(try await play(client, ScenarioCall(step.call), with))
                    } catch {
                        outcome = .failure(error)
                    }
                    try performance.check(step, outcome)
                }
            } catch {
                XCTFail("\(scenario.name): \(error)")
            }
        }
    }

    func testAMistakeInAScenarioIsAFailure() throws {
        for wrong: JSONValue in [
            ["name": "x", "steps": []],
            ["name": "x", "steps": [["call": "a.b"]], "sede": [:]],
            ["name": "x", "steps": [["call": "a.b", "wiht": [:]]]],
        ] {
            XCTAssertThrowsError(try Scenario(wrong), "\(wrong)")
        }
        let emulator = try Emulator()
        let client = try emulator.client()
        XCTAssertThrowsError(try play(client, ScenarioCall("organizations.gte"), Arguments([:])))
        XCTAssertThrowsError(try play(client, ScenarioCall("organisations.get"), Arguments([:])))
        XCTAssertThrowsError(try play(client, ScenarioCall("organizations.get"), Arguments(["id": "a", "di": "b"])))
        XCTAssertThrowsError(try CreateOrganization(scenario: ["display_name": "A", "nmae": "B"]))
        XCTAssertThrowsError(try CreateOrganization(scenario: [:]))
        var kept = Kept()
        for (expected, found): (JSONValue, JSONValue) in [
            (["a": 1], ["a": 2]), (["a": 1], [:]), ([1], [1, 2]), ("a", "b"), ("$any", nil), (nil, 1), (true, false),
            ("$secret:a", "a"), (9_007_199_254_740_993, 9_007_199_254_740_992),
        ] {
            XCTAssertThrowsError(try kept.match("at", expected, found.found), "\(expected) \(found)")
        }
    }
}
