import com.sun.management.OperatingSystemMXBean
import com.sun.management.ThreadMXBean
import java.lang.management.ManagementFactory

/** The length of the periods that are compared while warming up, in seconds. */
const val WINDOW_SECONDS = 0.5

/** The number of periods that must agree. */
const val WINDOWS = 5

/** The largest difference between these periods, relative to the fastest. */
const val TOLERANCE = 0.05

/** The most periods to wait for: on a noisy machine, they may never agree. */
const val MOST_WINDOWS = 20

private val system = ManagementFactory.getOperatingSystemMXBean() as OperatingSystemMXBean
private val threads = ManagementFactory.getThreadMXBean() as ThreadMXBean

/** Calls until the JIT compiler is done: until the CPU per call of the last periods differs by less than [TOLERANCE]. */
fun warmUp(call: () -> Unit) {
    val windows = ArrayDeque<Double>()
    repeat(MOST_WINDOWS) {
        val (calls, cpu) = repeatFor(WINDOW_SECONDS, call)
        windows.addLast(cpu / calls)
        if (windows.size > WINDOWS) windows.removeFirst()
        if (windows.size == WINDOWS && windows.max() < windows.min() * (1 + TOLERANCE)) return
    }
}

/**
 * The result line for the bench: microseconds and allocated kilobytes per call. CPU is user and system time of all threads,
 * the JIT compiler's and the collector's included. [count] is the number of calls that [call] makes.
 */
fun measure(call: () -> Unit, count: Int, seconds: Double): String {
    val allocated = allocatedBytes()
    val started = System.nanoTime()
    val (times, cpu) = repeatFor(seconds, call)
    val calls = times * count
    val wall = (System.nanoTime() - started) / 1e3 / calls
    val kilobytes = (allocatedBytes() - allocated) / 1e3 / calls
    return """{"wall": $wall, "cpu": ${cpu / calls}, "allocated": $kilobytes}"""
}

/** Calls for a time. Returns the number of calls, and the process's CPU time in microseconds. */
private fun repeatFor(seconds: Double, call: () -> Unit): Pair<Int, Double> {
    val (cpu, started) = system.processCpuTime to System.nanoTime()
    var calls = 0
    do {
        call()
        calls++
    } while (System.nanoTime() - started < seconds * 1e9)
    return calls to (system.processCpuTime - cpu) / 1e3
}

/** What all live threads have allocated. */
private fun allocatedBytes() = threads.getThreadAllocatedBytes(threads.allThreadIds).filter { it > 0 }.sum()
