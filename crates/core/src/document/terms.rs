//! Words of official documents, from `templates/documents/terms.toml`.

use std::collections::BTreeMap;

/// The words by key.
pub(super) struct Terms(BTreeMap<String, String>);

impl Terms {
    /// The words built into this program.
    pub(super) fn built_in() -> Self {
        let text = include_str!("../../../../templates/documents/terms.toml");
        Self(toml::from_str(text).expect("a test reads the built-in words"))
    }

    /// The words under a key.
    pub(super) fn get(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// The words under a key with `{name}` replaced.
    pub(super) fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        values.iter().fold(self.get(key).to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
    }

    /// 第n回.
    pub(super) fn session(&self, number: u8) -> String {
        self.fill("session", &[("n", &number.to_string())])
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_key_used_in_the_builders_has_words() {
        let terms = super::Terms::built_in();
        let sources = [
            include_str!("engagement.rs"),
            include_str!("findings.rs"),
            include_str!("forms.rs"),
            include_str!("letter.rs"),
            include_str!("money.rs"),
        ];
        let mut used = 0;
        for source in sources {
            for call in ["terms.get(\"", "terms.fill(\""] {
                for rest in source.split(call).skip(1) {
                    let key = rest.split('"').next().unwrap_or_default();
                    assert!(!terms.get(key).is_empty(), "no words for {key}");
                    used += 1;
                }
            }
        }
        assert!(used > 20);
    }
}
