//! The data contract of every document: which fields a data sheet holds and of what shape.

use serde_json::{Map, Value};

use super::{DocumentError, DocumentKind};

/// All contracts, read from `contracts.json`.
///
/// A field name ending in `?` may be null (it must still be given). A list has one member: the shape of every member.
pub(super) struct Contracts(Value);

impl Contracts {
    pub(super) fn built_in() -> Result<Self, DocumentError> {
        let text = include_str!("../../../../../templates/documents/contracts.json");
        serde_json::from_str(text).map(Self).map_err(|_| DocumentError::Damaged { part: "contracts.json" })
    }

    /// The fields of one kind: those of every document, then its own (which may forbid null where the common one allows it).
    pub(super) fn fields(&self, kind: DocumentKind) -> Result<Map<String, Value>, DocumentError> {
        let part = |name: &str| self.0.get(name).and_then(Value::as_object);
        let common = part("every document").ok_or(DocumentError::Damaged { part: "contracts.json" })?;
        let own = part(kind.name()).ok_or(DocumentError::Damaged { part: "contracts.json" })?;
        let replaced = |name: &String| own.contains_key(name.trim_end_matches('?'));
        let common = common.iter().filter(|(name, _)| !replaced(name));
        Ok(common.chain(own).map(|(name, shape)| (name.clone(), shape.clone())).collect())
    }

    pub(super) fn check(&self, kind: DocumentKind, data: &Value) -> Result<(), DocumentError> {
        Check { kind: kind.name() }.fields(&self.fields(kind)?, data, "")
    }
}

struct Check {
    kind: &'static str,
}

impl Check {
    fn fields(&self, shape: &Map<String, Value>, data: &Value, path: &str) -> Result<(), DocumentError> {
        let Some(given) = data.as_object() else {
            return Err(self.wrong(path, "a group of fields"));
        };
        for (entry, inner) in shape {
            let (name, nullable) = entry.strip_suffix('?').map_or((entry.as_str(), false), |name| (name, true));
            let field = join(path, name);
            match given.get(name) {
                None => return Err(DocumentError::Missing { kind: self.kind, field }),
                Some(Value::Null) if nullable => {}
                Some(value) => self.value(inner, value, &field)?,
            }
        }
        match given.keys().find(|name| !shape.contains_key(*name) && !shape.contains_key(&format!("{name}?"))) {
            Some(name) => Err(DocumentError::Unknown { kind: self.kind, field: join(path, name) }),
            None => Ok(()),
        }
    }

    fn value(&self, shape: &Value, value: &Value, path: &str) -> Result<(), DocumentError> {
        match shape {
            Value::Object(fields) => self.fields(fields, value, path),
            Value::Array(members) => {
                let list = value.as_array().ok_or_else(|| self.wrong(path, "a list"))?;
                let member = members.first().ok_or(DocumentError::Damaged { part: "contracts.json" })?;
                list.iter().enumerate().try_for_each(|(n, one)| self.value(member, one, &format!("{path}[{n}]")))
            }
            Value::String(leaf) => self.leaf(leaf, value, path),
            _ => Err(DocumentError::Damaged { part: "contracts.json" }),
        }
    }

    fn leaf(&self, leaf: &str, value: &Value, path: &str) -> Result<(), DocumentError> {
        let (holds, expected) = match leaf {
            "text" => (value.is_string(), "a text"),
            "date" => (value.as_str().is_some_and(is_date), "a date written YYYY-MM-DD"),
            "month" => (value.as_str().is_some_and(|m| is_date(&format!("{m}-01"))), "a month written YYYY-MM"),
            "integer" => (value.is_i64(), "a whole number"),
            "yen" => (value.as_i64().is_some_and(|yen| yen >= 0), "a whole number of yen, not negative"),
            "decimal" => (value.is_number(), "a number"),
            "boolean" => (value.is_boolean(), "true or false"),
            _ => return Err(DocumentError::Damaged { part: "contracts.json" }),
        };
        if holds { Ok(()) } else { Err(self.wrong(path, expected)) }
    }

    fn wrong(&self, path: &str, expected: &'static str) -> DocumentError {
        DocumentError::Shape { kind: self.kind, field: path.to_owned(), expected }
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}
