import Foundation

#if os(macOS) || os(Linux) || os(Windows)

/// The emulator's program.
enum Program {
    #if os(Windows)
    private static let (name, separator) = ("scalekit-emulator.exe", Character(";"))
    #else
    private static let (name, separator) = ("scalekit-emulator", Character(":"))
    #endif

    /// Finds the program that `SCALEKIT_EMULATOR` names, or else that of a folder in `PATH`.
    static func find(in environment: [String: String]) throws -> URL {
        if let chosen = environment["SCALEKIT_EMULATOR"], !chosen.isEmpty {
            guard FileManager.default.isExecutableFile(atPath: chosen) else {
                throw EmulatorError("SCALEKIT_EMULATOR is \(chosen), which is no program")
            }
            return URL(fileURLWithPath: chosen)
        }
        // Windows spells it "Path".
        let path = environment.first { $0.key.uppercased() == "PATH" }?.value ?? ""
        let folders = path.split(separator: separator).map { URL(fileURLWithPath: String($0)) }
        let places = folders.map { $0.appendingPathComponent(name) }
        if let found = places.first(where: { FileManager.default.isExecutableFile(atPath: $0.path) }) {
            return found
        }
        let searched = folders.map(\.path).joined(separator: ", ")
        throw EmulatorError(
            "the program \(name) is not installed; looked for it in the folders of PATH (\(searched)). "
                + "Install it with `pip install scalekit-emulator`, or set SCALEKIT_EMULATOR to its path.")
    }
}

#endif
