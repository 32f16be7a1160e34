//! Iteration over pagers: blocking pagers are `Iterable`, async pagers have `asFlow()`.

use super::text::{class, objects};
use crate::edit::{Edited, replace};

pub fn finish(text: String) -> Edited {
    let pagers: Vec<String> = objects(&text).into_iter().filter(|name| name.ends_with("Pager")).collect();
    if pagers.is_empty() {
        return Err("no pager found".into());
    }
    pagers.iter().try_fold(text, |text, pager| class(text, pager, |text| iterable(text, pager)))
}

fn iterable(text: String, pager: &str) -> Edited {
    let (_, rest) = text.split_once("fun `nextPage`()").ok_or("no method nextPage")?;
    let rest = rest.trim_start_matches([' ', ':']);
    let item = rest
        .strip_prefix("List<")
        .and_then(|rest| rest.split_once(">?"))
        .ok_or("`nextPage` does not return a list")?
        .0;
    let item = item.to_owned();
    let header = format!("class {pager}\n{{\n");
    if text.contains("suspend fun `nextPage`()") {
        return replace(text, 1, &header, &format!("{header}{}", FLOW.replace("ITEM", &item)));
    }
    let new = format!("class {pager}: Iterable<{item}>\n{{\n{}", ITERATOR.replace("ITEM", &item));
    replace(text, 1, &header, &new)
}

const ITERATOR: &str = "
    private val items = PageIterator(::nextPage)

    /**
     * Returns an iterator over the items of all pages. Each page is fetched when its first item is requested.
     *
     * A pager has one position: a new loop continues where the previous one stopped. After an error it requests the
     * failed page again. After the last item it fails with `IllegalStateException`: the list is read once. Use
     * `asSequence()` for lazy operations. Use one iterator at a time; pagers are not thread-safe.
     */
    override fun iterator(): Iterator<ITEM> = items.again()

    /**
     * Returns a sequential stream of the items of all pages, for Java. Like a loop, it continues where the previous one
     * stopped.
     */
    fun stream(): java.util.stream.Stream<ITEM> = java.util.stream.StreamSupport.stream(spliterator(), false)
";

const FLOW: &str = "
    /**
     * Returns a flow of the items of all pages. Each page is fetched when its first item is collected.
     *
     * Collecting again continues after the last page that was fetched. After an error it requests the failed page
     * again. Use one collector at a time.
     */
    fun asFlow(): kotlinx.coroutines.flow.Flow<ITEM> = pageFlow(::nextPage)
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
    fn blocking_pagers_are_iterable_and_async_pagers_have_a_flow() {
        let done = finish(sample("class ThingPager", "fun `nextPage`(): ")).unwrap();
        assert!(done.contains("class ThingPager: Iterable<Thing>\n{\n"), "{done}");
        assert!(done.contains("override fun iterator(): Iterator<Thing> = items.again()\n"), "{done}");
        let done = finish(sample("class ThingPager", "suspend fun `nextPage`() : ")).unwrap();
        assert!(done.contains("fun asFlow(): kotlinx.coroutines.flow.Flow<Thing> ="), "{done}");
    }

    #[test]
    fn unexpected_input_is_rejected() {
        assert!(finish(sample("class ThingPager", "fun `next`(): ")).is_err());
        assert!(finish(sample("open class ThingPager", "fun `nextPage`(): ")).is_err());
        assert!(finish(sample("class ThingPager: X", "fun `nextPage`(): ")).is_err());
        assert!(finish(String::new()).is_err());
    }
}
