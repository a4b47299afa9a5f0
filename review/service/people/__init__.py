"""Accounts, appointments and signing in."""
