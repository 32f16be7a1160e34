import java.lang.management.ManagementFactory
import java.nio.file.Files
import jdk.jfr.Recording
import jdk.jfr.consumer.RecordingFile
import kotlin.math.ceil

/** The number of collections to wait for. */
const val COLLECTIONS = 30

/** The longest time to wait for them, in seconds. */
const val MOST_SECONDS = 5

/**
 * Calls until the garbage collector has run [COLLECTIONS] times. Returns the result line for the bench: the 99th percentile
 * of the collector's pauses in milliseconds, from the flight recorder, whose times are exact.
 */
fun measurePauses(call: () -> Unit): String {
    val recording = Recording()
    recording.enable("jdk.GCPhasePause")
    recording.start()
    val (first, started) = collections() to System.nanoTime()
    while (collections() - first < COLLECTIONS && System.nanoTime() - started < MOST_SECONDS * 1e9) call()
    recording.stop()
    return """{"pause": ${percentile99(milliseconds(recording))}}"""
}

private fun collections() = ManagementFactory.getGarbageCollectorMXBeans().sumOf { it.collectionCount }

private fun milliseconds(recording: Recording): List<Double> {
    val file = Files.createTempFile("bench", ".jfr")
    recording.use { it.dump(file) }
    return RecordingFile.readAllEvents(file).map { it.duration.toNanos() / 1e6 }.also { Files.delete(file) }
}

private fun percentile99(values: List<Double>): Double {
    check(values.isNotEmpty()) { "the garbage collector did not run" }
    return values.sorted()[ceil(values.size * 0.99).toInt() - 1]
}
