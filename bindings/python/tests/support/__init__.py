"""Shared test support: the emulator, fault servers, and clients of both styles."""
