package com.example.login

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.AtomicFile
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import rs.scalekit.SecretText

/**
 * Stores secrets in files, encrypted with a key of the Android Keystore, which never leaves the device.
 *
 * The methods block: call them on `Dispatchers.IO`.
 */
class SecretStore(private val folder: File) {
    /** Stores a secret under a name, in place of any earlier one. */
    fun save(name: String, secret: SecretText) {
        // The Keystore chooses the initialization vector.
        val cipher = Cipher.getInstance(TRANSFORMATION).apply { init(Cipher.ENCRYPT_MODE, key()) }
        cipher.updateAAD(name.toByteArray())
        val encrypted = cipher.iv + cipher.doFinal(secret.reveal().toByteArray())
        val file = file(name)
        val stream = file.startWrite()
        try {
            stream.write(encrypted)
            file.finishWrite(stream)
        } catch (error: IOException) {
            // Restores the earlier file.
            file.failWrite(stream)
            throw error
        }
    }

    /** Returns the secret with this name. Returns null if there is none, or if its key no longer exists. */
    fun load(name: String): SecretText? = try {
        decrypt(name, file(name).readFully())
    } catch (_: FileNotFoundException) {
        null
    } catch (_: GeneralSecurityException) {
        null
    }

    fun delete(name: String) = file(name).delete()

    private fun decrypt(name: String, bytes: ByteArray): SecretText {
        if (bytes.size < IV_BYTES + TAG_BITS / 8) throw GeneralSecurityException("$name is truncated")
        val cipher = Cipher.getInstance(TRANSFORMATION)
        cipher.init(Cipher.DECRYPT_MODE, key(), GCMParameterSpec(TAG_BITS, bytes, 0, IV_BYTES))
        // A file that was renamed is not accepted as another secret.
        cipher.updateAAD(name.toByteArray())
        return SecretText(cipher.doFinal(bytes, IV_BYTES, bytes.size - IV_BYTES).decodeToString())
    }

    private fun file(name: String) = AtomicFile(File(folder, name))

    private companion object {
        const val KEYSTORE = "AndroidKeyStore"
        const val ALIAS = "login"
        const val TRANSFORMATION = "AES/GCM/NoPadding"
        const val IV_BYTES = 12
        const val TAG_BITS = 128

        /** Returns the key. Creates it on first use. */
        @Synchronized
        fun key(): SecretKey {
            val keystore = KeyStore.getInstance(KEYSTORE).apply { load(null) }
            return keystore.getKey(ALIAS, null) as SecretKey? ?: newKey()
        }

        fun newKey(): SecretKey {
            val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
            val spec = KeyGenParameterSpec.Builder(ALIAS, purposes)
                .setKeySize(256)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .build()
            val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE)
            return generator.apply { init(spec) }.generateKey()
        }
    }
}
