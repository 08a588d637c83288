//! Names that change with the content, so that browsers may keep a file for
//! ever, and the manifest that tells the server the current ones. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many hexadecimal digits of a file's SHA-256 go into its name.
const DIGITS: usize = 16;

/// The names of the site's parts below `/pkg/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The script that loads the browser half.
    pub js: String,
    /// The browser half.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
    /// The charts, for pages that have one.
    pub echarts: String,
    /// The pieces of the browser half that come when a page needs them, and the
    /// files that each consists of.
    pub pieces: BTreeMap<String, Vec<String>>,
}

/// Puts the content's hash between a file's stem and its ending:
/// `("main", ".css")` → `main.0123456789abcdef.css`.
pub fn hashed(stem: &str, ending: &str, content: &[u8]) -> String {
    let mut digits = hex::encode(Sha256::digest(content));
    digits.truncate(DIGITS);
    format!("{stem}.{digits}{ending}")
}

/// Lets the loading script look for a file under its hashed name.
///
/// `None` when the script doesn't mention the plain name: then it would load
/// nothing, and shipping it would be wrong.
pub fn point_at(script: &str, plain: &str, hashed: &str) -> Option<String> {
    // With the quote, or `chunk_1.wasm` would be found in `chunk_1.wasm.map`.
    let plain = format!("{plain}\"");
    script
        .contains(&plain)
        .then(|| script.replace(&plain, &format!("{hashed}\"")))
}

/// What wasm-bindgen calls the WebAssembly of the output name `app`.
pub const PLAIN_WASM: &str = "app_bg.wasm";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_content() {
        let name = hashed("app", ".js", b"one");
        assert_eq!(name, "app.7692c3ad3540bb80.js");
        assert_eq!(name, hashed("app", ".js", b"one"));
        assert_ne!(name, hashed("app", ".js", b"two"));
        assert!(hashed("app", "_bg.wasm", b"").ends_with("_bg.wasm"));
    }

    #[test]
    fn the_script_asks_for_the_hashed_name() {
        let script = r#"new URL("app_bg.wasm",import.meta.url)"#;
        assert_eq!(
            point_at(script, PLAIN_WASM, "app.00_bg.wasm").as_deref(),
            Some(r#"new URL("app.00_bg.wasm",import.meta.url)"#)
        );
        assert_eq!(point_at("nothing", PLAIN_WASM, "app.00_bg.wasm"), None);
        assert_eq!(point_at(script, "bg.was", "bg.00.was"), None);
    }

    #[test]
    fn the_manifest_survives_writing_and_reading() {
        let manifest = Manifest {
            js: "app.1.js".to_owned(),
            wasm: "app.2_bg.wasm".to_owned(),
            css: "main.3.css".to_owned(),
            echarts: "echarts.4.js".to_owned(),
            pieces: BTreeMap::from([("costs".to_owned(), vec!["costs.5.wasm".to_owned()])]),
        };
        let text = serde_json::to_string(&manifest).unwrap();
        assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), manifest);
    }
}
