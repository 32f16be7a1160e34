/// Returns the output of every way to print a value in Swift.
func printed(_ value: Any) -> String {
    var dumped = ""
    dump(value, to: &dumped)
    let error = (value as? any Error)?.localizedDescription ?? ""
    return "\(value)\n\(String(reflecting: value))\n\(String(describing: [value]))\n\(dumped)\n\(error)"
}
