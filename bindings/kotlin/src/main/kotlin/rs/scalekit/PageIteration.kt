package rs.scalekit

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** The items of all pages. An error leaves it where it was: the next question asks for the same page again. */
internal class Items<T>(private val nextPage: () -> List<T>?) : Iterator<T> {
    private var page: Iterator<T> = emptyList<T>().iterator()
    private var over = false

    override fun hasNext(): Boolean {
        // A page may be empty and yet not be the last.
        while (!page.hasNext() && !over) {
            val next = nextPage()
            if (next == null) over = true else page = next.iterator()
        }
        return page.hasNext()
    }

    override fun next(): T = if (hasNext()) page.next() else throw NoSuchElementException("the last page is over")
}

/** The same for an async pager. */
internal fun <T> itemsOf(nextPage: suspend () -> List<T>?): Flow<T> = flow {
    while (true) {
        val page = nextPage() ?: break
        page.forEach { emit(it) }
    }
}
