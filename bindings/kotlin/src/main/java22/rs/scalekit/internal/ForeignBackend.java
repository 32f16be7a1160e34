package rs.scalekit.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.LongBinaryOperator;

/** Calls with the foreign-function API of Java 22. Addresses are passed as numbers, which have the same size. */
final class ForeignBackend implements Backend {
    private static final Linker LINKER = Linker.nativeLinker();

    // Never unloaded, since threads of the library run in it.
    private static final SymbolLookup LIBRARY = SymbolLookup.libraryLookup(NativeFile.INSTANCE.path(), Arena.global());

    private static final MethodHandle CALL = handle(ForeignCall.CALL);

    private static final MethodHandle CALL_BRIEFLY = handle(ForeignCall.CALL_BRIEFLY);

    private static final MethodHandle FREE = handle(ForeignCall.FREE);

    /** Completes a poll: see {@link #continuation}. */
    private static final LongBinaryOperator COMPLETE = ForeignBackend::complete;

    private static MethodHandle handle(ForeignCall call) {
        return LINKER.downcallHandle(symbol(call.symbol), call.type, call.options());
    }

    private static MemorySegment symbol(String name) {
        return LIBRARY.find(name).orElseThrow(() -> new UnsatisfiedLinkError("the library does not export " + name));
    }

    @Override
    public long find(String symbol) {
        return symbol(symbol).address();
    }

    @Override
    public long address(ByteBuffer memory) {
        // The segment of a buffer begins at its position.
        return MemorySegment.ofBuffer(memory.duplicate().clear()).address();
    }

    @Override
    public void call(long shape, long function, long frame) {
        try {
            CALL.invokeExact(shape, function, frame);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    @Override
    public void callBriefly(long shape, long function, long frame) {
        try {
            CALL_BRIEFLY.invokeExact(shape, function, frame);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    @Override
    public void copy(long address, byte[] into) {
        MemorySegment memory = MemorySegment.ofAddress(address).reinterpret(into.length);
        MemorySegment.copy(memory, JAVA_BYTE, 0, into, 0, into.length);
    }

    @Override
    public void free(long frame) {
        try {
            FREE.invokeExact(frame);
        } catch (Throwable error) {
            throw unexpected(error);
        }
    }

    /**
     * The stub is never freed: the library may call it at any time, as long as the process runs. So that it does not keep
     * the class loader of this class alive, which a server drops when it deploys an application again, it consists of the
     * classes of Java alone, and refers to {@link #COMPLETE} weakly. It does nothing after the class has been unloaded.
     */
    @Override
    public long continuation() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            MethodType type = MethodType.methodType(long.class, long.class, long.class);
            MethodHandle complete = lookup.findVirtual(LongBinaryOperator.class, "applyAsLong", type);
            MethodHandle nothing = MethodHandles.empty(complete.type());
            MethodHandle isUnloaded = lookup
                .findStatic(Objects.class, "isNull", MethodType.methodType(boolean.class, Object.class))
                .asType(MethodType.methodType(boolean.class, LongBinaryOperator.class));
            MethodHandle current = lookup
                .findVirtual(WeakReference.class, "get", MethodType.methodType(Object.class))
                .bindTo(new WeakReference<>(COMPLETE))
                .asType(MethodType.methodType(LongBinaryOperator.class));
            MethodHandle target = MethodHandles
                .foldArguments(MethodHandles.guardWithTest(isUnloaded, nothing, complete), current)
                .asType(ForeignCall.COMPLETION.toMethodType());
            return LINKER.upcallStub(target, ForeignCall.COMPLETION, Arena.global()).address();
        } catch (ReflectiveOperationException error) {
            throw unexpected(error);
        }
    }

    /** An exception that left this method would end the process. */
    private static long complete(long id, long code) {
        try {
            Continuations.INSTANCE.complete(id, (byte) code);
        } catch (Throwable error) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
        }
        return 0;
    }

    /** A native function throws nothing. */
    private static Error unexpected(Throwable error) {
        return new LinkageError("a native call failed", error);
    }
}
