//! Enumerations whose values hold data of their own, such as what a webhook tells. UniFFI's classes are good, but for
//! `@dataclass`: it costs a quarter of a millisecond each at import, and prints none of the data.

use super::text::Block;
use crate::edit::{Edited, replace};

const DATACLASS: &str = "    @dataclass\n";
const EQUAL: &str = "        def __eq__(self, other):\n";

pub fn finish(block: &Block<'_>) -> Edited {
    let text = format!("{}\n", block.text().trim_end_matches('\n'));
    let values = text.matches(DATACLASS).count();
    let text = replace(text, values, DATACLASS, "")?;
    replace(text, values, EQUAL, &format!("        __repr__ = __str__\n\n{EQUAL}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::text::blocks;

    const UNION: &str = r#"class Data:
    """What happened."""
    def __init__(self):
        raise RuntimeError("Data cannot be instantiated directly")

    @dataclass
    class MADE:
        def __init__(self, thing:Thing):
            self.thing = thing

        def __str__(self):
            return "Data.MADE(thing={})".format(self.thing)
        def __eq__(self, other):
            return True
"#;

    #[test]
    fn values_print_their_data() {
        let done = finish(&blocks(UNION).unwrap()[0]).unwrap();
        assert!(!done.contains("@dataclass"), "{done}");
        assert!(done.contains("        __repr__ = __str__\n\n        def __eq__"), "{done}");
    }

    #[test]
    fn another_text_is_refused() {
        assert!(finish(&blocks(&UNION.replace("def __eq__", "def __ne__")).unwrap()[0]).is_err());
    }
}
