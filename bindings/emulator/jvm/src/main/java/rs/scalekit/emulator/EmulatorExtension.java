package rs.scalekit.emulator;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Passes an {@link Emulator} to constructors, tests and lifecycle methods, and resets its state after each test:
 * {@code @ExtendWith(EmulatorExtension.class)}.
 *
 * <p>All tests of a JVM share one emulator, which starts with the first parameter. Tests that run concurrently therefore
 * share its state. The system property {@code scalekit.emulator.arguments} adds arguments, separated by spaces.
 */
public final class EmulatorExtension implements ParameterResolver, AfterEachCallback {
    private static final Namespace NAMESPACE = Namespace.create(EmulatorExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Emulator.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return store(context).getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class).emulator;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Shared shared = store(context).get(Shared.class, Shared.class);
        if (shared != null) {
            shared.emulator.reset();
        }
    }

    /** The store of the whole run, which closes the emulator at its end. */
    private static Store store(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE);
    }

    private static final class Shared implements AutoCloseable {
        private final Emulator emulator = Emulator.start(arguments());

        private static String[] arguments() {
            String arguments = System.getProperty("scalekit.emulator.arguments", "").trim();
            return arguments.isEmpty() ? new String[0] : arguments.split("\\s+");
        }

        @Override
        public void close() {
            emulator.close();
        }
    }
}
