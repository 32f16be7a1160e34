/* Empty: for Apple's systems, clang defines the macros TARGET_OS_… by itself. */
