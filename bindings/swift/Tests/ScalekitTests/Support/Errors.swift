import Scalekit
import XCTest

/// Returns the error of a blocking call, and fails the test if there is none.
func failure(of call: () throws -> some Any, file: StaticString = #filePath, line: UInt = #line) throws -> ScalekitError {
    do {
        let value = try call()
        XCTFail("the call returned \(value)", file: file, line: line)
        throw Unexpected("no error")
    } catch let error as ScalekitError {
        return error
    }
}

/// Returns the error of an asynchronous call, and fails the test if there is none.
func failure(
    of call: () async throws -> some Any, file: StaticString = #filePath, line: UInt = #line
) async throws -> ScalekitError {
    do {
        let value = try await call()
        XCTFail("the call returned \(value)", file: file, line: line)
        throw Unexpected("no error")
    } catch let error as ScalekitError {
        return error
    }
}

extension ScalekitError {
    /// The name of the case.
    var name: String { Mirror(reflecting: self).children.first?.label ?? "" }
}
