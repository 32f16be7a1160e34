package rs.scalekit.emulator;

/** The emulator did not start, or rejected a command. */
public class EmulatorException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EmulatorException(String message) {
        super(message);
    }

    EmulatorException(String message, Throwable cause) {
        super(message, cause);
    }
}
