package com.example.login

import android.security.keystore.KeyProperties
import java.io.File
import org.junit.jupiter.api.Assertions.assertArrayEquals
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import rs.scalekit.SecretText

class SecretStoreTest {
    @TempDir
    lateinit var folder: File

    private val store by lazy { SecretStore(folder) }
    private val file by lazy { File(folder, "session") }

    @BeforeEach
    fun install() = Keystore.install()

    private fun load() = store.load("session")?.reveal()

    @Test
    fun `secret is restored until it is replaced or deleted`() {
        assertNull(load())
        store.save("session", SecretText("a refresh token"))
        assertEquals("a refresh token", SecretStore(folder).load("session")?.reveal())
        store.save("session", SecretText("schöne Grüße"))
        assertEquals("schöne Grüße", load())
        store.delete("session")
        assertNull(load())
        assertEquals(emptyList<String>(), folder.list().orEmpty().toList())
    }

    @Test
    fun `files are encrypted with another initialization vector each time`() {
        val files = List(2) {
            store.save("session", SecretText("a refresh token"))
            file.readBytes()
        }
        assertFalse("refresh" in files[0].decodeToString())
        assertFalse(files[0].take(12) == files[1].take(12))
    }

    @Test
    fun `key can only be used for AES-GCM`() {
        store.save("session", SecretText("a refresh token"))
        val spec = Keystore.spec
        assertEquals("login 256", "${spec.keystoreAlias} ${spec.keySize}")
        assertEquals(KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT, spec.purposes)
        assertArrayEquals(arrayOf("GCM"), spec.blockModes)
        assertArrayEquals(arrayOf("NoPadding"), spec.encryptionPaddings)
        assertEquals(true, spec.isRandomizedEncryptionRequired)
    }

    @Test
    fun `changed, truncated and renamed files are ignored`() {
        store.save("session", SecretText("a refresh token"))
        val bytes = file.readBytes()
        for (position in listOf(0, 12, bytes.size - 1)) {
            file.writeBytes(bytes.copyOf().also { it[position] = (it[position] + 1).toByte() })
            assertNull(load(), "$position")
        }
        for (size in listOf(0, 11, 12, 27, 28, bytes.size - 1)) {
            file.writeBytes(bytes.copyOf(size))
            assertNull(load(), "$size")
        }
        File(folder, "transaction").writeBytes(bytes)
        assertNull(store.load("transaction"))
        file.writeBytes(bytes)
        assertEquals("a refresh token", load())
    }

    @Test
    fun `files of a lost key are ignored`() {
        store.save("session", SecretText("a refresh token"))
        Keystore.secretKeys.clear()
        assertNull(load())
        store.save("session", SecretText("another token"))
        assertEquals("another token", load())
    }
}
