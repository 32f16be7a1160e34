package com.example.login

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.Key
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.SecureRandom
import java.security.Security
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey

/** The Android Keystore with keys in memory: the JVM has none. Its keys are used with the JVM's own ciphers. */
object Keystore : Provider("AndroidKeyStore", "1", "keys in memory") {
    private fun readResolve(): Any = Keystore

    /** The keys by alias. */
    val secretKeys = mutableMapOf<String, SecretKey>()

    /** What the key was created with. */
    lateinit var spec: KeyGenParameterSpec

    init {
        put("KeyStore.AndroidKeyStore", MemoryKeyStore::class.java.name)
        put("KeyGenerator.AES", MemoryKeyGenerator::class.java.name)
    }

    fun install() {
        secretKeys.clear()
        if (Security.getProvider(name) == null) Security.addProvider(this)
    }
}

class MemoryKeyGenerator : KeyGeneratorSpi() {
    override fun engineInit(spec: AlgorithmParameterSpec, random: SecureRandom?) {
        Keystore.spec = spec as KeyGenParameterSpec
    }

    override fun engineInit(random: SecureRandom?) = error("the Android Keystore requires parameters")

    override fun engineInit(size: Int, random: SecureRandom?) = error("the Android Keystore requires parameters")

    override fun engineGenerateKey(): SecretKey {
        val key = KeyGenerator.getInstance("AES", "SunJCE").apply { init(Keystore.spec.keySize) }.generateKey()
        return key.also { Keystore.secretKeys[Keystore.spec.keystoreAlias] = it }
    }
}

/** Has only what the example uses. */
class MemoryKeyStore : KeyStoreSpi() {
    override fun engineLoad(stream: InputStream?, password: CharArray?) = check(stream == null && password == null)

    override fun engineGetKey(alias: String, password: CharArray?): Key? = Keystore.secretKeys[alias]

    override fun engineAliases(): Enumeration<String> = Collections.enumeration(Keystore.secretKeys.keys)

    override fun engineContainsAlias(alias: String) = alias in Keystore.secretKeys

    override fun engineSize() = Keystore.secretKeys.size

    override fun engineIsKeyEntry(alias: String) = alias in Keystore.secretKeys

    override fun engineIsCertificateEntry(alias: String) = false

    override fun engineDeleteEntry(alias: String) {
        Keystore.secretKeys.remove(alias)
    }

    override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null

    override fun engineGetCertificate(alias: String): Certificate? = null

    override fun engineGetCertificateAlias(certificate: Certificate): String? = null

    override fun engineGetCreationDate(alias: String): Date? = null

    override fun engineSetKeyEntry(alias: String, key: Key, password: CharArray?, chain: Array<out Certificate>?) =
        unused()

    override fun engineSetKeyEntry(alias: String, key: ByteArray, chain: Array<out Certificate>?) = unused()

    override fun engineSetCertificateEntry(alias: String, certificate: Certificate) = unused()

    override fun engineStore(stream: OutputStream?, password: CharArray?) = unused()

    private fun unused(): Nothing = throw UnsupportedOperationException()
}
