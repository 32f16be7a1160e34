import Scalekit
import XCTest

/// The error that a blocking call must fail with.
func failure(of call: () throws -> some Any, file: StaticString = #filePath, line: UInt = #line) throws -> ScalekitError {
    do {
        let value = try call()
        XCTFail("it gave \(value)", file: file, line: line)
        throw Unexpected("no error")
    } catch let error as ScalekitError {
        return error
    }
}

/// The error that an asynchronous call must fail with.
func failure(
    of call: () async throws -> some Any, file: StaticString = #filePath, line: UInt = #line
) async throws -> ScalekitError {
    do {
        let value = try await call()
        XCTFail("it gave \(value)", file: file, line: line)
        throw Unexpected("no error")
    } catch let error as ScalekitError {
        return error
    }
}

extension ScalekitError {
    /// The name of the case.
    var name: String { Mirror(reflecting: self).children.first?.label ?? "" }
}
