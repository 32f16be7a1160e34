//! Pagers in the language's own idiom: `for` over a blocking one, a `Flow` from an async one.

use super::text::{class, objects};
use crate::edit::{Edited, replace};

pub fn finish(text: String) -> Edited {
    let pagers: Vec<String> = objects(&text).into_iter().filter(|name| name.ends_with("Pager")).collect();
    if pagers.is_empty() {
        return Err("no class is a pager".into());
    }
    pagers.iter().try_fold(text, |text, pager| class(text, pager, |text| walked(text, pager)))
}

fn walked(text: String, pager: &str) -> Edited {
    let (_, rest) = text.split_once("fun `nextPage`()").ok_or("no method nextPage")?;
    let rest = rest.trim_start_matches([' ', ':']);
    let item =
        rest.strip_prefix("List<").and_then(|rest| rest.split_once(">?")).ok_or("pages are no lists")?.0;
    let item = item.to_owned();
    let header = format!("class {pager}\n{{\n");
    if text.contains("suspend fun `nextPage`()") {
        return replace(text, 1, &header, &format!("{header}{}", FLOW.replace("ITEM", &item)));
    }
    let new = format!("class {pager}: Iterable<{item}>\n{{\n{}", ITERATOR.replace("ITEM", &item));
    replace(text, 1, &header, &new)
}

const ITERATOR: &str = "
    private val items = Items(::nextPage)

    /**
     * The items one by one, each page fetched when its first item is asked for.
     *
     * A walk goes on from where the last one stopped, also after an error: then the page that failed is asked for
     * again. For lazy steps, `asSequence()`. One walk at a time; it is not for several threads.
     */
    override fun iterator(): Iterator<ITEM> = items
";

const FLOW: &str = "
    /**
     * The items one by one, each page fetched when its first item is collected.
     *
     * Collecting goes on behind the last page that was fetched, also after an error: then the page that failed is
     * asked for again. One collector at a time.
     */
    fun asFlow(): kotlinx.coroutines.flow.Flow<ITEM> = itemsOf(::nextPage)
";

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(header: &str, method: &str) -> String {
        format!(
            "\n{header}\n{{\n    {method}List<Thing>? {{\n    }}\n}}\n\npublic object FfiConverterTypeThingPager: \
             FfiConverter<ThingPager, Long> {{\n"
        )
    }

    #[test]
    fn blocking_pagers_are_iterable_and_async_ones_flow() {
        let done = finish(sample("class ThingPager", "fun `nextPage`(): ")).unwrap();
        assert!(done.contains("class ThingPager: Iterable<Thing>\n{\n"), "{done}");
        assert!(done.contains("override fun iterator(): Iterator<Thing> = items\n"), "{done}");
        let done = finish(sample("class ThingPager", "suspend fun `nextPage`() : ")).unwrap();
        assert!(done.contains("fun asFlow(): kotlinx.coroutines.flow.Flow<Thing> ="), "{done}");
    }

    #[test]
    fn another_text_is_refused() {
        assert!(finish(sample("class ThingPager", "fun `next`(): ")).is_err());
        assert!(finish(sample("open class ThingPager", "fun `nextPage`(): ")).is_err());
        assert!(finish(sample("class ThingPager: X", "fun `nextPage`(): ")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
