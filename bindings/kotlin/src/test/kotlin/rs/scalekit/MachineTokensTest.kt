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

/** Tokens that machines get for themselves, from both sides. */
class MachineTokensTest {
    private suspend fun Face.robot(): MachineClient {
        Emulator.seedFive()
        val new = CreateM2mClient(name = "Robot", scopes = listOf("read", "write"), audience = listOf(API))
        val made = createMachine("org_1", new)
        return MachineClient(made.client!!.clientId, made.plainSecret!!)
    }

    private fun asked() = Emulator.requests("oauth.token").size

    private fun expecting(vararg scopes: String) =
        TokenExpectations(ExpectedAudience.oneOf(listOf(API)), requiredScopes = scopes.toList())

    @ParameterizedTest
    @EnumSource
    fun `a token is fetched once, and good where it is meant`(style: Style) = style.play {
        val robot = robot()
        val before = asked()
        val tokens = coroutineScope { (1..50).map { async(Dispatchers.IO) { machineToken(robot) } }.awaitAll() }
        assertEquals(before + 1, asked())
        val text = tokens.map { it.accessToken.reveal() }.distinct().single()
        assertFalse("$tokens $robot".contains(text) || "$robot".contains(robot.clientSecret.reveal()), "$tokens $robot")

        val claims = validateMachine(text, expecting("read"))
        assertEquals(robot.clientId to "org_1", claims.clientId to claims.organizationId)
        assertEquals(true to false, claims.hasScope("write") to claims.hasScope("admin"))
        assertThrows<ScalekitException.MissingScope> { validateMachine(text, expecting("admin")) }
    }

    @ParameterizedTest
    @EnumSource
    fun `another wish is another token`(style: Style) = style.play {
        val robot = robot()
        val both = machineToken(robot).accessToken
        val modest = robot.copy(scopes = listOf("read"))
        val less = machineToken(modest).accessToken
        assertNotEquals(both, less)
        assertEquals(listOf("read"), validateMachine(less.reveal(), expecting()).scopes)
        forgetMachine(modest)
        assertNotEquals(less, machineToken(modest).accessToken)
    }

    @ParameterizedTest
    @EnumSource
    fun `a machine that is refused`(style: Style) = style.play {
        val robot = robot().copy(clientSecret = SecretText("canary-secret"))
        val refused = assertThrows<ScalekitException.Unauthenticated> { machineToken(robot) }
        assertFalse("$refused ${refused.failure} $robot".contains("canary"), "$refused ${refused.failure} $robot")
        val empty = robot.copy(clientSecret = SecretText(" "))
        val bad = assertThrows<ScalekitException.InvalidArgument> { machineToken(empty) }
        assertTrue(bad.message.startsWith("`client_secret` must not be empty"), bad.message)
    }

    @ParameterizedTest
    @EnumSource
    fun `a machine needs no secret but its own`(style: Style) = style.play {
        val robot = robot()
        PublicScalekitClient(Emulator.url, robot.clientId).use { client ->
            val token = client.machineTokens.get(robot).accessToken.reveal()
            assertEquals(robot.clientId, client.tokens.validateMachine(token, expecting()).clientId)
        }
        AsyncPublicScalekitClient(Emulator.url, robot.clientId).use { client ->
            val token = client.machineTokens.get(robot).accessToken.reveal()
            assertEquals(robot.clientId, client.tokens.validateMachine(token, expecting()).clientId)
        }
    }
}
