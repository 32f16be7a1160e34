package rs.scalekit.android;

import com.github.unidbg.AndroidEmulator;
import com.github.unidbg.Module;
import com.github.unidbg.linux.android.AndroidEmulatorBuilder;
import com.github.unidbg.linux.android.AndroidResolver;
import com.github.unidbg.memory.MemoryBlock;
import com.github.unidbg.pointer.UnidbgPointer;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import unicorn.Arm64Const;

/**
 * The library in an emulated process of Android 6, and calls of its functions.
 *
 * <p>An argument is a {@code Long} (a handle or a number), a {@code Byte}, a {@code byte[]} (a serialized value, which the
 * library then owns) or a {@link Lent}.
 */
final class Device implements AutoCloseable {
    /** Bytes that are lent to the library during a call. */
    record Lent(byte[] bytes) {}

    /** An error that a function reported, serialized. */
    static final class CallFailed extends Exception {
        private static final long serialVersionUID = 1;

        /** 1 is an error of the interface, and 2 a panic. */
        final int code;

        /** The serialized error. */
        final transient byte[] error;

        CallFailed(int code, byte[] error) {
            super("code " + code + ": " + Serialized.text(error));
            this.code = code;
            this.error = error;
        }
    }

    /** The size of a buffer's description: capacity, length and address. */
    private static final int BUFFER = 24;

    /** The API level whose C library the emulator has. */
    private static final int API = 23;

    private final AndroidEmulator emulator;
    private final boolean is64Bit;
    private final Module module;

    Device(File library, boolean is64Bit) {
        this.is64Bit = is64Bit;
        AndroidEmulatorBuilder builder =
                is64Bit ? AndroidEmulatorBuilder.for64Bit() : AndroidEmulatorBuilder.for32Bit();
        emulator = builder.setProcessName("rs.scalekit.test").build();
        emulator.getMemory().setLibraryResolver(new AndroidResolver(API));
        module = emulator.loadLibrary(library, true);
    }

    /** Calls a function that returns a number or a handle. */
    long number(String function, Object... arguments) throws CallFailed {
        return call(function, null, arguments);
    }

    /** Calls a function that returns a serialized value. */
    byte[] value(String function, Object... arguments) throws CallFailed {
        MemoryBlock result = zeroed(BUFFER);
        try {
            call(function, result.getPointer(), arguments);
            return take(result.getPointer());
        } finally {
            result.free();
        }
    }

    /** Calls a function that has no status. */
    long plain(String function) {
        return module.callFunction(emulator, function).longValue();
    }

    private long call(String function, UnidbgPointer result, Object... arguments) throws CallFailed {
        MemoryBlock status = zeroed(8 + BUFFER);
        List<MemoryBlock> lent = new ArrayList<>();
        try {
            Words words = new Words(is64Bit);
            if (result != null && !is64Bit) {
                words.pointer(result.peer);
            }
            for (Object argument : arguments) {
                add(words, argument, lent);
            }
            words.pointer(status.getPointer().peer);
            long returned = invoke(function, result, words);
            int code = status.getPointer().getByte(0);
            if (code != 0) {
                throw new CallFailed(code, take((UnidbgPointer) status.getPointer().share(8)));
            }
            return returned;
        } finally {
            status.free();
            lent.forEach(MemoryBlock::free);
        }
    }

    private long invoke(String function, UnidbgPointer result, Words words) {
        if (result != null && is64Bit) {
            emulator.getBackend().reg_write(Arm64Const.UC_ARM64_REG_X8, result.peer);
        }
        return module.callFunction(emulator, function, words.all()).longValue();
    }

    private void add(Words words, Object argument, List<MemoryBlock> lent) throws CallFailed {
        if (argument instanceof Long number) {
            words.wide(number);
        } else if (argument instanceof Byte number) {
            words.pointer(number);
        } else if (argument instanceof Lent bytes) {
            MemoryBlock block = zeroed(Math.max(bytes.bytes().length, 1));
            lent.add(block);
            block.getPointer().write(0, bytes.bytes(), 0, bytes.bytes().length);
            words.pointer(bytes.bytes().length);
            words.pointer(block.getPointer().peer);
        } else if (argument instanceof byte[] bytes) {
            MemoryBlock description = give(bytes);
            lent.add(description);
            words.buffer(description.getPointer());
        } else {
            throw new IllegalArgumentException("unsupported argument: " + argument);
        }
    }

    /** Copies bytes into a buffer of the library, and returns its description. */
    private MemoryBlock give(byte[] bytes) throws CallFailed {
        MemoryBlock description = zeroed(BUFFER);
        call("ffi_scalekit_rustbuffer_alloc", description.getPointer(), (long) bytes.length);
        if (bytes.length > 0) {
            address(description.getPointer()).write(0, bytes, 0, bytes.length);
            description.getPointer().setLong(8, bytes.length);
        }
        return description;
    }

    /** Copies the bytes of a buffer of the library, and frees it. */
    private byte[] take(UnidbgPointer description) throws CallFailed {
        int length = (int) description.getLong(8);
        byte[] bytes = length == 0 ? new byte[0] : address(description).getByteArray(0, length);
        Words words = new Words(is64Bit);
        words.buffer(description);
        MemoryBlock status = zeroed(8 + BUFFER);
        words.pointer(status.getPointer().peer);
        invoke("ffi_scalekit_rustbuffer_free", null, words);
        status.free();
        return bytes;
    }

    private static UnidbgPointer address(UnidbgPointer description) {
        return description.getPointer(16);
    }

    private MemoryBlock zeroed(int size) {
        MemoryBlock block = emulator.getMemory().malloc(size, true);
        block.getPointer().write(0, new byte[size], 0, size);
        return block;
    }

    @Override
    public void close() throws IOException {
        emulator.close();
    }
}
