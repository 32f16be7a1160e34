package rs.scalekit.android;

import java.nio.ByteBuffer;
import java.time.Instant;

/** Writes times as UniFFI serializes them. */
final class Times {
    private Times() {}

    /** An optional time that is present. */
    static byte[] present(String time) {
        Instant instant = Instant.parse(time);
        return ByteBuffer.allocate(13).put((byte) 1).putLong(instant.getEpochSecond()).putInt(instant.getNano()).array();
    }
}
