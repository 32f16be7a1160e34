import Foundation
import Scalekit

/// Reads a file in tests/fixtures.
func fixture(_ name: String) throws -> JSONValue {
    let root = (0..<6).reduce(URL(fileURLWithPath: #filePath)) { path, _ in path.deletingLastPathComponent() }
    let path = root.appendingPathComponent("tests/fixtures").appendingPathComponent(name)
    return try JSONDecoder().decode(JSONValue.self, from: Data(contentsOf: path))
}
