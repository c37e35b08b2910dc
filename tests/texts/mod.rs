//! The text of a source file by the name that algorithms give of it.

/// The text of `file`, which is named from the project's root.
pub fn text_of(file: &str) -> &'static str {
    let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path);
    text.unwrap_or_else(|error| panic!("{path}: {error}")).leak()
}
