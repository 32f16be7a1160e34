package rs.scalekit.android;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes values as UniFFI serializes them. */
final class Serialized {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    /** A text that is an argument by itself, without its length. */
    static byte[] argument(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** What is readable of a serialized value. */
    static String text(byte[] serialized) {
        return new String(serialized, StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}]+", " ");
    }

    Serialized text(String text) {
        byte[] encoded = argument(text);
        return write(() -> {
            out.writeInt(encoded.length);
            out.write(encoded);
        });
    }

    Serialized handle(long handle) {
        return write(() -> out.writeLong(handle));
    }

    /** Omits this number of optional fields. */
    Serialized absent(int fields) {
        return write(() -> out.write(new byte[fields]));
    }

    Serialized texts(List<String> texts) {
        write(() -> out.writeInt(texts.size()));
        texts.forEach(this::text);
        return this;
    }

    Serialized map(Map<String, String> entries) {
        write(() -> out.writeInt(entries.size()));
        entries.forEach((key, value) -> text(key).text(value));
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private interface Writing {
        void run() throws IOException;
    }

    private Serialized write(Writing writing) {
        try {
            writing.run();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        return this;
    }
}
