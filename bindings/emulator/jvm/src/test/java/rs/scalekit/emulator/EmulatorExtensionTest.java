package rs.scalekit.emulator;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmulatorExtension.class)
class EmulatorExtensionTest {
    private static Emulator shared;

    private final Emulator emulator;

    EmulatorExtensionTest(Emulator emulator) {
        this.emulator = emulator;
    }

    /** The second repetition fails if the first one has left its organization. */
    @RepeatedTest(2)
    void stateIsResetAfterEachTest() {
        String made = emulator.seed("{\"organizations\": [{\"id\": \"org_1\", \"display_name\": \"Acme\"}]}");
        assertTrue(made.contains("Acme"), made);
    }

    @RepeatedTest(2)
    void allTestsShareOneEmulator(Emulator parameter) {
        shared = shared == null ? parameter : shared;
        assertSame(shared, parameter);
        assertSame(shared, emulator);
    }

    @Test
    void emulatorResponds() {
        assertTrue(emulator.control("GET", "clock", "").contains("now"));
    }
}
