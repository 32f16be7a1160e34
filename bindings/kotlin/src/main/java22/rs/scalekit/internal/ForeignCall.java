package rs.scalekit.internal;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;

/**
 * The types of all calls of native code, and from it.
 *
 * <p>GraalVM compiles those that its metadata name: {@code src/build/ForeignMetadata.java} writes them from this class.
 */
enum ForeignCall {
    CALL("scalekit_ffi_call", false, JAVA_LONG, JAVA_LONG, JAVA_LONG),

    /** The virtual machine does not stop such a call: it must be short. */
    CALL_BRIEFLY("scalekit_ffi_call", true, JAVA_LONG, JAVA_LONG, JAVA_LONG),

    FREE("scalekit_ffi_free", false, JAVA_LONG);

    /** The function that completes polls, which the library calls. */
    static final FunctionDescriptor COMPLETION = FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_BYTE);

    final String symbol;
    final boolean isCritical;
    final FunctionDescriptor type;

    ForeignCall(String symbol, boolean isCritical, MemoryLayout... parameters) {
        this.symbol = symbol;
        this.isCritical = isCritical;
        this.type = FunctionDescriptor.ofVoid(parameters);
    }

    Linker.Option[] options() {
        return isCritical ? new Linker.Option[] {Linker.Option.critical(false)} : new Linker.Option[0];
    }
}
