package rs.scalekit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Test

class EnumsTest {
    @Test
    fun `known values are equal, print their name and have a wire value`() {
        val feature: OrganizationFeature = OrganizationFeature.DirectorySync
        assertEquals(OrganizationFeature.DirectorySync, feature)
        assertEquals("DirectorySync", feature.toString())
        assertEquals("dir_sync", feature.wireValue)
    }

    @Test
    fun `unknown values keep the received text`() {
        val feature = OrganizationFeature.Unrecognized("telepathy")
        assertEquals(OrganizationFeature.Unrecognized("telepathy"), feature)
        assertNotEquals(OrganizationFeature.Unrecognized("other"), feature)
        assertEquals("telepathy", feature.wireValue)
        assertEquals("Unrecognized(value=telepathy)", feature.toString())
    }

    @Test
    fun `a when over all cases needs no else`() {
        fun label(feature: OrganizationFeature): String = when (feature) {
            OrganizationFeature.Sso, OrganizationFeature.DirectorySync -> "sign-in"
            OrganizationFeature.DomainVerification, OrganizationFeature.SessionPolicy -> "policy"
            is OrganizationFeature.Unrecognized -> feature.value
        }
        assertEquals("telepathy", label(OrganizationFeature.Unrecognized("telepathy")))
    }
}
