//! Prints all operations of the API that the crate covers: `cargo run --example operations`.

fn main() {
    for operation in scalekit::operations() {
        println!("{} {} {}", operation.id, operation.method, operation.path);
    }
}
