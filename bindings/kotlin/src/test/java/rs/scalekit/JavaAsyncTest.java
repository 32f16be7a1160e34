package rs.scalekit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The async client and the pagers from Java 11. */
@Timeout(60)
class JavaAsyncTest {
    @BeforeEach
    void seed() {
        Emulator.reset();
        Emulator.seedFive();
    }

    @Test
    void everyCallReturnsAFuture() {
        try (AsyncScalekitClient client = Emulator.async()) {
            CompletableFuture<String> name = client.getOrganizations().getAsync("org_1")
                    .thenCompose(found -> client.getOrganizations().getAsync("org_2"))
                    .thenApply(Organization::getDisplayName);
            assertEquals("Organization 2", name.join());
            assertNull(client.getOrganizations().deleteAsync("org_2").join());
            CompletableFuture<Organization> missing = client.getOrganizations().getAsync("org_2");
            CompletionException error = assertThrows(CompletionException.class, missing::join);
            assertInstanceOf(ScalekitException.NotFound.class, error.getCause());
            AsyncOrganizationPager pager = client.getOrganizations().listAll();
            assertEquals(4, pager.nextPageAsync().join().size());
            assertNull(pager.nextPageAsync().join());
        }
    }

    @Test
    void cancellingAFutureClosesItsRequest() {
        Emulator.fault("{\"operation\": \"organizations.get\", \"kind\": \"delay\", \"forever\": true}");
        try (AsyncScalekitClient client = Emulator.async()) {
            CompletableFuture<Organization> call = client.getOrganizations().getAsync("org_1");
            Emulator.wait("organizations.get", 1);
            assertTrue(call.cancel(true));
            Emulator.wait("organizations.get", 1, 1);
        }
    }

    @Test
    void pagersAreStreamsAndRefuseASecondLoop() {
        try (ScalekitClient client = Emulator.blocking()) {
            OrganizationPager pager = client.getOrganizations().listAll(new ListOrganizations().withPageSize(2L));
            List<String> names = pager.stream().map(Organization::getId).sorted().collect(Collectors.toList());
            assertEquals(List.of("org_1", "org_2", "org_3", "org_4", "org_5"), names);
            IllegalStateException refused = assertThrows(IllegalStateException.class, pager::iterator);
            assertTrue(refused.getMessage().contains("listAll"), refused.getMessage());
        }
    }

    /** What a Java compiler shows of the classes: synthetic methods are hidden. */
    @Test
    void noSignatureNeedsKotlin() throws ClassNotFoundException {
        List<String> foreign = new ArrayList<>();
        for (Method area : ScalekitClient.class.getMethods()) {
            collect(area.getReturnType(), foreign);
        }
        for (Method area : AsyncScalekitClient.class.getMethods()) {
            collect(area.getReturnType(), foreign);
        }
        collect(ScalekitClient.class, foreign);
        collect(AsyncScalekitClient.class, foreign);
        collect(OrganizationPager.class, foreign);
        collect(AsyncOrganizationPager.class, foreign);
        assertEquals(List.of(), foreign);
    }

    private static void collect(Class<?> type, List<String> foreign) {
        if (type.getPackage() != ScalekitClient.class.getPackage()) {
            return;
        }
        for (Method method : type.getDeclaredMethods()) {
            boolean visible = Modifier.isPublic(method.getModifiers()) && !method.isSynthetic();
            String types = Arrays.stream(method.getGenericParameterTypes()).map(Type::getTypeName)
                    .collect(Collectors.joining(" ", method.getGenericReturnType().getTypeName() + " ", ""));
            if (visible && (types.contains("kotlin.Unit") || types.contains("kotlin.coroutines"))) {
                foreign.add(method.toGenericString());
            }
        }
    }
}
