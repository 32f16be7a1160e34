package rs.scalekit.internal

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** Iterates over the items of all pages. After an error, the next call requests the same page again. */
internal class PageIterator<T>(private val nextPage: () -> List<T>?) : Iterator<T> {
    private var page: Iterator<T> = emptyList<T>().iterator()
    private var finished = false

    /** Returns this iterator for another loop. A loop over a list that has been read would end without an item. */
    fun again(): PageIterator<T> {
        check(page.hasNext() || !finished) { "this pager has returned its last item: call `listAll` again for another loop" }
        return this
    }

    override fun hasNext(): Boolean {
        // An empty page is not necessarily the last one.
        while (!page.hasNext() && !finished) {
            val next = nextPage()
            if (next == null) finished = true else page = next.iterator()
        }
        return page.hasNext()
    }

    override fun next(): T = if (hasNext()) page.next() else throw NoSuchElementException("there are no more items")
}

/** Returns a flow of the items of all pages of an async pager. */
internal fun <T> pageFlow(nextPage: suspend () -> List<T>?): Flow<T> = flow {
    while (true) {
        val page = nextPage() ?: break
        page.forEach { emit(it) }
    }
}
