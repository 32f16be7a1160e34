package rs.scalekit.internal

/** Runs tasks when objects have been collected. */
internal object Cleaning {
    private val cleaner: (Any, Runnable) -> Runnable = try {
        val cleaner = java.lang.ref.Cleaner.create();
        { of: Any, task: Runnable -> cleaner.register(of, task).let { Runnable(it::clean) } }
    } catch (_: NoClassDefFoundError) {
        // Android before API level 33.
        val cleaner = com.sun.jna.internal.Cleaner.getCleaner();
        { of: Any, task: Runnable -> cleaner.register(of, task).let { Runnable(it::clean) } }
    }

    /** Runs the task once: when the object has been collected, or earlier, when the result is run. */
    fun register(of: Any, task: Runnable): Runnable = cleaner(of, task)
}
