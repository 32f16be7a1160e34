pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
}

dependencyResolutionManagement {
    repositories {
        // For the AAR: see README.md.
        mavenLocal()
        google()
        mavenCentral()
    }
}

rootProject.name = "scalekit-login"
