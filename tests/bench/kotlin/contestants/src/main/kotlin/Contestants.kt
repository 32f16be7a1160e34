// `ContestantsKt CONTESTANT WORK SECONDS`: CONTESTANT is `ours`, `jackson` or `okhttp`, WORK is `one`, `page`, `async`,
// `start` or `pauses`.

/** Users on a page. */
const val PAGE_SIZE = 100L

/** Calls in progress at the same time. */
const val CONCURRENCY = 50

/** What a contestant does. */
interface Calls {
    fun one()

    /** Gets a page and reads every field of each user. */
    fun page()

    /** Makes [CONCURRENCY] calls at once. */
    fun async()
}

fun main(arguments: Array<String>) {
    val started = System.nanoTime()
    val (contestant, work, seconds) = arguments
    val calls = when (contestant) {
        "ours" -> Ours()
        "jackson" -> Jackson()
        "okhttp" -> Okhttp()
        else -> error("unknown contestant: $contestant")
    }
    if (work == "start") {
        calls.one()
        return println("""{"start": ${(System.nanoTime() - started) / 1e6}}""")
    }
    if (work == "pauses") {
        warmUp(calls::async)
        return println(measurePauses(calls::async))
    }
    val (call, count) = when (work) {
        "one" -> calls::one to 1
        "page" -> calls::page to 1
        "async" -> calls::async to CONCURRENCY
        else -> error("unknown work: $work")
    }
    warmUp(call)
    println(measure(call, count, seconds.toDouble()))
}
