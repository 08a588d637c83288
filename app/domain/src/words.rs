//! Words of AWS's that it may add to.

/// A set of AWS's words. One that isn't known yet is kept as it is: an answer isn't lost
/// because AWS invented a new type of volume.
macro_rules! open_words {
    ($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $variant:ident $text:literal)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Serialize, serde::Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $($(#[$word_doc])* $variant,)*
            /// A word that this version doesn't know.
            Other(String),
        }

        impl $name {
            /// As AWS writes it.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Other(text.to_owned()),
                }
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl From<$name> for String {
            fn from(word: $name) -> Self {
                word.as_str().to_owned()
            }
        }
    };
}

pub(crate) use open_words;

#[cfg(test)]
mod tests {
    open_words! {
        /// For the test.
        Colour {
            /// Like the sky.
            Blue "blue"
        }
    }

    #[test]
    fn new_words_are_kept() {
        assert_eq!(Colour::from("blue"), Colour::Blue);
        let new = Colour::from("ultraviolet");
        assert_eq!(new, Colour::Other("ultraviolet".to_owned()));
        let json = serde_json::to_string(&[Colour::Blue, new.clone()]).unwrap();
        assert_eq!(json, r#"["blue","ultraviolet"]"#);
        let back: Vec<Colour> = serde_json::from_str(&json).unwrap();
        assert_eq!(back, [Colour::Blue, new]);
    }
}
