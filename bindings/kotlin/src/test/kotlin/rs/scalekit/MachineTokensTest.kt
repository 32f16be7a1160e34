package rs.scalekit

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.EnumSource

private const val API = "https://api.acme.example"

/** Machine tokens, as the requesting service and as the API that validates them. */
class MachineTokensTest {
    private suspend fun ClientAdapter.robot(): MachineClient {
        Emulator.seedFive()
        val new = CreateM2mClient(name = "Robot", scopes = listOf("read", "write"), audience = listOf(API))
        val created = createMachine("org_1", new)
        return MachineClient(created.client!!.clientId, created.plainSecret!!)
    }

    private fun tokenRequests() = Emulator.requests("oauth.token").size

    private fun expectations(vararg scopes: String) =
        TokenExpectations(ExpectedAudience.oneOf(listOf(API)), requiredScopes = scopes.toList())

    @ParameterizedTest
    @EnumSource
    fun `concurrent calls share one machine token, valid for its audience`(style: Style) = style.runTest {
        val robot = robot()
        val before = tokenRequests()
        val tokens = coroutineScope { (1..50).map { async(Dispatchers.IO) { machineToken(robot) } }.awaitAll() }
        assertEquals(before + 1, tokenRequests())
        val text = tokens.map { it.accessToken.reveal() }.distinct().single()
        assertFalse("$tokens $robot".contains(text) || "$robot".contains(robot.clientSecret.reveal()), "$tokens $robot")

        val claims = validateMachine(text, expectations("read"))
        assertEquals(robot.clientId to "org_1", claims.clientId to claims.organizationId)
        assertEquals(true to false, claims.hasScope("write") to claims.hasScope("admin"))
        assertThrows<ScalekitException.MissingScope> { validateMachine(text, expectations("admin")) }
    }

    @ParameterizedTest
    @EnumSource
    fun `different scopes yield different machine tokens`(style: Style) = style.runTest {
        val robot = robot()
        val full = machineToken(robot).accessToken
        val readOnly = robot.copy(scopes = listOf("read"))
        val limited = machineToken(readOnly).accessToken
        assertNotEquals(full, limited)
        assertEquals(listOf("read"), validateMachine(limited.reveal(), expectations()).scopes)
        forgetMachine(readOnly)
        assertNotEquals(limited, machineToken(readOnly).accessToken)
    }

    @ParameterizedTest
    @EnumSource
    fun `a rejected or empty machine secret fails without disclosing it`(style: Style) = style.runTest {
        val robot = robot().copy(clientSecret = SecretText("canary-secret"))
        val refused = assertThrows<ScalekitException.Unauthenticated> { machineToken(robot) }
        assertFalse("$refused ${refused.failure} $robot".contains("canary"), "$refused ${refused.failure} $robot")
        val empty = robot.copy(clientSecret = SecretText(" "))
        val bad = assertThrows<ScalekitException.InvalidArgument> { machineToken(empty) }
        assertTrue(bad.message.startsWith("`clientSecret` must not be empty"), bad.message)
    }

    @ParameterizedTest
    @EnumSource
    fun `a machine client accepts its secret as text and redacts it`(style: Style) = style.runTest {
        val robot = robot()
        val text = robot.clientSecret.reveal()
        val same = MachineClient(robot.clientId, text)
        assertEquals(robot, same)
        assertFalse("$same".contains(text), "$same")
        machineToken(MachineClient(robot.clientId, text, scopes = listOf("read"), audience = API))
    }

    @ParameterizedTest
    @EnumSource
    fun `a public client gets machine tokens`(style: Style) = style.runTest {
        val robot = robot()
        PublicScalekitClient(Emulator.url, robot.clientId).use { client ->
            val token = client.machineTokens.get(robot).accessToken.reveal()
            assertEquals(robot.clientId, client.tokens.validateMachine(token, expectations()).clientId)
        }
        AsyncPublicScalekitClient(Emulator.url, robot.clientId).use { client ->
            val token = client.machineTokens.get(robot).accessToken.reveal()
            assertEquals(robot.clientId, client.tokens.validateMachine(token, expectations()).clientId)
        }
    }
}
