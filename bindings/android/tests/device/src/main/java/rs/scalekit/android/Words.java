package rs.scalekit.android;

import com.github.unidbg.pointer.UnidbgPointer;
import java.util.ArrayList;
import java.util.List;

/** The words of a function's arguments, by the calling conventions of 64-bit and 32-bit ARM. */
final class Words {
    private final boolean is64Bit;
    private final List<Number> words = new ArrayList<>();

    Words(boolean is64Bit) {
        this.is64Bit = is64Bit;
    }

    /** Adds an address, or a number of 32 bits. */
    void pointer(long value) {
        words.add(is64Bit ? (Number) value : (Number) (int) value);
    }

    /** Adds a number of 64 bits, which takes two words from an even one on 32-bit systems. */
    void wide(long value) {
        if (is64Bit) {
            words.add(value);
            return;
        }
        align();
        words.add((int) value);
        words.add((int) (value >>> 32));
    }

    /** Adds the description of a buffer: its address on 64-bit systems, and a copy on others. */
    void buffer(UnidbgPointer description) {
        if (is64Bit) {
            words.add(description.peer);
            return;
        }
        align();
        for (int at = 0; at < 24; at += 4) {
            words.add(description.getInt(at));
        }
    }

    private void align() {
        if (words.size() % 2 != 0) {
            words.add(0);
        }
    }

    Object[] all() {
        return words.toArray();
    }
}
